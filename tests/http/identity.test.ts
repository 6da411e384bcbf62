// Who a dot of the map is, before a real Postgres, real rooms and a real fleet shard: for a purpose that is written down
// first, or for an open incident, which needs no Postgres.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import type { Role } from '../../src/domain/access'
import type { DirectoryRow } from '../../src/domain/directory'
import { Fleet } from '../../src/fleet/fleet'
import { archive } from '../../src/store/archive'
import { savePositions } from '../../src/store/positions'
import { openPostgres } from '../../src/store/postgres'
import { aPress, viewer } from '../support/made-up'
import { madeRow } from '../support/outbox'
import { aRow } from '../support/positions'
import { testDatabase } from '../support/postgres'
import { memoryStorage } from '../support/storage'
import { workerEnv } from '../support/worker-env'
import { tower } from './api-support'

const WHY = { purpose: 'complaint: ticket 4471' }
const PATH = '/api/devices/ncr-0047/identity'
const DOT = '/api/regions/ncr/map/identity'
const VEHICLE = { id: 'veh-1', plate: 'NAB 1234', conduction: null, make: 'Toyota', model: 'Vios', colour: 'White' }
const DRIVER = { id: 'drv-1', name: 'Juan Dela Cruz' }

let owner: postgres.Sql
let url: string

beforeAll(async () => {
  const urls = await testDatabase()
  url = urls.writer
  owner = postgres(urls.owner, { max: 1, onnotice: () => {} })
  await owner`INSERT INTO driver (id, region, name, phone) VALUES ('drv-1', 'NCR', 'Juan Dela Cruz', '+639170000000')`
  await owner`INSERT INTO vehicle (id, region, plate, make, model, colour)
    VALUES ('veh-1', 'NCR', 'NAB 1234', 'Toyota', 'Vios', 'White')`
  await owner`INSERT INTO device (id, region, driver_id, vehicle_id) VALUES ('ncr-0047', 'NCR', 'drv-1', 'veh-1')`
  await owner`INSERT INTO device (id, region) VALUES ('ceb-1', 'CEB')`
}, 60_000)
afterAll(() => owner?.end({ timeout: 5 }))

const noted = () =>
  owner<Record<string, string>[]>`SELECT region, actor_uid, action, subject, purpose FROM access_log ORDER BY at DESC`
const DIRECTORY: DirectoryRow[] = [
  { kind: 'driver', id: 'drv-1', version: 1, body: { ...DRIVER, phone: '+639170000000' } },
  { kind: 'vehicle', id: 'veh-1', version: 2, body: VEHICLE },
  {
    kind: 'device',
    id: 'ncr-0047',
    version: 3,
    body: {
      ...{ id: 'ncr-0047', home: 'NCR', driverId: 'drv-1', vehicleId: 'veh-1' },
      ...{ minGeneration: 0, pinMac: null, duressPinMac: null },
    },
  },
]

function world(databaseUrl: string | undefined = url) {
  const made = tower()
  made.roomOf('NCR').room.learn(DIRECTORY)
  if (databaseUrl) made.env.DATABASE_URL = databaseUrl
  return made
}

describe('POST /api/devices/{id}/identity', () => {
  test('answers driver, vehicle and home for a purpose, without a phone, and has written down who looked', async () => {
    const { status, body } = await world().ana.post(PATH, WHY)
    expect([status, body]).toEqual([
      200,
      { deviceId: 'ncr-0047', region: 'NCR', driver: DRIVER, vehicle: VEHICLE, incident: null },
    ])
    expect((await noted())[0]).toEqual({
      region: 'NCR',
      actor_uid: 'ana',
      action: 'identity:read',
      subject: 'device:ncr-0047',
      purpose: WHY.purpose,
    })
  })

  test('without a purpose, or with one that says nothing, is refused and nothing is written', async () => {
    const before = (await noted()).length
    for (const given of [undefined, {}, { purpose: 'ab' }, { purpose: '   ' }, { purpose: 'x'.repeat(201) }]) {
      const { status, body } = await world().ana.post(PATH, given)
      expect([given, status, body.error?.field]).toEqual([given, 422, 'purpose'])
    }
    expect(await noted()).toHaveLength(before)
  })

  test('needs no purpose while its incident is open, which is written down as the purpose', async () => {
    const { ana, roomOf } = world()
    const press = aPress({ deviceId: 'ncr-0047' })
    roomOf('NCR').send([press])
    const { status, body } = await ana.post(PATH)
    expect(status).toBe(200)
    expect(body).toMatchObject({ driver: DRIVER, vehicle: VEHICLE, incident: { id: press.sosId } })
    expect(JSON.stringify(body)).not.toContain('+63917')
    expect((await noted())[0]).toMatchObject({ action: 'identity:read', purpose: `incident ${press.sosId}` })
    const log = roomOf('NCR').room.log.from(1, 100)
    expect(log.filter(({ type, incident }) => type === 'looked' && incident === press.sosId)).toHaveLength(1)
  })

  test('an ended incident, or one of a device whose name begins alike, opens nothing', async () => {
    const { ana, roomOf } = world()
    roomOf('NCR').send([aPress({ deviceId: 'ncr-00471' })])
    expect((await ana.post(PATH)).status).toBe(422)
    const press = aPress({ deviceId: 'ncr-0047', kind: 'medical' })
    roomOf('NCR').send([press])
    expect((await ana.post(PATH)).status).toBe(200)
    await ana.post(`/api/incidents/${press.sosId}/take`)
    const ended = await ana.post(`/api/incidents/${press.sosId}/false-alarm`, { reason: 'accidental' })
    expect(ended.body.incident.state).toBe('false_alarm')
    expect((await ana.post(PATH)).status).toBe(422)
  })

  test('with Postgres away an incident still opens from the room’s copy, and a purpose is refused in clear words', async () => {
    for (const database of [undefined, 'postgres://xot_writer:x@127.0.0.1:9/xot']) {
      const { ana, roomOf, env } = world()
      env.DATABASE_URL = database as string
      const refused = await ana.post(PATH, WHY)
      expect([refused.status, refused.body.error.code, refused.body.driver]).toEqual([503, 'unwritten', undefined])
      roomOf('NCR').send([aPress({ deviceId: 'ncr-0047' })])
      const shown = await ana.post(PATH)
      expect([shown.status, shown.body.driver, shown.body.vehicle.plate]).toEqual([200, DRIVER, 'NAB 1234'])
    }
  })

  test('shows nothing where it cannot be written down', async () => {
    await owner`REVOKE INSERT ON access_log FROM xot_writer`
    const unwritten = await world().ana.post(PATH, WHY)
    await owner`GRANT INSERT ON access_log TO xot_writer`
    expect([unwritten.status, unwritten.body.error.code, unwritten.body.driver]).toEqual([503, 'unwritten', undefined])
  })

  test('is for those who may, where they may', async () => {
    const statusOf = async (role: Role, path = PATH) => (await world().as(viewer('x', { role })).post(path, WHY)).status
    for (const role of ['operator', 'supervisor', 'admin', 'auditor'] as const) expect(await statusOf(role)).toBe(200)
    expect(await statusOf('trainee')).toBe(403)
    expect(await statusOf('admin', '/api/devices/ceb-1/identity')).toBe(403)
    expect(await statusOf('admin', '/api/devices/nobody/identity')).toBe(404)
  })

  test('an open incident of a region that is not theirs opens nothing', async () => {
    const { roomOf, as } = world()
    roomOf('CEB').send([aPress({ sosId: '02ab0000-0000-8000-8000-000000000001', deviceId: 'ceb-1', home: 'CEB' })])
    expect((await as(viewer('ana', { regions: ['NCR'] })).post('/api/devices/ceb-1/identity')).status).toBe(422)
    expect((await as(viewer('bea', { regions: ['CEB'] })).post('/api/devices/ceb-1/identity')).status).toBe(200)
  })
})

describe('POST /api/regions/{region}/map/identity', () => {
  const shard = () => {
    const fleet = new Fleet('NCR:0', memoryStorage(), { save: async () => {}, newEpoch: () => 77 })
    const now = Date.now()
    const position = {
      lat: 14.6,
      lng: 121,
      accuracyM: 8,
      headingDeg: null,
      speedMps: 3,
      fixedAt: now,
      batteryPct: null,
    }
    void fleet.report([
      {
        ...{ deviceId: 'ncr-0047', home: 'NCR', receivedAt: now, protocol: 'own', event: null },
        ...{ charging: null, ignition: null, position: { ...position, doubts: [] } },
      },
    ])
    return fleet
  }
  const withShard = () => {
    const made = world()
    const fleet = shard()
    const { FLEET_SHARD } = workerEnv({
      fleet: (name) => (name === 'NCR:0' ? { deviceAt: (epoch, index) => fleet.deviceAt(epoch, index) } : {}),
    })
    made.env.FLEET_SHARD = FLEET_SHARD
    return made
  }

  test('names whoever the dot was in that life of the shard, and nobody in another', async () => {
    const { ana } = withShard()
    const dot = { shard: 0, epoch: 77, index: 0 }
    const { status, body } = await ana.post(DOT, { ...dot, ...WHY })
    expect([status, body.deviceId, body.driver]).toEqual([200, 'ncr-0047', DRIVER])
    const before = (await noted()).length
    for (const other of [{ epoch: 78 }, { index: 1 }, { shard: 1 }])
      expect((await ana.post(DOT, { ...dot, ...other, ...WHY })).status).toBe(404)
    expect((await ana.post(DOT, dot)).body.error.field).toBe('purpose')
    expect((await ana.post(DOT, { epoch: 77, index: 0, ...WHY })).body.error.field).toBe('shard')
    expect((await ana.post('/api/regions/ceb/map/identity', { ...dot, ...WHY })).status).toBe(403)
    expect(await noted()).toHaveLength(before)
  })
})

describe('POST /api/regions/{region}/devices/{deviceId}/track', () => {
  const TRACK = '/api/regions/NCR/devices/ncr-0047/track'
  const incidentId = '01ab0000-0000-8000-8000-00000000000a'

  test('takes its purpose in the body, and tells what was done in its incidents without their notes', async () => {
    const T0 = Date.now() - 600_000
    const store = openPostgres(url)
    await savePositions(store.db, [aRow({ at: T0 }), aRow({ at: T0 + 5_000 })])
    await archive(store.db, [
      madeRow(incidentId, 1, { deviceId: 'ncr-0047', code: 'NCR-47', receivedAt: new Date(T0).toISOString() }),
    ])
    await owner`UPDATE incident_event SET type = 'taken', at = to_timestamp(${T0 / 1_000 + 2}),
      actor = ${owner.json({ uid: 'ana', alias: 'Desk 3', kind: 'person' })} WHERE incident = ${incidentId}`
    await store.close()
    const { status, body } = await world().ana.post(TRACK, WHY)
    expect([status, body.points.length]).toEqual([200, 2])
    expect(body.events).toEqual([
      { incidentId, code: 'NCR-47', type: 'taken', at: new Date(T0 + 2_000).toISOString(), by: 'Desk 3' },
    ])
    expect((await noted())[0]).toMatchObject({ action: 'track:read', purpose: WHY.purpose })
    expect((await world().ana.post(TRACK, {})).body.error).toMatchObject({ code: 'invalid_body', field: 'purpose' })
  })

  test('opens for an incident that only its room knows yet, also for its desk in another region, and for no other device', async () => {
    const { ana, as, roomOf } = world()
    const press = aPress({ deviceId: 'ncr-0047' })
    roomOf('NCR').send([press])
    expect((await ana.post(TRACK, { incident: press.sosId })).status).toBe(200)
    expect((await ana.post('/api/regions/NCR/devices/ncr-9/track', { incident: press.sosId })).status).toBe(422)
    expect((await as(viewer('bea', { regions: ['CEB'] })).post(TRACK, { incident: press.sosId })).status).toBe(403)
  })

  test('a file is written down as a file', async () => {
    expect((await world().ana.get(`${TRACK}?purpose=audit%202026&limit=10`)).status).toBe(200)
    const { env } = world()
    const { openSession } = await import('../../src/http/auth/session')
    const { createApp } = await import('../../src/http/app')
    const answer = await createApp().request(
      TRACK,
      {
        method: 'POST',
        body: JSON.stringify({ purpose: 'audit 2026', format: 'gpx' }),
        headers: {
          authorization: `Bearer ${openSession(env, viewer('ana'), Date.now()).token}`,
          'content-type': 'application/json',
        },
      },
      env,
    )
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/gpx+xml; charset=utf-8'])
    expect((await noted())[0]?.purpose).toBe('audit 2026; as gpx')
  })
})
