// Things by the square of the map they are in: what a viewport shows is found without looking at the rest.

import type { Point } from '../domain/distance'
import type { Box } from '../domain/map-frame'

/** Some five kilometres: a screen of a city shows a dozen squares, one of a region a few thousand. */
const CELL_DEG = 0.05
const COLUMNS = 360 / CELL_DEG

const row = (lat: number): number => Math.floor((lat + 90) / CELL_DEG)
const column = (lng: number): number => Math.floor((lng + 180) / CELL_DEG)
const cellOf = ({ lat, lng }: Point): number => row(lat) * (COLUMNS + 1) + column(lng)

export const isInside = ([south, west, north, east]: Box, { lat, lng }: Point): boolean =>
  lat >= south && lat <= north && lng >= west && lng <= east

export class Grid<T> {
  private readonly cells = new Map<number, Set<T>>()

  add(at: Point, item: T): void {
    const cell = cellOf(at)
    const items = this.cells.get(cell)
    if (items) items.add(item)
    else this.cells.set(cell, new Set([item]))
  }

  delete(at: Point, item: T): void {
    const cell = cellOf(at)
    const items = this.cells.get(cell)
    items?.delete(item)
    if (items?.size === 0) this.cells.delete(cell)
  }

  move(from: Point, to: Point, item: T): void {
    if (cellOf(from) === cellOf(to)) return
    this.delete(from, item)
    this.add(to, item)
  }

  /** All in the squares that the box touches: some lie outside of it. */
  *near([south, west, north, east]: Box): Iterable<T> {
    const [top, bottom, left, right] = [row(north), row(south), column(west), column(east)]
    if ((top - bottom + 1) * (right - left + 1) > this.cells.size) {
      for (const [cell, items] of this.cells) {
        const [r, c] = [Math.floor(cell / (COLUMNS + 1)), cell % (COLUMNS + 1)]
        if (r >= bottom && r <= top && c >= left && c <= right) yield* items
      }
      return
    }
    for (let r = bottom; r <= top; r++) {
      for (let c = left; c <= right; c++) yield* this.cells.get(r * (COLUMNS + 1) + c) ?? []
    }
  }
}
