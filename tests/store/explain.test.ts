// How Postgres goes about every query of the product, on a seeded month of history: by which index, in which days.
// Plans, not costs: what is read whole here would be read whole of ten million.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { sql as raw } from 'drizzle-orm'
import postgres from 'postgres'
import { plansOf } from '../../scripts/bench/queries/plans'
import { QUERIES, WITHOUT_PLAN } from '../../scripts/bench/queries/queries'
import { deviceId, type Seed, seed } from '../../scripts/bench/queries/seed'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { RETENTION_DAYS } from '../../src/store/retention'
import { trackOf } from '../../src/store/tracks'
import { testDatabase } from '../support/postgres'

const SEED: Seed = { positions: 200_000, incidents: 20_000, devicesPerRegion: 500, days: 30 }
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let store: Postgres
/** Reads a table whole only where there is no other way. */
let reluctant: Postgres
let owner: postgres.Sql

beforeAll(async () => {
  const urls = await testDatabase()
  owner = postgres(urls.owner, { max: 1, onnotice: () => {} })
  await seed(owner, SEED)
  store = openPostgres(urls.writer)
  reluctant = openPostgres(`${urls.writer}?enable_seqscan=off`)
  expect([...(await reluctant.sql`SHOW enable_seqscan`)]).toEqual([{ enable_seqscan: 'off' }])
}, 180_000)
afterAll(async () => {
  await store.close()
  await reluctant.close()
  await owner.end({ timeout: 5 })
})

const plans = (name: string, on = store) => plansOf(on.db, (db) => QUERIES[name]?.(db, 3, SEED) ?? Promise.resolve())
/** Manila's last midnight. */
const midnight = Math.floor((Date.now() + 8 * HOUR_MS) / DAY_MS) * DAY_MS - 8 * HOUR_MS

describe('a track', () => {
  const ofDays = async (from: number, to: number) =>
    (
      await plansOf(store.db, (db) =>
        trackOf(db, 'NCR', deviceId('NCR', 7), midnight + from * DAY_MS, midnight + to * DAY_MS, 20_000),
      )
    )[0]

  test('of one day reads that day of that region by its index, and what is kept', async () => {
    expect(await ofDays(-3, -2)).toEqual(['by position_ncr_[-3]_pkey', 'by position_kept_pkey'])
  })

  test('of a night reads two days', async () => {
    expect(await ofDays(-3.1, -2.9)).toEqual([
      'by position_ncr_[-4]_pkey',
      'by position_ncr_[-3]_pkey',
      'by position_kept_pkey',
    ])
  })

  test('of a month reads thirty days and no other region', async () => {
    const lines = (await ofDays(-29, 1)) ?? []
    expect(lines.filter((line) => line.startsWith('by position_ncr_['))).toHaveLength(30)
    expect(lines.filter((line) => !line.startsWith('by position_ncr_['))).toEqual(['by position_kept_pkey'])
  })

  test('of days beyond all tables asks the default one', async () => {
    expect(await ofDays(-90, -89)).toEqual([expect.stringMatching(/position_ncr_default/), 'by position_kept_pkey'])
  })

  test('finds its presses by the device', async () => {
    expect((await plans('trackOf'))[1]).toEqual(['by incident_device'])
  })

  test('finds what was done in its incidents by device and incident', async () => {
    expect((await plans('trackOf'))[2]).toEqual(['by incident_device', 'by incident_event_incident'])
  })
})

const PLANS: Record<string, string[][]> = {
  savePositions: [['insert position']],
  archive: [
    ['insert incident_event, on conflict nothing'],
    ['insert incident, on conflict update of incident_pkey'],
    ['insert leg, on conflict update of leg_pkey', 'by incident_pkey', 'delete leg', 'by leg_pkey'],
  ],
  isDeviceOf: [['by device_pkey']],
  isIncidentOf: [['by incident_pkey', 'by device_pkey']],
  noteAccess: [['insert access_log']],
  userByEmail: [['by app_user_email']],
  pullDirectory: [
    [
      'by driver_version',
      'by vehicle_version',
      'by device_version',
      'by app_user_version',
      'whole duty_card',
      'by duty_contact_version',
      'by duty_shift_version',
      'whole escalation_policy',
      'whole agency',
      'by driver_kin_version',
    ],
  ],
  saveFenceEvents: [['insert geofence_event, on conflict nothing']],
  lastFenceEvents: [['by geofence_event_[today]_pkey', 'by geofence_event_[-1]_pkey', 'by geofence_pkey']],
  attemptsOf: [['by attempt_incident']],
  deliveryReport: [['by attempt_report']],
  saveAttempts: [['insert attempt, on conflict update of attempt_pkey']],
  kinOf: [['by driver_kin_pkey']],
  listDisclosures: [['by disclosure_incident', 'by incident_pkey']],
  shareByTokenHash: [['by share_link_token']],
  listShares: [['by share_link_incident', 'by share_view_link']],
  listDrills: [['by drill_region', 'by drill_result_pkey']],
  listBroadcasts: [['by broadcast_region', 'by broadcast_answer_pkey']],
  listHandovers: [['by duty_handover_region']],
  readDevice: [['by device_pkey', 'by driver_pkey', 'by vehicle_pkey']],
}

for (const [name, wanted] of Object.entries(PLANS)) {
  test(`${name} is planned as it should be`, async () => {
    expect(await plans(name)).toEqual(wanted)
  })
}

describe('what is older than its retention', () => {
  const FOUND_BY = {
    attempt: ['attempt_region_began'],
    share_view: ['share_view_at'],
    broadcast_answer: ['broadcast_answer_at'],
    drill_result: ['drill_result_at'],
  }
  for (const [table, { forget, days }] of Object.entries(RETENTION_DAYS)) {
    test(`of ${table} is found by its age and deleted by its place, and nothing else is read`, async () => {
      const [source] = await owner<{ body: string }[]>`SELECT prosrc AS body FROM pg_proc WHERE proname = ${forget}`
      const text = (source?.body ?? expect.unreachable()).replaceAll('$1', String(days)).replaceAll('$2', '2000')
      const [plan] = await owner.unsafe<{ 'QUERY PLAN': unknown }[]>(`EXPLAIN (FORMAT JSON, COSTS OFF) ${text}`)
      const said = JSON.stringify(plan?.['QUERY PLAN'])
      const all = (key: string) => [...said.matchAll(new RegExp(`"${key}":"([^"]+)"`, 'g'))].map(([, name]) => name)
      expect(all('Index Name').filter((name) => name !== 'region_pkey')).toEqual(
        FOUND_BY[table as keyof typeof FOUND_BY],
      )
      expect(all('Node Type')).toContain('Tid Scan')
      expect(said.replaceAll(/"Node Type":"Seq Scan"[^{}]*?"Relation Name":"region"/g, '')).not.toContain('Seq Scan')
    })
  }
})

describe('every query of the product', () => {
  /** Of a fleet's size, and searched by parts of names: read whole they cost a millisecond or two. */
  const SMALL = [
    'driver',
    'vehicle',
    'device',
    'app_user',
    'duty_card',
    'duty_contact',
    'duty_shift',
    'escalation_policy',
    'agency',
    'region',
    'geofence',
  ]

  for (const name of Object.keys(QUERIES)) {
    test(`${name} reads no part of history whole`, async () => {
      const wholeOn = async (on: Postgres) =>
        (await plans(name, on))
          .flat()
          .filter((line) => line.startsWith('whole '))
          .map((line) => line.slice('whole '.length))
          .filter((table) => !SMALL.includes(table))
      const whole = await wholeOn(store)
      // A day that has hardly begun is read whole because it is small: what counts is that it need not be.
      if (whole.every((table) => table.endsWith('[today]'))) expect(await wholeOn(reluctant)).toEqual([])
      else expect(whole).toEqual([])
    })
  }

  test('is among them', async () => {
    const asked: string[] = []
    for (const path of new Bun.Glob('src/store/*.ts').scanSync(join(import.meta.dir, '../..'))) {
      const source = await Bun.file(join(import.meta.dir, '../..', path)).text()
      for (const [, name] of source.matchAll(/^export (?:async )?function (\w+)\(\s*db: Db/gm))
        asked.push(name as string)
    }
    expect(asked.length).toBeGreaterThan(8)
    expect(asked.filter((name) => !(name in QUERIES) && !WITHOUT_PLAN.includes(name))).toEqual([])
  })

  test('that lacks its index would be found', async () => {
    const [lines] = await plansOf(store.db, (db) => db.execute(raw`SELECT FROM incident WHERE note = 'nobody'`).then())
    expect(lines).toEqual(['whole incident'])
    const [days] = await plansOf(store.db, (db) =>
      db.execute(raw`SELECT FROM position WHERE device_id = 'q-ncr-7'`).then(),
    )
    expect(days?.length).toBeGreaterThan(120)
  })
})
