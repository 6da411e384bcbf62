// The archive of every try of every way out, and what providers and networks made of them.

import { sql } from 'drizzle-orm'
import { json } from '../../drizzle/schema/columns'
import type { Attempt, Channel } from '../domain/page'
import type { RegionId } from '../domain/region'
import type { Db } from './postgres'
import { bodies } from './rows'

/**
 * All of them or, where it throws, none. Safe to repeat, in any order: an attempt gives way only to one that has come as far or
 * further, and no time that was written is lost.
 */
export async function saveAttempts(db: Db, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length === 0) return
  await db.execute(sql`
    INSERT INTO attempt AS kept (id, region, page_id, incident_id, reason, step, contact_id, contact_name, channel, provider,
      network, sent_to, n, state, error, answer, drill, began_at, times)
    SELECT DISTINCT ON (id) id, region, "pageId", "incidentId", reason, step, contact ->> 'id', contact ->> 'name', channel,
      provider, network, "to", n, state, error, answer, drill,
      to_timestamp(coalesce((SELECT min(value::float8) FROM jsonb_each_text(at)), 0) / 1000), at
    FROM jsonb_to_recordset(${json(attempts.map((attempt, place) => ({ ...attempt, place })))}) AS row(
      id text, region text, "pageId" text, "incidentId" text, reason text, step text, contact jsonb, channel text,
      provider text, network text, "to" text, n integer, state text, error text, answer text, drill boolean, at jsonb,
      place integer)
    ORDER BY id, attempt_rank(state) DESC, place DESC
    ON CONFLICT (id) DO UPDATE SET (provider, network, state, error, answer, times, began_at) =
      ROW (excluded.provider, coalesce(excluded.network, kept.network), excluded.state, excluded.error,
        coalesce(excluded.answer, kept.answer), kept.times || excluded.times, least(kept.began_at, excluded.began_at))
    WHERE attempt_rank(excluded.state) >= attempt_rank(kept.state)`)
}

/** All of an incident's, oldest first. */
export async function attemptsOf(db: Db, incidentId: string, limit: number): Promise<Attempt[]> {
  return bodies(
    await db.execute(sql`
      SELECT ${ATTEMPT} AS body FROM attempt WHERE incident_id = ${incidentId} ORDER BY began_at, id LIMIT ${limit}`),
  )
}

/** Of one channel, provider and network. Times are from the call to the network's word, null where nothing was delivered. */
export type Delivery = {
  channel: Channel
  provider: string | null
  network: string | null
  /** Handed to a provider, or tried. */
  sent: number
  delivered: number
  undelivered: number
  failed: number
  answered: number
  p50Ms: number | null
  p99Ms: number | null
}

/** Attempts that began in [from, until), epoch ms; drills are left out. */
export async function deliveryReport(
  db: Db,
  { region, from, until }: { region: RegionId; from: number; until: number },
): Promise<Delivery[]> {
  return bodies(
    await db.execute(sql`
      SELECT jsonb_build_object('channel', channel, 'provider', provider, 'network', network, 'sent', sent,
        'delivered', delivered, 'undelivered', undelivered, 'failed', failed, 'answered', answered,
        'p50Ms', round(p50), 'p99Ms', round(p99)) AS body
      FROM (
        SELECT channel, provider, network,
          count(*) FILTER (WHERE was_sent) AS sent,
          count(*) FILTER (WHERE was_delivered) AS delivered,
          count(*) FILTER (WHERE state = 'undelivered') AS undelivered,
          count(*) FILTER (WHERE state = 'failed') AS failed,
          count(*) FILTER (WHERE state = 'answered') AS answered,
          array_agg(took_ms) FILTER (WHERE took_ms IS NOT NULL) AS times
        FROM attempt
        WHERE region = ${region} AND NOT drill AND began_at >= to_timestamp(${from}::float8 / 1000)
          AND began_at < to_timestamp(${until}::float8 / 1000)
        GROUP BY channel, provider, network) AS way,
      -- Percentiles in the grouping itself would have all rows sorted by three texts first.
      LATERAL (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS p50,
          percentile_cont(0.99) WITHIN GROUP (ORDER BY took) AS p99
        FROM unnest(times) AS took) AS spread
      ORDER BY channel, provider NULLS LAST, network NULLS LAST`),
  )
}

const ATTEMPT = sql.raw(`jsonb_build_object('id', id, 'pageId', page_id, 'incidentId', incident_id, 'region', region,
  'reason', reason, 'step', step, 'contact', jsonb_build_object('id', contact_id, 'name', contact_name),
  'channel', channel, 'provider', provider, 'network', network, 'to', sent_to, 'n', n, 'state', state, 'error', error,
  'answer', answer, 'drill', drill, 'at', times)`)
