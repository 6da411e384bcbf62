// A database full of made-up history, made inside Postgres: a fleet, a month of its positions, and incidents among them.

import type postgres from 'postgres'
import { REGIONS, type RegionId } from '../../../src/domain/region'
import { seedFences } from './seed-fences'
import { AGENCIES_PER_REGION, CONTACTS_PER_REGION, SHIFTS_PER_REGION, seedDuty, seedTelling } from './seed-telling'

export type Seed = {
  positions: number
  incidents: number
  devicesPerRegion: number
  /** Back from today, today included; each device drives on each of them. */
  days: number
}

export const WHOLE: Seed = { positions: 10_000_000, incidents: 1_000_000, devicesPerRegion: 2_000, days: 30 }

/** As `q-ncr-7`, and so its driver and vehicle: `drv-` and `veh-` before it. */
export const deviceId = (region: RegionId, n: number): string => `q-${region.toLowerCase()}-${n}`
export const incidentId = (region: number, n: number): string =>
  `${region.toString(16).padStart(2, '0')}${n.toString(16).padStart(6, '0')}-0000-8000-8000-000000000000`

const USERS_PER_REGION = 500

/** How many rows of the directory, and so versions, there are. */
export const versionsOf = ({ devicesPerRegion }: Pick<Seed, 'devicesPerRegion'>): number =>
  REGIONS.length *
  (4 * devicesPerRegion +
    Math.min(USERS_PER_REGION, devicesPerRegion) +
    CONTACTS_PER_REGION +
    SHIFTS_PER_REGION +
    1 +
    AGENCIES_PER_REGION)

/** `sql`: of the account that owns the tables, in a database that has nobody's data. `log` hears of every day. */
export async function seed(sql: postgres.Sql, wanted: Seed, log: (line: string) => void = () => {}): Promise<void> {
  await seedFleet(sql, wanted.devicesPerRegion)
  await seedDuty(sql)
  await seedIncidents(sql, wanted)
  await seedPositions(sql, wanted, log)
  await seedTelling(sql)
  await seedFences(sql, wanted.incidents, wanted.devicesPerRegion, wanted.days)
  // What is kept with incidents of days that are gone: about one in fifty.
  await sql`INSERT INTO position_kept
    SELECT region, device_id, at - interval '60 days', received_at - interval '60 days', lat, lng, accuracy_m, heading_deg,
      speed_mps, battery_pct, event, protocol, doubts, 'seed' FROM position
    WHERE extract(minute FROM at) = 0 ON CONFLICT DO NOTHING`
  log('analyzing')
  // Not in a transaction, and with the visibility map: without it no index-only scan is worth anything.
  await sql.unsafe('VACUUM (ANALYZE)')
}

async function seedFleet(sql: postgres.Sql, perRegion: number): Promise<void> {
  const each = sql`(SELECT region, 'q-' || lower(region) || '-' || n AS id, n FROM region, generate_series(0, ${perRegion - 1}) AS n)`
  await sql`INSERT INTO driver (id, region, name, phone)
    SELECT 'drv-' || id, region, 'Driver ' || n, '+63917' || lpad(n::text, 7, '0') FROM ${each} AS one`
  await sql`INSERT INTO vehicle (id, region, plate, make, model, colour)
    SELECT 'veh-' || id, region, 'Q' || chr(65 + n % 26) || 'A ' || lpad((n % 10000)::text, 4, '0'), 'Toyota', 'Vios', 'white'
    FROM ${each} AS one`
  await sql`INSERT INTO device (id, region, driver_id, vehicle_id)
    SELECT id, region, 'drv-' || id, 'veh-' || id FROM ${each} AS one`
  await sql`INSERT INTO app_user (id, region, email, name, alias, role, regions, password_hash)
    SELECT 'usr-' || id, region, id || '@tower.example', 'Person ' || n, 'Desk ' || n, 'operator', ARRAY[region], 'none'
    FROM ${each} AS one WHERE n < ${USERS_PER_REGION}`
}

/** Closed after twenty minutes each, evenly over the days and devices, with one line of the log. */
async function seedIncidents(sql: postgres.Sql, { incidents, devicesPerRegion, days }: Seed): Promise<void> {
  await sql`
    INSERT INTO incident (id, region, desk, code, state, priority, contact_policy, kind, reporter, door, device_id, driver,
      vehicle, lat, lng, doubts, press_count, flags, received_at, taken_at, closed_at, alarmed_at, links, merged, ring,
      epoch, seq, changed_at)
    SELECT lpad(to_hex(region.number), 2, '0') || lpad(to_hex(n), 6, '0') || '-0000-8000-8000-000000000000', region,
      region, region || '-' || n, 'closed', 'P1', 'voice_ok', 'panic', 'driver', 'api', id,
      jsonb_build_object('id', 'drv-' || id), jsonb_build_object('id', 'veh-' || id), 14.5, 121, '{}', 1, '{}', at,
      at + interval '9 seconds', at + interval '20 minutes', at, '{}', '{}', '{}', 'seed', n, at
    FROM (
      SELECT n / ${REGIONS.length}::int AS n, 'q-' || lower(region) || '-' || (n / ${REGIONS.length}::int) % ${devicesPerRegion}::int AS id,
        region, number, now() - n::float8 / ${incidents}::float8 * ${days}::float8 * interval '1 day' AS at
      FROM generate_series(0, ${incidents - 1}) AS n JOIN region ON region.number = 1 + n % ${REGIONS.length}::int
    ) AS region`
  await sql`
    INSERT INTO incident_event (room, epoch, seq, at, type, incident, actor, body_hash, prev_hash, hash)
    SELECT region, 'seed', seq, received_at, 'created', id, '{}', 'b', 'p', 'h' FROM incident`
  await sql`INSERT INTO leg (incident_id, id, region, kind, name, state)
    SELECT id, 'leg-1', region, 'rover', 'Rover 7', 'done' FROM incident`
}

/** Ten hours of driving each day, in the order of time, as a fleet reports it. */
async function seedPositions(
  sql: postgres.Sql,
  { positions, devicesPerRegion, days }: Seed,
  log: (line: string) => void,
): Promise<void> {
  const perDay = Math.ceil(positions / days)
  const fleet = REGIONS.length * devicesPerRegion
  for (let back = days - 1; back >= 0; back--) {
    await makeDay(sql, back)
    await sql`
      INSERT INTO position (region, device_id, at, received_at, lat, lng, accuracy_m, heading_deg, speed_mps, battery_pct,
        protocol, doubts)
      SELECT region, id, at, at + interval '1 second', centre_lat + 0.1 * sin(turn), centre_lng + 0.1 * cos(turn), 8,
        degrees(turn)::int % 360, 8.5, 80, 'osmand', '{}'
      FROM (
        SELECT region, 'q-' || lower(region) || '-' || (n / ${REGIONS.length}::int) % ${devicesPerRegion}::int AS id,
          (n % ${fleet}::int) + (n / ${fleet}::int) * 0.02 AS turn, 5 + 3 * number AS centre_lat, 121 + number AS centre_lng,
          manila_midnight(manila_day(now()) - ${back}::int) + n::float8 / ${perDay}::float8 * interval '10 hours' AS at
        FROM generate_series(0, ${perDay - 1}) AS n JOIN region ON region.number = 1 + n % ${REGIONS.length}::int
      ) AS one
      ON CONFLICT DO NOTHING`
    log(`positions: ${days - back} of ${days} days`)
  }
}

/** Days that lie back were made when they were ahead; a new database has none of them. */
async function makeDay(sql: postgres.Sql, back: number): Promise<void> {
  for (const { id } of REGIONS) {
    const parent = `position_${id.toLowerCase()}`
    const [day] = await sql<{ name: string; first: string; last: string }[]>`
      SELECT ${parent} || to_char(day, '_YYYYMMDD') AS name, manila_midnight(day)::text AS first,
        manila_midnight(day + 1)::text AS last FROM (SELECT manila_day(now()) - ${back}::int AS day) AS one`
    if (!day) throw new Error('Postgres knows no day')
    const [known] = await sql`SELECT to_regclass(${day.name}) IS NOT NULL AS known`
    if (known?.known === true) continue
    await sql.unsafe(
      `CREATE TABLE ${day.name} PARTITION OF ${parent} FOR VALUES FROM ('${day.first}') TO ('${day.last}')`,
    )
  }
}
