// Who may change something with a cookie: only a page of ours, and only by asking in a way that a foreign page cannot.
// hono/csrf looks at form bodies alone and takes either sign; here every unsafe method needs both.

import type { MiddlewareHandler } from 'hono'
import { bearerOf, cookieName, cookieSession } from '../auth/session'
import { csrfHolds } from '../auth/session-token'
import type { AppEnv } from '../env'
import { failed } from '../errors'
import { settingsOf } from '../settings'
import { askedBy } from './origin'

const SAFE = ['GET', 'HEAD', 'OPTIONS']
/** Plain forms without script: SameSite and the origin must do, and what they do harms nobody. */
const PLAIN_FORMS = ['/login', '/logout', '/s', '/api/auth/login', '/api/auth/logout']

/**
 * Refuses unsafe methods that another site may have sent, 403. A request with a Bearer needs none of this: its
 * cookie is not read, and no page can make a browser add that header.
 */
export const csrf: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (SAFE.includes(c.req.method) || bearerOf(c)) return next()
  const asked = askedBy(c.req.raw, c.env)
  if (asked === 'foreign') return refuse(c)
  const withCookie = new RegExp(`(^|;\\s*)${cookieName(c.env)}=`).test(c.req.header('cookie') ?? '')
  const plain = PLAIN_FORMS.includes(c.req.path)
  // A program that sends no cookie has nothing that a foreign page could borrow.
  if (asked === 'none') return withCookie && !plain ? refuse(c) : next()
  if (plain || c.req.header('hx-request') === 'true') return next()
  const session = cookieSession(c)
  const token = c.req.header('x-csrf-token')
  if (session && token && csrfHolds(session, token, settingsOf(c.env).sessionKeys)) return next()
  return session ? refuse(c) : next()
}

const refuse = (c: Parameters<MiddlewareHandler<AppEnv>>[0]) =>
  failed(c, 403, 'csrf', 'This request did not come from a page of the tower.')
