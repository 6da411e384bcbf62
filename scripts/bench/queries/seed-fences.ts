// Geofences and what was crossed, evenly over the days: for the plans and times of their queries.

import type postgres from 'postgres'

/** The first of NCR has the id that the queries ask for. */
export const FENCE_ID = '00000000-0000-4000-8000-000000000001'

/**
 * `sql`: of the account that owns the tables. As many events as incidents, of two hundred fences in each region; the last at ten
 * today, whatever time it is, so that a night's plans are a day's.
 */
export async function seedFences(sql: postgres.Sql, events: number, devices: number, days: number): Promise<void> {
  await sql`
    INSERT INTO geofence (id, region, name, kind, rings, active, made_by, changed_by)
    SELECT ('00000000-0000-4000-8000-' || lpad(to_hex((number - 1) * 200 + n), 12, '0'))::uuid, region, 'Fence ' || n,
      (ARRAY['keep_in', 'keep_out', 'notice'])[1 + n % 3], '[[[14.5, 121.0], [14.6, 121.0], [14.6, 121.1], [14.5, 121.1]]]',
      n <= 100, 'usr-q', 'usr-q'
    FROM region, generate_series(1, 200) AS n`
  await makeDays(sql, days)
  await sql`
    INSERT INTO geofence_event (region, device_id, geofence_id, event, at, received_at, lat, lng)
    SELECT region, 'q-' || lower(region) || '-' || n % ${devices}::int,
      ('00000000-0000-4000-8000-' || lpad(to_hex((number - 1) * 200 + 1 + n % 200), 12, '0'))::uuid,
      (ARRAY['enter', 'exit'])[1 + n % 2], at, at + interval '1 second', 14.55, 121.05
    FROM (
      SELECT region, number, n, manila_midnight(manila_day(now())) + interval '10 hours' - n::float8 / ${events}::float8 * 4 * ${days}::float8 * interval '1 day' AS at
      FROM region, generate_series(0, ${Math.floor(events / 4)}) AS n
    ) AS one WHERE at > manila_midnight(manila_day(now()) - ${days}::int) ON CONFLICT DO NOTHING`
}

/** Days back as they were made when they were ahead. */
async function makeDays(sql: postgres.Sql, days: number): Promise<void> {
  for (let day = 2; day <= days; day++) {
    const [row] = await sql<{ name: string; from: string; to: string }[]>`
      SELECT 'geofence_event_' || to_char(day, 'YYYYMMDD') AS name, manila_midnight(day)::text AS from,
        manila_midnight(day + 1)::text AS to
      FROM (SELECT manila_day(now()) - ${day}::int AS day) AS one`
    if (!row) continue
    await sql.unsafe(
      `CREATE TABLE IF NOT EXISTS ${row.name} PARTITION OF geofence_event FOR VALUES FROM ('${row.from}') TO ('${row.to}')`,
    )
  }
}
