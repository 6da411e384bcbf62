// Reads what a map's page says. Whatever this version does not understand is null, never an error.

import type { Box, FromMap } from '../domain/map-frame'

/** Nothing that a page says is as long. */
const LONGEST = 1_000

export function readFromMap(text: string): FromMap | null {
  if (text.length > LONGEST) return null
  let message: Record<string, unknown>
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    message = value as Record<string, unknown>
  } catch {
    return null
  }
  if (message.t === 'view') {
    const box = boxOf(message.box)
    return box && { t: 'view', box }
  }
  if (message.t === 'select') {
    const { index } = message
    return typeof index === 'number' && Number.isInteger(index) ? { t: 'select', index } : null
  }
  return message.t === 'seen' ? { t: 'seen' } : null
}

/** Cut to the earth: a map that is zoomed far out shows it several times. */
function boxOf(value: unknown): Box | null {
  if (!Array.isArray(value) || value.length !== 4 || !value.every((each) => Number.isFinite(each))) return null
  const [south, west, north, east] = value as [number, number, number, number]
  if (south > north || west > east) return null
  const [lat, lng] = [clamped(90), clamped(180)]
  return [lat(south), lng(west), lat(north), lng(east)]
}

const clamped =
  (most: number) =>
  (value: number): number =>
    Math.max(-most, Math.min(most, value))
