// Who may try to log in, and how soon again: decided before anything is hashed.
// Held by each isolate; `Attempts` is the port for a store that all of them share.

const MINUTE_MS = 60_000

/** Free tries of one account from one address, then 1 s, 2 s, 4 s … between tries. */
const FREE_TRIES = 4
const MAX_DELAY_MS = 5 * MINUTE_MS
/** All addresses together may slow an account only so far: nobody can lock an operator out by guessing. */
const FREE_TRIES_ACCOUNT = 20
const MAX_DELAY_ACCOUNT_MS = 10_000
/** Many accounts from one address: a shared office fits in, a list of leaked passwords does not. */
const FREE_TRIES_ADDRESS = 30
const MAX_DELAY_ADDRESS_MS = MINUTE_MS
/** Tries are forgotten so long after the last. */
const FORGET_MS = 15 * MINUTE_MS

export type Tries = { count: number; lastAt: number }

/** Where tries are kept, by key. Synchronous here; one over Redis answers from its own short copy. */
export interface Attempts {
  get(key: string): Tries | undefined
  set(key: string, tries: Tries): void
  delete(key: string): void
}

export type Throttled = { ok: true } | { ok: false; retryAfterMs: number }

export class LogInThrottle {
  constructor(
    private readonly attempts: Attempts = new BoundedAttempts(),
    private readonly now: () => number = Date.now,
  ) {}

  /** Counts this try before it is made, so that a hundred at once are a hundred. A refused try counts for nothing. */
  attempt(account: string, address: string | null): Throttled {
    const now = this.now()
    const rules = rulesFor(account, address)
    const tries = rules.map(({ key }) => this.#recent(key, now))
    const waits = rules.map((rule, n) => {
      const { count, lastAt } = tries[n] as Tries
      return lastAt + delayAfter(count, rule.free, rule.maxDelayMs) - now
    })
    const retryAfterMs = Math.max(0, ...waits)
    if (retryAfterMs > 0) return { ok: false, retryAfterMs }
    rules.forEach(({ key }, n) => {
      this.attempts.set(key, { count: (tries[n] as Tries).count + 1, lastAt: now })
    })
    return { ok: true }
  }

  /** The right password: this account from this address starts anew. Others' guesses stay counted. */
  succeeded(account: string, address: string | null): void {
    const [own, all, place] = rulesFor(account, address)
    if (own) this.attempts.delete(own.key)
    for (const rule of [all, place]) {
      const tries = rule && this.attempts.get(rule.key)
      if (rule && tries) this.attempts.set(rule.key, { ...tries, count: Math.max(0, tries.count - 1) })
    }
  }

  #recent(key: string, now: number): Tries {
    const tries = this.attempts.get(key)
    return tries && now - tries.lastAt < FORGET_MS ? tries : { count: 0, lastAt: 0 }
  }
}

/** How long after the `count`-th try the next may come. */
export function delayAfter(count: number, free: number, maxDelayMs: number): number {
  return count < free ? 0 : Math.min(maxDelayMs, 1_000 * 2 ** Math.min(count - free, 30))
}

type Rule = { key: string; free: number; maxDelayMs: number }

function rulesFor(account: string, address: string | null): Rule[] {
  const rules = [
    // Where no address is known this row is everybody's, so it slows no more than the next one.
    {
      key: `both ${account} ${address ?? '-'}`,
      free: FREE_TRIES,
      maxDelayMs: address ? MAX_DELAY_MS : MAX_DELAY_ACCOUNT_MS,
    },
    { key: `account ${account}`, free: FREE_TRIES_ACCOUNT, maxDelayMs: MAX_DELAY_ACCOUNT_MS },
  ]
  // Without a trustworthy address everybody would share one, and one guesser would stop them all.
  if (address) rules.push({ key: `address ${address}`, free: FREE_TRIES_ADDRESS, maxDelayMs: MAX_DELAY_ADDRESS_MS })
  return rules
}

/** A map that forgets what was touched longest ago beyond `limit` keys. */
export class BoundedAttempts implements Attempts {
  readonly #tries = new Map<string, Tries>()

  constructor(private readonly limit = 10_000) {}

  get(key: string): Tries | undefined {
    return this.#tries.get(key)
  }

  set(key: string, tries: Tries): void {
    this.#tries.delete(key)
    this.#tries.set(key, tries)
    if (this.#tries.size <= this.limit) return
    const [oldest] = this.#tries.keys()
    if (oldest !== undefined) this.#tries.delete(oldest)
  }

  delete(key: string): void {
    this.#tries.delete(key)
  }
}
