// Drills with what each of those that were tried did, and area broadcasts with what phones answered.

import { sql } from 'drizzle-orm'
import { json } from '../../drizzle/schema/columns'
import type { Broadcast, BroadcastAnswer, DrillRecord, DrillResult } from '../domain/outward-record'
import type { RegionId } from '../domain/region'
import type { Db } from './postgres'
import { bodies, ms, time } from './rows'

/** New, or how it ended: one that has ended does not begin again. Safe to repeat. */
export async function saveDrill(db: Db, drill: DrillRecord): Promise<void> {
  await db.execute(sql`
    INSERT INTO drill AS kept (id, region, ref, kind, subject, started_by, at, until_at, ended_at, passed, note)
    VALUES (${drill.id}::uuid, ${drill.region}, ${drill.ref}, ${drill.kind}, ${drill.subject}, ${drill.by},
      ${time(drill.at)}, ${time(drill.until)}, ${time(drill.endedAt)}, ${drill.passed}, ${drill.note})
    ON CONFLICT (id) DO UPDATE SET (until_at, ended_at, passed, note) =
      ROW (excluded.until_at, excluded.ended_at, excluded.passed, excluded.note)
    WHERE kept.ended_at IS NULL OR excluded.ended_at IS NOT NULL`)
}

/** The later of two of one subject stands. Its drill must be there. Safe to repeat. */
export async function saveDrillResult(db: Db, result: DrillResult): Promise<void> {
  await db.execute(sql`
    INSERT INTO drill_result AS kept (drill_id, subject, region, name, passed, took_ms, why, app_version, at)
    VALUES (${result.drillId}::uuid, ${result.subject}, ${result.region}, ${result.name}, ${result.passed},
      ${result.tookMs}, ${result.why}, ${result.appVersion}, ${time(result.at)})
    ON CONFLICT (drill_id, subject) DO UPDATE SET (name, passed, took_ms, why, app_version, at) =
      ROW (excluded.name, excluded.passed, excluded.took_ms, excluded.why, excluded.app_version, excluded.at)
    WHERE kept.at <= excluded.at`)
}

/** Newest first, each with its results by name. */
export async function listDrills(
  db: Db,
  region: RegionId,
  limit: number,
): Promise<(DrillRecord & { results: DrillResult[] })[]> {
  return bodies(
    await db.execute(sql`
      SELECT ${DRILL} || jsonb_build_object('results', coalesce(own.results, '[]')) AS body
      FROM drill AS d, LATERAL (
        SELECT jsonb_agg(${RESULT} ORDER BY r.name, r.subject) AS results FROM drill_result AS r WHERE r.drill_id = d.id
      ) AS own
      WHERE d.region = ${region} ORDER BY d.at DESC, d.id LIMIT ${limit}`),
  )
}

/** New, or with newer counts, or cancelled. Safe to repeat; what was cancelled stays so. */
export async function saveBroadcast(db: Db, sent: Broadcast): Promise<void> {
  await db.execute(sql`
    INSERT INTO broadcast AS kept (id, region, ref, area, text, counts, sent_by, at, expires_at, cancelled_at, cancelled_by)
    VALUES (${sent.id}::uuid, ${sent.region}, ${sent.ref}, ${json(sent.area)}, ${sent.text}, ${json(sent.counts)},
      ${sent.by}, ${time(sent.at)}, ${time(sent.expiresAt)}, ${time(sent.cancelledAt)}, ${sent.cancelledBy})
    ON CONFLICT (id) DO UPDATE SET (counts, expires_at, cancelled_at, cancelled_by) =
      ROW (excluded.counts, excluded.expires_at, coalesce(kept.cancelled_at, excluded.cancelled_at),
        coalesce(kept.cancelled_by, excluded.cancelled_by))`)
}

/** The later of two of one phone stands. Its broadcast must be there. Safe to repeat. */
export async function saveBroadcastAnswer(db: Db, answer: BroadcastAnswer): Promise<void> {
  await db.execute(sql`
    INSERT INTO broadcast_answer AS kept (broadcast_id, device_id, region, answer, at)
    VALUES (${answer.broadcastId}::uuid, ${answer.deviceId}, ${answer.region}, ${answer.answer}, ${time(answer.at)})
    ON CONFLICT (broadcast_id, device_id) DO UPDATE SET (answer, at) = ROW (excluded.answer, excluded.at)
    WHERE kept.at <= excluded.at`)
}

/** Newest first, each with how many phones answered what. */
export async function listBroadcasts(
  db: Db,
  region: RegionId,
  limit: number,
): Promise<(Broadcast & { answers: Record<string, number> })[]> {
  return bodies(
    await db.execute(sql`
      SELECT ${BROADCAST} || jsonb_build_object('answers', coalesce(own.answers, '{}')) AS body
      FROM broadcast AS b, LATERAL (
        SELECT jsonb_object_agg(answer, count) AS answers FROM (
          SELECT answer, count(*) AS count FROM broadcast_answer WHERE broadcast_id = b.id GROUP BY answer
        ) AS counted
      ) AS own
      WHERE b.region = ${region} ORDER BY b.at DESC, b.id LIMIT ${limit}`),
  )
}

const DRILL = sql.raw(`jsonb_build_object('id', d.id, 'region', d.region, 'ref', d.ref, 'kind', d.kind,
  'subject', d.subject, 'by', d.started_by, 'at', ${ms('d.at')}, 'until', ${ms('d.until_at')},
  'endedAt', ${ms('d.ended_at')}, 'passed', d.passed, 'note', d.note)`)
const RESULT = sql.raw(`jsonb_build_object('drillId', r.drill_id, 'region', r.region, 'subject', r.subject,
  'name', r.name, 'passed', r.passed, 'tookMs', r.took_ms, 'why', r.why, 'appVersion', r.app_version, 'at', ${ms('r.at')})`)
const BROADCAST =
  sql.raw(`jsonb_build_object('id', b.id, 'region', b.region, 'ref', b.ref, 'area', b.area, 'text', b.text,
  'counts', b.counts, 'by', b.sent_by, 'at', ${ms('b.at')}, 'expiresAt', ${ms('b.expires_at')},
  'cancelledAt', ${ms('b.cancelled_at')}, 'cancelledBy', b.cancelled_by)`)
