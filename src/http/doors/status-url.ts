// The address under which a phone reads what became of its press: it names the shard that has it, and a capability
// that is good for this one press, so that reading needs neither token nor database.

import { createHmac } from 'node:crypto'
import { REGION_IDS, type RegionId } from '../../domain/region'
import { parseKeys, type SigningKey, sameText } from '../../ingest/device-token'
import type { Receipt } from './spool'

/** Where a press lies, and whose it is. `spooledAt`, epoch ms: it was kept beside its shard then, and will be in it. */
export type PressPlace = { region: RegionId; shard: number; deviceId: string; spooledAt?: number }

type Setting = { PUBLIC_URL: string; DEVICE_KEYS: string }

export function statusUrl(env: Setting, sosId: string, place: PressPlace): string {
  const [newest] = parseKeys(env.DEVICE_KEYS)
  if (!newest) throw new Error('no signing key')
  const s = `${place.region}-${place.shard}${place.spooledAt === undefined ? '' : `-${place.spooledAt}`}`
  const device = Buffer.from(place.deviceId, 'utf8').toString('base64url')
  return `${env.PUBLIC_URL}/api/sos/${sosId}?s=${s}&k=${device}.${macOf(newest, sosId, s, device)}`
}

/** Null for anything that we did not write. `s` and `k` as they stand in the address. */
export function readStatusUrl(env: Setting, sosId: string, s: string, k: string): PressPlace | null {
  const [device, mac, ...more] = k.split('.')
  const [name, number, kept] = s.split('-')
  const region = REGION_IDS.find((id) => id === name)
  if (!device || !mac || more.length > 0 || !region || !/^\d{1,3}$/.test(number ?? '')) return null
  const ours = parseKeys(env.DEVICE_KEYS).some((key) => sameText(mac, macOf(key, sosId, s, device)))
  if (!ours) return null
  const place = { region, shard: Number(number), deviceId: Buffer.from(device, 'base64url').toString('utf8') }
  return kept !== undefined && /^\d{13}$/.test(kept) ? { ...place, spooledAt: Number(kept) } : place
}

/** 96 bits, which are 16 characters: it guards one press, and the address may have to be read out. */
const macOf = ({ key }: SigningKey, sosId: string, s: string, device: string): string =>
  createHmac('sha256', key).update(`xot press status 1\n${sosId}\n${s}\n${device}`).digest('base64url').slice(0, 16)

/** What a phone is told of a press that was taken. `durability` stands there only where it says less than usual. */
export function receiptBody(env: Setting, taken: Receipt, { region, deviceId }: Omit<PressPlace, 'shard'>) {
  const { sosId, receivedAt, shard, durability } = taken
  const place =
    durability === 'local' ? { region, shard, deviceId, spooledAt: receivedAt } : { region, shard, deviceId }
  return { sosId, receivedAt: new Date(receivedAt).toISOString(), statusUrl: statusUrl(env, sosId, place), durability }
}
