// Carries a fleet shard's positions into Postgres by INSERT: through poolers, and where some of them are there already. Safe to
// repeat: those change nothing.

import { type SQL, sql } from 'drizzle-orm'
import type { PositionRow } from '../domain/track'
import { sqlState } from './fault'
import type { Db } from './postgres'

/**
 * All of them in one statement or, where it throws, none; the answer is how many were new. `isRowFault` says of the error
 * whether smaller portions may help. Arrays instead of rows of values: one parameter per column, planned in half the time.
 */
export async function savePositions(db: Db, rows: readonly PositionRow[]): Promise<number> {
  if (rows.length === 0) return 0
  try {
    return await insert(db, rows, sql``)
  } catch (error) {
    if (!isThereAlready(error)) throw error
    return addPositions(db, rows)
  }
}

/** The same for rows of which some are known to be there: at once with an eye for them. */
export const addPositions = (db: Db, rows: readonly PositionRow[]): Promise<number> =>
  insert(db, rows, sql`ON CONFLICT DO NOTHING`)

/**
 * Some of them are there already: seldom, for a shard keeps repeats to itself, and only a batch whose answer was lost comes
 * twice. Looking out for it with every row makes the statement twice as long.
 */
export const isThereAlready = (error: unknown): boolean => sqlState(error) === UNIQUE_VIOLATION
const UNIQUE_VIOLATION = '23505'

async function insert(db: Db, rows: readonly PositionRow[], onConflict: SQL): Promise<number> {
  const words = WORDS.map((word) => columnOf(word, rows))
  const varied = words.filter(({ array }) => array !== null)
  const arrays = varied.map(({ array }) => sql`, ${array}::text::text[]`)
  const saved = await db.execute(sql`
    INSERT INTO position (device_id, at, received_at, lat, lng, accuracy_m, heading_deg, speed_mps, battery_pct,
      region, event, protocol, doubts)
    SELECT device_id, to_timestamp(at / 1000.0), to_timestamp(received_at / 1000.0), lat, lng, accuracy_m, heading_deg,
      speed_mps, battery_pct, ${sql.join(
        words.map(({ selected }) => selected),
        sql`, `,
      )}
    FROM unnest(
      ${texts(rows, (row) => row.deviceId)}::text::text[],
      ${numbers(rows, (row) => row.at)}::text::float8[], ${numbers(rows, (row) => row.receivedAt)}::text::float8[],
      ${numbers(rows, (row) => row.lat)}::text::float8[], ${numbers(rows, (row) => row.lng)}::text::float8[],
      ${numbers(rows, (row) => row.accuracyM)}::text::float4[],
      ${numbers(rows, (row) => row.headingDeg)}::text::float4[],
      ${numbers(rows, (row) => row.speedMps)}::text::float4[],
      ${numbers(rows, (row) => row.batteryPct)}::text::float4[]${sql.join(arrays)}
    ) AS row(device_id, at, received_at, lat, lng, accuracy_m, heading_deg, speed_mps, battery_pct${sql.join(
      varied.map(({ name }) => sql`, ${sql.raw(name)}`),
    )})
    ${onConflict}`)
  return (saved as unknown as { count: number }).count
}

type Word = { name: string; of: (row: PositionRow) => string | null; isList?: true }

/** Columns of a few words that nearly always are the same in a whole batch. */
const WORDS: readonly Word[] = [
  { name: 'region', of: (row) => row.region },
  { name: 'event', of: (row) => row.event },
  { name: 'protocol', of: (row) => row.protocol },
  {
    name: 'doubts',
    of: (row) => (row.doubts.length === 0 ? '{}' : `{${row.doubts.map(quoted).join(',')}}`),
    isList: true,
  },
]

type Column = { name: string; selected: SQL; array: string | null }

/** Sent once where all rows have it in common: a text that becomes a list is read as often as it is sent. */
function columnOf({ name, of, isList }: Word, rows: readonly PositionRow[]): Column {
  const common = of(rows[0] as PositionRow)
  if (!rows.every((row) => of(row) === common)) {
    return { name, selected: isList ? sql`${sql.raw(name)}::text[]` : sql.raw(name), array: texts(rows, of) }
  }
  return { name, selected: isList ? sql`(SELECT ${common}::text::text[])` : sql`${common}::text`, array: null }
}

// As literals of Postgres: our connections know the types of no arrays, and Drizzle would bind each item by itself.
function numbers(rows: readonly PositionRow[], of: (row: PositionRow) => number | null): string {
  let literal = ''
  for (const row of rows) literal += `,${of(row) ?? 'NULL'}`
  return `{${literal.slice(1)}}`
}

/** Neighbours often have the same text: it is quoted once. */
function texts(rows: readonly PositionRow[], of: (row: PositionRow) => string | null): string {
  let literal = ''
  let before: string | null = null
  let written = ',NULL'
  for (const row of rows) {
    const text = of(row)
    if (text !== before) {
      before = text
      written = `,${quoted(text)}`
    }
    literal += written
  }
  return `{${literal.slice(1)}}`
}

const quoted = (text: string | null): string =>
  text === null ? 'NULL' : `"${NEEDS_ESCAPE.test(text) ? text.replaceAll(/["\\]/g, '\\$&') : text}"`

const NEEDS_ESCAPE = /["\\]/
