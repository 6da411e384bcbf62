// Times, ages and speeds as the tower writes them: Manila time, 24 hours, figures that keep their width.

const MANILA = 'Asia/Manila'
const CLOCK = new Intl.DateTimeFormat('en-GB', {
  timeZone: MANILA,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const MINUTE = new Intl.DateTimeFormat('en-GB', { timeZone: MANILA, hour: '2-digit', minute: '2-digit' })
const DAY = new Intl.DateTimeFormat('en-GB', { timeZone: MANILA, day: 'numeric', month: 'short', year: 'numeric' })

/** 21:14:03. */
export const clock = (at: number): string => CLOCK.format(at)

/** 21:14. */
export const minute = (at: number): string => MINUTE.format(at)

/** 22 Nov 2026. */
export const day = (at: number): string => DAY.format(at)

/** Epoch ms of an ISO time; null stays null. */
export const ms = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso))

/** A running time: 00:07, 12:40, 1:02:40. Never negative: clocks differ. */
export function elapsed(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000))
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`
}

/** An age in one unit: 12 s, 4 min, 3 h, 2 d. */
export function age(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}

export const kmh = (metresPerSecond: number): number => Math.round(metresPerSecond * 3.6)

/** 14.59950, 120.98422: what can be read to an agency. */
export const coordinates = (lat: number, lng: number): string => `${lat.toFixed(5)}, ${lng.toFixed(5)}`
