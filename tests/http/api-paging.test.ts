// Who was told of an incident, and regions that are looked after from another: through the app and real rooms.

import { expect, test } from 'bun:test'
import { aPress, viewer } from '../support/made-up'
import { contactRow, shiftRow } from '../support/paging'
import { tower } from './api-support'

const manila = viewer('sup', { role: 'supervisor' })
const cebu = viewer('ceb', { role: 'supervisor', regions: ['CEB'] })

test('the ladder of an incident says who was told and what comes next; without the courier its attempts are unknown', async () => {
  const world = tower({ ports: { attention: () => 0, free: () => 0 } })
  const press = aPress()
  const { room, send } = world.roomOf('NCR')
  room.learn([contactRow('ana'), shiftRow('ana', 'lead')])
  send([press])
  const { status, body } = await world.ana.get(`/api/incidents/${press.sosId}/ladder`)
  expect(status).toBe(200)
  expect(body).toMatchObject({ state: 'climbing', held: null, attempts: null })
  expect(body.decided[0]).toMatchObject({ step: 'unwatched', to: [{ id: 'ana' }] })
  expect(body.pages[0]).toMatchObject({ contact: { id: 'ana' }, state: 'waiting' })
  expect(body.next[0]).toMatchObject({ step: 'louder' })
  expect(Date.parse(body.next[0].at)).toBe(Date.parse(body.since) + 10_000)
})

test('nobody reads the ladder of another region', async () => {
  const world = tower()
  const press = aPress()
  world.roomOf('NCR').send([press])
  expect((await world.as(cebu).get(`/api/incidents/${press.sosId}/ladder`)).status).toBe(404)
})

test('a supervisor takes a region over with a reason, and it is given back', async () => {
  const world = tower()
  const press = aPress()
  world.roomOf('NCR').send([press])
  const path = '/api/regions/NCR'
  expect((await world.as(cebu).post(`${path}/take-over`, { from: 'CEB' })).status).toBe(422)
  expect((await world.as(cebu).post(`${path}/take-over`, { from: 'DVO', reason: 'storm' })).status).toBe(403)
  const taken = await world.as(cebu).post(`${path}/take-over`, { from: 'CEB', reason: 'power cut' })
  expect(taken.body.takenOver).toMatchObject({ region: 'NCR', from: 'CEB', reason: 'power cut', by: { uid: 'ceb' } })
  expect(Date.parse(taken.body.takenOver.until) - Date.parse(taken.body.takenOver.at)).toBe(12 * 3_600_000)
  expect((await world.as(cebu).post(`/api/incidents/${press.sosId}/take`)).status).toBe(200)
  expect(
    (await world.as(viewer('dav', { role: 'supervisor', regions: ['DVO'] })).post(`${path}/give-back`)).status,
  ).toBe(403)
  expect((await world.as(manila).post(`${path}/give-back`)).body).toEqual({ takenOver: null })
})
