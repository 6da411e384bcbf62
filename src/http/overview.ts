// How many incidents are open and wait in each region, for everybody who looks at the whole country: from Redis where a count
// is young enough, else from the room itself, which then is asked once for all screens. Takes no part in an SOS.

import { z } from 'zod'
import { may, type Viewer } from '../domain/access'
import type { RegionId } from '../domain/region'
import { within } from '../durable/deadline'
import type { Life } from './doors/take'
import type { Env } from './env'
import { roomOf } from './objects'
import { keptBy } from './redis'

/** `at`: epoch ms at which the room counted. `open` and `untaken` are null where nobody answers. */
export type RegionNow = { region: RegionId; open: number | null; untaken: number | null; at: number | null }

/** So old a count is as good as a new one: a screen asks every 20 s. */
const FRESH_MS = 10_000
/** Of a room that does not answer, the last count is told so long, with its age. */
const STALE_MS = 60_000
/** A count is worth less than the page that it stands on. */
const ROOM_DEADLINE_MS = 2_000
/** Clocks of two machines. */
const AHEAD_MS = 2_000

const Count = z.int().nonnegative().max(1_000_000)
const Counted = z.object({ open: Count, untaken: Count, at: z.int().nonnegative() })
type Counted = z.infer<typeof Counted>

/** Those of the viewer's regions that they may see, in their order. Never rejects. */
export async function overviewOf(env: Env, viewer: Viewer, life: Life | null, now = Date.now()): Promise<RegionNow[]> {
  const regions = viewer.regions.filter((region) => may(viewer, 'incident:see', [region]))
  const kept = keptBy(env)
  const known = await kept?.read(regions.map(keyOf))
  const told: Record<string, Counted> = {}
  const rows = await Promise.all(
    regions.map(async (region, index): Promise<RegionNow> => {
      const last = believable(known?.[index], now)
      if (last && now - last.at <= FRESH_MS) return { region, ...last }
      const counted = await countedBy(env, viewer, region, now)
      if (counted) told[keyOf(region)] = counted
      return { region, ...(counted ?? last ?? NOBODY_SAYS) }
    }),
  )
  if (kept && life && Object.keys(told).length > 0) life.waitUntil(kept.write(told, STALE_MS))
  return rows
}

const NOBODY_SAYS = { open: null, untaken: null, at: null }
const keyOf = (region: RegionId): string => `counts:${region}`

function believable(value: unknown, now: number): Counted | null {
  const read = Counted.safeParse(value)
  if (!read.success) return null
  const ageMs = now - read.data.at
  return ageMs >= -AHEAD_MS && ageMs <= STALE_MS ? read.data : null
}

async function countedBy(env: Env, viewer: Viewer, region: RegionId, at: number): Promise<Counted | null> {
  try {
    const query = { status: 'open', q: null, limit: 1 } as const
    const { open, untaken } = await within(ROOM_DEADLINE_MS, roomOf(env, region).list(query, viewer))
    return open === undefined || untaken === undefined ? null : { open, untaken, at }
  } catch {
    return null
  }
}
