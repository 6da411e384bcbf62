// From an e-mail and a password to a person: throttled first, hashed after, and the same answer for every way of being wrong.

import type { Viewer } from '../../domain/access'
import type { UserRow } from '../../domain/directory'
import { Accounts, type Directories } from './account'
import type { Elsewhere } from './chain-elsewhere'
import { HashPace, verifyNobody, verifyPassword } from './password'
import { LogInThrottle, type SharedTries } from './throttle'

export type LogInAnswer =
  | { ok: true; viewer: Viewer }
  | { ok: false; why: 'wrong' }
  | { ok: false; why: 'throttled' | 'busy'; retryAfterS: number }
  | { ok: false; why: 'away' }

export type LogInParts = {
  accounts: Accounts
  throttle: LogInThrottle
  pace: HashPace
  sleep(ms: number): Promise<void>
}

/** One set per process: pace and throttle count what all requests do. */
export const logInParts = (): LogInParts => ({
  accounts: new Accounts(),
  throttle: new LogInThrottle(),
  pace: new HashPace(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
})

/**
 * `address`: the client's, where a trustworthy edge told it. `shared`: what other isolates have counted, if anybody says;
 * `elsewhere`: who else hashes, if anybody does.
 */
export async function logIn(
  parts: LogInParts,
  directories: Directories,
  pepper: Uint8Array,
  { email, password, address }: { email: string; password: string; address: string | null },
  { shared, elsewhere }: { shared: SharedTries | null; elsewhere: Elsewhere | null } = {
    shared: null,
    elsewhere: null,
  },
): Promise<LogInAnswer> {
  const account = email.trim().toLowerCase()
  const allowed = await parts.throttle.attemptShared(account, address, shared)
  if (!allowed.ok) return { ok: false, why: 'throttled', retryAfterS: seconds(allowed.retryAfterMs) }
  const turn = parts.pace.reserve()
  if (!turn.ok) return { ok: false, why: 'busy', retryAfterS: seconds(turn.retryAfterMs) }
  const [found] = await Promise.all([parts.accounts.find(account, directories), parts.sleep(turn.waitMs)])
  if (found === 'away') return { ok: false, why: 'away' }
  const user = found.user?.active ? found.user : null
  const right = user
    ? await verifyPassword(password, user.passwordHash, pepper, elsewhere)
    : await verifyNobody(password, pepper, elsewhere)
  if (!right || !user) return { ok: false, why: 'wrong' }
  await parts.throttle.succeeded(account, address, shared)
  return { ok: true, viewer: viewerFrom(user) }
}

const viewerFrom = ({ id, name, alias, role, regions, sessionEpoch }: UserRow): Viewer => ({
  uid: id,
  name,
  alias,
  role,
  regions,
  epoch: sessionEpoch,
})

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000))
