// Dates as people in the Philippines read them: UTC+8, no daylight saving, ever since 1990.

const MANILA_OFFSET_MS = 8 * 60 * 60_000

/** The calendar day in Manila, as 2026-11-22. */
export const manilaDay = (at: number): string => new Date(at + MANILA_OFFSET_MS).toISOString().slice(0, 10)

/** The time of day in Manila, as 13:02:07. */
export const manilaClock = (at: number): string => new Date(at + MANILA_OFFSET_MS).toISOString().slice(11, 19)
