// What a seed makes of a world: who is there, what they do, and what goes wrong when. Plain data, drawn before anything happens.

import type { Kind, Press } from '../../src/domain/press'
import { DURESS, PIN } from './actors/phone'
import type { Mood } from './actors/postgres'
import { PROVIDER_MOODS, type ProviderMood } from './actors/provider'
import type { Habits } from './actors/screen'
import type { CommitFault } from './world/disk'
import type { Weather } from './world/network'
import { Random } from './world/random'

export type Pressing = {
  afterMs: number
  device: number
  kind: Kind
  door: Press['door']
  /** So many presses of a held button, one each `everyMs`. */
  times: number
  everyMs: number
  cancel: { pin: string; afterMs: number } | null
}

/** `to`: an actor, or `intake` and `provider` by number. */
export type Fault = { afterMs: number } & (
  | { what: 'dies at a commit'; to: string; commit: CommitFault }
  | { what: 'is killed'; to: string; downMs: number }
  | { what: 'is stuck'; to: string; forMs: number }
  | { what: 'is cut off'; one: string; other: string; forMs: number; silently: boolean }
  | { what: 'is held up'; from: string; to: string; link: string; ms: number }
  | { what: 'bad weather'; weather: Weather; forMs: number }
  | { what: 'clock is set'; to: string; byMs: number }
  | { what: 'loses its alarm'; to: string; forMs: number }
  | { what: 'alarm fires for nothing'; to: string }
  | { what: 'Postgres'; mood: Mood; forMs: number }
  | { what: 'Postgres refuses'; type: string }
  | { what: 'provider'; n: number; mood: ProviderMood; forMs: number }
  | { what: 'screen is lost'; n: number; silently: boolean; forMs: number }
  | { what: 'no rounds'; forMs: number }
  | { what: 'room chokes on the next press'; forMs: number }
)

export type Plan = {
  seed: number
  /** How many intake shards; devices; operators with a screen. */
  shards: number
  devices: number
  screens: Habits[]
  /** People who are called, and how they answer. */
  answers: { key: '1' | '2' | '9'; chance: number }[]
  muddles: boolean
  /** The room, or the intakes, are of the release before. */
  old: 'room' | 'intake' | null
  presses: Pressing[]
  faults: Fault[]
  /** When all is well again, operators take what there is at once. */
  attentive: boolean
  /** Until then things go wrong. */
  faultsMs: number
}

/** How much of everything there is in a world; from and to, or how often. */
export type Mix = {
  presses: readonly [number, number]
  devices: readonly [number, number]
  faults: readonly [number, number]
  faultsS: readonly [number, number]
  held: number
  burst: number
}

export const WIDE: Mix = {
  presses: [1, 4],
  devices: [1, 4],
  faults: [1, 6],
  faultsS: [25, 75],
  held: 0.12,
  burst: 0.04,
}
/** Most of what can go wrong needs one press and a fault or two, and then three such worlds cost what a wide one does. */
export const NARROW: Mix = { presses: [1, 2], devices: [1, 2], faults: [1, 3], faultsS: [15, 45], held: 0.05, burst: 0 }
const WIDE_EVERY = 8

const mixOf = (seed: number): Mix => (seed % WIDE_EVERY === 0 ? WIDE : NARROW)

const SECOND = 1_000
export const FIVE_MINUTES = 300 * SECOND

const KINDS: readonly (readonly [Kind, number])[] = [
  ['panic', 5],
  ['crash', 4],
  ['medical', 2],
  ['flood', 1],
]

export function planOf(seed: number, mix: Mix = mixOf(seed)): Plan {
  const random = new Random(seed)
  const shards = random.weighted([
    [1, 3],
    [2, 2],
  ])
  const devices = random.between(...mix.devices)
  const faultsMs = random.between(...mix.faultsS) * SECOND
  const screens = Array.from(
    {
      length: random.weighted([
        [0, 2],
        [1, 5],
        [2, 3],
      ]),
    },
    (): Habits => ({
      takes: random.of([0.3, 0.8, 1]),
      thinksMs: random.chance(0.5) ? [800, 6_000] : [5_000, 40_000],
      silent: random.of([0, 0.3, 0.8]),
    }),
  )
  const plan: Plan = {
    seed,
    shards,
    devices,
    screens,
    answers: random.chance(0.5)
      ? []
      : [
          { key: '1', chance: 0.3 },
          { key: '2', chance: 0.3 },
          { key: '9', chance: 0.1 },
        ],
    muddles: random.chance(0.4),
    attentive: random.chance(0.6),
    old: random.weighted([
      [null, 8],
      ['room' as const, 1],
      ['intake' as const, 1],
    ]),
    presses: pressesOf(random, mix, devices, faultsMs),
    faults: [],
    faultsMs,
  }
  for (let n = random.between(...mix.faults); n > 0; n--) plan.faults.push(faultOf(random, plan))
  // What waits apart waits by a clock: both of them go wrong in too few worlds where each comes by itself.
  const chokes = plan.faults.find(({ what }) => what === 'room chokes on the next press')
  if (chokes && random.chance(0.4))
    for (let n = 0; n < shards; n++) plan.faults.push({ ...turned(`intake:${n}`), afterMs: faultsMs * 0.9 })
  plan.faults.sort((a, b) => a.afterMs - b.afterMs)
  return plan
}

function pressesOf(random: Random, mix: Mix, devices: number, faultsMs: number): Pressing[] {
  const presses: Pressing[] = []
  for (let n = random.between(...mix.presses); n > 0; n--) {
    const held = random.chance(mix.held)
    presses.push({
      afterMs: random.between(0, faultsMs * 0.7),
      device: random.between(0, devices - 1),
      kind: random.weighted(KINDS),
      door: random.chance(0.3) ? 'lifeline' : 'api',
      times: held ? random.between(4, 9) : 1,
      everyMs: random.between(40, 700),
      cancel: random.chance(0.2)
        ? { pin: random.of([PIN, PIN, DURESS, '0000']), afterMs: random.between(500, 30_000) }
        : null,
    })
  }
  // Everybody at once: what steps around a slow shard must not double it.
  if (random.chance(mix.burst)) {
    const afterMs = random.between(1_000, faultsMs / 2)
    for (let n = 0; n < 14; n++)
      presses.push({
        afterMs: afterMs + random.between(0, 300),
        device: 10 + n,
        kind: 'crash',
        door: 'api',
        times: 1,
        everyMs: 0,
        cancel: null,
      })
  }
  return presses
}

function faultOf(random: Random, plan: Plan): Fault {
  const afterMs = random.between(0, plan.faultsMs * 0.85)
  const forMs = Math.min(
    plan.faultsMs - afterMs,
    random.weighted([
      [random.between(300, 4_000), 4],
      [random.between(4_000, 20_000), 4],
      [random.between(20_000, 70_000), 2],
    ]),
  )
  const intake = `intake:${random.between(0, plan.shards - 1)}`
  const anyone = random.weighted([
    ['room', 5],
    [intake, 4],
    ['courier', 3],
  ])
  return random.weighted<() => Fault>([
    [() => ({ afterMs, what: 'dies at a commit', to: anyone, commit: commitFault(random) }), 9],
    [() => ({ afterMs, what: 'is killed', to: anyone, downMs: forMs }), 4],
    [() => ({ afterMs, what: 'is stuck', to: anyone, forMs: Math.min(forMs, 12_000) }), 3],
    [() => cutOf(random, afterMs, forMs), 5],
    [() => ({ afterMs, what: 'is held up', ...waysOf(random), ms: random.between(1_000, 12_000) }), 3],
    [() => ({ afterMs, what: 'bad weather', weather: weatherOf(random), forMs }), 5],
    [() => ({ afterMs, what: 'clock is set', to: anyone, byMs: random.of([-FIVE_MINUTES, FIVE_MINUTES, -20_000]) }), 3],
    [() => ({ afterMs, what: 'loses its alarm', to: anyone, forMs: Math.min(forMs, 10_000) }), 3],
    [() => ({ afterMs, what: 'alarm fires for nothing', to: anyone }), 1],
    [() => ({ afterMs, what: 'Postgres', mood: random.of(['away', 'slow', 'forgets to answer'] as const), forMs }), 3],
    [
      () => ({ afterMs: 0, what: 'Postgres refuses', type: random.of(['created', 'pressed', 'taken', 'escalated']) }),
      1,
    ],
    [() => ({ afterMs, what: 'provider', n: random.between(0, 2), mood: random.of(PROVIDER_MOODS), forMs }), 4],
    [() => ({ afterMs, what: 'screen is lost', n: random.between(0, 1), silently: random.chance(0.5), forMs }), 4],
    [() => ({ afterMs, what: 'no rounds', forMs }), 1],
    // Early, for it takes a while until a press stands apart by it, and what else goes wrong comes after that.
    [() => ({ afterMs: afterMs / 3, what: 'room chokes on the next press', forMs: plan.faultsMs - afterMs / 3 }), 2],
  ])()
}

function commitFault(random: Random): CommitFault {
  return { left: random.between(1, 12), what: random.of(['before', 'after', 'after', 'refused'] as const) }
}

function cutOf(random: Random, afterMs: number, forMs: number): Fault {
  const [one, other] = random.of([
    ['room', 'intake'],
    ['room', 'intake'],
    ['room', 'courier'],
    ['intake', 'courier'],
    ['intake', 'door'],
    ['room', 'screen'],
    ['room', 'postgres'],
    ['courier', 'postgres'],
  ] as const)
  return { afterMs, what: 'is cut off', one, other, forMs, silently: random.chance(0.5) }
}

const turned = (to: string) => ({ what: 'clock is set' as const, to, byMs: -FIVE_MINUTES })

const waysOf = (random: Random): { from: string; to: string; link: string } => {
  const [one, other] = random.of([
    ['room', 'courier'],
    ['room', 'courier'],
    ['room', 'intake'],
  ] as const)
  const link = `${one}-${other}`
  return random.chance(0.5) ? { from: one, to: other, link } : { from: other, to: one, link }
}

function weatherOf(random: Random): Weather {
  return {
    lost: random.of([0, 0.05, 0.3]),
    doubled: random.of([0, 0.1, 0.4]),
    usualMs: random.of([5, 40, 300]),
    worstMs: random.of([500, 4_000, 9_000]),
    slow: random.of([0, 0.1, 0.4]),
  }
}
