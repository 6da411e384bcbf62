// The Worker's entry: requests go to the app, the minute's cron and the supervisor's loopback socket to the Sentinel.

import { WorkerEntrypoint } from 'cloudflare:workers'
import { findRegion } from '../src/domain/region'
import { createApp } from '../src/http/app'
import type { Env } from '../src/http/env'
import { roomOf, sentinelOf } from '../src/http/objects'

export { Sentinel } from './sentinel'
export { SosIntake } from './sos-intake'
export { SosRoom } from './sos-room'

const app = createApp()

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),
  async scheduled(_event, env) {
    await sentinelOf(env).tick()
  },
} satisfies ExportedHandler<Env>

/** Bound by workerd to a socket on loopback only, and to nothing on Cloudflare. */
export class Internal extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    if (request.method === 'POST' && pathname === '/tick') return Response.json(await sentinelOf(this.env).tick())
    const region = findRegion(/^\/rooms\/([^/]+)\/log$/.exec(pathname)?.[1] ?? '')
    if (region) {
      const from = Math.max(1, Number(searchParams.get('from')) || 1)
      return Response.json({ events: await roomOf(this.env, region.id).log(from, 500) })
    }
    return new Response('not found', { status: 404 })
  }
}
