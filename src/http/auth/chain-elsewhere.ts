// Chains made by a process beside this one, where there is such: here they would hold the thread that answers presses for a
// fifth of each second in which somebody logs in. What they ask for is what they answer; who may log in is decided here.

import type { Chain } from './chain'
import { decode } from './keys'

/** The key of the chain; null where nobody else makes it. Never throws. */
export type Elsewhere = (chain: Chain) => Promise<Uint8Array | null>

/** What goes over the wire: bytes are base64url. */
export type AskedChain = Omit<Chain, 'secret' | 'salt'> & { secret: string; salt: string }

/** Twice what it takes on a slow machine. */
const DEADLINE_MS = 2_000

/** `process`: the binding; `key`: what it was told to know us by. */
export function elsewhere(process: Fetcher | undefined, key: string | undefined): Elsewhere | null {
  if (!process || !key) return null
  return async (chain) => {
    const asked: AskedChain = { ...chain, secret: textOf(chain.secret), salt: textOf(chain.salt) }
    try {
      const response = await process.fetch('http://passwords/chain', {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify(asked),
        signal: AbortSignal.timeout(DEADLINE_MS),
      })
      const text = await response.text()
      const made = response.ok ? decode(text) : null
      return made?.length === chain.keyBytes ? made : null
    } catch {
      return null
    }
  }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
