// How many devices of each cell are heard, and how many fell silent when: counted as it changes, for the region's room to
// see an outage in. Says nothing of whose they are.

import {
  type CellAt,
  type CellReport,
  COVERAGE,
  type CoverageReport,
  cellKey,
  cellOf,
  type LostAt,
} from '../domain/coverage'
import type { Known } from './known'

type Place = { cell: Cell; slot: number | null; lat: number; lng: number }
type Cell = { at: CellAt; heard: number; lost: Map<number, number>; lat: number; lng: number }

export class Coverage {
  private readonly cells = new Map<number, Cell>()
  private readonly places = new Map<Known, Place>()
  private heard = 0
  /** Somebody fell silent or was heard again since this was last put back. */
  changed = false

  constructor(private readonly silentAfterMs: number) {}

  /** Call after its place or its standing may have changed: with most reports neither has. */
  note(known: Known, now: number): void {
    if (!known.shown) return
    const { lat, lng } = known.shown.position
    const before = this.places.get(known)
    const lost = known.standing !== 'heard'
    // Where it fell silent is where it counts: a fix that comes with its next word moves it.
    if (before && lost && before.slot !== null) return
    const at = cellOf(lat, lng)
    if (before && !lost && before.slot === null && before.cell.at[0] === at[0] && before.cell.at[1] === at[1]) return
    this.forget(known)
    const slot = lost ? slotOf(before ? now : Math.min(now, known.lastContactAt + this.silentAfterMs)) : null
    const place: Place = { cell: this.cellAt(at), slot, lat, lng }
    this.places.set(known, place)
    this.count(place, 1)
  }

  /** It is known no more. */
  forget(known: Known): void {
    const place = this.places.get(known)
    if (!place) return
    this.places.delete(known)
    this.count(place, -1)
    if (place.cell.heard === 0 && place.cell.lost.size === 0) this.cells.delete(cellKey(place.cell.at))
  }

  /** Cells with anybody silent since `from` (epoch ms). */
  report(shard: number, from: number): CoverageReport {
    const since = slotOf(from)
    const cells: CellReport[] = []
    for (const { at, heard, lost: slots, lat, lng } of this.cells.values()) {
      const lost: LostAt[] = []
      let all = 0
      for (const [slot, devices] of slots) {
        all += devices
        if (slot >= since) lost.push([slot, devices])
      }
      if (lost.length > 0) cells.push({ at, heard, lost, lat: lat / all, lng: lng / all })
    }
    return { shard, heard: this.heard, silentAfterMs: this.silentAfterMs, cells }
  }

  private cellAt(at: CellAt): Cell {
    const key = cellKey(at)
    const cell = this.cells.get(key) ?? { at, heard: 0, lost: new Map(), lat: 0, lng: 0 }
    this.cells.set(key, cell)
    return cell
  }

  private count({ cell, slot, lat, lng }: Place, change: 1 | -1): void {
    if (slot === null) {
      cell.heard += change
      this.heard += change
      return
    }
    this.changed = true
    const devices = (cell.lost.get(slot) ?? 0) + change
    if (devices === 0) cell.lost.delete(slot)
    else cell.lost.set(slot, devices)
    cell.lat += lat * change
    cell.lng += lng * change
  }
}

const slotOf = (at: number): number => Math.floor(at / COVERAGE.slotMs)
