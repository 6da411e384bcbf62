// Where positions go: to their device's fleet shard, collected for 20 ms, long after the answer. A position is worth nothing
// in a minute, so none waits for a disk; what a phone says of an SOS never passes here.

import type { Context } from 'hono'
import { Hono } from 'hono'
import type { Pace } from '../../domain/pace'
import type { RegionId } from '../../domain/region'
import { parsed } from '../../ingest/json'
import { readPositions } from '../../ingest/own-positions'
import type { GenuineDevice } from '../../ingest/press'
import type { Item } from '../../ingest/protocol'
import { toReport } from '../../ingest/to-report'
import type { AppEnv, Env } from '../env'
import { fleetOf, fleetShardCount, shardOf } from '../objects'
import { json, refusal } from './answers'
import { deviceOf } from './bearer'
import { readBody } from './body'
import { COLLECT_MS, Collect, type Load } from './collect'
import { textLoadOf } from './own-load'
import { Paces } from './pace'
import { Strain } from './strain'
import { type Life, lifeOf } from './take'

/** A thousand reports of 200 bytes, and room for words. */
const BODY_BYTES = 1024 * 1024

const collect = new Collect()
const paces = new Paces()
const strain = new Strain()
let unheard = 0

/** Since this isolate began: messages that were answered unread while its thread was behind, and reports beyond what may wait. */
export const shed = (): { messages: number; reports: number } => ({ messages: unheard, reports: collect.dropped })

/** The records of one message at /i/<token> that are no cry. Does not throw, and nothing waits for it. */
export function takeItems(
  env: Env,
  device: GenuineDevice,
  { protocol, ...named }: { protocol: string; app?: string },
  items: readonly Item[],
  now: number,
  life: Life | null,
  told: Pace | null = null,
): void {
  const reports = items
    .map((item) => toReport(device, item, protocol, now))
    .filter((report) => report !== null)
    .map((report) => ('app' in named ? { ...report, ...named } : report))
  const bad = items.filter(({ malformed }) => malformed).length
  const said = told ? { said: { [device.deviceId]: told } } : {}
  takeReports(env, device, { reports, malformed: bad > 0 ? { [device.deviceId]: bad } : {}, ...said }, now, life)
}

/** What an app that takes commands is to be told with the answer under way; null: its usual one. */
export const commandFor = (deviceId: string, now: number): Pace | null => paces.command(deviceId, now)

function takeReports(
  env: Env,
  { deviceId, home }: Pick<GenuineDevice, 'deviceId' | 'home'>,
  load: Load,
  now: number,
  life: Life | null,
): void {
  if (load.reports.length === 0 && Object.keys(load.malformed).length === 0) return
  const shard = shardOf(deviceId, fleetShardCount(env))
  const name = `${home}:${shard}`
  if (!collect.add(name, load, now)) return
  const carried = carry(env, home, shard, name)
  life?.waitUntil(carried)
}

async function carry(env: Env, home: RegionId, shard: number, name: string): Promise<void> {
  const from = Date.now()
  await new Promise<void>((resolve) => setTimeout(resolve, COLLECT_MS))
  strain.late(Date.now() - from - COLLECT_MS, Date.now())
  const { reports, malformed, said, count } = collect.take(name)
  if (reports.length === 0 && Object.keys(malformed).length === 0) return
  try {
    const { pace = {} } = await fleetOf(env, home, shard).report(reports, malformed, said)
    paces.heard(new Set(reports.map(({ deviceId }) => deviceId)), pace, Date.now())
  } catch (cause) {
    const message = 'positions were lost: their shard did not take them'
    console.error(JSON.stringify({ level: 'warn', message, shard: name, count, error: String(cause) }))
  }
}

/** POST /api/positions: one, `{positions: [...]}` or a bare list. GET /api/drivers/positions: the same by socket. */
export const positionDoors = new Hono<AppEnv>()
  .post('/api/positions', async (c) => {
    const { env } = c
    const now = Date.now()
    const device = deviceOf(env, c.req.raw, now)
    if (!device.genuine) return refusal(env, 401, 'bad_token', 'This is not a device token of ours.')
    // 2xx, for what is sent again would come on top of what comes anyway, and the next report of the same vehicle is worth more.
    // Whoever has pressed is followed all the same.
    if (strain.isOn(now) && !paces.isAsked(device.deviceId, now)) {
      unheard++
      await c.req.raw.body?.cancel()
      return json(env, 200, { taken: 0, malformed: [], shed: true })
    }
    const body = await readBody(c.req.raw, BODY_BYTES)
    if (body.cut) return refusal(env, 413, 'too_long', 'At most 1 MB, or 1,000 positions, in one message.')
    const value = parsed(body.text)
    if (value === undefined) return refusal(env, 422, 'invalid', 'The body is not JSON.', 'body')
    const read = readPositions(value, now)
    if (read.reports.length === 0 && read.malformed.length === 0)
      return refusal(env, 422, 'invalid', 'positions: at least one is needed.', 'positions')
    takeReports(env, device, textLoadOf(device, read, body.text, now, 'own'), now, lifeOf(c))
    const answer = { taken: read.reports.length, malformed: read.malformed, ...paces.field(device.deviceId, now) }
    return json(env, read.reports.length === 0 ? 422 : 200, answer)
  })
  .get('/api/drivers/positions', (c) => positionSocket(c))

/** Only the Worker writes it; the shard believes it. */
export const FLEET_HEADER = 'x-xot-fleet'

async function positionSocket(c: Context<AppEnv>): Promise<Response> {
  const { env } = c
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket')
    return refusal(env, 426, 'upgrade_required', 'This address is a WebSocket.')
  const device = deviceOf(env, c.req.raw, Date.now())
  if (!device.genuine) return refusal(env, 401, 'bad_token', 'This is not a device token of ours.')
  const { deviceId, home, generation } = device
  const shard = shardOf(deviceId, fleetShardCount(env))
  const said = encodeURIComponent(JSON.stringify({ is: 'driver', deviceId, home, generation }))
  const headers = new Headers({ upgrade: 'websocket', [FLEET_HEADER]: said })
  try {
    return await fleetOf(env, home, shard).fetch(new Request('https://fleet/positions', { headers }))
  } catch {
    return refusal(env, 503, 'away', 'Positions cannot be taken here now. Try again in a minute.')
  }
}
