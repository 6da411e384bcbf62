import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import { archive } from '../../src/store/archive'
import { keepPartitions } from '../../src/store/partitions'
import { savePositions } from '../../src/store/positions'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { madeRow } from '../support/outbox'
import { aRow } from '../support/positions'
import { testDatabase } from '../support/postgres'

const DAY_MS = 86_400_000
const USUAL = { ahead: 7, keep: 30 }

let owner: postgres.Sql
let store: Postgres
let writerUrl: string

beforeAll(async () => {
  const urls = await testDatabase()
  owner = postgres(urls.owner, { max: 1, onnotice: () => {} })
  writerUrl = urls.writer
  store = openPostgres(writerUrl)
})
afterAll(async () => {
  await store.close()
  await owner.end({ timeout: 5 })
})

/** As in the tables' names: the day in Manila, `days` from now. */
const dayOf = (days: number) =>
  new Date(Date.now() + 8 * 3_600_000 + days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')
const leaves = async (like: string) =>
  (
    await owner<{ name: string }[]>`SELECT relname AS name FROM pg_class
    WHERE relispartition AND relkind = 'r' AND relname LIKE ${like} ORDER BY relname`
  ).map(({ name }) => name)
const tableOf = async (deviceId: string) =>
  (
    await owner<{ name: string }[]>`SELECT tableoid::regclass::text AS name FROM position
    WHERE device_id = ${deviceId} ORDER BY at`
  ).map(({ name }) => name)
/** Tables of days that lie back, as they were made when those days were ahead. */
async function madeThen(days: number) {
  const day = dayOf(-days)
  const midnight = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00+08:00`
  const next = new Date(Date.parse(midnight) + DAY_MS).toISOString()
  for (const region of ['ncr', 'ceb', 'dvo', 'ilo'])
    await owner.unsafe(`CREATE TABLE position_${region}_${day} PARTITION OF position_${region}
      FOR VALUES FROM ('${midnight}') TO ('${next}')`)
}
const kept = (deviceId: string) =>
  owner<
    { kept_for: string; at: Date }[]
  >`SELECT kept_for, at FROM position_kept WHERE device_id = ${deviceId} ORDER BY at`

describe('partitions ahead', () => {
  test('there is one for each region and day from yesterday to a week ahead, and one for the rest', async () => {
    expect(await leaves('position_ncr_%')).toEqual([
      ...Array.from({ length: 9 }, (_, n) => `position_ncr_${dayOf(n - 1)}`),
      'position_ncr_default',
    ])
    expect(await leaves('position_%')).toHaveLength(40)
  })

  test('a second run makes nothing, one that looks farther makes what is missing', async () => {
    expect(await keepPartitions(store.db, USUAL)).toEqual({ made: 0, dropped: 0, inDefault: 0 })
    expect(await keepPartitions(store.db, { ...USUAL, ahead: 9 })).toEqual({ made: 8, dropped: 0, inDefault: 0 })
    expect(await leaves(`position_ilo_${dayOf(9)}`)).toHaveLength(1)
  })

  test('a day begins at midnight in Manila', async () => {
    const day = dayOf(0)
    const midnight = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00+08:00`)
    await savePositions(store.db, [
      aRow({ deviceId: 'night', at: midnight - 1 }),
      aRow({ deviceId: 'night', at: midnight }),
    ])
    expect(await tableOf('night')).toEqual([`position_ncr_${dayOf(-1)}`, `position_ncr_${day}`])
  })

  test('a backlog of days that have no table waits in the default one until the next run moves it', async () => {
    const at = Date.now() - 12 * DAY_MS
    await savePositions(store.db, [aRow({ deviceId: 'late', at, region: 'CEB', doubts: ['stale'] })])
    expect(await tableOf('late')).toEqual(['position_ceb_default'])
    expect(await keepPartitions(store.db, USUAL)).toEqual({ made: 1, dropped: 0, inDefault: 0 })
    expect(await tableOf('late')).toEqual([`position_ceb_${dayOf(-12)}`])
    const [found] = await owner`SELECT doubts, at FROM position WHERE device_id = 'late'`
    expect(found).toEqual({ doubts: ['stale'], at: new Date(at) })
    // The same batch again still changes nothing.
    expect(await savePositions(store.db, [aRow({ deviceId: 'late', at, region: 'CEB' })])).toBe(0)
  })

  test('what is beyond every table is counted, for it should not be', async () => {
    await savePositions(store.db, [aRow({ deviceId: 'future', at: Date.now() + 20 * DAY_MS })])
    expect((await keepPartitions(store.db, USUAL)).inDefault).toBe(1)
    await owner`DELETE FROM position WHERE device_id = 'future'`
    expect((await keepPartitions(store.db, USUAL)).inDefault).toBe(0)
  })

  test('two runs at once take turns', async () => {
    const other = openPostgres(writerUrl)
    try {
      const [one, two] = await Promise.all([
        keepPartitions(store.db, { ...USUAL, ahead: 11 }),
        keepPartitions(other.db, { ...USUAL, ahead: 11 }),
      ])
      expect(one.made + two.made).toBe(8)
    } finally {
      await other.close()
    }
  })
})

describe('retention', () => {
  test('drops the days beyond it, and keeps the last one within', async () => {
    await madeThen(31)
    await madeThen(30)
    await savePositions(store.db, [
      aRow({ deviceId: 'old', at: Date.now() - 31 * DAY_MS }),
      aRow({ deviceId: 'old', at: Date.now() - 30 * DAY_MS }),
    ])
    expect(await tableOf('old')).toHaveLength(2)
    expect(await keepPartitions(store.db, USUAL)).toEqual({ made: 0, dropped: 4, inDefault: 0 })
    expect(await tableOf('old')).toEqual([`position_ncr_${dayOf(-30)}`])
    expect(await leaves(`position_%_${dayOf(-31)}`)).toEqual([])
    expect([...(await kept('old'))]).toEqual([])
  })

  test('keeps what belongs to an incident: its device, the vehicle’s other one, around its time, for each incident', async () => {
    await madeThen(35)
    const press = Date.now() - 35 * DAY_MS
    const iso = (minutes: number) => new Date(press + minutes * 60_000).toISOString()
    const incident = (id: string, n: number, minutes: number) =>
      madeRow(id, n, {
        deviceId: 'sos-phone',
        vehicle: { id: 'veh-sos', plate: 'NAB 1', conduction: null, make: 'T', model: 'V', colour: 'white' },
        driver: null,
        receivedAt: iso(minutes),
        closedAt: iso(minutes + 20),
        state: 'closed',
      })
    await archive(store.db, [incident('inc-1', 500, 0), incident('inc-2', 501, 45)])
    await owner`INSERT INTO vehicle (id, region, plate, make, model, colour) VALUES ('veh-sos', 'NCR', 'NAB 1', 'T', 'V', 'white')`
    await owner`INSERT INTO device (id, region, vehicle_id) VALUES ('sos-button', 'NCR', 'veh-sos'), ('sos-other', 'NCR', NULL)`
    const minutes = [-31, -29, 0, 40, 70, 94, 96]
    await savePositions(
      store.db,
      ['sos-phone', 'sos-button', 'sos-other'].flatMap((deviceId) =>
        minutes.map((each) => aRow({ deviceId, at: press + each * 60_000 })),
      ),
    )
    expect((await keepPartitions(store.db, USUAL)).dropped).toBeGreaterThanOrEqual(4)
    const offsets = async (deviceId: string, id: string) =>
      (await kept(deviceId))
        .filter((row) => row.kept_for === id)
        .map(({ at }) => Math.round((at.getTime() - press) / 60_000))
    for (const device of ['sos-phone', 'sos-button']) {
      expect(await offsets(device, 'inc-1')).toEqual([-29, 0, 40])
      expect(await offsets(device, 'inc-2')).toEqual([40, 70, 94])
    }
    expect(await kept('sos-other')).toHaveLength(0)
    expect(await tableOf('sos-phone')).toEqual([])
  })

  test('keeps a position that was marked for an incident, whoever’s it was', async () => {
    await madeThen(40)
    await owner`INSERT INTO position (region, device_id, at, received_at, lat, lng, protocol, doubts, kept_for)
      VALUES ('DVO', 'marked', now() - interval '40 days', now(), 7, 125, 'osmand', '{}', 'inc-9')`
    await keepPartitions(store.db, USUAL)
    expect((await kept('marked')).map((row) => row.kept_for)).toEqual(['inc-9'])
  })

  test('lets a wrong clock’s positions go when they were received as long ago, and alarms about none', async () => {
    const wrong = Date.UTC(2001, 0, 1)
    await savePositions(store.db, [
      aRow({ deviceId: 'wrong', at: wrong, receivedAt: Date.now() - 32 * DAY_MS }),
      aRow({ deviceId: 'wrong', at: wrong + 1_000, receivedAt: Date.now() }),
    ])
    expect((await keepPartitions(store.db, USUAL)).inDefault).toBe(0)
    expect((await owner`SELECT at FROM position WHERE device_id = 'wrong'`).map((row) => row.at.getTime())).toEqual([
      wrong + 1_000,
    ])
  })

  test('does not drop all by a slip', async () => {
    for (const keep of [0, -1, 99_999])
      await expect(Promise.resolve(keepPartitions(store.db, { ahead: 7, keep }))).rejects.toThrow()
  })
})

test('positions go on being saved while days are dropped and made', async () => {
  await madeThen(50)
  const other = openPostgres(writerUrl)
  try {
    const saving = (async () => {
      let saved = 0
      for (let n = 0; n < 60; n++)
        saved += await savePositions(other.db, [
          aRow({ deviceId: 'busy', at: Date.now() - n * 1_000, lat: 14 + n / 100 }),
        ])
      return saved
    })()
    const [saved, { dropped }] = await Promise.all([saving, keepPartitions(store.db, { ahead: 12, keep: 30 })])
    expect([saved, dropped]).toEqual([60, 4])
  } finally {
    await other.close()
  }
})
