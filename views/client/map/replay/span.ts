// Which time a replay shows: the last hours, the time around an incident, or what somebody has chosen, in Manila's time.

import type { SpanChoice } from '../../../tower/replay-choices'

export type Span = { from: number; to: number }
/** Epoch ms; `until`: when the incident ended, null while it is open. */
export type Around = { since: number; until: number | null }
/** Why a chosen time is none: the word for it. */
export type WrongSpan = 'replay.wrong_time' | 'replay.wrong_order' | 'replay.too_long'

const HOUR_MS = 3_600_000
/** As long as the track of one asking may be. */
const SPAN_MAX_MS = 32 * 24 * HOUR_MS
const AROUND_MS = HOUR_MS / 2
const HOURS: Partial<Record<SpanChoice, number>> = { hour: 1, four: 4, day: 24 }

export function spanOf(
  choice: SpanChoice,
  now: number,
  around: Around | null,
  own: { from: string; to: string },
): Span | WrongSpan {
  if (choice === 'incident' && around)
    return { from: around.since - AROUND_MS, to: Math.min(now, (around.until ?? now) + AROUND_MS) }
  if (choice !== 'own') return { from: now - (HOURS[choice] ?? 1) * HOUR_MS, to: now }
  const [from, to] = [fromManila(own.from), fromManila(own.to)]
  if (from === null || to === null) return 'replay.wrong_time'
  if (from >= to) return 'replay.wrong_order'
  return to - from > SPAN_MAX_MS ? 'replay.too_long' : { from, to }
}

/** `2026-11-22T18:10`, as a field of date and time gives it: a time in Manila, whatever this machine's clock says. */
export function fromManila(local: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(local)) return null
  const at = Date.parse(`${local.length === 16 ? `${local}:00` : local}+08:00`)
  return Number.isNaN(at) ? null : at
}

/** The other way round, to the minute. */
export const toManila = (at: number): string => new Date(at + 8 * HOUR_MS).toISOString().slice(0, 16)
