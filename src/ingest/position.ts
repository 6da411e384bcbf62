// A reported place becomes a position: bounds are checked, what is odd is named, nothing is refused for being odd.

import { FRESH_FIX_MS, type Position, type PositionDoubt } from '../domain/position'
import type { Clock } from './clock'

export const KNOTS_TO_MPS = 0.514444
export const KMH_TO_MPS = 1 / 3.6

/** As a protocol understood it, in our units; null for what it did not say. */
export type Reported = {
  lat: number | null
  lng: number | null
  accuracyM?: number | null
  headingDeg?: number | null
  speedMps?: number | null
  fixedAt?: Clock | null
  batteryPct?: number | null
  mocked?: boolean
  /** The sender itself calls it no longer good. */
  outdated?: boolean
}

/** The islands with their seas, [south, west, north, east]. */
const COUNTRY = [4.0, 116.0, 21.5, 127.5] as const
/** Within a kilometre of (0, 0) nobody drives: it is what a receiver without a fix says. */
const NULL_ISLAND_DEG = 0.01

/** Null only where there is no place on earth in it. `now` in epoch ms. */
export function toPosition(reported: Reported, now: number): Position | null {
  const { lat, lng } = reported
  if (lat === null || lng === null || !within(lat, -90, 90) || !within(lng, -180, 180)) return null
  const fix = reported.fixedAt ?? null
  return {
    lat,
    lng,
    accuracyM: positive(reported.accuracyM, 1_000_000),
    headingDeg: heading(reported.headingDeg),
    speedMps: inRange(reported.speedMps, 0, 200),
    fixedAt: fix?.at ?? null,
    batteryPct: inRange(reported.batteryPct, 0, 100),
    doubts: doubtsOf(lat, lng, reported, now),
  }
}

/** A finite number, also when it is written as text. Null for anything else. */
export function readNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || !DECIMAL.test(value.trim())) return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

/** A battery's share as percent; below 0 is how clients say "unknown". */
export function shareToPct(value: unknown): number | null {
  const share = readNumber(value)
  return share === null || share < 0 ? null : Math.round(share * 10_000) / 100
}

const DECIMAL = /^[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})(e[+-]?\d{1,3})?$/i

const NO_DOUBTS: readonly PositionDoubt[] = []

function doubtsOf(lat: number, lng: number, reported: Reported, now: number): readonly PositionDoubt[] {
  const doubts: PositionDoubt[] = []
  const fix = reported.fixedAt ?? null
  if (Math.abs(lat) < NULL_ISLAND_DEG && Math.abs(lng) < NULL_ISLAND_DEG) doubts.push('null_island')
  else if (lat < COUNTRY[0] || lng < COUNTRY[1] || lat > COUNTRY[2] || lng > COUNTRY[3]) doubts.push('out_of_country')
  if (reported.mocked) doubts.push('mocked')
  if (reported.outdated || (fix && now - fix.at > FRESH_FIX_MS)) doubts.push('stale')
  if (fix && fix.at - now > FRESH_FIX_MS) doubts.push('future')
  if (fix?.local) doubts.push('local_time')
  return doubts.length === 0 ? NO_DOUBTS : doubts
}

const within = (value: number, low: number, high: number): boolean => value >= low && value <= high

// Negative is how several clients say "unknown".
const inRange = (value: number | null | undefined, low: number, high: number): number | null =>
  value !== null && value !== undefined && within(value, low, high) ? value : null

/** Zero metres is no accuracy but the lack of one. */
const positive = (value: number | null | undefined, high: number): number | null => inRange(value, 0, high) || null

function heading(value: number | null | undefined): number | null {
  const degrees = inRange(value, 0, 360)
  return degrees === 360 ? 0 : degrees
}
