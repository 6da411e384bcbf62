// /i/<device token>: the address that an app already on a phone is given. A status here says only keep or drop: a
// phone holds its SOS behind whatever was refused before it, so nothing is, but an SOS that could not be made durable.

import { Hono } from 'hono'
import { parseKeys, verifyDeviceToken } from '../../ingest/device-token'
import { toPress } from '../../ingest/press'
import type { Item } from '../../ingest/protocol'
import { sniff } from '../../ingest/sniff'
import type { AppEnv } from '../env'
import { notReceived, reply } from './answers'
import { readBody } from './body'
import { takeItems } from './positions'
import { lifeOf, outlive, sourceOf, takePress, takeUnverified, unverifiedPress } from './take'

/** A phone that was away for a shift sends what it kept in one piece. Strangers need not. */
const KEPT_BYTES = { genuine: 4 * 1024 * 1024, stranger: 64 * 1024 } as const
/** Cries of one message that become presses, the oldest and the newest: more of one device at one time say no more. */
const CRIES_TAKEN = 8

export const appDoors = new Hono<AppEnv>().all('/i/:token', async (c) => {
  const { env } = c
  const token = c.req.param('token')
  const request = c.req.raw
  const device = verifyDeviceToken(parseKeys(env.DEVICE_KEYS), token, Date.now())
  const body = await readBody(request, device.genuine ? KEPT_BYTES.genuine : KEPT_BYTES.stranger)
  const criesBeyond = body.cut && (await body.drain(true))
  const now = Date.now()
  const heard = sniff({
    method: request.method,
    contentType: request.headers.get('content-type') ?? '',
    query: queryOf(request.url),
    body: body.text,
    criesBeyond,
    now,
  })

  const cries = someOf(heard.items.filter(({ sos }) => sos))
  const takes = cries.map(async ({ fields, claimedId }, nth) => {
    if (!device.genuine) {
      const source = sourceOf(request, claimedId, token)
      return takeUnverified(env, unverifiedPress(fields, { source, door: 'traccar', receivedAt: now }), lifeOf(c))
    }
    // Beside the text the place in it: two cries of one message are two presses.
    const way = {
      door: 'traccar',
      reporter: 'driver',
      receivedAt: now,
      body: `${nth} ${body.text}`,
      alarm: 'sos',
    } as const
    return (await takePress(env, toPress(device, fields, way))) !== null
  })
  const durable = await outlive(c, Promise.all(takes))
  if (device.genuine) takeItems(env, device, heard.protocol, heard.items, now, lifeOf(c))
  if (durable.includes(false)) return notReceived(env)
  return reply(env, heard.reply.status, heard.reply.body, heard.reply.contentType)
})

function someOf(cries: Item[]): Item[] {
  if (cries.length <= CRIES_TAKEN) return cries
  return [...cries.slice(0, CRIES_TAKEN / 2), ...cries.slice(-CRIES_TAKEN / 2)]
}

function queryOf(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at + 1)
}
