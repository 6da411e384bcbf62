// What the presser's side may read about its own press. One function decides it, and every outward path goes through it:
// status addresses, the lifeline, replies to apps, and all that later reaches the presser.

import type { Incident } from './incident'

/** Times are epoch ms here and ISO 8601 at the doors. */
export type PhoneView = {
  state: 'received' | 'shown' | 'taken' | 'help_asked' | 'help_on_the_way' | 'safe' | 'closed' | 'cancelled'
  receivedAt: number
  shownAt?: number
  takenAt?: number
  /** The desk's alias, never a person's name. */
  desk?: string
  helpOnTheWayAt?: number
  closedAt?: number
  /** 30 s passed and nobody has taken it: "if it is safe to call, call 911". */
  offer911?: true
  /** In a storm, while nobody has taken it: so many wait before it. */
  inLine?: { ahead: number }
}

export type Outward = 'status' | 'lifeline' | 'app_reply' | 'call' | 'text' | 'push' | 'contacts' | 'share' | 'area'

/** How much may reach the presser's side by this way. `neutral`: the same bytes whatever has happened. */
export function mayReachPresser(
  incident: Pick<Incident, 'contactPolicy' | 'duress'>,
  way: Outward,
): 'nothing' | 'neutral' | 'open' {
  if (incident.contactPolicy === 'voice_ok' && !incident.duress) return 'open'
  // A pull that the phone itself began gets an answer that tells nothing; nothing is ever sent on our own account.
  return way === 'status' || way === 'app_reply' ? 'neutral' : 'nothing'
}

/** What an answer to a press says before any room knows it, and for ever where the incident is quiet. */
export const neutralView = (receivedAt: number): PhoneView => ({ state: 'received', receivedAt })

/** What an answer says after a PIN, the true one and the one under duress alike. */
export const cancelledView = (receivedAt: number): PhoneView => ({ state: 'cancelled', receivedAt })

/**
 * What the phone of one press of this incident may read now. Deterministic: the same incident, the same bytes. `ahead`: how
 * many wait before it, where there is a storm.
 */
export function phoneViewOf(
  incident: Incident,
  press: { receivedAt: number; cancelled: boolean },
  ahead: number | null = null,
): PhoneView {
  // A PIN was accepted: the true one and the one under duress read alike, for good.
  if (incident.duress || press.cancelled) return cancelledView(press.receivedAt)
  if (mayReachPresser(incident, 'status') !== 'open') return neutralView(press.receivedAt)
  const view: PhoneView = { state: 'received', receivedAt: press.receivedAt }
  if (incident.shownAt !== null) Object.assign(view, { state: 'shown', shownAt: incident.shownAt })
  if (incident.offered911At !== null && incident.state === 'new') view.offer911 = true
  if (ahead !== null && incident.state === 'new' && incident.owner === null) view.inLine = { ahead }
  // Back in the queue: nobody has it now, and the phone is not told otherwise.
  if (incident.takenAt !== null && incident.state !== 'new')
    Object.assign(view, { state: 'taken', takenAt: incident.takenAt })
  if (incident.owner) view.desk = incident.owner.alias
  if (incident.state === 'help_asked') view.state = 'help_asked'
  if (incident.helpOnTheWayAt !== null)
    Object.assign(view, { state: 'help_on_the_way', helpOnTheWayAt: incident.helpOnTheWayAt })
  if (incident.state === 'safe') view.state = 'safe'
  if (incident.closedAt !== null) Object.assign(view, { state: 'closed', closedAt: incident.closedAt })
  return view
}
