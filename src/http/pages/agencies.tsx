// The directory of agencies: read by all who call, changed and verified by supervisors. Postgres owns it; rooms go on with
// their copies while these pages say that it is away.

import { type Context, Hono } from 'hono'
import {
  AgencyPage,
  AgencyRefusal,
  NO_AGENCY,
  NUMBER_ROWS,
  type TypedAgency,
  typedFrom,
} from '../../../views/agencies/agency'
import { AgencyList } from '../../../views/agencies/list'
import { Office } from '../../../views/devices/office'
import { type Action, may } from '../../domain/access'
import type { KeptAgency } from '../../domain/duty-record'
import { findRegion, type RegionId } from '../../domain/region'
import { TooLate } from '../../durable/deadline'
import { agenciesOf, agencyById, keepAgency, takeAgencyAway, verified } from '../agencies'
import { AgencyBody, agencyOf } from '../api/schemas/agency'
import type { AppEnv } from '../env'
import { answer } from '../failure'
import { filled } from './act-forms'
import { frameOf, regionOf, sayOf } from './frame'
import { type WhyNot, refused as whyNot } from './refused'

type Ctx = Context<AppEnv>
type Status = 200 | 403 | 404 | 409 | 422 | 503
type Fields = Record<string, unknown>

export const agencies = new Hono<AppEnv>()
  .get('/agencies', (c) => inRegion(c, 'agency:see', c.req.query('region'), (region) => listPage(c, region)))
  .get('/agencies/new', (c) =>
    inRegion(c, 'agency:manage', c.req.query('region'), (region) => agencyPage(c, region, null, { typed: NO_AGENCY })),
  )
  .post('/agencies', async (c) => {
    const fields = await fieldsOf(c)
    const id = (region: RegionId) => `${region.toLowerCase()}-${crypto.randomUUID().slice(0, 8)}`
    return inRegion(c, 'agency:manage', word(fields.region), (region) => save(c, region, null, id(region), fields))
  })
  .get('/agencies/:id', (c) =>
    onAgency(c, 'agency:see', c.req.query('region'), (region, agency) => agencyPage(c, region, agency, {})),
  )
  .post('/agencies/:id', async (c) => {
    const fields = await fieldsOf(c)
    return onAgency(c, 'agency:manage', word(fields.region), (region, agency) =>
      save(c, region, agency, agency.id, fields),
    )
  })
  .post('/agencies/:id/verify', async (c) =>
    onAgency(c, 'agency:manage', word((await fieldsOf(c)).region), async (region, { id }) => {
      const agency = await verified(c.env, c.var.viewer, region, id)
      return agency ? agencyPage(c, region, agency, { done: sayOf(c)('agencies.is_verified') }) : refuse(c, 'gone')
    }),
  )
  .post('/agencies/:id/away', async (c) =>
    onAgency(c, 'agency:manage', word((await fieldsOf(c)).region), async (region, { id }) => {
      await takeAgencyAway(c.env, c.var.viewer, region, id)
      return listPage(c, region)
    }),
  )

async function inRegion(
  c: Ctx,
  action: Action,
  name: string | undefined,
  show: (region: RegionId) => Promise<Response>,
): Promise<Response> {
  const region = name ? (findRegion(name)?.id ?? null) : regionOf(c, undefined)
  if (!region) return answer(c, 404)
  if (!may(c.var.viewer, action, [region])) return refuse(c, 'foreign')
  try {
    return await show(region)
  } catch (error) {
    if (error instanceof TooLate) return refuse(c, 'away')
    throw error
  }
}

const onAgency = (
  c: Ctx,
  action: Action,
  name: string | undefined,
  show: (region: RegionId, agency: KeptAgency) => Promise<Response>,
): Promise<Response> =>
  inRegion(c, action, name, async (region) => {
    const agency = await agencyById(c.env, region, c.req.param('id') ?? '')
    return agency ? show(region, agency) : refuse(c, 'gone')
  })

async function save(
  c: Ctx,
  region: RegionId,
  agency: KeptAgency | null,
  id: string,
  fields: Fields,
): Promise<Response> {
  const say = sayOf(c)
  const typed = typedIn(fields)
  const read = AgencyBody.safeParse(writtenIn(typed))
  if (!read.success) {
    const field = String(read.error.issues[0]?.path[0] ?? '')
    return agencyPage(c, region, agency, { typed, wrong: say('agencies.wrong', { field }), status: 422 })
  }
  const from = /^\d{1,15}$/.test(word(fields.version)) ? Number(fields.version) : null
  const saved = await keepAgency(c.env, c.var.viewer, agencyOf(id, region, read.data), from)
  if (saved.ok) return agencyPage(c, region, saved.saved, { done: say('agencies.saved') })
  if (saved.refusal === 'gone') return refuse(c, 'gone')
  const now = await agencyById(c.env, region, id)
  return now ? agencyPage(c, region, now, { wrong: say('agencies.changed'), status: 409 }) : refuse(c, 'gone')
}

function typedIn(fields: Fields): TypedAgency {
  const numbers = Array.from({ length: NUMBER_ROWS }, (_, at) => ({
    label: word(fields[`label_${at}`]),
    number: word(fields[`number_${at}`]),
    confidence: word(fields[`confidence_${at}`]) || 'low',
  })).filter(({ label, number }) => label !== '' || number !== '')
  return {
    kind: word(fields.kind),
    name: word(fields.name),
    numbers,
    covers: word(fields.covers),
    languages: word(fields.languages),
    source: word(fields.source),
    reverifyDays: word(fields.reverifyDays),
    machineUrl: word(fields.machineUrl),
    note: word(fields.note),
    active: fields.active === 'yes',
  }
}

const writtenIn = ({ languages, reverifyDays, machineUrl, ...rest }: TypedAgency): unknown => ({
  ...rest,
  languages: languages
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean),
  reverifyDays: Number(reverifyDays),
  machine: machineUrl === '' ? null : { url: machineUrl, kind: 'handoff_v1' },
})

type Showing = { typed?: TypedAgency; wrong?: string; done?: string; status?: 200 | 409 | 422 }

async function agencyPage(c: Ctx, region: RegionId, agency: KeptAgency | null, showing: Showing): Promise<Response> {
  const { lang, nonce } = frameOf(c)
  const { wrong = null, done = null, status = 200 } = showing
  const typed = showing.typed ?? (agency ? typedFrom(agency) : NO_AGENCY)
  const mayManage = may(c.var.viewer, 'agency:manage', [region])
  const main = <AgencyPage {...{ lang, nonce, region, agency, typed, mayManage, wrong, done }} />
  return page(c, agency?.name ?? sayOf(c)('agencies.new'), main, status)
}

async function listPage(c: Ctx, region: RegionId): Promise<Response> {
  const kept = await agenciesOf(c.env, region)
  const mayManage = may(c.var.viewer, 'agency:manage', [region])
  const { regions } = c.var.viewer
  const parts = { lang: c.var.lang, region, regions, agencies: kept, mayManage, now: Date.now() }
  return page(c, sayOf(c)('agencies.title'), <AgencyList {...parts} />, 200)
}

/** Whole for a browser, its middle alone for a form of these pages. */
function page(c: Ctx, title: string, main: ReturnType<typeof AgencyList>, status: Status) {
  if (c.req.header('hx-request')) return c.html(main, status)
  const section = { href: '/agencies', words: sayOf(c)('agencies.title') }
  return c.html(
    <Office frame={frameOf(c)} title={title} section={section} styles={['geofences', 'handoff']}>
      {main}
    </Office>,
    status,
  )
}

const refuse = (c: Ctx, why: WhyNot) =>
  whyNot(c, why, sayOf(c)('agencies.away'), (status) =>
    page(c, sayOf(c)('agencies.title'), <AgencyRefusal lang={c.var.lang} why={why} />, status),
  )

const fieldsOf = async (c: Ctx): Promise<Fields> => filled(await c.req.parseBody().catch(() => ({})))

/** NUL, which Postgres cannot store, means nothing in a name. */
const word = (value: unknown): string =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '').trim() : ''
