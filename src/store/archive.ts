// Carries what rooms have decided into Postgres. Safe to repeat: a line is known by (room, epoch, seq), and an incident's row
// gives way only to a newer one.

import { sql } from 'drizzle-orm'
import { json } from '../../drizzle/schema/columns'
import type { IncidentSummary } from '../domain/incident'
import type { OutboxRow } from '../room/contract'
import type { Db } from './postgres'

/** All of them or, where it throws, none. `isRowFault` says of the error whether smaller portions may help. */
export async function archive(db: Db, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return
  const incidents = newestOfEach(rows)
  await db.transaction(async (tx) => {
    // One parameter for the whole batch: thousands of bound ones exhaust Drizzle's stack and Postgres' protocol.
    await tx.execute(sql`
      INSERT INTO incident_event
        (room, epoch, seq, at, type, incident, actor, body, salt, body_hash, prev_hash, hash)
      SELECT room, epoch, seq, to_timestamp(at / 1000.0), type, incident, actor, body, salt,
        "bodyHash", "prevHash", hash
      FROM jsonb_to_recordset(${json(rows.map((row) => row.event))}) AS line(
        room text, epoch text, seq bigint, at bigint, type text, incident text, actor jsonb, body jsonb, salt text,
        "bodyHash" text, "prevHash" text, hash text)
      ON CONFLICT DO NOTHING`)
    if (incidents.length === 0) return
    await tx.execute(upsertIncidents(incidents))
    const withLegs = incidents.filter(mayHaveLegs)
    if (withLegs.length > 0) await tx.execute(replaceLegs(withLegs))
  })
}

type IncidentRow = IncidentSummary & { epoch: string; changedAt: number }

/** A statement may write a row once only, so of each incident the last of the batch counts. */
function newestOfEach(rows: readonly OutboxRow[]): IncidentRow[] {
  const newest = new Map<string, IncidentRow>()
  for (const { event, incident } of rows) {
    if (!incident) continue
    const before = newest.get(incident.id)
    if (before && before.epoch === event.epoch && before.seq > incident.seq) continue
    newest.set(incident.id, { ...incident, epoch: event.epoch, changedAt: event.at })
  }
  // In one order everywhere: two batches that meet then wait for each other instead of blocking each other.
  return [...newest.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** `excluded` is newer where it is further in the same epoch, or of another epoch and later. */
const upsertIncidents = (incidents: IncidentRow[]) => sql`
  INSERT INTO incident AS kept (
    id, region, desk, code, state, priority, contact_policy, kind, reporter, door, device_id, driver, vehicle,
    lat, lng, accuracy_m, heading_deg, speed_mps, fixed_at, doubts, press_count, flags, note, pressed_at, received_at,
    shown_at, taken_at, help_on_the_way_at, safe_at, closed_at, alarmed_at, last_act_at, owner, offered_to, furthest_leg, links, merged,
    merged_into, pending, ring, epoch, seq, changed_at)
  SELECT
    id, region, desk, code, state, priority, "contactPolicy", kind, reporter, door, "deviceId", driver, vehicle,
    (position ->> 'lat')::float8, (position ->> 'lng')::float8, (position ->> 'accuracyM')::float8,
    (position ->> 'headingDeg')::float8, (position ->> 'speedMps')::float8, (position ->> 'fixedAt')::timestamptz,
    ARRAY(SELECT jsonb_array_elements_text(coalesce(position -> 'doubts', '[]'))), "pressCount", flags, note, "pressedAt",
    "receivedAt", "shownAt", "takenAt", "helpOnTheWayAt", "safeAt", "closedAt", "alarmedAt", "lastActAt", owner, "offeredTo",
    "furthestLeg", links, merged, "mergedInto", pending, ring, epoch, seq, to_timestamp("changedAt" / 1000.0)
  FROM jsonb_to_recordset(${json(incidents)}) AS now(
    id text, region text, desk text, code text, state text, priority text, "contactPolicy" text, kind text, reporter text,
    door text, "deviceId" text, driver jsonb, vehicle jsonb, position jsonb, "pressCount" int, flags text[], note text,
    "pressedAt" timestamptz, "receivedAt" timestamptz, "shownAt" timestamptz, "takenAt" timestamptz,
    "helpOnTheWayAt" timestamptz, "safeAt" timestamptz, "closedAt" timestamptz, "alarmedAt" timestamptz,
    "lastActAt" timestamptz, owner jsonb, "offeredTo" jsonb, "furthestLeg" text, links text[], merged text[], "mergedInto" text, pending jsonb,
    ring jsonb, epoch text, seq bigint, "changedAt" bigint)
  ON CONFLICT (id) DO UPDATE SET
    (region, desk, code, state, priority, contact_policy, kind, reporter, door, device_id, driver, vehicle, lat, lng,
      accuracy_m, heading_deg, speed_mps, fixed_at, doubts, press_count, flags, note, pressed_at, received_at, shown_at,
      taken_at, help_on_the_way_at, safe_at, closed_at, alarmed_at, last_act_at, owner, offered_to, furthest_leg, links, merged,
      merged_into, pending, ring, epoch, seq, changed_at)
    = (excluded.region, excluded.desk, excluded.code, excluded.state, excluded.priority, excluded.contact_policy,
      excluded.kind, excluded.reporter, excluded.door, excluded.device_id, excluded.driver, excluded.vehicle, excluded.lat,
      excluded.lng, excluded.accuracy_m, excluded.heading_deg, excluded.speed_mps, excluded.fixed_at, excluded.doubts,
      excluded.press_count, excluded.flags, excluded.note, excluded.pressed_at, excluded.received_at, excluded.shown_at,
      excluded.taken_at, excluded.help_on_the_way_at, excluded.safe_at, excluded.closed_at, excluded.alarmed_at,
      excluded.last_act_at, excluded.owner, excluded.offered_to, excluded.furthest_leg, excluded.links, excluded.merged, excluded.merged_into,
      excluded.pending, excluded.ring, excluded.epoch, excluded.seq, excluded.changed_at)
  WHERE (kept.epoch = excluded.epoch AND kept.seq < excluded.seq)
    OR (kept.epoch <> excluded.epoch AND kept.changed_at <= excluded.changed_at)`

// Nearly all of a flood have none, and never had: legs are asked for by people, and move only by merging.
const mayHaveLegs = ({ legs, merged, mergedInto }: IncidentRow): boolean =>
  legs.length > 0 || merged.length > 0 || mergedInto !== null

/** The legs of those incidents whose row is the one of this batch; merging and unmerging also take legs away. */
const replaceLegs = (incidents: IncidentRow[]) => {
  const legs = incidents.flatMap(({ id, region, epoch, seq, legs: each }) =>
    each.map((leg) => ({ ...leg, incident: id, region, epoch, seq })),
  )
  const changed = incidents.map(({ id, epoch, seq }) => ({ id, epoch, seq }))
  return sql`
    WITH kept AS (
      SELECT incident.id FROM incident JOIN jsonb_to_recordset(${json(changed)}) AS now(id text, epoch text, seq bigint)
      ON incident.id = now.id AND incident.epoch = now.epoch AND incident.seq = now.seq
    ), wanted AS (
      SELECT leg.* FROM jsonb_to_recordset(${json(legs)}) AS leg(
        id text, incident text, region text, kind text, name text, state text, "etaMinutes" int)
      JOIN kept ON kept.id = leg.incident
    ), gone AS (
      DELETE FROM leg USING kept WHERE leg.incident_id = kept.id
        AND NOT EXISTS (SELECT FROM wanted WHERE wanted.incident = leg.incident_id AND wanted.id = leg.id)
    )
    INSERT INTO leg (incident_id, id, region, kind, name, state, eta_minutes)
    SELECT incident, id, region, kind, name, state, "etaMinutes" FROM wanted
    ON CONFLICT (incident_id, id) DO UPDATE SET
      (region, kind, name, state, eta_minutes)
      = (excluded.region, excluded.kind, excluded.name, excluded.state, excluded.eta_minutes)`
}
