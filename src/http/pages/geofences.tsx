// Geofences: which there are, who is in them, what was crossed; and for those who may, drawing and changing them. Postgres
// owns them; without it these pages say so, and shards go on watching what they know.

import { type Context, Hono } from 'hono'
import { Office } from '../../../views/devices/office'
import { NewFence, type Outline, type Typed, type Wrong } from '../../../views/geofences/editor'
import { FencePage } from '../../../views/geofences/fence'
import { FencesNow, GeofenceList } from '../../../views/geofences/list'
import { FenceRefusal, type ShownFence } from '../../../views/geofences/office'
import { isWord, type Word } from '../../../views/words'
import { type Action, may } from '../../domain/access'
import { readCorners, writeCorners } from '../../domain/drawn-text'
import type { KeptFence } from '../../domain/fence-record'
import { findRegion, type RegionId } from '../../domain/region'
import { TooLate } from '../../durable/deadline'
import { listFences, readFence } from '../../store/geofences'
import type { AppEnv } from '../env'
import { answer } from '../failure'
import {
  crossedIn,
  drawFence,
  type FenceNo,
  insideOf,
  type ShownFenceEvent,
  switchFence,
  takeFenceAway,
  withFences,
} from '../fences'
import { filled } from './act-forms'
import { frameOf, regionOf, sayOf } from './frame'
import { type WhyNot, refused as whyNot } from './refused'

const SINCE_MS = 7 * 86_400_000
const EVENTS = 30
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

type Ctx = Context<AppEnv>
type Status = 200 | 403 | 404 | 409 | 422 | 503

export const geofences = new Hono<AppEnv>()
  .get('/geofences', (c) =>
    inRegion(c, 'geofence:see', async (region) => {
      const parts = await listParts(c, region, purposeOf(c))
      return parts ? page(c, sayOf(c)('fence.title'), <GeofenceList {...parts} />, 200) : refuse(c, 'foreign')
    }),
  )
  .get('/geofences/now', (c) =>
    inRegion(c, 'geofence:see', async (region) => {
      const parts = await listParts(c, region, null)
      return parts ? c.html(<FencesNow {...parts} />) : refuse(c, 'foreign')
    }),
  )
  .get('/geofences/new', (c) =>
    inRegion(c, 'geofence:manage', (region) =>
      newFence(c, region, { name: '', kind: 'notice', corners: '' }, null, 200),
    ),
  )
  .post('/geofences', async (c) => {
    const { fields, typed } = await typedOf(c)
    const region = typeof fields.region === 'string' ? (findRegion(fields.region)?.id ?? null) : null
    if (!region) return refuse(c, 'gone')
    if (!may(c.var.viewer, 'geofence:manage', [region])) return refuse(c, 'foreign')
    return guarded(c, async () => {
      const made = await draw(c, region, crypto.randomUUID(), typed, true, null)
      if (made.ok) return fencePage(c, made.fence, { done: 'fence.saved' })
      return newFence(c, region, typed, made.wrong, made.status)
    })
  })
  .get('/geofences/:id', (c) => onFence(c, 'geofence:see', (fence) => fencePage(c, fence, { purpose: purposeOf(c) })))
  .post('/geofences/:id', async (c) => {
    const { fields, typed } = await typedOf(c)
    return onFence(c, 'geofence:manage', async (fence) => {
      const from = /^\d{1,15}$/.test(String(fields.version ?? '')) ? Number(fields.version) : null
      const made = await draw(c, fence.region, fence.id, typed, fence.active, { from })
      if (made.ok) return fencePage(c, made.fence, { done: made.fence.active ? 'fence.saved' : 'fence.saved_idle' })
      // What somebody else has saved is shown instead; what was only wrong stays to be mended.
      if (made.status === 409) return fencePage(c, fence, { wrong: made.wrong, status: 409 })
      return fencePage(c, fence, { wrong: made.wrong, typed, status: 422 })
    })
  })
  .post('/geofences/:id/active', async (c) => {
    const { fields } = await typedOf(c)
    return onFence(c, 'geofence:manage', async (fence) => {
      const done = await switchFence(c.env, c.var.viewer, fence, fields.active === 'yes')
      if (done.ok) return fencePage(c, done.fence, { done: done.fence.active ? 'fence.saved' : 'fence.saved_idle' })
      if (done.why === 'gone') return refuse(c, 'gone')
      return fencePage(c, fence, { wrong: wrongOf(c, done.why), status: 409 })
    })
  })
  .post('/geofences/:id/away', (c) =>
    onFence(c, 'geofence:manage', async ({ id, region }) => {
      await takeFenceAway(c.env, c.var.viewer, region, id)
      const parts = await listParts(c, region, null)
      return parts ? page(c, sayOf(c)('fence.title'), <GeofenceList {...parts} />, 200) : refuse(c, 'foreign')
    }),
  )

/** The region of the query, where this person may do this. */
async function inRegion(c: Ctx, action: Action, show: (region: RegionId) => Promise<Response>): Promise<Response> {
  const region = regionOf(c, c.req.query('region'))
  if (!region) return answer(c, 404)
  if (!may(c.var.viewer, action, [region])) return refuse(c, 'foreign')
  return guarded(c, () => show(region))
}

/** Finds the fence of the address, asks whether this person may, and only then does what was asked. */
async function onFence(c: Ctx, action: Action, act: (fence: KeptFence) => Promise<Response>): Promise<Response> {
  const id = c.req.param('id') ?? ''
  if (!UUID.test(id)) return refuse(c, 'gone')
  return guarded(c, async () => {
    const fence = await withFences(c.env, (db) => readFence(db, id))
    if (!fence) return refuse(c, 'gone')
    return may(c.var.viewer, action, [fence.region]) ? act(fence) : refuse(c, 'foreign')
  })
}

/** Without Postgres the page says so, and what was typed stays. */
async function guarded(c: Ctx, run: () => Promise<Response>): Promise<Response> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof TooLate) return refuse(c, 'away')
    throw error
  }
}

type Saved = { ok: true; fence: KeptFence } | { ok: false; wrong: Wrong; status: 409 | 422 }

async function draw(
  c: Ctx,
  region: RegionId,
  id: string,
  typed: Typed,
  active: boolean,
  change: { from: number | null } | null,
): Promise<Saved> {
  const read = readCorners(typed.corners)
  if (!read.ok) {
    const words = sayOf(c)(`fence.text.${read.why}`, { line: read.line ?? 0 })
    return { ok: false, wrong: { words, field: 'corners' }, status: 422 }
  }
  const drawn = { id, region, name: typed.name, kind: typed.kind, polygon: read.corners, active }
  const saved = await drawFence(c.env, c.var.viewer, drawn, change)
  if (saved.ok) return saved
  return { ok: false, wrong: wrongOf(c, saved.why), status: typeof saved.why === 'string' ? 409 : 422 }
}

const FIELDS: Record<string, Wrong['field']> = { fence_name: 'name', fence_kind: 'kind' }

function wrongOf(c: Ctx, why: FenceNo): Wrong {
  const say = sayOf(c)
  if (typeof why === 'string') return { words: say(`fence.${why}`), field: null }
  const word = `fence.wrong.${why.reason}`
  return { words: isWord(word) ? say(word) : why.message, field: FIELDS[why.reason] ?? 'corners' }
}

async function newFence(c: Ctx, region: RegionId, typed: Typed, wrong: Wrong | null, status: 200 | 409 | 422) {
  const others = await outlines(c, region, null)
  const { lang, nonce } = frameOf(c)
  const { regions } = c.var.viewer
  const parts = { lang, nonce, region, regions, typed, wrong, others, tiles: tilesOf(c), mayManage: true }
  return page(c, sayOf(c)('fence.new'), <NewFence {...parts} />, status)
}

type Showing = { purpose?: string | null; wrong?: Wrong; typed?: Typed; done?: Word; status?: 200 | 409 | 422 }

async function fencePage(c: Ctx, fence: KeptFence, showing: Showing): Promise<Response> {
  const { purpose = null, wrong = null, done, status = 200 } = showing
  const { viewer } = c.var
  const { region } = fence
  const now = Date.now()
  const query = { region, fenceId: fence.id, since: now - SINCE_MS, limit: EVENTS, order: 'newest' as const, purpose }
  const events = await crossedIn(c.env, viewer, query)
  if (events === 'not_allowed') return refuse(c, 'foreign')
  const [inside, others] = await Promise.all([insideOf(c.env, region), outlines(c, region, fence.id)])
  const { lang, nonce } = frameOf(c)
  const typed = showing.typed ?? { name: fence.name, kind: fence.kind, corners: writeCorners(fence.polygon) }
  const parts = { lang, nonce, region, typed, wrong, others, purpose, now, events, tiles: tilesOf(c) }
  const rights = { mayManage: may(viewer, 'geofence:manage', [region]), mayAsk: may(viewer, 'track:read', [region]) }
  const shown: ShownFence = { ...fence, inside: inside && (inside[fence.id] ?? 0) }
  const view = <FencePage {...parts} {...rights} fence={shown} done={done ? sayOf(c)(done) : null} />
  return page(c, fence.name, view, status)
}

/** Null where this person may not see whose vehicles they were, and asked to. */
async function listParts(c: Ctx, region: RegionId, purpose: string | null) {
  const { viewer } = c.var
  const now = Date.now()
  const query = { region, fenceId: null, since: now - SINCE_MS, limit: EVENTS, order: 'newest' as const, purpose }
  const events: ShownFenceEvent[] | 'not_allowed' = await crossedIn(c.env, viewer, query)
  if (events === 'not_allowed') return null
  const [kept, inside] = await Promise.all([withFences(c.env, (db) => listFences(db, region)), insideOf(c.env, region)])
  const fences: ShownFence[] = kept.map((fence) => ({ ...fence, inside: inside && (inside[fence.id] ?? 0) }))
  const { lang, nonce } = frameOf(c)
  const rights = { mayManage: may(viewer, 'geofence:manage', [region]), mayAsk: may(viewer, 'track:read', [region]) }
  return { lang, nonce, region, regions: viewer.regions, fences, events, purpose, now, ...rights }
}

const outlines = (c: Ctx, region: RegionId, but: string | null): Promise<Outline[]> =>
  withFences(c.env, async (db) =>
    (await listFences(db, region))
      .filter(({ id, active }) => active && id !== but)
      .map(({ name, polygon }) => ({ name, polygon })),
  )

/** Whole for a browser, its middle alone for a form of these pages. */
function page(c: Ctx, title: string, main: ReturnType<typeof GeofenceList>, status: Status) {
  if (c.req.header('hx-request')) return c.html(main, status)
  const section = { href: '/geofences', words: sayOf(c)('fence.title') }
  return c.html(
    <Office
      frame={frameOf(c)}
      title={title}
      section={section}
      styles={['leaflet', 'map', 'geofences']}
      scripts={['geofences']}
    >
      {main}
    </Office>,
    status,
  )
}

const refuse = (c: Ctx, why: WhyNot) =>
  whyNot(c, why, sayOf(c)('fence.away'), (status) =>
    page(c, sayOf(c)('fence.title'), <FenceRefusal lang={c.var.lang} why={why} />, status),
  )

const tilesOf = ({ env }: Ctx) => (env.TILE_URL ? { url: env.TILE_URL, attribution: env.TILE_ATTRIBUTION ?? '' } : null)

/** What devices are to be shown for; too short is none. */
function purposeOf(c: Ctx): string | null {
  const purpose = word(c.req.query('purpose')).slice(0, 200)
  return purpose.length >= 3 ? purpose : null
}

async function typedOf(c: Ctx): Promise<{ fields: Record<string, unknown>; typed: Typed }> {
  const fields = filled(await c.req.parseBody().catch(() => ({})))
  return { fields, typed: { name: word(fields.name), kind: word(fields.kind), corners: word(fields.corners) } }
}

/** NUL, which Postgres cannot store, means nothing in a name. */
const word = (value: unknown): string =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '').trim() : ''
