// How a flood of presses without a genuine token is shared out among isolates: each says once a second what it wrote, and
// hears what all did. Said after the press is durable, heard for the next one: no press waits for it, and without an answer
// each isolate keeps to its own limit. Pure: the clock comes in.

import { OWN_ROWS, OWN_ROWS_PER_SECOND, STEP_MS } from './damper'

export interface SharedRows {
  /** Adds this isolate's rows of that step; resolves to those of all, null where nobody says. Never rejects. */
  add(step: number, rows: number): Promise<number | null>
}

/** Rows that all isolates together may write in a step before each keeps to a few: what one alone may after a calm time. */
export const ROWS_PER_STEP = OWN_ROWS + (OWN_ROWS_PER_SECOND * STEP_MS) / 1_000
/** Beyond it: a real phone among the flood still has a chance of its own row, and is counted in the shared one for certain. */
export const FEW_ROWS_PER_SECOND = 2
const SAY_EVERY_MS = 1_000

export class FloodShare {
  #unsaid = { step: 0, rows: 0 }
  #saidAt = Number.NEGATIVE_INFINITY
  #heard = { step: -1, rows: 0 }

  /** This isolate has written a row. */
  wrote(now: number): void {
    const step = stepOf(now)
    if (this.#unsaid.step !== step) this.#unsaid = { step, rows: 0 }
    this.#unsaid.rows++
  }

  /** What is to be said now, at most once a second; null where there is nothing. It counts as said. */
  take(now: number): { step: number; rows: number } | null {
    if (this.#unsaid.rows === 0 || Math.abs(now - this.#saidAt) < SAY_EVERY_MS) return null
    this.#saidAt = now
    const said = this.#unsaid
    this.#unsaid = { step: said.step, rows: 0 }
    return said
  }

  heard(step: number, rows: number): void {
    if (step > this.#heard.step || (step === this.#heard.step && rows > this.#heard.rows)) this.#heard = { step, rows }
  }

  /** For the damper of this isolate. */
  ownRows(now: number): number {
    const { step, rows } = this.#heard
    return step === stepOf(now) && rows >= ROWS_PER_STEP ? FEW_ROWS_PER_SECOND : OWN_ROWS_PER_SECOND
  }
}

const stepOf = (now: number): number => Math.floor(now / STEP_MS)
