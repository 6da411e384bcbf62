-- Who is told, who was, and what left the tower: the rota and its people, agencies, drivers' kin, tries of every way out,
-- disclosures, live-location links, broadcasts and drills.

-- The directory's part. Rooms keep copies, as of drivers and devices.

CREATE TABLE duty_contact (
  id text PRIMARY KEY,
  region text NOT NULL REFERENCES region,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  lang text NOT NULL CHECK (lang IN ('en', 'fil')),
  -- In order of preference: [{"channel": "voice", "to": "+63…"}].
  addresses jsonb NOT NULL CHECK (jsonb_typeof(addresses) = 'array' AND jsonb_array_length(addresses) <= 8),
  teams text[] NOT NULL DEFAULT '{}',
  -- The tower's user that this person is; no reference, for a person may be on duty before they may log in.
  uid text,
  active boolean NOT NULL DEFAULT true,
  retired boolean NOT NULL DEFAULT false,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL,
  regions_before text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE duty_shift (
  id text PRIMARY KEY,
  region text NOT NULL REFERENCES region,
  duty text NOT NULL CHECK (duty IN ('lead', 'second_lead', 'management', 'responder')),
  contact_id text NOT NULL REFERENCES duty_contact,
  from_at timestamptz NOT NULL,
  until_at timestamptz NOT NULL,
  weekly boolean NOT NULL DEFAULT false,
  weekly_until timestamptz,
  -- While it lasts it stands in the place of all other shifts of its duty.
  override boolean NOT NULL DEFAULT false,
  note text CHECK (length(note) <= 500),
  retired boolean NOT NULL DEFAULT false,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL,
  regions_before text[] NOT NULL DEFAULT '{}',
  CONSTRAINT duty_shift_ends CHECK (until_at > from_at),
  -- One that is longer than its week would overlap with itself.
  CONSTRAINT duty_shift_fits_its_week CHECK (NOT weekly OR until_at - from_at <= interval '7 days')
);

-- A row for a region that goes by other clocks than the built-in ones.
CREATE TABLE escalation_policy (
  region text PRIMARY KEY REFERENCES region,
  body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL,
  regions_before text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE agency (
  id text PRIMARY KEY,
  region text NOT NULL REFERENCES region,
  kind text NOT NULL CHECK (kind IN
    ('unified_911', 'police', 'fire', 'ambulance', 'coast_guard', 'traffic', 'rescue', 'local_centre')),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  -- [{"label": …, "number": …, "confidence": "high" | "medium" | "low"}]
  numbers jsonb NOT NULL CHECK (jsonb_typeof(numbers) = 'array'),
  languages text[] NOT NULL DEFAULT '{}',
  covers text NOT NULL,
  source text NOT NULL,
  verified_at timestamptz,
  verified_by text,
  reverify_days integer NOT NULL CHECK (reverify_days BETWEEN 1 AND 3660),
  machine jsonb,
  note text,
  active boolean NOT NULL DEFAULT true,
  retired boolean NOT NULL DEFAULT false,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL,
  regions_before text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE driver_kin (
  driver_id text PRIMARY KEY REFERENCES driver,
  region text NOT NULL REFERENCES region,
  contacts jsonb NOT NULL CHECK (jsonb_typeof(contacts) = 'array' AND jsonb_array_length(contacts) <= 5),
  retired boolean NOT NULL DEFAULT false,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL,
  regions_before text[] NOT NULL DEFAULT '{}'
);

CREATE INDEX duty_contact_version ON duty_contact (version);
CREATE INDEX duty_contact_region ON duty_contact (region, name) WHERE NOT retired;
CREATE INDEX duty_shift_version ON duty_shift (version);
CREATE INDEX duty_shift_region ON duty_shift (region, duty, from_at) WHERE NOT retired;
CREATE INDEX duty_shift_contact ON duty_shift (contact_id) WHERE NOT retired;
CREATE INDEX agency_version ON agency (version);
CREATE INDEX agency_region ON agency (region, kind) WHERE NOT retired;
CREATE INDEX driver_kin_version ON driver_kin (version);

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON duty_contact FOR EACH ROW EXECUTE FUNCTION directory_stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON duty_shift FOR EACH ROW EXECUTE FUNCTION directory_stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON escalation_policy FOR EACH ROW EXECUTE FUNCTION directory_stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON agency FOR EACH ROW EXECUTE FUNCTION directory_stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON driver_kin FOR EACH ROW EXECUTE FUNCTION directory_stamp();

-- Whom a driver wants told goes where the driver goes, and away with the driver.
CREATE FUNCTION driver_kin_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE driver_kin SET region = NEW.region, retired = NEW.retired WHERE driver_id = NEW.id;
  RETURN NULL;
END
$$;

CREATE TRIGGER kin_follows AFTER UPDATE OF region, retired ON driver FOR EACH ROW
  WHEN (NEW.region <> OLD.region OR NEW.retired <> OLD.retired) EXECUTE FUNCTION driver_kin_follows();

-- What one shift leaves to the next.
CREATE TABLE duty_handover (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  region text NOT NULL REFERENCES region,
  duty text NOT NULL CHECK (duty IN ('lead', 'second_lead', 'management', 'responder')),
  from_contact text NOT NULL REFERENCES duty_contact,
  to_contact text NOT NULL REFERENCES duty_contact,
  note text NOT NULL CHECK (length(note) BETWEEN 1 AND 2000),
  written_by text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  accepted_by text,
  accepted_at timestamptz,
  CONSTRAINT duty_handover_is_to_another CHECK (from_contact <> to_contact)
);

CREATE INDEX duty_handover_region ON duty_handover (region, at);

-- How far an attempt has come. A later word never takes an earlier one's place with less.
CREATE FUNCTION attempt_rank(state text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE state WHEN 'queued' THEN 0 WHEN 'sending' THEN 1 WHEN 'accepted' THEN 2 WHEN 'sent' THEN 3
    WHEN 'answered' THEN 5 ELSE 4 END;

-- One try of one way to one person, as the Courier told of it. Numbers are shortened before they come here.
CREATE TABLE attempt (
  id text PRIMARY KEY,
  region text NOT NULL,
  page_id text NOT NULL,
  incident_id text,
  reason text NOT NULL,
  step text NOT NULL,
  contact_id text NOT NULL,
  contact_name text NOT NULL,
  channel text NOT NULL,
  provider text,
  network text,
  sent_to text NOT NULL,
  n integer NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'sending', 'accepted', 'sent', 'delivered', 'undelivered', 'failed',
    'answered', 'parked', 'stopped')),
  error text,
  answer text,
  drill boolean NOT NULL,
  began_at timestamptz NOT NULL,
  -- When each state was reached, in epoch ms: {"queued": …, "sending": …}.
  times jsonb NOT NULL
);

CREATE INDEX attempt_region_began ON attempt (region, began_at);
CREATE INDEX attempt_incident ON attempt (incident_id, began_at) WHERE incident_id IS NOT NULL;

-- What was given to whom, on whose decision. Append only.
CREATE TABLE disclosure (
  id uuid PRIMARY KEY,
  region text NOT NULL,
  incident_id text NOT NULL,
  at timestamptz NOT NULL,
  recipient_kind text NOT NULL CHECK (recipient_kind IN ('agency', 'kin', 'share', 'neighbour', 'other')),
  recipient_id text,
  recipient_name text NOT NULL,
  way text NOT NULL,
  -- What was sent: names of fields and their values as told.
  sent jsonb NOT NULL,
  decided_by text NOT NULL,
  decided_by_name text NOT NULL
);

CREATE INDEX disclosure_incident ON disclosure (incident_id, at);
CREATE INDEX disclosure_region ON disclosure (region, at);

CREATE TABLE share_link (
  id uuid PRIMARY KEY,
  region text NOT NULL,
  incident_id text NOT NULL,
  -- SHA-256: who reads this table cannot open a link. `code_hash` is that of the spoken code.
  token_hash text NOT NULL,
  code_hash text,
  recipient text NOT NULL,
  granted text[] NOT NULL,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_by text
);

CREATE UNIQUE INDEX share_link_token ON share_link (token_hash);
CREATE INDEX share_link_incident ON share_link (incident_id, made_at);

CREATE TABLE share_view (
  id uuid PRIMARY KEY,
  region text NOT NULL,
  link_id uuid NOT NULL REFERENCES share_link,
  at timestamptz NOT NULL,
  ip_hash text NOT NULL,
  agent text
);

CREATE INDEX share_view_link ON share_view (link_id, at);

CREATE TABLE broadcast (
  id uuid PRIMARY KEY,
  region text NOT NULL,
  ref text NOT NULL,
  -- The outer ring, a list of [lat, lng], not closed.
  area jsonb NOT NULL,
  text text NOT NULL,
  counts jsonb NOT NULL,
  sent_by text NOT NULL,
  at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  cancelled_at timestamptz,
  cancelled_by text
);

CREATE INDEX broadcast_region ON broadcast (region, at);

CREATE TABLE broadcast_answer (
  broadcast_id uuid NOT NULL REFERENCES broadcast,
  device_id text NOT NULL,
  region text NOT NULL,
  answer text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (broadcast_id, device_id)
);

CREATE TABLE drill (
  id uuid PRIMARY KEY,
  region text NOT NULL,
  ref text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('driver', 'duty', 'channel', 'region')),
  -- A device, a contact, a channel or the region.
  subject text NOT NULL,
  started_by text NOT NULL,
  at timestamptz NOT NULL,
  until_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- Null while it goes on.
  passed boolean,
  note text
);

CREATE INDEX drill_region ON drill (region, at);

CREATE TABLE drill_result (
  drill_id uuid NOT NULL REFERENCES drill,
  -- Who or what was tried, as `device:ncr-7`, `contact:…`, `channel:sms`.
  subject text NOT NULL,
  region text NOT NULL,
  name text NOT NULL,
  passed boolean NOT NULL,
  took_ms integer,
  why text,
  -- Of the phone, where it said: finds the version that sends no alarm.
  app_version text,
  at timestamptz NOT NULL,
  PRIMARY KEY (drill_id, subject)
);

GRANT SELECT, INSERT, UPDATE ON duty_contact, duty_shift, escalation_policy, agency, driver_kin TO xot_writer;
GRANT SELECT, INSERT ON duty_handover TO xot_writer;
GRANT UPDATE (accepted_by, accepted_at) ON duty_handover TO xot_writer;
GRANT SELECT, INSERT, UPDATE ON attempt, drill, drill_result, broadcast, broadcast_answer TO xot_writer;
-- Nobody who holds the Worker's account unwrites what was given away, or to whom; a link can be ended and nothing else.
GRANT SELECT, INSERT ON disclosure, share_link, share_view TO xot_writer;
GRANT UPDATE (revoked_at, revoked_by) ON share_link TO xot_writer;

-- Reports need neither private numbers nor what opens a link.
GRANT SELECT ON duty_shift, duty_handover, escalation_policy, agency, attempt, disclosure, share_view, broadcast,
  broadcast_answer, drill, drill_result TO xot_reader;
GRANT SELECT (id, region, name, lang, teams, uid, active, retired, changed_by, changed_at, version, regions_before)
  ON duty_contact TO xot_reader;
GRANT SELECT (id, region, incident_id, recipient, granted, made_by, made_at, expires_at, revoked_at, revoked_by)
  ON share_link TO xot_reader;
