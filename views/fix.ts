// What a fix says beside its age: whose it is, how exact, which way and how fast. The server writes it, and the browser again.

import type { IncidentSummary } from '../src/domain/incident'
import type { PositionSource } from '../src/domain/position-source'
import { kmh } from './format'
import { directionInWords } from './place'
import { isWord, type Say } from './words'

/** ", from the vehicle, ±8 m, heading north, 32 km/h". */
export function fixInWords(
  { accuracyM, headingDeg, speedMps, doubts }: NonNullable<IncidentSummary['position']>,
  source: PositionSource,
  say: Say,
): string {
  const moving = speedMps !== null && speedMps >= 1
  return [
    say(`source.${source}`),
    accuracyM === null ? null : `±${Math.round(accuracyM)} m`,
    moving && headingDeg !== null ? say('heading', { dir: directionInWords(headingDeg, say) }) : null,
    speedMps === null ? null : moving ? say('speed', { kmh: kmh(speedMps) }) : say('standing'),
    ...doubts.map((doubt) => (isWord(`doubt.${doubt}`) ? say(`doubt.${doubt}` as 'doubt.stale') : doubt)),
  ]
    .filter((part) => part !== null)
    .map((part) => `, ${part}`)
    .join('')
}
