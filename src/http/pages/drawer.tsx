// What opens in the drawer: a new incident by phone, the search, and presses without a genuine token.

import { type Context, Hono } from 'hono'
import { Find, Found, type NewFields, NewForm, OpenedDrawer, Unverified } from '../../../views/tower/drawer'
import { may } from '../../domain/access'
import type { NewByPhone } from '../../domain/command'
import { KINDS, REPORTERS } from '../../domain/press'
import type { RegionId } from '../../domain/region'
import { PromoteBody } from '../api/schemas/act'
import { RegionName, text, words } from '../api/schemas/common'
import { z } from '../api/schemas/zod'
import { createByPhone, listRegion, listUnverified, promotePress } from '../desk'
import type { AppEnv } from '../env'
import { failed, refused } from '../errors'
import { answer } from '../failure'
import { filled } from './act-forms'
import { frameOf, refusalInWords, regionOf, sayOf } from './frame'

const FOUND_MAX = 20
const QUERY_MAX = 60

/** "14.5995, 120.9842", as people read it out and maps copy it. */
const Where = z.string().transform((value, ctx): { lat: number; lng: number } => {
  const [, lat, lng] = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(value) ?? []
  if (lat !== undefined && lng !== undefined && Math.abs(Number(lat)) <= 90 && Math.abs(Number(lng)) <= 180) {
    return { lat: Number(lat), lng: Number(lng) }
  }
  ctx.addIssue({ code: 'custom', message: 'is not "latitude, longitude"' })
  return z.NEVER
})

const NewFieldsSchema = z.object({
  region: RegionName,
  reporter: z.enum(REPORTERS),
  kind: z.enum(KINDS),
  note: text(500).optional(),
  phone: text(30).optional(),
  plate: text(16).optional(),
  where: Where.optional(),
  safeToTalk: z.enum(['yes', 'no']).optional(),
  requestId: words(60),
})

export const drawer = new Hono<AppEnv>()
  .get('/desk/new', (c) => {
    const region = regionOf(c, c.req.query('region'))
    return region ? newForm(c, region, crypto.randomUUID(), {}, null, 200) : answer(c, 404)
  })
  .post('/desk/new', async (c) => {
    const typed = filled(await c.req.parseBody().catch(() => ({})))
    const read = NewFieldsSchema.safeParse(typed)
    const say = sayOf(c)
    if (!read.success) {
      const field = String(read.error.issues[0]?.path[0] ?? '')
      const region = regionOf(c, typeof typed.region === 'string' ? typed.region : undefined)
      const requestId = typeof typed.requestId === 'string' ? typed.requestId : crypto.randomUUID()
      return region
        ? newForm(c, region, requestId, typed as NewFields, say('refused.invalid', { field }), 422)
        : failed(c, 422, 'invalid', 'The region is missing.', 'region')
    }
    const { where, safeToTalk, ...rest } = read.data
    const input: NewByPhone = {
      reporter: rest.reporter,
      kind: rest.kind,
      note: rest.note ?? null,
      phone: rest.phone ?? null,
      plate: rest.plate ?? null,
      lat: where?.lat ?? null,
      lng: where?.lng ?? null,
      deviceId: null,
      region: rest.region,
      safeToTalk: safeToTalk === undefined ? null : safeToTalk === 'yes',
      requestId: rest.requestId,
    }
    const told = await createByPhone(c.env, c.var.viewer, input)
    if (told.ok) return c.html(<OpenedDrawer id={told.incident.id} />)
    const why = refusalInWords(told.refusal, null, say)
    return newForm(c, rest.region, rest.requestId, typed as NewFields, why, 409)
  })
  .get('/desk/search', async (c) => {
    const { viewer } = c.var
    const region = regionOf(c, c.req.query('region'))
    if (!region || !may(viewer, 'incident:see', [region])) return answer(c, 404)
    const q = (c.req.query('q') ?? '').toWellFormed().trim().slice(0, QUERY_MAX)
    const listing = q ? await listRegion(c.env, viewer, region, { status: 'all', q, limit: FOUND_MAX }) : null
    if (listing && !listing.ok) return refused(c, listing.refusal)
    const { lang, nonce } = frameOf(c)
    const parts = { lang, q, found: listing?.incidents ?? null, me: viewer.uid, now: Date.now() }
    // The field asks for its list alone; the key asks for the whole drawer.
    return c.html(
      c.req.query('q') === undefined ? <Find {...parts} nonce={nonce} region={region} /> : <Found {...parts} />,
    )
  })
  .get('/desk/unverified', (c) => {
    const region = regionOf(c, c.req.query('region'))
    return region ? unverified(c, region) : answer(c, 404)
  })
  .post('/desk/unverified/promote', async (c) => {
    const fields = filled(await c.req.parseBody().catch(() => ({})))
    const read = PromoteBody.safeParse({ ...fields, receivedAt: Number(fields.receivedAt) })
    if (!read.success) return failed(c, 422, 'invalid', 'That names no press.', 'source')
    const { region, source, receivedAt } = read.data
    const told = await promotePress(c.env, c.var.viewer, region, source, receivedAt)
    return told.ok ? c.html(<OpenedDrawer id={told.incident.id} />) : refused(c, told.refusal)
  })

async function unverified(c: Context<AppEnv>, region: RegionId) {
  const listing = await listUnverified(c.env, c.var.viewer, region)
  if (!listing.ok) return refused(c, listing.refusal)
  const { lang, nonce } = frameOf(c)
  return c.html(<Unverified lang={lang} nonce={nonce} region={region} count={listing.count} latest={listing.latest} />)
}

function newForm(
  c: Context<AppEnv>,
  region: RegionId,
  requestId: string,
  typed: NewFields,
  wrong: string | null,
  status: 200 | 409 | 422,
) {
  const { lang, nonce } = frameOf(c)
  const { regions } = c.var.viewer
  const parts = { lang, nonce, region, regions, requestId, typed, wrong }
  return c.html(<NewForm {...parts} />, status)
}
