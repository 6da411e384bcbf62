-- The archive: the latest state of each incident, its legs, and every line of every room's log.

CREATE TABLE incident (
  id text PRIMARY KEY,
  region text NOT NULL,
  desk text NOT NULL,
  code text NOT NULL,
  state text NOT NULL,
  priority text NOT NULL,
  contact_policy text NOT NULL,
  kind text NOT NULL,
  reporter text NOT NULL,
  door text NOT NULL,
  device_id text,
  driver jsonb,
  vehicle jsonb,
  lat double precision,
  lng double precision,
  accuracy_m double precision,
  heading_deg double precision,
  speed_mps double precision,
  fixed_at timestamptz,
  doubts text[] NOT NULL,
  press_count integer NOT NULL,
  flags text[] NOT NULL,
  note text,
  pressed_at timestamptz,
  received_at timestamptz NOT NULL,
  shown_at timestamptz,
  taken_at timestamptz,
  help_on_the_way_at timestamptz,
  safe_at timestamptz,
  closed_at timestamptz,
  alarmed_at timestamptz NOT NULL,
  last_act_at timestamptz,
  owner jsonb,
  furthest_leg text,
  links text[] NOT NULL,
  merged text[] NOT NULL,
  merged_into text,
  pending jsonb,
  ring jsonb NOT NULL,
  epoch text NOT NULL,
  seq bigint NOT NULL,
  changed_at timestamptz NOT NULL
);

CREATE INDEX incident_region_received ON incident (region, received_at);
CREATE INDEX incident_desk_received ON incident (desk, received_at);
CREATE INDEX incident_device ON incident (device_id, received_at);
CREATE INDEX incident_driver ON incident ((driver ->> 'id'));

CREATE TABLE leg (
  incident_id text NOT NULL REFERENCES incident ON DELETE CASCADE,
  id text NOT NULL,
  region text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  state text NOT NULL,
  eta_minutes integer,
  PRIMARY KEY (incident_id, id)
);

CREATE TABLE incident_event (
  room text NOT NULL,
  epoch text NOT NULL,
  seq bigint NOT NULL,
  region text NOT NULL GENERATED ALWAYS AS (room) STORED,
  at timestamptz NOT NULL,
  type text NOT NULL,
  incident text,
  actor jsonb NOT NULL,
  body jsonb,
  salt text,
  body_hash text NOT NULL,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (room, epoch, seq)
);

CREATE INDEX incident_event_incident ON incident_event (incident, at);
CREATE INDEX incident_event_room_at ON incident_event (room, at);

GRANT SELECT, INSERT, UPDATE ON incident TO xot_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON leg TO xot_writer;
-- Append only: nobody who holds the Worker's account rewrites the log.
GRANT SELECT, INSERT ON incident_event TO xot_writer;
GRANT SELECT ON incident, leg, incident_event TO xot_reader;
