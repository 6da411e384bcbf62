// A session as text: signed claims, readable without any database. Whether it still counts is decided in session.ts.

import { ROLES, type Viewer } from '../../domain/access'
import { REGION_IDS } from '../../domain/region'
import type { SigningKey } from '../../ingest/device-token'
import { mac, macHolds } from './keys'

const HOUR_MS = 3_600_000
/** The longest that a session lives without being renewed. */
export const SESSION_LIFE_MS = 12 * HOUR_MS
/** Renewals go on until so long after the log-in; then the password is asked for again. */
export const SESSION_SPAN_MS = 24 * HOUR_MS
/** So long after its end a session may still be that of somebody who holds an incident. */
export const HOLDING_GRACE_MS = 12 * HOUR_MS

const MAX_TOKEN_LENGTH = 3_800

/** Times are epoch ms. `since`: the log-in; `exp`: at most 12 h away. */
export type Session = Viewer & { since: number; exp: number; kid: string }

/** `payload.mac`, both base64url, under the newest key. */
export function signSession(session: Omit<Session, 'kid'>, keys: readonly SigningKey[]): string {
  const key = keys[0]
  if (!key) throw new Error('no key to sign sessions with')
  const payload = Buffer.from(JSON.stringify({ ...session, kid: key.kid })).toString('base64url')
  return `${payload}.${mac(key, label(payload))}`
}

/** The claims of a genuine token, also of one past its end; null for anything else. */
export function readSession(token: string, keys: readonly SigningKey[]): Session | null {
  if (token.length > MAX_TOKEN_LENGTH) return null
  const [payload, signature, ...rest] = token.split('.')
  if (!payload || !signature || rest.length > 0) return null
  const claims = parse(payload)
  if (!claims) return null
  // The kid only chooses among our own keys; there is one algorithm, so it cannot choose that.
  const key = keys.find((each) => each.kid === claims.kid)
  if (!key || !macHolds(key, label(payload), signature)) return null
  return isSession(claims) ? claims : null
}

/** A new session, or the next of the same log-in. Past the span an hour at a time, for whoever holds an incident. */
export function issue(viewer: Viewer, since: number, now: number): Omit<Session, 'kid'> {
  const { uid, name, alias, role, regions, epoch } = viewer
  const exp = Math.max(now + HOUR_MS, Math.min(now + SESSION_LIFE_MS, since + SESSION_SPAN_MS))
  return { uid, name, alias, role, regions, epoch, since, exp }
}

/** True in the last third of its life, while the log-in is young enough to go on. */
export function wantsRenewal(session: Pick<Session, 'since' | 'exp'>, now: number): boolean {
  return session.exp - now < SESSION_LIFE_MS / 3 && session.exp < session.since + SESSION_SPAN_MS
}

/** Ties a form or script to this log-in: sent as X-CSRF-Token, it says that our own page asked. */
export function csrfToken(session: Pick<Session, 'uid' | 'since'>, keys: readonly SigningKey[]): string {
  const key = keys[0]
  if (!key) throw new Error('no key to sign with')
  return mac(key, csrfLabel(session))
}

export function csrfHolds(
  session: Pick<Session, 'uid' | 'since'>,
  given: string,
  keys: readonly SigningKey[],
): boolean {
  return keys.some((key) => macHolds(key, csrfLabel(session), given))
}

// One key signs two kinds of text, so each says which it is.
const label = (payload: string): string => `session.v1.${payload}`
const csrfLabel = ({ uid, since }: Pick<Session, 'uid' | 'since'>): string => `csrf.v1.${uid}.${since}`

function parse(payload: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

// Signed by us, but perhaps by another release: a role or region that is gone must not pass.
function isSession(claims: Record<string, unknown>): claims is Session & Record<string, unknown> {
  const { uid, name, alias, role, regions, epoch, since, exp } = claims
  return (
    [uid, name, alias].every((each) => typeof each === 'string' && each !== '') &&
    [epoch, since, exp].every((each) => typeof each === 'number' && Number.isFinite(each)) &&
    ROLES.some((each) => each === role) &&
    Array.isArray(regions) &&
    regions.every((each) => REGION_IDS.some((region) => region === each))
  )
}
