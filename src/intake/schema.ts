// The tables of an intake. The list only grows: a storage that slept through releases catches up from where it was.

import { TIMER_SET_AT, TIMER_TABLE } from '../durable/timers'

export const INTAKE_MIGRATIONS: readonly string[] = [
  // `n` is the order of arrival. `alike` is what two presses must share to be one press held down; `folded` remembers
  // the ids of those that were. `cancel_*` is the accepted PIN, `held` while the room has not said the same.
  `
CREATE TABLE press (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  sos_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  alike TEXT NOT NULL,
  body TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  stored_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  away_at INTEGER,
  count INTEGER NOT NULL DEFAULT 1,
  count_sent INTEGER NOT NULL DEFAULT 1,
  last_at INTEGER NOT NULL,
  last TEXT,
  folded TEXT,
  view TEXT,
  version INTEGER NOT NULL DEFAULT 0,
  epoch TEXT,
  cancel_verdict TEXT,
  cancel_at INTEGER,
  cancel_held INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX press_id ON press (sos_id, device_id);
CREATE INDEX press_device ON press (device_id, n);
CREATE INDEX press_unconfirmed ON press (n) WHERE confirmed_at IS NULL;
CREATE INDEX press_unsent_fold ON press (n) WHERE count > count_sent;
CREATE INDEX press_folding ON press (device_id, n) WHERE count > 1;
CREATE TABLE cancel (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  sos_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  verdict TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX cancel_device ON cancel (device_id);
CREATE TABLE held_cancel (
  device_id TEXT NOT NULL,
  sos_id TEXT NOT NULL,
  verdict TEXT NOT NULL,
  mac TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (device_id, sos_id)
) WITHOUT ROWID;
CREATE INDEX held_cancel_at ON held_cancel (at);
CREATE TABLE device (
  device_id TEXT PRIMARY KEY,
  duress_sos TEXT,
  duress_at INTEGER,
  duress_known INTEGER NOT NULL DEFAULT 0,
  wrong INTEGER NOT NULL DEFAULT 0,
  wrong_since INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE directory (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE unverified (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  slot INTEGER NOT NULL,
  count INTEGER NOT NULL,
  body TEXT NOT NULL,
  stored_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX unverified_source ON unverified (source, slot);
CREATE TABLE canary (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
${TIMER_TABLE}`,
  // The last press of a button that is an SOS only when it is pressed twice.
  `
CREATE TABLE knock (
  device_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  twice INTEGER NOT NULL,
  stored_at INTEGER NOT NULL
) WITHOUT ROWID`,
  // Pages past a room that is dead.
  `
CREATE TABLE away_page (
  id TEXT PRIMARY KEY,
  sos_id TEXT,
  contact TEXT NOT NULL,
  rank INTEGER NOT NULL,
  taken INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX away_page_waiting ON away_page (rank, at) WHERE taken = 0;
CREATE INDEX away_page_sos ON away_page (sos_id);
CREATE INDEX away_page_at ON away_page (at)`,
  // A clock may be set back.
  TIMER_SET_AT,
]
