// The name of a press, computed before any shard is called: a retry, also one that lands on another shard, has it too.

import { incidentIdFrom } from '../domain/incident-id'
import type { RegionId } from '../domain/region'

export type PressMarks = {
  home: RegionId
  deviceId: string
  /** The sender's own id of it, through `clientIdOf`. */
  clientId: string | null
  /** What was pressed: a kind, or an app's word for its alarm. */
  alarm: string
  /** By the phone's clock, epoch ms. */
  fixedAt: number | null
  pressedAt: number | null
  lat: number | null
  lng: number | null
  body: string
  /** By ours, epoch ms. */
  receivedAt: number
}

/** Without an id and without a time, the same bytes from one device are one press for this long. */
const STEP_MS = 10_000

/** From the first of these that is there: the sender's id; the times and place that the phone said; the body and its 10-s step. */
export const sosIdOf = (press: PressMarks): string => incidentIdFrom(press.home, marksOf(press))

/**
 * The sender's id, if it can tell presses apart. An app that always says "1", or the nil UUID, would otherwise have one
 * press for ever, and every later cry would be taken for its repeat.
 */
export function clientIdOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const id = value.trim().toLowerCase()
  return PLAUSIBLE_ID.test(id) && new Set(id.replaceAll('-', '')).size >= 4 ? id : null
}

const PLAUSIBLE_ID = /^[0-9a-z_-]{8,64}$/

function marksOf({ deviceId, clientId, alarm, fixedAt, pressedAt, lat, lng, body, receivedAt }: PressMarks): string {
  if (clientId !== null) return JSON.stringify(['id', deviceId, clientId])
  // The time of the press stands beside that of the fix: a second press on an old fix is another press.
  if (fixedAt !== null || pressedAt !== null) {
    return JSON.stringify(['fix', deviceId, fixedAt, pressedAt, lat, lng, alarm])
  }
  return JSON.stringify(['body', deviceId, Math.floor(receivedAt / STEP_MS), body])
}
