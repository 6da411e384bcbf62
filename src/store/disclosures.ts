// What was given to whom, on whose decision. Nobody who holds the Worker's account can unwrite it.

import { type SQL, sql } from 'drizzle-orm'
import { json } from '../../drizzle/schema/columns'
import type { Disclosure } from '../domain/outward-record'
import type { RegionId } from '../domain/region'
import type { Db } from './postgres'
import { bodies, ms, time } from './rows'

/** Safe to repeat: one that is known changes nothing. */
export async function recordDisclosure(db: Db, one: Disclosure): Promise<void> {
  const { recipient, by } = one
  await db.execute(sql`
    INSERT INTO disclosure (id, region, incident_id, at, recipient_kind, recipient_id, recipient_name, way, sent, decided_by,
      decided_by_name)
    VALUES (${one.id}::uuid, ${one.region}, ${one.incidentId}, ${time(one.at)}, ${recipient.kind}, ${recipient.id},
      ${recipient.name}, ${one.way}, ${json(one.sent)}, ${by.uid}, ${by.name})
    ON CONFLICT (id) DO NOTHING`)
}

/** Of one incident, oldest first; or of a region in [from, until) (epoch ms), newest first. */
export async function listDisclosures(
  db: Db,
  of: { incidentId: string } | { region: RegionId; from: number; until: number },
  limit: number,
): Promise<Disclosure[]> {
  const which: SQL =
    'incidentId' in of
      ? sql`incident_id = ${of.incidentId} ORDER BY at, id`
      : sql`region = ${of.region} AND at >= ${time(of.from)} AND at < ${time(of.until)} ORDER BY at DESC, id`
  return bodies(await db.execute(sql`SELECT ${DISCLOSURE} AS body FROM disclosure WHERE ${which} LIMIT ${limit}`))
}

const DISCLOSURE = sql.raw(`jsonb_build_object('id', id, 'region', region, 'incidentId', incident_id, 'at', ${ms('at')},
  'recipient', jsonb_build_object('kind', recipient_kind, 'id', recipient_id, 'name', recipient_name), 'way', way,
  'sent', sent, 'by', jsonb_build_object('uid', decided_by, 'name', decided_by_name))`)
