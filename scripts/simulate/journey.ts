// What one vehicle does in one shift: there and back along its corridor until the next round would not end in time, then a
// rest. A shift is drawn from its seed and the clock alone, so that any process at any time finds every vehicle in the same
// place: a tower that starts again goes on with the traffic that it had.

import { flowAt } from './congestion'
import type { Corridor } from './corridors'
import { PROFILES, type Profile, type VehicleKind } from './kinds'
import { motionAt, type Phase, type Piece, runThrough } from './motion'
import type { Path } from './path'
import { chance, hashOf, shareOf } from './random'

export const SHIFT_S = 4 * 3600

type Towards = 1 | -1
/** One way along the corridor. Its phases count seconds and metres from its own beginning. */
export type Drive = { atS: number; fromM: number; towards: Towards; phases: Phase[] }
type Halt = { m: number; light: boolean; waitS: number }

export type Route = { corridor: Corridor; path: Path; kind: VehicleKind }

/** `startsAt` in epoch ms. Seconds within count from it; the first drive begins at 0. */
export function planShift({ corridor, path, kind }: Route, seed: number, startsAt: number): Drive[] {
  const profile = PROFILES[kind]
  const draw = chance(hashOf(seed, startsAt))
  // Not everybody turns on the same spot: the ends are as wide as a terminal. The same in every shift, or it would jump.
  const near = shareOf(seed, 'near') * TERMINAL_M
  const far = path.lengthM - shareOf(seed, 'far') * TERMINAL_M
  const drives: Drive[] = []
  let atS = 0
  for (;;) {
    const out = driveAlong({ corridor, path, profile, draw, startsAt }, near, far, atS)
    const back = driveAlong(
      { corridor, path, profile, draw, startsAt },
      far,
      near,
      out.endS + between(profile.turnS, draw),
    )
    if (back.endS > SHIFT_S) break
    drives.push(out.drive, back.drive)
    atS = back.endS + between(profile.turnS, draw)
  }
  return drives.length > 0 ? drives : [{ atS: 0, fromM: near, towards: 1, phases: [standing(0, 0)] }]
}

/** Where on the corridor, which way, and how fast. */
export function placeIn(drives: readonly Drive[], s: number): { m: number; towards: Towards; mps: number } {
  const drive = (drives.findLast(({ atS }) => atS <= s) ?? drives[0]) as Drive
  const { m, mps } = motionAt(drive.phases, Math.max(0, s - drive.atS))
  return { m: drive.fromM + m * drive.towards, towards: drive.towards, mps }
}

const TERMINAL_M = 120
const LIGHT_CYCLE_S = 90
const RED_S = 40
/** Until the queue before it has moved. */
const START_S = 2
const SLOWEST_MPS = 1.8

type Setting = { corridor: Corridor; path: Path; profile: Profile; draw: () => number; startsAt: number }

function driveAlong(setting: Setting, fromM: number, toM: number, atS: number): { drive: Drive; endS: number } {
  const { corridor, profile, startsAt } = setting
  const towards: Towards = toM > fromM ? 1 : -1
  const phases: Phase[] = []
  let s = 0
  let goneM = 0
  let pieces: Piece[] = []
  const standStill = (seconds: number) => {
    phases.push(standing(s, goneM))
    s += seconds
  }
  const arrive = () => {
    const { phases: run, seconds } = runThrough(pieces, profile, 0)
    for (const phase of run) phases.push({ ...phase, atS: s + phase.atS, m: goneM + phase.m })
    s += seconds
    goneM += pieces.reduce((sum, { lengthM }) => sum + lengthM, 0)
    pieces = []
  }
  let m = fromM
  for (const halt of haltsBetween(setting, fromM, toM)) {
    pieces.push(...piecesBetween(setting, m, halt.m, startsAt + (atS + s) * 1000))
    m = halt.m
    if (!halt.light) {
      arrive()
      standStill(halt.waitS)
      continue
    }
    const last = pieces.at(-1)?.cruiseMps ?? 0
    const passesAt = atS + s + runThrough(pieces, profile, last).seconds
    if (redFor(corridor, halt.m, startsAt + passesAt * 1000) === 0) continue
    arrive()
    standStill(redFor(corridor, halt.m, startsAt + (atS + s) * 1000) + START_S)
  }
  // The end of the way is the last halt: it stands there until the next drive begins.
  return { drive: { atS, fromM, towards, phases }, endS: atS + s }
}

/** Lights of the corridor and stops for passengers, in the order of driving; the end of the way last. */
function haltsBetween({ corridor, path, profile, draw }: Setting, fromM: number, toM: number): Halt[] {
  const inside = (m: number) => m > Math.min(fromM, toM) + CLEAR_M && m < Math.max(fromM, toM) - CLEAR_M
  const places = path.marksM.slice(1, -1).filter(inside)
  const lights = corridor.lights ? places.map((m) => ({ m, light: true, waitS: 0 })) : []
  const wait = () => between(profile.stopS, draw)
  // A little beyond the crossing, as stops are.
  const stops = profile.stopEveryM === null ? places.map((m) => m + CLEAR_M * Math.sign(toM - fromM)) : []
  if (profile.stopEveryM !== null) {
    const low = Math.min(fromM, toM)
    for (let m = low; ; ) {
      m += profile.stopEveryM * (0.4 + 1.2 * draw())
      if (m > Math.max(fromM, toM)) break
      stops.push(m)
    }
  }
  const halts = [...lights, ...stops.filter(inside).map((m) => ({ m, light: false, waitS: wait() }))]
  halts.sort((a, b) => (a.m - b.m) * Math.sign(toM - fromM))
  return [...halts, { m: toM, light: false, waitS: 0 }]
}

/** Halts are no closer than this to the ends. */
const CLEAR_M = 35

function piecesBetween({ corridor, path, profile, draw }: Setting, fromM: number, toM: number, at: number): Piece[] {
  const [low, high] = [Math.min(fromM, toM), Math.max(fromM, toM)]
  const cuts = [low, ...path.marksM.filter((m) => m > low && m < high), high]
  const flow = flowAt(at)
  const pieces: Piece[] = []
  for (let nth = 1; nth < cuts.length; nth++) {
    const [start = 0, end = 0] = [cuts[nth - 1], cuts[nth]]
    const segment = path.marksM.findLastIndex((m) => m <= (start + end) / 2)
    const kmh = corridor.way[segment]?.[3] ?? corridor.kmh
    const cruise = Math.min(profile.topKmh, kmh * profile.eager * flow ** (1 - profile.slips) * (0.8 + 0.3 * draw()))
    if (end > start) pieces.push({ lengthM: end - start, cruiseMps: Math.max(SLOWEST_MPS, cruise / 3.6) })
  }
  return toM > fromM ? pieces : pieces.reverse()
}

/** Seconds until a light is green: the same for all who come to it. */
function redFor({ id }: Corridor, m: number, at: number): number {
  const into = (at / 1000 + shareOf(id, Math.round(m)) * LIGHT_CYCLE_S) % LIGHT_CYCLE_S
  return Math.max(0, RED_S - into)
}

const standing = (atS: number, m: number): Phase => ({ atS, m, mps: 0, gain: 0 })
const between = ([low, high]: readonly [number, number], draw: () => number): number => low + (high - low) * draw()
