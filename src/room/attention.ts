// Who watches a room's cards: its own people, and while its region is looked after from another, those of the other, as their
// room says with its ticks. What nobody repeats is soon not true any more.

import type { Ledger } from './ledger'
import type { AttentionThere } from './paging-contract'
import type { TakeOver } from './take-over'

export const LENT_TIMER = 'lent_attention'

/** Three words of the other room that did not come: nobody is known to watch there. */
export const LENT_FOR_MS = 15_000
/** A little less than a room's tick of 5 s, so that each tick is told and nothing between them. */
const TOLD_EVERY_MS = 4_500

export type Attention = { watching: number; free: number }

/** By uid. `busy`: on a call, or with a P1 in hand, also where they do not watch. */
export type People = { watching: readonly string[]; busy: readonly string[] }

/** Who watches in several rooms is one person, and who is busy in one of them is free in none. */
export function together(all: readonly People[]): Attention {
  const watching = new Set(all.flatMap((people) => people.watching))
  const busy = new Set(all.flatMap((people) => people.busy))
  return { watching: watching.size, free: [...watching].filter((uid) => !busy.has(uid)).length }
}

/** Kept in memory: after a restart the next word comes before anybody is told that nobody watches. */
export class LentAttention {
  private last: (AttentionThere & { until: number }) | null = null

  constructor(private readonly now: () => number) {}

  /** With those of this room. Where one of the two does not say who they are, all count as others. */
  with(own: Attention, asked: () => People | undefined): Attention {
    const { fresh } = this
    if (!fresh) return own
    const people = fresh.people && asked()
    if (fresh.people && people) return together([people, fresh.people])
    return { watching: own.watching + fresh.watching, free: own.free + fresh.free }
  }

  /** When what is known will be true no more; null where nothing is. */
  get until(): number | null {
    return this.fresh?.until ?? null
  }

  /** One that was overtaken by a later word changes nothing. */
  heard(there: AttentionThere): void {
    if (this.fresh && this.fresh.at > there.at) return
    this.last = { ...there, until: this.now() + LENT_FOR_MS }
  }

  /** The clock was set back by so much, and with it, maybe, the other room's: its next word is news, whatever time it says. */
  turnBack(byMs: number): void {
    if (this.last) this.last = { ...this.last, at: Number.NEGATIVE_INFINITY, until: this.last.until - byMs }
  }

  forget(): void {
    this.last = null
  }

  private get fresh() {
    return this.last && this.last.until > this.now() ? this.last : null
  }
}

/** Lets a room count on the people of the one that looks after its region, and only of that one. */
export class LookedAfter {
  constructor(
    private readonly ledger: Pick<Ledger, 'timers' | 'ports' | 'turnings'>,
    private readonly lent: LentAttention,
    private readonly takeOver: Pick<TakeOver, 'now' | 'endings'>,
    private readonly changed: {
      /** Whether somebody watches may be another. */
      now(): void
      /** The same, inside a transaction. */
      within(): void
    },
  ) {
    ledger.turnings.push((byMs) => lent.turnBack(byMs))
    takeOver.endings.push(() => {
      lent.forget()
      ledger.timers.cancel(LENT_TIMER, '')
      changed.within()
    })
  }

  heard(there: AttentionThere): void {
    if (this.takeOver.now?.from !== there.from) return
    this.lent.heard(there)
    if (this.ledger.timers.get(LENT_TIMER, '') === null) this.arm()
    this.changed.now()
  }

  /** Inside the transaction of whoever fires timers. */
  rang(): void {
    if (this.lent.until === null) this.changed.within()
    else this.arm()
  }

  private arm(): void {
    this.ledger.timers.set(LENT_TIMER, '', this.lent.until ?? this.ledger.ports.now())
  }
}

/** Which rooms hear now who watches here: those that this one looks after, each tick, and at once where somebody is there or nobody. */
export class AttentionTold {
  private readonly told = new Map<string, { at: number; there: string }>()

  /** They count as told. */
  due<Region extends string>(regions: readonly Region[], { watching, free }: Attention, now: number): Region[] {
    const there = `${watching > 0} ${free > 0}`
    for (const region of this.told.keys()) if (!regions.includes(region as Region)) this.told.delete(region)
    const due = regions.filter((region) => {
      const last = this.told.get(region)
      return !last || last.there !== there || Math.abs(now - last.at) >= TOLD_EVERY_MS
    })
    for (const region of due) this.told.set(region, { at: now, there })
    return due
  }
}
