// Where a device was, over HTTP before a real Postgres: who may open it, what for, and that it is written down.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import Ajv2020 from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import postgres from 'postgres'
import type { Role } from '../../src/domain/access'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import { archive } from '../../src/store/archive'
import { savePositions } from '../../src/store/positions'
import { openPostgres } from '../../src/store/postgres'
import { aPress, viewer } from '../support/made-up'
import { madeRow } from '../support/outbox'
import { aRow } from '../support/positions'
import { testDatabase } from '../support/postgres'
import { tower } from './api-support'

const T0 = Date.now() - 3_600_000
const INCIDENT = '01ab0000-0000-8000-8000-000000000001'
const WHY = 'purpose=complaint%2012'
const PATH = '/api/regions/ncr/devices/ncr-0047/track'

const world = tower()
let owner: postgres.Sql

beforeAll(async () => {
  const urls = await testDatabase()
  owner = postgres(urls.owner, { max: 1, onnotice: () => {} })
  world.env.DATABASE_URL = urls.writer
  const store = openPostgres(urls.writer)
  await savePositions(
    store.db,
    Array.from({ length: 30 }, (_, n) => aRow({ at: T0 + n * 1_000, event: n === 7 ? 'moving' : null })),
  )
  await archive(store.db, [
    madeRow(INCIDENT, 1, { deviceId: 'ncr-0047', code: 'NCR-47', receivedAt: new Date(T0 + 5_000).toISOString() }),
  ])
  await store.close()
  await owner`INSERT INTO device (id, region) VALUES ('ncr-quiet', 'NCR')`
}, 60_000)
afterAll(() => owner.end({ timeout: 5 }))

const noted = () =>
  owner<Record<string, string>[]>`SELECT region, actor_uid, action, subject, purpose FROM access_log ORDER BY at DESC`
const app = createApp()
const file = (query: string) => {
  const { token } = openSession(world.env, viewer('ana'), Date.now())
  return app.request(`${PATH}?${WHY}&${query}`, { headers: { authorization: `Bearer ${token}` } }, world.env)
}

/** Pressed a minute ago and taken by ana; the archive does not have it. */
function takenIncident(): string {
  const { room, clock, send } = world.roomOf('NCR')
  const known = room.queue(1)[0]?.id
  if (known) return known
  clock.now = Date.now() - 60_000
  const sosId = '01cd0000-0000-8000-8000-000000000001'
  send([aPress({ sosId, deviceId: 'ncr-0047', receivedAt: clock.now, position: null })])
  clock.now += 1_000
  room.act(sosId, { type: 'take' }, viewer('ana'))
  return sosId
}

describe('GET /api/regions/{region}/devices/{deviceId}/track', () => {
  test('answers the last day with its presses, and has written down who looked and what for', async () => {
    const { status, body } = await world.ana.get(`${PATH}?${WHY}`)
    expect(status).toBe(200)
    expect(body.points).toHaveLength(30)
    expect(body.points[7]).toMatchObject({ at: new Date(T0 + 7_000).toISOString(), event: 'moving', speedMps: 12.5 })
    expect(body.sos).toMatchObject([{ incidentId: INCIDENT, code: 'NCR-47', at: new Date(T0 + 5_000).toISOString() }])
    expect(body).toMatchObject({ region: 'NCR', deviceId: 'ncr-0047', next: null })
    expect((await noted())[0]).toEqual({
      region: 'NCR',
      actor_uid: 'ana',
      action: 'track:read',
      subject: 'device:ncr-0047',
      purpose: 'complaint 12',
    })
  })

  test('answers what the document says', async () => {
    const document = (await (await world.anonymous('/openapi.json')).json()) as Record<string, unknown>
    const ajv = addFormats(new Ajv2020({ strict: false })).addSchema(document, 'doc')
    const fits = ajv.compile({ $ref: 'doc#/components/schemas/Track' })
    const { body } = await world.ana.get(`${PATH}?${WHY}`)
    expect(fits(body)).toBe(true)
    expect(fits({ ...body, points: [{ ...body.points[0], lat: 'north' }] })).toBe(false)
  })

  test('cuts to the time and count that were asked for, and says where to go on', async () => {
    const moment = (s: number) =>
      encodeURIComponent(new Date(T0 + s * 1_000 + 8 * 3_600_000).toISOString().replace('Z', '+08:00'))
    const { body } = await world.ana.get(`${PATH}?${WHY}&from=${moment(10)}&to=${moment(25)}&limit=10`)
    expect(body.points).toHaveLength(10)
    expect(body.points[0].at).toBe(new Date(T0 + 10_000).toISOString())
    const rest = await world.ana.get(`${PATH}?${WHY}&from=${body.next}&to=${moment(25)}`)
    expect(rest.body.points).toHaveLength(5)
  })

  test('opens for an incident that is about the device, and for no other', async () => {
    const { status } = await world.ana.get(`${PATH}?incident=${INCIDENT.toUpperCase()}`)
    expect(status).toBe(200)
    const before = await noted()
    expect(before[0]?.purpose).toBe(`incident ${INCIDENT}`)
    const other = await world.ana.get(`/api/regions/NCR/devices/ncr-quiet/track?incident=${INCIDENT}`)
    expect([other.status, other.body.error.field]).toEqual([422, 'incident'])
    expect(await noted()).toHaveLength(before.length)
  })

  test('comes as a GPX or GeoJSON file', async () => {
    const gpx = await file('format=gpx')
    expect(gpx.status).toBe(200)
    expect(gpx.headers.get('content-type')).toContain('application/gpx+xml')
    expect(gpx.headers.get('content-disposition')).toBe(
      `attachment; filename="track-ncr-0047-${new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)}.gpx"`,
    )
    expect((await gpx.text()).match(/<trkpt /g)).toHaveLength(30)
    const geo = await file('format=geojson&limit=10')
    expect(geo.headers.get('content-type')).toContain('application/geo+json')
    expect(geo.headers.get('x-next')).toBe(new Date(T0 + 10_000).toISOString())
    const { features } = (await geo.json()) as { features: { properties: { role: string } }[] }
    expect(features.map(({ properties }) => properties.role)).toEqual(['track', 'sos', 'event'])
  })

  test('without a purpose or with a wrong query is refused by the name of what is wrong, and nothing is shown', async () => {
    const before = await noted()
    const day = '2026-11-22T00:00:00Z'
    const WRONG: Record<string, string> = {
      '': 'purpose',
      'purpose=ab': 'purpose',
      'purpose=%20%20%20': 'purpose',
      [`purpose=${'x'.repeat(201)}`]: 'purpose',
      'incident=NCR-47': 'incident',
      [`${WHY}&from=yesterday`]: 'from',
      [`${WHY}&from=${day}&to=${day}`]: 'from',
      [`${WHY}&from=2026-10-01T00:00:00Z&to=${day}`]: 'from',
      [`${WHY}&format=kml`]: 'format',
      [`${WHY}&limit=20001`]: 'limit',
    }
    for (const [query, field] of Object.entries(WRONG)) {
      const { status, body } = await world.ana.get(`${PATH}?${query}`)
      expect([query, status, body.error.field, body.points]).toEqual([query, 422, field, undefined])
    }
    // A body that is not there has no purpose either.
    for (const none of [undefined, {}]) {
      const { status, body } = await world.ana.post(PATH, none)
      expect([none, status, body.error.field, body.points]).toEqual([none, 422, 'purpose', undefined])
    }
    expect(await noted()).toHaveLength(before.length)
  })

  test('is for those who may read it, where they may', async () => {
    const statusOf = async (role: Role, path = PATH) =>
      (await world.as(viewer('x', { role })).get(`${path}?${WHY}`)).status
    for (const role of ['operator', 'supervisor', 'admin', 'auditor'] as const) expect(await statusOf(role)).toBe(200)
    expect(await statusOf('trainee')).toBe(403)
    expect(await statusOf('admin', '/api/regions/CEB/devices/ncr-0047/track')).toBe(403)
    expect((await world.anonymous(`${PATH}?${WHY}`)).status).toBe(401)
  })

  test('a device that stood still is an empty track, one that is not there is 404', async () => {
    const quiet = await world.ana.get(`/api/regions/NCR/devices/ncr-quiet/track?${WHY}`)
    expect([quiet.status, quiet.body.points]).toEqual([200, []])
    const unknown = await world.ana.get(`/api/regions/NCR/devices/nobody/track?${WHY}`)
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'unknown_device'])
    expect((await world.ana.get(`/api/regions/Cavite/devices/ncr-0047/track?${WHY}`)).status).toBe(404)
  })

  test('of an incident has what its room knows and the archive does not yet', async () => {
    const id = takenIncident()
    const { status, body } = await world.ana.get(`${PATH}?incident=${id}`)
    expect(status).toBe(200)
    expect(body.points).toHaveLength(30)
    expect(body.sos.map(({ incidentId }: { incidentId: string }) => incidentId)).toContain(id)
    expect(body.events).toContainEqual(expect.objectContaining({ incidentId: id, type: 'taken', by: 'Desk ana' }))
    expect(body.incomplete).toBeUndefined()
  })

  test('of an incident whose history is away is what its room holds, and says that more is missing', async () => {
    const id = takenIncident()
    for (const url of [undefined, 'postgres://xot_writer:x@127.0.0.1:9/xot']) {
      const before = world.env.DATABASE_URL
      if (url === undefined) delete world.env.DATABASE_URL
      else world.env.DATABASE_URL = url
      const { status, body } = await world.ana.get(`${PATH}?incident=${id}`)
      const gpx = await world.ana.get(`${PATH}?incident=${id}&format=gpx`)
      const other = await world.ana.get(`/api/regions/NCR/devices/ncr-quiet/track?incident=${id}`)
      if (before !== undefined) world.env.DATABASE_URL = before
      expect([status, body.incomplete, body.points]).toEqual([200, true, []])
      expect(body.sos).toMatchObject([{ incidentId: id }])
      expect(body.events).toContainEqual(expect.objectContaining({ type: 'taken', by: 'Desk ana' }))
      expect([gpx.status, other.status]).toEqual([503, 503])
    }
  })

  test('shows nothing where it cannot be written down, and says 503 where Postgres is away', async () => {
    await owner`REVOKE INSERT ON access_log FROM xot_writer`
    const unwritten = await world.ana.get(`${PATH}?${WHY}`)
    expect([unwritten.status, unwritten.body.points]).toEqual([500, undefined])
    await owner`GRANT INSERT ON access_log TO xot_writer`
    const away = tower()
    expect((await away.ana.get(`${PATH}?${WHY}`)).status).toBe(503)
    away.env.DATABASE_URL = 'postgres://xot_writer:x@127.0.0.1:9/xot'
    expect((await away.ana.get(`${PATH}?${WHY}`)).status).toBe(503)
  })
})
