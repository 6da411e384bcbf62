// Which vehicles the list names: those in view, nearest to the map's centre first.

import type { Fleet } from './fleet'
import { mercatorX, mercatorY } from './mercator'

/** A list longer than this is read by nobody. */
export const LIST_LIMIT = 200

export type View = { south: number; west: number; north: number; east: number }

/** Slots, and how many there are in all. `status`: of DOT_STATUS, where only those are asked for. */
export function inView(
  fleet: Fleet,
  view: View,
  limit = LIST_LIMIT,
  status: number | null = null,
): { slots: number[]; total: number } {
  const { left, right, top, bottom } = edgesOf(view)
  const { x, y } = fleet.at
  const found: number[] = []
  for (let slot = 0; slot < fleet.count; slot++) {
    if (status !== null && fleet.at.status[slot] !== status) continue
    const [atX, atY] = [x[slot] as number, y[slot] as number]
    if (atX >= left && atX <= right && atY >= top && atY <= bottom) found.push(slot)
  }
  const [centreX, centreY] = [(left + right) / 2, (top + bottom) / 2]
  const away = (slot: number) => ((x[slot] as number) - centreX) ** 2 + ((y[slot] as number) - centreY) ** 2
  const slots = found.sort((a, b) => away(a) - away(b)).slice(0, limit)
  return { slots, total: found.length }
}

/** The same count without the list: asked every second. */
export function countInView(fleet: Fleet, view: View): number {
  const { left, right, top, bottom } = edgesOf(view)
  const { x, y } = fleet.at
  let count = 0
  for (let slot = 0; slot < fleet.count; slot++) {
    const [atX, atY] = [x[slot] as number, y[slot] as number]
    if (atX >= left && atX <= right && atY >= top && atY <= bottom) count++
  }
  return count
}

const edgesOf = (view: View) => ({
  left: mercatorX(view.west),
  right: mercatorX(view.east),
  top: mercatorY(view.north),
  bottom: mercatorY(view.south),
})
