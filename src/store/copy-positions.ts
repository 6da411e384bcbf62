// Carries a fleet shard's positions into Postgres by COPY: a third less work for Postgres than an INSERT of arrays, and for us
// half of it. Needs a connection of its own to the server, not one that a pooler lends.

import { haveSameWords, NUMBERS, type PositionBatch, type PositionWords } from '../domain/position-batch'
import { CopyBytes } from './copy-bytes'
import { copyIn } from './copy-in'
import { addPositions, isThereAlready } from './positions'
import type { Postgres } from './postgres'

/** As `savePositions`: all of them or, where it throws, none; the answer is how many were new. */
export async function copyPositions({ db, sql }: Pick<Postgres, 'db' | 'sql'>, rows: PositionBatch): Promise<number> {
  if (rows.length === 0) return 0
  try {
    await copyIn(sql, COPY, bytesOf(rows))
    return rows.length
  } catch (error) {
    // COPY knows no ON CONFLICT.
    if (!isThereAlready(error)) throw error
    return addPositions(db, [...rows])
  }
}

/** What neighbours have in common comes first. */
const COLUMNS =
  'region, device_id, protocol, event, doubts, received_at, at, lat, lng, accuracy_m, heading_deg, speed_mps, battery_pct'
const COPY = `COPY position (${COLUMNS}) FROM STDIN (FORMAT binary)`
const COLUMN_COUNT = COLUMNS.split(',').length
/** Bytes: with a device's name of thirty letters. */
const ROW_SIZE = 200

function bytesOf({ numbers, words, length }: PositionBatch): Uint8Array {
  const bytes = new CopyBytes(length * ROW_SIZE)
  let [from, to] = [0, 0]
  for (let n = 0; n < length; n++) {
    const own = n * NUMBERS.length
    const number = (which: number): number => numbers[own + which] as number
    const begin = bytes.at
    if (n > 0 && number(RECEIVED_AT) === numbers[own + RECEIVED_AT - NUMBERS.length] && isAlike(words, n)) {
      bytes.again(from, to)
    } else {
      bytes.row(COLUMN_COUNT)
      putWords(bytes, words[n] as PositionWords)
      bytes.time(number(RECEIVED_AT))
    }
    from = begin
    to = bytes.at
    bytes.time(number(AT))
    bytes.float8(number(LAT))
    bytes.float8(number(LNG))
    for (let which = LNG + 1; which < NUMBERS.length; which++) bytes.float4(number(which))
  }
  return bytes.whole()
}

const AT = NUMBERS.indexOf('at')
const RECEIVED_AT = NUMBERS.indexOf('receivedAt')
const LAT = NUMBERS.indexOf('lat')
const LNG = NUMBERS.indexOf('lng')

function isAlike(words: readonly PositionWords[], n: number): boolean {
  const [one, before] = [words[n] as PositionWords, words[n - 1] as PositionWords]
  return one === before || haveSameWords(one, before)
}

function putWords(bytes: CopyBytes, { region, deviceId, protocol, event, doubts }: PositionWords): void {
  bytes.text(region)
  bytes.text(deviceId)
  bytes.text(protocol)
  bytes.text(event)
  bytes.texts(doubts)
}
