// /i/<device token>: the address that an app already on a phone is given. A status here says only keep or drop: a
// phone holds its SOS behind whatever was refused before it, so nothing is, but an SOS that could not be made durable.

import { Hono } from 'hono'
import { appName } from '../../ingest/app-name'
import { parseKeys, verifyDeviceToken } from '../../ingest/device-token'
import { bySpeaker, saidThrough } from '../../ingest/gateway'
import { toPress } from '../../ingest/press'
import type { Item } from '../../ingest/protocol'
import { sniff } from '../../ingest/sniff'
import type { AppEnv } from '../env'
import { notReceived, reply } from './answers'
import { readBody } from './body'
import { withSecondPresses } from './knock'
import { commandFor, takeItems } from './positions'
import { senderOf } from './sender'
import { lifeOf, outlive, sourceOf, takePress, takeUnverified, unverifiedPress } from './take'

/** A phone that was away for a shift sends what it kept in one piece. Strangers need not. */
const KEPT_BYTES = { genuine: 4 * 1024 * 1024, stranger: 64 * 1024 } as const
/** Cries of one message and device that become presses, the oldest and the newest: more of it at one time say no more. */
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
    sender: senderOf(request),
  })

  const app = appName(request.headers.get('user-agent'))
  const named = app === null ? {} : { app }
  const each = bySpeaker(device, heard.items)
  const judged = c.req.query('twice') === 'sos' ? await outlive(c, withSecondPresses(env, each, now)) : each
  const spoken = judged ?? each
  const cries = spoken.flatMap(({ speaker, items }) =>
    someOf(items.filter(({ sos }) => sos)).map((item) => ({ speaker, item })),
  )
  const takes = cries.map(async ({ speaker, item }, nth) => {
    if (!speaker.genuine || !device.genuine) {
      const { fields, claimedId } = item
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
    return (await takePress(env, { ...toPress(speaker, saidThrough(device, item), way), ...named })) !== null
  })
  const durable = await outlive(c, Promise.all(takes))
  // The answer to a cry is the same whatever becomes of it: a command waits for the next position. Its shard hears of it with
  // that, so that it can be taken back.
  const isPlain = cries.length === 0 && heard.items.length > 0
  const asked = device.genuine && heard.paced && isPlain ? commandFor(device.deviceId, now) : null
  for (const { speaker, items } of spoken)
    if (speaker.genuine) takeItems(env, speaker, { protocol: heard.protocol, ...named }, items, now, lifeOf(c), asked)
  if (judged === null || durable.includes(false)) return notReceived(env)
  const said = (asked && heard.paced?.(asked)) ?? heard.reply.body
  return reply(env, heard.reply.status, said, heard.reply.contentType)
})

function someOf(cries: Item[]): Item[] {
  if (cries.length <= CRIES_TAKEN) return cries
  return [...cries.slice(0, CRIES_TAKEN / 2), ...cries.slice(-CRIES_TAKEN / 2)]
}

function queryOf(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at + 1)
}
