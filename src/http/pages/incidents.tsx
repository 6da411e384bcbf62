// The panel of one incident, and the acts that its buttons and forms post: each answers the panel as it now is.

import { type Context, Hono } from 'hono'
import { Others } from '../../../views/tower/drawer'
import { Panel } from '../../../views/tower/panel'
import type { Refusal } from '../../domain/command'
import { freshest } from '../../domain/position-source'
import { actOn, listRegion, openFile, whereIs } from '../desk'
import type { AppEnv } from '../env'
import { refused } from '../errors'
import { answer } from '../failure'
import { towerPhoneOf } from '../outward'
import { readAct } from './act-forms'
import { frameOf, refusalInWords, sayOf } from './frame'

const OTHERS_MAX = 50

export const incidents = new Hono<AppEnv>()
  .get('/desk/incidents/:id/panel', (c) => panel(c, c.req.param('id'), null, 200))
  .get('/desk/incidents/:id/others', async (c) => {
    const opened = await openFile(c.env, c.var.viewer, c.req.param('id'))
    if (!opened.ok) return refused(c, opened.refusal)
    const { incident } = opened.file
    const region = c.var.viewer.regions.includes(incident.desk) ? incident.desk : incident.region
    const others = await listRegion(c.env, c.var.viewer, region, { status: 'open', q: null, limit: OTHERS_MAX })
    const { lang, nonce } = frameOf(c)
    return c.html(<Others lang={lang} nonce={nonce} incident={incident} others={others.ok ? others.incidents : []} />)
  })
  .post('/desk/incidents/:id/:act', async (c) => {
    const { id, act: name } = c.req.param()
    const read = readAct(name, await c.req.parseBody().catch(() => ({})))
    if (!read) return answer(c, 404)
    if (!read.ok) return panel(c, id, (say) => say('refused.invalid', { field: read.field }), 422)
    const told = await actOn(c.env, c.var.viewer, id, read.act)
    if (told.ok) return panel(c, id, null, 200)
    if (told.refusal.code === 'not_found' || told.refusal.code === 'forbidden') return refused(c, told.refusal)
    return panel(c, id, told.refusal, told.refusal.code === 'invalid' ? 422 : 409)
  })

type Why = Refusal | ((say: ReturnType<typeof sayOf>) => string) | null

/** The panel of an incident as it is now, with why the last act was not done. */
export async function panel(c: Context<AppEnv>, id: string, why: Why, status: 200 | 409 | 422) {
  const opened = await openFile(c.env, c.var.viewer, id)
  if (!opened.ok) return refused(c, opened.refusal)
  const { events, heard } = opened.file
  const fresh = freshest(opened.file.incident.position, heard)
  const incident = { ...opened.file.incident, position: fresh?.position ?? null }
  const { lang, nonce } = frameOf(c)
  const say = sayOf(c)
  const refusal = typeof why === 'function' ? why(say) : why && refusalInWords(why, incident, say)
  const parts = {
    incident,
    events,
    viewer: c.var.viewer,
    lang,
    nonce,
    now: Date.now(),
    source: fresh?.source ?? 'press',
    sources: opened.file.sources ?? [],
    asksProvider: Boolean(c.env.GOOGLE_MAPS_KEY),
    ...whereIs(incident),
    towerPhone: towerPhoneOf(c.env, incident.region),
    refusal,
  }
  return c.html(<Panel {...parts} />, status)
}
