// WS /api/regions/{region}/map?shard=n: a page's socket into one of its region's fleet shards, for dots without identity.
// Checked as the screen's own socket is.

import { Hono } from 'hono'
import { may } from '../domain/access'
import { findRegion } from '../domain/region'
import { bearerOf, viewerOf } from './auth/session'
import { FLEET_HEADER } from './doors/positions'
import type { AppEnv } from './env'
import { failed } from './errors'
import { fleetOf, fleetShardCount } from './objects'
import { isOwnSocket } from './security/origin'

export const map = new Hono<AppEnv>().get('/api/regions/:region/map', async (c) => {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket')
    return failed(c, 422, 'upgrade_required', 'This address speaks WebSocket only.', 'Upgrade')
  const region = findRegion(c.req.param('region'))
  if (!region) return failed(c, 404, 'unknown_region', 'There is no such region.', 'region')
  const shard = Number(c.req.query('shard') ?? '0')
  if (!Number.isInteger(shard) || shard < 0 || shard >= fleetShardCount(c.env))
    return failed(c, 404, 'unknown_shard', 'There is no such shard.', 'shard')
  if (!bearerOf(c) && !isOwnSocket(c.req.raw, c.env))
    return failed(c, 403, 'foreign_origin', 'This socket may be opened by our own pages only.', 'Origin')
  const viewer = await viewerOf(c)
  if (!viewer) return failed(c, 401, 'no_session', 'Log in first.')
  if (!may(viewer, 'incident:see', [region.id]))
    return failed(c, 403, 'foreign_region', 'You have no rights in this region.')
  const said = encodeURIComponent(JSON.stringify({ is: 'viewer', uid: viewer.uid }))
  const headers = new Headers({ upgrade: 'websocket', [FLEET_HEADER]: said })
  return fleetOf(c.env, region.id, shard).fetch(new Request('https://fleet/map', { headers }))
})
