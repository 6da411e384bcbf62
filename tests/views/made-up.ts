// Incidents as screens get them, for the tests of views.

import type { IncidentSummary } from '../../src/domain/incident'
import { sampleIncident } from '../../views/design/sample'

let made = 0

/** A new quiet P1 that nobody holds, received at 13:14:09Z; each has an id and a seq of its own. */
export function summary(change: Partial<IncidentSummary> = {}): IncidentSummary {
  made++
  return sampleIncident({ id: `id-${String(made).padStart(4, '0')}`, seq: made, ...change })
}

export const ownedBy = (uid: string): Pick<IncidentSummary, 'owner' | 'state'> => ({
  state: 'taken',
  owner: { uid, name: uid, initials: 'XX', alias: 'Desk 1', at: '2026-11-22T13:14:10.000Z' },
})
