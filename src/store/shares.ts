// Live-location links: who got one, what it shows, until when, and who has opened it. What opens a link is kept as a hash alone.

import { sql } from 'drizzle-orm'
import { json } from '../../drizzle/schema/columns'
import type { ShareLink, ShareView } from '../domain/outward-record'
import type { Db } from './postgres'
import { bodies, ms, time, touched } from './rows'

/** Safe to repeat: the first stands. */
export async function createShare(db: Db, link: ShareLink): Promise<void> {
  await db.execute(sql`
    INSERT INTO share_link (id, region, incident_id, token_hash, code_hash, recipient, granted, made_by, made_at, expires_at,
      revoked_at, revoked_by)
    VALUES (${link.id}::uuid, ${link.region}, ${link.incidentId}, ${link.tokenHash}, ${link.codeHash}, ${link.recipient},
      ARRAY(SELECT jsonb_array_elements_text(${json(link.granted)})), ${link.madeBy}, ${time(link.madeAt)},
      ${time(link.expiresAt)}, ${time(link.revokedAt)}, ${link.revokedBy})
    ON CONFLICT (id) DO NOTHING`)
}

/** Also one that has expired or was revoked: who asks decides what is said of it. */
export async function shareByTokenHash(db: Db, tokenHash: string): Promise<ShareLink | null> {
  const found = await db.execute(sql`SELECT ${LINK} AS body FROM share_link WHERE token_hash = ${tokenHash}`)
  return bodies<ShareLink>(found)[0] ?? null
}

/** False where there is none. Revoking twice changes nothing. */
export async function revokeShare(db: Db, id: string, by: string, at: number): Promise<boolean> {
  return touched(
    await db.execute(sql`
      UPDATE share_link SET revoked_at = coalesce(revoked_at, ${time(at)}), revoked_by = coalesce(revoked_by, ${by})
      WHERE id = ${id}::uuid RETURNING id`),
  )
}

/** Safe to repeat. */
export async function recordShareView(db: Db, view: ShareView): Promise<void> {
  await db.execute(sql`
    INSERT INTO share_view (id, region, link_id, at, ip_hash, agent)
    VALUES (${view.id}::uuid, ${view.region}, ${view.linkId}::uuid, ${time(view.at)}, ${view.ipHash}, ${view.agent})
    ON CONFLICT (id) DO NOTHING`)
}

/** An incident's links, newest first, each with how often it was opened and when last (epoch ms). */
export async function listShares(
  db: Db,
  incidentId: string,
): Promise<(ShareLink & { views: number; lastViewAt: number | null })[]> {
  return bodies(
    await db.execute(sql`
      SELECT ${LINK} || jsonb_build_object('views', seen.views, 'lastViewAt', seen.last) AS body
      FROM share_link, LATERAL (
        SELECT count(*) AS views, ${sql.raw(ms('max(at)'))} AS last FROM share_view WHERE link_id = share_link.id
      ) AS seen
      WHERE incident_id = ${incidentId} ORDER BY made_at DESC, id`),
  )
}

const LINK = sql.raw(`jsonb_build_object('id', id, 'region', region, 'incidentId', incident_id, 'tokenHash', token_hash,
  'codeHash', code_hash, 'recipient', recipient, 'granted', to_jsonb(granted), 'madeBy', made_by,
  'madeAt', ${ms('made_at')}, 'expiresAt', ${ms('expires_at')}, 'revokedAt', ${ms('revoked_at')}, 'revokedBy', revoked_by)`)
