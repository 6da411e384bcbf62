// What others may ask of a room about everything that leaves the tower by a person's decision: hand-offs to agencies, the
// driver's own contacts, live-location links, messages to the driver. Behind `RoomRpc.outward`. It only grows.

import type { Viewer } from '../domain/access'
import type { Agency } from '../domain/agency'
import type { Refusal } from '../domain/command'
import type { AgencyStatus, HandOff, HandOffTold } from '../domain/handoff'
import type { IncidentSummary } from '../domain/incident'
import type { Seen, SharedView, ShareMade, ShareShown, ShareWish } from '../domain/share'
import type { Answer } from './contract'

export type KinTold = { contactIds: string[]; stage: 'pressed' | 'safe' }

/** A contact of the driver. `mayTell` is null where it may be told now, else why not. */
export type KinShown = {
  id: string
  name: string
  relation: string
  phone: string
  told: { stage: 'pressed' | 'safe'; at: number }[]
  mayTell: Refusal | null
}

/** All that the sheets of an incident need, from the room's own copy. */
export type OutwardDesk = {
  incident: IncidentSummary
  agencies: Agency[]
  handOffs: HandOff[]
  /** Null where no driver is known. */
  kin: KinShown[] | null
  shares: ShareShown[]
}

export type ShareAnswer = { ok: true; share: ShareMade } | { ok: false; refusal: Refusal; incident?: IncidentSummary }

/** `none`: never there, or forgotten. `gone`: expired or revoked, or its incident is over. */
export type Opened = { is: 'open'; view: SharedView } | { is: 'gone' } | { is: 'none' }

export interface OutwardRpc {
  /** Null where there is no such incident, or the viewer may not see it. */
  desk(incidentId: string, viewer: Viewer): Promise<OutwardDesk | null>
  /** A person has told an agency, or lets our machine tell its. */
  handOff(incidentId: string, told: HandOffTold, viewer: Viewer): Promise<Answer>
  tellKin(incidentId: string, told: KinTold, viewer: Viewer): Promise<Answer>
  message(incidentId: string, text: string, viewer: Viewer): Promise<Answer>
  share(incidentId: string, wish: ShareWish, viewer: Viewer): Promise<ShareAnswer>
  revokeShare(incidentId: string, shareId: string, viewer: Viewer): Promise<Answer>
  /** What this token may read now. Whoever looked is written down. */
  shareView(token: string, seen: Seen): Promise<Opened>
  /** A token for a spoken code. Null where there is no such code, or too many were tried just now. */
  openByCode(code: string, seen: Seen): Promise<string | null>
  /** What an agency's machine says of its unit, its signature verified. Repeats and steps back change nothing. */
  agencyStatus(handOffId: string, status: AgencyStatus): Promise<'applied' | 'unchanged' | 'unknown'>
}
