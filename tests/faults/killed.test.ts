// workerd is killed again and again while phones press: what was answered is in the room, once, and what was due still comes.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Tower } from '../../scripts/lib/tower'
import type { LogEvent } from '../../src/domain/event'
import type { IncidentSummary } from '../../src/domain/incident'
import { verifyChain } from '../../src/room/chain'
import { startTestTower } from '../support/tower'
import { type Device, Lifeline, Person, press, roomHealth, strangerCalled, until } from '../system/people'

let tower: Tower
let ana: Person

beforeAll(async () => {
  tower = await startTestTower()
  ana = await Person.logIn(tower, { role: 'operator' })
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const KILLS = process.env.FULL ? 20 : 5
const PER_SECOND = { http: 40, lifelines: 10 }
const BETWEEN_KILLS_MS = 1_800

let made = 0
const aDevice = (): Device => strangerCalled(tower, `killed-${++made}`)

type Told = { device: string; sosId: string; tries: number }

/** Like a phone: the same press again until it is answered. */
async function pressUntilAnswered(device: Device): Promise<Told> {
  const body = { id: crypto.randomUUID(), kind: 'crash' }
  for (let tries = 1; ; tries++) {
    const answer = await press(tower, device, body).catch(() => null)
    if (answer && answer.status <= 201) return { device: device.id, sosId: answer.body.sosId, tries }
    if (tries > 200) throw new Error('never answered')
    await Bun.sleep(150)
  }
}

/** One phone on its lifeline that presses once a second, and again on a new line where no answer came. */
async function pressByLifeline(device: Device, until: () => boolean, told: Told[]): Promise<void> {
  let line: Lifeline | null = null
  while (!until()) {
    const frame = { id: crypto.randomUUID(), kind: 'crash', ref: 0 }
    for (let tries = 1; ; tries++) {
      frame.ref = tries
      line ??= await Lifeline.open(tower, device).catch(() => null)
      const socket = line?.socket
      const heard = line?.heard ?? []
      const from = heard.length
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
      const answer = await waitFor(() => heard.slice(from).find(({ t, ref }) => t === 'received' && ref === tries))
      if (answer) {
        told.push({ device: device.id, sosId: String(answer.sosId), tries })
        break
      }
      socket?.terminate()
      line = null
    }
    await Bun.sleep(1_000)
  }
  line?.socket.close()
}

async function waitFor<T>(holds: () => T | undefined, ms = 700): Promise<T | undefined> {
  for (const end = Date.now() + ms; Date.now() < end; await Bun.sleep(10)) {
    const value = holds()
    if (value) return value
  }
  return undefined
}

test('every answered press is in the room once, alarms of before fire, and the chain holds', async () => {
  const waiting = (await press(tower, aDevice(), { kind: 'crash' })).body.sosId
  await until(async () => (await ana.get(`/api/incidents/${waiting}`)).status === 200)

  let over = false
  const byHttp: Promise<Told>[] = []
  const byLifeline: Told[] = []
  const timer = setInterval(() => byHttp.push(pressUntilAnswered(aDevice())), 1_000 / PER_SECOND.http)
  const lines = Array.from({ length: PER_SECOND.lifelines }, () => pressByLifeline(aDevice(), () => over, byLifeline))
  const downs: number[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    await Bun.sleep(BETWEEN_KILLS_MS + Math.random() * 200)
    const began = performance.now()
    await tower.worker.kill('SIGKILL')
    await tower.worker.ready()
    downs.push(performance.now() - began)
  }
  await Bun.sleep(500)
  clearInterval(timer)
  over = true
  const told = await Promise.all(byHttp)
  await Promise.all(lines)

  const wanted = new Map<string, number>()
  for (const { device } of [...told, ...byLifeline]) wanted.set(device, (wanted.get(device) ?? 0) + 1)
  const found = await until(
    async () => {
      const { body } = await ana.get<{ incidents: IncidentSummary[] }>(
        '/api/incidents?region=NCR&status=all&limit=1000',
      )
      const counts = new Map<string, number>()
      for (const { deviceId, pressCount } of body.incidents)
        counts.set(deviceId ?? '', (counts.get(deviceId ?? '') ?? 0) + pressCount)
      const short = [...wanted].filter(([device, count]) => (counts.get(device) ?? 0) < count)
      return short.length === 0 ? counts : null
    },
    15_000,
    'every answered press in the room',
  )
  for (const [device, count] of wanted) expect([device, found.get(device)]).toEqual([device, count])
  for (const { sosId } of told) expect((await ana.get(`/api/incidents/${sosId}`)).status).toBe(200)

  type File = { events: { type: string; at: string }[] }
  const at = async (type: string) => {
    const { events } = (await ana.get<File>(`/api/incidents/${waiting}`)).body
    return Date.parse(events.find((each) => each.type === type)?.at ?? '')
  }
  await until(async () => Number.isFinite(await at('untaken_told')), 35_000, 'the alarm that was set before')
  const lateMs = (await at('untaken_told')) - (await at('created')) - 30_000
  expect(Math.abs(lateMs)).toBeLessThan(2_000)

  const events: LogEvent[] = []
  for (let more = true; more; ) {
    const url = `${tower.internalUrl}/rooms/NCR/log?from=${events.length + 1}&limit=500`
    const page = ((await (await fetch(url)).json()) as { events: LogEvent[] }).events
    events.push(...page)
    more = page.length > 0
  }
  expect(verifyChain(events)).toMatchObject({ ok: true, count: events.length })
  await until(async () => (await roomHealth(tower)).outbox === 0, 30_000, 'everything in Postgres')
  const retried = [...told, ...byLifeline].filter(({ tries }) => tries > 1).length
  console.log(
    `${KILLS} kills: ${told.length} presses by HTTP and ${byLifeline.length} by lifelines answered, ${retried} of them ` +
      `after retries; 0 lost, 0 doubled; down ${Math.max(...downs).toFixed(0)} ms at most; an alarm of before ${lateMs} ms late`,
  )
}, 180_000)
