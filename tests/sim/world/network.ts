// Messages between actors: late, lost, doubled, out of order, or not at all between two who are cut off. A call has an
// answer only where its message came through, its object lived to answer, and the answer came through.

import type { Actor, Life } from './actor'
import { Crashed } from './disk'
import type { World } from './world'

export type Weather = {
  /** Of messages, either way. */
  lost: number
  doubled: number
  /** Usual and worst latency, ms; `slow`: how often it is the worst. */
  usualMs: number
  worstMs: number
  slow: number
}

export const FAIR: Weather = { lost: 0, doubled: 0, usualMs: 3, worstMs: 3, slow: 0 }

/** Who calls: an object's life, or somebody outside, who is always there. */
export type Caller = { name: string; life: Life | null }

/** The next message from one to the other is so late, and those behind it pass it. */
type Hold = { from: string; to: string; link: string; ms: number }

type Cut = { ends: readonly [string, string]; until: number; silently: boolean }

/** A connection that breaks is noticed so late. */
const NOTICED_MS = [1, 400] as const

const JOSTLE_MS = 300
/** Whoever waits for an answer waits so long before it asks again. */
const GIVEN_UP_MS = 8_000

export class Network {
  weather: Weather = FAIR
  private readonly cuts: Cut[] = []
  private readonly holds: Hold[] = []

  constructor(private readonly world: World) {}

  /** Nothing comes through between the two. `silently`: nobody is told so, and whoever waits, waits. */
  cut(one: string, other: string, ms: number, silently: boolean): void {
    this.cuts.push({ ends: [one, other], until: this.world.time.now + ms, silently })
  }

  hold(hold: Hold): void {
    this.holds.push(hold)
  }

  /** This weather is over, unless another has come since. */
  calm(weather: Weather): void {
    if (this.weather === weather) this.weather = FAIR
  }

  heal(): void {
    this.cuts.length = 0
    this.holds.length = 0
    this.weather = FAIR
  }

  isCut(one: string, other: string): Cut | null {
    const { now } = this.world.time
    return (
      this.cuts.find(
        ({ ends: [a, b], until }) =>
          until > now && ((match(a, one) && match(b, other)) || (match(a, other) && match(b, one))),
      ) ?? null
    )
  }

  latency(): number {
    const { random } = this.world
    const { usualMs, worstMs, slow } = this.weather
    return slow > 0 && random.chance(slow) ? random.between(usualMs, worstMs) : random.between(1, usualMs)
  }

  /** A message that nobody answers. */
  send(from: string, to: string, arrive: () => void): void {
    const { random, time } = this.world
    if (this.isCut(from, to) || random.chance(this.weather.lost)) {
      this.world.say(from, `a message to ${to} is lost`)
      return
    }
    time.after(this.latency(), arrive)
    if (random.chance(this.weather.doubled)) time.after(this.latency(), arrive)
  }

  /** A call of an object. What is given and what comes back are copies. */
  call<Core, T>(from: Caller, to: Actor<Core>, what: string, run: (core: Core) => Promise<T>): Promise<T> {
    const { random, time } = this.world
    return new Promise<T>((resolve, reject) => {
      const fails = (why: string, ms = random.between(...NOTICED_MS)) => {
        time.after(ms, () => {
          if (from.life?.alive !== false) reject(new Error(`${to.name} ${what}: ${why}`))
        })
      }
      const cut = this.isCut(from.name, to.name)
      const lost = random.chance(this.weather.lost)
      if (cut || lost) {
        this.world.say(from.name, `${what} to ${to.name} is ${cut ? 'cut off' : 'lost'}`)
        if (cut ? !cut.silently : random.chance(0.5)) fails('connection lost')
        return
      }
      const answered = (settle: () => void) => {
        const way = this.isCut(from.name, to.name)
        if (way || random.chance(this.weather.lost)) {
          this.world.say(to.name, `the answer to ${what} of ${from.name} is lost`)
          if (way ? !way.silently : random.chance(0.5)) fails('connection lost before the answer')
          return
        }
        time.after(this.latency(), () => {
          if (from.life?.alive !== false) settle()
        })
      }
      const arrive = () => this.arrive(to, what, run, answered, resolve, reject, fails)
      time.after(this.latency() + this.heldUp(from.name, to.name, what), arrive)
      if (random.chance(this.weather.doubled)) {
        this.world.say(from.name, `${what} to ${to.name} comes twice`)
        time.after(this.latency(), () =>
          this.arrive(
            to,
            what,
            run,
            () => {},
            resolve,
            reject,
            () => {},
          ),
        )
      }
    })
  }

  private heldUp(from: string, to: string, what: string): number {
    const nth = this.holds.findIndex((hold) => match(hold.from, from) && match(hold.to, to))
    const [hold] = nth < 0 ? [] : this.holds.splice(nth, 1)
    if (!hold) return 0
    this.world.say(from, `${what} to ${to} is held up for ${hold.ms} ms`)
    this.world.impaired(hold.link, hold.ms + GIVEN_UP_MS)
    return hold.ms
  }

  private arrive<Core, T>(
    to: Actor<Core>,
    what: string,
    run: (core: Core) => Promise<T>,
    answered: (settle: () => void) => void,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
    fails: (why: string) => void,
  ): void {
    const stuckFor = to.stuckUntil - this.world.time.now
    if (stuckFor > 0) {
      // What waited before a door is let in by nobody's order.
      const turn = this.world.random.between(0, JOSTLE_MS)
      this.world.time.after(stuckFor + turn, () => this.arrive(to, what, run, answered, resolve, reject, fails))
      return
    }
    try {
      to.enter((core, life) => {
        const died = () => fails('the object died')
        life.deaths.add(died)
        const over = (settle: () => void) => {
          if (!life.deaths.delete(died)) return
          if (life.alive) answered(settle)
        }
        run(core).then(
          (value) => over(() => resolve(value)),
          (error: unknown) => {
            if (error instanceof Crashed) return
            this.world.say(to.name, `${what} fails: ${error instanceof Error ? error.message : String(error)}`)
            over(() => reject(error))
          },
        )
      })
    } catch (error) {
      if (error instanceof Crashed || (error instanceof Error && error.message.endsWith('is down')))
        fails('unreachable')
      else if (error instanceof Error && error.message.includes('SQLITE_FULL')) fails(error.message)
      else
        this.world.broken('bugs', `${to.name} ${what} threw: ${error instanceof Error ? error.stack : String(error)}`)
    }
  }
}

/** `intake` means each of them. */
const match = (end: string, name: string): boolean => name === end || name.startsWith(`${end}:`)
