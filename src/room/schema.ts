// The tables of one room. Append only: a room that slept through a release catches up from wherever it stopped.

import { TIMER_SET_AT, TIMER_TABLE } from '../durable/timers'
import { AREA_TABLES } from './areas-kept'
import { DRILL_TABLES } from './drills-kept'
import { SITUATION_TABLES } from './situations'

export const ROOM_MIGRATIONS: readonly string[] = [
  `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE incident (
  id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  person TEXT NOT NULL,
  device TEXT,
  owner TEXT,
  live INTEGER NOT NULL,
  queued INTEGER NOT NULL,
  state TEXT NOT NULL,
  rank INTEGER NOT NULL,
  alarmed_at INTEGER NOT NULL,
  closed_at INTEGER,
  words TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX incident_live ON incident (person) WHERE live = 1;
CREATE INDEX incident_queue ON incident (queued, rank, (owner IS NOT NULL), alarmed_at, id);
CREATE INDEX incident_seq ON incident (seq);
CREATE INDEX incident_owner ON incident (owner) WHERE owner IS NOT NULL;
CREATE TABLE shown (incident TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  incident TEXT,
  actor TEXT NOT NULL,
  body TEXT,
  salt TEXT,
  body_hash TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX event_incident ON event (incident, seq);
CREATE TABLE parked (seq INTEGER PRIMARY KEY, why TEXT NOT NULL, again INTEGER NOT NULL);
CREATE TABLE press (
  sos_id TEXT PRIMARY KEY,
  incident TEXT NOT NULL,
  device TEXT NOT NULL,
  intake TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  cancelled INTEGER NOT NULL DEFAULT 0,
  folded INTEGER NOT NULL DEFAULT 0,
  view TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX press_incident ON press (incident);
CREATE TABLE held_cancel (sos_id TEXT NOT NULL, device TEXT NOT NULL, body TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (sos_id, device)) WITHOUT ROWID;
CREATE TABLE judged (sos_id TEXT NOT NULL, device TEXT NOT NULL, verdict TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (sos_id, device, verdict, at)) WITHOUT ROWID;
CREATE TABLE press_copy (sos_id TEXT NOT NULL, intake TEXT NOT NULL, PRIMARY KEY (sos_id, intake)) WITHOUT ROWID;
CREATE TABLE push (sos_id TEXT NOT NULL, intake TEXT NOT NULL, PRIMARY KEY (sos_id, intake)) WITHOUT ROWID;
CREATE TABLE mirror_out (incident TEXT NOT NULL, region TEXT NOT NULL, dirty INTEGER NOT NULL, PRIMARY KEY (incident, region)) WITHOUT ROWID;
CREATE TABLE mirror (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, queued INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX mirror_seq ON mirror (seq);
CREATE TABLE directory (kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, body TEXT, PRIMARY KEY (kind, id));
CREATE INDEX directory_version ON directory (version);
CREATE TABLE screen_user (uid TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE unverified (intake TEXT PRIMARY KEY, count INTEGER NOT NULL, latest TEXT NOT NULL) WITHOUT ROWID;
${TIMER_TABLE}`,
  // Questions after somebody's welfare, and areas without coverage.
  `
CREATE TABLE welfare (id TEXT PRIMARY KEY, open INTEGER NOT NULL, raised_at INTEGER, ended_at INTEGER, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX welfare_open ON welfare (open) WHERE open = 1;
CREATE INDEX welfare_raised ON welfare (raised_at) WHERE raised_at IS NOT NULL;
CREATE INDEX welfare_ended ON welfare (ended_at) WHERE ended_at IS NOT NULL;
CREATE TABLE notice (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID`,
  // Who is told outside the screens: pages on their way to the courier, and how far each incident's ladder has been climbed.
  `
CREATE TABLE page_out (
  id TEXT PRIMARY KEY,
  incident TEXT,
  reason TEXT NOT NULL,
  step TEXT NOT NULL,
  contact TEXT NOT NULL,
  name TEXT NOT NULL,
  shard INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  presser INTEGER NOT NULL,
  state TEXT NOT NULL,
  leaving INTEGER NOT NULL,
  why TEXT,
  answer TEXT,
  decided_at INTEGER NOT NULL,
  until_at INTEGER,
  reported INTEGER NOT NULL DEFAULT 0,
  tries TEXT NOT NULL DEFAULT '{}',
  body TEXT
);
CREATE INDEX page_out_leaving ON page_out (shard, leaving, rank, decided_at) WHERE leaving > 0;
CREATE INDEX page_out_incident ON page_out (incident, decided_at);
CREATE INDEX page_out_contact ON page_out (contact, decided_at);
CREATE INDEX page_out_presser ON page_out (incident) WHERE presser = 1;
CREATE TABLE escalation (incident TEXT PRIMARY KEY, due INTEGER, body TEXT NOT NULL) WITHOUT ROWID`,
  // Incidents of one cause.
  SITUATION_TABLES,
  // What leaves by a person's decision: hand-offs, live-location links, and what Postgres must know of both.
  `
CREATE TABLE handoff (id TEXT PRIMARY KEY, incident TEXT NOT NULL, open INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX handoff_incident ON handoff (incident);
CREATE TABLE share (id TEXT PRIMARY KEY, incident TEXT NOT NULL, code TEXT NOT NULL, open INTEGER NOT NULL, opened INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX share_incident ON share (incident);
CREATE INDEX share_code ON share (code) WHERE open = 1;
CREATE TABLE share_token (hash TEXT PRIMARY KEY, share TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE share_seen (share TEXT NOT NULL, who TEXT NOT NULL, at INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (share, who)) WITHOUT ROWID;
CREATE TABLE outward_out (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL, why TEXT)`,
  // Who is tried, and what each of them did.
  DRILL_TABLES,
  // Broadcasts to an area, and their roll-calls.
  AREA_TABLES,
  // A clock may be set back.
  TIMER_SET_AT,
]
