// A Traccar server that passes on what its devices report: {"position", "device"}, and {"event", "position"?, "device"}.
// So a wired SOS button reaches us. Units: knots, percent, ISO times.

import type { ReportEvent } from '../domain/report'
import { readClock } from './clock'
import { itemOf, malformedItem } from './item'
import { isObject, type Json, objectOf } from './json'
import { KNOTS_TO_MPS, readNumber, toPosition } from './position'
import { claimOf, criesIn, EMPTY_REPLY, type Item, isSet, isSos, type Protocol } from './protocol'
import { hintOf, motionOf, stateOf } from './said'

export const traccarServer: Protocol = {
  name: 'traccar-server',
  read({ json, now }) {
    const envelopes: unknown[] = Array.isArray(json) ? json : [json]
    if (!envelopes.some(isEnvelope)) return null
    return envelopes.flatMap((each) => (isEnvelope(each) ? readEnvelope(each, now) : [malformedItem(each, now)]))
  },
  reply: EMPTY_REPLY,
}

const OF_TYPE: Readonly<Record<string, ReportEvent>> = {
  ignitionOn: 'ignition_on',
  ignitionOff: 'ignition_off',
  deviceOnline: 'online',
  deviceOffline: 'offline',
  deviceInactive: 'offline',
  deviceMoving: 'moving',
  deviceStopped: 'stopped',
  geofenceEnter: 'enter',
  geofenceExit: 'exit',
}

const isEnvelope = (value: unknown): value is Json =>
  isObject(value) &&
  ((isObject(value.position) && (isObject(value.device) || 'latitude' in value.position)) ||
    (isObject(value.event) && 'type' in value.event))

/** None for an event that says nothing to us and has no place. */
function readEnvelope(envelope: Json, now: number): Item[] {
  const place = isObject(envelope.position) ? envelope.position : null
  const attributes = objectOf(place?.attributes)
  const happened = isObject(envelope.event) ? envelope.event : null
  const alarms = [attributes.alarm, place?.alarm, objectOf(happened?.attributes).alarm]
  const sos = alarms.some(isSos) || criesIn(envelope) || isSet(attributes.sos)
  const fix = readClock(place?.fixTime)
  const speed = readNumber(place?.speed)
  const position =
    place &&
    toPosition(
      {
        lat: readNumber(place.latitude),
        lng: readNumber(place.longitude),
        accuracyM: readNumber(place.accuracy),
        headingDeg: readNumber(place.course),
        speedMps: speed === null ? null : speed * KNOTS_TO_MPS,
        fixedAt: fix,
        batteryPct: readNumber(attributes.batteryLevel),
        mocked: isSet(attributes.mock),
        outdated: place.valid === false || isSet(place.outdated),
      },
      now,
    )
  const event = happened ? eventOf(happened) : (hintOf(attributes.alarm) ?? motionOf(stateOf(attributes.motion)))
  if (!place && !sos && event === null) return []
  const device = objectOf(envelope.device)
  // An event's time is its position's device time: a cry that comes as both is one press by this.
  const stamps = [place?.deviceTime, happened?.eventTime, place?.fixTime]
  const name = claimOf(device.name)
  const item = itemOf({
    sos,
    claimedId: claimOf(device.uniqueId),
    clientId: null,
    position,
    at: stamps.map(readClock).find((clock) => clock !== null) ?? null,
    placeLost: place !== null && position === null,
    timeLost: place?.fixTime !== undefined && !fix,
    event,
    charging: stateOf(attributes.charge),
    ignition: stateOf(attributes.ignition),
  })
  return [name === null ? item : { ...item, claimedName: name }]
}

function eventOf({ type, attributes }: Json): ReportEvent | null {
  if (type === 'alarm') return hintOf(objectOf(attributes).alarm)
  return typeof type === 'string' && Object.hasOwn(OF_TYPE, type) ? (OF_TYPE[type] ?? null) : null
}
