// A Traccar server forwards a whole fleet with one token, through the real runtime: each tracker is its own device, enrolled
// or not, and what is revoked is the server's token.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import type { IncidentSummary } from '../../src/domain/incident'
import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import { deviceBehind } from '../../src/ingest/gateway'
import { startTestTower } from '../support/tower'
import { call, Person, until } from './people'

const IMEI = '353861053849681'
const STRANGER = 'the green jeep of Lola Nena'

let tower: Tower
let sql: postgres.Sql
let ana: Person

beforeAll(async () => {
  tower = await startTestTower()
  sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
  await sql`INSERT INTO driver (id, region, name, phone) VALUES ('drv-gw', 'NCR', 'Lito Santos', '+639005551111')`
  await sql`INSERT INTO vehicle (id, region, plate, make, model, colour)
    VALUES ('veh-gw', 'NCR', 'NGW 1234', 'Isuzu', 'Traviz', 'White')`
  await sql`INSERT INTO device (id, region) VALUES ('gw-depot', 'NCR')`
  await sql`INSERT INTO device (id, region, driver_id, vehicle_id) VALUES (${`gw-depot.${IMEI}`}, 'NCR', 'drv-gw', 'veh-gw')`
  ana = await Person.logIn(tower, { role: 'supervisor' })
  await known()
}, 120_000)
afterAll(async () => {
  await sql?.end()
  await tower?.stop()
}, 30_000)

/** Room and intakes have taken over what the directory says now. */
async function known(): Promise<void> {
  const [newest] = await sql<{ version: number }[]>`SELECT max(version)::int AS version FROM device`
  type Report = { rooms: object[]; intakes: { name?: string; directoryVersion?: number }[] }
  await until(
    async () => {
      const { intakes } = (await tower.tick()) as Report
      return intakes
        .filter(({ name }) => /^NCR:\d/.test(name ?? ''))
        .every(({ directoryVersion = 0 }) => directoryVersion >= (newest?.version ?? 0))
    },
    15_000,
    'the directory in room and intakes',
  )
}

function forward(uniqueId: string, alarm: string | null, lat: number): Promise<{ status: number }> {
  const token = signDeviceToken(parseKeys(tower.secrets.DEVICE_KEYS), {
    deviceId: 'gw-depot',
    home: 'NCR',
    generation: 1,
    expiresAt: 4_000_000_000,
    gateway: true,
  })
  const at = new Date().toISOString()
  return call(`${tower.url}/i/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      position: {
        deviceId: 7,
        protocol: 'h02',
        deviceTime: at,
        fixTime: at,
        valid: true,
        latitude: lat,
        longitude: 121.02,
        speed: 12,
        attributes: alarm ? { alarm } : {},
      },
      device: { id: 7, name: 'unit 7', uniqueId },
    }),
  })
}

const incidentOf = async (deviceId: string): Promise<IncidentSummary | undefined> =>
  (await ana.queue()).find((each) => each.deviceId === deviceId)

test('positions are each tracker’s own, in Postgres too', async () => {
  expect((await forward(IMEI, null, 14.55)).status).toBe(200)
  expect((await forward(STRANGER, null, 14.56)).status).toBe(200)
  const rows = () => sql<{ device_id: string; lat: number }[]>`
    SELECT device_id, lat FROM position WHERE device_id LIKE 'gw-depot%' ORDER BY lat`
  await until(async () => (await rows()).length === 2, 10_000, 'both positions')
  expect([...(await rows())]).toEqual([
    { device_id: `gw-depot.${IMEI}`, lat: 14.55 },
    { device_id: deviceBehind('gw-depot', STRANGER) as string, lat: 14.56 },
  ])
})

test('an SOS of an enrolled tracker shows its driver and vehicle; one of a stranger has an incident of its own, with its name', async () => {
  expect((await forward(IMEI, 'sos', 14.551)).status).toBe(200)
  expect((await forward(STRANGER, 'sos', 14.561)).status).toBe(200)
  const enrolled = await until(() => incidentOf(`gw-depot.${IMEI}`), 10_000, 'the incident of the tracker')
  expect(enrolled).toMatchObject({ driver: { name: 'Lito Santos' }, vehicle: { plate: 'NGW 1234' } })
  const stranger = await until(
    () => incidentOf(deviceBehind('gw-depot', STRANGER) as string),
    10_000,
    'the incident of the stranger',
  )
  expect(stranger).toMatchObject({ driver: null, vehicle: null, note: `unit 7, ${STRANGER} (gw-depot)` })
  expect(stranger.id).not.toBe(enrolled.id)
})

test('revoked, its positions are dropped and its SOS is labelled, of every tracker', async () => {
  await sql`UPDATE device SET min_generation = 2 WHERE id = 'gw-depot'`
  await known()
  await until(
    async () => {
      await forward('late', 'sos', 14.57)
      return (await incidentOf('gw-depot.late'))?.flags.includes('revoked_token')
    },
    20_000,
    'the label of a revoked token',
  )
  const before = Number((await sql`SELECT count(*) FROM position WHERE device_id = 'gw-depot.quiet'`)[0]?.count)
  expect(before).toBe(0)
  await forward('quiet', null, 14.58)
  await Bun.sleep(2_000)
  expect((await sql`SELECT FROM position WHERE device_id = 'gw-depot.quiet'`).length).toBe(0)
}, 60_000)
