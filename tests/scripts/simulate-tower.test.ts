import { afterAll, beforeAll, expect, test } from 'bun:test'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import { ENROLLED, ENROLLED_FILE, enrol, ROADS_VEHICLES } from '../../scripts/simulate/enrol'
import { makeFleet } from '../../scripts/simulate/fleet'
import { drive } from '../../scripts/simulate/run'
import { findTower } from '../../scripts/simulate/target'
import { startTestTower } from '../support/tower'
import { until } from '../system/people'

const VEHICLES = 20
/** Of this seed somebody has pressed by mistake, and takes it back, after ten seconds. */
const SEED = 12

let tower: Tower
let sql: postgres.Sql

beforeAll(async () => {
  tower = await startTestTower()
  sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
}, 120_000)
afterAll(async () => {
  await sql?.end({ timeout: 5 })
  await tower?.stop()
}, 30_000)

test('crews are enrolled once, and never among the devices of the demo', async () => {
  const { secrets, dataDir, databaseUrls } = tower
  const first = await enrol({ database: databaseUrls.owner, secrets, dataDir })
  expect(await enrol({ database: databaseUrls.owner, secrets, dataDir })).toEqual(first)
  expect(first.devices).toHaveLength(ENROLLED)
  expect((await Bun.file(`${dataDir}/${ENROLLED_FILE}`).stat()).mode & 0o777).toBe(0o600)
  const [found] = await sql<{ count: number }[]>`
    SELECT count(*)::int FROM device JOIN driver ON driver.id = driver_id JOIN vehicle ON vehicle.id = vehicle_id
    WHERE device.id LIKE 'sim-%' AND driver.name LIKE '%(simulated)' AND vehicle.region = device.region`
  expect(found?.count).toBe(ENROLLED)
  expect(tower.demo?.devices.some(({ id }) => id.startsWith('sim-'))).toBe(false)
})

test('twenty vehicles drive through the doors: all are known, those who press have names, and a mistake is taken back', async () => {
  await tower.tick()
  const end = new AbortController()
  const lines: string[] = []
  const driving = drive({
    ...findTower({ url: undefined, dataDir: tower.dataDir, deviceKeys: undefined }),
    from: ROADS_VEHICLES,
    vehicles: VEHICLES,
    everyS: 3,
    seed: SEED,
    sosPerMinute: 60,
    signal: end.signal,
    log: (line) => lines.push(line),
  })
  const ids = makeFleet(ROADS_VEHICLES, VEHICLES, SEED).map(({ id }) => id)
  const seen = async () =>
    (await sql<{ device_id: string }[]>`SELECT DISTINCT device_id FROM position WHERE device_id = ANY (${ids})`).length
  const incidents = () => sql<{ state: string; driver: { name: string } | null }[]>`
    SELECT state, driver FROM incident WHERE device_id = ANY (${ids})`
  await until(async () => (await seen()) === VEHICLES, 30_000)
  await until(async () => (await incidents()).some(({ state }) => state === 'cancelled'), 40_000)
  end.abort()
  const tally = await driving

  for (const { driver } of await incidents()) expect(driver?.name).toEndWith('(simulated)')
  expect(tally.failed).toEqual({})
  expect(tally.cancelled).toBeGreaterThan(0)
  expect(tally.answered).toBeGreaterThan(VEHICLES)
  expect(lines[0]).toMatch(/^\s+5 s {3}sent \d+ {3}answered \d+ {3}failed 0 {3}p95 \d+ ms {3}SOS \d+, taken back \d+$/)
}, 90_000)
