// Whether a provider is worth asking now. Plain data, so that an isolate may keep it between requests.

export type Circuit = {
  /** In a row; 0 after a success. */
  failures: number
  /** Epoch ms before which nobody asks; 0 while it is closed. */
  openUntil: number
  lastFailure: string | null
}

export const closedCircuit = (): Circuit => ({ failures: 0, openUntil: 0, lastFailure: null })

/** So many failures in a row, and the next answers come from here at once instead of after a deadline each. */
export const FAILURES_TO_OPEN = 3
const FIRST_PAUSE_MS = 15_000
const LONGEST_PAUSE_MS = 600_000
/** A trial that is still under way keeps others from trying. */
const TRIAL_MS = 5_000

/** True where the provider may be asked. After a pause one caller at a time tries; ask only if the answer is used. */
export function mayAsk(circuit: Circuit, now: number): boolean {
  if (circuit.openUntil === 0) return true
  if (now < circuit.openUntil) return false
  circuit.openUntil = now + TRIAL_MS
  return true
}

export function itAnswered(circuit: Circuit): void {
  circuit.failures = 0
  circuit.openUntil = 0
  circuit.lastFailure = null
}

/** `refused`: a key or a quota does not mend by itself within seconds, so the first one opens it, for the longest. */
export function itFailed(circuit: Circuit, why: string, now: number): void {
  circuit.failures++
  circuit.lastFailure = why
  if (why === 'refused') circuit.openUntil = now + LONGEST_PAUSE_MS
  else if (circuit.failures >= FAILURES_TO_OPEN) {
    const doublings = Math.min(circuit.failures - FAILURES_TO_OPEN, 20)
    circuit.openUntil = now + Math.min(FIRST_PAUSE_MS * 2 ** doublings, LONGEST_PAUSE_MS)
  }
}
