// Traccar Client 9, and every app on Transistorsoft's background-geolocation: {"location": {...} | [...]}.
// Units: m/s, 0..1 for the battery, ISO times; -1 means unknown. `_` is a copy for proxies, and is not read.

import type { PressLabel } from '../domain/press'
import { readClock } from './clock'
import { isObject, type Json, objectOf } from './json'
import { readNumber, toPosition } from './position'
import { clientIdOf } from './press-id'
import { APP_KIND, claimOf, type Item, isSet, isSos, type Protocol } from './protocol'

export const transistorsoft: Protocol = {
  name: 'transistorsoft-json',
  read({ json, now }) {
    const root = objectOf(json)
    const records = recordsIn(json, root)
    if (!records) return null
    // A cry without any record is a cry all the same.
    if (records.length === 0 && criesIn(root)) records.push({})
    const items = records.map((record) => readRecord(record, root, now))
    // An alarm beside a batch is about where the phone is now: its newest record.
    const newest = items.at(-1)
    if (newest && criesIn(root)) newest.sos = true
    return items
  },
  // The SDK reads commands from the body of an answer; an empty object has none.
  reply: { status: 200, body: '{}', contentType: 'application/json' },
}

/** Under `location`, one or several; else bare ones that look like it. Null where there are none of either. */
function recordsIn(json: unknown, root: Json): Json[] | null {
  if (isObject(root.location)) return [root.location]
  if (Array.isArray(root.location)) return root.location.filter(isObject)
  const bare = [json]
    .flat()
    .filter(isObject)
    .filter((record) => isObject(record.coords) || isObject(record.extras))
  return bare.length > 0 ? bare : null
}

const criesIn = (value: Json): boolean =>
  isSos(value.alarm) || isSet(value.sos) || isSos(objectOf(value.extras).alarm) || isSet(objectOf(value.extras).sos)

function readRecord(record: Json, root: Json, now: number): Item {
  const coords = objectOf(record.coords)
  const clock = readClock(record.timestamp)
  const level = readNumber(objectOf(record.battery).level)
  const position = toPosition(
    {
      lat: readNumber(coords.latitude),
      lng: readNumber(coords.longitude),
      accuracyM: readNumber(coords.accuracy),
      headingDeg: readNumber(coords.heading),
      speedMps: readNumber(coords.speed),
      fixedAt: clock,
      batteryPct: level === null ? null : level * 100,
      mocked: isSet(record.mock),
    },
    now,
  )
  const garbled = (position === null && isObject(record.coords)) || (record.timestamp !== undefined && !clock)
  const labels: PressLabel[] = garbled ? ['garbled'] : []
  if (clock?.local) labels.push('wrong_clock')
  return {
    sos: criesIn(record),
    claimedId: claimOf(root.device_id ?? record.device_id),
    fields: {
      clientId: clientIdOf(record.uuid),
      kind: APP_KIND,
      position,
      safeToTalk: null,
      note: null,
      tripId: null,
      pressedAt: clock?.at ?? null,
      labels,
    },
  }
}
