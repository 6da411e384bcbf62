// A page of records that cannot be shown: with which status, and beside a form the notice alone, so that what was typed stays.

import type { Context } from 'hono'
import type { AppEnv } from '../env'

/** `away`: Postgres is. */
export type WhyNot = 'away' | 'foreign' | 'gone'

const STATUS = { away: 503, foreign: 403, gone: 404 } as const

/** `away`: the notice in the reader's words. `whole`: the page that says why. */
export function refused<Shown>(
  c: Context<AppEnv>,
  why: WhyNot,
  away: string,
  whole: (status: (typeof STATUS)[WhyNot]) => Shown,
) {
  if (why === 'away') c.header('Retry-After', '5')
  if (why !== 'away' || !c.req.header('hx-request')) return whole(STATUS[why])
  return c.html(
    <p class="notice" data-tone="alarm">
      {away}
    </p>,
    STATUS.away,
  )
}
