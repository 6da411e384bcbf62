// A limit for anything that may never answer. What comes after it is dropped, its failure too.

export class TooLate extends Error {
  override name = 'TooLate'
}

/** The work's result, or `TooLate` after `ms`. It does not stop the work. */
export async function within<T>(ms: number, work: PromiseLike<T>): Promise<T> {
  const running = Promise.resolve(work)
  running.catch(() => {})
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(`no answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([running, limit])
  } finally {
    clearTimeout(timer)
  }
}
