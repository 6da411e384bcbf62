// The tower's screen, whole, and the counts of the regions that it does not listen to.

import { type Context, Hono } from 'hono'
import { Regions } from '../../../views/tower/strip'
import { TowerPage } from '../../../views/tower/tower-page'
import { may } from '../../domain/access'
import type { RegionId } from '../../domain/region'
import { listRegion, listUnverified } from '../desk'
import { lifeOf } from '../doors/take'
import type { AppEnv } from '../env'
import { answer } from '../failure'
import { heldSockets } from '../held-sockets'
import { fleetShardCount } from '../objects'
import { overviewOf } from '../overview'
import { frameOf, regionOf } from './frame'

/** Rows that come with the page, before the socket brings the rest. */
const FIRST_ROWS = 200
const RETRY_AFTER_S = '10'

export const tower = new Hono<AppEnv>()
  .get('/', (c) => {
    const [first] = c.var.viewer.regions
    return first ? c.redirect(`/r/${first}`, 303) : answer(c, 404)
  })
  .get('/r/:region', async (c) => {
    const region = regionOf(c, c.req.param('region'))
    if (!region || !may(c.var.viewer, 'incident:see', [region])) return answer(c, 404)
    // A screen without its socket would look as if it watched.
    if (!heldSockets.hasRoomFor('screen', c.env)) {
      heldSockets.refused('screen')
      c.header('Retry-After', RETRY_AFTER_S)
      c.header('Refresh', RETRY_AFTER_S)
      return answer(c, 503, 'full')
    }
    return page(c, region)
  })
  .get('/desk/regions', async (c) => {
    const region = regionOf(c, c.req.query('region'))
    if (!region) return answer(c, 404)
    const { lang, nonce } = frameOf(c)
    const counts = await countsOf(c)
    return c.html(<Regions lang={lang} nonce={nonce} region={region} counts={counts} />)
  })

async function page(c: Context<AppEnv>, region: RegionId) {
  const { viewer } = c.var
  // A room that is away must not take the screen with it: the browser shows what the intakes have.
  const [listing, counts, unverified] = await Promise.all([
    listRegion(c.env, viewer, region, { status: 'queue', q: null, limit: FIRST_ROWS }).catch(() => null),
    countsOf(c),
    listUnverified(c.env, viewer, region).catch(() => null),
  ])
  const tiles = c.env.TILE_URL ? { url: c.env.TILE_URL, attribution: c.env.TILE_ATTRIBUTION ?? '' } : null
  return c.html(
    <TowerPage
      frame={frameOf(c)}
      viewer={viewer}
      region={region}
      incidents={listing?.ok ? listing.incidents : []}
      counts={counts}
      unverified={unverified?.ok ? unverified.count : 0}
      now={Date.now()}
      tiles={tiles}
      mapShards={fleetShardCount(c.env)}
    />,
  )
}

/** Null where a room does not answer. */
const countsOf = async (c: Context<AppEnv>) =>
  (await overviewOf(c.env, c.var.viewer, lifeOf(c))).map(({ region, open }) => ({ id: region, open }))
