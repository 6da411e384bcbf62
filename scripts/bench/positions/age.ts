// How old a position is when Postgres has it: asked ten times a second while the load runs. What became visible since the
// last look is at least as young as the oldest row that was not there then, so this is an upper bound.

import postgres from 'postgres'
import { Histogram } from '../histogram'

const LOOK_EVERY_MS = 100

export type Watch = {
  /** Rows now. */
  count(): Promise<number>
  age: Histogram
  stop(): Promise<void>
}

/** Looks at table `position`, which must be empty of what is to be measured. Times are of the same machine's clock. */
export async function watchAge(databaseUrl: string): Promise<Watch> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  const age = new Histogram()
  let stopped = false
  let before: number | null = null
  const look = async () => {
    while (!stopped) {
      const rows = await sql<{ newest: number | null }[]>`
        SELECT (extract(epoch FROM max(received_at)) * 1000)::float8 AS newest FROM position
        WHERE received_at > now() - interval '20 seconds'`
      const newest = rows[0]?.newest ?? null
      if (newest !== null) {
        if (before !== null && newest > before) age.addMs(Math.max(0, Date.now() - before))
        before = newest
      }
      await Bun.sleep(LOOK_EVERY_MS)
    }
  }
  const looking = look()
  return {
    count: async () => Number((await sql<{ n: string }[]>`SELECT count(*) AS n FROM position`)[0]?.n ?? 0),
    age,
    stop: async () => {
      stopped = true
      await looking
      await sql.end()
    },
  }
}
