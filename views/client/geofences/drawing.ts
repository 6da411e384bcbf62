// What somebody draws, corner by corner, and can take back. Knows nothing of maps.

import { areaM2 } from '../../../src/domain/drawn-fence'
import type { Corner } from '../../../src/domain/fence'
import type { Say } from '../../words'

type State = { corners: readonly Corner[]; closed: boolean }

export const ENOUGH = 3
const REMEMBERED = 200

export class Drawing {
  private now: State = { corners: [], closed: false }
  private before: State[] = []

  get corners(): readonly Corner[] {
    return this.now.corners
  }

  get closed(): boolean {
    return this.now.closed
  }

  /** A closed one takes no more: false. */
  add(corner: Corner): boolean {
    if (this.closed) return false
    this.become({ corners: [...this.corners, corner], closed: false })
    return true
  }

  move(at: number, corner: Corner): void {
    if (at in this.corners) this.become({ ...this.now, corners: this.corners.with(at, corner) })
  }

  remove(at: number): void {
    if (!(at in this.corners)) return
    const corners = this.corners.toSpliced(at, 1)
    this.become({ corners, closed: this.closed && corners.length >= ENOUGH })
  }

  /** False where there is not enough to be closed. */
  close(): boolean {
    if (this.corners.length < ENOUGH) return false
    if (!this.closed) this.become({ ...this.now, closed: true })
    return true
  }

  clear(): void {
    if (this.corners.length > 0) this.become({ corners: [], closed: false })
  }

  /** As it came by text, where it is whole. A ring that ends where it began is joined by itself. */
  set(corners: readonly Corner[]): void {
    const [first, last] = [corners[0], corners.at(-1)]
    const joined = corners.length > 1 && first && last && first[0] === last[0] && first[1] === last[1]
    const open = joined ? corners.slice(0, -1) : corners
    this.become({ corners: open, closed: open.length >= ENOUGH })
  }

  /** False where there is nothing to take back. */
  undo(): boolean {
    const last = this.before.pop()
    if (!last) return false
    this.now = last
    return true
  }

  private become(state: State): void {
    this.before.push(this.now)
    if (this.before.length > REMEMBERED) this.before.shift()
    this.now = state
  }
}

/** How it stands, in words. */
export function describeDrawing({ corners, closed }: Drawing, say: Say): string {
  const n = corners.length
  if (n === 0) return say('fence.said_none')
  if (n < ENOUGH) return say('fence.said_few', { n })
  return say(closed ? 'fence.said_closed' : 'fence.said_open', { n, area: areaInWords(areaM2(corners), say) })
}

function areaInWords(m2: number, say: Say): string {
  if (m2 < 100_000) return say('fence.area_m2', { n: Math.round(m2).toLocaleString('en-US') })
  const km2 = m2 / 1e6
  return say('fence.area_km2', { n: km2 < 10 ? km2.toFixed(2) : Math.round(km2).toLocaleString('en-US') })
}
