// A fixed-rate schedule. Latency counts from the time at which a press was meant to be sent, not from when the
// generator got round to it: a server that stalls pays for everybody who would have come meanwhile.

export type Pace = { rate: number; startAt: number; total: number }

/** When the n-th (from 0) is meant to be sent, in the clock of `startAt` (ms). */
export const intendedAt = (pace: Pace, n: number): number => pace.startAt + (n * 1000) / pace.rate

/** How many should have been sent by `now`. */
export function dueBy(pace: Pace, now: number): number {
  if (now < pace.startAt) return 0
  return Math.min(pace.total, Math.floor(((now - pace.startAt) * pace.rate) / 1000) + 1)
}

/** Calls `send(n, intendedAt)` for each on time; resolves when the last was handed over. */
export async function run(pace: Pace, now: () => number, send: (n: number, at: number) => void): Promise<void> {
  let sent = 0
  while (sent < pace.total) {
    for (const due = dueBy(pace, now()); sent < due; sent++) send(sent, intendedAt(pace, sent))
    const wait = intendedAt(pace, sent) - now()
    // The timers of the runtime are good to a millisecond; what is due within it goes with the next turn.
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, Math.min(wait, 5))))
  }
}
