// Whether a browser's request comes from a page of ours, and from which address it comes at all.

import type { Env } from '../env'
import { settingsOf } from '../settings'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** The origin of the `Origin` header is one of ours: PUBLIC_URL, or on loopback any name of this machine with its port. */
export function isOwnOrigin(origin: string, env: Env): boolean {
  const { publicUrl } = settingsOf(env)
  if (origin === publicUrl.origin) return true
  const given = URL.parse(origin)
  return (
    given !== null &&
    given.origin === origin &&
    LOOPBACK.includes(publicUrl.hostname) &&
    LOOPBACK.includes(given.hostname) &&
    given.protocol === publicUrl.protocol &&
    given.port === publicUrl.port
  )
}

/**
 * `own`: a page of ours asked. `foreign`: another site did. `none`: nothing says that it was a browser.
 * Sec-Fetch-Site cannot be set by a script, and where it is missing (old browsers, plain http) Origin decides.
 */
export function askedBy(request: Request, env: Env): 'own' | 'foreign' | 'none' {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin' ? 'own' : 'foreign'
  const origin = request.headers.get('origin')
  if (origin === null) return 'none'
  return isOwnOrigin(origin, env) ? 'own' : 'foreign'
}

/** For sockets: browsers send Origin with every upgrade, and nothing else says who asks. */
export function isOwnSocket(request: Request, env: Env): boolean {
  const origin = request.headers.get('origin')
  return origin !== null && isOwnOrigin(origin, env)
}

/** The client's address as our edge saw it; X-Forwarded-For is the client's own word, so it is not read. */
export const clientAddress = (request: Request): string | null => request.headers.get('cf-connecting-ip')
