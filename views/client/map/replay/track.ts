// A track as the API gives it, made ready for a replay: the fixes on the way, and the marks of what happened.

import { isOnTheWay, type TrackEventType } from '../../../../src/domain/track'
import type { Say } from '../../../words'
import { isWord } from '../../../words'
import { type Fix, momentAt } from './moment'

/** The API's answer, times in ISO 8601. */
export type TrackAnswer = {
  from: string
  to: string
  points: (Omit<Fix, 'at'> & { at: string; event: string | null; doubts: string[] })[]
  sos: { incidentId: string; code: string; kind: string; at: string; lat: number | null; lng: number | null }[]
  events: { incidentId: string; code: string; type: TrackEventType; at: string; by: string | null }[]
  next: string | null
  /** The history does not answer: what is here is one incident's, without a place. */
  incomplete?: true
}

export type Mark = {
  kind: 'sos' | 'event' | 'device'
  at: number
  words: string
  /** Where it was then, as far as that is known. */
  place: { lat: number; lng: number } | null
}

export type Shown = { fixes: Fix[]; marks: Mark[] }

/** What a device says of itself every time it reports is no news. */
const EVERYDAY = ['heartbeat', 'moving', 'stopped', 'encrypted', 'push_token']

/** `pages` in their order. Presses and events of all came with the first. */
export function shownOf(pages: readonly TrackAnswer[], say: Say): Shown {
  const points = pages.flatMap((page) => page.points).map((point) => ({ ...point, at: Date.parse(point.at) }))
  const fixes = points.filter(isOnTheWay)
  const placeAt = (at: number) => {
    const moment = momentAt(fixes, at)
    return moment && !moment.lost ? { lat: moment.lat, lng: moment.lng } : null
  }
  const [first] = pages
  const sos = (first?.sos ?? []).map(({ code, kind, at: iso, lat, lng }): Mark => {
    const at = Date.parse(iso)
    const words = `SOS ${code} · ${isWord(`kind.${kind}`) ? say(`kind.${kind}` as 'kind.panic') : kind}`
    return { kind: 'sos', at, words, place: lat !== null && lng !== null ? { lat, lng } : placeAt(at) }
  })
  const events = (first?.events ?? []).map(({ code, type, at: iso, by }): Mark => {
    const at = Date.parse(iso)
    const what = say(`event.${type}`, { by: by ?? '' }).trim()
    const who = by !== null && !what.includes(by) ? ` · ${by}` : ''
    return { kind: type === 'pressed' ? 'sos' : 'event', at, words: `${code} · ${what}${who}`, place: placeAt(at) }
  })
  const device = points.flatMap(({ event, at, lat, lng, doubts }): Mark[] => {
    if (event === null || EVERYDAY.includes(event)) return []
    const word = `report.${event}`
    const words = isWord(word) ? say(word) : event
    return [{ kind: 'device', at, words, place: isOnTheWay({ doubts }) ? { lat, lng } : null }]
  })
  return { fixes, marks: [...sos, ...events, ...device].sort((a, b) => a.at - b.at) }
}

/** The mark after or before this moment; null where there is none. */
export function neighbour(marks: readonly Mark[], at: number, way: 1 | -1): Mark | null {
  return way === 1
    ? (marks.find((mark) => mark.at > at + 500) ?? null)
    : (marks.findLast((mark) => mark.at < at - 500) ?? null)
}
