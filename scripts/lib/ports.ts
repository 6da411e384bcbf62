// Ports of this machine's loopback.

import { createServer } from 'node:net'

/**
 * Below what Linux and macOS lend to outgoing connections (32768 and up, 49152 and up): a port that is free
 * now and is bound a second later, by another process, could be lent in between.
 */
const FIRST = 15_000
const LAST = 32_000
const TRIES = 40

/** A port that nobody has, `wanted` if it is free. */
export async function freePort(wanted = 0): Promise<number> {
  if (wanted > 0) {
    const port = await listenOnce(wanted).catch(() => null)
    if (port !== null) return port
  }
  for (let i = 0; i < TRIES; i++) {
    const port = await listenOnce(FIRST + Math.floor(Math.random() * (LAST - FIRST))).catch(() => null)
    if (port !== null) return port
  }
  return listenOnce(0)
}

export const isFree = async (port: number, host = '127.0.0.1'): Promise<'free' | 'taken' | 'forbidden' | 'no_host'> =>
  listenOnce(port, host).then(
    () => 'free' as const,
    (error: NodeJS.ErrnoException) =>
      error.code === 'EACCES'
        ? 'forbidden'
        : error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
          ? 'no_host'
          : 'taken',
  )

function listenOnce(port: number, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}
