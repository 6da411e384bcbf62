// The one form of every bench's result, and its bars. A bar is a floor below which the bench fails; the goal, printed
// beside it, is what we want.

import type { RawHistogram } from './histogram'
import type { Machine } from './machine'

export type Unit = 'per second' | 'ms' | 'µs' | '×' | 'count' | 'MB' | '%'
export type Figure = { what: string; system: string; value: number; unit: Unit }
export type Ratio = { what: string; against: string; ratio: number }
export type Bar = {
  what: string
  unit: Unit
  better: 'higher' | 'lower'
  goal: number
  bar: number
  got: number
  holds: boolean
}

export type Report = {
  name: string
  quick: boolean
  machine: Machine
  /** How it was measured, in sentences. */
  method: string[]
  figures: Figure[]
  rivals: Figure[]
  ratios: Ratio[]
  bars: Bar[]
}

/** By the name of the measurement; kept beside the report, for they are long. */
export type RawHistograms = Record<string, RawHistogram>
export type Measured = { report: Report; histograms: RawHistograms }

/** Measured nothing is below every bar. */
export function judge(bar: Omit<Bar, 'holds'>): Bar {
  const holds = bar.better === 'higher' ? bar.got >= bar.bar : bar.got < bar.bar
  return { ...bar, got: rounded(bar.got), holds: Number.isFinite(bar.got) && holds }
}

/** NaN where there is nothing to divide by: a ratio to nothing is no success. */
export const ratioOf = (ours: number, theirs: number): number => (theirs > 0 ? ours / theirs : Number.NaN)

/** The middle one: one disturbed round of three changes nothing. NaN without any. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[middle - 1], sorted[middle]]
  if (high === undefined) return Number.NaN
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2
}

/** Three significant digits, whole above a thousand. */
export const rounded = (value: number): number =>
  Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3))

export const allHold = (report: Report): boolean => report.bars.every(({ holds }) => holds)
