// Positions as a competent team stores them with pg: one statement per request, however many positions it brings, with
// the same partitions and idempotence as the tower's. Answered when it is committed.

export const POSITIONS_SCHEMA = `
  CREATE TABLE position (
    region text NOT NULL,
    device_id text NOT NULL,
    at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    lat double precision NOT NULL,
    lng double precision NOT NULL,
    accuracy_m real, heading_deg real, speed_mps real, battery_pct real,
    UNIQUE (device_id, at, lat, lng)
  );
  CREATE INDEX position_at ON position USING brin (at);`

export const POSITIONS = `
  INSERT INTO position (region, device_id, at, lat, lng, accuracy_m, heading_deg, speed_mps, battery_pct)
  SELECT $1::text, $2::text, to_timestamp(at / 1000.0), lat, lng, accuracy, heading, speed, battery
  FROM unnest($3::float8[], $4::float8[], $5::float8[], $6::real[], $7::real[], $8::real[], $9::real[])
    AS row (at, lat, lng, accuracy, heading, speed, battery)
  ON CONFLICT DO NOTHING`

/** Null for what is no list of positions. */
export function positionArguments(body, device) {
  const list = Array.isArray(body?.positions) ? body.positions : [body]
  if (!list.every((each) => Number.isFinite(each?.lat) && Number.isFinite(each?.lng))) return null
  const column = (name) => list.map((each) => each[name] ?? null)
  const columns = ['fixedAt', 'lat', 'lng', 'accuracyM', 'headingDeg', 'speedMps', 'batteryPct'].map(column)
  return [device.region, device.deviceId, ...columns]
}
