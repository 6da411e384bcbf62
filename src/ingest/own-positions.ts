// Our own message of positions, as POST /api/positions and the drivers' position socket take it: one object, a bare array,
// or {positions: [...]}. Whoever writes it can mend it: a record with a wrong field is refused, and told which.

import type { Position } from '../domain/position'
import { REPORT_EVENTS, type Report, type ReportEvent } from '../domain/report'
import { readClock } from './clock'
import { isObject, type Json } from './json'
import { readNumber, toPosition } from './position'

export type OwnReport = Pick<Report, 'position' | 'event' | 'charging' | 'ignition'>

/** `index` of the record in its message, from 0; `field` is '' where the record itself is meant. */
export type Malformed = { index: number; field: string; why: string }

export type ReadPositions = {
  /** In the order in which they were sent. */
  reports: OwnReport[]
  /** The first thousand of them. */
  malformed: Malformed[]
  /** All of them. */
  malformedCount: number
}

export const MOST_POSITIONS = 1_000
/** So that a message of a million zeros does not become a million sentences. */
const MOST_TOLD = 1_000

/** What is ours to find out, not a client's to say. */
const NOT_SAID: readonly ReportEvent[] = ['encrypted', 'push_token']
const NUMBERS = ['accuracyM', 'headingDeg', 'speedMps', 'batteryPct'] as const
const STATES = ['charging', 'ignition', 'mocked'] as const

/** Reads any JSON whatever; never throws. `now` in epoch ms. Numbers out of their range are unknown, as in all protocols. */
export function readPositions(json: unknown, now: number): ReadPositions {
  const found: ReadPositions = { reports: [], malformed: [], malformedCount: 0 }
  const refuse = (malformed: Malformed) => {
    found.malformedCount++
    if (found.malformed.length < MOST_TOLD) found.malformed.push(malformed)
  }
  recordsIn(json).forEach((record, index) => {
    const read = index < MOST_POSITIONS ? readRecord(record, now) : TOO_MANY
    if ('why' in read) refuse({ index, ...read })
    else found.reports.push(read)
  })
  return found
}

type Wrong = Pick<Malformed, 'field' | 'why'>

const TOO_MANY: Wrong = { field: '', why: `is beyond the first ${MOST_POSITIONS} of its message` }

function recordsIn(json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json
  if (isObject(json) && 'positions' in json) return Array.isArray(json.positions) ? json.positions : [json.positions]
  return [json]
}

function readRecord(record: unknown, now: number): OwnReport | Wrong {
  if (!isObject(record)) return { field: '', why: 'is not an object' }
  const wrong = wrongIn(record)
  if (wrong) return wrong
  const event = isSaid(record.event) ? (record.event as ReportEvent) : null
  const position = positionOf(record, now)
  // Of an ignition that was just turned, the state is known.
  const turned = event === 'ignition_on' ? true : event === 'ignition_off' ? false : null
  const charging = isSaid(record.charging) ? record.charging === true : null
  const ignition = turned ?? (isSaid(record.ignition) ? record.ignition === true : null)
  if (!position && event === null && charging === null && ignition === null) {
    return { field: 'lat', why: 'is missing, and the record says nothing else' }
  }
  return { position, event, charging, ignition }
}

/** The first field that cannot be used; null where all can. */
function wrongIn(record: Json): Wrong | null {
  const { lat, lng, fixedAt, event } = record
  if (isSaid(lat) !== isSaid(lng)) return { field: isSaid(lat) ? 'lng' : 'lat', why: 'is missing' }
  if (isSaid(lat) && !within(lat, 90)) return { field: 'lat', why: 'must be a number from -90 to 90' }
  if (isSaid(lng) && !within(lng, 180)) return { field: 'lng', why: 'must be a number from -180 to 180' }
  if (isSaid(fixedAt) && !readClock(fixedAt)) {
    return { field: 'fixedAt', why: 'must be a time by ISO 8601, or milliseconds since 1970' }
  }
  for (const field of NUMBERS) {
    if (isSaid(record[field]) && readNumber(record[field]) === null) return { field, why: 'must be a number' }
  }
  for (const field of STATES) {
    if (isSaid(record[field]) && typeof record[field] !== 'boolean') return { field, why: 'must be true or false' }
  }
  if (isSaid(event) && !EVENTS.some((each) => each === event)) {
    return { field: 'event', why: `must be one of ${EVENTS.join(', ')}` }
  }
  return null
}

const EVENTS = REPORT_EVENTS.filter((event) => !NOT_SAID.includes(event))

const isSaid = (value: unknown): boolean => value !== undefined && value !== null

function within(value: unknown, most: number): boolean {
  const number = readNumber(value)
  return number !== null && Math.abs(number) <= most
}

const positionOf = (record: Json, now: number): Position | null =>
  toPosition(
    {
      lat: readNumber(record.lat),
      lng: readNumber(record.lng),
      accuracyM: readNumber(record.accuracyM),
      headingDeg: readNumber(record.headingDeg),
      speedMps: readNumber(record.speedMps),
      fixedAt: readClock(record.fixedAt),
      batteryPct: readNumber(record.batteryPct),
      mocked: record.mocked === true,
    },
    now,
  )
