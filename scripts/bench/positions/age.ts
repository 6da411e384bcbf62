// How old a position is when Postgres has it: asked ten times a second while the load runs. What became visible since the
// last look is at least as young as the oldest row that was not there then, so this is an upper bound.

import postgres from 'postgres'
import { Histogram } from '../histogram'

const LOOK_EVERY_MS = 100

export type Rows = {
  /** Rows now. */
  count(): Promise<number>
  /** Bytes now, of the table and all that it is made of; costs next to nothing. */
  size(): Promise<number>
  stop(): Promise<void>
}
export type Watch = Rows & { age: Histogram }

/** Counts when asked to, and otherwise takes no time of the database that is measured. */
export function openRows(databaseUrl: string): Rows {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  return {
    count: async () => Number((await sql<{ n: string }[]>`SELECT count(*) AS n FROM position`)[0]?.n ?? 0),
    size: async () =>
      Number(
        (
          await sql<{ bytes: string }[]>`
      SELECT coalesce(sum(pg_relation_size(relid)), pg_relation_size('position')) AS bytes
      FROM pg_partition_tree('position') WHERE isleaf`
        )[0]?.bytes ?? 0,
      ),
    stop: () => sql.end(),
  }
}

/**
 * Looks at table `position`, which must be empty of what is to be measured. Times are of the same machine's clock. Only for
 * loads at a fixed rate: a look costs the more the more rows there are.
 */
export async function watchAge(databaseUrl: string): Promise<Watch> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  const age = new Histogram()
  const rows = openRows(databaseUrl)
  let stopped = false
  let before: number | null = null
  const look = async () => {
    while (!stopped) {
      const found = await sql<{ newest: number | null }[]>`
        SELECT (extract(epoch FROM max(received_at)) * 1000)::float8 AS newest FROM position
        WHERE received_at > now() - interval '20 seconds'`
      const newest = found[0]?.newest ?? null
      if (newest !== null) {
        if (before !== null && newest > before) age.addMs(Math.max(0, Date.now() - before))
        before = newest
      }
      await Bun.sleep(LOOK_EVERY_MS)
    }
  }
  const looking = look()
  return {
    count: rows.count,
    size: rows.size,
    age,
    stop: async () => {
      stopped = true
      await looking
      await sql.end()
      await rows.stop()
    },
  }
}
