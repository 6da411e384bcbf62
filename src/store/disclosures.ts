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

/** `incident`: its long id, or its code, which begins anew each day. `after`: those that come behind this one in the list. */
export type DisclosuresAsked = {
  region: RegionId
  from: number
  until: number
  kind?: Disclosure['recipient']['kind']
  recipientId?: string
  incident?: { id: string } | { code: string }
  after?: Pick<Disclosure, 'at' | 'id'>
}

/** With the code of its incident; null where the archive does not have that yet. */
export type ListedDisclosure = Disclosure & { code: string | null }

/** Of a region in [from, until) (epoch ms), newest first. */
export async function listDisclosures(db: Db, asked: DisclosuresAsked, limit: number): Promise<ListedDisclosure[]> {
  const { region, from, until, kind, recipientId, incident, after } = asked
  const which: SQL[] = [sql`d.region = ${region} AND d.at >= ${time(from)} AND d.at < ${time(until)}`]
  if (kind) which.push(sql`d.recipient_kind = ${kind}`)
  if (recipientId) which.push(sql`d.recipient_id = ${recipientId}`)
  if (incident) which.push('id' in incident ? sql`d.incident_id = ${incident.id}` : sql`i.code = ${incident.code}`)
  if (after) which.push(sql`(d.at, d.id) < (${time(after.at)}, ${after.id}::uuid)`)
  return bodies(
    await db.execute(sql`
      SELECT ${DISCLOSURE} AS body FROM disclosure d LEFT JOIN incident i ON i.id = d.incident_id
      WHERE ${sql.join(which, sql` AND `)} ORDER BY d.at DESC, d.id DESC LIMIT ${limit}`),
  )
}

const DISCLOSURE = sql.raw(`jsonb_build_object('id', d.id, 'region', d.region, 'incidentId', d.incident_id,
  'code', i.code, 'at', ${ms('d.at')},
  'recipient', jsonb_build_object('kind', d.recipient_kind, 'id', d.recipient_id, 'name', d.recipient_name),
  'way', d.way, 'sent', d.sent, 'by', jsonb_build_object('uid', d.decided_by, 'name', d.decided_by_name))`)
