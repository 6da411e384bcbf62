// The page of deliveries of a region, its "send it again", and the lamp of the ways out on every screen.

import { type Context, Hono } from 'hono'
import { WaysLamp } from '../../../views/delivery/lamp'
import { DeliveryPage, PERIODS, type Period } from '../../../views/delivery/page'
import { nameOf, Office } from '../../../views/devices/office'
import { may } from '../../domain/access'
import { findRegion, type RegionId } from '../../domain/region'
import { TooLate } from '../../durable/deadline'
import { parkedIn, reportOf, resend, waysOutOf } from '../delivery'
import type { AppEnv } from '../env'
import { answer } from '../failure'
import { lampOf } from '../ways-out'
import { filled } from './act-forms'
import { frameOf, regionOf, sayOf } from './frame'

type Ctx = Context<AppEnv>

const DAY_MS = 86_400_000
const PERIOD_MS: Record<Period, number> = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS }

export const delivery = new Hono<AppEnv>()
  .get('/delivery', (c) => {
    const region = regionOf(c, c.req.query('region'))
    if (!region) return answer(c, 404)
    return page(c, region, periodOf(c.req.query('period')), null, 200)
  })
  .get('/delivery/lamp', async (c) => {
    const region = regionOf(c, c.req.query('region'))
    if (!region || !may(c.var.viewer, 'page:see', [region])) return answer(c, 404)
    const lamp = lampOf(await waysOutOf(c.env, region))
    return c.html(<WaysLamp region={region} lamp={lamp} say={sayOf(c)} nonce={frameOf(c).nonce} />)
  })
  .post('/delivery/resend', async (c) => {
    const fields = filled(await c.req.parseBody().catch(() => ({})))
    const region = findRegion(String(fields.region ?? ''))?.id
    if (!region) return answer(c, 404)
    const ok = await sentAgain(c, String(fields.attempt ?? ''))
    return page(c, region, periodOf(String(fields.period ?? '')), { ok }, ok ? 200 : 409)
  })

const periodOf = (name: string | undefined): Period => PERIODS.find((each) => each === name) ?? 'day'

/** False also where the courier did not answer in time: then it may have been sent, and the list shows it. */
export async function sentAgain(c: Ctx, attemptId: string): Promise<boolean> {
  try {
    return (await resend(c.env, c.var.viewer, attemptId)).ok
  } catch {
    return false
  }
}

async function page(c: Ctx, region: RegionId, period: Period, told: { ok: boolean } | null, status: 200 | 409) {
  const { viewer } = c.var
  if (!may(viewer, 'page:see', [region])) return answer(c, 404)
  const until = Date.now()
  const [rows, parked, ways] = await Promise.all([
    reportOf(c.env, { region, from: until - PERIOD_MS[period], until }).catch(withoutPostgres),
    parkedIn(c.env, region),
    waysOutOf(c.env, region),
  ])
  const { lang, nonce } = frameOf(c)
  const say = sayOf(c)
  const mayResend = may(viewer, 'page:resend', [region])
  const main = (
    <DeliveryPage
      {...{ lang, nonce, region, period, rows, parked, ways, mayResend, told }}
      regions={viewer.regions.filter((each) => may(viewer, 'page:see', [each]))}
    />
  )
  if (c.req.header('hx-request')) return c.html(main, status)
  const section = { href: `/delivery?region=${region}`, words: say('delivery.title') }
  return c.html(
    <Office
      frame={frameOf(c)}
      title={say('delivery.of', { region: nameOf(region, lang) })}
      section={section}
      styles={['ladder', 'delivery']}
    >
      {main}
    </Office>,
    status,
  )
}

function withoutPostgres(cause: unknown): null {
  if (cause instanceof TooLate) return null
  throw cause
}
