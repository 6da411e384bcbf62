-- Reference data. Each row has a version from one sequence, and rooms ask for what is newer than what they have.

CREATE TABLE region (
  region text PRIMARY KEY,
  number integer NOT NULL UNIQUE,
  name_en text NOT NULL,
  name_fil text NOT NULL
);

INSERT INTO region (region, number, name_en, name_fil) VALUES
  ('NCR', 1, 'NCR-Manila', 'NCR-Maynila'),
  ('CEB', 2, 'Cebu', 'Cebu'),
  ('DVO', 3, 'Davao', 'Davao'),
  ('ILO', 4, 'Iloilo', 'Iloilo');

CREATE SEQUENCE directory_version AS bigint;

CREATE TABLE driver (
  id text PRIMARY KEY,
  region text NOT NULL REFERENCES region,
  name text NOT NULL,
  phone text,
  retired boolean NOT NULL DEFAULT false,
  version bigint NOT NULL,
  regions_before text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE vehicle (
  id text PRIMARY KEY,
  region text NOT NULL REFERENCES region,
  plate text,
  conduction text,
  make text NOT NULL,
  model text NOT NULL,
  colour text NOT NULL,
  retired boolean NOT NULL DEFAULT false,
  version bigint NOT NULL,
  regions_before text[] NOT NULL DEFAULT '{}',
  CONSTRAINT vehicle_can_be_told_apart CHECK (plate IS NOT NULL OR conduction IS NOT NULL)
);

CREATE TABLE device (
  id text PRIMARY KEY,
  region text NOT NULL REFERENCES region,
  driver_id text REFERENCES driver,
  vehicle_id text REFERENCES vehicle,
  generation integer NOT NULL DEFAULT 1,
  min_generation integer NOT NULL DEFAULT 0,
  pin_mac text,
  duress_pin_mac text,
  retired boolean NOT NULL DEFAULT false,
  version bigint NOT NULL,
  regions_before text[] NOT NULL DEFAULT '{}',
  CONSTRAINT device_pins_differ CHECK (pin_mac <> duress_pin_mac)
);

CREATE TABLE app_user (
  id text PRIMARY KEY,
  region text NOT NULL REFERENCES region,
  email text NOT NULL,
  name text NOT NULL,
  alias text NOT NULL,
  role text NOT NULL CHECK (role IN ('operator', 'trainee', 'supervisor', 'admin', 'auditor')),
  regions text[] NOT NULL,
  password_hash text NOT NULL,
  session_epoch integer NOT NULL DEFAULT 1,
  active boolean NOT NULL DEFAULT true,
  version bigint NOT NULL,
  regions_before text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE duty_card (
  region text PRIMARY KEY REFERENCES region,
  phones jsonb NOT NULL CHECK (jsonb_typeof(phones) = 'array' AND jsonb_array_length(phones) <= 5),
  version bigint NOT NULL,
  regions_before text[] NOT NULL DEFAULT '{}'
);

CREATE UNIQUE INDEX app_user_email ON app_user (lower(email));
CREATE INDEX driver_version ON driver (version);
CREATE INDEX vehicle_version ON vehicle (version);
CREATE INDEX device_version ON device (version);
CREATE INDEX app_user_version ON app_user (version);
CREATE INDEX device_driver ON device (driver_id);
CREATE INDEX device_vehicle ON device (vehicle_id);

-- A sequence alone is not enough: of two open transactions the later number may be seen first, and a room that asks
-- between them would never hear of the earlier. Whoever writes the directory therefore waits for the one before.
CREATE FUNCTION directory_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before text[] := '{}';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW IS NOT DISTINCT FROM OLD THEN
      RETURN NEW;
    END IF;
    before := OLD.regions_before || OLD.region;
    IF TG_TABLE_NAME = 'app_user' THEN
      before := before || OLD.regions;
    END IF;
  END IF;
  PERFORM pg_advisory_xact_lock(7305);
  NEW.version := nextval('directory_version');
  NEW.regions_before := ARRAY(SELECT DISTINCT unnest(before) ORDER BY 1);
  RETURN NEW;
END
$$;

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON driver FOR EACH ROW EXECUTE FUNCTION directory_stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON vehicle FOR EACH ROW EXECUTE FUNCTION directory_stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON device FOR EACH ROW EXECUTE FUNCTION directory_stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON app_user FOR EACH ROW EXECUTE FUNCTION directory_stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON duty_card FOR EACH ROW EXECUTE FUNCTION directory_stamp();

GRANT SELECT ON region, driver, vehicle, device, app_user, duty_card TO xot_writer;
GRANT INSERT, UPDATE ON driver, vehicle, device, app_user, duty_card TO xot_writer;
GRANT USAGE ON SEQUENCE directory_version TO xot_writer;

-- Reports need no secret: neither what passwords are checked against nor what PINs are.
GRANT SELECT ON region, driver, vehicle, duty_card TO xot_reader;
GRANT SELECT (id, region, driver_id, vehicle_id, generation, min_generation, retired, version, regions_before)
  ON device TO xot_reader;
GRANT SELECT (id, region, email, name, alias, role, regions, session_epoch, active, version, regions_before)
  ON app_user TO xot_reader;
