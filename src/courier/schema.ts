// The tables of one courier shard. Append only: a shard that slept through a release catches up from wherever it stopped.

import { TIMER_SET_AT, TIMER_TABLE } from '../durable/timers'

/**
 * `page.grp`: the group of the ladder that is being tried. `attempt.word`: who ended it (states.ts). `carrier`: the attempt
 * whose text told of this one, too. `turn`: its place in the queue, so that no incident waits behind all of another's.
 * `moved_at`: when its state last changed by our own clock, whatever a provider says.
 */
export const COURIER_MIGRATIONS: readonly string[] = [
  `
CREATE TABLE page (
  id TEXT PRIMARY KEY,
  incident TEXT,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  grp INTEGER NOT NULL,
  taken_at INTEGER NOT NULL,
  why TEXT,
  body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX page_incident ON page (incident) WHERE state IN ('going', 'exhausted');
CREATE INDEX page_going ON page (id) WHERE state IN ('going', 'exhausted');
CREATE INDEX page_taken ON page (taken_at);
CREATE TABLE attempt (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  page TEXT NOT NULL,
  incident TEXT,
  n INTEGER NOT NULL,
  grp INTEGER NOT NULL,
  pass INTEGER NOT NULL,
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  provider TEXT,
  provider_id TEXT,
  network TEXT,
  state TEXT NOT NULL,
  word TEXT,
  error TEXT,
  answer TEXT,
  rank INTEGER NOT NULL,
  turn INTEGER NOT NULL,
  ready INTEGER NOT NULL,
  bundle TEXT,
  carrier TEXT,
  exempt INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  polls INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL,
  began_at INTEGER,
  accepted_at INTEGER,
  moved_at INTEGER NOT NULL,
  times TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  unsaved INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX attempt_page ON attempt (page, n);
CREATE INDEX attempt_incident ON attempt (incident, seq) WHERE incident IS NOT NULL;
CREATE INDEX attempt_queue ON attempt (provider, channel, rank, turn, seq) WHERE state = 'queued' AND ready = 1;
CREATE INDEX attempt_turn ON attempt (rank, turn) WHERE state = 'queued';
CREATE INDEX attempt_own_turn ON attempt (incident, rank, turn) WHERE state = 'queued';
CREATE INDEX attempt_waiting ON attempt (queued_at) WHERE state = 'queued';
CREATE INDEX attempt_under_way ON attempt (state) WHERE state IN ('sending', 'accepted', 'sent');
CREATE INDEX attempt_parked ON attempt (seq) WHERE state = 'parked';
CREATE INDEX attempt_bundle ON attempt (bundle, began_at) WHERE bundle IS NOT NULL;
CREATE INDEX attempt_together ON attempt (bundle) WHERE state = 'queued' AND bundle IS NOT NULL;
CREATE INDEX attempt_carrier ON attempt (carrier) WHERE carrier IS NOT NULL;
CREATE INDEX attempt_address ON attempt (address, began_at) WHERE began_at IS NOT NULL;
CREATE INDEX attempt_unsaved ON attempt (seq) WHERE unsaved = 1;
CREATE TABLE receipt (
  attempt TEXT NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  came_at INTEGER NOT NULL,
  error TEXT,
  applied INTEGER NOT NULL,
  PRIMARY KEY (attempt, state)
) WITHOUT ROWID;
CREATE TABLE ignored (why TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE circuit (
  provider TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  open_until INTEGER NOT NULL,
  last_failure TEXT
) WITHOUT ROWID;
CREATE TABLE report (n INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
${TIMER_TABLE}`,
  // A clock may be set back.
  TIMER_SET_AT,
]
