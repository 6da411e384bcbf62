// Where an agency's machine says what its unit does. Signed by Standard Webhooks, under the secret that came with the hand-off
// itself. It marks a leg of ours, and never ends an incident.

import { type Context, Hono } from 'hono'
import { webhookKey, webhookSignature } from '../../courier/channels/webhook'
import { HANDOFF_ID } from '../../domain/handoff'
import { findRegion } from '../../domain/region'
import { within } from '../../durable/deadline'
import { sameText } from '../../ingest/device-token'
import { agencySecret } from '../agency-secret'
import { ROOM_DEADLINE_MS } from '../desk'
import type { AppEnv } from '../env'
import { failed } from '../errors'
import { roomOf } from '../objects'
import { AgencyStatusBody } from './schemas/handoff'

/** Older or newer than this a signed message is a replay. */
const TOLERANCE_S = 300

export const handoffHook = new Hono<AppEnv>().post('/hooks/agency/:id', async (c) => {
  const id = c.req.param('id')
  const region = findRegion(HANDOFF_ID.exec(id)?.[1] ?? '')?.id
  const text = await c.req.text()
  if (!region || !isSigned(c, id, text)) return failed(c, 403, 'signature', 'The signature does not hold.')
  const read = AgencyStatusBody.safeParse(jsonOf(text))
  if (!read.success) return failed(c, 422, 'invalid_body', 'That is no status of a hand-off.', field(read.error.issues))
  if (read.data.id !== id) return failed(c, 422, 'invalid_body', 'It is about another hand-off.', 'id')
  const { state, etaMinutes, ref, unit, at } = read.data
  const status = { state, etaMinutes: etaMinutes ?? null, ref: ref || null, unit: unit || null, at: at ?? null }
  const outcome = await within(ROOM_DEADLINE_MS, roomOf(c.env, region).outward.agencyStatus(id, status))
  return outcome === 'unknown'
    ? failed(c, 404, 'unknown_handoff', 'There is no such hand-off any more.')
    : c.json({ outcome }, 200)
})

function isSigned(c: Context<AppEnv>, handOffId: string, text: string): boolean {
  const ours = c.env.WEBHOOK_SECRET
  const key = ours ? webhookKey(agencySecret(ours, handOffId)) : null
  const messageId = c.req.header('webhook-id') ?? ''
  const said = c.req.header('webhook-timestamp') ?? ''
  if (!key || messageId === '' || !/^\d{1,12}$/.test(said)) return false
  if (Math.abs(Date.now() / 1000 - Number(said)) > TOLERANCE_S) return false
  const right = webhookSignature(key, messageId, Number(said), text)
  // Several are there while a secret is being changed.
  return (c.req.header('webhook-signature') ?? '').split(' ').some((each) => sameText(each, right))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const field = ([first]: { path: PropertyKey[] }[]): string => String(first?.path[0] ?? '')
