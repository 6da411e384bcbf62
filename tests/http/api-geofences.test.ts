// Geofences over HTTP before a real Postgres; fleet shards answer what a test says, and remember what they were told.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import Ajv2020 from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import postgres from 'postgres'
import type { Role } from '../../src/domain/access'
import type { FenceList } from '../../src/domain/fence-record'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import type { Env } from '../../src/http/env'
import { saveFenceEvents } from '../../src/store/geofence-events'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { viewer } from '../support/made-up'
import { testDatabase } from '../support/postgres'
import { workerEnv } from '../support/worker-env'
import type { Body } from './api-support'

const app = createApp()
const PATH = '/api/regions/NCR/geofences'
const EVENTS = '/api/regions/NCR/geofence-events'
const CORNERS = [
  { lat: 14.5955, lng: 121.0554 },
  { lat: 14.5955, lng: 121.0646 },
  { lat: 14.6045, lng: 121.0646 },
  { lat: 14.6045, lng: 121.0554 },
]
const DRAWN = { name: 'Depot Pasig', kind: 'keep_in', corners: CORNERS }

const told: [shard: string, FenceList][] = []
let inside: Record<string, Record<string, number> | 'away'> = {}
let env: Env
let owner: postgres.Sql
let store: Postgres

beforeAll(async () => {
  const urls = await testDatabase()
  owner = postgres(urls.owner, { max: 1, onnotice: () => {} })
  store = openPostgres(urls.writer)
  env = towerWith({ DATABASE_URL: urls.writer })
}, 60_000)
afterAll(async () => {
  await store.close()
  await owner.end({ timeout: 5 })
})

const towerWith = (settings: Partial<Env>): Env =>
  workerEnv(
    {
      room: () => ({ sessionHolds: async () => true }),
      fleet: (name) => ({
        fences: async (list) => {
          told.push([name, list])
        },
        insideFences: async () => {
          const counts = inside[name] ?? {}
          if (counts === 'away') throw new Error('away')
          return counts
        },
      }),
    },
    { FLEET_SHARDS: '2', ...settings },
  )

async function ask(method: string, path: string, body?: unknown, role: Role = 'supervisor', at: Env = env) {
  const { token } = openSession(at, viewer(`of-${role}`, { role }), Date.now())
  const answer = await app.request(
    path,
    {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    at,
  )
  const text = await answer.text()
  return { status: answer.status, body: (text ? JSON.parse(text) : null) as Body }
}
const made = async (changes: object = {}): Promise<Body> => {
  const { status, body } = await ask('POST', PATH, { ...DRAWN, ...changes })
  expect(status).toBe(201)
  return body
}

describe('a geofence over the API', () => {
  test('is drawn, listed with who is inside, changed and taken away, and every shard hears of it', async () => {
    told.length = 0
    const fence = await made()
    expect(fence).toMatchObject({ ...DRAWN, region: 'NCR', active: true, madeBy: 'of-supervisor', inside: 0 })
    expect(told.map(([shard, list]) => [shard, list.fences.map(({ name }) => name)])).toEqual([
      ['NCR:0', ['Depot Pasig']],
      ['NCR:1', ['Depot Pasig']],
    ])
    inside = { 'NCR:0': { [fence.id]: 3 }, 'NCR:1': { [fence.id]: 4 } }
    expect((await ask('GET', PATH, undefined, 'operator')).body.geofences).toEqual([{ ...fence, inside: 7 }])
    inside = { 'NCR:0': 'away' }
    expect((await ask('GET', PATH)).body.geofences[0].inside).toBeNull()
    inside = {}

    const renamed = await ask('PUT', `${PATH}/${fence.id}`, {
      ...DRAWN,
      name: 'Port',
      active: false,
      version: fence.version,
    })
    expect([renamed.status, renamed.body.name, renamed.body.active]).toEqual([200, 'Port', false])
    expect(told.at(-1)?.[1].fences).toEqual([])
    const late = await ask('PUT', `${PATH}/${fence.id}`, { ...DRAWN, version: fence.version })
    expect([late.status, late.body.error.field]).toEqual([409, 'version'])

    expect((await ask('DELETE', `${PATH}/${fence.id}`)).status).toBe(204)
    expect((await ask('DELETE', `${PATH}/${fence.id}`)).status).toBe(404)
    expect((await ask('GET', PATH)).body.geofences).toEqual([])
  })

  test('made again with the same id is the same one', async () => {
    const id = crypto.randomUUID()
    const first = await made({ id })
    expect(await made({ id, name: 'Again' })).toEqual(first)
    await ask('DELETE', `${PATH}/${id}`)
  })

  test('that cannot be one is refused by the name of what is wrong', async () => {
    const many = Array.from({ length: 201 }, (_, n) => ({
      lat: 14.6 + 0.01 * Math.cos((n / 201) * 2 * Math.PI),
      lng: 121 + 0.01 * Math.sin((n / 201) * 2 * Math.PI),
    }))
    const [a, b, c, d] = CORNERS
    const WRONG: [object, string, string][] = [
      [{ name: '' }, 'name', 'invalid_body'],
      [{ name: 'x'.repeat(81) }, 'name', 'invalid_body'],
      [{ kind: 'wall' }, 'kind', 'invalid_body'],
      [{ corners: 'here' }, 'corners', 'invalid_body'],
      [{ corners: [{ lat: 14.6 }] }, 'corners.0.lng', 'invalid_body'],
      [{ corners: [a, b] }, 'corners', 'fence_few_corners'],
      [{ corners: [a, c, b, d] }, 'corners', 'fence_crosses_itself'],
      [{ corners: many }, 'corners', 'fence_many_corners'],
      [{ corners: [a, b, { lat: 51.5, lng: 0 }] }, 'corners', 'fence_outside'],
      [
        { corners: CORNERS.map(({ lat, lng }) => ({ lat: lat / 1e4 + 14.6, lng: lng / 1e4 + 121 })) },
        'corners',
        'fence_too_small',
      ],
    ]
    for (const [change, field, code] of WRONG) {
      const { status, body } = await ask('POST', PATH, { ...DRAWN, ...change })
      expect([code, status, body.error.field, body.error.code]).toEqual([code, 422, field, code])
    }
    expect((await ask('GET', PATH)).body.geofences).toEqual([])
  })

  test('is for those who may, where they may', async () => {
    for (const role of ['operator', 'trainee', 'auditor'] as const) {
      expect((await ask('POST', PATH, DRAWN, role)).status).toBe(403)
      expect((await ask('GET', PATH, undefined, role)).status).toBe(200)
    }
    for (const [method, path] of [
      ['GET', '/api/regions/CEB/geofences'],
      ['POST', '/api/regions/CEB/geofences'],
      ['GET', '/api/regions/CEB/geofence-events'],
    ] as const)
      expect((await ask(method, path, method === 'POST' ? DRAWN : undefined)).status).toBe(403)
    expect((await ask('GET', '/api/regions/Cavite/geofences')).status).toBe(404)
    // Of another region, whose person this is not: as if it were not there.
    const { body } = await ask('POST', PATH, DRAWN)
    await owner`UPDATE geofence SET region = 'CEB' WHERE id = ${body.id}`
    expect((await ask('PUT', `${PATH}/${body.id}`, DRAWN)).status).toBe(404)
    expect((await ask('DELETE', `${PATH}/${body.id}`)).status).toBe(404)
  })

  test('is 503 where Postgres is away, for reading and for drawing', async () => {
    for (const at of [towerWith({}), towerWith({ DATABASE_URL: 'postgres://xot_writer:x@127.0.0.1:9/xot' })]) {
      expect((await ask('GET', PATH, undefined, 'supervisor', at)).status).toBe(503)
      expect((await ask('POST', PATH, DRAWN, 'supervisor', at)).status).toBe(503)
    }
  })
})

describe('what was crossed', () => {
  const T0 = Date.now() - 300_000
  let fenceId = ''
  beforeAll(async () => {
    fenceId = (await made({ name: 'Mall' })).id
    await saveFenceEvents(
      store.db,
      Array.from({ length: 5 }, (_, n) => ({
        region: 'NCR' as const,
        deviceId: `ncr-${n}`,
        fenceId,
        event: n % 2 === 0 ? ('enter' as const) : ('exit' as const),
        at: T0 + n * 1_000,
        receivedAt: T0 + n * 1_000 + 200,
        lat: 14.6,
        lng: 121.06,
      })),
    )
  })
  const noted = () => owner`SELECT actor_uid, action, subject, purpose FROM access_log ORDER BY at DESC`

  test('comes oldest first without whose vehicles they were, and nobody needs to write anything down', async () => {
    const { status, body } = await ask('GET', EVENTS, undefined, 'operator')
    expect(status).toBe(200)
    expect(body.events.map((each: Body) => [each.event, each.name, each.deviceId])).toEqual([
      ['enter', 'Mall', null],
      ['exit', 'Mall', null],
      ['enter', 'Mall', null],
      ['exit', 'Mall', null],
      ['enter', 'Mall', null],
    ])
    expect(JSON.stringify(body)).not.toContain('ncr-')
    expect(await noted()).toHaveLength(0)
  })

  test('names devices for a purpose, which is written down first', async () => {
    const { body } = await ask('GET', `${EVENTS}?purpose=complaint%2012&geofence=${fenceId}`, undefined, 'operator')
    expect(body.events[0].deviceId).toBe('ncr-0')
    expect((await noted())[0]).toEqual({
      actor_uid: 'of-operator',
      action: 'track:read',
      subject: `geofence:${fenceId}`,
      purpose: 'complaint 12',
    })
    expect((await ask('GET', `${EVENTS}?purpose=curious`, undefined, 'trainee')).status).toBe(403)
  })

  test('is cut to the time and count that were asked for, and says where to go on', async () => {
    const since = encodeURIComponent(new Date(T0 + 1_200).toISOString())
    const { body } = await ask('GET', `${EVENTS}?since=${since}&limit=2`)
    expect(body.events.map((each: Body) => Date.parse(each.at) - T0)).toEqual([1_000, 2_000])
    const rest = await ask('GET', `${EVENTS}?since=${encodeURIComponent(body.next)}`)
    expect(rest.body.events).toHaveLength(2)
    expect(rest.body.next).toBeNull()
  })

  test('with a wrong query is refused by the name of what is wrong', async () => {
    const WRONG = {
      'since=yesterday': 'since',
      'purpose=ab': 'purpose',
      'limit=0': 'limit',
      'geofence=Mall': 'geofence',
    }
    for (const [query, field] of Object.entries(WRONG)) {
      const { status, body } = await ask('GET', `${EVENTS}?${query}`)
      expect([query, status, body.error.field]).toEqual([query, 422, field])
    }
  })
})

test('answers fit the document', async () => {
  const document = (await (await app.request('/openapi.json', {}, env)).json()) as Record<string, unknown>
  const ajv = addFormats(new Ajv2020({ strict: false })).addSchema(document, 'doc')
  const fits = (name: string) => ajv.compile({ $ref: `doc#/components/schemas/${name}` })
  const list = (await ask('GET', PATH)).body
  expect(fits('Geofences')(list)).toBe(true)
  expect(fits('Geofences')({ geofences: [{ ...list.geofences[0], kind: 'wall' }] })).toBe(false)
  expect(fits('GeofenceEvents')((await ask('GET', EVENTS)).body)).toBe(true)
})
