// What a protocol read of one record becomes an item; what it could not read becomes one, too: counted, and heard if it cries.

import type { Position } from '../domain/position'
import type { PressLabel } from '../domain/press'
import type { ReportEvent } from '../domain/report'
import type { Clock } from './clock'
import { isObject } from './json'
import { toPosition } from './position'
import { APP_KIND, criesIn, type Item } from './protocol'
import { findCry, findPlace } from './salvage'

export type ReadRecord = {
  sos: boolean
  claimedId: string | null
  /** Through `clientIdOf`. */
  clientId: string | null
  position: Position | null
  /** When it was written, by the sender's clock; null where it does not say. */
  at: Clock | null
  /** It said a place, and nobody can read it. */
  placeLost: boolean
  /** It said a time, and nobody can read it: the place is still one. */
  timeLost: boolean
  note?: string | null
  event?: ReportEvent | null
  charging?: boolean | null
  ignition?: boolean | null
}

export function itemOf({ event = null, charging = null, ignition = null, ...read }: ReadRecord): Item {
  const { sos, claimedId, clientId, position, at, placeLost, timeLost } = read
  const labels: PressLabel[] = placeLost || timeLost ? ['garbled'] : []
  if (at?.local) labels.push('wrong_clock')
  const engine = event === 'ignition_on' ? true : event === 'ignition_off' ? false : ignition
  const silent = event === null && charging === null && engine === null
  return {
    sos,
    claimedId,
    fields: {
      clientId,
      kind: APP_KIND,
      position,
      safeToTalk: null,
      note: read.note ?? null,
      tripId: null,
      pressedAt: at?.at ?? null,
      labels,
    },
    ...(silent ? {} : { said: { event, charging, ignition: engine } }),
    ...(placeLost ? { malformed: true as const } : {}),
  }
}

/** A record without a place that is no cry either. */
export const itemWithoutPlace = (claimedId: string | null, event: ReportEvent): Item =>
  itemOf({
    sos: false,
    claimedId,
    clientId: null,
    position: null,
    at: null,
    placeLost: false,
    timeLost: false,
    event,
  })

const GARBLED: readonly PressLabel[] = ['garbled']

/** A cry out of a text that nobody could read, or not to its end. `at`: where in it the cry begins. */
export const garbledCry = (text: string, at: number, now: number): Item => ({
  sos: true,
  claimedId: null,
  fields: {
    clientId: null,
    kind: APP_KIND,
    position: toPosition(findPlace(text, at), now),
    safeToTalk: null,
    note: null,
    tripId: null,
    pressedAt: null,
    labels: GARBLED,
  },
})

/** One for all: a message can hold a million of them. */
export const MALFORMED: Readonly<Item> = Object.freeze<Item>({
  sos: false,
  claimedId: null,
  fields: Object.freeze({ ...garbledCry('', 0, 0).fields, position: null }),
  malformed: true,
})

/** A record, of whatever type, that its protocol cannot read. It is lost to the map, never to the tower if it cries. */
export function malformedItem(record: unknown, now: number): Item {
  if (record === null || (typeof record !== 'object' && typeof record !== 'string')) return MALFORMED
  const text = typeof record === 'string' ? record : written(record)
  const cry = findCry(text) ?? (isObject(record) && criesIn(record) ? 0 : null)
  return cry === null ? MALFORMED : { ...garbledCry(text, cry, now), malformed: true }
}

/** Nested deeply enough, what could be read cannot be written again. */
function written(value: object): string {
  try {
    return JSON.stringify(value)
  } catch {
    return ''
  }
}
