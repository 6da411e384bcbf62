-- Areas that people draw on the map, and which vehicles went into them and out. The areas are few and live long; events are
-- many and go by the day, as positions do.

CREATE SEQUENCE geofence_version AS bigint;

CREATE TABLE geofence (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  region text NOT NULL REFERENCES region,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  kind text NOT NULL CHECK (kind IN ('keep_in', 'keep_out', 'notice')),
  -- The outer ring first, each a list of [lat, lng], not closed. Today there is one.
  rings jsonb NOT NULL CHECK (jsonb_typeof(rings) = 'array' AND jsonb_array_length(rings) >= 1),
  active boolean NOT NULL DEFAULT true,
  -- Taken away: shown nowhere but beside its events.
  retired boolean NOT NULL DEFAULT false,
  version bigint NOT NULL,
  -- The version at which its border came to be what it is: what was known of a vehicle before that says nothing now.
  drawn_version bigint NOT NULL,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX geofence_region ON geofence (region, name) WHERE NOT retired;
CREATE INDEX geofence_region_version ON geofence (region, version);

-- Whoever writes waits for the one before: of two open transactions the later number could be seen first, and a shard that
-- asks between them would never hear of the earlier.
CREATE FUNCTION geofence_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
    RETURN NEW;
  END IF;
  PERFORM pg_advisory_xact_lock(7307);
  NEW.version := nextval('geofence_version');
  IF TG_OP = 'INSERT' THEN
    NEW.drawn_version := NEW.version;
  ELSE
    NEW.changed_at := now();
    IF NEW.rings IS DISTINCT FROM OLD.rings OR (NEW.active AND NOT OLD.active) THEN
      NEW.drawn_version := NEW.version;
    END IF;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON geofence FOR EACH ROW EXECUTE FUNCTION geofence_stamp();

-- One table per day in Manila, by when we heard of it: a phone's clock cannot put one where there is no table, and who asks
-- "what is new since" reads the last of them. Not by region: they are a hundredth of the positions.
CREATE TABLE geofence_event (
  region text NOT NULL,
  device_id text NOT NULL,
  geofence_id uuid NOT NULL,
  event text NOT NULL CHECK (event IN ('enter', 'exit')),
  -- By the fix that told.
  at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  lat double precision NOT NULL,
  lng double precision NOT NULL,
  -- What makes a repeated batch change nothing. A device crosses a border once with one fix.
  PRIMARY KEY (geofence_id, received_at, device_id, at, event)
) PARTITION BY RANGE (received_at);

CREATE INDEX geofence_event_region ON geofence_event (region, received_at);

CREATE TABLE geofence_event_default PARTITION OF geofence_event DEFAULT;

-- As those of positions: they belong to the owner of the tables, are lent to the writer, and wait for no lock for long.

CREATE FUNCTION make_geofence_event_partitions(days_ahead integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
  today date := manila_day(now());
  child text;
  day date;
  made integer := 0;
BEGIN
  IF days_ahead NOT BETWEEN 0 AND 60 THEN
    RAISE EXCEPTION 'days_ahead must be 0 to 60' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(7308);
  FOR day IN SELECT today - 1 + n FROM generate_series(0, days_ahead + 1) AS n ORDER BY 1 LOOP
    child := 'geofence_event' || to_char(day, '_YYYYMMDD');
    CONTINUE WHEN to_regclass(format('public.%I', child)) IS NOT NULL;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.geofence_event INCLUDING ALL)', child);
    LOCK TABLE public.geofence_event_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format(
      'WITH moved AS (DELETE FROM public.geofence_event_default
         WHERE received_at >= manila_midnight($1) AND received_at < manila_midnight($1 + 1) RETURNING *)
       INSERT INTO public.%I SELECT * FROM moved', child) USING day;
    EXECUTE format('ALTER TABLE public.geofence_event ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
      child, manila_midnight(day), manila_midnight(day + 1));
    made := made + 1;
  END LOOP;
  RETURN made;
END
$$;

-- Drops the days that lie more than `keep_days` back, and says how many tables that were.
CREATE FUNCTION drop_geofence_event_partitions(keep_days integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
  oldest date := manila_day(now()) - keep_days;
  doomed text[];
  name text;
BEGIN
  IF keep_days NOT BETWEEN 1 AND 3660 THEN
    RAISE EXCEPTION 'keep_days must be 1 to 3660' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(7308);
  DELETE FROM public.geofence_event_default WHERE received_at < manila_midnight(oldest);
  SELECT coalesce(array_agg(c.relname::text ORDER BY c.relname), '{}') INTO doomed
  FROM pg_partition_tree('public.geofence_event') AS leaf JOIN pg_class AS c ON c.oid = leaf.relid
  WHERE leaf.isleaf AND c.relname ~ '_\d{8}$' AND to_date(right(c.relname, 8), 'YYYYMMDD') < oldest;
  IF cardinality(doomed) > 0 THEN
    LOCK TABLE public.geofence_event IN ACCESS EXCLUSIVE MODE;
    FOREACH name IN ARRAY doomed LOOP
      EXECUTE format('DROP TABLE public.%I', name);
    END LOOP;
  END IF;
  RETURN cardinality(doomed);
END
$$;

-- Events without a day's table: more than none means that tables are not made in time.
CREATE FUNCTION geofence_events_in_default() RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  RETURN (SELECT count(*) FROM public.geofence_event_default);

REVOKE ALL ON FUNCTION make_geofence_event_partitions, drop_geofence_event_partitions, geofence_events_in_default FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_geofence_event_partitions, drop_geofence_event_partitions, geofence_events_in_default TO xot_writer;

GRANT SELECT, INSERT, UPDATE ON geofence TO xot_writer;
GRANT USAGE ON SEQUENCE geofence_version TO xot_writer;
GRANT SELECT, INSERT ON geofence_event TO xot_writer;
GRANT SELECT ON geofence, geofence_event TO xot_reader;

SELECT make_geofence_event_partitions(7);
