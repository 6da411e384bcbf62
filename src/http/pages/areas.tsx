// Broadcasts as pages: those of a region, one of them, and alerting an area in two steps. The region's room answers all of it;
// geofences are drawn below where Postgres tells them.

import { type Context, Hono } from 'hono'
import { AreaNow, AreaPage } from '../../../views/areas/area'
import { AreaList } from '../../../views/areas/list'
import { type AreaTyped, type AreaWrong, CheckArea, LASTS_MIN, NewArea } from '../../../views/areas/new'
import { AreaRefusal } from '../../../views/areas/office'
import { Office } from '../../../views/devices/office'
import type { Outline } from '../../../views/geofences/editor'
import { isWord } from '../../../views/words'
import { type Action, may } from '../../domain/access'
import type { AreaDraft, AreaKind } from '../../domain/area'
import type { Refusal } from '../../domain/command'
import { readCorners, writeCorners } from '../../domain/drawn-text'
import { findRegion, type RegionId } from '../../domain/region'
import { TooLate } from '../../durable/deadline'
import { cleanText } from '../../ingest/text'
import type { AreaAnswer } from '../../room/areas-contract'
import { listFences } from '../../store/geofences'
import { cancelArea, confirmArea, fileOfArea, listAreas, previewArea, textsOf } from '../areas'
import type { AppEnv } from '../env'
import { answer } from '../failure'
import { withFences } from '../fences'
import { filled } from './act-forms'
import { frameOf, regionOf, sayOf } from './frame'
import { type WhyNot, refused as whyNot } from './refused'

const MINUTE_MS = 60_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Two hundred corners as text. */
const FIELD_MAX = 16_000

type Ctx = Context<AppEnv>
type Status = 200 | 403 | 404 | 409 | 422 | 503
type Fields = Readonly<Record<string, string>>

export const areas = new Hono<AppEnv>()
  .get('/areas', (c) =>
    inRegion(c, 'incident:see', async (region) => {
      const found = await listAreas(c.env, c.var.viewer, region)
      if (!found.ok) return refused(c, found.refusal)
      const { viewer } = c.var
      const maySend = may(viewer, 'broadcast:send', [region])
      const view = <AreaList {...{ region, maySend }} lang={c.var.lang} regions={viewer.regions} areas={found.areas} />
      return page(c, sayOf(c)('area.title'), view, 200)
    }),
  )
  .get('/areas/new', (c) => inRegion(c, 'broadcast:send', (region) => newArea(c, region, typedOf(c.req.query()), null)))
  .post('/areas/preview', (c) =>
    onForm(c, (region, fields) => {
      const typed = typedOf(fields)
      return fields.change === 'yes' ? newArea(c, region, typed, null) : counted(c, region, typed)
    }),
  )
  .post('/areas', (c) =>
    onForm(c, async (region, { preview = '', devices = '' }) => {
      if (!UUID.test(preview) || !/^\d{1,6}$/.test(devices)) return refuse(c, 'gone')
      const sent = await confirmArea(c.env, c.var.viewer, region, preview, Number(devices))
      if (!sent.ok) return newArea(c, region, typedOf({}), wrongOf(c, sent.refusal), statusOf(sent.refusal))
      return one(c, region, preview, { done: sayOf(c)('area.on_way') })
    }),
  )
  .get('/areas/:id', (c) => inRegion(c, 'incident:see', (region) => one(c, region, c.req.param('id'), {})))
  .get('/areas/:id/now', (c) =>
    inRegion(c, 'incident:see', async (region) => {
      const id = c.req.param('id')
      const file = UUID.test(id) ? await fileOfArea(c.env, c.var.viewer, region, id) : null
      if (!file?.ok) return refuse(c, 'gone')
      const { lang, nonce } = frameOf(c)
      return c.html(<AreaNow {...{ lang, nonce, region }} area={file.area} people={file.people} />)
    }),
  )
  .post('/areas/:id/cancel', (c) =>
    onForm(c, async (region, { reason = '' }) => {
      const id = c.req.param('id') ?? ''
      if (!UUID.test(id)) return refuse(c, 'gone')
      const done: AreaAnswer = await cancelArea(c.env, c.var.viewer, region, id, reason.slice(0, 200) || null)
      if (done.ok) return one(c, region, id, { done: sayOf(c)('area.cancelled') })
      if (done.refusal.code !== 'conflict') return refused(c, done.refusal)
      return one(c, region, id, { wrong: wrongOf(c, done.refusal).words }, 409)
    }),
  )

/** The region of the query, where this person may do this. */
async function inRegion(c: Ctx, action: Action, show: (region: RegionId) => Promise<Response>): Promise<Response> {
  const region = regionOf(c, c.req.query('region'))
  if (!region) return answer(c, 404)
  return may(c.var.viewer, action, [region]) ? guarded(c, () => show(region)) : refuse(c, 'foreign')
}

/** The region and the other fields of a form, for whoever may send. */
async function onForm(c: Ctx, act: (region: RegionId, fields: Fields) => Promise<Response>): Promise<Response> {
  const body = Object.entries(filled(await c.req.parseBody().catch(() => ({}))))
  const fields = Object.fromEntries(body.map(([name, value]) => [name, cleanText(String(value), FIELD_MAX).trim()]))
  const region = findRegion(fields.region ?? '')?.id
  if (!region) return refuse(c, 'gone')
  if (!may(c.var.viewer, 'broadcast:send', [region])) return refuse(c, 'foreign')
  return guarded(c, () => act(region, fields))
}

/** A room or a fleet shard that does not answer is said so: a count without one of them would be wrong. */
async function guarded(c: Ctx, run: () => Promise<Response>): Promise<Response> {
  try {
    return await run()
  } catch (error) {
    console.error(
      JSON.stringify({ level: 'warn', message: 'broadcasts: the room did not answer', error: String(error) }),
    )
    return refuse(c, 'away')
  }
}

async function newArea(
  c: Ctx,
  region: RegionId,
  typed: AreaTyped,
  wrong: AreaWrong | null,
  status: Status = wrong ? 422 : 200,
): Promise<Response> {
  const { lang, nonce } = frameOf(c)
  const { regions } = c.var.viewer
  const parts = { lang, nonce, region, regions, typed, wrong, tiles: tilesOf(c), others: await outlines(c, region) }
  return page(c, sayOf(c)('area.new'), <NewArea {...parts} />, status)
}

async function counted(c: Ctx, region: RegionId, typed: AreaTyped): Promise<Response> {
  const read = readCorners(typed.corners)
  if (!read.ok) {
    const words = sayOf(c)(`fence.text.${read.why}`, { line: read.line ?? 0 })
    return newArea(c, region, typed, { words, field: 'corners' })
  }
  const { kind, place, en, fil, minutes } = typed
  const draft: AreaDraft = {
    ...{ kind: kind as AreaKind, place, polygon: read.corners, until: Date.now() + minutes * MINUTE_MS },
    text: en === '' && fil === '' ? null : { en, fil },
  }
  const made = await previewArea(c.env, c.var.viewer, region, draft)
  if (!made.ok) return newArea(c, region, typed, wrongOf(c, made.refusal), statusOf(made.refusal))
  const { lang, nonce } = frameOf(c)
  const view = <CheckArea {...{ lang, nonce, region, typed }} preview={made.preview} texts={made.texts} />
  return page(c, sayOf(c)('area.counted'), view, 200)
}

type Said = { done?: string; wrong?: string }

async function one(c: Ctx, region: RegionId, id: string, said: Said, status: Status = 200): Promise<Response> {
  if (!UUID.test(id)) return refuse(c, 'gone')
  const file = await fileOfArea(c.env, c.var.viewer, region, id)
  if (!file.ok) return refused(c, file.refusal)
  const { area, people } = file
  const { lang, nonce } = frameOf(c)
  const view = (
    <AreaPage
      {...{ lang, nonce, region, area, people, tiles: tilesOf(c) }}
      texts={textsOf(area)}
      corners={writeCorners(area.polygon)}
      maySend={may(c.var.viewer, 'broadcast:send', [region])}
      done={said.done ?? null}
      wrong={said.wrong ?? null}
    />
  )
  return page(c, `${area.ref} ${area.place}`, view, status)
}

/** Without Postgres an alert is drawn on the bare map. */
const outlines = async (c: Ctx, region: RegionId): Promise<Outline[]> => {
  try {
    const fences = await withFences(c.env, (db) => listFences(db, region))
    return fences.filter(({ active }) => active).map(({ name, polygon }) => ({ name, polygon }))
  } catch (error) {
    if (error instanceof TooLate) return []
    throw error
  }
}

/** Whole for a browser, its middle alone for a form of these pages. */
function page(c: Ctx, title: string, main: ReturnType<typeof AreaRefusal>, status: Status) {
  if (c.req.header('hx-request')) return c.html(main, status)
  const section = { href: '/areas', words: sayOf(c)('area.title') }
  const styles = ['leaflet', 'map', 'geofences', 'areas']
  return c.html(
    <Office frame={frameOf(c)} title={title} section={section} styles={styles} scripts={['geofences']}>
      {main}
    </Office>,
    status,
  )
}

const refuse = (c: Ctx, why: WhyNot) =>
  whyNot(c, why, sayOf(c)('area.away'), (status) =>
    page(c, sayOf(c)('area.title'), <AreaRefusal lang={c.var.lang} why={why} />, status),
  )

const refused = (c: Ctx, { code }: Refusal) => refuse(c, code === 'not_found' ? 'gone' : 'foreign')

const statusOf = ({ code }: Refusal): Status =>
  (({ not_found: 404, forbidden: 403, invalid: 422, conflict: 409 }) as const)[code]

const FIELDS: Record<string, AreaWrong['field']> = {
  area_kind: 'kind',
  area_place: 'place',
  area_place_form: 'place',
  area_text_both: 'text',
  area_text_long: 'text',
  area_text_form: 'text',
  area_link: 'text',
  area_government: 'text',
  area_until: 'minutes',
}

function wrongOf(c: Ctx, { reason, message }: Refusal): AreaWrong {
  const say = sayOf(c)
  const word = [`area.wrong.${reason}`, `fence.wrong.${reason}`].find(isWord)
  const words = word ? say(word) : say('area.wrong.other', { message })
  return { words, field: FIELDS[reason] ?? (reason.startsWith('fence_') ? 'corners' : null) }
}

function typedOf({
  kind = '',
  place = '',
  en = '',
  fil = '',
  corners = '',
  minutes = '',
}: Record<string, string>): AreaTyped {
  const lasts = LASTS_MIN.find((each) => String(each) === minutes) ?? 240
  return { kind, place, en, fil, corners: corners.slice(0, FIELD_MAX), minutes: lasts }
}

const tilesOf = ({ env }: Ctx) => (env.TILE_URL ? { url: env.TILE_URL, attribution: env.TILE_ATTRIBUTION ?? '' } : null)
