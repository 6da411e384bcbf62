// Who is asking: the session of a request, from its cookie or its Authorization header, and what it may do.
// A session ends by its time, by its epoch in the rooms, or by logging out; never by time while its person holds an incident.

import type { Context, MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { type Action, may, type Viewer } from '../../domain/access'
import { REGION_IDS, type RegionId } from '../../domain/region'
import { within } from '../../durable/deadline'
import type { AppEnv, Env } from '../env'
import { failed } from '../errors'
import { roomOf } from '../objects'
import { settingsOf } from '../settings'
import {
  HOLDING_GRACE_MS,
  issue,
  readSession,
  SESSION_LIFE_MS,
  SESSION_SPAN_MS,
  type Session,
  signSession,
  wantsRenewal,
} from './session-token'

/** Rooms end a session within this time, also here. */
const EPOCH_CACHE_MS = 5_000
const EPOCH_CACHE_ROWS = 1_000
const ROOM_DEADLINE_MS = 1_500

/** The viewer of this request, or null. For socket doors, which answer without headers of ours. */
export async function viewerOf(c: Context<AppEnv>): Promise<Viewer | null> {
  const found = await authenticate(c, Date.now())
  return found && viewer(found.session)
}

/** Refuses those without a session: pages go to /login, the API answers 401. Sets `c.var.viewer`. */
export const requireSession: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.get('viewer') !== undefined) return next()
  const now = Date.now()
  const found = await authenticate(c, now)
  if (!found) return c.req.path.startsWith('/api/') ? unauthorized(c) : toLogin(c)
  c.set('viewer', viewer(found.session))
  await next()
  // An upgrade's headers are the socket's; a log-out has just taken the cookie away.
  if (found.renew && found.by === 'cookie' && c.res.status !== 101 && !c.res.headers.has('set-cookie')) {
    putCookie(c, resign(c.env, found.session, now))
  }
}

/**
 * Refuses those whose role never may, or not in the region that `where` names; 403.
 * Which incident it is about is asked again by the room.
 */
export const allow =
  (action: Action, where?: (c: Context<AppEnv>) => RegionId | null): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const { viewer } = c.var
    const region = where?.(c)
    if (!may(viewer, action, region ? [region] : viewer.regions)) {
      return failed(c, 403, region ? 'foreign_region' : 'not_allowed', 'You have no rights to do this here.')
    }
    // Not its value: the answer of what follows stands in the context, and is not this middleware's.
    await next()
    return undefined
  }

/** A signed session for somebody who has just proven who they are, and the moment it ends (epoch ms). */
export function openSession(env: Env, person: Viewer, now: number): { token: string; expiresAt: number } {
  const session = issue(person, now, now)
  return { token: signSession(session, settingsOf(env).sessionKeys), expiresAt: session.exp }
}

/** The same log-in for longer, for programs, whose sessions no cookie renews. After a day it grows no longer. */
export function renewSession(c: Context<AppEnv>, now: number): { token: string; expiresAt: number } {
  const session = claimsOf(c)
  if (!session) throw new Error('renewing needs a session')
  const next = issue(viewer(session), session.since, now)
  const grown = session.exp >= session.since + SESSION_SPAN_MS && now < session.exp
  const exp = grown ? session.exp : next.exp
  return { token: signSession({ ...next, exp }, settingsOf(c.env).sessionKeys), expiresAt: exp }
}

/** Browsers keep `__Host-` cookies only under https, so plain loopback has another name. */
export const cookieName = (env: Env): string => (settingsOf(env).secure ? '__Host-xot' : 'xot')

export function putCookie(c: Context<AppEnv>, token: string): void {
  setCookie(c, cookieName(c.env), token, cookieRules(c.env, SESSION_LIFE_MS / 1_000))
}

export function dropCookie(c: Context<AppEnv>): void {
  setCookie(c, cookieName(c.env), '', cookieRules(c.env, 0))
}

/** The claims of a request's cookie alone, genuine or null; not asked of any room. For the CSRF rule. */
export function cookieSession(c: Context<AppEnv>): Session | null {
  const token = getCookie(c, cookieName(c.env))
  return token ? readSession(token, settingsOf(c.env).sessionKeys) : null
}

/** A Bearer wins over the cookie, which then is not read at all. */
export const bearerOf = (c: Context<AppEnv>): string | null =>
  /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? null

type Found = { session: Session; by: 'cookie' | 'bearer'; renew: boolean }

function claimsOf(c: Context<AppEnv>): Session | null {
  const token = bearerOf(c) ?? getCookie(c, cookieName(c.env))
  return token ? readSession(token, settingsOf(c.env).sessionKeys) : null
}

async function authenticate(c: Context<AppEnv>, now: number): Promise<Found | null> {
  const session = claimsOf(c)
  if (!session) return null
  const by = bearerOf(c) ? ('bearer' as const) : ('cookie' as const)
  if (now < session.exp) {
    return (await epochHolds(c.env, session, now)) ? { session, by, renew: wantsRenewal(session, now) } : null
  }
  if (now - session.exp > HOLDING_GRACE_MS) return null
  const [current, holding] = await Promise.all([epochHolds(c.env, session, now), holds(c.env, session.uid)])
  if (!current || holding === 'no') return null
  // Rooms that are away cannot say no; then this request passes, and the next asks again.
  return { session, by, renew: holding === 'yes' }
}

const resign = (env: Env, session: Session, now: number): string =>
  signSession(issue(viewer(session), session.since, now), settingsOf(env).sessionKeys)

const viewer = ({ uid, name, alias, role, regions, epoch }: Session): Viewer => ({
  uid,
  name,
  alias,
  role,
  regions,
  epoch,
})

// Answers, not promises: a promise belongs to the request that made it. One memory per set of rooms.
type Heard = { epochs: Map<string, { holds: boolean; at: number }>; awayUntil: Map<RegionId, number> }
const heardFrom = new WeakMap<object, Heard>()

/** Asks one of the person's rooms, the first that answers. With all of them away the signature alone counts. */
async function epochHolds(env: Env, { uid, epoch, regions }: Session, now: number): Promise<boolean> {
  const heard = heardFrom.get(env.SOS_ROOM) ?? { epochs: new Map(), awayUntil: new Map() }
  heardFrom.set(env.SOS_ROOM, heard)
  const key = `${uid} ${epoch}`
  const known = heard.epochs.get(key)
  if (known && now - known.at < EPOCH_CACHE_MS && now >= known.at) return known.holds
  for (const region of regions.length > 0 ? regions : REGION_IDS) {
    // A room that has just not answered is not asked by every request after that, each of which would wait.
    if (now < (heard.awayUntil.get(region) ?? 0)) continue
    const answer = await within(ROOM_DEADLINE_MS, roomOf(env, region).sessionHolds(uid, epoch)).catch(() => null)
    if (answer === null) {
      heard.awayUntil.set(region, now + EPOCH_CACHE_MS)
      continue
    }
    if (heard.epochs.size >= EPOCH_CACHE_ROWS) heard.epochs.clear()
    heard.epochs.set(key, { holds: answer, at: now })
    return answer
  }
  return true
}

// An incident lives in the room of its device, which may be outside the regions of whoever took it at their desk.
async function holds(env: Env, uid: string): Promise<'yes' | 'no' | 'unknown'> {
  const answers = await Promise.all(
    REGION_IDS.map((region) => within(ROOM_DEADLINE_MS, roomOf(env, region).holdsIncident(uid)).catch(() => null)),
  )
  if (answers.includes(true)) return 'yes'
  return answers.includes(null) ? 'unknown' : 'no'
}

const cookieRules = (env: Env, maxAge: number) =>
  ({ path: '/', httpOnly: true, secure: settingsOf(env).secure, sameSite: 'Lax', maxAge }) as const

const unauthorized = (c: Context<AppEnv>) => {
  c.header('WWW-Authenticate', 'Bearer')
  return failed(c, 401, 'no_session', 'Log in first.')
}

function toLogin(c: Context<AppEnv>): Response {
  const { pathname, search } = new URL(c.req.url)
  // A fragment's request must not bring the log-in page into the middle of a screen.
  if (c.req.header('hx-request')) {
    const from = URL.parse(c.req.header('hx-current-url') ?? '')
    c.header('HX-Redirect', loginAddress(from ? from.pathname + from.search : '/'))
    return c.body(null, 401)
  }
  return c.redirect(loginAddress(c.req.method === 'GET' ? pathname + search : '/'), 303)
}

const loginAddress = (next: string): string => (next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`)
