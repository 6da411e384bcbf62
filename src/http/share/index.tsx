// /s: the code that somebody was told, and /s/<token>: what was granted to them, on any phone, without log-in and script.

import { type Context, Hono } from 'hono'
import { CodePage, NoShare, SharePage } from '../../../views/share/page'
import { REGION_IDS } from '../../domain/region'
import { readCode, roomOfToken, type Seen } from '../../domain/share'
import { within } from '../../durable/deadline'
import { describe as whereaboutsOf } from '../../geo/gazetteer'
import { LogInThrottle } from '../auth/throttle'
import { ROOM_DEADLINE_MS } from '../desk'
import type { AppEnv } from '../env'
import { roomOf } from '../objects'
import { frameOf, sayOf } from '../pages/frame'
import { clientAddress } from '../security/origin'
import { surroundings } from './surroundings'

/** The browser looks again by itself. */
const AGAIN_S = 15

type Ctx = Context<AppEnv>

/** `throttle`: one per process; each code that is tried counts, by address and all together. */
export function createShare(throttle = new LogInThrottle()) {
  return new Hono<AppEnv>()
    .get('/s', (c) => code(c, null, 200))
    .post('/s', async (c) => {
      const say = sayOf(c)
      const typed = ((await c.req.parseBody().catch(() => ({}))) as Record<string, unknown>).code
      const wanted = typeof typed === 'string' ? readCode(typed.slice(0, 40)) : null
      if (wanted === null) return code(c, say('share.code_wrong'), 422)
      const address = clientAddress(c.req.raw)
      const allowed = throttle.attempt('share', address)
      if (!allowed.ok) {
        const seconds = Math.max(1, Math.ceil(allowed.retryAfterMs / 1_000))
        c.header('Retry-After', String(seconds))
        return code(c, say('share.code_wait', { n: seconds }), 429)
      }
      // Which room a code is of, it does not say.
      const asked = await Promise.allSettled(
        REGION_IDS.map((region) =>
          within(ROOM_DEADLINE_MS, roomOf(c.env, region).outward.openByCode(wanted, seenBy(c))),
        ),
      )
      const token = asked.map((each) => (each.status === 'fulfilled' ? each.value : null)).find((each) => each !== null)
      if (token) {
        await throttle.succeeded('share', address)
        return c.redirect(`/s/${token}`, 303)
      }
      return asked.some(({ status }) => status === 'rejected')
        ? code(c, say('share.code_away'), 503)
        : code(c, say('share.code_wrong'), 404)
    })
    .get('/s/:token', async (c) => {
      const token = c.req.param('token')
      const region = roomOfToken(token)
      const opened = region
        ? await within(ROOM_DEADLINE_MS, roomOf(c.env, region).outward.shareView(token, seenBy(c)))
        : ({ is: 'none' } as const)
      hide(c)
      if (opened.is !== 'open')
        return c.html(<NoShare frame={frame(c)} why={opened.is} />, opened.is === 'gone' ? 410 : 404)
      const { view } = opened
      const { position } = view
      c.header('Refresh', String(AGAIN_S))
      return c.html(
        <SharePage
          frame={frame(c)}
          view={view}
          where={position && whereaboutsOf(position)}
          around={position && surroundings(position)}
        />,
        200,
      )
    })
}

function code(c: Ctx, wrong: string | null, status: 200 | 404 | 422 | 429 | 503) {
  hide(c)
  return c.html(<CodePage frame={frame(c)} wrong={wrong} />, status)
}

const frame = (c: Ctx) => frameOf(c)

/** No search engine, and no page that is opened from here, learns of it. */
function hide(c: Ctx): void {
  c.header('X-Robots-Tag', 'noindex, nofollow')
  c.header('Cache-Control', 'no-store')
}

/** Of the address, the part that says which network it is, and not whose. */
function seenBy(c: Ctx): Seen {
  const address = clientAddress(c.req.raw) ?? ''
  const parts = address.includes(':')
    ? address.split(':').slice(0, 3).join(':')
    : address.split('.').slice(0, 3).join('.')
  return { prefix: parts, agent: c.req.header('user-agent') ?? null }
}
