// Overland: {"locations": [GeoJSON features], "current"?: feature}. Units: m/s, 0..1 for the battery, ISO times with an
// offset; -1 means unknown. Places are longitude first.

import { FASTER_EVERY_S } from '../domain/pace'
import { readClock } from './clock'
import { itemOf, malformedItem } from './item'
import { isObject, type Json, objectOf } from './json'
import { readNumber, shareToPct, toPosition } from './position'
import { clientIdOf } from './press-id'
import { claimOf, criesIn, type Item, isSet, type Protocol } from './protocol'
import { hintOf } from './said'

export const overland: Protocol = {
  name: 'overland',
  read({ json, now }) {
    const { locations, current, ...root } = objectOf(json)
    if (!Array.isArray(locations) || isTransistorsoft(locations)) return null
    // The newest comes last: it stands beside a backlog, so that the map need not wait for that.
    const features: unknown[] = current === undefined || current === null ? locations : [...locations, current]
    const items = features.map((feature) =>
      isObject(feature) ? readFeature(feature, now) : malformedItem(feature, now),
    )
    if (!criesIn(root)) return items
    const newest = items.pop() ?? malformedItem(root, now)
    return [...items, { ...newest, sos: true }]
  },
  // Any other answer, and the whole batch comes again.
  reply: { status: 200, body: '{"result":"ok"}', contentType: 'application/json' },
  // Since 2024 its iOS app takes settings from the reply; earlier ones, and Android's, read `result` alone.
  paced: (pace) =>
    JSON.stringify({
      result: 'ok',
      set: { send_interval: pace === 'faster' ? `${FASTER_EVERY_S}s` : ENROLLED_INTERVAL },
    }),
  begins: /^\s*\{\s*"locations"\s*:/,
}

/**
 * How often it sends, one of the app's own choices: as OwnTracks' phones are enrolled. What its owner had set before is not in
 * its reports, so that cannot be given back.
 */
const ENROLLED_INTERVAL = '30s'

/** Its apps can be told to use this name for their records. */
function isTransistorsoft(locations: readonly unknown[]): boolean {
  const records = locations.filter(isObject)
  return records.some(({ coords }) => isObject(coords)) && !records.some((each) => each.geometry || each.properties)
}

function readFeature(feature: Json, now: number): Item {
  const said = objectOf(feature.properties)
  const { coordinates } = objectOf(feature.geometry)
  const [lng, lat] = Array.isArray(coordinates) ? coordinates : []
  const sos = criesIn(feature) || criesIn(said)
  const at = readClock(said.timestamp)
  const position = toPosition(
    {
      lat: readNumber(lat),
      lng: readNumber(lng),
      accuracyM: readNumber(said.horizontal_accuracy),
      headingDeg: readNumber(said.course),
      speedMps: readNumber(said.speed),
      fixedAt: at,
      batteryPct: shareToPct(said.battery_level),
      mocked: isSet(said.mock),
    },
    now,
  )
  // GeoJSON's way to say "nowhere known" is a geometry that is null.
  const unplaced = feature.geometry === null && at !== null
  return itemOf({
    sos,
    claimedId: claimOf(said.device_id),
    clientId: clientIdOf(said.uuid ?? said.unique_id),
    position,
    at,
    placeLost: position === null && !unplaced,
    timeLost: said.timestamp !== undefined && !at,
    event: hintOf(said.alarm) ?? (unplaced && !sos ? 'heartbeat' : null),
    charging: chargingOf(said.battery_state),
  })
}

/** A full battery is on the cable still. */
const chargingOf = (state: unknown): boolean | null =>
  state === 'charging' || state === 'full' ? true : state === 'unplugged' ? false : null
