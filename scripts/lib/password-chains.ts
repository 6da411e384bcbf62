// Makes passwords' chains for a tower on this machine, in threads of this process: its own thread answers presses meanwhile.
// Knows no password and no pepper: it gets a secret and numbers, and gives a key.

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { type Chain, isModest, runChain, type Scrypt } from '../../src/http/auth/chain'
import type { AskedChain } from '../../src/http/auth/chain-elsewhere'

export type PasswordChains = {
  /** `127.0.0.1:port`. */
  address: string
  /** Whoever asks must say it. */
  key: string
  stop(): Promise<void>
}

/** The tower asks for one a second; whoever comes beyond these is answered that it is busy. */
const AT_ONCE = 2
const MAX_BODY_BYTES = 2_000

/** In a thread of the pool. */
const besideUs: Scrypt = promisify(scrypt)

export function servePasswordChains(): PasswordChains {
  const key = randomBytes(32).toString('base64url')
  const expected = Buffer.from(`Bearer ${key}`)
  let running = 0
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    maxRequestBodySize: MAX_BODY_BYTES,
    async fetch(request) {
      const given = Buffer.from(request.headers.get('authorization') ?? '')
      if (given.length !== expected.length || !timingSafeEqual(given, expected))
        return new Response('who asks?', { status: 401 })
      const chain = read(await request.json().catch(() => null))
      if (!chain) return new Response('not a chain', { status: 422 })
      if (running >= AT_ONCE) return new Response('busy', { status: 503 })
      running++
      try {
        return new Response(Buffer.from(await runChain(chain, besideUs)).toString('base64url'))
      } finally {
        running--
      }
    },
  })
  return { address: `127.0.0.1:${server.port}`, key, stop: () => server.stop(true) }
}

function read(asked: unknown): Chain | null {
  const { secret, salt, log2N, r, links, keyBytes } = (asked ?? {}) as Partial<AskedChain>
  if (typeof secret !== 'string' || typeof salt !== 'string') return null
  const chain = {
    secret: Buffer.from(secret, 'base64url'),
    salt: Buffer.from(salt, 'base64url'),
    log2N: Number(log2N),
    r: Number(r),
    links: Number(links),
    keyBytes: Number(keyBytes),
  }
  return chain.secret.length > 0 && isModest(chain) ? chain : null
}
