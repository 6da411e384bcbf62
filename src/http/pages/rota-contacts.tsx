// The people of a region's rota: who they are, how they are told, and which log-in is theirs.

import { Hono } from 'hono'
import { nameOf } from '../../../views/devices/office'
import { ContactForm, ContactList, type ContactTyped } from '../../../views/rota/contacts'
import type { Wrongs } from '../../../views/rota/office'
import type { Word } from '../../../views/words'
import { may } from '../../domain/access'
import type { KeptContact } from '../../domain/duty-record'
import { type Address, CHANNELS } from '../../domain/page'
import type { RegionId } from '../../domain/region'
import { ADDRESSES_MOST, TEAMS_MOST } from '../../domain/rota-check'
import { userByEmail } from '../../store/directory'
import { listContacts, loginOf } from '../../store/duty'
import type { AppEnv } from '../env'
import { keepContact, letContactGo, type RotaNo, withRota } from '../rota'
import { shortened } from '../shortened'
import { frameOf, sayOf } from './frame'
import { type Ctx, inRegion, onForm, page, refuse, type Status, versionOf, wrongsOf } from './rota-page'

export const rotaContacts = new Hono<AppEnv>()
  .get('/rota/contacts', (c) => inRegion(c, 'rota:see', (region) => list(c, region, null)))
  .get('/rota/contacts/new', (c) => inRegion(c, 'rota:manage', async (region) => form(c, region, null, {})))
  .post('/rota/contacts', (c) => onForm(c, 'rota:manage', (region, fields) => keep(c, region, null, fields)))
  .get('/rota/contacts/:id', (c) =>
    inRegion(c, 'rota:manage', async (region) => {
      const contact = await read(c, region)
      return contact ? form(c, region, contact, {}) : refuse(c, 'gone')
    }),
  )
  .post('/rota/contacts/:id', (c) =>
    onForm(c, 'rota:manage', async (region, fields) => {
      const contact = await read(c, region)
      return contact ? keep(c, region, contact, fields) : refuse(c, 'gone')
    }),
  )
  .post('/rota/contacts/:id/away', (c) =>
    onForm(c, 'rota:manage', async (region) => {
      const contact = await read(c, region)
      if (!contact) return refuse(c, 'gone')
      const done = await letContactGo(c.env, c.var.viewer, contact)
      if (done.ok) return list(c, region, 'rota.removed')
      return form(c, region, contact, { wrongs: wrongsFor(c, done.why), status: 409 })
    }),
  )

async function read(c: Ctx, region: RegionId): Promise<KeptContact | null> {
  const found = await withRota(c.env, (db) => listContacts(db, region))
  return found.find(({ id }) => id === c.req.param('id')) ?? null
}

async function list(c: Ctx, region: RegionId, done: Word | null): Promise<Response> {
  const mayManage = may(c.var.viewer, 'rota:manage', [region])
  const found = await withRota(c.env, (db) => listContacts(db, region))
  const contacts = mayManage ? found : found.map((each) => ({ ...each, addresses: each.addresses.map(shortened) }))
  const { lang } = frameOf(c)
  const say = sayOf(c)
  const parts = { lang, region, regions: c.var.viewer.regions, contacts, mayManage, done: done && say(done) }
  return page(c, say('rota.people_of', { region: nameOf(region, lang) }), <ContactList {...parts} />, 200)
}

type Showing = { typed?: ContactTyped; wrongs?: Wrongs; done?: Word; status?: Status }

async function form(c: Ctx, region: RegionId, contact: KeptContact | null, showing: Showing): Promise<Response> {
  const say = sayOf(c)
  const typed = showing.typed ?? (contact ? await typedOf(c, contact) : null)
  const { lang, nonce } = frameOf(c)
  const done = showing.done ? say(showing.done) : null
  const parts = { lang, nonce, region, contact, typed, wrongs: showing.wrongs ?? {}, done }
  return page(c, contact?.name ?? say('rota.person_add'), <ContactForm {...parts} />, showing.status ?? 200)
}

async function typedOf(c: Ctx, { uid, teams, ...contact }: KeptContact): Promise<ContactTyped> {
  const login = uid === null ? null : await withRota(c.env, (db) => loginOf(db, uid))
  return { ...contact, teams: teams.join(', '), login: login ?? '' }
}

async function keep(
  c: Ctx,
  region: RegionId,
  before: KeptContact | null,
  fields: Readonly<Record<string, string>>,
): Promise<Response> {
  const say = sayOf(c)
  const { typed, rows } = typedIn(fields)
  const user = typed.login === '' ? null : await withRota(c.env, (db) => userByEmail(db, typed.login))
  if (typed.login !== '' && !user)
    return form(c, region, before, { typed, wrongs: { login: say('rota.wrong.login') }, status: 422 })
  const written = {
    id: before?.id ?? crypto.randomUUID(),
    region,
    name: typed.name.slice(0, 80),
    lang: typed.lang === 'en' ? ('en' as const) : ('fil' as const),
    addresses: rows.map(({ address }) => address),
    teams: [...new Set(typed.teams.split(',').map((team) => team.trim().slice(0, 40)))]
      .filter((team) => team !== '')
      .slice(0, TEAMS_MOST),
    uid: user?.id ?? null,
    active: typed.active,
  }
  const done = await keepContact(c.env, c.var.viewer, written, before ? (versionOf(fields) ?? before.version) : null)
  if (done.ok) return form(c, region, done.saved, { done: 'rota.saved' })
  // What somebody else has saved is shown instead; what was only wrong stays to be mended.
  if (typeof done.why === 'string') return form(c, region, before, { wrongs: wrongsFor(c, done.why), status: 409 })
  // A row that was left empty counts for nobody but the page: what is wrong stands beside the row that was typed.
  const fieldOf = (field: string) =>
    field.replace(/^addresses\.(\d+)/, (_, n: string) => `addresses.${rows[Number(n)]?.row ?? n}`)
  return form(c, region, before, { typed, wrongs: wrongsOf(done.why, say, fieldOf), status: 422 })
}

function wrongsFor(c: Ctx, why: RotaNo): Wrongs {
  const say = sayOf(c)
  if (typeof why !== 'string') return wrongsOf(why, say)
  return { form: why === 'gone' ? say('rota.gone') : say(`rota.wrong.${why}`) }
}

function typedIn(fields: Readonly<Record<string, string>>): {
  typed: ContactTyped
  rows: { row: number; address: Address }[]
} {
  const all = Array.from({ length: ADDRESSES_MOST }, (_, row) => ({
    row,
    address: {
      channel: CHANNELS.find((each) => each === fields[`channel${row}`]) ?? 'voice',
      to: fields[`to${row}`] ?? '',
    },
  }))
  const last = all.findLastIndex(({ row }) => fields[`channel${row}`] !== undefined)
  const typed = {
    name: fields.name ?? '',
    lang: fields.lang ?? 'fil',
    addresses: all.slice(0, last + 1).map(({ address }) => address),
    teams: fields.teams ?? '',
    login: fields.login ?? '',
    active: fields.active === 'yes',
  }
  return { typed, rows: all.filter(({ address }) => address.to !== '') }
}
