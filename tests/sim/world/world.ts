// A world: its time, its chance, its network, who is in it, and what was found to be wrong.

import type { Actor } from './actor'
import { Crashed } from './disk'
import { Network } from './network'
import { Random } from './random'
import { START, Time } from './time'

export type Broken = { invariant: string; what: string; at: number }

/** A world in which so much happens never comes to rest. */
const MOST_HAPPENS = 60_000

export class World {
  readonly time = new Time()
  readonly random: Random
  readonly network: Network
  readonly actors: Actor<unknown>[] = []
  readonly found: Broken[] = []
  /** Lines of the story, kept where somebody wants to read it. */
  readonly story: string[] | null
  /** When an actor could not do its work, true times: what is late is measured against it. */
  readonly impairments: { who: string; from: number; until: number }[] = []

  constructor(seed: number, tells: boolean) {
    this.random = new Random(seed)
    this.story = tells ? [] : null
    this.network = new Network(this)
  }

  say(who: string, what: string): void {
    this.story?.push(`${stamp(this.time.now)} ${who.padEnd(10)} ${what}`)
  }

  /** An invariant does not hold. The first counts; what follows from it is told as well. */
  broken(invariant: string, what: string): void {
    if (this.found.length >= 20) return
    this.found.push({ invariant, what, at: this.time.now })
    this.say('!', `${invariant}: ${what}`)
  }

  impaired(who: string, ms: number): void {
    this.impairments.push({ who, from: this.time.now, until: this.time.now + ms })
  }

  /** Nothing is an excuse any more after so long. */
  healsWithin(ms: number): void {
    const latest = this.time.now + ms
    for (const each of this.impairments) each.until = Math.min(each.until, latest)
  }

  /** How long any of these was not itself between two moments. */
  hinderedMs(who: readonly string[], from: number, until: number): number {
    let sum = 0
    for (const each of this.impairments) {
      if (!who.includes(each.who)) continue
      sum += Math.max(0, Math.min(until, each.until) - Math.max(from, each.from))
    }
    return sum
  }

  /** Runs what nobody would catch: a dead object's code may run into its death, anything else is a bug. */
  guarded(who: string, run: () => void): void {
    try {
      run()
    } catch (error) {
      if (isExpected(error)) return
      this.broken('bugs', `${who} threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
  }

  get isResting(): boolean {
    return this.time.happened < MOST_HAPPENS
  }

  putAway(): void {
    for (const actor of this.actors) actor.disk.putAway()
  }
}

/** A dead object's code runs into its death. A full disk is said to whoever asked, and to nobody where nobody asked. */
export const isExpected = (error: unknown): boolean =>
  error instanceof Crashed || (error instanceof Error && error.message.includes('SQLITE_FULL'))

export const stamp = (at: number): string => {
  const ms = at - START
  const seconds = (ms / 1_000).toFixed(3).padStart(8, ' ')
  return `${seconds}s`
}
