// What all that goes out by a person's decision needs of its room.

import type { Action, Viewer } from '../../domain/access'
import type { Refusal } from '../../domain/command'
import {
  type Incident,
  type IncidentSummary,
  regionsOf,
  type ShownPosition,
  shownPosition,
} from '../../domain/incident'
import type { FreshPosition } from '../../domain/position-source'
import { freshest } from '../../domain/position-source'
import type { RegionId } from '../../domain/region'
import type { Answer } from '../contract'
import type { Ledger } from '../ledger'
import type { Pages } from '../pages'

export type OutwardParts = {
  books: Ledger
  pages: Pick<Pages, 'send' | 'stop'>
  /** Where its vehicle or phone was heard after the press. */
  heard(incidentId: string): FreshPosition | null
  refuses(viewer: Viewer, action: Action, regions: RegionId[]): Refusal | null
}

export const UNKNOWN: Refusal = {
  code: 'not_found',
  reason: 'unknown_incident',
  message: 'There is no such incident.',
}

export const conflict = (reason: string, message: string): Refusal => ({ code: 'conflict', reason, message })
export const invalid = (reason: string, message: string): Refusal => ({ code: 'invalid', reason, message })

/** The freshest place that is known of it. */
export const placeOf = ({ heard }: OutwardParts, incident: Incident): ShownPosition | null =>
  freshest(incident.position && shownPosition(incident.position), heard(incident.id))?.position ?? null

/** Finds the incident and asks for the right to it, then does what was asked in one transaction. */
export function decideOn(
  { books, refuses }: OutwardParts,
  incidentId: string,
  viewer: Viewer,
  act: (incident: Incident) => Refusal | null,
): Answer {
  const incident = books.incidents.find(incidentId)
  if (!incident) return { ok: false, refusal: UNKNOWN }
  const refusal = refuses(viewer, 'handoff:do', regionsOf(incident))
  if (refusal) return { ok: false, refusal }
  if (incident.flags.includes('drill'))
    return { ok: false, refusal: conflict('drill', 'A drill: nobody outside the tower is told.') }
  const refused = books.transact(() => act(incident))
  const summary = books.incidents.summary(incidentId) as IncidentSummary
  return refused ? { ok: false, refusal: refused, incident: summary } : { ok: true, incident: summary }
}
