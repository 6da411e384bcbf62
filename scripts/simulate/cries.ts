// When somebody in the simulated fleet cries for help, who, how, and whether it was a mistake. Drawn from the seed alone.

import type { Kind } from '../../src/domain/press'
import { chance, hashOf, pick } from './random'

export type Cry = {
  /** Seconds after the beginning. */
  atS: number
  /** Index among those who may cry. */
  who: number
  /** `app`: POST /api/sos. `phone`: the way of the vehicle's own protocol, where it has one. */
  way: 'app' | 'phone'
  kind: Kind
  /** Seconds until it is taken back by PIN; null where it is meant. Only what went through `app` can be. */
  cancelledAfterS: number | null
}

const WAYS = [
  { way: 'app', share: 60 },
  { way: 'phone', share: 40 },
] as const

const KINDS: readonly { kind: Kind; share: number }[] = [
  { kind: 'panic', share: 40 },
  { kind: 'crash', share: 20 },
  { kind: 'medical', share: 14 },
  { kind: 'security', share: 12 },
  { kind: 'harassment', share: 8 },
  { kind: 'fire', share: 3 },
  { kind: 'flood', share: 2 },
  { kind: 'other', share: 1 },
]

/** Of presses by app: pockets, children, and "what does this button do". */
const CANCELLED_SHARE = 0.4
const CANCEL_S = [6, 45] as const

/** As many a minute on average as asked, now sooner, now later; without an end. None where 0 are asked. */
export function* cries(seed: number, perMinute: number, people: number): Generator<Cry> {
  if (perMinute <= 0 || people <= 0) return
  const draw = chance(hashOf(seed, 'cries'))
  for (let atS = 0; ; ) {
    // Not as rare events really come: whoever asks for three a minute wants to see one soon, and no ten at once.
    atS += (60 / perMinute) * (0.3 + 1.4 * draw())
    const who = Math.floor(draw() * people)
    const { way } = pick(WAYS, draw())
    const { kind } = pick(KINDS, draw())
    const isMistake = draw() < CANCELLED_SHARE
    const afterS = CANCEL_S[0] + (CANCEL_S[1] - CANCEL_S[0]) * draw()
    yield { atS, who, way, kind, cancelledAfterS: way === 'app' && isMistake ? afterS : null }
  }
}

/** `3/min`, `1/h`, `0.5/s`, or a bare number per minute, as presses per minute. Null for anything else. */
export function readRate(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)(?:\/(s|min|h))?$/.exec(text.trim())
  if (!found) return null
  return Number(found[1]) * { s: 60, min: 1, h: 1 / 60 }[(found[2] ?? 'min') as 's' | 'min' | 'h']
}
