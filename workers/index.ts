// The Worker's entry: the app for the world, the minute's tick, and a door inside for whoever starts the tower.

import { WorkerEntrypoint } from 'cloudflare:workers'
import { findRegion } from '../src/domain/region'
import { createApp } from '../src/http/app'
import { hearPress, isPress } from '../src/http/doors'
import { shed } from '../src/http/doors/positions'
import { elsewhere, isForSpool, isSpool } from '../src/http/doors/spool'
import type { Env } from '../src/http/env'
import { heldSockets } from '../src/http/held-sockets'
import { roomOf, sentinelOf } from '../src/http/objects'

import { joinRoom, killRoom, partRoom, reviveRoom } from './faults'
import { hearNeighbour } from './neighbour'

export { Courier } from './courier'
export { FleetShard } from './fleet-shard'
export { Sentinel } from './sentinel'
export { SosIntake } from './sos-intake'
export { SosRoom } from './sos-room'
export { Spool } from './spool'

const app = createApp()

export default {
  // What must be quickest does not pass the router, which has the same way for it.
  fetch: (request, env, ctx) => {
    if (isPress(request)) return hearPress(request, env, ctx)
    if (isSpool(env) && !isForSpool(request)) return elsewhere(env)
    return isFile(request) ? env.ASSETS.fetch(request) : app.fetch(request, env, ctx)
  },
  scheduled: (_controller, env, ctx) => {
    ctx.waitUntil(sentinelOf(env).tick())
  },
} satisfies ExportedHandler<Env>

/** Cloudflare answers files before any Worker is asked; workerd asks the Worker first, which costs files a hop and spares presses one. */
function isFile({ url }: Request): boolean {
  return url.startsWith('/assets/', url.indexOf('/', url.indexOf('://') + 3))
}

const LOG_LIMIT = 500

type Fault = 'dead' | 'alive' | 'parted' | 'joined'

/**
 * Reached only by a socket that the start supervisor binds to loopback, or a service binding; never from outside.
 * POST /tick → the Sentinel's report. POST /faults/rooms/{region}/(dead|alive|parted|joined), only where FAULTS is `on`.
 * GET /load → how many sockets are held and were refused, and which positions were shed.
 * What neighbours in a cluster say is in neighbour.ts.
 * GET /rooms/{region}/log?from=&limit= → that room's log, for verify-log. POST /rooms/{region}/parked/resend → {resent}.
 */
export class Internal extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const heard = await hearNeighbour(request, this.env)
    if (heard) return heard
    if (request.method === 'POST' && pathname === '/tick') return Response.json(await sentinelOf(this.env).tick())
    if (request.method === 'GET' && pathname === '/load')
      return Response.json({ sockets: heldSockets.load(this.env), positionsShed: shed() })
    const fault = /^\/faults\/rooms\/([\w-]+)\/(dead|alive|parted|joined)$/.exec(pathname)
    if (request.method === 'POST' && fault && this.env.FAULTS === 'on')
      return this.#fault(fault[1] ?? '', fault[2] as Fault)
    const parked = findRegion(/^\/rooms\/([\w-]+)\/parked\/resend$/.exec(pathname)?.[1] ?? '')
    if (request.method === 'POST' && parked)
      return Response.json({ resent: await roomOf(this.env, parked.id).resendParked() })
    const name = /^\/rooms\/([\w-]+)\/log$/.exec(pathname)?.[1]
    const region = name ? findRegion(name) : null
    if (request.method !== 'GET' || !region) return Response.json({ error: 'not found' }, { status: 404 })
    const from = count(searchParams.get('from'), 1)
    const limit = Math.min(count(searchParams.get('limit'), LOG_LIMIT), LOG_LIMIT)
    return Response.json({ events: await roomOf(this.env, region.id).log(from, limit) })
  }

  async #fault(name: string, fault: Fault): Promise<Response> {
    const region = findRegion(name)
    if (!region) return Response.json({ error: 'not found' }, { status: 404 })
    if (fault === 'parted') partRoom(region.id)
    else if (fault === 'joined') joinRoom(region.id)
    else if (fault === 'dead') {
      killRoom(region.id)
      // It ends by being aborted, which is how its caller hears of it.
      await roomOf(this.env, region.id)
        .die()
        .catch(() => {})
    } else reviveRoom(region.id)
    return Response.json({ region: region.id, fault })
  }
}

const count = (text: string | null, otherwise: number): number =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : otherwise
