// Whoever interrupts a bench ends what it started with it: servers and databases outlive their starter otherwise.

const standing = new Set<() => Promise<unknown>>()
let listening = false

/** `stop` is called where the bench is interrupted. Gives the same, to be called at its usual end; it is then forgotten. */
export function endedWithBench(stop: () => Promise<unknown>): () => Promise<void> {
  standing.add(stop)
  if (!listening)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void endAll())
  listening = true
  return async () => {
    standing.delete(stop)
    await stop()
  }
}

async function endAll(): Promise<void> {
  await Promise.allSettled([...standing].map((stop) => stop()))
  process.exit(130)
}
