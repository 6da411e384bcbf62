// WS /api/regions/{region}/live: a screen's socket into its region's room. Cookie or Bearer, and an exact Origin, are
// checked here, before the room is woken. The upgrade's answer is handed back untouched: its headers cannot be changed.

import { Hono } from 'hono'
import { may } from '../domain/access'
import { findRegion } from '../domain/region'
import { bearerOf, viewerOf } from './auth/session'
import type { AppEnv } from './env'
import { failed } from './errors'
import { roomSocket } from './objects'
import { isOwnSocket } from './security/origin'

/** Carries the checked viewer to the room. Never taken from outside: the request that goes on is made here. */
export const VIEWER_HEADER = 'x-xot-viewer'

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
  const headers = new Headers({ upgrade: 'websocket', [VIEWER_HEADER]: encodeURIComponent(JSON.stringify(viewer)) })
  return roomSocket(c.env, region.id).fetch(new Request('https://room/live', { headers }))
})
