// Drills as pages: what they have shown, one of them, and beginning one in two steps. The region's room answers all of it.

import { Hono } from 'hono'
import { Office } from '../../../views/devices/office'
import { Board } from '../../../views/drills/board'
import { DrillPage } from '../../../views/drills/drill'
import { DrillRefusal } from '../../../views/drills/office'
import { CheckDrill, NewDrill, type WishTyped } from '../../../views/drills/start'
import { isWord } from '../../../views/words'
import { may } from '../../domain/access'
import type { Refusal } from '../../domain/command'
import { DRILL_KINDS, SUBJECTS_MOST } from '../../domain/drill'
import type { RegionId } from '../../domain/region'
import { within } from '../../durable/deadline'
import type { BoardAnswer, DrillAnswer, DrillBoard, DrillWish } from '../../room/drills-contract'
import { ROOM_DEADLINE_MS } from '../desk'
import type { AppEnv } from '../env'
import { roomOf } from '../objects'
import { frameOf, sayOf } from './frame'
import { type Ctx, inRegion, onForm, type Status } from './rota-page'

const MINUTE_MS = 60_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

type Fields = Readonly<Record<string, string | undefined>>

export const drills = new Hono<AppEnv>()
  .get('/drills', (c) => inRegion(c, 'drill:see', (region) => guarded(c, () => board(c, region, {}))))
  .get('/drills/new', (c) =>
    inRegion(c, 'drill:run', (region) =>
      guarded(c, async () => {
        const found = await boardOf(c, region)
        return found.ok ? newDrill(c, region, found.board, typedOf(c.req.query()), null) : refused(c, found.refusal)
      }),
    ),
  )
  .get('/drills/check', (c) =>
    inRegion(c, 'drill:run', (region) => guarded(c, () => check(c, region, typedOf(c.req.query()), null))),
  )
  .post('/drills', (c) =>
    onForm(c, 'drill:run', (region, fields) =>
      guarded(c, async () => {
        const typed = typedOf(fields)
        const wish = wishOf(typed, fields.requestId || crypto.randomUUID())
        const answer = await within(ROOM_DEADLINE_MS, roomOf(c.env, region).drills.start(wish, c.var.viewer))
        if (!answer.ok) return check(c, region, typed, answer.refusal)
        return one(c, region, answer, sayOf(c)('drill.begun'))
      }),
    ),
  )
  .post('/drills/schedules', (c) =>
    onForm(c, 'drill:run', (region, fields) =>
      guarded(c, async () => {
        const { kind, share, contact } = typedOf(fields)
        const schedule = {
          id: crypto.randomUUID(),
          kind,
          day: Number(fields.day),
          time: fields.time ?? '',
          share: share / 100,
          everybody: fields.everybody === 'yes',
          contactId: contact || null,
          windowMs: 10 * MINUTE_MS,
          active: true,
        }
        const answer = await within(ROOM_DEADLINE_MS, roomOf(c.env, region).drills.schedule(schedule, c.var.viewer))
        return board(c, region, answer.ok ? { done: sayOf(c)('drill.saved') } : { refusal: answer.refusal })
      }),
    ),
  )
  .post('/drills/schedules/:id/away', (c) =>
    onForm(c, 'drill:run', (region) =>
      guarded(c, async () => {
        const id = c.req.param('id')
        const answer = await within(ROOM_DEADLINE_MS, roomOf(c.env, region).drills.unschedule(id, c.var.viewer))
        return answer.ok ? board(c, region, { done: sayOf(c)('drill.removed') }) : refuse(c, 'gone')
      }),
    ),
  )
  .get('/drills/:id', (c) =>
    inRegion(c, 'drill:see', (region) =>
      guarded(c, async () => {
        const id = c.req.param('id')
        if (!UUID.test(id)) return refuse(c, 'gone')
        return one(c, region, await within(ROOM_DEADLINE_MS, roomOf(c.env, region).drills.file(id, c.var.viewer)), null)
      }),
    ),
  )
  .post('/drills/:id/end', (c) =>
    onForm(c, 'drill:run', (region, { subject = '' }) =>
      guarded(c, async () => {
        const id = c.req.param('id')
        if (!UUID.test(id)) return refuse(c, 'gone')
        const how = subject === '' ? {} : { subject, declined: true }
        const answer = await within(ROOM_DEADLINE_MS, roomOf(c.env, region).drills.end(id, how, c.var.viewer))
        return one(c, region, answer, sayOf(c)('drill.ended'))
      }),
    ),
  )

const boardOf = (c: Ctx, region: RegionId): Promise<BoardAnswer> =>
  within(ROOM_DEADLINE_MS, roomOf(c.env, region).drills.board(c.var.viewer))

async function board(c: Ctx, region: RegionId, said: { done?: string; refusal?: Refusal }): Promise<Response> {
  const found = await boardOf(c, region)
  if (!found.ok) return refused(c, found.refusal)
  const { lang, nonce } = frameOf(c)
  const { viewer } = c.var
  const view = (
    <Board
      {...{ lang, nonce, region, board: found.board, now: Date.now() }}
      regions={viewer.regions}
      mayRun={may(viewer, 'drill:run', [region])}
      done={said.done ?? null}
      wrong={said.refusal ? wordsOf(c, said.refusal) : null}
    />
  )
  return page(c, sayOf(c)('drill.title'), view, said.refusal ? statusOf(said.refusal) : 200)
}

function newDrill(c: Ctx, region: RegionId, { people }: DrillBoard, typed: WishTyped, refusal: Refusal | null) {
  const { lang } = frameOf(c)
  const wrong = refusal && wordsOf(c, refusal)
  const view = <NewDrill {...{ lang, region, typed, wrong, people }} regions={c.var.viewer.regions} />
  return page(c, sayOf(c)('drill.new'), view, refusal ? statusOf(refusal) : 200)
}

async function check(c: Ctx, region: RegionId, typed: WishTyped, no: Refusal | null): Promise<Response> {
  const requestId = crypto.randomUUID()
  const answer = await within(
    ROOM_DEADLINE_MS,
    roomOf(c.env, region).drills.plan(wishOf(typed, requestId), c.var.viewer),
  )
  if (!answer.ok) {
    const found = await boardOf(c, region)
    return found.ok ? newDrill(c, region, found.board, typed, answer.refusal) : refused(c, found.refusal)
  }
  const { lang, nonce } = frameOf(c)
  const wrong = no && wordsOf(c, no)
  const view = <CheckDrill {...{ lang, nonce, region, typed, wrong, plan: answer.plan, requestId, now: Date.now() }} />
  return page(c, sayOf(c)('drill.check_title'), view, no ? statusOf(no) : 200)
}

function one(c: Ctx, region: RegionId, answer: DrillAnswer, done: string | null): Response | Promise<Response> {
  if (!answer.ok) return refused(c, answer.refusal)
  const { lang, nonce } = frameOf(c)
  const mayRun = may(c.var.viewer, 'drill:run', [region])
  const { ref } = answer.drill.drill
  return page(c, `${region}-${ref}`, <DrillPage {...{ lang, nonce, region, file: answer.drill, mayRun, done }} />, 200)
}

/** Whole for a browser, its middle alone for a form of these pages. */
function page(c: Ctx, title: string, main: ReturnType<typeof DrillRefusal>, status: Status) {
  if (c.req.header('hx-request')) return c.html(main, status)
  const section = { href: '/drills', words: sayOf(c)('drill.title') }
  return c.html(
    <Office frame={frameOf(c)} title={title} section={section} styles={['drills']}>
      {main}
    </Office>,
    status,
  )
}

function refuse(c: Ctx, why: 'away' | 'foreign' | 'gone') {
  if (why === 'away') c.header('Retry-After', '5')
  const status = ({ away: 503, foreign: 403, gone: 404 } as const)[why]
  return page(c, sayOf(c)('drill.title'), <DrillRefusal lang={c.var.lang} why={why} />, status)
}

const refused = (c: Ctx, { code }: Refusal) => refuse(c, code === 'not_found' ? 'gone' : 'foreign')

/** A room that does not answer is said so; whatever was asked may be asked again. */
async function guarded(c: Ctx, run: () => Promise<Response>): Promise<Response> {
  try {
    return await run()
  } catch (error) {
    console.error(JSON.stringify({ level: 'warn', message: 'drills: the room did not answer', error: String(error) }))
    return refuse(c, 'away')
  }
}

const statusOf = ({ code }: Refusal): Status =>
  (({ not_found: 404, forbidden: 403, invalid: 422, conflict: 409 }) as const)[code]

function wordsOf(c: Ctx, { reason, message }: Refusal): string {
  const word = `drill.no.${reason}`
  return isWord(word) ? sayOf(c)(word) : sayOf(c)('drill.no.other', { message })
}

function typedOf({ kind, devices = '', share, contact = '', minutes }: Fields): WishTyped {
  return {
    kind: DRILL_KINDS.find((each) => each === kind) ?? 'driver',
    devices: devices.slice(0, 2_000),
    share: wholeIn(share, 1, 100, 5),
    contact: contact.slice(0, 80),
    minutes: wholeIn(minutes, 1, 60, 10),
  }
}

function wholeIn(said: string | undefined, least: number, most: number, usual: number): number {
  const n = Number(said)
  return said !== undefined && Number.isInteger(n) && n >= least && n <= most ? n : usual
}

/** Of what was typed, what this kind needs. */
function wishOf({ kind, devices, share, contact, minutes }: WishTyped, requestId: string): DrillWish {
  const ids = devices.split(/[\s,;]+/).filter(Boolean)
  const wish = { kind, windowMs: minutes * MINUTE_MS, requestId }
  if (kind === 'driver')
    return ids.length > 0 ? { ...wish, devices: ids.slice(0, SUBJECTS_MOST) } : { ...wish, share: share / 100 }
  return contact !== '' && kind !== 'region' ? { ...wish, contacts: [contact] } : wish
}
