// Listing, opening and writing down incidents; regions, their logs, and unverified presses.

import { describe, expect, test } from 'bun:test'
import type { UnverifiedPress } from '../../src/domain/press'
import { aPress, inCebu, NOON, viewer } from '../support/made-up'
import { tower } from './api-support'

const inBoth = viewer('bo', { regions: ['NCR', 'CEB'] })
/** An id of a press whose room is Cebu. */
const cebuano = (n: number) => `0200000${n}-0000-8000-8000-000000000000`
const codes = (body: { incidents: { code: string }[] }) => body.incidents.map(({ code }) => code)

describe('GET /api/incidents', () => {
  test('lists the open ones of one’s first region in queue order, with the room’s epoch and seq', async () => {
    const { roomOf, ana } = tower()
    const ncr = roomOf('NCR')
    const flood = aPress({ kind: 'flood', deviceId: 'd-flood' })
    const [first, second] = [aPress({ deviceId: 'd-1' }), aPress({ deviceId: 'd-2' })]
    ncr.send([flood, first])
    ncr.clock.now += 1_000
    ncr.send([{ ...second, receivedAt: ncr.clock.now }])
    ncr.room.act(first.sosId, { type: 'take' }, viewer('ana'))
    const { status, body } = await ana.get('/api/incidents')
    expect(status).toBe(200)
    expect(body.incidents.map(({ id }: { id: string }) => id)).toEqual([second.sosId, first.sosId, flood.sosId])
    expect(body.at).toEqual({ epoch: ncr.room.log.epoch, seq: ncr.room.log.seq })
    expect(body.incidents[1]).toMatchObject({ owner: { uid: 'ana' }, pressCount: 1, region: 'NCR', seq: body.at.seq })
  })

  test('several regions come as one list, an incident of both once', async () => {
    const { roomOf, as } = tower()
    const guest = aPress({ deviceId: 'd-guest', position: inCebu })
    roomOf('NCR').send([guest, aPress({ kind: 'flood', deviceId: 'd-flood' })])
    const card = roomOf('NCR').room.incidents.summary(guest.sosId)
    if (!card) throw new Error('the press made no incident')
    roomOf('CEB').room.takeMirrored([card])
    roomOf('CEB').send([aPress({ sosId: cebuano(1), home: 'CEB', deviceId: 'd-c', position: inCebu, kind: 'other' })])
    for (const region of ['NCR,CEB', 'all', 'ceb,ncr-manila']) {
      const { body } = await as(inBoth).get(`/api/incidents?region=${region}`)
      expect(codes(body).toSorted()).toEqual(['CEB-1', 'NCR-1', 'NCR-2'])
      expect(body.incidents[0].id).toBe(guest.sosId)
      expect(body.rooms.map(({ region }: { region: string }) => region).toSorted()).toEqual(['CEB', 'NCR'])
    }
  })

  test('a region that is away hides no other; alone it is 503', async () => {
    const { roomOf, as, away } = tower()
    roomOf('NCR').send([aPress()])
    away.add('CEB')
    const { status, body } = await as(inBoth).get('/api/incidents?region=CEB,NCR')
    expect([status, codes(body), body.away, body.at.epoch]).toEqual([
      200,
      ['NCR-1'],
      ['CEB'],
      roomOf('NCR').room.log.epoch,
    ])
    expect((await as(inBoth).get('/api/incidents?region=CEB')).status).toBe(503)
  })

  test('filters by status and by words', async () => {
    const { roomOf, ana } = tower()
    const [gone, open] = [aPress({ deviceId: 'd-gone', safeToTalk: true }), aPress({ deviceId: 'd-open' })]
    roomOf('NCR').send([gone, open])
    roomOf('NCR').room.act(gone.sosId, { type: 'safe', confirmedBy: 'own_voice' }, viewer('ana'))
    const ids = async (query: string) =>
      (await ana.get(`/api/incidents?${query}`)).body.incidents.map(({ id }: { id: string }) => id)
    expect(await ids('status=open')).toEqual([open.sosId])
    expect(await ids('status=safe')).toEqual([gone.sosId])
    expect(await ids('status=all')).toHaveLength(2)
    expect(await ids('status=all&q=D-GONE')).toEqual([gone.sosId])
    expect(await ids('status=all&q=d-gone%20ncr-9')).toEqual([])
    expect(await ids('status=all&limit=1')).toHaveLength(1)
    expect(await ids('status=duplicate')).toEqual([])
  })

  test('refuses foreign regions and wrong queries', async () => {
    const { ana, anonymous } = tower()
    const foreign = await ana.get('/api/incidents?region=NCR,DVO')
    expect([foreign.status, foreign.body.error.code]).toEqual([403, 'foreign_region'])
    const WRONG = { 'region=Cavite': 'region', 'status=closing': 'status', 'limit=0': 'limit', 'limit=many': 'limit' }
    for (const [query, field] of Object.entries(WRONG)) {
      const { status, body } = await ana.get(`/api/incidents?${query}`)
      expect([status, body.error.code, body.error.field]).toEqual([422, 'invalid_query', field])
    }
    expect((await ana.get('/api/incidents?region=Cavite')).body.error.message).toBe(
      'region must be one or several of NCR, CEB, DVO, ILO, or all.',
    )
    expect((await anonymous('/api/incidents')).status).toBe(401)
  })

  test('a person without a region is told so', async () => {
    const { as } = tower()
    const { status } = await as(viewer('nobody', { regions: [] })).get('/api/incidents')
    expect(status).toBe(403)
  })
})

describe('GET /api/incidents/{id}', () => {
  test('gives the incident with its events, and writes down who looked', async () => {
    const { roomOf, ana } = tower()
    const press = aPress()
    roomOf('NCR').send([press])
    const { status, body } = await ana.get(`/api/incidents/${press.sosId.toUpperCase()}`)
    expect(status).toBe(200)
    expect(body.incident).toMatchObject({ id: press.sosId, code: 'NCR-1', state: 'new' })
    expect(body.events.map(({ type }: { type: string }) => type)).toEqual(['created', 'looked'])
    expect(body.events[0]).toMatchObject({ at: new Date(NOON).toISOString(), actor: { uid: 'presser' }, seq: 2 })
    expect(body.at.seq).toBe(roomOf('NCR').room.log.seq)
  })

  test('is 404 for what does not exist, 403 abroad', async () => {
    const { roomOf, ana, as } = tower()
    const press = aPress()
    roomOf('NCR').send([press])
    for (const id of ['01ffffff-0000-8000-8000-000000000000', 'x', 'NCR-1']) {
      expect((await ana.get(`/api/incidents/${id}`)).status).toBe(404)
    }
    const seq = roomOf('NCR').room.log.seq
    const abroad = await as(viewer('cy', { regions: ['CEB'] })).get(`/api/incidents/${press.sosId}`)
    expect([abroad.status, Object.keys(abroad.body)]).toEqual([403, ['error']])
    expect(roomOf('NCR').room.log.seq).toBe(seq)
  })
})

describe('POST /api/incidents', () => {
  const CALL = {
    reporter: 'passenger',
    kind: 'medical',
    note: 'Driver fainted',
    phone: '+63 900 000 0001',
    plate: 'NAB 1234',
    position: { lat: 14.6, lng: 121.0 },
    requestId: 'call-1',
  }

  test('makes one incident of a request, however often it comes: 201, then 200', async () => {
    const { ana, roomOf } = tower()
    const first = await ana.post('/api/incidents', CALL)
    expect(first.status).toBe(201)
    expect(first.body.incident).toMatchObject({
      state: 'new',
      kind: 'medical',
      reporter: 'passenger',
      door: 'phone',
      region: 'NCR',
      flags: ['by_phone'],
      position: { lat: 14.6, lng: 121.0 },
      note: expect.stringContaining('Driver fainted'),
    })
    const again = await ana.post('/api/incidents', CALL)
    expect([again.status, again.body.incident.id]).toEqual([200, first.body.incident.id])
    expect(roomOf('NCR').room.counts().open).toBe(1)
  })

  test('the header Idempotency-Key is a requestId', async () => {
    const { ana } = tower()
    const call = { kind: 'crash' }
    const first = await ana.post('/api/incidents', call, { 'idempotency-key': 'k1' })
    const again = await ana.post('/api/incidents', call, { 'idempotency-key': 'k1' })
    const other = await ana.post('/api/incidents', call, { 'idempotency-key': 'k2' })
    expect([first.status, again.status, other.status]).toEqual([201, 200, 201])
    expect(again.body.incident.id).toBe(first.body.incident.id)
    expect(other.body.incident.id).not.toBe(first.body.incident.id)
  })

  test('what is not known counts as the gravest, and two calls without a key are two', async () => {
    const { ana } = tower()
    const [one, two] = [await ana.post('/api/incidents'), await ana.post('/api/incidents', {})]
    expect([one.status, two.status]).toEqual([201, 201])
    expect(one.body.incident).toMatchObject({ kind: 'panic', reporter: 'unenrolled', priority: 'P1' })
    expect(one.body.incident.id).not.toBe(two.body.incident.id)
  })

  test('who has several regions must name one, and it must be theirs', async () => {
    const { as } = tower()
    const nameless = await as(inBoth).post('/api/incidents', { kind: 'fire' })
    expect([nameless.status, nameless.body.error]).toEqual([
      422,
      { code: 'invalid_body', message: 'region is missing.', field: 'region' },
    ])
    expect((await as(inBoth).post('/api/incidents', { region: 'cebu' })).body.incident.region).toBe('CEB')
    expect((await as(inBoth).post('/api/incidents', { region: 'DVO' })).status).toBe(403)
    expect((await as(inBoth).post('/api/incidents', { region: 'Cavite' })).body.error.field).toBe('region')
    expect((await as(viewer('au', { role: 'auditor' })).post('/api/incidents', {})).status).toBe(403)
  })

  test('a wrong place names its part', async () => {
    const { ana } = tower()
    const { status, body } = await ana.post('/api/incidents', { position: { lat: 91, lng: 121 } })
    expect([status, body.error]).toEqual([
      422,
      { code: 'invalid_body', message: 'position.lat must be at most 90.', field: 'position.lat' },
    ])
  })
})

describe('GET /api/regions', () => {
  test('names all, and says what one may do in one’s own', async () => {
    const { as } = tower()
    const { body } = await as(viewer('tim', { role: 'trainee', regions: ['CEB'] })).get('/api/regions')
    expect(body.regions.map(({ id, mine, rights }: Record<string, unknown>) => [id, mine, rights])).toEqual([
      ['NCR', false, []],
      ['CEB', true, ['incident:see', 'unverified:see', 'geofence:see', 'page:see', 'rota:see', 'agency:see']],
      ['DVO', false, []],
      ['ILO', false, []],
    ])
  })
})

describe('GET /api/regions/{region}/log', () => {
  const auditor = viewer('au', { role: 'auditor' })

  test('pages through the raw chain', async () => {
    const { roomOf, as } = tower()
    roomOf('NCR').send([aPress({ deviceId: 'a' }), aPress({ deviceId: 'b' }), aPress({ deviceId: 'c' })])
    const page = await as(auditor).get('/api/regions/ncr/log?limit=3')
    expect(page.body.events.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2, 3])
    const rest = await as(auditor).get(`/api/regions/NCR/log?from=${page.body.next}&limit=3`)
    expect(rest.body.events[0].prevHash).toBe(page.body.events[2].hash)
    expect(rest.body.next).toBeNull()
  })

  test('is for those who may read it, where they may', async () => {
    const { ana, as } = tower()
    expect((await ana.get('/api/regions/NCR/log')).status).toBe(403)
    expect((await as(auditor).get('/api/regions/CEB/log')).status).toBe(403)
    expect((await as(auditor).get('/api/regions/Cavite/log')).status).toBe(404)
    expect((await as(auditor).get('/api/regions/NCR/log?from=last')).body.error.field).toBe('from')
  })
})

describe('unverified presses', () => {
  const cry: UnverifiedPress = {
    source: '203.0.113.9',
    door: 'api',
    kind: 'panic',
    position: null,
    note: 'help',
    receivedAt: NOON,
  }
  const cried = () => {
    const world = tower()
    world.roomOf('NCR').send([], { intake: 'NCR:u0', unverified: { count: 37, latest: [cry] } })
    return world
  }

  test('are counted, and one that is real becomes a quiet incident, once', async () => {
    const { ana } = cried()
    const { body } = await ana.get('/api/unverified?region=NCR')
    expect(body).toEqual({
      region: 'NCR',
      count: 37,
      latest: [{ ...cry, receivedAt: new Date(NOON).toISOString() }],
    })
    const [{ source, receivedAt }] = body.latest
    const promoted = await ana.post('/api/unverified/promote', { region: 'NCR', source, receivedAt })
    expect(promoted.status).toBe(200)
    expect(promoted.body.incident).toMatchObject({
      contactPolicy: 'quiet',
      flags: expect.arrayContaining(['promoted']),
    })
    const again = await ana.post('/api/unverified/promote', { region: 'NCR', source, receivedAt: NOON })
    expect(again.body.incident.id).toBe(promoted.body.incident.id)
  })

  test('are refused abroad, to those without the right, and where there is no such press', async () => {
    const { ana, as } = cried()
    const claim = { region: 'NCR', source: cry.source, receivedAt: NOON }
    expect((await ana.get('/api/unverified?region=CEB')).status).toBe(403)
    expect((await ana.get('/api/unverified?region=Cavite')).body.error.field).toBe('region')
    expect((await as(viewer('au', { role: 'auditor' })).get('/api/unverified')).status).toBe(403)
    expect((await as(viewer('tim', { role: 'trainee' })).post('/api/unverified/promote', claim)).status).toBe(403)
    expect((await ana.post('/api/unverified/promote', { ...claim, region: 'CEB' })).status).toBe(403)
    const unknown = await ana.post('/api/unverified/promote', { ...claim, source: 'nobody' })
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'unknown_press'])
    const bad = await ana.post('/api/unverified/promote', { ...claim, receivedAt: 'noon' })
    expect([bad.status, bad.body.error.field]).toEqual([422, 'receivedAt'])
  })
})
