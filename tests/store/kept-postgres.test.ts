import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import { sqlState } from '../../src/store/fault'
import { KeptPostgres } from '../../src/store/kept-postgres'
import type { Db } from '../../src/store/postgres'
import { ManualClock } from '../durable/manual-clock'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy'
import { testDatabase, testServer } from '../support/postgres'

let url: string
let wire: FaultProxy
let admin: postgres.Sql

beforeAll(async () => {
  const urls = await testDatabase()
  wire = await startFaultProxy({ port: Number(new URL(urls.writer).port) })
  url = wire.through(urls.writer)
  admin = postgres((await testServer()).adminUrl('postgres'), { max: 1, onnotice: () => {} })
})
afterEach(() => wire.set('pass'))
afterAll(async () => {
  await admin.end()
  await wire.stop()
})

const pid = async (db: Db): Promise<number> => {
  const rows = await db.execute('SELECT pg_backend_pid() AS pid')
  return Number((rows as unknown as { pid: number }[])[0]?.pid)
}
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )
const isThere = async (process: number) =>
  (await admin`SELECT 1 FROM pg_stat_activity WHERE pid = ${process}`).length > 0
const gone = async (process: number) => {
  while (await isThere(process)) await Bun.sleep(20)
}

describe('a connection that is kept', () => {
  test('serves one write after another', async () => {
    const kept = new KeptPostgres(url, 5_000)
    expect(await kept.run(pid)).toBe(await kept.run(pid))
  })

  test('is closed when nobody has used it for two seconds', async () => {
    const clock = new ManualClock()
    const kept = new KeptPostgres(url, 5_000, clock)
    const first = await kept.run(pid)
    await clock.advance(1_900)
    expect(await kept.run(pid)).toBe(first)
    await clock.advance(1_900)
    expect(await isThere(first)).toBe(true)
    await clock.advance(200)
    await gone(first)
    expect(clock.pending).toBe(0)
    expect(await kept.run(pid)).not.toBe(first)
  })

  test('that has died meanwhile costs nothing: the write goes by a new one', async () => {
    const kept = new KeptPostgres(url, 5_000)
    const first = await kept.run(pid)
    await admin`SELECT pg_terminate_backend(${first})`
    await gone(first)
    expect(await kept.run(pid)).not.toBe(first)
  })

  test('that dies under a write costs nothing either: the write is done once more', async () => {
    const kept = new KeptPostgres(url, 5_000)
    const first = await kept.run(pid)
    let tries = 0
    const found = await kept.run(async (db) => {
      if (++tries === 1) wire.set('reset')
      else wire.set('pass')
      return pid(db)
    })
    expect(tries).toBe(2)
    expect(found).not.toBe(first)
  })

  test('is not trusted after Postgres has refused something, whose error comes through', async () => {
    const kept = new KeptPostgres(url, 5_000)
    const first = await kept.run(pid)
    expect(sqlState(await failure(kept.run((db) => db.execute('SELECT 1 / 0') as Promise<unknown>)))).toBe('22012')
    expect(await kept.run(pid)).not.toBe(first)
  })

  test('that is swallowed by the network fails in time, and the next write goes by a new one', async () => {
    const kept = new KeptPostgres(url, 400)
    const first = await kept.run(pid)
    wire.set('drop')
    expect(String(await failure(kept.run(pid)))).toContain('did not answer within 400 ms')
    wire.set('pass')
    expect(await kept.run(pid)).not.toBe(first)
  })

  test('is none where there is no Postgres, and one as soon as there is', async () => {
    const kept = new KeptPostgres(url, 300)
    wire.set('reset')
    expect(await failure(kept.run(pid))).not.toBeNull()
    wire.set('pass')
    expect(await kept.run(pid)).toBeGreaterThan(0)
  })
})
