// Where a device has been: what Postgres keeps of each position, and a trail of them as other programs read it.

import type { EventType, LogEvent } from './event'
import type { IncidentSummary } from './incident'
import type { RegionId } from './region'
import type { ReportEvent } from './report'

/** One position as it goes into Postgres. Times are epoch ms; the same (region, device, at, lat, lng) is the same position. */
export type PositionRow = {
  /** The device's home. */
  region: RegionId
  deviceId: string
  /** When it was there: `timeOf` of its report. */
  at: number
  receivedAt: number
  lat: number
  lng: number
  accuracyM: number | null
  headingDeg: number | null
  speedMps: number | null
  batteryPct: number | null
  event: ReportEvent | null
  protocol: string
  /** Of the position, and `jump` where the shard found it impossible. */
  doubts: string[]
}

/** One place of a track. Times are epoch ms. */
export type TrackPoint = Omit<PositionRow, 'region' | 'deviceId'>

/** An SOS of the tracked device: where and when it was pressed, as far as that is known. */
export type TrackSos = {
  incidentId: string
  code: string
  kind: string
  state: string
  at: number
  lat: number | null
  lng: number | null
}

/** What people and clocks did to an incident of the device in that time, as its log has it; never its body. */
export type TrackEvent = {
  incidentId: string
  code: string
  type: TrackEventType
  at: number
  /** Who did it, as other desks know them; null where nobody did. */
  by: string | null
}

/** What is worth a mark on a replay: the rest of a log is about screens. */
export const TRACK_EVENTS = [
  'pressed',
  'press_cancelled',
  'duress_pin',
  'taken',
  'passed',
  'released',
  'help_called',
  'priority_set',
  'contact_tried',
  'leg_asked',
  'leg_moved',
  'safe',
  'false_alarm',
  'closed',
  'reopened',
  'realarmed',
  'cancel_verified',
] as const satisfies readonly EventType[]
export type TrackEventType = (typeof TRACK_EVENTS)[number]

/** Oldest first, from `from` (inclusive) to `to`. `next`: ask again from there, null where nothing follows. */
export type Track = {
  region: RegionId
  deviceId: string
  from: number
  to: number
  points: TrackPoint[]
  sos: TrackSos[]
  events: TrackEvent[]
  next: number | null
  /** The history does not answer: there are no positions, and of one incident alone what its room holds. */
  incomplete?: true
}

/** An incident as its room holds it: what it was pressed with, and its log. */
export type HeldIncident = {
  incident: Pick<IncidentSummary, 'id' | 'code' | 'kind' | 'state' | 'receivedAt' | 'position' | 'deviceId' | 'region'>
  events: readonly Pick<LogEvent, 'type' | 'at' | 'actor'>[]
}

/** With what the archive does not have yet: an act is known to the room at once, and to Postgres when it has come there. */
export function withHeld(track: Track, { incident, events }: HeldIncident): Track {
  if (incident.deviceId !== track.deviceId || incident.region !== track.region) return track
  const { id, code, kind, state, position } = incident
  const isInTime = ({ at }: { at: number }) => at >= track.from && at < track.to
  const press = { incidentId: id, code, kind, state, at: Date.parse(incident.receivedAt) }
  const place = { lat: position?.lat ?? null, lng: position?.lng ?? null }
  const known = new Set(track.events.map(keyOf))
  const acts = events.flatMap(({ type, at, actor }): TrackEvent[] =>
    isWorthAMark(type) ? [{ incidentId: id, code, type, at, by: actor.kind === 'person' ? actor.alias : null }] : [],
  )
  return {
    ...track,
    sos: [...track.sos.filter(({ incidentId }) => incidentId !== id), { ...press, ...place }]
      .filter(isInTime)
      .sort(oldestFirst),
    events: [...track.events, ...acts.filter((act) => isInTime(act) && !known.has(keyOf(act)))].sort(oldestFirst),
  }
}

const keyOf = ({ incidentId, type, at, by }: TrackEvent): string => JSON.stringify([incidentId, type, at, by])
const isWorthAMark = (type: EventType): type is TrackEventType => (TRACK_EVENTS as readonly EventType[]).includes(type)
const oldestFirst = (a: { at: number }, b: { at: number }): number => a.at - b.at

/** After so long without a fix nobody knows the way between: the line is broken. */
export const GAP_MS = 5 * 60_000
/** Doubts of which one says that the device was not there. */
const NOT_THERE: readonly string[] = ['null_island', 'jump']

/** False for what is shown as a doubtful point, and never joined to the others by a line. */
export const isOnTheWay = ({ doubts }: Pick<TrackPoint, 'doubts'>): boolean =>
  !doubts.some((doubt) => NOT_THERE.includes(doubt))

/** The way, broken where it is not known. */
export function segmentsOf(points: readonly TrackPoint[]): TrackPoint[][] {
  const segments: TrackPoint[][] = []
  for (const point of points.filter(isOnTheWay)) {
    const last = segments.at(-1)?.at(-1)
    if (last && point.at - last.at <= GAP_MS) segments.at(-1)?.push(point)
    else segments.push([point])
  }
  return segments
}

type Mark = { role: 'sos' | 'event' | 'doubtful'; name: string; at: number; lat: number; lng: number }

/** What stands beside the line: presses, what the device said of itself, and where it cannot have been. */
function marksOf({ points, sos }: Track): Mark[] {
  const presses = sos.flatMap(({ code, kind, at, lat, lng }): Mark[] =>
    lat === null || lng === null ? [] : [{ role: 'sos', name: `SOS ${code} ${kind}`, at, lat, lng }],
  )
  const events = points
    .filter((point) => point.event !== null && isOnTheWay(point))
    .map(({ event, at, lat, lng }): Mark => ({ role: 'event', name: event ?? '', at, lat, lng }))
  const doubtful = points
    .filter((point) => !isOnTheWay(point))
    .map(({ doubts, at, lat, lng }): Mark => ({ role: 'doubtful', name: doubts.join(', '), at, lat, lng }))
  return [...presses, ...events, ...doubtful]
}

const iso = (at: number): string => new Date(at).toISOString()

type Geometry =
  | { type: 'Point'; coordinates: [number, number] }
  | { type: 'LineString'; coordinates: [number, number][] }
export type TrackGeoJson = {
  type: 'FeatureCollection'
  features: { type: 'Feature'; geometry: Geometry; properties: Record<string, unknown> }[]
}

/** RFC 7946: a line per segment with `coordTimes` and speeds beside its coordinates, then a point per mark. */
export function toGeoJson(track: Track): TrackGeoJson {
  const lines = segmentsOf(track.points).map((points) => {
    const coordinates = points.map(({ lng, lat }): [number, number] => [lng, lat])
    const [first] = coordinates
    return {
      type: 'Feature' as const,
      // A line has two ends: one fix alone is a point.
      geometry:
        coordinates.length === 1 && first
          ? { type: 'Point' as const, coordinates: first }
          : { type: 'LineString' as const, coordinates },
      properties: {
        role: 'track',
        deviceId: track.deviceId,
        coordTimes: points.map(({ at }) => iso(at)),
        speedsMps: points.map(({ speedMps }) => speedMps),
        headingsDeg: points.map(({ headingDeg }) => headingDeg),
        accuraciesM: points.map(({ accuracyM }) => accuracyM),
        doubts: points.map(({ doubts }) => doubts),
      },
    }
  })
  const marks = marksOf(track).map(({ role, name, at, lat, lng }) => ({
    type: 'Feature' as const,
    geometry: { type: 'Point' as const, coordinates: [lng, lat] as [number, number] },
    properties: { role, name, time: iso(at), deviceId: track.deviceId },
  }))
  return { type: 'FeatureCollection', features: [...lines, ...marks] }
}

/** GPX 1.1. Speed and course have no place in it; Garmin's extension v2 is what other programs read them from. */
export function toGpx(track: Track): string {
  const waypoints = marksOf(track).map(
    ({ role, name, at, lat, lng }) =>
      `  <wpt lat="${lat}" lon="${lng}"><time>${iso(at)}</time><name>${xml(name)}</name><type>${role}</type></wpt>`,
  )
  const segments = segmentsOf(track.points).map(
    (points) => `    <trkseg>\n${points.map((point) => `      ${trackPoint(point)}\n`).join('')}    </trkseg>`,
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gpx version="1.1" creator="Xpress Ops Tower" xmlns="http://www.topografix.com/GPX/1/1"',
    '  xmlns:tpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">',
    ...waypoints,
    '  <trk>',
    `    <name>${xml(track.deviceId)}</name>`,
    ...segments,
    '  </trk>',
    '</gpx>',
    '',
  ].join('\n')
}

function trackPoint({ at, lat, lng, speedMps, headingDeg, doubts }: TrackPoint): string {
  const doubtful = doubts.length > 0 ? `<desc>doubtful: ${xml(doubts.join(', '))}</desc>` : ''
  const speed = speedMps === null ? '' : `<tpx:speed>${speedMps}</tpx:speed>`
  const course = headingDeg === null ? '' : `<tpx:course>${headingDeg}</tpx:course>`
  const moving = `<extensions><tpx:TrackPointExtension>${speed}${course}</tpx:TrackPointExtension></extensions>`
  return `<trkpt lat="${lat}" lon="${lng}"><time>${iso(at)}</time>${doubtful}${speed || course ? moving : ''}</trkpt>`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** Also without the characters that no XML may hold, escaped or not. */
const xml = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what XML forbids.
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"']/g, (each) => ENTITIES[each] ?? each)
