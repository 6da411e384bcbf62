// The last look at a body that no protocol could read: does it cry, and from where?

import type { Reported } from './position'

const CRIES = [
  /\balarm["']?\s{0,4}[:=]\s{0,4}\[?\s{0,4}["']?(?:[a-z]{1,30}, ?){0,8}sos\b/i,
  /\bsos["']?\s{0,4}[:=]\s{0,4}["']?(?:true|1)\b/i,
]
const LAT = /\blat(?:itude)?["']?\s{0,4}[:=]\s{0,4}["']?(-?\d{1,2}(?:\.\d{1,15})?)(?![\d.])/gi
const LNG = /\b(?:lng|lon(?:gitude)?)["']?\s{0,4}[:=]\s{0,4}["']?(-?\d{1,3}(?:\.\d{1,15})?)(?![\d.])/gi
/** A place this far from the cry is another record's. */
const NEAR = 1_500

/** How much of one piece the next must repeat, so that a cry between two pieces is found. */
export const CRY_OVERLAP = 300

/** Where a cry for help begins in an unreadable text; null where there is none. */
export function findCry(text: string): number | null {
  const found = CRIES.map((cry) => text.search(cry)).filter((at) => at >= 0)
  return found.length === 0 ? null : Math.min(...found)
}

/** The place that stands nearest before (else after) `at`; nulls where there is none. */
export function findPlace(text: string, at: number): Pick<Reported, 'lat' | 'lng'> {
  const from = Math.max(0, at - NEAR)
  const near = text.slice(from, at + NEAR)
  return { lat: nearest(near, LAT, at - from), lng: nearest(near, LNG, at - from) }
}

function nearest(text: string, pattern: RegExp, at: number): number | null {
  let best: { distance: number; value: number } | null = null
  for (const found of text.matchAll(pattern)) {
    const distance = found.index <= at ? at - found.index : (found.index - at) * 2
    if (!best || distance < best.distance) best = { distance, value: Number(found[1]) }
  }
  return best?.value ?? null
}
