// The one big button of an incident: what comes next for the person who looks at it.
// Take, contact, 911, send, confirm safe, close. Skipping ahead is always possible with the other buttons.

import { may, type Viewer } from '../../src/domain/access'
import type { LogEvent } from '../../src/domain/event'
import { type IncidentSummary, regionsOf } from '../../src/domain/incident'
import { isUntaken } from './card-view'

export type Step = 'take' | 'contact' | 'script' | 'send' | 'safe' | 'close' | 'second' | 'held' | 'look' | 'none'

export function nextStep(incident: IncidentSummary, events: readonly LogEvent[], viewer: Viewer): Step {
  if (!may(viewer, 'incident:act', regionsOf(incident))) return 'look'
  if (incident.pending && incident.pending.by !== viewer.uid) return 'second'
  if (incident.state === 'closed' || incident.state === 'false_alarm' || incident.state === 'duplicate') return 'none'
  if (isUntaken(incident)) return 'take'
  if (incident.state === 'cancelled' || incident.state === 'safe') return incident.pending ? 'none' : 'close'
  if (incident.owner && incident.owner.uid !== viewer.uid) return 'held'
  // A quiet driver is not called: after taking, the next step is help.
  if (incident.contactPolicy === 'voice_ok' && !tried(events, ['driver', 'contact'])) return 'contact'
  if (!tried(events, ['agency'])) return 'script'
  // Being told is not yet coming: somebody of ours is asked as well.
  if (!incident.legs.some((leg) => leg.state !== 'declined' && !isAgencys(leg))) return 'send'
  return 'safe'
}

/** True where a contact with one of these was tried since the incident last began. */
export function tried(events: readonly LogEvent[], whom: readonly string[]): boolean {
  let found = false
  for (const { type, body } of events) {
    if (type === 'reopened') found = false
    else if (type === 'contact_tried' && whom.includes(String(body?.to))) found = true
    else if (type === 'handed_off' && whom.includes('agency')) found = true
  }
  return found
}

/** Of an agency that was told and has not yet said that it comes. */
const isAgencys = ({ ref, state }: IncidentSummary['legs'][number]): boolean =>
  ref?.startsWith('agency:') === true && state === 'asked'
