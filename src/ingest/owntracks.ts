// OwnTracks in its HTTP mode: one object per message, told apart by `_type`. It has no button for an SOS: the first word
// of a `poi` or a `tag` is one. Units: km/h, percent, epoch seconds; numbers may be written as text.

import { FASTER_EVERY_S } from '../domain/pace'
import type { ReportEvent } from '../domain/report'
import { readClock } from './clock'
import { itemOf, itemWithoutPlace, malformedItem } from './item'
import { isObject, type Json } from './json'
import { KMH_TO_MPS, readNumber, toPosition } from './position'
import { clientIdOf } from './press-id'
import { claimOf, criesIn, type Item, type Message, type Protocol } from './protocol'
import { motionOf, stateOf } from './said'
import { textOrNull } from './text'

export const owntracks: Protocol = {
  name: 'owntracks',
  read({ json, query, sender, now }) {
    const records: unknown[] = Array.isArray(json) ? json : [json]
    if (!records.some((record) => isObject(record) && typeof record._type === 'string')) return null
    return records.flatMap((record) =>
      isObject(record) ? readTyped(record, { query, sender }, now) : [malformedItem(record, now)],
    )
  },
  // A list of commands for the phone, and there are none. A phone keeps and repeats what is answered otherwise.
  reply: { status: 200, body: '[]', contentType: 'application/json' },
  paced: (pace) =>
    JSON.stringify([
      {
        _type: 'cmd',
        action: 'setConfiguration',
        configuration: { _type: 'configuration', ...(pace === 'faster' ? FASTER_INTERVALS : ENROLLED_INTERVALS) },
      },
    ]),
  begins: /^\s*\{\s*"_type"/,
}

/**
 * Seconds, as phones are enrolled with them: `locatorInterval` is iOS' in "move" and Android's in "significant",
 * `moveModeLocatorInterval` Android's in "move". The mode itself stays: the phone shows it.
 */
export const ENROLLED_INTERVALS = { locatorInterval: 30, moveModeLocatorInterval: 10 } as const
const FASTER_INTERVALS = { locatorInterval: FASTER_EVERY_S, moveModeLocatorInterval: FASTER_EVERY_S } as const

const CRY = /^\s*(?:sos|help|tulong|saklolo|emergency|mayday)\b/i
/** Understood, and nothing for us: about the app, its settings and its friends. A waypoint is a fence, not the phone's place. */
const EMPTY = new Set(['beacon', 'card', 'cmd', 'configuration', 'dump', 'request', 'status', 'steps', 'waypoints'])

/** What `t` says beyond phones' reasons to report: Queclink's trackers, and charging. */
const OF_TRIGGER: Readonly<Record<string, ReportEvent>> = {
  i: 'ignition_on',
  I: 'ignition_off',
  e: 'power_cut',
  '9': 'low_battery',
  '!': 'tow',
  a: 'stopped',
}

function readTyped(record: Json, from: Sender, now: number): Item[] {
  const type = record._type
  if (type === 'location' || type === 'transition') return [readPlaced(record, from, now)]
  const cries = criesIn(record) || criesInWords(record) !== null
  if (cries) return [{ ...malformedItem(record, now), sos: true }]
  if (type === 'encrypted') return [itemWithoutPlace(claimIn(record, from), 'encrypted')]
  if (type === 'lwt') return [itemWithoutPlace(claimIn(record, from), 'offline')]
  if (type === 'waypoint') return isFence(record) ? [] : [malformedItem(record, now)]
  return typeof type === 'string' && EMPTY.has(type) ? [] : [malformedItem(record, now)]
}

function readPlaced(record: Json, from: Sender, now: number): Item {
  const words = criesInWords(record)
  const fix = readClock(record.tst)
  const kmh = readNumber(record.vel)
  const position = toPosition(
    {
      lat: readNumber(record.lat),
      lng: readNumber(record.lon),
      accuracyM: readNumber(record.acc),
      headingDeg: readNumber(record.cog),
      speedMps: kmh === null ? null : kmh * KMH_TO_MPS,
      fixedAt: fix,
      batteryPct: readNumber(record.batt),
    },
    now,
  )
  const event = record._type === 'transition' ? crossingOf(record.event) : triggerOf(record)
  const item = itemOf({
    sos: words !== null || criesIn(record),
    claimedId: claimIn(record, from),
    clientId: clientIdOf(record._id),
    position,
    // `created_at` is when it was written; the fix may be older.
    at: readClock(record.created_at) ?? fix,
    // A beacon has no place to be entered at.
    placeLost: position === null && !(event && record.lat === undefined && record.lon === undefined),
    timeLost: record.tst !== undefined && !fix,
    note: words,
    event,
    charging: chargingOf(record),
    ignition: stateOf(record.ign),
  })
  return record.t === 'u' && record._type === 'location' ? { ...item, manual: true } : item
}

/** The words of a cry; null where there is none. */
function criesInWords({ poi, tag }: Json): string | null {
  const cry = [poi, tag].find((words) => typeof words === 'string' && CRY.test(words))
  return textOrNull(cry, 500)
}

const crossingOf = (event: unknown): ReportEvent | null =>
  event === 'enter' ? 'enter' : event === 'leave' || event === 'exit' ? 'exit' : null

const triggerOf = ({ t, motion }: Json): ReportEvent | null =>
  (typeof t === 'string' && Object.hasOwn(OF_TRIGGER, t) ? OF_TRIGGER[t] : null) ?? motionOf(stateOf(motion))

/** `bs` of phones: 1 unplugged, 2 charging, 3 full, which is charging no more but on the cable. */
function chargingOf({ bs, t }: Json): boolean | null {
  if (t === '2' || t === '3') return t === '3'
  const state = readNumber(bs)
  return state === 1 ? false : state === 2 || state === 3 ? true : null
}

type Sender = Pick<Message, 'query' | 'sender'>

/** Its log-in and device, in the headers or the address, else its topic; `tid` is two characters that many phones share. */
function claimIn({ topic }: Json, { query, sender }: Sender): string | null {
  const [user, device] = [sender?.user ?? query.get('u'), sender?.device ?? query.get('d')]
  return (user || device ? claimOf([user, device].filter(Boolean).join('/')) : null) ?? claimOf(topic)
}

/** Its numbers are often text. One around a beacon has no place. */
const isFence = ({ lat, lon, rad, tst }: Json): boolean =>
  [lat, lon, rad].every((value) => value === undefined || value === null || readNumber(value) !== null) &&
  (tst === undefined || readClock(tst) !== null)
