// Ports of this machine's loopback.

import { createServer } from 'node:net'

/** A port that nobody has, `wanted` if it is free. */
export async function freePort(wanted = 0): Promise<number> {
  const port = await listenOnce(wanted).catch(() => null)
  return port ?? (await listenOnce(0))
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
