// A fleet shard's tables. Append-only: a storage that slept through a release catches up.

import { TIMER_SET_AT, TIMER_TABLE } from '../durable/timers'
import { FENCE_TABLES } from './fence-storage'
import { PACE_TABLE } from './pace'

export const FLEET_MIGRATIONS: readonly string[] = [
  TIMER_TABLE,
  // A storage takes no value above 2 MB, so a checkpoint has parts.
  `CREATE TABLE checkpoint (part INTEGER PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE watched (device_id TEXT PRIMARY KEY) WITHOUT ROWID`,
  FENCE_TABLES,
  PACE_TABLE,
  // A clock may be set back.
  TIMER_SET_AT,
]
