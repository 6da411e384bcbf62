import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { hasOlderTokens, isRevoked } from '../../src/domain/enrolment'
import {
  chooseDriver,
  chooseVehicle,
  listDevices,
  makeDevice,
  nextGeneration,
  readDevice,
  revokeTokens,
} from '../../src/store/devices'
import { pullDirectory } from '../../src/store/directory'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { testDatabase } from '../support/postgres'

let store: Postgres
let writerUrl: string

beforeAll(async () => {
  writerUrl = (await testDatabase()).writer
  store = openPostgres(writerUrl)
  const { sql } = store
  await sql`INSERT INTO driver (id, region, name, phone, retired) VALUES
    ('d1', 'NCR', 'Ramon Dimaculangan', '+639005550001', false), ('d2', 'NCR', 'Ana 100% Reyes', null, false),
    ('d3', 'CEB', 'Nonoy Cabahug', null, false), ('d4', 'NCR', 'Gone Home', null, true)`
  await sql`INSERT INTO vehicle (id, region, plate, conduction, make, model, colour) VALUES
    ('v1', 'NCR', 'ZQA 1041', null, 'Toyota', 'Vios', 'White'), ('v2', 'NCR', null, 'Z1 K307', 'Toyota', 'Raize', 'Blue'),
    ('v3', 'CEB', 'ZGA 4406', null, 'Honda', 'City', 'Red')`
  await sql`INSERT INTO device (id, region, driver_id, vehicle_id, retired) VALUES
    ('ncr-01', 'NCR', 'd1', 'v1', false), ('ncr-02', 'NCR', null, 'v2', false), ('ncr_03', 'NCR', null, null, false),
    ('ncr-99', 'NCR', null, null, true), ('ceb-01', 'CEB', 'd3', 'v3', false)`
})
afterAll(() => store.close())

const ids = async (q: string, after: string | null = null, limit = 50) => {
  const { devices, more } = await listDevices(store.db, 'NCR', { q, after, limit })
  return [...devices.map(({ id }) => id), ...(more ? ['more'] : [])]
}

describe('the list of devices', () => {
  test('has those of its region in the order of their ids, and none that is retired', async () => {
    expect(await ids('')).toEqual(['ncr-01', 'ncr-02', 'ncr_03'])
  })

  test('comes in pages that miss none and repeat none', async () => {
    expect(await ids('', null, 2)).toEqual(['ncr-01', 'ncr-02', 'more'])
    expect(await ids('', 'ncr-02', 2)).toEqual(['ncr_03'])
  })

  test('is searched by id, driver, plate and conduction sticker, in any case and spacing', async () => {
    expect(await ids('NCR-02')).toEqual(['ncr-02'])
    expect(await ids('dimacu')).toEqual(['ncr-01'])
    expect(await ids('zqa-1041')).toEqual(['ncr-01'])
    expect(await ids('zqa1041')).toEqual(['ncr-01'])
    expect(await ids('z1k3')).toEqual(['ncr-02'])
    expect(await ids('Cabahug')).toEqual([])
  })

  test('takes what was typed for itself, not for a pattern', async () => {
    expect(await ids('_')).toEqual(['ncr_03'])
    expect(await ids('%')).toEqual([])
    expect(await ids("'; DROP TABLE device; --\\")).toEqual([])
  })
})

describe('a new device', () => {
  test('has its crew and reaches the room of its region', async () => {
    const made = await makeDevice(store.db, { id: 'new-1', region: 'NCR', driverId: 'd2', vehicleId: 'v2' })
    expect(made).toMatchObject({
      ok: true,
      device: { id: 'new-1', home: 'NCR', driver: { name: 'Ana 100% Reyes' }, vehicle: { conduction: 'Z1 K307' } },
    })
    const rows = await pullDirectory(store.db, 'NCR', 0, 500)
    expect(rows.find(({ id }) => id === 'new-1')).toMatchObject({ kind: 'device', body: { driverId: 'd2' } })
  })

  test('may have neither driver nor vehicle', async () => {
    const made = await makeDevice(store.db, { id: 'new-2', region: 'CEB', driverId: null, vehicleId: null })
    expect(made).toMatchObject({ ok: true, device: { driver: null, vehicle: null, generation: 1 } })
  })

  test('is refused under an id that is or was in use, which it leaves as it is', async () => {
    for (const id of ['ncr-01', 'ncr-99']) {
      const made = await makeDevice(store.db, { id, region: 'CEB', driverId: null, vehicleId: null })
      expect(made).toEqual({ ok: false, refusal: 'taken' })
    }
    expect(await readDevice(store.db, 'ncr-01')).toMatchObject({ home: 'NCR', driver: { id: 'd1' } })
  })

  test('takes nobody from another region, and nobody who has left', async () => {
    for (const driverId of ['d3', 'd4', 'nobody']) {
      const made = await makeDevice(store.db, { id: 'new-3', region: 'NCR', driverId, vehicleId: null })
      expect(made).toEqual({ ok: false, refusal: 'no_such_driver' })
    }
    const made = await makeDevice(store.db, { id: 'new-3', region: 'NCR', driverId: null, vehicleId: 'v3' })
    expect(made).toEqual({ ok: false, refusal: 'no_such_vehicle' })
    expect(await readDevice(store.db, 'new-3')).toBeNull()
  })

  test('is made once where two ask for it at the same time', async () => {
    const other = openPostgres(writerUrl)
    const both = await Promise.all(
      [store.db, other.db].map((db) => makeDevice(db, { id: 'twice', region: 'NCR', driverId: null, vehicleId: null })),
    )
    await other.close()
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true])
  })
})

describe('tokens of a device', () => {
  test('count up, and older ones stay good until they are revoked', async () => {
    const second = await nextGeneration(store.db, 'ncr-01')
    expect(second).toMatchObject({ generation: 2, minGeneration: 0 })
    expect(second && hasOlderTokens(second)).toBe(true)
    const kept = await revokeTokens(store.db, 'ncr-01', 'newest')
    expect(kept).toMatchObject({ generation: 2, minGeneration: 2 })
    expect(kept && [hasOlderTokens(kept), isRevoked(kept)]).toEqual([false, false])
  })

  test('are all revoked at once, which repeats itself safely and is never taken back', async () => {
    for (const keep of ['none', 'none', 'newest'] as const) {
      const revoked = await revokeTokens(store.db, 'ncr-01', keep)
      expect(revoked).toMatchObject({ generation: 2, minGeneration: 3 })
      expect(revoked && isRevoked(revoked)).toBe(true)
    }
  })

  test('are good again from the next one on', async () => {
    const next = await nextGeneration(store.db, 'ncr-01')
    expect(next).toMatchObject({ generation: 3, minGeneration: 3 })
    expect(next && isRevoked(next)).toBe(false)
  })

  test('reach the room: what it copies says which are revoked', async () => {
    const rows = await pullDirectory(store.db, 'NCR', 0, 500)
    expect(rows.find(({ id }) => id === 'ncr-01')).toMatchObject({ body: { minGeneration: 3 } })
  })

  test('there are none of a device that is not there, or retired', async () => {
    expect(await nextGeneration(store.db, 'nothing')).toBeNull()
    expect(await revokeTokens(store.db, 'ncr-99', 'none')).toBeNull()
  })
})

describe('the crew to choose from', () => {
  test('is of the region, and those without a device come first', async () => {
    const drivers = await chooseDriver(store.db, 'NCR', '', 10)
    expect(drivers.map(({ id, devices }) => [id, devices])).toEqual([
      ['d2', ['new-1']],
      ['d1', ['ncr-01']],
    ])
    await store.sql`INSERT INTO driver (id, region, name) VALUES ('d5', 'NCR', 'Zeny Free')`
    expect((await chooseDriver(store.db, 'NCR', '', 1)).map(({ id }) => id)).toEqual(['d5'])
  })

  test('is searched by name, phone, plate and model', async () => {
    expect((await chooseDriver(store.db, 'NCR', '0900 555 0001', 10)).map(({ id }) => id)).toEqual(['d1'])
    expect((await chooseDriver(store.db, 'NCR', '100%', 10)).map(({ id }) => id)).toEqual(['d2'])
    expect((await chooseVehicle(store.db, 'NCR', 'zqa1', 10)).map(({ id }) => id)).toEqual(['v1'])
    expect((await chooseVehicle(store.db, 'NCR', 'toyota ra', 10)).map(({ id }) => id)).toEqual(['v2'])
    expect(await chooseVehicle(store.db, 'NCR', 'ZGA', 10)).toEqual([])
  })
})
