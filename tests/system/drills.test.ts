// Drills on the real runtime: a phone is asked by its lifeline, the press that was asked for alarms nobody, a second one is real,
// an app that reports and sends no alarm is found, and a region's drill goes from the queue to the hand that takes it.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { call, type Device, enrol, Lifeline, Person, press, until } from './people'

type Trial = {
  state: string
  subject: string
  outcome: string | null
  app: string | null
  client: string | null
  why: string | null
}
type Drill = {
  id: string
  ref: string
  incidentId: string | null
  passed: boolean | null
  endedAt: string | null
  trials: Trial[]
}

const DRILLS = '/api/regions/NCR/drills'

let tower: Tower
let cora: Person
let ana: Person
let devices: Device[]
let mute: Drill
let muteLine: Lifeline
let sql: postgres.Sql

const begin = async (wish: Record<string, unknown>): Promise<Drill> => {
  const answer = await cora.post<Drill>(DRILLS, { requestId: crypto.randomUUID(), ...wish })
  expect(answer.status).toBe(201)
  return answer.body
}
const read = async (id: string): Promise<Drill> => (await cora.get<Drill>(`${DRILLS}/${id}`)).body
const asked = (drill: Drill) =>
  until(async () => (await read(drill.id)).trials.every(({ state }) => state === 'asked'), 10_000, 'all of them asked')
const parked = { lat: 14.5547, lng: 121.0244, accuracyM: 8, speedMps: 0 }

beforeAll(async () => {
  tower = await startTestTower()
  cora = await Person.logIn(tower, { role: 'supervisor' })
  ana = await Person.logIn(tower, { role: 'operator' })
  devices = await enrol(tower, 4)
  sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
  // This one goes on while the others are looked at.
  muteLine = await Lifeline.open(tower, devices[3] as Device)
  mute = await begin({ kind: 'driver', devices: [devices[3]?.id], windowMinutes: 1 })
  await asked(mute)
}, 120_000)
afterAll(async () => {
  muteLine?.socket.close()
  await sql?.end()
  await tower?.stop()
}, 30_000)

test('a phone is asked by its lifeline, its press alarms nobody and says so; a second press is an SOS of both', async () => {
  const [device] = devices as [Device, ...Device[]]
  const line = await Lifeline.open(tower, device)
  const drill = await begin({ kind: 'driver', devices: [device.id] })
  const ask = await until(() => line.heard.find(({ t }) => t === 'message'), 10_000, 'what asks it')
  expect(ask).toMatchObject({ reason: 'drill', drill: true })
  expect(String(ask.text)).toMatch(/^(DRILL|PAGSASANAY)/)
  await asked(drill)

  const first = await press(tower, device, { position: { ...parked, fixedAt: new Date().toISOString() } })
  expect(first.status).toBe(201)
  await until(async () => (await read(drill.id)).trials[0]?.outcome === 'passed', 10_000, 'the press that counted')
  const told = await until(() => line.heard.filter(({ t }) => t === 'message')[1], 10_000, 'that it works')
  expect(String(told.text)).toMatch(/^(DRILL|PAGSASANAY).*walang inalarma/)
  expect(await ana.queue()).toEqual([])
  expect((await call(first.body.statusUrl)).body).toMatchObject({ state: 'received' })

  expect((await press(tower, device, { position: parked })).status).toBe(201)
  const [incident] = await until(async () => ((await ana.queue()).length > 0 ? ana.queue() : null), 10_000, 'the SOS')
  expect(incident).toMatchObject({ id: first.body.sosId, pressCount: 2, ring: { to: 'all' } })
  expect(incident?.flags).toContain('drill_window')
  expect((await read(drill.id)).trials[0]).toMatchObject({ outcome: 'became_real', why: 'second_press' })
  line.socket.close()
  await ana.act(first.body.sosId, 'take')
  await ana.act(first.body.sosId, 'false-alarm', { reason: 'test' })
}, 60_000)

test('a driver skips a drill on the lifeline, by the button that the message offers, or over HTTP', async () => {
  const [, , device] = devices as [Device, Device, Device, Device]
  for (const way of ['lifeline', 'http'] as const) {
    const line = await Lifeline.open(tower, device)
    const drill = await begin({ kind: 'driver', devices: [device.id] })
    const ask = await until(() => line.heard.find(({ t }) => t === 'message'), 10_000, 'what asks it')
    expect(ask.answers).toEqual([{ answer: 'cannot', text: expect.stringContaining('laktawan') }])
    await asked(drill)
    const id = String(ask.id)
    if (way === 'lifeline') {
      line.socket.send(JSON.stringify({ t: 'answer', id, answer: 'cannot' }))
      await until(() => line.heard.find(({ t, ok }) => t === 'answer' && ok === true), 5_000, 'that it was heard')
    } else {
      const answer = await call(`${tower.url}/api/sos/${id}/answer`, {
        method: 'POST',
        headers: { authorization: `Bearer ${device.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ answer: 'cannot' }),
      })
      expect([answer.status, answer.body]).toEqual([200, { received: true }])
    }
    expect(await read(drill.id)).toMatchObject({ passed: false, trials: [{ outcome: 'declined', state: 'over' }] })
    expect((await ana.queue()).filter(({ deviceId }) => deviceId === device.id)).toEqual([])
    line.socket.close()
  }
}, 60_000)

test('a person whom no channel is configured for has failed, and Postgres has what came of it', async () => {
  const drill = await begin({ kind: 'duty' })
  const done = await until(
    async () => {
      const now = await read(drill.id)
      return now.endedAt ? now : null
    },
    20_000,
    'the end of the ladder',
  )
  expect(done.passed).toBe(false)
  expect(done.trials.every(({ outcome }) => outcome === 'no_answer')).toBe(true)
  const kept = await until(
    async () => {
      const rows =
        await sql`SELECT d.passed, r.subject, r.why FROM drill d JOIN drill_result r ON r.drill_id = d.id WHERE d.id = ${drill.id} AND d.ended_at IS NOT NULL`
      return rows.length > 0 ? rows : null
    },
    20_000,
    'the archive',
  )
  expect(kept[0]?.passed).toBe(false)
}, 60_000)

test('a region’s drill is in the queue as one, is passed by the hand that takes it, and gives way to a real SOS', async () => {
  const drill = await begin({ kind: 'region' })
  const incident = (await ana.queue()).find(({ id }) => id === drill.incidentId)
  expect(incident).toMatchObject({ id: drill.incidentId, code: `NCR-${drill.ref}`, flags: ['drill'] })
  expect((await ana.act(String(drill.incidentId), 'take')).status).toBe(200)
  expect((await read(drill.id)).trials[0]?.outcome).toBe('passed')
  await ana.act(String(drill.incidentId), 'safe', { confirmedBy: 'other' })
  expect(await read(drill.id)).toMatchObject({ passed: true })

  const second = await begin({ kind: 'region' })
  const real = await press(tower, devices[1] as Device, { position: parked })
  await until(async () => (await read(second.id)).endedAt !== null, 10_000, 'the drill that gives way')
  const queued = (await ana.queue()).map(({ id }) => id)
  expect(queued).toContain(real.body.sosId)
  expect(queued).not.toContain(String(second.incidentId))
}, 60_000)

test('an app that reports and sends no alarm is told from a silent phone, by what it calls itself', async () => {
  const device = devices[3] as Device
  const report = () =>
    call(
      `${tower.url}/i/${device.token}?id=x&lat=14.5547&lon=121.0244&timestamp=${Math.floor(Date.now() / 1000)}&speed=0`,
      {
        headers: { 'user-agent': 'TraccarClient/10.0 (iPhone)' },
      },
    )
  const done = await until(
    async () => {
      const now = await read(mute.id)
      if (now.endedAt) return now
      await report()
      await Bun.sleep(5_000)
      return null
    },
    90_000,
    'the end of its window',
  )
  expect(done.trials[0]).toMatchObject({ outcome: 'no_alarm', app: 'TraccarClient 10.0' })
  const { body } = await cora.get<{ report: { apps: { name: string; passed: number; tried: number }[] } }>(DRILLS)
  expect(body.report.apps).toContainEqual(expect.objectContaining({ name: 'TraccarClient 10.0', tried: 1, passed: 0 }))
}, 120_000)
