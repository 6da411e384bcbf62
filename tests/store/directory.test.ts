import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import type { DirectoryRow } from '../../src/domain/directory'
import type { RegionId } from '../../src/domain/region'
import { pullDirectory, userByEmail } from '../../src/store/directory'
import { openPostgres, type Postgres, pingPostgres, withPostgres } from '../../src/store/postgres'
import { testDatabase } from '../support/postgres'

let store: Postgres
let writerUrl: string

beforeAll(async () => {
  const urls = await testDatabase()
  writerUrl = urls.writer
  store = openPostgres(urls.writer)
  await store.sql`INSERT INTO driver (id, region, name, phone) VALUES ('d1', 'NCR', 'Ramon', '+639005550001')`
  await store.sql`INSERT INTO vehicle (id, region, conduction, make, model, colour) VALUES ('v1', 'NCR', 'Z1 K307', 'Toyota', 'Raize', 'Blue')`
  await store.sql`INSERT INTO device (id, region, driver_id, vehicle_id, min_generation, pin_mac, duress_pin_mac)
    VALUES ('t1', 'NCR', 'd1', 'v1', 2, 'aa', 'bb')`
  await store.sql`INSERT INTO app_user (id, region, email, name, alias, role, regions, password_hash)
    VALUES ('u1', 'NCR', 'Ana@tower.example', 'Ana', 'Desk 1', 'operator', '{NCR,CEB}', 'scrypt$x')`
  await store.sql`INSERT INTO duty_card (region, phones) VALUES ('NCR', '[{"name":"Duty","phone":"+639005559001"}]')`
})
afterAll(() => store.close())

async function pullAll(region: RegionId, after = 0, limit = 500): Promise<DirectoryRow[]> {
  const rows: DirectoryRow[] = []
  for (let from = after; ; ) {
    const more = await pullDirectory(store.db, region, from, limit)
    if (more.length === 0) return rows
    rows.push(...more)
    from = more.at(-1)?.version ?? from
  }
}
const newest = async (region: RegionId) => (await pullAll(region)).at(-1)?.version ?? 0

describe('a room that pulls the directory', () => {
  test('gets each row of its region once, oldest first, whatever its portions', async () => {
    const rows = await pullAll('NCR')
    expect(rows.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'driver d1',
      'vehicle v1',
      'device t1',
      'user u1',
      'duty NCR',
    ])
    expect(await pullAll('NCR', 0, 2)).toEqual(rows)
    expect(rows.map(({ version }) => version)).toEqual(rows.map(({ version }) => version).sort((a, b) => a - b))
  })

  test('gets bodies in the words of the directory', async () => {
    const bodies = Object.fromEntries((await pullAll('NCR')).map(({ kind, body }) => [kind, body]))
    expect(bodies).toEqual({
      driver: { id: 'd1', name: 'Ramon', phone: '+639005550001' },
      vehicle: { id: 'v1', plate: null, conduction: 'Z1 K307', make: 'Toyota', model: 'Raize', colour: 'Blue' },
      device: {
        id: 't1',
        home: 'NCR',
        driverId: 'd1',
        vehicleId: 'v1',
        minGeneration: 2,
        pinMac: 'aa',
        duressPinMac: 'bb',
      },
      user: {
        id: 'u1',
        email: 'Ana@tower.example',
        name: 'Ana',
        alias: 'Desk 1',
        role: 'operator',
        regions: ['NCR', 'CEB'],
        passwordHash: 'scrypt$x',
        sessionEpoch: 1,
        active: true,
      },
      duty: { id: 'NCR', phones: [{ name: 'Duty', phone: '+639005559001' }] },
    })
  })

  test('gets of another region only the people with rights there', async () => {
    expect((await pullAll('CEB')).map(({ kind, id }) => `${kind} ${id}`)).toEqual(['user u1'])
    expect(await pullAll('ILO')).toEqual([])
  })

  test('hears of a change, and of nothing where nothing changed', async () => {
    const before = await newest('NCR')
    await store.sql`UPDATE driver SET phone = phone`
    expect(await pullAll('NCR', before)).toEqual([])
    await store.sql`UPDATE driver SET phone = '+639005550002' WHERE id = 'd1'`
    expect(await pullAll('NCR', before)).toMatchObject([{ kind: 'driver', body: { phone: '+639005550002' } }])
  })

  test('is told to forget a device that moved to another home', async () => {
    const [ncr, ceb] = [await newest('NCR'), await newest('CEB')]
    await store.sql`UPDATE device SET region = 'CEB' WHERE id = 't1'`
    expect(await pullAll('NCR', ncr)).toMatchObject([{ kind: 'device', id: 't1', body: null }])
    expect(await pullAll('CEB', ceb)).toMatchObject([{ kind: 'device', id: 't1', body: { home: 'CEB' } }])
  })

  test('is told to forget a person who lost the rights', async () => {
    const ceb = await newest('CEB')
    await store.sql`UPDATE app_user SET regions = '{NCR}' WHERE id = 'u1'`
    expect(await pullAll('CEB', ceb)).toMatchObject([{ kind: 'user', id: 'u1', body: null }])
  })

  test('never misses a row that another transaction wrote first and commits last', async () => {
    const before = await newest('NCR')
    const first = postgres(writerUrl, { max: 1, onnotice: () => {} })
    const second = postgres(writerUrl, { max: 1, onnotice: () => {} })
    let secondIn = false
    await first.begin(async (tx) => {
      await tx`INSERT INTO driver (id, region, name) VALUES ('first', 'NCR', 'First')`
      const other = second`INSERT INTO driver (id, region, name) VALUES ('second', 'NCR', 'Second')`.then(() => {
        secondIn = true
      })
      void other
      await Bun.sleep(200)
      expect(secondIn).toBe(false)
      expect(await pullAll('NCR', before)).toEqual([])
    })
    await second`SELECT 1`
    expect((await pullAll('NCR', before)).map(({ id }) => id)).toEqual(['first', 'second'])
    await first.end()
    await second.end()
  })
})

describe('a log-in', () => {
  test('finds a person in any case of letters', async () => {
    expect((await userByEmail(store.db, 'aNA@TOWER.example'))?.id).toBe('u1')
  })

  test('finds nobody under an address that nobody has', async () => {
    expect(await userByEmail(store.db, "nobody'@tower.example")).toBeNull()
  })
})

describe('a connection', () => {
  test('tells how long Postgres took', async () => {
    expect(await pingPostgres(writerUrl)).toBeGreaterThanOrEqual(0)
  })

  test('is given up where Postgres swallows what it is sent', async () => {
    const hole = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
    await expect(pingPostgres(`postgres://u:p@127.0.0.1:${hole.port}/x`, 300)).rejects.toThrow('within 300 ms')
    hole.stop(true)
  })

  test('is given up where a query takes longer than its caller has', async () => {
    const late = withPostgres(writerUrl, 300, (db) => db.execute('SELECT pg_sleep(5)'))
    await expect(late).rejects.toThrow('within 300 ms')
  })
})
