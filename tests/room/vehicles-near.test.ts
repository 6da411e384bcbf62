// What a room says of vehicles near an incident, and of the freshest place of the incident itself.

import { describe, expect, test } from 'bun:test'
import { freshest } from '../../src/domain/position-source'
import type { Report } from '../../src/domain/report'
import { aPress, crew, inManila, NOON, viewer } from '../support/made-up'
import { openRoom } from '../support/room'

const report = (deviceId: string, at: number, protocol = 'own'): Report => ({
  deviceId,
  home: 'NCR',
  protocol,
  receivedAt: at,
  position: { ...inManila, lat: 14.6, lng: 121.05, fixedAt: at },
  event: null,
  charging: null,
  ignition: null,
})

function open() {
  const bench = openRoom()
  bench.room.learn([...crew('NCR-1', 1), ...crew('NCR-2', 11), ...crew('NCR-3', 21)])
  const press = aPress({ deviceId: 'NCR-1' })
  bench.send([press])
  return { ...bench, id: press.sosId }
}

describe('vehicles near an incident', () => {
  test('come with their card in the order asked for, without those of whom the directory knows nothing', () => {
    const { room } = open()
    const found = room.vehiclesNear(['NCR-3', 'nobody', 'NCR-2'])
    expect(found.map(({ deviceId }) => deviceId)).toEqual(['NCR-3', 'NCR-2'])
    expect(found[0]).toEqual({
      deviceId: 'NCR-3',
      vehicle: expect.objectContaining({ id: 'veh-NCR-3', plate: 'NAB 1234' }),
      inIncident: false,
      askedFor: null,
    })
  })

  test('are told apart from those in danger themselves, by whichever device of the vehicle', () => {
    const { room } = open()
    const [tracker] = crew('NCR-1-tracker', 31).filter(({ kind }) => kind === 'device')
    if (tracker?.kind !== 'device' || !tracker.body) throw new Error('no device')
    room.learn([{ ...tracker, body: { ...tracker.body, vehicleId: 'veh-NCR-1' } }])
    expect(room.vehiclesNear(['NCR-1', 'NCR-1-tracker', 'NCR-2']).map(({ inIncident }) => inIncident)).toEqual([
      true,
      true,
      false,
    ])
  })

  test('are busy from when a leg asks them until it is declined or done', () => {
    const { room, id } = open()
    const ana = viewer('ana')
    const asked = room.act(id, { type: 'leg', kind: 'rover', name: 'NAB 1234', ref: 'device:NCR-2' }, ana)
    expect(asked.ok && asked.incident.legs[0]).toMatchObject({ ref: 'device:NCR-2', state: 'asked' })
    const busy = () => room.vehiclesNear(['NCR-2', 'NCR-3']).map(({ askedFor }) => askedFor)
    expect(busy()).toEqual([id, null])
    const legId = (asked.ok && asked.incident.legs[0]?.id) || ''
    room.act(id, { type: 'leg', legId, state: 'declined' }, ana)
    expect(busy()).toEqual([null, null])
  })

  test('are no business of an incident that is over', () => {
    const { room, id } = open()
    room.act(id, { type: 'leg', kind: 'rover', name: 'NAB 1234', ref: 'device:NCR-2' }, viewer('ana'))
    room.act(id, { type: 'safe', confirmedBy: 'own_voice' }, viewer('ana'))
    expect(room.vehiclesNear(['NCR-1', 'NCR-2']).map(({ inIncident, askedFor }) => [inIncident, askedFor])).toEqual([
      [false, null],
      [false, null],
    ])
  })
})

test('who was shown which vehicles stands in the log, and for no incident that is not there', () => {
  const { room, id } = open()
  expect(room.noteShown(id, ['device:NCR-2'], viewer('ana'))).toBe(true)
  expect(room.noteShown(crypto.randomUUID(), ['device:NCR-2'], viewer('ana'))).toBe(false)
  const looks = room.file(id, viewer('bo'))?.events.filter(({ type }) => type === 'looked') ?? []
  expect(looks.map(({ body }) => body)).toContainEqual({ by: 'ana', role: 'operator', nearest: ['device:NCR-2'] })
})

describe('the freshest place of an incident', () => {
  test('is the press’s own until something newer was heard, and says whose word it is', () => {
    const { room, id } = open()
    const where = () => {
      const file = room.file(id, viewer('ana'))
      return freshest(file?.incident.position ?? null, file?.heard)
    }
    expect(where()).toMatchObject({ source: 'press', position: { lat: inManila.lat } })
    room.moved([report('NCR-1', NOON + 30_000)])
    expect(where()).toMatchObject({ source: 'phone', position: { lat: 14.6, fixedAt: '2026-11-22T04:00:30.000Z' } })
    room.moved([report('NCR-1', NOON + 60_000, 'traccar-server')])
    expect(where()).toMatchObject({ source: 'vehicle' })
    room.moved([report('NCR-1', NOON + 10_000)])
    expect(where()).toMatchObject({ source: 'vehicle' })
  })

  test('is what was heard where the press came without one, and none where nothing ever came', () => {
    const bench = openRoom()
    const press = aPress({ deviceId: 'NCR-1', position: null })
    bench.send([press])
    const file = () => bench.room.file(press.sosId, viewer('ana'))
    expect(freshest(file()?.incident.position ?? null, file()?.heard)).toBeNull()
    bench.room.moved([report('NCR-1', NOON + 30_000)])
    expect(freshest(file()?.incident.position ?? null, file()?.heard)).toMatchObject({ source: 'phone' })
  })
})
