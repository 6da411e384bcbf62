// WS /api/regions/{region}/live: a screen's socket into its region's room. Cookie or Bearer, and an exact Origin, are
// checked here, before the room is woken. The upgrade's answer is handed back untouched: its headers cannot be changed.

import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { may } from '../domain/access'
import { findRegion } from '../domain/region'
import { bearerOf, viewerOf } from './auth/session'
import type { AppEnv } from './env'
import { failed } from './errors'
import { roomSocket } from './objects'
import { clientAddress, isOwnSocket } from './security/origin'

/** Carries the checked viewer to the room. Never taken from outside: the request that goes on is made here. */
export const VIEWER_HEADER = 'x-xot-viewer'

/** Where its screen stands, told the same way: screens of one site are lost together. */
export const SITE_HEADER = 'x-xot-site'

/** The network of an address (IPv4 /24, IPv6 /48) as a hash under the server's pepper: rooms keep no addresses. */
export function siteOf(address: string | null, pepper: string): string {
  if (address === null) return 'here'
  const network = address.includes(':') ? address.split(':', 3).join(':') : address.split('.', 3).join('.')
  return createHash('sha256').update(`${pepper}\nsite\n${network}`).digest('base64url').slice(0, 10)
}

export const live = new Hono<AppEnv>().get('/api/regions/:region/live', async (c) => {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket')
    return failed(c, 422, 'upgrade_required', 'This address speaks WebSocket only.', 'Upgrade')
  const region = findRegion(c.req.param('region'))
  if (!region) return failed(c, 404, 'unknown_region', 'There is no such region.', 'region')
  // A browser sends its cookie with anybody's socket; a program with a Bearer has chosen to come.
  if (!bearerOf(c) && !isOwnSocket(c.req.raw, c.env))
    return failed(c, 403, 'foreign_origin', 'This socket may be opened by our own pages only.', 'Origin')
  const viewer = await viewerOf(c)
  if (!viewer) return failed(c, 401, 'no_session', 'Log in first.')
  if (!may(viewer, 'incident:see', [region.id]))
    return failed(c, 403, 'foreign_region', 'You have no rights in this region.')
  const headers = new Headers({
    upgrade: 'websocket',
    [VIEWER_HEADER]: encodeURIComponent(JSON.stringify(viewer)),
    [SITE_HEADER]: siteOf(clientAddress(c.req.raw), c.env.PEPPER),
  })
  return roomSocket(c.env, region.id).fetch(new Request('https://room/live', { headers }))
})
