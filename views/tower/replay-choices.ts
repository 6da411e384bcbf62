// What can be chosen in a replay and in the form before an identity: for the page and for the browser alike.

/** Bands of speed in which a trail is drawn, slowest first. */
export const BANDS = [
  { name: 'still', belowKmh: 5 },
  { name: 'slow', belowKmh: 20 },
  { name: 'town', belowKmh: 50 },
  { name: 'fast', belowKmh: 80 },
  { name: 'fastest', belowKmh: Number.POSITIVE_INFINITY },
] as const
export type Band = (typeof BANDS)[number]['name']

/** How many times faster than life. */
export const PACES = [1, 10, 60, 300] as const
export type Pace = (typeof PACES)[number]

export const SPANS = ['incident', 'hour', 'four', 'day', 'own'] as const
export type SpanChoice = (typeof SPANS)[number]

/** What an identity is opened for. The log has these names, in any language of the screen. */
export const PURPOSES = [
  'welfare',
  'complaint',
  'lost_item',
  'accident',
  'authority',
  'operations',
  'driver_asks',
  'other',
] as const
/** Letters of one's own words beside the choice: a choice alone is said without a thought. */
export const WORDS_MIN = 5
export const WORDS_MAX = 150

export const FILES = ['gpx', 'geojson', 'json'] as const
export type FileFormat = (typeof FILES)[number]
