// workerd is killed again and again while phones press: what was answered is in the room, once, and what was due still comes.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import type { IncidentSummary } from '../../src/domain/incident'
import { startTestTower } from '../support/tower'
import { type Device, Lifeline, Person, press, roomHealth, until } from '../system/people'
import { type Answered, accountFor, aStranger, pressing } from './phones'

let tower: Tower
let ana: Person

beforeAll(async () => {
  tower = await startTestTower()
  ana = await Person.logIn(tower, { role: 'operator' })
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const KILLS = sized(5, 12, 200)
/** Fewer for as long a time, or the room is full of what nobody takes. */
const PER_SECOND = { http: sized(20, 30, 20), lifelines: 10 }
const BETWEEN_KILLS_MS = 1_800

const aDevice = (): Device => aStranger(tower, 'NCR', 'killed')

type Told = Pick<Answered, 'device' | 'sosId' | 'tries'>

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

test(
  'R1 every answered press is in the room once, alarms of before fire, and the chain holds',
  async () => {
    const waiting = (await press(tower, aDevice(), { kind: 'crash' })).body.sosId
    await until(async () => (await ana.get(`/api/incidents/${waiting}`)).status === 200)

    let over = false
    const byLifeline: Told[] = []
    const stream = pressing(tower, PER_SECOND.http, { name: 'killed' })
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
    const told = await stream.stop()
    over = true
    await Promise.all(lines)

    const account = await accountFor(tower, told, { ms: 30_000 })
    // Of each lifeline's phone one incident, with as many presses as were answered.
    const byPhone = Map.groupBy(byLifeline, ({ device }) => device)
    const short = async () => {
      let [missing, more] = [0, 0]
      for (const [device, own] of byPhone) {
        const url = `/api/incidents?region=NCR&status=all&limit=20&q=${device}`
        const { incidents } = (await ana.get<{ incidents: IncidentSummary[] }>(url)).body
        const found = incidents.filter(({ deviceId }) => deviceId === device)
        const presses = found.reduce((sum, { pressCount }) => sum + pressCount, 0)
        missing += Math.max(0, own.length - presses)
        more += Math.max(0, presses - own.length) + found.length - 1
      }
      return { missing, more }
    }
    await until(async () => (await short()).missing === 0, 20_000, 'every press of the lifelines').catch(() => {})
    const lines_ = await short()
    const [lost, doubled] = [account.lost + lines_.missing, account.doubled + lines_.more]
    expect([lost, doubled]).toEqual([0, 0])

    type File = { events: { type: string; at: string }[] }
    const at = async (type: string) => {
      const { events } = (await ana.get<File>(`/api/incidents/${waiting}`)).body
      return Date.parse(events.find((each) => each.type === type)?.at ?? '')
    }
    await until(async () => Number.isFinite(await at('untaken_told')), 35_000, 'the alarm that was set before')
    const lateMs = (await at('untaken_told')) - (await at('created')) - 30_000
    expect(Math.abs(lateMs)).toBeLessThan(2_000)
    await until(async () => (await roomHealth(tower)).outbox === 0, 60_000, 'everything in Postgres')
    const retried = [...told, ...byLifeline].filter(({ tries }) => tries > 1).length
    tell({
      fault: 'R1',
      did: `${KILLS} kills under ${PER_SECOND.http} presses a second by HTTP and ${PER_SECOND.lifelines} by lifelines`,
      ...{ answered: told.length + byLifeline.length, lost, doubled, convergedMs: account.waitedMs },
      seen: `${retried} presses needed another try; down ${Math.round(Math.max(...downs))} ms at most; an alarm of before ${lateMs} ms late; one chain of ${account.log.length} lines`,
    })
  },
  sized(180_000, 300_000, 7_200_000),
)
