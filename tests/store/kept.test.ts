// What belongs to an incident outlives its day: after retention has dropped the day's table, the incident's track is still
// whole, once, and nothing else of that day is left.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { plansOf } from '../../scripts/bench/queries/plans'
import { type Seed, seed } from '../../scripts/bench/queries/seed'
import { archive } from '../../src/store/archive'
import { keepPartitions } from '../../src/store/partitions'
import { savePositions } from '../../src/store/positions'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { trackOf } from '../../src/store/tracks'
import { madeRow } from '../support/outbox'
import { aRow } from '../support/positions'
import { testDatabase } from '../support/postgres'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const USUAL = { ahead: 7, keep: 30 }

let owner: postgres.Sql
let store: Postgres

beforeAll(async () => {
  const urls = await testDatabase()
  owner = postgres(urls.owner, { max: 1, onnotice: () => {} })
  store = openPostgres(urls.writer)
}, 60_000)
afterAll(async () => {
  await store.close()
  await owner.end({ timeout: 5 })
})

/** Noon in Manila, `days` ago: what happens around it is of one day, which gets the table that it had then. */
async function noonOf(days: number): Promise<number> {
  const noon = Math.floor((Date.now() + 8 * 3_600_000) / DAY_MS) * DAY_MS - 8 * 3_600_000 + DAY_MS / 2 - days * DAY_MS
  const [midnight, next] = [noon - DAY_MS / 2, noon + DAY_MS / 2].map((at) => new Date(at).toISOString())
  const day = new Date(noon + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')
  for (const region of ['ncr', 'ceb', 'dvo', 'ilo'])
    await owner.unsafe(`CREATE TABLE position_${region}_${day} PARTITION OF position_${region}
      FOR VALUES FROM ('${midnight}') TO ('${next}')`)
  return noon
}

const iso = (at: number) => new Date(at).toISOString()
/** A fix a minute. */
const drive = (deviceId: string, noon: number, from: number, to: number, receivedAt?: number) =>
  Array.from({ length: to - from + 1 }, (_, n) =>
    aRow({ deviceId, at: noon + (from + n) * MINUTE_MS, lat: 14.5 + n / 1e4, ...(receivedAt && { receivedAt }) }),
  )
const minutes = (points: readonly { at: number }[], noon: number) => points.map(({ at }) => (at - noon) / MINUTE_MS)
const day = (deviceId: string, noon: number) =>
  trackOf(store.db, 'NCR', deviceId, noon - DAY_MS / 2, noon + DAY_MS / 2, 5_000)

describe('when the day of an incident is dropped', () => {
  test('its track is whole, from half an hour before the press to half an hour after its end', async () => {
    const noon = await noonOf(33)
    const closed = { state: 'closed', receivedAt: iso(noon), closedAt: iso(noon + 20 * MINUTE_MS) } as const
    await archive(store.db, [madeRow('kept-1', 1, { deviceId: 'ended', ...closed })])
    await savePositions(store.db, [...drive('ended', noon, -90, 120), ...drive('bystander', noon, -90, 120)])
    const around = () => trackOf(store.db, 'NCR', 'ended', noon - 30 * MINUTE_MS, noon + 50 * MINUTE_MS + 1, 5_000)
    const before = await around()
    expect(before.points).toHaveLength(81)

    expect((await keepPartitions(store.db, USUAL)).dropped).toBe(4)
    expect(await around()).toEqual(before)
    expect(minutes((await day('ended', noon)).points, noon)).toEqual(Array.from({ length: 81 }, (_, n) => n - 30))
    expect((await day('bystander', noon)).points).toEqual([])
    expect((await around()).sos).toMatchObject([{ incidentId: 'kept-1', at: noon }])
  })

  test('one that is still open is kept until a day after its last act', async () => {
    const noon = await noonOf(34)
    const open = { state: 'taken', receivedAt: iso(noon), closedAt: null, lastActAt: iso(noon + MINUTE_MS) } as const
    await archive(store.db, [madeRow('kept-2', 2, { deviceId: 'open', ...open })])
    await savePositions(store.db, drive('open', noon, -40, 600))
    await keepPartitions(store.db, USUAL)
    expect(minutes((await day('open', noon)).points, noon)).toEqual(Array.from({ length: 631 }, (_, n) => n - 30))
  })

  test('a backlog that comes when the day has gone is kept, too; what is there already is not there twice', async () => {
    const noon = await noonOf(35)
    const closed = { state: 'closed', receivedAt: iso(noon), closedAt: iso(noon + 10 * MINUTE_MS) } as const
    await archive(store.db, [madeRow('kept-3', 3, { deviceId: 'late', ...closed })])
    await savePositions(store.db, drive('late', noon, -5, 5))
    await keepPartitions(store.db, USUAL)
    // A phone that lay in a drawer repeats what it had sent, and adds what it had not.
    await savePositions(store.db, drive('late', noon, -5, 8, Date.now() - 31 * DAY_MS))
    const whole = Array.from({ length: 14 }, (_, n) => n - 5)
    expect(minutes((await day('late', noon)).points, noon)).toEqual(expect.arrayContaining(whole))
    for (let run = 0; run < 3; run++) {
      await keepPartitions(store.db, USUAL)
      const found = minutes((await day('late', noon)).points, noon)
      expect([...new Set(found)]).toEqual(whole)
    }
    expect(Number((await owner`SELECT count(*) FROM position WHERE device_id = 'late'`)[0]?.count)).toBe(0)
    expect(Number((await owner`SELECT count(*) FROM position_kept WHERE device_id = 'late'`)[0]?.count)).toBe(14)
  })

  test('a day whose copying fails is not dropped', async () => {
    const noon = await noonOf(36)
    const closed = { state: 'closed', receivedAt: iso(noon), closedAt: iso(noon + 10 * MINUTE_MS) } as const
    await archive(store.db, [madeRow('kept-4', 4, { deviceId: 'refused', ...closed })])
    await savePositions(store.db, drive('refused', noon, 0, 5))
    await owner`ALTER TABLE position_kept ADD CONSTRAINT refuses CHECK (device_id <> 'refused')`
    await expect(Promise.resolve(keepPartitions(store.db, USUAL))).rejects.toThrow()
    expect((await day('refused', noon)).points).toHaveLength(6)
    await owner`ALTER TABLE position_kept DROP CONSTRAINT refuses`
    expect((await keepPartitions(store.db, USUAL)).dropped).toBe(4)
    expect((await day('refused', noon)).points).toHaveLength(6)
  })
})

describe('the copying', () => {
  const SEED: Seed = { positions: 100_000, incidents: 10_000, devicesPerRegion: 500, days: 30 }
  let seeded: Postgres
  let source: string

  beforeAll(async () => {
    const urls = await testDatabase()
    const sql = postgres(urls.owner, { max: 1, onnotice: () => {} })
    await seed(sql, SEED)
    const [found] = await sql<{ prosrc: string; day: string }[]>`
      SELECT prosrc, (SELECT relname FROM pg_class WHERE relname ~ '^position_ncr_\\d{8}$' ORDER BY relname LIMIT 1) AS day
      FROM pg_proc WHERE proname = 'keep_incident_positions'`
    const statement = /format\(\s*'((?:[^']|'')*)', source\)/.exec(found?.prosrc ?? '')?.[1]?.replaceAll("''", "'")
    source = (statement ?? '').replaceAll('%1$s', `public.${found?.day}`)
    await sql.end({ timeout: 5 })
    seeded = openPostgres(urls.owner)
  }, 180_000)
  afterAll(() => seeded.close())

  test('finds each device’s part of the day by its index', async () => {
    expect(source).toContain('INSERT INTO public.position_kept')
    const from = Date.now() - 29 * DAY_MS
    const bound = source
      .replaceAll('$1', `to_timestamp(${from / 1_000}::float8)`)
      .replaceAll('$2', `to_timestamp(${(from + DAY_MS) / 1_000}::float8)`)
    const [lines = []] = await plansOf(seeded.db, (db) => db.execute(sql.raw(bound)).then())
    expect(lines).toContain('insert position_kept, on conflict nothing')
    expect(lines).toContain('by position_ncr_[-29]_pkey')
    expect(lines.filter((line) => line.startsWith('whole incident'))).toEqual([])
  })
})
