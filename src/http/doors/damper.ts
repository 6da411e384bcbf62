// Presses without a genuine token may come by the thousand: one write per source and second is enough to count them,
// and a flood of sources shares one row. None of it is refused as long as something durable stands for it.
// Pure: the clock comes in, and what it remembers is plain data of this isolate; what others write comes in as a number.

/**
 * `write`: make a row durable that stands for `count` presses. `stands`: one already does. `waits`: one that would is
 * being written, ask again soon.
 */
export type Damped = { is: 'write'; source: string; count: number } | { is: 'stands' } | { is: 'waits' }

/** Rows of presses are per source and step: see the intake. */
export const STEP_MS = 10_000
const WRITE_EVERY_MS = 1_000
/** Sources with a row of their own, per second: real phones without a token are a handful a day. */
export const OWN_ROWS_PER_SECOND = 100
const SOURCES_KEPT = 5_000
/** The source of all that came in a flood of sources. */
export const MANY = 'many'

type Entry = { step: number; writtenAt: number; durable: boolean; writing: boolean; held: number }

export class Damper {
  #entries = new Map<string, Entry>()
  #second = { at: 0, writes: 0 }

  /** `ownRows`: sources that may have a row of their own in this second, where other isolates have a part in the flood. */
  constructor(private readonly ownRows: (now: number) => number = () => OWN_ROWS_PER_SECOND) {}

  admit(source: string, now: number): Damped {
    const at = Math.floor(now / 1000)
    if (at !== this.#second.at) this.#second = { at, writes: 0 }
    const stood = this.#standsFor(source, now)
    if (stood) return stood
    if (this.#second.writes < this.ownRows(now)) return this.#write(source, now)
    return this.#standsFor(MANY, now) ?? this.#write(MANY, now)
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
    if (!entry || entry.step !== stepOf(now) || now - entry.writtenAt >= WRITE_EVERY_MS) return null
    if (!entry.durable) return entry.writing ? { is: 'waits' } : null
    entry.held++
    return { is: 'stands' }
  }

  #write(source: string, now: number): Damped {
    this.#second.writes++
    const before = this.#entries.get(source)
    const step = stepOf(now)
    const durable = before?.step === step && before.durable
    this.#entries.delete(source)
    this.#entries.set(source, { step, writtenAt: now, durable, writing: true, held: 0 })
    if (this.#entries.size > SOURCES_KEPT) this.#entries.delete(this.#entries.keys().next().value as string)
    return { is: 'write', source, count: 1 + (before?.held ?? 0) }
  }
}

const stepOf = (now: number): number => Math.floor(now / STEP_MS)
