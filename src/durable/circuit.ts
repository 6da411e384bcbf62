// Whether a provider is worth asking now. Plain data, so that an isolate may keep it between requests: none waits for
// another's question.

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

export type Pauses = {
  firstMs: number
  longestMs: number
  /** A trial that is still under way keeps others from trying. */
  trialMs: number
}

/** Of what is reached over the internet, has quotas, and answers within a second or two. */
const PROVIDER_PAUSES: Pauses = { firstMs: 15_000, longestMs: 600_000, trialMs: 5_000 }

/** True where the provider may be asked. After a pause one caller at a time tries; ask only if the answer is used. */
export function mayAsk(circuit: Circuit, now: number, { trialMs } = PROVIDER_PAUSES): boolean {
  if (circuit.openUntil === 0) return true
  if (now < circuit.openUntil) return false
  circuit.openUntil = now + trialMs
  return true
}

export function itAnswered(circuit: Circuit): void {
  circuit.failures = 0
  circuit.openUntil = 0
  circuit.lastFailure = null
}

/** `refused`: a key or a quota does not mend by itself within seconds, so the first one opens it, for the longest. */
export function itFailed(circuit: Circuit, why: string, now: number, pauses = PROVIDER_PAUSES): void {
  circuit.failures++
  circuit.lastFailure = why
  if (why === 'refused') circuit.openUntil = now + pauses.longestMs
  else if (circuit.failures >= FAILURES_TO_OPEN) {
    const doublings = Math.min(circuit.failures - FAILURES_TO_OPEN, 20)
    circuit.openUntil = now + Math.min(pauses.firstMs * 2 ** doublings, pauses.longestMs)
  }
}
