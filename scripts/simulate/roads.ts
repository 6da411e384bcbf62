// The small fleet that `npm start` shows: a few requests a second, no SOS, and never a reason for the tower to fall.

import { parseKeys } from '../../src/ingest/device-token'
import type { Tower } from '../lib/tower'
import { enrol, pinsOf, ROADS_VEHICLES } from './enrol'
import { drive, REPORT_EVERY_S } from './run'

/** Seed of `bun run simulate` where none is given. */
const SEED = 1

/** `url`: the tower's own address on this machine. Resolves when `signal` ends it. Rejects where the crews cannot be enrolled. */
export async function openRoads(tower: Tower, url: string, signal: AbortSignal): Promise<void> {
  const { secrets, databaseUrls, dataDir } = tower
  const enrolled = await enrol({ database: databaseUrls.owner, secrets, dataDir })
  // Rooms learn of new people with the minute's tick: this one need not be waited for. A tower that cannot tick says so itself.
  await tower.tick().catch(() => {})
  await drive({
    url,
    keys: parseKeys(secrets.DEVICE_KEYS),
    pins: pinsOf(enrolled),
    from: 0,
    vehicles: ROADS_VEHICLES,
    everyS: REPORT_EVERY_S,
    seed: SEED,
    sosPerMinute: 0,
    signal,
  })
}
