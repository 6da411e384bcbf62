// Our own message of a press, as POST /api/sos and the lifeline take it. A field that cannot be used is dropped and the
// press labelled: whoever is in danger cannot mend a body.

import { KINDS, type Kind, type PressLabel } from '../domain/press'
import { readClock } from './clock'
import { isObject, type Json, parsed } from './json'
import { readNumber, toPosition } from './position'
import type { PressFields } from './press'
import { clientIdOf } from './press-id'
import { findPlace } from './salvage'
import { cleanText, textOrNull } from './text'

export type ReadPress = {
  /** False for a body that is no JSON object: `fields` then hold what could be saved of it. */
  readable: boolean
  fields: PressFields
  /** Whom an unsigned press says it is from. */
  claimedId: string | null
}

export const NOTE_MAX = 500
const ID_MAX = 64

/** Reads any text whatever. `now` in epoch ms. */
export function readPressText(text: string, now: number): ReadPress {
  const value = parsed(text)
  return isObject(value)
    ? { readable: true, fields: pressFields(value, now), claimedId: claimedId(value) }
    : { readable: false, fields: saved(text, now), claimedId: null }
}

/** The fields of a message that is JSON already: the lifeline's. Anything whatever is a press. */
export function pressFields(value: unknown, now: number): PressFields {
  if (!isObject(value)) return { ...NOTHING, labels: GARBLED }
  let garbled = false
  /** Marks what was said and could not be used. */
  const used = <T>(said: unknown, read: T | null): T | null => {
    if (read === null && said !== undefined && said !== null) garbled = true
    return read
  }
  const { id, kind, position, safeToTalk, note, pressedAt, tripId } = value
  const place = isObject(position) ? position : null
  const fix = place && used(place.fixedAt, readClock(place.fixedAt))
  const number = (said: unknown) => used(said, readNumber(said))
  const clock = used(pressedAt, readClock(pressedAt))
  const fields = {
    clientId: used(id, clientIdOf(id)),
    kind: used(kind, kindOf(kind)) ?? 'panic',
    position: used(
      position,
      place &&
        toPosition(
          {
            lat: number(place.lat ?? place.latitude),
            lng: number(place.lng ?? place.lon ?? place.longitude),
            accuracyM: number(place.accuracyM),
            headingDeg: number(place.headingDeg),
            speedMps: number(place.speedMps),
            fixedAt: fix,
            mocked: place.mocked === true,
          },
          now,
        ),
    ),
    safeToTalk: used(safeToTalk, typeof safeToTalk === 'boolean' ? safeToTalk : null),
    note: note === '' ? null : used(note, textOrNull(note, NOTE_MAX)),
    tripId: used(tripId, textOrNull(tripId, ID_MAX)),
    pressedAt: clock?.at ?? null,
  }
  if (typeof note === 'string' && note.trim().length > NOTE_MAX) garbled = true
  const labels: PressLabel[] = garbled ? ['garbled'] : []
  if (clock?.local) labels.push('wrong_clock')
  return { ...fields, labels }
}

const GARBLED: readonly PressLabel[] = ['garbled']
const NOTHING: PressFields = {
  clientId: null,
  kind: 'panic',
  position: null,
  safeToTalk: null,
  note: null,
  tripId: null,
  pressedAt: null,
  labels: [],
}

/** A body that broke off may still have said where and what. An empty one is no garbled body but none. */
function saved(text: string, now: number): PressFields {
  if (text.trim() === '') return NOTHING
  const said = /"kind"\s{0,4}:\s{0,4}"([a-z]{4,10})"/.exec(text)
  const position = toPosition(findPlace(text, 0), now)
  return { ...NOTHING, kind: kindOf(said?.[1]) ?? 'panic', position, labels: GARBLED }
}

const kindOf = (value: unknown): Kind | null => KINDS.find((kind) => kind === value) ?? null

const claimedId = (value: Json): string | null => {
  const said = value.deviceId ?? value.device_id
  return typeof said === 'string' && said !== '' ? cleanText(said, ID_MAX) : null
}
