// The one place that knows which driver talks to Postgres, and how long anybody waits for it.

import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from '../../drizzle/schema'

/** Any Drizzle database with our schema. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>
export type Postgres = { db: Db; sql: postgres.Sql; close: () => Promise<void> }

const CONNECT_TIMEOUT_S = 5
const STATEMENT_TIMEOUT_MS = 8_000

/**
 * Opens a connection for one request or one drain. It must not outlive it: in workerd a socket belongs to the request that
 * opened it, and Hyperdrive does the pooling. Nothing is sent before the first query.
 */
export function openPostgres(url: string): Postgres {
  const sql = postgres(url, {
    max: 1,
    fetch_types: false,
    connect_timeout: CONNECT_TIMEOUT_S,
    // One that serves a request needs no second try of its own; the caller has one, with its own patience.
    max_lifetime: null,
    onnotice: () => {},
    connection: {
      application_name: 'xpress-ops-tower',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    },
  })
  const db = drizzle(prepared(sql), { schema }) as unknown as Db
  return { db, sql, close: () => sql.end({ timeout: 0 }) }
}

/**
 * Runs with a connection and closes it whatever happens. Rejects after `deadlineMs`: postgres.js waits for ever on a server
 * that swallows packets, and connects again without a word where one drops it.
 */
export async function withPostgres<T>(url: string, deadlineMs: number, run: (db: Db) => Promise<T>): Promise<T> {
  const { db, close } = openPostgres(url)
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Postgres did not answer within ${deadlineMs} ms`)), deadlineMs)
  })
  try {
    const work = run(db)
    work.catch(() => {}) // after the deadline nobody is left to hear it
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
    await close().catch(() => {})
  }
}

/** Milliseconds of one round trip on a fresh connection. Rejects where there is none within `deadlineMs`. */
export async function pingPostgres(url: string, deadlineMs = 2_000): Promise<number> {
  const began = Date.now()
  await withPostgres(url, deadlineMs, async (db) => db.execute('SELECT 1'))
  return Date.now() - began
}

type Unsafe = (query: string, parameters?: unknown[], options?: object) => unknown
type Begin = (run: (tx: object) => unknown) => unknown

// Drizzle runs every query as unsafe(..., { prepare: false }), which overrides the client's own setting and makes postgres.js
// describe each query first; Hyperdrive's transaction pooling does not reliably support that.
// https://github.com/drizzle-team/drizzle-orm/issues/6096 - delete this when it is fixed.
function prepared<T extends object>(client: T): T {
  return new Proxy(client, {
    get(target, name) {
      const own = Reflect.get(target, name) as unknown
      if (typeof own !== 'function') return own
      if (name === 'unsafe')
        return (query: string, parameters?: unknown[], options?: object) =>
          (own as Unsafe).call(target, query, parameters, { ...options, prepare: true })
      if (name === 'begin' || name === 'savepoint')
        return (run: (tx: object) => unknown) => (own as Begin).call(target, (tx: object) => run(prepared(tx)))
      return (own as (...args: unknown[]) => unknown).bind(target)
    },
  })
}
