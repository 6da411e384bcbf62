// The flat record of OsmAnd and the Traccar clients: names and values, whether in a query, a form or a JSON object.
// Units: knots, percent, seconds or milliseconds or text. Traccar's server is the reference for what each name means.

import type { PressLabel } from '../domain/press'
import { readClock } from './clock'
import { KNOTS_TO_MPS, readNumber, toPosition } from './position'
import { clientIdOf } from './press-id'
import { APP_KIND, claimOf, type Item, isSet, isSos } from './protocol'

/** All values under a name, in order; none where it is missing. */
export type Flat = (name: string) => readonly unknown[]

/** Null where the record says nothing about place, time or danger: settings, a push token, a page opened by hand. */
export function readFlat(flat: Flat, now: number): Item | null {
  const sos = flat('alarm').some(isSos) || flat('sos').some(isSet)
  const stamp = first(flat, TIME)
  const [lat, lng] = placeOf(flat)
  if (!sos && stamp === undefined && lat === undefined && lng === undefined) return null

  const clock = readClock(stamp)
  const speed = readNumber(first(flat, ['speed']))
  const position = toPosition(
    {
      lat: readNumber(lat),
      lng: readNumber(lng),
      accuracyM: readNumber(first(flat, ['accuracy', 'hacc'])),
      headingDeg: readNumber(first(flat, ['bearing', 'heading'])),
      speedMps: speed === null ? null : speed * KNOTS_TO_MPS,
      fixedAt: clock,
      batteryPct: readNumber(first(flat, ['batt', 'battery'])),
      mocked: flat('mock').some(isSet),
      outdated: flat('valid').some((value) => !isSet(value)),
    },
    now,
  )
  const garbled = (position === null && (lat !== undefined || lng !== undefined)) || (stamp !== undefined && !clock)
  const labels: PressLabel[] = garbled ? ['garbled'] : []
  if (clock?.local) labels.push('wrong_clock')
  return {
    sos,
    claimedId: claimOf(first(flat, ['id', 'deviceid', 'device_id', 'imei'])),
    fields: {
      clientId: clientIdOf(first(flat, ['uuid', '_id'])),
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

/** Reads names and values of a query or a form. */
export const flatOf =
  (params: URLSearchParams): Flat =>
  (name) =>
    params.getAll(name)

const TIME = ['timestamp', 'time', 'tst'] as const

function placeOf(flat: Flat): readonly [unknown, unknown] {
  const lat = first(flat, ['lat', 'latitude'])
  const lng = first(flat, ['lon', 'lng', 'longitude'])
  const both = first(flat, ['location'])
  if (lat === undefined && lng === undefined && typeof both === 'string') {
    const [south, east] = both.split(',')
    return [south, east]
  }
  return [lat, lng]
}

function first(flat: Flat, names: readonly string[]): unknown {
  for (const name of names) {
    const value = flat(name).find((each) => each !== undefined && each !== null && each !== '')
    if (value !== undefined) return value
  }
  return undefined
}
