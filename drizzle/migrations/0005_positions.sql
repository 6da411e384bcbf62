-- Where the fleet has been. One table per region and day, so that a day's replay reads one of them, and retention drops
-- whole tables instead of deleting rows by the million.
--
-- A day is a day in Manila: people ask for a shift or for "yesterday", which then lies in one partition, and midnight there
-- has the least traffic (a UTC day ends at 08:00 in the rush). The Philippines have no summer time, so each has 24 hours.

CREATE TABLE position (
  region text NOT NULL,
  device_id text NOT NULL,
  at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  lat double precision NOT NULL,
  lng double precision NOT NULL,
  accuracy_m real,
  heading_deg real,
  speed_mps real,
  battery_pct real,
  event text,
  protocol text NOT NULL,
  doubts text[] NOT NULL,
  kept_for text,
  -- What makes a repeated batch change nothing. The device comes first: the same index then finds a device's trail, in
  -- either direction, and a second one on (device_id, at) would only double the price of every insert.
  PRIMARY KEY (device_id, at, lat, lng, region)
) PARTITION BY LIST (region);

-- Rows come nearly in the order of their time. Late ones spread over few block ranges where these are small.
CREATE INDEX position_at ON position USING brin (at) WITH (pages_per_range = 32, autosummarize = on);

-- Positions that belong to an incident outlive their day; one of two incidents is here twice.
CREATE TABLE position_kept (
  region text NOT NULL,
  device_id text NOT NULL,
  at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  lat double precision NOT NULL,
  lng double precision NOT NULL,
  accuracy_m real,
  heading_deg real,
  speed_mps real,
  battery_pct real,
  event text,
  protocol text NOT NULL,
  doubts text[] NOT NULL,
  kept_for text NOT NULL,
  PRIMARY KEY (device_id, at, lat, lng, region, kept_for)
);

CREATE INDEX position_kept_incident ON position_kept (kept_for, at);

-- Who opened what that shows where a person was, and what for. Append only, and nobody who serves the Worker reads it.
CREATE TABLE access_log (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  region text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  actor_uid text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  purpose text NOT NULL CHECK (length(purpose) >= 3)
);

CREATE INDEX access_log_region_at ON access_log (region, at);
CREATE INDEX access_log_subject_at ON access_log (subject, at);
CREATE INDEX access_log_actor_at ON access_log (actor_uid, at);

-- The functions below belong to the owner of the tables and are lent to the writer, who may not make or drop a table
-- otherwise. None waits long for a lock: positions queue behind whoever waits for one, and the next run comes soon.

CREATE FUNCTION manila_day(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (at AT TIME ZONE 'Asia/Manila')::date;

CREATE FUNCTION manila_midnight(day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN day::timestamp AT TIME ZONE 'Asia/Manila';

-- Makes what is missing from yesterday to `days_ahead` days from now, for every region. A day of the last `days_back` whose
-- positions came before there was a table for them, as a phone's old backlog, gets one too, and they move into it.
CREATE FUNCTION make_position_partitions(days_ahead integer, days_back integer DEFAULT 30) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
  today date := manila_day(now());
  each text;
  parent text;
  fallback text;
  child text;
  day date;
  made integer := 0;
BEGIN
  IF days_ahead NOT BETWEEN 0 AND 60 OR days_back NOT BETWEEN 1 AND 3660 THEN
    RAISE EXCEPTION 'days_ahead must be 0 to 60 and days_back 1 to 3660' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(7306);
  FOR each IN SELECT region.region FROM public.region ORDER BY number LOOP
    parent := 'position_' || lower(each);
    fallback := parent || '_default';
    IF to_regclass(format('public.%I', parent)) IS NULL THEN
      EXECUTE format('CREATE TABLE public.%I PARTITION OF public.position FOR VALUES IN (%L) PARTITION BY RANGE (at)', parent, each);
      EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I DEFAULT', fallback, parent);
    END IF;
    FOR day IN EXECUTE format(
      'SELECT $1 - 1 + n FROM generate_series(0, $2 + 1) AS n
       UNION SELECT manila_day(at) FROM public.%I WHERE at >= manila_midnight($1 - $3) AND at < manila_midnight($1 + $2 + 1)
       ORDER BY 1', fallback) USING today, days_ahead, days_back
    LOOP
      child := parent || to_char(day, '_YYYYMMDD');
      CONTINUE WHEN to_regclass(format('public.%I', child)) IS NOT NULL;
      -- Attached rather than made as a partition: that would lock the region's table against inserts.
      EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', child, parent);
      EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', fallback);
      EXECUTE format(
        'WITH moved AS (DELETE FROM public.%I WHERE at >= manila_midnight($1) AND at < manila_midnight($1 + 1) RETURNING *)
         INSERT INTO public.%I SELECT * FROM moved', fallback, child) USING day;
      EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        parent, child, manila_midnight(day), manila_midnight(day + 1));
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;

-- Copies what belongs to an incident from one table of positions: of its device, and of those of its vehicle and driver,
-- from half an hour before the press until half an hour after its end (of an open one until a day after its last act).
CREATE FUNCTION keep_incident_positions(source regclass, from_at timestamptz, to_at timestamptz) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO public.position_kept
     SELECT p.region, p.device_id, p.at, p.received_at, p.lat, p.lng, p.accuracy_m, p.heading_deg, p.speed_mps,
       p.battery_pct, p.event, p.protocol, p.doubts, i.id
     FROM (
       SELECT id, device_id, driver ->> ''id'' AS driver_id, vehicle ->> ''id'' AS vehicle_id,
         greatest(received_at - interval ''30 minutes'', $1) AS since,
         least(coalesce(closed_at + interval ''30 minutes'',
           greatest(received_at, last_act_at) + interval ''1 day''), $2) AS until
       FROM public.incident
       WHERE received_at < $2 + interval ''30 minutes'' AND received_at > $1 - interval ''60 days''
     ) AS i CROSS JOIN LATERAL (
       SELECT i.device_id AS id UNION SELECT device.id FROM public.device
       WHERE device.driver_id = i.driver_id OR device.vehicle_id = i.vehicle_id
     ) AS d JOIN %1$s AS p ON p.device_id = d.id AND p.at >= i.since AND p.at <= i.until
     WHERE i.since <= i.until
     UNION ALL
     SELECT p.* FROM %1$s AS p WHERE kept_for IS NOT NULL AND p.at >= $1 AND p.at < $2
     ON CONFLICT DO NOTHING', source) USING from_at, to_at;
END
$$;

-- Drops the days that lie more than `keep_days` back, and says how many tables that were. What has no day's table, for the
-- phone's clock was wrong, goes when it was received as long ago.
CREATE FUNCTION drop_position_partitions(keep_days integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
  oldest date := manila_day(now()) - keep_days;
  each record;
  first_at timestamptz;
  doomed text[] := '{}';
BEGIN
  IF keep_days NOT BETWEEN 1 AND 3660 THEN
    RAISE EXCEPTION 'keep_days must be 1 to 3660' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(7306);
  FOR each IN
    SELECT leaf.relid AS id, c.relname AS name, substring(c.relname FROM '_(\d{8})$') AS day
    FROM pg_partition_tree('public.position') AS leaf JOIN pg_class AS c ON c.oid = leaf.relid
    WHERE leaf.isleaf ORDER BY c.relname
  LOOP
    IF each.day IS NULL THEN
      EXECUTE format('SELECT min(at) FROM %s WHERE received_at < manila_midnight($1)', each.id) INTO first_at USING oldest;
      CONTINUE WHEN first_at IS NULL;
      PERFORM keep_incident_positions(each.id, first_at, manila_midnight(oldest));
      EXECUTE format('DELETE FROM %s WHERE received_at < manila_midnight($1)', each.id) USING oldest;
    ELSIF to_date(each.day, 'YYYYMMDD') < oldest THEN
      PERFORM keep_incident_positions(each.id, manila_midnight(to_date(each.day, 'YYYYMMDD')),
        manila_midnight(to_date(each.day, 'YYYYMMDD') + 1));
      doomed := doomed || each.name::text;
    END IF;
  END LOOP;
  IF cardinality(doomed) > 0 THEN
    -- Inserts lock this table before its partitions. Locking in another order than theirs could end in a deadlock.
    LOCK TABLE public.position IN ACCESS EXCLUSIVE MODE;
    FOR each IN SELECT unnest(doomed) AS name LOOP
      EXECUTE format('DROP TABLE public.%I', each.name);
    END LOOP;
  END IF;
  RETURN cardinality(doomed);
END
$$;

-- Positions without a day's table that should have had one: more than none means that tables are not made in time.
CREATE FUNCTION positions_in_default(keep_days integer) RETURNS bigint
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  each regclass;
  found bigint;
  total bigint := 0;
BEGIN
  FOR each IN
    SELECT leaf.relid FROM pg_partition_tree('public.position') AS leaf JOIN pg_class AS c ON c.oid = leaf.relid
    WHERE leaf.isleaf AND c.relname LIKE '%\_default'
  LOOP
    EXECUTE format('SELECT count(*) FROM %s WHERE at >= manila_midnight(manila_day(now()) - $1)', each)
      INTO found USING keep_days;
    total := total + found;
  END LOOP;
  RETURN total;
END
$$;

REVOKE ALL ON FUNCTION make_position_partitions, drop_position_partitions, positions_in_default, keep_incident_positions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_position_partitions, drop_position_partitions, positions_in_default TO xot_writer;

GRANT SELECT, INSERT ON position TO xot_writer;
GRANT SELECT ON position_kept TO xot_writer;
GRANT INSERT ON access_log TO xot_writer;
GRANT SELECT ON position, position_kept, access_log TO xot_reader;

SELECT make_position_partitions(7);
