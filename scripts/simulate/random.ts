// Chance that is the same for the same seed, in every process and at every time: nothing of the traffic is drawn otherwise.

/** 32 well mixed bits of whatever names a thing. */
export function hashOf(...parts: (string | number)[]): number {
  const text = parts.join('|')
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** 0 <= x < 1, always the same for the same parts. */
export const shareOf = (...parts: (string | number)[]): number => hashOf(...parts) / 2 ** 32

/** A row of numbers 0 <= x < 1 (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A smooth curve between -1 and 1 that wanders by about its height while `x` grows by 1: how a GPS fix drifts. */
export function drift(seed: number, x: number): number {
  const from = Math.floor(x)
  const part = x - from
  const at = (step: number) => hashOf(seed, step) / 2 ** 31 - 1
  return at(from) + (at(from + 1) - at(from)) * part * part * (3 - 2 * part)
}

/** Of these, each as often as its share says. `draw` is 0 <= x < 1. */
export function pick<T extends { share: number }>(from: readonly T[], draw: number): T {
  let left = draw * from.reduce((sum, { share }) => sum + share, 0)
  for (const each of from) {
    left -= each.share
    if (left < 0) return each
  }
  return from.at(-1) as T
}
