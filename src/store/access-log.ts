// Who opened what shows where a person was, and what for. Written before anything is shown.

import { sql } from 'drizzle-orm'
import type { Action } from '../domain/access'
import type { RegionId } from '../domain/region'
import type { Db } from './postgres'

export type Access = {
  region: RegionId
  actorUid: string
  action: Action
  /** As `device:ncr-0047`. */
  subject: string
  /** In the words of whoever looks, or the incident that they look for. At least 3 characters. */
  purpose: string
}

/** Throws where it could not be written: then nothing may be shown. */
export async function noteAccess(db: Db, { region, actorUid, action, subject, purpose }: Access): Promise<void> {
  await db.execute(sql`
    INSERT INTO access_log (region, actor_uid, action, subject, purpose)
    VALUES (${region}, ${actorUid}, ${action}, ${subject}, ${purpose})`)
}
