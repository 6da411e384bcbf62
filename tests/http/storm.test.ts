// A storm over HTTP: what people at desks switch, lease and group, and what a presser in line answers.

import { describe, expect, test } from 'bun:test'
import { AreasDesk } from '../../src/room/areas-desk'
import { aPress, viewer } from '../support/made-up'
import { openRoom } from '../support/room'
import { type Body, tower as openTower, stormRpc } from './api-support'
import { bearer, setUp } from './doors-support'

const boss = viewer('boss', { role: 'supervisor' })

function tower() {
  const opened = openTower()
  const room = opened.roomOf('NCR')
  return { ...opened, room, boss: opened.as(boss) }
}

let n = 0
const flood = (at: ReturnType<typeof tower>, count: number) => {
  const presses = Array.from({ length: count }, () => aPress({ deviceId: `dev-${++n}`, kind: 'flood' }))
  at.room.send(presses)
  return presses.map(({ sosId }) => sosId)
}

describe('a storm in the API', () => {
  test('is read by whoever sees incidents, and switched by supervisors of the region', async () => {
    const at = tower()
    flood(at, 11)
    at.room.pass(2_000)
    expect((await at.ana.get('/api/regions/NCR/storm')).body).toMatchObject({
      storm: { on: false, offered: true, waiting: 11 },
      situations: [],
    })
    expect((await at.ana.post('/api/regions/NCR/storm', { on: true })).status).toBe(403)
    expect((await at.boss.post('/api/regions/CEB/storm', { on: true })).status).toBe(403)
    expect((await at.boss.post('/api/regions/NCR/storm', { on: 'yes' })).status).toBe(422)
    const on = await at.boss.post('/api/regions/ncr/storm', { on: true, reason: 'typhoon' })
    expect(on).toMatchObject({ status: 200, body: { storm: { on: true, by: 'Desk boss', reason: 'typhoon' } } })
    expect((await at.boss.post('/api/regions/NCR/storm', { on: false })).body.storm.on).toBe(false)
  })

  test('NEXT gives each person another incident, and null when nobody is left', async () => {
    const at = tower()
    const ids = flood(at, 2)
    const next = async (uid: string) => (await at.as(viewer(uid)).post('/api/regions/NCR/next')).body as Body
    const first = await next('ana')
    expect(first.incident).toMatchObject({ id: ids[0], leased: { uid: 'ana' } })
    expect(Date.parse(first.until)).toBe(at.room.clock.now + 30_000)
    expect((await next('ben')).incident.id).toBe(ids[1])
    expect(await next('cy')).toEqual({ incident: null, until: null })
    expect((await at.as(viewer('t', { role: 'trainee' })).post('/api/regions/NCR/next')).status).toBe(403)
  })

  test('a situation is made, joined, read, renamed, left and ended', async () => {
    const at = tower()
    const ids = flood(at, 3)
    const make = { requestId: 'r-1', name: ' Flood España 112 ', kind: 'flood', incidentIds: ids.slice(0, 1) }
    expect((await at.ana.post('/api/regions/NCR/situations', make)).status).toBe(403)
    const made = await at.boss.post('/api/regions/NCR/situations', make)
    expect(made).toMatchObject({
      status: 200,
      body: { situation: { name: 'Flood España 112', counts: { people: 1 } } },
    })
    const path = `/api/regions/NCR/situations/${made.body.situation.id}`
    expect((await at.ana.post(`${path}/join`, { incidentIds: ids })).body.situation.counts.people).toBe(3)
    expect((await at.ana.get(path)).body.members.map(({ incident }: Body) => incident.id).sort()).toEqual(
      [...ids].sort(),
    )
    expect((await at.boss.post(`${path}/rename`, { name: 'Flood' })).body.situation.name).toBe('Flood')
    expect((await at.boss.post(`${path}/rename`, { name: ' ' })).status).toBe(422)
    expect((await at.ana.post(`${path}/leave`, { incidentIds: ids.slice(1) })).body.situation.counts.people).toBe(1)
    expect((await at.ana.post(`${path}/end`)).status).toBe(403)
    expect((await at.boss.post(`${path}/end`)).body.situation.endedAt).not.toBeNull()
    expect((await at.ana.post(`${path}/join`, { incidentIds: ids })).status).toBe(409)
    const unknown = '/api/regions/NCR/situations/018f2c1e-7a40-8b6e-9c11-5d2f0a77c3e1'
    expect((await at.ana.get(unknown)).status).toBe(404)
    expect((await at.ana.post(`${unknown}/join`, { incidentIds: ids })).status).toBe(404)
  })
})

describe('a presser in line answers', () => {
  const inLine = () => {
    const room = openRoom()
    const press = aPress({ deviceId: 'NCR-1', kind: 'flood' })
    room.send([press])
    const areas = new AreasDesk(room.room, { inside: async () => [], lifelines: async () => [] })
    const doors = setUp({}, { room: () => ({ storm: stormRpc(() => room.room), areas }) })
    const answer = (body: unknown, token = doors.token()) =>
      doors.ask(`/api/sos/${press.sosId}/answer`, {
        method: 'POST',
        headers: bearer(token),
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
    return { room: room.room, press, answer, doors }
  }

  test('with its token, by word or number, and the queue is sorted by it', async () => {
    const at = inLine()
    const answered = await at.answer({ answer: 1 })
    expect([answered.status, await answered.json()]).toEqual([200, { received: true }])
    expect(at.room.incidents.find(at.press.sosId)).toMatchObject({ priority: 'P1', inLine: { answer: 'trapped' } })
  })

  test('and is told what is wrong with it', async () => {
    const at = inLine()
    expect((await at.answer({ answer: 'perhaps' })).status).toBe(422)
    expect((await at.answer('{')).status).toBe(422)
    expect((await at.answer({ answer: 'ok' }, at.doors.token('NCR-2'))).status).toBe(404)
    expect((await at.answer({ answer: 'ok' }, 'x')).status).toBe(401)
    at.room.act(at.press.sosId, { type: 'false-alarm', reason: 'accidental' }, viewer('ana'))
    expect((await at.answer({ answer: 'trapped' })).status).toBe(409)
  })

  test('and hears that nobody has heard it where the room is away', async () => {
    const doors = setUp()
    const answered = await doors.ask('/api/sos/018f2c1e-7a40-8b6e-9c11-5d2f0a77c3e1/answer', {
      method: 'POST',
      headers: bearer(doors.token()),
      body: '{"answer":"trapped"}',
    })
    expect(answered.status).toBe(503)
    expect(answered.headers.get('retry-after')).toBe('2')
  })
})
