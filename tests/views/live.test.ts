// What a screen knows and how it knows that it does not: repeats, gaps, a new epoch, a silent room.

import { expect, test } from 'bun:test'
import { LATE_MS, LOST_MS, linkState, retryDelay, TICK_EVERY_MS } from '../../views/client/live/link'
import { emptyStore, receive } from '../../views/client/live/store'
import { asIncident, stillUnplaced } from '../../views/client/live/unplaced'
import { ownedBy, summary } from './made-up'

const tick = (seq: number, epoch = 'e') => ({
  t: 'tick' as const,
  epoch,
  seq,
  at: '',
  watching: 1,
  free: 1,
  open: 0,
  untaken: 0,
  canaryAt: null,
  unverified: 0,
})

function begun(...incidents: ReturnType<typeof summary>[]) {
  const store = emptyStore()
  receive(store, { t: 'snapshot', epoch: 'e', seq: 10, incidents, more: 0 })
  receive(store, { t: 'live', epoch: 'e', seq: 10 })
  return store
}

test('a snapshot is everything: what was known before is forgotten', () => {
  const store = begun(summary({ id: 'old' }))
  receive(store, { t: 'snapshot', epoch: 'f', seq: 3, incidents: [summary({ id: 'new' })], more: 7 })
  expect([...store.queue.keys()]).toEqual(['new'])
  expect(store).toMatchObject({ epoch: 'f', seq: 3, more: 7 })
})

test('a repeat or an older state changes nothing', () => {
  const store = begun(summary({ id: 'a', seq: 8 }))
  const again = receive(store, {
    t: 'incidents',
    epoch: 'e',
    seq: 8,
    incidents: [summary({ id: 'a', seq: 8, priority: 'P4' })],
  })
  expect(again.changed).toEqual([])
  expect(store.queue.get('a')?.priority).toBe('P1')
  expect(store.seq).toBe(10)
})

test('an incident that has ended leaves the queue and is remembered as the last', () => {
  const store = begun(summary({ id: 'a', seq: 8 }))
  const effect = receive(store, {
    t: 'incidents',
    epoch: 'e',
    seq: 11,
    incidents: [summary({ id: 'a', seq: 11, state: 'safe' })],
  })
  expect(effect.changed.map(({ id }) => id)).toEqual(['a'])
  expect(store.queue.size).toBe(0)
  expect(store.last?.id).toBe('a')
})

test('a tick that is ahead, or of another epoch, means that something is missing', () => {
  const store = begun()
  expect(receive(store, tick(10)).ask).toBe(false)
  expect(receive(store, tick(11)).ask).toBe(true)
  expect(receive(store, tick(10, 'other')).ask).toBe(true)
})

test('frames of another epoch are not mixed in', () => {
  const store = begun()
  const effect = receive(store, { t: 'incidents', epoch: 'other', seq: 99, incidents: [summary({ id: 'x' })] })
  expect(effect.ask).toBe(true)
  expect(store.queue.size).toBe(0)
})

test('the link is amber when a tick is 3 s overdue and red at 8 s, also before the first one', () => {
  const last = 100_000
  const overdue = (late: number) => linkState(last, 0, last + TICK_EVERY_MS + late)
  expect([overdue(0), overdue(LATE_MS), overdue(LATE_MS + 1), overdue(LOST_MS), overdue(LOST_MS + 1)]).toEqual([
    'live',
    'live',
    'late',
    'late',
    'lost',
  ])
  expect(linkState(null, last, last + 1_000)).toBe('connecting')
  expect(linkState(null, last, last + TICK_EVERY_MS + LOST_MS + 1)).toBe('lost')
})

test('after any number of failures the next try comes within 5 s, and not all at the same moment', () => {
  for (let failures = 0; failures < 60; failures++) {
    expect(retryDelay(failures, 0)).toBeGreaterThan(0)
    expect(retryDelay(failures, 1)).toBeLessThanOrEqual(5_000)
  }
  expect(retryDelay(8, 0)).toBeLessThan(retryDelay(8, 1))
})

const card = (sosId: string, deviceId: string) => ({
  sosId,
  region: 'NCR' as const,
  deviceId,
  kind: 'crash' as const,
  receivedAt: Date.parse('2026-11-22T13:00:00Z'),
  position: null,
  driver: 'Juan',
  plate: 'NAB 1234',
})

test('a press that only an intake knows is a quiet P1 that nobody holds, until the room shows it', () => {
  const away = asIncident(card('s1', 'd1'))
  expect(away).toMatchObject({ priority: 'P1', contactPolicy: 'quiet', state: 'new', flags: ['unplaced', 'room_away'] })
  expect(stillUnplaced([away], new Map())).toEqual([away])
  expect(stillUnplaced([away], new Map([['s1', summary({ id: 's1' })]]))).toEqual([])
})

test('a press that the room has merged into an open incident of the same device is not shown twice', () => {
  const away = asIncident(card('s2', 'd1'))
  expect(stillUnplaced([away], new Map([['s1', summary({ id: 's1', deviceId: 'd1', ...ownedBy('ana') })]]))).toEqual([])
})

test('a vehicle that moves changes where its card is, and nothing that a person has to look at', () => {
  const place = { ...summary({ id: 'a' }).position, lat: 14.5, lng: 121, fixedAt: '2026-11-22T04:00:00.000Z' } as never
  const store = begun(summary({ id: 'a', seq: 9, position: place }))
  const on = { lat: 14.6, lng: 121.1, accuracyM: 5, headingDeg: 0, speedMps: 9, doubts: [] }
  const said = (fixedAt: string) =>
    receive(store, { t: 'moved', epoch: 'e', moved: [{ id: 'a', position: { ...on, fixedAt } }] })
  expect(said('2026-11-22T04:01:00.000Z')).toEqual({ changed: [], reset: false, ask: false, moved: true })
  expect(store.queue.get('a')?.position?.lat).toBe(14.6)
  expect(said('2026-11-22T04:00:30.000Z').moved).toBe(false)
  // The card's next state has the place of the press, which is older.
  receive(store, { t: 'incidents', epoch: 'e', seq: 11, incidents: [summary({ id: 'a', seq: 11, position: place })] })
  expect(store.queue.get('a')).toMatchObject({ seq: 11, position: { lat: 14.6 } })
})

test('a vehicle whose incident this screen does not have moves nothing', () => {
  const store = begun()
  const position = { lat: 1, lng: 1, accuracyM: null, headingDeg: null, speedMps: null, fixedAt: null, doubts: [] }
  expect(receive(store, { t: 'moved', epoch: 'e', moved: [{ id: 'x', position }] }).moved).toBe(false)
})
