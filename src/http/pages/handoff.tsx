// What the sheets of the panel ask and post for people outside: agencies, the driver's contacts, messages, links.

import { type Context, Hono } from 'hono'
import { AgencyChoices } from '../../../views/handoff/agencies'
import { KinList } from '../../../views/handoff/kin'
import { ShareList } from '../../../views/handoff/shares'
import type { Refusal } from '../../domain/command'
import type { HandOffTold } from '../../domain/handoff'
import { OPEN_STATES } from '../../domain/incident'
import { GRANTS, SHARE_KINDS, SHARE_MINUTES } from '../../domain/share'
import { cleanText } from '../../ingest/text'
import type { OutwardDesk } from '../../room/outward-contract'
import { actOn } from '../desk'
import type { AppEnv } from '../env'
import { answer } from '../failure'
import { handOff, messageDriver, outwardDesk, revokeShare, share, shareAddress, tellKin } from '../outward'
import { filled } from './act-forms'
import { frameOf, refusalInWords, sayOf } from './frame'
import { panel } from './incidents'

type Ctx = Context<AppEnv>

export const handoff = new Hono<AppEnv>()
  .get('/desk/incidents/:id/outward/agencies', (c) =>
    onDesk(c, ({ agencies, handOffs }) =>
      c.html(<AgencyChoices {...{ agencies, handOffs }} now={Date.now()} say={sayOf(c)} />),
    ),
  )
  .post('/desk/incidents/:id/outward/handoff', async (c) => {
    const id = c.req.param('id')
    const fields = await fieldsOf(c)
    const desk = await outwardDesk(c.env, c.var.viewer, id)
    if (!desk) return answer(c, 404)
    const told = toldOf(desk, fields)
    // A region without a directory still calls 911, and writes it down.
    const done = told
      ? await handOff(c.env, c.var.viewer, id, told)
      : await actOn(c.env, c.var.viewer, id, {
          type: 'contact-attempt',
          to: 'agency',
          channel: 'call',
          outcome: fields.outcome === 'answered' ? 'answered' : 'called',
          ...(word(fields.ref) && { ref: word(fields.ref) }),
        })
    return afterwards(c, id, done.ok ? null : done.refusal)
  })
  .post('/desk/incidents/:id/outward/message', async (c) => {
    const id = c.req.param('id')
    const done = await messageDriver(c.env, c.var.viewer, id, word((await fieldsOf(c)).text))
    return afterwards(c, id, done.ok ? null : done.refusal)
  })
  .get('/desk/incidents/:id/outward/kin', (c) => onDesk(c, (desk) => kin(c, desk, null)))
  .post('/desk/incidents/:id/outward/kin', async (c) => {
    const fields = await fieldsOf(c)
    const stage: 'pressed' | 'safe' = fields.stage === 'safe' ? 'safe' : 'pressed'
    const told = { contactIds: [word(fields.contact)], stage }
    const done = await tellKin(c.env, c.var.viewer, c.req.param('id'), told)
    return onDesk(c, (desk) => kin(c, desk, done.ok ? null : done.refusal))
  })
  .get('/desk/incidents/:id/outward/shares', (c) => onDesk(c, (desk) => shares(c, desk, null, null)))
  .post('/desk/incidents/:id/outward/shares', async (c) => {
    const fields = await fieldsOf(c)
    const wish = {
      kind: SHARE_KINDS.find((each) => each === fields.kind) ?? 'other',
      recipient: word(fields.recipient).slice(0, 120),
      granted: GRANTS.filter((each) => fields[`grant_${each}`] === 'yes'),
      minutes: Number(fields.minutes ?? SHARE_MINUTES.usual),
      phone: word(fields.phone).slice(0, 40) || null,
    }
    const done = await share(c.env, c.var.viewer, c.req.param('id'), wish)
    const made = done.ok ? { url: shareAddress(c.env, done.share.token), code: done.share.code } : null
    return onDesk(c, (desk) => shares(c, desk, made, done.ok ? null : done.refusal))
  })
  .post('/desk/incidents/:id/outward/revoke', async (c) => {
    const shareId = word((await fieldsOf(c)).share)
    const done = await revokeShare(c.env, c.var.viewer, c.req.param('id'), shareId)
    return onDesk(c, (desk) => shares(c, desk, null, done.ok ? null : done.refusal))
  })

/** Null where the directory has no such agency, and none that is meant where nothing was chosen: 911. */
function toldOf({ agencies }: OutwardDesk, fields: Record<string, unknown>): HandOffTold | null {
  const [agencyId = '', how = ''] = word(fields.agency).split(' ')
  const chosen = agencies.find(({ id }) => id === agencyId)
  const agency = agencyId === '' ? agencies.find(({ kind }) => kind === 'unified_911') : chosen
  if (!agency && agencyId === '') return null
  const now = Date.now()
  const byMachine = how === 'machine'
  return {
    agencyId: agency?.id ?? agencyId,
    number: byMachine ? null : (agency?.numbers[0]?.number ?? null),
    ref: word(fields.ref).slice(0, 80) || null,
    calledAt: now,
    answeredAt: fields.outcome === 'answered' ? now : null,
    note: null,
    byMachine,
  }
}

function kin(c: Ctx, { incident, kin }: OutwardDesk, refusal: Refusal | null): Response | Promise<Response> {
  const say = sayOf(c)
  const parts = {
    incidentId: incident.id,
    contacts: kin ?? [],
    stage: OPEN_STATES.includes(incident.state) ? ('pressed' as const) : ('safe' as const),
    quiet: incident.contactPolicy === 'quiet' || incident.flags.includes('duress'),
    refusal: refusal && refusalInWords(refusal, incident, say),
    nonce: frameOf(c).nonce,
    say,
  }
  return c.html(<KinList {...parts} />, statusOf(refusal))
}

function shares(
  c: Ctx,
  { incident, shares }: OutwardDesk,
  made: { url: string; code: string } | null,
  refusal: Refusal | null,
): Response | Promise<Response> {
  const say = sayOf(c)
  const parts = {
    incidentId: incident.id,
    shares,
    made,
    quiet: incident.contactPolicy === 'quiet' || incident.flags.includes('duress'),
    refusal: refusal && refusalInWords(refusal, incident, say),
    nonce: frameOf(c).nonce,
    say,
  }
  return c.html(<ShareList {...parts} />, statusOf(refusal))
}

const statusOf = (refusal: Refusal | null): 200 | 409 | 422 =>
  refusal === null ? 200 : refusal.code === 'invalid' ? 422 : 409

async function onDesk(c: Ctx, show: (desk: OutwardDesk) => Response | Promise<Response>): Promise<Response> {
  const desk = await outwardDesk(c.env, c.var.viewer, c.req.param('id') ?? '')
  return desk ? show(desk) : answer(c, 404)
}

/** The panel as it then is. */
function afterwards(c: Ctx, id: string, refusal: Refusal | null): Promise<Response> {
  return panel(c, id, refusal, statusOf(refusal))
}

const fieldsOf = async (c: Ctx): Promise<Record<string, unknown>> => filled(await c.req.parseBody().catch(() => ({})))
const word = (value: unknown): string =>
  typeof value === 'string' ? cleanText(value, Number.POSITIVE_INFINITY).trim() : ''
