// POST /api/sos and what belongs to it: reading what became of a press, and cancelling it by PIN.
// With a genuine token the address alone is the cry: any body is taken, and labelled.

import type { Context } from 'hono'
import { Hono } from 'hono'
import { neutralView } from '../../domain/phone-view'
import { appName } from '../../ingest/app-name'
import type { DeviceIdentity } from '../../ingest/device-token'
import { isObject, parsed } from '../../ingest/json'
import { type GenuineDevice, toPress } from '../../ingest/press'
import { type ReadPress, readPressText } from '../../ingest/press-json'
import { sniff } from '../../ingest/sniff'
import { pinMac } from '../../intake/pin'
import type { AppEnv, Env } from '../env'
import { intakeOf, shardCount, shardOf } from '../objects'
import { hearAnswer, messagesOf } from './answer'
import { json, notReadable, notReceived, refusal, statusBody } from './answers'
import { bearerOf, deviceOf } from './bearer'
import { readBody } from './body'
import { lifeline } from './lifeline'
import { type PressPlace, readStatusUrl, receiptBody } from './status-url'
import { isOneOfMany, type Life, lifeOf, outlive, sourceOf, takePress, takeUnverified, unverifiedPress } from './take'

/** All that is read of a body: a press says what matters in its first lines. */
const BODY_BYTES = 8 * 1024
const RECEIVED = { received: true }
const SOS_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const PIN = /^\d{4,12}$/

export const sosDoors = new Hono<AppEnv>()
  .post('/api/sos', (c) => hearPress(c.req.raw, c.env, lifeOf(c)))
  .get('/api/sos/:sosId', async (c) => {
    const sosId = c.req.param('sosId')
    const place = placeOf(c, sosId)
    if (!place) return badToken(c.env)
    const found = SOS_ID.test(sosId) ? await lookUp(c.env, sosId, place) : null
    if (found === 'away') return notReadable(c.env)
    return found ? json(c.env, 200, statusBody(found)) : unknown(c.env)
  })
  .post('/api/sos/:sosId/cancel', async (c) => {
    const { env } = c
    const sosId = c.req.param('sosId')
    const place = placeOf(c, sosId)
    if (!place) return badToken(env)
    if (!SOS_ID.test(sosId)) return unknown(env)
    const { text } = await readBody(c.req.raw, BODY_BYTES)
    const value = parsed(text)
    const pin = isObject(value) ? value.pin : undefined
    if (typeof pin !== 'string' || !PIN.test(pin)) return refusal(env, 422, 'invalid', 'pin: 4 to 12 digits.', 'pin')
    return outlive(c, cancelled(env, sosId, place, pinMac(pepperOf(env), place.deviceId, pin)))
  })
  .post('/api/sos/:sosId/answer', (c) => {
    const sosId = c.req.param('sosId')
    const place = placeOf(c, sosId)
    if (!place) return badToken(c.env)
    if (!SOS_ID.test(sosId)) return unknown(c.env)
    return outlive(c, hearAnswer(c.req.raw, c.env, sosId, place))
  })
  .get('/api/sos/:sosId/messages', (c) => {
    const sosId = c.req.param('sosId')
    const place = placeOf(c, sosId)
    if (!place) return badToken(c.env)
    return SOS_ID.test(sosId) ? messagesOf(c.env, sosId, place) : unknown(c.env)
  })
  .get('/api/drivers/lifeline', lifeline)

/** True for what `hearPress` answers, as the route above has it. */
export function isPress({ method, url }: Request): boolean {
  if (method !== 'POST') return false
  const path = url.indexOf('/', url.indexOf('://') + 3)
  return (
    url.startsWith(PRESS_PATH, path) &&
    (url.length === path + PRESS_PATH.length || url[path + PRESS_PATH.length] === '?')
  )
}

const PRESS_PATH = '/api/sos'

/** From its first line on it outlives its phone: the address is the cry, also of one that is lost in mid-body. */
export function hearPress(request: Request, env: Env, life: Life | null): Response | Promise<Response> {
  try {
    const device = deviceOf(env, request, Date.now())
    if (!device.genuine && isOneOfMany(request, bearerOf(request))) return json(env, 202, RECEIVED)
    const answer = heard(request, env, device, life).catch((error: unknown) => unheard(env, error))
    life?.waitUntil(answer)
    return answer
  } catch (error) {
    return unheard(env, error)
  }
}

function unheard(env: Env, error: unknown): Response {
  const message = 'a press was not heard'
  console.error(JSON.stringify({ level: 'error', message, error: String(error).slice(0, 200) }))
  return notReceived(env)
}

async function heard(request: Request, env: Env, device: DeviceIdentity, life: Life | null): Promise<Response> {
  const body = await readBody(request, BODY_BYTES)
  const receivedAt = Date.now()
  const answer = device.genuine
    ? pressed(env, device, body.text, receivedAt, appName(request.headers.get('user-agent')))
    : cried(request, env, body.text, receivedAt, life)
  // The press is on its way meanwhile: a sender that is still sending would miss the answer.
  if (body.cut) await body.drain(false)
  return answer
}

async function pressed(
  env: Env,
  device: GenuineDevice,
  text: string,
  receivedAt: number,
  app: string | null,
): Promise<Response> {
  const { fields } = readAny(text, receivedAt)
  const press = toPress(device, fields, { door: 'api', reporter: 'driver', receivedAt, body: text })
  const taken = await takePress(env, app === null ? press : { ...press, app })
  if (!taken) return notReceived(env)
  const { deviceId, home } = device
  return json(env, taken.known ? 200 : 201, receiptBody(env, taken, { region: home, deviceId }))
}

/** Without a genuine token there must at least be something to read. */
async function cried(
  request: Request,
  env: Env,
  text: string,
  receivedAt: number,
  life: Life | null,
): Promise<Response> {
  const { readable, fields, claimedId } = readAny(text, receivedAt)
  if (!readable) {
    return refusal(env, 400, 'unreadable', 'Neither the device token nor the body can be read. In danger, call 911.')
  }
  const source = sourceOf(request, claimedId, bearerOf(request))
  const durable = await takeUnverified(env, unverifiedPress(fields, { source, door: 'api', receivedAt }), life)
  return durable ? json(env, 202, RECEIVED) : notReceived(env)
}

/** Our own message; else one of an app's that came to the wrong door, for the place in it. */
function readAny(text: string, now: number): ReadPress {
  const own = readPressText(text, now)
  if (own.readable || text.trim() === '') return own
  const { items } = sniff({ method: 'POST', contentType: '', query: '', body: text, now })
  const item = items.findLast(({ sos }) => sos) ?? items.at(-1)
  // A push token, or what only its own server can read, says nothing of anybody in danger.
  if (!item || (!item.sos && !item.fields.position) || item.fields.labels.includes('garbled')) return own
  const fields = { ...item.fields, labels: [...item.fields.labels, 'wrong_door' as const] }
  return { readable: true, fields, claimedId: item.claimedId }
}

async function lookUp(env: Env, sosId: string, place: PressPlace) {
  const shards = shardCount(env)
  // The shard that took it, and the one to which a press steps from there.
  const asked = shards > 1 ? [place.shard, (place.shard + 1) % shards] : [place.shard]
  let away = false
  for (const shard of asked) {
    try {
      const view = await intakeOf(env, place.region, shard).status(sosId, place.deviceId)
      if (view) return view
    } catch {
      away = true
    }
  }
  // It was answered from a machine's own disk, and is on its way from there.
  if (place.spooledAt !== undefined) return neutralView(place.spooledAt)
  return away ? ('away' as const) : null
}

/** The true PIN and the duress PIN are answered alike, and nothing here can tell them apart. */
async function cancelled(env: Env, sosId: string, place: PressPlace, mac: string): Promise<Response> {
  const shards = shardCount(env)
  const asked = shards > 1 ? [place.shard, (place.shard + 1) % shards] : [place.shard, place.shard]
  for (const shard of asked) {
    try {
      const answer = await intakeOf(env, place.region, shard).cancel(sosId, place.deviceId, mac)
      if (answer.ok) return json(env, 200, statusBody(answer.view))
      return answer.reason === 'wrong_pin' ? refusal(env, 403, 'wrong_pin', 'That is not the PIN.') : unknown(env)
    } catch {
      // The next one judges it as well: a cancel is valid wherever it lands, also before its SOS.
    }
  }
  return notReadable(env)
}

/** By the capability in the address, else by the device's token. */
function placeOf(c: Context<AppEnv>, sosId: string): PressPlace | null {
  const { s, k } = c.req.query()
  const byUrl = s && k ? readStatusUrl(c.env, sosId, s, k) : null
  if (byUrl) return byUrl
  const device = deviceOf(c.env, c.req.raw, Date.now())
  if (!device.genuine) return null
  return { region: device.home, shard: shardOf(device.deviceId, shardCount(c.env)), deviceId: device.deviceId }
}

const badToken = (env: Env): Response => refusal(env, 401, 'bad_token', 'This is not a device token of ours.')
const unknown = (env: Env): Response => refusal(env, 404, 'not_found', 'There is no such SOS of this device.')

let pepper: { text: string; bytes: Uint8Array } | null = null
function pepperOf(env: Env): Uint8Array {
  if (pepper?.text !== env.PEPPER) pepper = { text: env.PEPPER, bytes: Buffer.from(env.PEPPER, 'base64url') }
  return pepper.bytes
}
