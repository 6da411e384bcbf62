// Who may try to log in, and how soon again: decided before anything is hashed. Each isolate counts for itself, and that
// always holds; `SharedTries` is the port to what all of them count together, where it answers.

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
export const FORGET_TRIES_MS = 15 * MINUTE_MS

export type Tries = { count: number; lastAt: number }

/** Where an isolate keeps its tries, by key. */
export interface Attempts {
  get(key: string): Tries | undefined
  set(key: string, tries: Tries): void
  delete(key: string): void
}

/** One row that a try is counted in: how many are free, and how far the next may be put off. */
export type TryRule = { key: string; free: number; maxDelayMs: number }

/** What all isolates count together, by the same rule. Never rejects. */
export interface SharedTries {
  /** Counts this try in one step, or says how long to wait and counts nothing. Null where it does not answer in time. */
  attempt(rules: readonly TryRule[], now: number): Promise<{ waitMs: number } | null>
  /** The first rule's row starts anew, the others forget this one try. */
  succeeded(rules: readonly TryRule[]): Promise<void>
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

  /**
   * The same for all isolates together: their count can only refuse what this one would let through. Where it does not
   * answer, what this isolate knows decides alone.
   */
  async attemptShared(account: string, address: string | null, shared: SharedTries | null): Promise<Throttled> {
    const own = this.attempt(account, address)
    if (!own.ok || !shared) return own
    const rules = rulesFor(account, address)
    const all = await shared.attempt(rules, this.now())
    if (!all || all.waitMs <= 0) return own
    for (const rule of rules) this.#forgetOne(rule)
    return { ok: false, retryAfterMs: all.waitMs }
  }

  /** The right password: this account from this address starts anew. Others' guesses stay counted. */
  async succeeded(account: string, address: string | null, shared: SharedTries | null = null): Promise<void> {
    const rules = rulesFor(account, address)
    const [own, ...others] = rules
    if (own) this.attempts.delete(own.key)
    for (const rule of others) this.#forgetOne(rule)
    await shared?.succeeded(rules)
  }

  #forgetOne({ key }: TryRule): void {
    const tries = this.attempts.get(key)
    if (tries) this.attempts.set(key, { ...tries, count: Math.max(0, tries.count - 1) })
  }

  #recent(key: string, now: number): Tries {
    const tries = this.attempts.get(key)
    return tries && now - tries.lastAt < FORGET_TRIES_MS ? tries : { count: 0, lastAt: 0 }
  }
}

/** How long after the `count`-th try the next may come. */
export function delayAfter(count: number, free: number, maxDelayMs: number): number {
  return count < free ? 0 : Math.min(maxDelayMs, 1_000 * 2 ** Math.min(count - free, 30))
}

function rulesFor(account: string, address: string | null): TryRule[] {
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
