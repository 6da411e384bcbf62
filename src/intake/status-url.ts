// The address under which a phone asks about its press. It names the shard that has the row, so that no other is asked.

import { REGION_IDS, type RegionId } from '../domain/region'

export type Shard = { region: RegionId; shard: number }

/** `shardName` as the object is named, `NCR:3`. */
export const statusUrlOf = (publicUrl: string, sosId: string, shardName: string): string =>
  `${publicUrl}/api/sos/${sosId}?at=${shardName.replace(':', '.')}`

/** The shard of `?at=`, null where it names none of ours: then the device's own shard is asked. */
export function shardOfStatusUrl(at: string | undefined): Shard | null {
  const [name, digits] = (at ?? '').split('.')
  const region = REGION_IDS.find((id) => id === name)
  return region && digits !== undefined && /^\d{1,3}$/.test(digits) ? { region, shard: Number(digits) } : null
}
