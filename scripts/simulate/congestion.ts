// How much of its free speed traffic keeps, by the hour in Manila.

const MANILA_MS = 8 * 3_600_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Midnight first. Between the hours it goes over smoothly. */
const WEEKDAY = [
  1, 1, 1, 1, 0.95, 0.8, 0.6, 0.42, 0.4, 0.48, 0.58, 0.58, 0.55, 0.58, 0.56, 0.52, 0.45, 0.36, 0.33, 0.38, 0.5, 0.65,
  0.8, 0.92,
]
const WEEKEND = [
  1, 1, 1, 1, 1, 0.95, 0.85, 0.78, 0.72, 0.66, 0.6, 0.56, 0.54, 0.54, 0.54, 0.52, 0.5, 0.5, 0.52, 0.56, 0.62, 0.72,
  0.84, 0.94,
]

/** 0.3 … 1 at `at` (epoch ms). */
export function flowAt(at: number): number {
  const local = at + MANILA_MS
  // The first of January 1970 was a Thursday.
  const weekday = (Math.floor(local / DAY_MS) + 4) % 7
  const table = weekday === 0 || weekday === 6 ? WEEKEND : WEEKDAY
  const hours = (local % DAY_MS) / HOUR_MS
  const hour = Math.floor(hours)
  const now = table[hour] ?? 1
  return now + ((table[(hour + 1) % 24] ?? 1) - now) * (hours - hour)
}
