import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { asc, eq } from 'drizzle-orm'
import { position } from '../../drizzle/schema'
import { PositionBatch } from '../../src/domain/position-batch'
import type { PositionRow } from '../../src/domain/track'
import { copyPositions } from '../../src/store/copy-positions'
import { isRowFault, sqlState } from '../../src/store/fault'
import { savePositions } from '../../src/store/positions'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { aRow } from '../support/positions'
import { testDatabase } from '../support/postgres'

let store: Postgres
let reader: Postgres

beforeAll(async () => {
  const urls = await testDatabase()
  store = openPostgres(urls.writer)
  reader = openPostgres(urls.reader)
})
afterAll(async () => {
  await store.close()
  await reader.close()
})

const ofDevice = (id: string) =>
  reader.db.select().from(position).where(eq(position.deviceId, id)).orderBy(asc(position.at))
const failure = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => null,
    (error: unknown) => error,
  )

/** To the same effect: the second where a connection is our own. */
const WAYS: Record<string, (store: Postgres, rows: readonly PositionRow[]) => Promise<number>> = {
  INSERT: ({ db }, rows) => savePositions(db, rows),
  COPY: (store, rows) => copyPositions(store, PositionBatch.of(rows)),
}

describe.each(Object.entries(WAYS))('positions in Postgres by %s', (way, save) => {
  const named = (name: string) => `${way} ${name}`

  test('are kept as they came, to the millisecond and in every field', async () => {
    const at = Date.now() - 3_600_123
    const row = aRow({
      deviceId: named('whole'),
      at,
      event: 'ignition_on',
      doubts: ['stale', 'mocked'],
      lat: 14.123456789,
    })
    expect(await save(store, [row])).toBe(1)
    const [kept] = await ofDevice(named('whole'))
    expect(kept).toEqual({ ...row, at: new Date(at), receivedAt: new Date(row.receivedAt), keptFor: null })
  })

  test('may lack everything but a place and a time', async () => {
    const bare = { accuracyM: null, headingDeg: null, speedMps: null, batteryPct: null, event: null }
    await save(store, [aRow({ deviceId: named('bare'), ...bare })])
    expect((await ofDevice(named('bare')))[0]).toMatchObject({ ...bare, doubts: [] })
  })

  test('are not there twice when a batch comes again, nor when it repeats itself', async () => {
    const at = Date.now() - 120_000
    const rows = Array.from({ length: 40 }, (_, n) => aRow({ deviceId: named('twice'), at: at + (n % 20) * 1_000 }))
    expect(await save(store, rows)).toBe(20)
    const before = await ofDevice(named('twice'))
    expect(await save(store, rows)).toBe(0)
    const later = rows.map((row) => ({ ...row, receivedAt: row.receivedAt + 60_000, speedMps: 1 }))
    expect(await save(store, later)).toBe(0)
    expect(await ofDevice(named('twice'))).toEqual(before)
  })

  test('of one time at two places are two', async () => {
    const at = Date.now() - 60_000
    expect(
      await save(store, [aRow({ deviceId: named('two'), at }), aRow({ deviceId: named('two'), at, lat: 14.6 })]),
    ).toBe(2)
  })

  test('come in batches of thousands, of every region', async () => {
    const at = Date.now() - 7_200_000
    const regions = ['NCR', 'CEB', 'DVO', 'ILO'] as const
    const rows = Array.from({ length: 10_000 }, (_, n) =>
      aRow({ region: regions[n % 4] ?? 'NCR', deviceId: named(`many-${n % 500}`), at: at + n }),
    )
    expect(await save(store, rows)).toBe(10_000)
    const [found] = await reader.sql<{ regions: number }[]>`
      SELECT count(DISTINCT region)::int AS regions FROM position WHERE device_id LIKE ${named('many-%')}`
    expect(found?.regions).toBe(4)
  })

  test('carry texts that look like parts of an array without harm', async () => {
    const odd = named('a "quoted", {braced} \\ one, NULL')
    await save(store, [aRow({ deviceId: odd, protocol: 'NULL', doubts: ['x,"y"\\', '{}', 'NULL', ''] })])
    // Asked as JSON: Drizzle's own reading of arrays loses a backslash at the end of a text.
    const [kept] =
      await reader.sql`SELECT protocol, to_jsonb(doubts)::text AS doubts FROM position WHERE device_id = ${odd}`
    expect(kept?.protocol).toBe('NULL')
    expect(JSON.parse(kept?.doubts)).toEqual(['x,"y"\\', '{}', 'NULL', ''])
  })

  test('from long ago or a wrong clock are kept, too', async () => {
    const years = [Date.UTC(2001, 0, 1), Date.UTC(2099, 0, 1), Date.now() - 20 * 86_400_000]
    expect(
      await save(
        store,
        years.map((at) => aRow({ deviceId: named('clocks'), at })),
      ),
    ).toBe(3)
    expect((await ofDevice(named('clocks'))).map(({ at }) => at.getTime()).toSorted()).toEqual(years.toSorted())
  })

  test('are all refused with one that Postgres cannot store, and the error says whose fault it was', async () => {
    const rows = [aRow({ deviceId: named('refused') }), aRow({ deviceId: named('refused'), at: 9e20 })]
    expect(isRowFault(await failure(save(store, rows)))).toBe(true)
    expect(await ofDevice(named('refused'))).toEqual([])
    const nowhere = aRow({ deviceId: named('refused'), region: 'XXX' as 'NCR' })
    expect(isRowFault(await failure(save(store, [nowhere])))).toBe(true)
  })

  test('none at all asks Postgres nothing', async () => {
    expect(await save(openPostgres('postgres://nobody:x@127.0.0.1:9/none'), [])).toBe(0)
  })

  test('of some are new, the others stand as they were', async () => {
    const at = Date.now() - 90_000
    const row = (n: number, speedMps: number) => aRow({ deviceId: named('some'), at: at + n, speedMps })
    await save(
      store,
      [0, 2, 4].map((n) => row(n, 1)),
    )
    expect(
      await save(
        store,
        [0, 1, 2, 3, 4].map((n) => row(n, 2)),
      ),
    ).toBe(2)
    expect((await ofDevice(named('some'))).map(({ speedMps }) => speedMps)).toEqual([1, 2, 1, 2, 1])
  })

  test('of several devices, with and without words, keep their own', async () => {
    const rows = ['a', 'a', 'é', 'a', 'a'].map((name, n) =>
      aRow({
        deviceId: named(`mixed ${name}`),
        at: Date.now() - 50_000 + n,
        event: n === 1 ? 'crash' : null,
        doubts: n === 3 ? ['stale'] : [],
        protocol: n < 3 ? 'own' : 'osmand',
      }),
    )
    await save(store, rows)
    const kept = [...(await ofDevice(named('mixed a'))), ...(await ofDevice(named('mixed é')))]
    const bare = ({
      deviceId,
      event,
      doubts,
      protocol,
    }: Pick<PositionRow, 'deviceId' | 'protocol' | 'doubts'> & { event: string | null }) => ({
      deviceId,
      event,
      doubts,
      protocol,
    })
    expect(kept.map(bare)).toEqual([0, 1, 3, 4, 2].map((n) => bare(rows[n] as PositionRow)))
  })

  test('with a NUL in a text are refused as a fault of their row', async () => {
    expect(isRowFault(await failure(save(store, [aRow({ deviceId: 'a\0b' })])))).toBe(true)
  })
})

describe('the rights', () => {
  const denied = '42501'

  test('the writer adds positions and reads them, but changes and deletes none', async () => {
    expect(sqlState(await failure(store.sql`UPDATE position SET lat = 0`))).toBe(denied)
    expect(sqlState(await failure(store.sql`DELETE FROM position`))).toBe(denied)
    expect(sqlState(await failure(store.sql`INSERT INTO position_kept SELECT * FROM position`))).toBe(denied)
    expect(sqlState(await failure(store.sql`DROP TABLE position_ncr_default`))).toBe(denied)
  })

  test('the reader reads, and that is all', async () => {
    expect(sqlState(await failure(savePositions(reader.db, [aRow()])))).toBe(denied)
    expect(sqlState(await failure(copyPositions(reader, PositionBatch.of([aRow()]))))).toBe(denied)
    expect(sqlState(await failure(reader.sql`SELECT drop_position_partitions(1)`))).toBe(denied)
    expect(sqlState(await failure(reader.sql`SELECT make_position_partitions(1)`))).toBe(denied)
  })

  test('the writer may note who looked, and not take it back or look itself', async () => {
    await store.sql`INSERT INTO access_log (region, actor_uid, action, subject, purpose)
      VALUES ('NCR', 'ana', 'track:read', 'device:ncr-0047', 'complaint 12')`
    expect(sqlState(await failure(store.sql`DELETE FROM access_log`))).toBe(denied)
    expect(sqlState(await failure(store.sql`UPDATE access_log SET purpose = 'none'`))).toBe(denied)
    expect(sqlState(await failure(store.sql`SELECT * FROM access_log`))).toBe(denied)
    expect([...(await reader.sql`SELECT actor_uid FROM access_log`)]).toEqual([{ actor_uid: 'ana' }])
  })
})
