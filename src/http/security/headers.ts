// The headers of every answer that is not a door's or a socket's, and the nonce of its scripts and styles.

import { randomBytes } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from '../env'
import { type Settings, settingsOf } from '../settings'

const TWO_YEARS_S = 63_072_000

const PERMISSIONS = [
  'accelerometer=()',
  'autoplay=(self)',
  'camera=()',
  'display-capture=()',
  'fullscreen=(self)',
  'geolocation=(self)',
  'gyroscope=()',
  'magnetometer=()',
  'microphone=()',
  'midi=()',
  'payment=()',
  'screen-wake-lock=(self)',
  'serial=()',
  'speaker-selection=(self)',
  'usb=()',
].join(', ')

/** Sets `c.var.nonce` and `c.var.requestId` before, and the headers after. Leaves upgrades alone: their headers cannot be changed. */
export const securityHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  const requestId = crypto.randomUUID()
  c.set('requestId', requestId)
  if (c.req.header('upgrade')?.toLowerCase() === 'websocket') return next()
  const settings = settingsOf(c.env)
  const nonce = randomBytes(16).toString('base64url')
  c.set('nonce', nonce)
  await next()
  // A copy: what came from static assets or another object has headers that cannot be written.
  const answer = new Response(c.res.body, c.res)
  for (const [name, value] of Object.entries(headersFor(settings, nonce))) answer.headers.set(name, value)
  answer.headers.set('x-request-id', requestId)
  if (!answer.headers.has('cache-control')) answer.headers.set('cache-control', 'no-store')
  c.res = undefined
  c.res = answer
}

export function headersFor(settings: Pick<Settings, 'publicUrl' | 'secure' | 'tileOrigin'>, nonce: string) {
  const headers: Record<string, string> = {
    'content-security-policy': contentPolicy(settings, nonce),
    'x-content-type-options': 'nosniff',
    // Not no-referrer: browsers would then send `Origin: null` (honojs/hono#4695), which the CSRF rule must refuse.
    'referrer-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': PERMISSIONS,
  }
  if (settings.secure) headers['strict-transport-security'] = `max-age=${TWO_YEARS_S}; includeSubDomains; preload`
  // Foreign tiles need not send CORP, and would not load under it.
  if (settings.tileOrigin === null) headers['cross-origin-embedder-policy'] = 'require-corp'
  return headers
}

/** No `unsafe-*`, no `data:`. Everything not named is refused. */
export function contentPolicy(
  { publicUrl, secure, tileOrigin }: Pick<Settings, 'publicUrl' | 'secure' | 'tileOrigin'>,
  nonce: string,
): string {
  return [
    `default-src 'none'`,
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' blob:${tileOrigin ? ` ${tileOrigin}` : ''}`,
    `font-src 'self'`,
    `connect-src 'self' ${secure ? 'wss' : 'ws'}://${publicUrl.host}`,
    `worker-src 'self'`,
    `manifest-src 'self'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
    `object-src 'none'`,
  ].join('; ')
}
