// Whereabouts in words: "on EDSA, heading north, 300 m south of SM Megamall, Mandaluyong".

import type { AgencyAhead, AgencyArea, Whereabouts } from '../src/domain/whereabouts'
import type { Say } from './words'

/** The table of places is right to 200 m: nearer than this, a distance would pretend to more. */
const AT_M = 100

/** Null where neither road nor municipality is known: a lone landmark far away would mislead. */
export function whereaboutsInWords(where: Whereabouts, say: Say): string | null {
  const { road, landmark, municipality, orElse } = where
  if (!road && !municipality) return null
  const parts: string[] = []
  if (road) parts.push(say(road.on ? 'where.on_road' : 'where.near_road', { road: road.name }))
  if (road?.direction) parts.push(say('heading', { dir: say(`dir.${road.direction}`) }))
  if (landmark) parts.push(fromLandmark(landmark, say))
  if (municipality) parts.push(areaInWords({ municipality, orElse }, say))
  return parts.join(', ')
}

/** "then Pasig, in 800 m": whom to ask next. */
export const areaAheadInWords = (ahead: AgencyAhead, say: Say): string =>
  say('where.ahead', { place: areaInWords(ahead, say), distance: distanceInWords(ahead.inM, say) })

const areaInWords = ({ municipality, orElse }: AgencyArea, say: Say): string =>
  orElse ? say('where.border', { municipality, other: orElse }) : municipality

function fromLandmark({ name, distanceM, wind }: NonNullable<Whereabouts['landmark']>, say: Say): string {
  if (distanceM < AT_M) return say('where.at', { landmark: name })
  return say('where.from', { distance: distanceInWords(distanceM, say), dir: say(`dir.${wind}`), landmark: name })
}

/** 300 m, 1.2 km, 14 km: no finer than the table is. */
export function distanceInWords(metres: number, say: Say): string {
  const rounded = Math.round(metres / 50) * 50
  if (rounded < 1_000) return say('where.metres', { n: rounded })
  return say('where.km', { n: metres < 9_950 ? (metres / 1_000).toFixed(1) : Math.round(metres / 1_000) })
}
