import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { CopyBytes } from '../../src/store/copy-bytes'
import { copyIn } from '../../src/store/copy-in'
import { sqlState } from '../../src/store/fault'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy'
import { testDatabase } from '../support/postgres'

let owner: Postgres
let wire: FaultProxy
let wired: Postgres

beforeAll(async () => {
  const urls = await testDatabase()
  wire = await startFaultProxy({ port: Number(new URL(urls.owner).port) })
  owner = openPostgres(urls.owner)
  wired = openPostgres(wire.through(urls.owner))
  await owner.sql`CREATE TABLE copied (id float8 PRIMARY KEY, words text[], at timestamptz, word text, size float4)`
})
afterAll(async () => {
  await owner.close()
  await wired.close()
  await wire.stop()
})

const COPY = 'COPY copied (id, words, at, word, size) FROM STDIN (FORMAT binary)'

function rowsOf(ids: readonly number[], word: string | null = 'word'): Uint8Array {
  const bytes = new CopyBytes(0)
  for (const id of ids) {
    bytes.row(5)
    bytes.float8(id)
    bytes.texts(['a', word ?? ''])
    bytes.time(Date.UTC(1969, 6, 20, 20, 17, 40, 123))
    bytes.text(word)
    bytes.float4(Number.NaN)
  }
  return bytes.whole()
}
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )
const count = async () => (await owner.sql<{ n: number }[]>`SELECT count(*)::int AS n FROM copied`)[0]?.n
/** Once no COPY is under way. */
const ended = async () => {
  const underWay = () => owner.sql`SELECT FROM pg_stat_activity WHERE query LIKE 'COPY copied%' AND state = 'active'`
  while ((await underWay()).length > 0) await Bun.sleep(10)
  return count()
}

describe('COPY', () => {
  test('brings texts, lists, numbers and times as they were, whatever their length', async () => {
    const long = 'é'.repeat(5_000)
    await copyIn(owner.sql, COPY, rowsOf([0.1], long))
    await copyIn(owner.sql, COPY, rowsOf([-2.5], null))
    const kept = await owner.sql`
      SELECT id, to_jsonb(words) AS words, extract(epoch FROM at)::text AS at, word, size FROM copied ORDER BY id`
    const at = '-14182939.877000'
    expect(kept.map((row) => ({ ...row }))).toEqual([
      { id: -2.5, words: ['a', ''], at, word: null, size: null },
      { id: 0.1, words: ['a', long], at, word: long, size: null },
    ])
    await owner.sql`DELETE FROM copied`
  })

  test('says what Postgres refused when it had begun, and stores nothing of it', async () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => n)
    expect(sqlState(await failure(copyIn(owner.sql, COPY, rowsOf([...rows, 7]))))).toBe('23505')
    expect(await count()).toBe(0)
    expect(sqlState(await failure(copyIn(owner.sql, COPY, rowsOf([1]).subarray(0, 60))))).toBe('22P04')
    expect(await count()).toBe(0)
  })

  test('says that there is no such table before it begins', async () => {
    expect(sqlState(await failure(copyIn(owner.sql, 'COPY nowhere FROM STDIN (FORMAT binary)', rowsOf([1]))))).toBe(
      '42P01',
    )
  })

  test('goes through after one that was refused', async () => {
    await failure(copyIn(owner.sql, COPY, rowsOf([1, 1])))
    await copyIn(owner.sql, COPY, rowsOf([1, 2, 3]))
    expect(await count()).toBe(3)
    await owner.sql`DELETE FROM copied`
  })

  test('rejects when its connection ends, and does not wait for ever', async () => {
    const error = await owner.sql.begin(async (tx) => {
      // It has begun, and waits for whether this row stays.
      await tx`INSERT INTO copied (id) VALUES (7)`
      const copied = failure(copyIn(wired.sql, COPY, rowsOf([6, 7, 8])))
      while ((await tx`SELECT FROM pg_locks WHERE NOT granted`).length === 0) await Bun.sleep(10)
      wire.set('reset')
      const error = await copied
      await tx`DELETE FROM copied`
      return error
    })
    expect(error).toBeInstanceOf(Error)
    expect(sqlState(error)).toBe(null)
    // It may have had everything already, and nobody hears whether it did: all of the rows are there, or none.
    expect(await ended()).toBeOneOf([0, 3])
    await owner.sql`DELETE FROM copied`
  })
})
