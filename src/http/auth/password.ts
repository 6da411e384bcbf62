// Passwords: how they are hashed, checked against what is stored, and paced. Who may try, and how often, is in throttle.ts.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Chain, here, isModest, runChain } from './chain'
import type { Elsewhere } from './chain-elsewhere'

// The work of OWASP's N=2^13, r=8, p=10, a set that fits an isolate of 128 MB (2^17 would take all the memory), as a chain of
// ten scrypts with p=1. In one call its 0.16 s would hold the only thread, and every press that comes meanwhile; in links of
// a tenth each, presses pass in between: the breath after a link lasts long enough that a stream of 200 a second keeps up.
const LOG2_N = 13
const R = 8
const LINKS = 10
const BREATH_MS = 60
const SCHEME = 'scrypt-chain'
const KEY_BYTES = 32
const SALT_BYTES = 16

type Stored = Omit<Chain, 'secret'> & { key: Buffer }

/** `scrypt-chain$13$8$10$<salt>$<hash>`, both base64url. The pepper is the server's secret (PEPPER), not stored beside it. */
export async function hashPassword(password: string, pepper: Uint8Array): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const numbers = { log2N: LOG2_N, r: R, links: LINKS }
  const key = await derive(password, pepper, { ...numbers, salt, keyBytes: KEY_BYTES }, null)
  return [SCHEME, LOG2_N, R, LINKS, salt.toString('base64url'), Buffer.from(key).toString('base64url')].join('$')
}

/** False for a wrong password and for anything stored that is not a hash of ours; never throws. */
export async function verifyPassword(
  password: string,
  stored: string,
  pepper: Uint8Array,
  elsewhere: Elsewhere | null = null,
): Promise<boolean> {
  const parsed = parse(stored)
  if (!parsed) return false
  const { key, ...chain } = parsed
  return timingSafeEqual(await derive(password, pepper, chain, elsewhere), key)
}

/** Hashes and answers false: an unknown account takes the time of a known one. */
export async function verifyNobody(
  password: string,
  pepper: Uint8Array,
  elsewhere: Elsewhere | null = null,
): Promise<false> {
  await verifyPassword(password, NOBODY, pepper, elsewhere)
  return false
}

const NOBODY = `${SCHEME}$${LOG2_N}$${R}$${LINKS}$${Buffer.alloc(SALT_BYTES).toString('base64url')}$${Buffer.alloc(KEY_BYTES).toString('base64url')}`

async function derive(
  password: string,
  pepper: Uint8Array,
  numbers: Omit<Chain, 'secret'>,
  elsewhere: Elsewhere | null,
): Promise<Uint8Array> {
  // The pepper never leaves this process.
  const secret = createHmac('sha256', pepper).update(password.normalize('NFKC')).digest()
  const chain = { ...numbers, secret }
  return (
    (await elsewhere?.(chain)) ?? runChain(chain, here, () => new Promise((resolve) => setTimeout(resolve, BREATH_MS)))
  )
}

function parse(stored: string): Stored | null {
  const [scheme, n, rr, pp, saltText, keyText, ...rest] = stored.split('$')
  if (scheme !== SCHEME || rest.length > 0 || saltText === undefined || keyText === undefined) return null
  const [log2N, r, links] = [n, rr, pp].map((text) => (/^[1-9]\d?$/.test(text ?? '') ? Number(text) : 0)) as [
    number,
    number,
    number,
  ]
  const salt = Buffer.from(saltText, 'base64url')
  const key = Buffer.from(keyText, 'base64url')
  const stands = { log2N, r, links, salt, keyBytes: key.length }
  return isModest(stands) ? { ...stands, key } : null
}

/**
 * Paces hashes: the first at once, then one per `gapMs`, so that log-ins can take at most a sixth of the thread that
 * also answers presses. Times are reserved, not chained by promises: in workerd a promise of another request that is
 * cancelled would leave everybody behind it waiting for ever.
 */
export class HashPace {
  #next = 0

  constructor(
    private readonly gapMs = 1_000,
    private readonly waiting = 10,
    private readonly now: () => number = Date.now,
  ) {}

  /** Milliseconds to wait before hashing, or null where the queue is full; `retryAfterMs` says how long it is. */
  reserve(): { ok: true; waitMs: number } | { ok: false; retryAfterMs: number } {
    const at = this.now()
    const start = Math.max(at, this.#next)
    if (start - at > this.gapMs * this.waiting) return { ok: false, retryAfterMs: start - at }
    this.#next = start + this.gapMs
    return { ok: true, waitMs: start - at }
  }
}
