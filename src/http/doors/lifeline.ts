// The socket of a driver on shift: its upgrade goes to the device's own intake shard, which holds it.

import type { Context } from 'hono'
import type { RegionId } from '../../domain/region'
import type { AppEnv } from '../env'
import { intakeOf, shardCount, shardOf } from '../objects'
import { refusal } from './answers'
import { deviceOf } from './bearer'

/** Only the Worker writes it, and the shard believes it: whatever a phone sends under this name is thrown away. */
export const DEVICE_HEADER = 'x-xot-device'

/** JSON in `x-xot-device`: whose socket it is, checked. `shard`: where it was sent, so that its answers can say so. */
export type LifelineDevice = {
  deviceId: string
  home: RegionId
  generation: number
  expired: boolean
  shard: number
}

export async function lifeline(c: Context<AppEnv>): Promise<Response> {
  const { env } = c
  const { headers } = c.req.raw
  if (headers.get('upgrade')?.toLowerCase() !== 'websocket') {
    return refusal(env, 426, 'upgrade_required', 'This address is a WebSocket.')
  }
  const device = deviceOf(env, c.req.raw, Date.now())
  if (!device.genuine) return refusal(env, 401, 'bad_token', 'This is not a device token of ours.')
  const { deviceId, home, generation, expired } = device
  const shards = shardCount(env)
  const first = shardOf(deviceId, shards)
  const asked = shards > 1 ? [first, (first + 1) % shards] : [first, first]
  for (const shard of asked) {
    try {
      // As it is: the headers of an upgraded answer cannot be changed.
      return await intakeOf(env, home, shard).fetch(
        forwarded(c.req.raw, { deviceId, home, generation, expired, shard }),
      )
    } catch {
      // Stubs stay broken after a failure; the next one is new.
    }
  }
  return refusal(env, 503, 'away', 'The lifeline cannot be opened now. Try again; in danger, call 911.')
}

function forwarded(request: Request, device: LifelineDevice): Request {
  const headers = new Headers(request.headers)
  for (const name of [...headers.keys()]) if (name.startsWith('x-xot-')) headers.delete(name)
  headers.delete('authorization')
  // workerd builds a compressor per socket at its first message: measured in seconds where there are thousands.
  headers.delete('sec-websocket-extensions')
  // Header values are bytes: a device's name may be more than ASCII.
  headers.set(DEVICE_HEADER, escaped(JSON.stringify(device)))
  return new Request(request, { headers })
}

/** JSON says the same in ASCII. */
const escaped = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
