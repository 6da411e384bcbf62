// What a room needs of the platform to tell people outside its screens.

import type { RegionId } from '../src/domain/region'
import { describe } from '../src/geo/gazetteer'
import type { Env } from '../src/http/env'
import { courierShardCount, courierShardOf } from '../src/http/objects'
import type { RoomPorts } from '../src/room/ledger'
import { shortPlace } from '../src/room/page-facts'

export function pagingPorts(
  env: Env,
  region: RegionId,
): Required<Pick<RoomPorts, 'placeOf' | 'towerPhone' | 'courierShardOf'>> {
  const towerPhone = phoneOf(env.TOWER_PHONES, region)
  const shards = courierShardCount(env)
  return {
    placeOf: (position) => shortPlace(describe(position)),
    towerPhone: () => towerPhone,
    courierShardOf: (page) => courierShardOf(page, shards),
  }
}

/** "NCR:0286540000,CEB:0324150000". */
function phoneOf(setting: string | undefined, region: RegionId): string | null {
  for (const each of (setting ?? '').split(',')) {
    const [where, phone] = each.split(':').map((part) => part.trim())
    if (where === region && phone) return phone
  }
  return null
}
