import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import { archive } from '../../src/store/archive'
import { savePositions } from '../../src/store/positions'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { isDeviceOf, isIncidentOf, trackOf } from '../../src/store/tracks'
import { madeRow } from '../support/outbox'
import { aRow } from '../support/positions'
import { testDatabase } from '../support/postgres'

const HOUR_MS = 3_600_000
const T0 = Date.now() - 3 * HOUR_MS

let owner: postgres.Sql
let store: Postgres

beforeAll(async () => {
  const urls = await testDatabase()
  owner = postgres(urls.owner, { max: 1, onnotice: () => {} })
  store = openPostgres(urls.writer)
})
afterAll(async () => {
  await store.close()
  await owner.end({ timeout: 5 })
})

const at = (n: number) => T0 + n * 10_000
const times = (points: { at: number }[]) => points.map((each) => (each.at - T0) / 10_000)

describe('a track', () => {
  test('is what was saved of that device in that time, oldest first, as it was', async () => {
    const rows = [3, 1, 2, 0, 4].map((n) =>
      aRow({ deviceId: 'way', at: at(n), event: n === 2 ? 'stopped' : null, doubts: n === 3 ? ['stale', 'a,b'] : [] }),
    )
    const others = [aRow({ deviceId: 'other', at: at(1) }), aRow({ deviceId: 'way', region: 'CEB', at: at(1) })]
    await savePositions(store.db, [...rows, ...others])
    const track = await trackOf(store.db, 'NCR', 'way', at(1), at(4), 100)
    expect(times(track.points)).toEqual([1, 2, 3])
    const { region, deviceId, ...first } = aRow({ deviceId: 'way', at: at(1) })
    expect(track.points[0]).toEqual(first)
    expect(track.points[1]?.event).toBe('stopped')
    expect(track.points[2]?.doubts).toEqual(['stale', 'a,b'])
    expect(track).toMatchObject({ region, deviceId, from: at(1), to: at(4), next: null, sos: [] })
  })

  test('longer than asked for says where it goes on, and the pages together are all of it', async () => {
    await savePositions(
      store.db,
      Array.from({ length: 25 }, (_, n) => aRow({ deviceId: 'long', at: at(n) })),
    )
    const seen: number[] = []
    let from: number | null = at(0)
    for (let page = 0; from !== null && page < 10; page++) {
      const found = await trackOf(store.db, 'NCR', 'long', from, at(100), 10)
      seen.push(...times(found.points))
      from = found.next
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => n))
  })

  test('goes on in what is kept with incidents, and names nothing twice', async () => {
    const row = (n: number) => aRow({ deviceId: 'kept', at: at(n) })
    await savePositions(store.db, [row(2), row(3)])
    for (const id of ['i1', 'i2'])
      await owner`INSERT INTO position_kept SELECT region, device_id, at - interval '20 seconds', received_at, lat, lng,
        accuracy_m, heading_deg, speed_mps, battery_pct, event, protocol, doubts, ${id} FROM position WHERE device_id = 'kept'`
    // As it is between the copying of a day and its end.
    await owner`INSERT INTO position_kept SELECT region, device_id, at, received_at, lat, lng, accuracy_m, heading_deg,
      speed_mps, battery_pct, event, protocol, doubts, 'i1' FROM position WHERE device_id = 'kept'`
    expect(times((await trackOf(store.db, 'NCR', 'kept', at(0), at(9), 100)).points)).toEqual([0, 1, 2, 3])
  })

  test('carries the presses of its time', async () => {
    const received = (n: number) => new Date(at(n)).toISOString()
    await archive(store.db, [
      madeRow('sos-1', 1, { deviceId: 'pressed', code: 'NCR-9', kind: 'crash', receivedAt: received(1) }),
      madeRow('sos-2', 2, { deviceId: 'pressed', receivedAt: received(50) }),
      madeRow('sos-3', 3, { deviceId: 'elsewhere', receivedAt: received(1) }),
    ])
    const { sos, points } = await trackOf(store.db, 'NCR', 'pressed', at(0), at(10), 100)
    expect(points).toEqual([])
    expect(sos).toMatchObject([{ incidentId: 'sos-1', code: 'NCR-9', kind: 'crash', at: at(1), lat: 14.5995 }])
    expect((await trackOf(store.db, 'CEB', 'pressed', at(0), at(10), 100)).sos).toEqual([])
  })
})

describe('what may be asked about', () => {
  beforeAll(async () => {
    await owner`INSERT INTO vehicle (id, region, plate, make, model, colour) VALUES ('veh-t', 'NCR', 'NAB 2', 'T', 'V', 'white')`
    await owner`INSERT INTO device (id, region, vehicle_id) VALUES ('dev-t', 'NCR', 'veh-t'), ('dev-moved', 'NCR', NULL)`
    await owner`UPDATE device SET region = 'CEB' WHERE id = 'dev-moved'`
  })

  test('a device is its region’s, and also of the region that it left', async () => {
    const answers = await Promise.all(
      (
        [
          ['NCR', 'dev-t'],
          ['CEB', 'dev-t'],
          ['NCR', 'dev-moved'],
          ['CEB', 'dev-moved'],
          ['NCR', 'nobody'],
        ] as const
      ).map(([region, id]) => isDeviceOf(store.db, region, id)),
    )
    expect(answers).toEqual([true, false, true, true, false])
  })

  test('an incident is about its device and the devices of its vehicle, on its desk and at home', async () => {
    const vehicle = { id: 'veh-t', plate: 'NAB 2', conduction: null, make: 'T', model: 'V', colour: 'white' }
    await archive(store.db, [madeRow('about', 9, { deviceId: 'phone-t', vehicle, driver: null, desk: 'CEB' })])
    const about = (region: 'NCR' | 'CEB' | 'ILO', device: string, id = 'about') =>
      isIncidentOf(store.db, region, device, id)
    expect(await about('NCR', 'phone-t')).toBe(true)
    expect(await about('CEB', 'phone-t')).toBe(true)
    expect(await about('NCR', 'dev-t')).toBe(true)
    expect(await about('ILO', 'phone-t')).toBe(false)
    expect(await about('NCR', 'dev-moved')).toBe(false)
    expect(await about('NCR', 'phone-t', 'unknown')).toBe(false)
  })
})
