// Where a device was, read back: from the days that are still there, and from what is kept with incidents.

import { type SQL, sql } from 'drizzle-orm'
import type { RegionId } from '../domain/region'
import { TRACK_EVENTS, type Track, type TrackEvent, type TrackPoint, type TrackSos } from '../domain/track'
import type { Db } from './postgres'

/** `from` and `to` are epoch ms, `to` excluded. Reads the partitions of those days alone; at most `limit` points. */
export async function trackOf(
  db: Db,
  region: RegionId,
  deviceId: string,
  from: number,
  to: number,
  limit: number,
): Promise<Track> {
  const mine = sql`region = ${region} AND device_id = ${deviceId} AND at >= ${time(from)} AND at < ${time(to)}`
  // UNION, not UNION ALL: a kept position is there once for each of its incidents, and for a while in its day, too.
  const points = await rows<TrackPoint>(
    db,
    sql`
      SELECT ${ms('at')} AS at, ${ms('received_at')} AS "receivedAt", lat, lng, accuracy_m AS "accuracyM",
        heading_deg AS "headingDeg", speed_mps AS "speedMps", battery_pct AS "batteryPct", event, protocol,
        to_jsonb(doubts) AS doubts
      FROM (
        (SELECT ${COLUMNS} FROM position WHERE ${mine} ORDER BY position.at LIMIT ${limit + 1})
        UNION
        (SELECT ${COLUMNS} FROM position_kept WHERE ${mine} ORDER BY position_kept.at LIMIT ${limit + 1})
      ) AS found ORDER BY found.at, found.lat, found.lng LIMIT ${limit + 1}`,
  )
  // By when we heard it: a phone's clock may be years off.
  const sos = await rows<TrackSos>(
    db,
    sql`
      SELECT id AS "incidentId", code, kind, state, ${ms('received_at')} AS at, lat, lng FROM incident
      WHERE device_id = ${deviceId} AND region = ${region}
        AND received_at >= ${time(from)} AND received_at < ${time(to)}
      ORDER BY received_at LIMIT ${limit}`,
  )
  // An incident goes on after its press; one that is older than a week says nothing of these hours.
  const events = await rows<TrackEvent>(
    db,
    sql`
      SELECT incident.id AS "incidentId", code, type, ${ms('incident_event.at')} AS at,
        CASE WHEN actor ->> 'kind' = 'person' THEN actor ->> 'alias' END AS by
      FROM incident JOIN incident_event ON incident_event.incident = incident.id
      WHERE device_id = ${deviceId} AND incident.region = ${region}
        AND received_at >= ${time(from - WEEK_MS)} AND received_at < ${time(to)}
        AND incident_event.at >= ${time(from)} AND incident_event.at < ${time(to)} AND type IN (${WORTH_A_MARK})
      ORDER BY incident_event.at, incident_event.seq LIMIT ${limit}`,
  )
  return { region, deviceId, from, to, points: points.slice(0, limit), sos, events, next: points[limit]?.at ?? null }
}

/** True where the directory knows it as this region's, now or before, also when it is retired. */
export async function isDeviceOf(db: Db, region: RegionId, deviceId: string): Promise<boolean> {
  const found = await rows(
    db,
    sql`SELECT FROM device WHERE id = ${deviceId} AND (region = ${region} OR ${region} = ANY (regions_before))`,
  )
  return found.length > 0
}

/** True where this incident, of this region or on its desk, is about this device, or its vehicle or driver of now. */
export async function isIncidentOf(db: Db, region: RegionId, deviceId: string, incidentId: string): Promise<boolean> {
  const found = await rows(
    db,
    sql`
      SELECT FROM incident WHERE id = ${incidentId} AND (region = ${region} OR desk = ${region})
        AND (device_id = ${deviceId} OR EXISTS (
          SELECT FROM device WHERE device.id = ${deviceId}
            AND (device.vehicle_id = incident.vehicle ->> 'id' OR device.driver_id = incident.driver ->> 'id')))`,
  )
  return found.length > 0
}

const WEEK_MS = 7 * 86_400_000
const WORTH_A_MARK = sql.raw(TRACK_EVENTS.map((type) => `'${type}'`).join(', '))
const COLUMNS = sql.raw(
  'at, received_at, lat, lng, accuracy_m, heading_deg, speed_mps, battery_pct, event, protocol, doubts',
)

// Immutable, so that the planner itself leaves out the other days.
const time = (ms: number): SQL => sql`to_timestamp(${ms}::float8 / 1000)`
const ms = (column: 'at' | 'received_at' | 'incident_event.at'): SQL =>
  sql.raw(`(extract(epoch FROM ${column}) * 1000)::float8`)

const rows = async <T>(db: Db, query: SQL): Promise<T[]> => (await db.execute(query)) as unknown as T[]
