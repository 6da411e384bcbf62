// Seen from afar vehicles are crowds: how many in each square of the world's own grid, so that crowds stay where they are
// while the map is panned. The gravest in it is counted apart: a crowd never hides that somebody in it is in danger.

import { DOT_STATUS } from '../../../../src/domain/map-frame'

export const CROWD_PX = 48
const RADIUS_MAX_PX = 20
/** From this zoom on each vehicle stands for itself. */
export const SINGLE_FROM_ZOOM = 10

const SOS = DOT_STATUS.indexOf('sos')
const SILENT = DOT_STATUS.indexOf('silent')

export class Crowds {
  columns = 0
  rows = 0
  /** By cell, west to east, then south. */
  count = new Uint32Array(0)
  sos = new Uint32Array(0)
  silent = new Uint32Array(0)
  /** Sums of the members' places; over `count` they are its middle. */
  sumX = new Float64Array(0)
  sumY = new Float64Array(0)
  private firstColumn = 0
  private firstRow = 0

  /** Begins anew for a window into the world, all in world pixels. */
  begin(left: number, top: number, width: number, height: number): void {
    this.firstColumn = Math.floor(left / CROWD_PX)
    this.firstRow = Math.floor(top / CROWD_PX)
    this.columns = Math.floor((left + width) / CROWD_PX) - this.firstColumn + 1
    this.rows = Math.floor((top + height) / CROWD_PX) - this.firstRow + 1
    const cells = this.columns * this.rows
    if (this.count.length < cells) {
      this.count = new Uint32Array(cells)
      this.sos = new Uint32Array(cells)
      this.silent = new Uint32Array(cells)
      this.sumX = new Float64Array(cells)
      this.sumY = new Float64Array(cells)
      return
    }
    for (const each of [this.count, this.sos, this.silent, this.sumX, this.sumY]) each.fill(0)
  }

  /** World pixels; what lies outside of the window's cells is left out. */
  add(x: number, y: number, status: number): void {
    const cell = this.cellAt(x, y)
    if (cell < 0) return
    this.count[cell] = (this.count[cell] as number) + 1
    this.sumX[cell] = (this.sumX[cell] as number) + x
    this.sumY[cell] = (this.sumY[cell] as number) + y
    if (status === SOS) this.sos[cell] = (this.sos[cell] as number) + 1
    else if (status === SILENT) this.silent[cell] = (this.silent[cell] as number) + 1
  }

  get cells(): number {
    return this.columns * this.rows
  }

  /** Where a crowd's disc stands, world pixels: towards the middle of its members, and never so that two discs touch. */
  discX(cell: number): number {
    return within(this.firstColumn + (cell % this.columns), (this.sumX[cell] as number) / (this.count[cell] as number))
  }

  discY(cell: number): number {
    const row = this.firstRow + Math.floor(cell / this.columns)
    return within(row, (this.sumY[cell] as number) / (this.count[cell] as number))
  }

  private cellAt(x: number, y: number): number {
    const column = Math.floor(x / CROWD_PX) - this.firstColumn
    const row = Math.floor(y / CROWD_PX) - this.firstRow
    return column < 0 || row < 0 || column >= this.columns || row >= this.rows ? -1 : row * this.columns + column
  }
}

/** How far a disc may stand from the middle of its square. */
const SWAY_PX = CROWD_PX / 2 - RADIUS_MAX_PX

function within(square: number, middle: number): number {
  const centre = (square + 0.5) * CROWD_PX
  return Math.min(centre + SWAY_PX, Math.max(centre - SWAY_PX, middle))
}

/** Radius in pixels: grows with the count, never beyond its square. */
export const crowdRadius = (count: number): number => Math.min(RADIUS_MAX_PX, 9 + 3.2 * Math.log10(Math.max(1, count)))

/** 7, 480, 1.2k, 15k: four characters at most. */
export function crowdLabel(count: number): string {
  if (count < 1_000) return String(count)
  const thousands = count / 1_000
  return thousands < 10 ? `${Math.floor(thousands * 10) / 10}k` : `${Math.floor(thousands)}k`
}
