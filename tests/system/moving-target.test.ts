// An emergency that drives: its phone falls silent, its vehicle parts from it, and it crosses into another region. The real
// runtime, its own clocks, positions through the real doors.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import type { IncidentSummary } from '../../src/domain/incident'
import { startTestTower } from '../support/tower'
import { call, type Device, enrol, Person, press, roomHealth, Screen, until } from './people'

const MANILA = { lat: 14.5547, lng: 121.0244 }
const CEBU = { lat: 10.3157, lng: 123.8854 }

let tower: Awaited<ReturnType<typeof startTestTower>>
let ana: Person
let cris: Person
let desk: Screen
let silent: Device
let silentSince = 0
let silentId = ''

const report = (device: Device, place: { lat: number; lng: number }) =>
  call<{ taken: number; fixEveryS?: number }>(`${tower.url}/api/positions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${device.token}` },
    body: JSON.stringify({ ...place, accuracyM: 8, speedMps: 0, fixedAt: new Date().toISOString() }),
  })

type Line = { type: string; at: string; seq: number; body: Record<string, unknown> | null }
const linesOf = async (id: string, type: string): Promise<Line[]> => {
  const { body } = await ana.get<{ events: Line[] }>(`/api/incidents/${id}`)
  return body.events.filter((event) => event.type === type)
}
const pressed = async (device: Device, more: object = {}): Promise<string> =>
  (await press(tower, device, { kind: 'panic', position: MANILA, ...more })).body.sosId

/** Reports now and every two seconds, until the promise has settled. */
async function drive<T>(step: (n: number) => Promise<unknown>, while_: Promise<T>): Promise<T> {
  let over = false
  const done = while_.finally(() => {
    over = true
  })
  for (let n = 0; !over; n++) {
    await step(n)
    await Promise.race([Bun.sleep(2_000), done.catch(() => {})])
  }
  return done
}

beforeAll(async () => {
  tower = await startTestTower()
  ana = await Person.logIn(tower, { role: 'operator', region: 'NCR' })
  cris = await Person.logIn(tower, { role: 'operator', region: 'CEB', nth: 1 })
  desk = await Screen.open(ana)
  const devices = await enrol(tower, 1)
  silent = devices[0] as Device
  await report(silent, MANILA)
  await Bun.sleep(500)
  silentSince = Date.now()
  silentId = await pressed(silent)
}, 120_000)

afterAll(async () => {
  desk?.close()
  await tower?.stop()
}, 30_000)

/** A tracker wired into the vehicle of this device, as whoever enrols it says. */
async function wireIn(tracker: Device, phone: Device): Promise<void> {
  const sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
  try {
    await sql`UPDATE device SET driver_id = NULL, vehicle_id = ${`veh-${phone.id}`},
      version = nextval('directory_version') WHERE id = ${tracker.id}`
    const [newest] = await sql`SELECT max(version)::int AS version FROM device`
    await until(
      async () => (await roomHealth(tower)).directoryVersion >= newest?.version,
      15_000,
      'the tracker in the room',
    )
  } finally {
    await sql.end()
  }
}

describe('a vehicle under an SOS', () => {
  test('whose tracker drives away from its phone is drawn as two, and flagged after 30 s; its phone is asked for faster fixes', async () => {
    const [phone, tracker] = (await enrol(tower, 2)) as [Device, Device]
    await wireIn(tracker, phone)
    const id = await pressed(phone, { safeToTalk: true })
    const asked: (number | undefined)[] = []
    const flagged = await drive(
      async (n) => {
        asked.push((await report(phone, MANILA)).body.fixEveryS)
        await report(tracker, { lat: MANILA.lat + 0.006 + n * 0.0001, lng: MANILA.lng })
      },
      until(() => desk.cards.get(id)?.flags.includes('separated'), 60_000, 'the flag of a separation'),
    )
    expect(flagged).toBe(true)
    expect(asked[0]).toBeUndefined()
    expect(asked.at(-1)).toBe(5)
    const [line] = await linesOf(id, 'separated')
    expect(line?.body?.apartM).toBeGreaterThan(600)
    expect(line?.body?.forS).toBeGreaterThanOrEqual(30)
    expect(desk.cards.get(id)?.ring).toMatchObject({ to: 'all', reason: 'separated' })
    const sources = desk.got.flatMap((frame) => (frame.t === 'moved' ? (frame.sources ?? []) : []))
    expect(new Set(sources.filter((each) => each.id === id).map((each) => `${each.source} ${each.own}`))).toEqual(
      new Set(['phone true', 'vehicle false']),
    )

    // What became of it tells its phone nothing: the pace is of its press, and the half hour is not over.
    expect((await ana.act(id, 'false-alarm', { reason: 'test' })).status).toBe(200)
    await Bun.sleep(3_000)
    for (let n = 0; n < 3; n++) expect((await report(phone, MANILA)).body.fixEveryS).toBe(5)
  }, 120_000)

  test('that nobody has taken goes to the desk of the region into which it has driven', async () => {
    const [phone] = (await enrol(tower, 1)) as [Device]
    const id = await pressed(phone)
    await drive(
      () => report(phone, CEBU),
      until(async () => (await ana.incident(id)).desk === 'CEB', 30_000, 'the desk in Cebu'),
    )
    const card = await until(async () => (await cris.queue()).find((each) => each.id === id))
    expect(card).toMatchObject({ desk: 'CEB', region: 'NCR', owner: null } satisfies Partial<IncidentSummary>)
    expect((await ana.queue()).some((each) => each.id === id)).toBe(true)
    expect((await linesOf(id, 'desk_moved'))[0]?.body).toMatchObject({ from: 'NCR', to: 'CEB' })
    expect((await cris.act(id, 'take')).status).toBe(200)
  }, 60_000)

  test('that is taken stays with its owner, and both regions see it drive', async () => {
    const [phone] = (await enrol(tower, 1)) as [Device]
    const cebu = await Screen.open(cris)
    const id = await pressed(phone)
    await until(() => desk.cards.has(id))
    expect((await ana.act(id, 'take')).status).toBe(200)
    await drive(
      (n) => report(phone, { ...CEBU, lng: CEBU.lng + n * 0.0001 }),
      until(
        () => cebu.got.some((frame) => frame.t === 'moved' && frame.moved.some((each) => each.id === id)),
        30_000,
        'the vehicle on the screen in Cebu',
      ),
    )
    await until(() => cebu.cards.has(id), 10_000, 'its card in Cebu')
    expect(cebu.cards.get(id)).toMatchObject({ desk: 'NCR', alsoIn: ['CEB'], state: 'taken' })
    expect((await ana.incident(id)).owner?.name).toBe(cebu.cards.get(id)?.owner?.name)
    expect((await cris.queue()).some((each) => each.id === id)).toBe(true)
    expect((await cris.get(`/api/incidents/${id}`)).status).toBe(200)
    cebu.close()
  }, 60_000)

  test('whose phone was heard before its press and not for 40 s after it sounds again; heard again is noted', async () => {
    const card = await until(
      () => (desk.cards.get(silentId)?.flags.includes('phone_silent') ? desk.cards.get(silentId) : null),
      60_000,
      'the flag of a silent phone',
    )
    expect(card.ring.reason).toBe('phone_silent')
    const [line] = await linesOf(silentId, 'phone_silent')
    const afterMs = Date.parse(line?.at ?? '') - silentSince
    expect(afterMs).toBeGreaterThanOrEqual(39_900)
    expect(line?.body?.silentS).toBe(40)
    await drive(
      () => report(silent, MANILA),
      until(async () => (await linesOf(silentId, 'heard_again')).length > 0, 20_000, 'that it was heard again'),
    )
    expect((await ana.incident(silentId)).flags).toContain('phone_silent')
  }, 90_000)
})
