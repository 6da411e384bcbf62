// Presses without a genuine token may come by the thousand: one write per source and second is enough to count them,
// and a flood of sources shares one row. None of it is refused as long as something durable stands for it.
// Pure: the clock comes in, and what it remembers is plain data of this isolate; what others write comes in as a number.

import { Rush } from '../../durable/rush'

/**
 * `write`: make a row durable that stands for `count` presses. `stands`: one already does. `waits`: one that would is
 * being written, ask again soon.
 */
export type Damped = { is: 'write'; source: string; count: number } | { is: 'stands' } | { is: 'waits' }

/** Rows of presses are per source and step: see the intake. */
export const STEP_MS = 10_000
const WRITE_EVERY_MS = 1_000
/** How many more sources get a row of their own each second. Spread over it, so that none begins with a heap of writes. */
export const OWN_ROWS_PER_SECOND = 20
/** At once, after a calm time: real phones without a token are a handful a day. */
export const OWN_ROWS = 5 * OWN_ROWS_PER_SECOND
const SOURCES_KEPT = 5_000
/** The source of all that came in a flood of sources. */
export const MANY = 'many'

type Entry = { step: number; writtenAt: number; durable: boolean; writing: boolean; held: number }

export class Damper {
  #entries = new Map<string, Entry>()
  #own = { left: OWN_ROWS, at: 0 }
  readonly #rush = new Rush()

  /** `ownRows`: how many more sources a second may have a row of their own, where other isolates have a part in the flood. */
  constructor(private readonly ownRows: (now: number) => number = () => OWN_ROWS_PER_SECOND) {}

  admit(source: string, now: number): Damped {
    const stood = this.#standsFor(source, now)
    if (stood) return stood
    if (this.#ownLeft(now) < 1) return this.#standsFor(MANY, now) ?? this.#write(MANY, now)
    this.#own.left--
    return this.#write(source, now)
  }

  /**
   * Asked before the body is read, once for each press. True for one more of a flood, which something durable stands for whatever
   * it says: it is counted, and neither it nor a genuine press behind it waits for its reading. `source` as far as it is known then.
   */
  isOneOfMany(source: () => string, now: number): boolean {
    this.#rush.took(1, now)
    if (!this.#rush.isOn(now)) return false
    return (
      (this.#ownLeft(now) < 1 && this.#standsFor(MANY, now)?.is === 'stands') ||
      this.#standsFor(source(), now)?.is === 'stands'
    )
  }

  /** What was to be written is durable, or is not. */
  written({ source, count }: { source: string; count: number }, ok: boolean): void {
    const entry = this.#entries.get(source)
    if (!entry) return
    entry.writing = false
    if (ok) entry.durable = true
    else entry.held += count - 1
  }

  #standsFor(source: string, now: number): Damped | null {
    const entry = this.#entries.get(source)
    if (!entry || now - entry.writtenAt >= WRITE_EVERY_MS) return null
    // The shared row goes on over the steps: in a flood a hundred would have to wait for its first in each.
    if (entry.step !== stepOf(now) && source !== MANY) return null
    if (!entry.durable) return entry.writing ? { is: 'waits' } : null
    entry.held++
    return { is: 'stands' }
  }

  #ownLeft(now: number): number {
    const perSecond = this.ownRows(now)
    const more = (Math.max(0, now - this.#own.at) / 1_000) * perSecond
    this.#own = { left: Math.min((perSecond * OWN_ROWS) / OWN_ROWS_PER_SECOND, this.#own.left + more), at: now }
    return this.#own.left
  }

  #write(source: string, now: number): Damped {
    const before = this.#entries.get(source)
    const step = stepOf(now)
    const goesOn = source === MANY ? now - (before?.writtenAt ?? 0) < 2 * WRITE_EVERY_MS : before?.step === step
    const durable = goesOn && before?.durable === true
    this.#entries.delete(source)
    this.#entries.set(source, { step, writtenAt: now, durable, writing: true, held: 0 })
    if (this.#entries.size > SOURCES_KEPT) this.#entries.delete(this.#entries.keys().next().value as string)
    return { is: 'write', source, count: 1 + (before?.held ?? 0) }
  }
}

const stepOf = (now: number): number => Math.floor(now / STEP_MS)
