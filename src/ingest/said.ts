// What trackers say beside their place, in the words of Traccar's server: alarms, and the states of a vehicle.

import type { ReportEvent } from '../domain/report'

/** The gravest first: a record has one event. `sos` is none of them, it is a cry. */
const HINTS: readonly (readonly [event: ReportEvent, alarms: readonly string[]])[] = [
  ['crash', ['accident', 'falldown']],
  ['tow', ['tow']],
  ['power_cut', ['powercut']],
  ['low_battery', ['lowbattery']],
]

/** What an alarm hints at: "accident", "sos,lowBattery", ["tow"]. Null where a person need not be asked about it. */
export function hintOf(alarm: unknown): ReportEvent | null {
  const words = [alarm].flat().flatMap((each) => (typeof each === 'string' ? each.toLowerCase().split(/[,;|\s]+/) : []))
  if (words.length === 0) return null
  return HINTS.find(([, alarms]) => alarms.some((each) => words.includes(each)))?.[0] ?? null
}

/** A state as clients write it: true, 1, "true", "off"... Null for anything else. */
export function stateOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  if (value === 1 || value === 0) return value === 1
  if (typeof value !== 'string') return null
  const word = value.trim().toLowerCase()
  if (word === 'true' || word === '1' || word === 'yes' || word === 'on') return true
  return word === 'false' || word === '0' || word === 'no' || word === 'off' ? false : null
}

/** Of a state that says whether it moves. */
export const motionOf = (moves: boolean | null): ReportEvent | null =>
  moves === null ? null : moves ? 'moving' : 'stopped'
