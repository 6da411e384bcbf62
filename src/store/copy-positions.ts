// Carries a fleet shard's positions into Postgres by COPY: a third less work for Postgres than an INSERT of arrays, and for us
// half of it. Needs a connection of its own to the server, not one that a pooler lends.

import type { PositionRow } from '../domain/track'
import { CopyBytes } from './copy-bytes'
import { copyIn } from './copy-in'
import { addPositions, isThereAlready } from './positions'
import type { Postgres } from './postgres'

/** As `savePositions`: all of them or, where it throws, none; the answer is how many were new. */
export async function copyPositions(
  { db, sql }: Pick<Postgres, 'db' | 'sql'>,
  rows: readonly PositionRow[],
): Promise<number> {
  if (rows.length === 0) return 0
  try {
    await copyIn(sql, COPY, bytesOf(rows))
    return rows.length
  } catch (error) {
    // COPY knows no ON CONFLICT.
    if (!isThereAlready(error)) throw error
    return addPositions(db, rows)
  }
}

/** What neighbours have in common comes first. */
const COLUMNS =
  'region, device_id, protocol, event, doubts, received_at, at, lat, lng, accuracy_m, heading_deg, speed_mps, battery_pct'
const COPY = `COPY position (${COLUMNS}) FROM STDIN (FORMAT binary)`
const COLUMN_COUNT = COLUMNS.split(',').length
/** Bytes: with a device's name of thirty letters. */
const ROW_SIZE = 200

function bytesOf(rows: readonly PositionRow[]): Uint8Array {
  const bytes = new CopyBytes(rows.length * ROW_SIZE)
  let before: PositionRow | null = null
  let [from, to] = [0, 0]
  for (const row of rows) {
    const at = bytes.at
    if (before && isAlike(row, before)) bytes.again(from, to)
    else begin(bytes, row)
    before = row
    from = at
    to = bytes.at
    bytes.time(row.at)
    bytes.float8(row.lat)
    bytes.float8(row.lng)
    bytes.float4(row.accuracyM)
    bytes.float4(row.headingDeg)
    bytes.float4(row.speedMps)
    bytes.float4(row.batteryPct)
  }
  return bytes.whole()
}

function begin(bytes: CopyBytes, { region, deviceId, protocol, event, doubts, receivedAt }: PositionRow): void {
  bytes.row(COLUMN_COUNT)
  bytes.text(region)
  bytes.text(deviceId)
  bytes.text(protocol)
  bytes.text(event)
  bytes.texts(doubts)
  bytes.time(receivedAt)
}

/** As far as `begin` writes it. */
const isAlike = (row: PositionRow, before: PositionRow): boolean =>
  row.deviceId === before.deviceId &&
  row.receivedAt === before.receivedAt &&
  row.event === before.event &&
  row.protocol === before.protocol &&
  row.region === before.region &&
  row.doubts.length === 0 &&
  before.doubts.length === 0
