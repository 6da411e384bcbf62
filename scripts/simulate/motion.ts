// How a vehicle gets along a stretch of road: speeding up, keeping a speed, braking. School physics, and nothing drawn.

/** From `atS` on: at `m` metres with `mps`, changing by `gain` m/s², until the next phase begins. */
export type Phase = { atS: number; m: number; mps: number; gain: number }

/** A piece of road with one speed. Lengths in metres, speeds in m/s. */
export type Piece = { lengthM: number; cruiseMps: number }

type Power = { speedUp: number; brake: number }

export type Run = { phases: Phase[]; seconds: number }

/** From standstill through all pieces, to `endMps` at the last one's end. Distances count from 0. */
export function runThrough(pieces: readonly Piece[], { speedUp, brake }: Power, endMps: number): Run {
  const speeds = speedsBetween(pieces, { speedUp, brake }, endMps)
  const phases: Phase[] = []
  let atS = 0
  let m = 0
  const go = (mps: number, gain: number, seconds: number) => {
    if (seconds <= 0) return
    phases.push({ atS, m, mps, gain })
    atS += seconds
    m += mps * seconds + (gain * seconds * seconds) / 2
  }
  for (const [nth, { lengthM, cruiseMps }] of pieces.entries()) {
    const from = speeds[nth] ?? 0
    const to = speeds[nth + 1] ?? 0
    const peak = Math.sqrt((2 * speedUp * brake * lengthM + brake * from ** 2 + speedUp * to ** 2) / (speedUp + brake))
    const fastest = Math.max(from, to, Math.min(cruiseMps, peak))
    const flatM = lengthM - (fastest ** 2 - from ** 2) / (2 * speedUp) - (fastest ** 2 - to ** 2) / (2 * brake)
    go(from, speedUp, (fastest - from) / speedUp)
    go(fastest, 0, Math.max(0, flatM) / fastest)
    go(fastest, -brake, (fastest - to) / brake)
  }
  return { phases, seconds: atS }
}

/** The speed at each piece's beginning and at the end of all: reachable by speeding up from before, and by braking for what comes. */
function speedsBetween(pieces: readonly Piece[], { speedUp, brake }: Power, endMps: number): number[] {
  const speeds = pieces.map(({ cruiseMps }, nth) =>
    nth === 0 ? 0 : Math.min(cruiseMps, pieces[nth - 1]?.cruiseMps ?? 0),
  )
  speeds.push(Math.min(endMps, pieces.at(-1)?.cruiseMps ?? 0))
  for (const [nth, { lengthM }] of pieces.entries())
    speeds[nth + 1] = Math.min(speeds[nth + 1] ?? 0, Math.sqrt((speeds[nth] ?? 0) ** 2 + 2 * speedUp * lengthM))
  for (let nth = pieces.length - 1; nth >= 0; nth--) {
    const { lengthM } = pieces[nth] as Piece
    speeds[nth] = Math.min(speeds[nth] ?? 0, Math.sqrt((speeds[nth + 1] ?? 0) ** 2 + 2 * brake * lengthM))
  }
  return speeds
}

/** Where it is after `s` seconds. `phases` are in order and begin at or before it; after the last it goes on as that says. */
export function motionAt(phases: readonly Phase[], s: number): { m: number; mps: number } {
  let low = 0
  let high = phases.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((phases[middle]?.atS ?? 0) <= s) low = middle
    else high = middle - 1
  }
  const { atS, m, mps, gain } = phases[low] as Phase
  const t = s - atS
  return { m: m + mps * t + (gain * t * t) / 2, mps: Math.max(0, mps + gain * t) }
}
