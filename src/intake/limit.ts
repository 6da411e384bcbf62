// A limit, by the intake's own clock, for what may never answer. What comes after it is dropped, its failure too.

import type { DrainClock } from '../durable/drain'

export const TOO_LATE = Symbol('too late')

/** The work's result, or `TOO_LATE`. It does not stop the work. */
export async function withinLimit<T>(clock: DrainClock, ms: number, work: Promise<T>): Promise<T | typeof TOO_LATE> {
  let stop: () => void = () => {}
  const limit = new Promise<typeof TOO_LATE>((resolve) => {
    stop = clock.after(ms, () => resolve(TOO_LATE))
  })
  work.catch(() => {})
  try {
    return await Promise.race([work, limit])
  } finally {
    stop()
  }
}
