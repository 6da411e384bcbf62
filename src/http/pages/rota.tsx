// The week of a region's rota: who is on duty when, gaps before they happen, shifts, stand-ins and hand-overs.

import { Hono } from 'hono'
import { nameOf } from '../../../views/devices/office'
import type { HandoverTyped } from '../../../views/rota/handovers'
import type { Wrongs } from '../../../views/rota/office'
import type { ShiftTyped } from '../../../views/rota/shift-form'
import { gapWords, RotaWeek } from '../../../views/rota/week'
import type { Word } from '../../../views/words'
import { may } from '../../domain/access'
import { DUTIES, type Duty, type Shift } from '../../domain/duty'
import type { RegionId } from '../../domain/region'
import { gapsAhead } from '../../domain/rota-week'
import { manilaDay } from '../../domain/time'
import { listContacts, listHandovers } from '../../store/duty'
import type { AppEnv } from '../env'
import {
  isTheirs,
  keepHandover,
  keepShift,
  type RotaNo,
  readRota,
  takeHandover,
  takeShiftAway,
  withRota,
} from '../rota'
import { frameOf, sayOf } from './frame'
import { type Ctx, inRegion, onForm, page, refuse, type Status, wrongsOf } from './rota-page'

const DAY_MS = 86_400_000
const WARNED_AHEAD_MS = 7 * DAY_MS
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const rota = new Hono<AppEnv>()
  .get('/rota', (c) => inRegion(c, 'rota:see', (region) => week(c, region, {})))
  .get('/rota/gap', (c) =>
    inRegion(c, 'rota:see', async (region) => {
      const now = Date.now()
      const own = await withRota(c.env, (db) => readRota(db, region, now))
      const [next] = gapsAhead(own.policy, own, now, now + WARNED_AHEAD_MS)
      return next
        ? c.html(
            <a class="strip-gap" href={`/rota?region=${region}`}>
              {gapWords(next, sayOf(c))}
            </a>,
          )
        : c.html('')
    }),
  )
  .post('/rota/shifts', (c) =>
    onForm(c, 'rota:manage', async (region, fields) => {
      const typed = shiftTyped(fields)
      const shift: Shift = {
        id: crypto.randomUUID(),
        region,
        duty: dutyOf(typed.duty),
        contactId: typed.contactId,
        from: moment(typed.from),
        until: moment(typed.until),
        weekly: typed.weekly,
        weeklyUntil: typed.weekly && typed.weeklyUntil !== '' ? moment(typed.weeklyUntil) : null,
        override: typed.override,
        note: typed.note || null,
      }
      const done = await keepShift(c.env, c.var.viewer, shift, null)
      return done.ok ? week(c, region, { done: 'rota.saved' }) : week(c, region, { typed, why: done.why })
    }),
  )
  .post('/rota/shifts/:id/away', (c) =>
    onForm(c, 'rota:manage', async (region) => {
      const done = await takeShiftAway(c.env, c.var.viewer, { id: c.req.param('id'), region })
      return done.ok ? week(c, region, { done: 'rota.removed' }) : refuse(c, 'gone')
    }),
  )
  .post('/rota/handovers', (c) =>
    onForm(c, 'rota:see', async (region, { duty = '', from = '', to = '', note = '' }) => {
      const handover = { duty, from, to, note }
      const contacts = await withRota(c.env, (db) => listContacts(db, region))
      if (
        !isTheirs(
          c.var.viewer,
          region,
          contacts.find(({ id }) => id === from),
        )
      )
        return week(c, region, { handover, wrongs: { from: sayOf(c)('rota.wrong.not_yours') }, status: 403 })
      const written = { id: crypto.randomUUID(), region, duty: dutyOf(duty), from, to, note }
      const done = await keepHandover(c.env, c.var.viewer, written)
      return done.ok ? week(c, region, { done: 'rota.saved' }) : week(c, region, { handover, why: done.why })
    }),
  )
  .post('/rota/handovers/:id/accept', (c) =>
    onForm(c, 'rota:see', async (region) => {
      const id = c.req.param('id')
      if (!UUID.test(id)) return refuse(c, 'gone')
      const { contacts, handovers } = await withRota(c.env, async (db) => ({
        contacts: await listContacts(db, region),
        handovers: await listHandovers(db, region, 100),
      }))
      const handover = handovers.find((each) => each.id === id)
      if (!handover) return refuse(c, 'gone')
      const incoming = contacts.find((contact) => contact.id === handover.to)
      if (!isTheirs(c.var.viewer, region, incoming)) return refuse(c, 'foreign')
      await takeHandover(c.env, c.var.viewer, handover)
      return week(c, region, { done: 'rota.saved' })
    }),
  )

type Showing = {
  done?: Word
  typed?: ShiftTyped
  handover?: HandoverTyped
  why?: RotaNo
  wrongs?: Wrongs
  status?: Status
}

async function week(c: Ctx, region: RegionId, showing: Showing): Promise<Response> {
  const { viewer } = c.var
  const say = sayOf(c)
  const now = Date.now()
  const from = fromOf(c.req.query('from')) ?? midnight(now)
  const own = await withRota(c.env, (db) => readRota(db, region, Math.min(from, now)))
  const { lang, nonce } = frameOf(c)
  const { why } = showing
  const wrongs = showing.wrongs ?? (why === undefined ? {} : wrongsFor(why, say))
  const view = (
    <RotaWeek
      {...{ lang, nonce, region, from, now, wrongs }}
      {...own}
      regions={viewer.regions}
      gaps={gapsAhead(own.policy, own, now, now + WARNED_AHEAD_MS)}
      mayManage={may(viewer, 'rota:manage', [region])}
      own={own.contacts.filter(({ uid }) => uid !== null && uid === viewer.uid).map(({ id }) => id)}
      typed={showing.typed ?? null}
      handover={showing.handover ?? null}
      done={showing.done ? say(showing.done) : null}
    />
  )
  const status = showing.status ?? (why === undefined ? 200 : why === 'changed' || why === 'has_shifts' ? 409 : 422)
  return page(c, say('rota.of', { region: nameOf(region, lang) }), view, status)
}

function wrongsFor(why: RotaNo, say: ReturnType<typeof sayOf>): Wrongs {
  if (why === 'gone') return { form: say('rota.gone') }
  if (why === 'no_such_contact')
    return { contactId: say('rota.wrong.no_such_contact'), to: say('rota.wrong.no_such_contact') }
  return typeof why === 'string' ? { form: say(`rota.wrong.${why}`) } : wrongsOf(why, say)
}

function shiftTyped(fields: Readonly<Record<string, string>>): ShiftTyped {
  const { duty = '', contactId = '', from = '', until = '', weeklyUntil = '', note = '' } = fields
  const override = fields.override === 'yes'
  return {
    duty,
    contactId,
    from,
    until,
    weeklyUntil,
    note: note.slice(0, 500),
    weekly: fields.weekly === 'yes' && !override,
    override,
  }
}

const dutyOf = (typed: string): Duty => DUTIES.find((duty) => duty === typed) ?? 'lead'

/** What a browser writes is by the clock of Manila. NaN where it is no time. */
const moment = (typed: string): number =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(typed) ? Date.parse(`${typed.slice(0, 16)}:00+08:00`) : Number.NaN

const midnight = (at: number): number => Date.parse(`${manilaDay(at)}T00:00:00+08:00`)

function fromOf(day: string | undefined): number | null {
  const at = day && /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00+08:00`) : Number.NaN
  return Number.isFinite(at) ? at : null
}
