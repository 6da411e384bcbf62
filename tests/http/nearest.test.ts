// Who could be there soonest, over real rooms and fleet shards in memory.

import { describe, expect, test } from 'bun:test'
import type { Viewer } from '../../src/domain/access'
import { inManila, viewer } from '../support/made-up'
import { degrees, tower } from './nearest-support'

const ids = (list: { deviceId: string }[]) => list.map(({ deviceId }) => deviceId)
describe('the nearest vehicles', () => {
  test('come from all shards, soonest first, with plate, way and time; the one that pressed is not among them', async () => {
    const { drive, cry, nearest } = tower()
    await drive('d-own', 0)
    await drive('d-far', degrees(5_000))
    await drive('d-near', degrees(1_000), { shard: 1 })
    const { vehicles, responders, from, away } = await nearest(cry('d-own'))
    expect(ids(vehicles)).toEqual(['d-near', 'd-far'])
    expect(vehicles[0]).toMatchObject({
      label: 'NAB 1234 white Toyota Vios',
      ref: 'device:d-near',
      by: 'road_factor',
      busy: false,
      asked: null,
      vehicle: { plate: 'NAB 1234' },
    })
    // Streets are longer than the straight line.
    const [first, second] = vehicles
    expect(first?.distanceM).toBeGreaterThan(1_300)
    expect(first?.distanceM).toBeLessThan(1_500)
    expect(first?.etaS).toBeGreaterThan(60)
    expect(second?.etaS).toBeGreaterThan(first?.etaS ?? Number.NaN)
    expect(from).toEqual({ lat: inManila.lat, lng: inManila.lng })
    expect(away).toEqual([])
    expect(new Set(responders.map(({ kind }: { kind: string }) => kind))).toEqual(
      new Set(['police', 'fire', 'ambulance', 'coast_guard']),
    )
    const times = responders.map(({ etaS }: { etaS: number }) => etaS)
    expect(times).toEqual(times.toSorted((a: number, b: number) => a - b))
  })

  test('are never silent ones, nor with a place of long ago, nor under an incident of their own', async () => {
    const { clock, drive, cry, nearest } = tower()
    await drive('d-silent', degrees(500))
    await drive('d-danger', degrees(600))
    cry('d-danger')
    await clock.advance(6 * 60_000)
    await drive('d-danger', degrees(600))
    await drive('d-stale', degrees(700), { fixedAt: clock.now() - 10 * 60_000 })
    await drive('d-doubtful', degrees(800), { doubts: ['mocked'] })
    await drive('d-fresh', degrees(9_000))
    expect(ids((await nearest(cry('d-own'))).vehicles)).toEqual(['d-fresh'])
  })

  test('are as many as were asked for; a wrong number is refused', async () => {
    const { drive, cry, nearest, get } = tower()
    for (let n = 1; n <= 8; n++) await drive(`d-${n}`, degrees(n * 400))
    const id = cry('d-own')
    expect(ids((await nearest(id)).vehicles)).toEqual(['d-1', 'd-2', 'd-3', 'd-4', 'd-5'])
    expect(ids((await nearest(id, '?limit=2')).vehicles)).toEqual(['d-1', 'd-2'])
    for (const wrong of ['0', '21', 'x']) {
      expect((await get(`/api/incidents/${id}/nearest?limit=${wrong}`)).status).toBe(422)
    }
  })

  test('are measured from where the vehicle was heard last, not from where it was when somebody pressed', async () => {
    const { clock, drive, cry, nearest, roomOf } = tower()
    await drive('d-west', degrees(-1_000))
    await drive('d-east', degrees(8_000))
    const id = cry('d-own')
    expect(ids((await nearest(id)).vehicles)).toEqual(['d-west', 'd-east'])
    const at = clock.now() + 60_000
    const position = { ...inManila, lng: inManila.lng + degrees(7_000), fixedAt: at }
    const quiet = { event: null, charging: null, ignition: null }
    roomOf('NCR').room.moved([{ deviceId: 'd-own', home: 'NCR', protocol: 'own', receivedAt: at, position, ...quiet }])
    const { vehicles, from } = await nearest(id)
    expect(ids(vehicles)).toEqual(['d-east', 'd-west'])
    expect(from?.lng).toBeCloseTo(position.lng, 6)
  })

  test('are said to be busy where another incident has asked them, and asked where this one has', async () => {
    const { drive, cry, nearest, roomOf } = tower()
    await drive('d-1', degrees(1_000))
    await drive('d-2', degrees(2_000))
    const [here, there] = [cry('d-own'), cry('d-other')]
    const ask = (id: string, ref: string) =>
      roomOf('NCR').room.act(id, { type: 'leg', kind: 'rover', name: 'NAB 1234', ref }, viewer('ana'))
    ask(here, 'device:d-1')
    ask(there, 'device:d-2')
    const { vehicles } = await nearest(here)
    expect(vehicles.map(({ busy, asked }: { busy: boolean; asked: string | null }) => [busy, asked])).toEqual([
      [false, 'asked'],
      [true, null],
    ])
  })

  test('are none where nobody knows where the incident is, and then nobody’s vehicles were looked at', async () => {
    const { drive, cry, nearest, shown } = tower()
    await drive('d-1', degrees(1_000))
    for (const position of [null, { ...inManila, lat: 0, lng: 0, doubts: ['null_island' as const] }]) {
      expect(await nearest(cry(`d-${position === null}`, { position }))).toMatchObject({
        from: null,
        vehicles: [],
        responders: [],
      })
    }
    expect(shown).toEqual([])
  })
})

describe('what does not answer', () => {
  test('as one shard of two hides no vehicle of the other, and is said', async () => {
    const { drive, cry, nearest, away } = tower()
    await drive('d-1', degrees(1_000))
    await drive('d-2', degrees(500), { shard: 1 })
    const id = cry('d-own')
    away.add('NCR:1')
    const found = await nearest(id)
    expect(ids(found.vehicles)).toEqual(['d-1'])
    expect(found.away).toEqual(['NCR'])
  })
})

describe('whoever looks', () => {
  test('is written down once a look, with the vehicles that were shown, before Postgres is there', async () => {
    const { drive, cry, nearest, shown } = tower()
    await drive('d-1', degrees(1_000))
    await drive('d-2', degrees(2_000))
    await nearest(cry('d-own'))
    expect(shown).toEqual([['ana', ['device:d-1', 'device:d-2']]])
  })

  test('sees no vehicle where the look cannot be written down', async () => {
    const { drive, cry, get, roomOf } = tower()
    await drive('d-1', degrees(1_000))
    const id = cry('d-own')
    roomOf('NCR').room.noteShown = () => false
    const answer = await get(`/api/incidents/${id}/nearest`)
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(await answer.text()).not.toContain('NAB 1234')
  })

  test('needs the right to see whose a vehicle is, in a region of the incident', async () => {
    const { drive, cry, get } = tower()
    await drive('d-1', degrees(1_000))
    const id = cry('d-own')
    const status = async (person: Viewer) => (await get(`/api/incidents/${id}/nearest`, person)).status
    expect(await status(viewer('tess', { role: 'trainee' }))).toBe(403)
    expect(await status(viewer('celia', { regions: ['CEB'] }))).toBe(403)
    expect(await status(viewer('audrey', { role: 'auditor' }))).toBe(200)
    expect((await get(`/api/incidents/${crypto.randomUUID()}/nearest`)).status).toBe(404)
  })
})
