import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import { type FenceEventRow, MAX_ACTIVE_FENCES } from '../../src/domain/fence-record'
import {
  fenceEventsSince,
  keepFenceEventPartitions,
  lastFenceEvents,
  saveFenceEvents,
} from '../../src/store/geofence-events'
import {
  changeFence,
  listFences,
  makeFence,
  readFence,
  retireFence,
  setFenceActive,
  watchedFences,
} from '../../src/store/geofences'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { aDrawnFence, SQUARE } from '../support/fences'
import { testDatabase } from '../support/postgres'

let store: Postgres
let reader: Postgres
let owner: postgres.Sql

beforeAll(async () => {
  const urls = await testDatabase()
  store = openPostgres(urls.writer)
  reader = openPostgres(urls.reader)
  owner = postgres(urls.owner, { max: 1, onnotice: () => {} })
})
afterAll(async () => {
  await store.close()
  await reader.close()
  await owner.end({ timeout: 5 })
})

const made = async (changes: Parameters<typeof aDrawnFence>[0] = {}) => {
  const fence = aDrawnFence(changes)
  const saved = await makeFence(store.db, fence, 'sup-1')
  if (!saved.ok) throw new Error(saved.refusal)
  return saved.fence
}

describe('a geofence', () => {
  test('is kept as it was drawn, with who drew it and when', async () => {
    const fence = await made({ name: 'Depot “North”', kind: 'keep_out' })
    expect(fence).toMatchObject({
      region: 'NCR',
      name: 'Depot “North”',
      kind: 'keep_out',
      polygon: SQUARE,
      active: true,
    })
    expect([fence.madeBy, fence.changedBy]).toEqual(['sup-1', 'sup-1'])
    expect(Math.abs(fence.madeAt - Date.now())).toBeLessThan(60_000)
    expect(await readFence(store.db, fence.id)).toEqual(fence)
    expect((await listFences(store.db, 'NCR')).map(({ id }) => id)).toContain(fence.id)
    expect(await listFences(store.db, 'CEB')).toEqual([])
  })

  test('made twice with the same id is one, and the first stands', async () => {
    const fence = await made({ name: 'First' })
    const again = await makeFence(store.db, aDrawnFence({ id: fence.id, name: 'Second' }), 'sup-2')
    expect(again).toEqual({ ok: true, fence })
  })

  test('is changed by whoever saw it as it is, and by nobody who did not', async () => {
    const fence = await made({ name: 'Before' })
    const after = { name: 'After', kind: 'notice' as const, polygon: SQUARE, active: true }
    const first = await changeFence(store.db, fence, after, 'sup-2', fence.version)
    expect(first).toMatchObject({ ok: true, fence: { name: 'After', changedBy: 'sup-2', madeBy: 'sup-1' } })
    expect(await changeFence(store.db, fence, after, 'sup-3', fence.version)).toEqual({ ok: false, refusal: 'changed' })
    expect((await changeFence(store.db, fence, { ...after, name: 'Last' }, 'sup-3', null)).ok).toBe(true)
  })

  test('that is taken away is nowhere but beside its events, and cannot be changed', async () => {
    const fence = await made({ name: 'Gone soon' })
    expect(await retireFence(store.db, fence.id, 'sup-1')).toBe(true)
    expect(await retireFence(store.db, fence.id, 'sup-1')).toBe(false)
    expect(await readFence(store.db, fence.id)).toBeNull()
    expect(await setFenceActive(store.db, fence, true, 'sup-1')).toEqual({ ok: false, refusal: 'gone' })
    expect(await changeFence(store.db, fence, aDrawnFence(), 'sup-1', null)).toEqual({ ok: false, refusal: 'gone' })
  })

  test('cannot be one too many of those that are watched', async () => {
    await owner`INSERT INTO geofence (region, name, kind, rings, made_by, changed_by)
      SELECT 'ILO', 'F ' || n, 'notice', '[[[10.7,122.5],[10.8,122.5],[10.8,122.6]]]', 's', 's'
      FROM generate_series(1, ${MAX_ACTIVE_FENCES}::int) AS n`
    expect(await makeFence(store.db, aDrawnFence({ region: 'ILO' }), 's')).toEqual({ ok: false, refusal: 'too_many' })
    const idle = await makeFence(store.db, aDrawnFence({ region: 'ILO', active: false }), 's')
    if (!idle.ok) throw new Error(idle.refusal)
    expect(await setFenceActive(store.db, idle.fence, true, 's')).toEqual({ ok: false, refusal: 'too_many' })
  })
})

describe('what shards watch', () => {
  test('is told only where something has changed, also where one was taken away', async () => {
    const fence = await made({ region: 'DVO' })
    const list = await watchedFences(store.db, 'DVO', 0)
    expect(list?.fences).toEqual([
      { id: fence.id, name: fence.name, kind: fence.kind, polygon: SQUARE, drawnVersion: fence.version },
    ])
    expect(await watchedFences(store.db, 'DVO', list?.version ?? 0)).toBeNull()
    await retireFence(store.db, fence.id, 's')
    const after = await watchedFences(store.db, 'DVO', list?.version ?? 0)
    expect(after?.fences).toEqual([])
    expect(after?.version).toBeGreaterThan(list?.version ?? 0)
  })

  test('is drawn anew only by another border or by being watched again, not by another name', async () => {
    const fence = await made({ region: 'CEB' })
    const drawnVersion = async () => (await watchedFences(store.db, 'CEB', 0))?.fences[0]?.drawnVersion
    const same = { kind: 'notice' as const, polygon: SQUARE, active: true }
    await changeFence(store.db, fence, { ...same, name: 'Renamed' }, 's', null)
    expect(await drawnVersion()).toBe(fence.version)
    await changeFence(store.db, fence, { ...same, name: 'Renamed', polygon: SQUARE.slice(1) }, 's', null)
    const redrawn = await drawnVersion()
    expect(redrawn).toBeGreaterThan(fence.version)
    await setFenceActive(store.db, fence, false, 's')
    await setFenceActive(store.db, fence, true, 's')
    expect(await drawnVersion()).toBeGreaterThan(redrawn ?? 0)
    await retireFence(store.db, fence.id, 's')
  })

  test('is nothing in a region where nobody has drawn', async () => {
    await owner`DELETE FROM geofence WHERE region = 'CEB'`
    expect(await watchedFences(store.db, 'CEB', 7)).toEqual({ version: 0, fences: [] })
    expect(await watchedFences(store.db, 'CEB', 0)).toBeNull()
  })
})

describe('events', () => {
  const T0 = Date.now() - 600_000
  const event = (fenceId: string, n: number, changes: Partial<FenceEventRow> = {}): FenceEventRow => ({
    region: 'NCR',
    deviceId: `ncr-${n}`,
    fenceId,
    event: n % 2 === 0 ? 'enter' : 'exit',
    at: T0 + n * 1_000,
    receivedAt: T0 + n * 1_000 + 250,
    lat: 14.6,
    lng: 121,
    ...changes,
  })

  test('are kept once, however often a batch comes, and read with the name of their fence', async () => {
    const fence = await made({ name: 'Port' })
    const rows = Array.from({ length: 30 }, (_, n) => event(fence.id, n))
    expect(await saveFenceEvents(store.db, rows)).toBe(30)
    expect(await saveFenceEvents(store.db, rows)).toBe(0)
    const last = await lastFenceEvents(store.db, 'NCR', fence.id, T0, 5)
    expect(last.map(({ deviceId }) => deviceId)).toEqual(['ncr-29', 'ncr-28', 'ncr-27', 'ncr-26', 'ncr-25'])
    const { region: _, ...kept } = event(fence.id, 29)
    expect(last[0]).toEqual({ ...kept, name: 'Port', kind: fence.kind })
    expect(await lastFenceEvents(store.db, 'CEB', null, T0, 5)).toEqual([])
  })

  test('since a moment come oldest first, with one more where there are more', async () => {
    const [fence, other] = [await made({ name: 'Mall' }), await made({ name: 'Other' })]
    await saveFenceEvents(store.db, [...Array.from({ length: 6 }, (_, n) => event(fence.id, n)), event(other.id, 3)])
    const some = await fenceEventsSince(store.db, 'NCR', fence.id, T0 + 2_250, 2)
    expect(some.map(({ at }) => at - T0)).toEqual([2_000, 3_000, 4_000])
    expect(await fenceEventsSince(store.db, 'NCR', other.id, T0, 10)).toHaveLength(1)
  })

  test('of a fence that was taken away keep its name', async () => {
    const fence = await made({ name: 'Was here' })
    await saveFenceEvents(store.db, [event(fence.id, 1)])
    await retireFence(store.db, fence.id, 's')
    expect((await lastFenceEvents(store.db, 'NCR', fence.id, T0, 5))[0]?.name).toBe('Was here')
  })

  test('lie in a table for each day in Manila, which is made ahead and dropped after its time', async () => {
    const fence = await made()
    const dayMs = 86_400_000
    await saveFenceEvents(store.db, [event(fence.id, 1, { receivedAt: Date.now() - 40 * dayMs })])
    const KEPT = { ahead: 7, keep: 30 }
    expect((await keepFenceEventPartitions(store.db, KEPT)).made).toBe(0)
    expect(await keepFenceEventPartitions(store.db, { ahead: 9, keep: 30 })).toEqual({
      made: 2,
      dropped: 0,
      inDefault: 0,
    })
    expect(await lastFenceEvents(store.db, 'NCR', fence.id, 0, 5)).toEqual([])
    const day = new Date(Date.now() + 8 * 3_600_000 - 40 * dayMs).toISOString().slice(0, 10)
    const next = new Date(Date.parse(`${day}T00:00:00+08:00`) + dayMs).toISOString()
    await owner.unsafe(`CREATE TABLE geofence_event_${day.replaceAll('-', '')} PARTITION OF geofence_event
      FOR VALUES FROM ('${day}T00:00:00+08:00') TO ('${next}')`)
    await saveFenceEvents(store.db, [event(fence.id, 1, { receivedAt: Date.now() - 40 * dayMs })])
    expect(await keepFenceEventPartitions(store.db, { ahead: 9, keep: 30 })).toEqual({
      made: 0,
      dropped: 1,
      inDefault: 0,
    })
  })

  test('wait in the default table where no day was ready, are counted, and move when it is made', async () => {
    const fence = await made()
    await saveFenceEvents(store.db, [event(fence.id, 1, { receivedAt: Date.now() + 10.5 * 86_400_000 })])
    expect((await keepFenceEventPartitions(store.db, { ahead: 7, keep: 30 })).inDefault).toBe(1)
    const { made: days, inDefault } = await keepFenceEventPartitions(store.db, { ahead: 12, keep: 30 })
    expect([days > 0, inDefault]).toEqual([true, 0])
  })
})

test('the reader may read all of it and change nothing; the writer may not unwrite an event', async () => {
  expect((await reader.sql`SELECT count(*) FROM geofence_event JOIN geofence ON true`).length).toBe(1)
  await expect(reader.sql`DELETE FROM geofence`.then()).rejects.toThrow('permission denied')
  await expect(store.sql`DELETE FROM geofence_event`.then()).rejects.toThrow('permission denied')
  await expect(store.sql`DELETE FROM geofence`.then()).rejects.toThrow('permission denied')
})
