// Traccar Client 9, and every app on Transistorsoft's background-geolocation: {"location": {...} | [...]}.
// Units: m/s, 0..1 for the battery, ISO times; -1 means unknown. `_` is a copy for proxies, and is not read.

import type { ReportEvent } from '../domain/report'
import { readClock } from './clock'
import { itemOf, malformedItem } from './item'
import { isObject, type Json, objectOf } from './json'
import { readNumber, shareToPct, toPosition } from './position'
import { clientIdOf } from './press-id'
import { claimOf, criesIn, type Item, isSet, type Protocol } from './protocol'
import { hintOf, motionOf, stateOf } from './said'

export const transistorsoft: Protocol = {
  name: 'transistorsoft-json',
  read({ json, now }) {
    const root = objectOf(json)
    const records = recordsIn(json, root)
    if (!records) return null
    // A cry without any record is a cry all the same.
    if (records.length === 0 && criesIn(root)) records.push({})
    const items = records.map((record) =>
      isObject(record) ? readRecord(record, root, now) : malformedItem(record, now),
    )
    if (criesIn(root)) items.push(...cryOfAll(items.pop()))
    return items
  },
  // The SDK reads commands from the body of an answer; an empty object has none.
  reply: { status: 200, body: '{}', contentType: 'application/json' },
}

/** An alarm beside a batch is about where the phone is now: its newest record. */
const cryOfAll = (newest: Item | undefined): Item[] => (newest ? [{ ...newest, sos: true }] : [])

/** Under `location` (or `locations`), one or several; else bare ones that look like it. Null where there are none of either. */
function recordsIn(json: unknown, root: Json): unknown[] | null {
  const listed = root.location ?? root.locations
  if (isObject(listed)) return [listed]
  if (Array.isArray(listed)) return [...listed]
  const bare: unknown[] = Array.isArray(json) ? json : [json]
  return bare.some((record) => isObject(record) && (isObject(record.coords) || isObject(record.extras)))
    ? [...bare]
    : null
}

function readRecord(record: Json, root: Json, now: number): Item {
  const coords = objectOf(record.coords)
  const battery = objectOf(record.battery)
  const extras = objectOf(record.extras)
  const at = readClock(record.timestamp)
  const sos = criesIn(record)
  const position = toPosition(
    {
      lat: readNumber(coords.latitude),
      lng: readNumber(coords.longitude),
      accuracyM: readNumber(coords.accuracy),
      headingDeg: readNumber(coords.heading),
      speedMps: readNumber(coords.speed),
      fixedAt: at,
      batteryPct: shareToPct(battery.level),
      mocked: isSet(record.mock),
    },
    now,
  )
  const event = eventOf(record, extras)
  const placed = record.coords !== undefined && record.coords !== null
  const empty = !position && !sos && !at && event === null
  return itemOf({
    sos,
    claimedId: claimOf(root.device_id ?? record.device_id),
    clientId: clientIdOf(record.uuid),
    position,
    at,
    placeLost: (placed && position === null) || empty,
    timeLost: record.timestamp !== undefined && !at,
    // Without coordinates it says at least that the phone lives.
    event: event ?? (position || sos || placed || empty ? null : 'heartbeat'),
    charging: stateOf(battery.is_charging),
    ignition: stateOf(extras.ignition),
  })
}

/** `motionchange` comes once per change; `is_moving` alone stands in every record, and is no news. */
function eventOf(record: Json, extras: Json): ReportEvent | null {
  const hint = hintOf(record.alarm) ?? hintOf(extras.alarm)
  if (hint) return hint
  const action = objectOf(record.geofence).action
  if (typeof action === 'string') {
    if (/^enter$/i.test(action)) return 'enter'
    if (/^exit$/i.test(action)) return 'exit'
  }
  if (record.event === 'motionchange') return motionOf(stateOf(record.is_moving))
  return record.event === 'heartbeat' || isSet(extras.heartbeat) ? 'heartbeat' : null
}
