// The flat record of OsmAnd and the Traccar clients: names and values, whether in a query, a form or a JSON object.
// Units: knots, percent, seconds or milliseconds or text. Traccar's server is the reference for what each name means.

import type { ReportEvent } from '../domain/report'
import { readClock } from './clock'
import { itemOf } from './item'
import { statesPanic, unfolded } from './opengts'
import { KNOTS_TO_MPS, readNumber, toPosition } from './position'
import { clientIdOf } from './press-id'
import { claimOf, type Item, isSet, isSos } from './protocol'
import { hintOf, stateOf } from './said'

/** All values under a name, in order; none where it is missing. */
export type Flat = (name: string) => readonly unknown[]

/** Null where the record says nothing about place, time or danger: settings, a page opened by hand. */
export function readFlat(given: Flat, now: number): Item | null {
  const flat = unfolded(given)
  const sos = flat('alarm').some(isSos) || flat('sos').some(isSet) || statesPanic(flat)
  const stamp = first(flat, TIME)
  const [lat, lng] = placeOf(flat)
  const placed = lat !== undefined || lng !== undefined
  const token = first(flat, ['notificationToken']) !== undefined
  if (!sos && stamp === undefined && !placed && !token) return null

  const at = readClock(stamp)
  const speed = readNumber(first(flat, ['speed', 'spd']))
  const position = toPosition(
    {
      lat: readNumber(lat),
      lng: readNumber(lng),
      accuracyM: readNumber(first(flat, ['accuracy', 'hacc'])),
      headingDeg: readNumber(first(flat, ['bearing', 'heading', 'cog', 'course'])),
      speedMps: speed === null ? null : speed * KNOTS_TO_MPS,
      fixedAt: at,
      batteryPct: readNumber(first(flat, ['batt', 'batteryLevel', 'battery'])),
      mocked: flat('mock').some(isSet),
      outdated: flat('valid').some((value) => !isSet(value)),
    },
    now,
  )
  const placeLost = placed && position === null
  // Without a place there is still the word that the phone lives.
  const beat: ReportEvent | null =
    position || sos || placeLost ? null : token && stamp === undefined ? 'push_token' : 'heartbeat'
  return itemOf({
    sos,
    claimedId: claimOf(first(flat, ['id', 'deviceid', 'device_id', 'imei', 'uniqueId'])),
    clientId: clientIdOf(first(flat, ['uuid', '_id'])),
    position,
    at,
    placeLost,
    timeLost: stamp !== undefined && !at,
    event: hintOf(flat('alarm')) ?? beat,
    charging: stateOf(first(flat, ['charge', 'charging'])),
    ignition: stateOf(first(flat, ['ignition'])),
  })
}

/** Reads names and values of a query or a form. Gone through once: each look at them is a call out of JavaScript. */
export function flatOf(params: URLSearchParams): Flat {
  const all = new Map<string, string[]>()
  for (const [name, value] of params) {
    const values = all.get(name)
    if (values) values.push(value)
    else all.set(name, [value])
  }
  return (name) => all.get(name) ?? NONE
}

const NONE: readonly unknown[] = []

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
