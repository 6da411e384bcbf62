// What Z takes back within 10 s: an act that answers the act, for what is in the log stays in the log.

import type { ActType } from '../../../src/domain/command'
import type { IncidentSummary } from '../../../src/domain/incident'

export const UNDO_MS = 10_000

/** `retake`: it was ours before, and reopening gives it to nobody. */
export type Undo = { incidentId: string; act: ActType; fields: Record<string, string>; retake?: true }

/** Null where nothing can be taken back: a call that was made, a note, a responder who was asked. */
export function undoOf(act: string, sent: Record<string, string>, before: IncidentSummary): Undo | null {
  const incidentId = before.id
  switch (act) {
    case 'take':
      return { incidentId, act: 'pass', fields: {} }
    case 'priority':
      return { incidentId, act: 'priority', fields: { priority: before.priority } }
    case 'contact-policy':
      // Going back to quiet is always safe. Going back to voice needs its own reason, so it is not one key.
      return before.contactPolicy === 'quiet'
        ? { incidentId, act: 'contact-policy', fields: { policy: 'quiet', reason: 'undo' } }
        : null
    case 'safe':
    case 'close':
    case 'false-alarm':
      return { incidentId, act: 'reopen', fields: { reason: 'undo' }, ...(before.owner ? { retake: true } : {}) }
    case 'link':
      return sent.otherId ? { incidentId, act: 'unlink', fields: { otherId: sent.otherId } } : null
    case 'unlink':
      return sent.otherId ? { incidentId, act: 'link', fields: { otherId: sent.otherId } } : null
    case 'merge':
      return { incidentId, act: 'unmerge', fields: {} }
    default:
      return null
  }
}
