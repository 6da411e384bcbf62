// How rows come out of Postgres as one JSON body each, and what a change that people make ends in.

import { type SQL, sql } from 'drizzle-orm'

/** Of a query whose one column is `body`. */
export const bodies = <T>(found: unknown): T[] => (found as { body: T }[]).map(({ body }) => body)

/** A column's time in epoch ms; null stays null. */
export const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`

/** Epoch ms as Postgres has times. */
export const time = (at: number | null): SQL => sql`to_timestamp(${at}::float8 / 1000)`

export const KEPT = `'version', version, 'changedBy', changed_by, 'changedAt', ${ms('changed_at')}`

/** `gone`: there is none, or it is of another region. `changed`: not the version that the change was made from. */
export type Saved<T, Refusal extends string = never> =
  | { ok: true; saved: T }
  | { ok: false; refusal: 'gone' | 'changed' | Refusal }

export const touched = (done: unknown): boolean => (done as unknown[]).length > 0
