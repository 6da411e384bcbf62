// What the panel of an incident asks for after it is there: who is being told; and what a person sends again from there.

import { type Context, Hono } from 'hono'
import { Ladder } from '../../../views/tower/panel-ladder'
import { may } from '../../domain/access'
import { regionOfIncident } from '../../domain/region'
import type { AppEnv } from '../env'
import { answer } from '../failure'
import { ladderOf } from '../paging'
import { filled } from './act-forms'
import { sentAgain } from './delivery'
import { frameOf } from './frame'

type Ctx = Context<AppEnv>

export const ladder = new Hono<AppEnv>()
  .get('/desk/incidents/:id/ladder', (c) => show(c, c.req.param('id'), null))
  .post('/desk/incidents/:id/ladder/resend', async (c) => {
    const fields = filled(await c.req.parseBody().catch(() => ({})))
    return show(c, c.req.param('id'), { ok: await sentAgain(c, String(fields.attempt ?? '')) })
  })

async function show(c: Ctx, id: string, told: { ok: boolean } | null) {
  const { viewer } = c.var
  const found = await ladderOf(c.env, viewer, id)
  const region = regionOfIncident(id)
  if (!found || !region) return answer(c, 404)
  const { lang, nonce } = frameOf(c)
  const { view, attempts } = found
  const mayResend = may(viewer, 'page:resend', [region])
  const status = told === null || told.ok ? 200 : 409
  return c.html(<Ladder {...{ view, attempts, mayResend, told, lang, nonce }} now={Date.now()} />, status)
}
