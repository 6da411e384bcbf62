// What others may ask of a region's room over RPC. It only grows: during a deploy two versions run at once.

import type { Viewer } from '../domain/access'
import type { Act, NewByPhone, Refusal } from '../domain/command'
import type { CoverageHeed, CoverageReport, ShownNotice } from '../domain/coverage'
import type { DirectoryRow, UserRow, VehicleCard } from '../domain/directory'
import type { LogEvent } from '../domain/event'
import type { IncidentSummary, State } from '../domain/incident'
import type { PhoneView } from '../domain/phone-view'
import type { Position } from '../domain/position'
import type { FreshPosition } from '../domain/position-source'
import type { Press, UnverifiedPress } from '../domain/press'
import type { RegionId } from '../domain/region'
import type { Report } from '../domain/report'
import type { IncidentSource, SourceMoved } from '../domain/separation'
import type { Hint, ShownCheck } from '../domain/welfare'
import type { AreasRpc } from './areas-contract'
import type { DrillsRpc } from './drills-contract'
import type { Moved } from './moving'
import type { OutwardRpc } from './outward-contract'
import type { PagingRpc, TakenOver } from './paging-contract'
import type { StormRpc, StormSeen } from './storm-contract'

export type { IncidentSource, SourceMoved } from '../domain/separation'

/** What an intake has for its room, oldest first. Repeating a batch is safe. */
export type IntakeBatch = {
  intake: string
  presses: Press[]
  cancels: CancelNote[]
  unverified: { count: number; latest: UnverifiedPress[] } | null
  /** Set when a canary rides along: it is answered, and leaves no trace. */
  canary: string | null
  /** Newest directory version that the intake has. */
  directoryVersion: number
  /** Presses beyond the third of a device in 10 s. A reply that comes at all says that the room has them. */
  folds?: Fold[]
  /** Whom the intake has told of presses of this batch while the room was away, by the courier. */
  paged?: { sosId: string; contactIds: string[]; at: number }[]
}

/**
 * Further presses of a device that changed nothing but count, last position and time of a press the room gets as
 * such. `count` is their number so far, so an older or repeated fold changes nothing.
 */
export type Fold = {
  sosId: string
  deviceId: string
  count: number
  lastAt: number
  position: Position | null
  note: string | null
}

/** A cancel that the intake has judged. Only `true` ends anything. */
export type CancelNote = {
  sosId: string
  deviceId: string
  verdict: 'true' | 'duress' | 'wrong'
  at: number
  n: number
}

export type BatchReply = {
  /** sosIds and cancels that the room has durably: the intake may stop sending them. */
  confirmed: string[]
  cancels: number[]
  statuses: StatusPush[]
  /** Devices and the duty card, newer than the intake's version; `more` where there is more to ask for. */
  directory: DirectoryRow[]
  directoryVersion: number
  more: boolean
  canary: string | null
}

/** What the phone of this press may read now. `version` is the room's seq: an older push changes nothing. */
export type StatusPush = {
  sosId: string
  deviceId: string
  view: PhoneView
  version: number
  duress: boolean
  /** The room's epoch. Where it is another than that of the last push, versions have begun anew. */
  epoch?: string
}

/** One event on its way to Postgres, with its incident as it is now. */
export type OutboxRow = { event: LogEvent; incident: IncidentSummary | null }

export type At = { epoch: string; seq: number }
/** `open`, `untaken`: how many are so in all, beyond what was listed. */
export type Listing = { incidents: IncidentSummary[]; at: At; open?: number; untaken?: number }
/**
 * `heard`: where its vehicle or phone was heard after the press; null where it was not. `sources`: where each of its devices
 * was heard last, the one that pressed first.
 */
export type IncidentFile = {
  incident: IncidentSummary
  events: LogEvent[]
  at: At
  heard?: FreshPosition | null
  sources?: IncidentSource[]
}
export type Answer =
  | { ok: true; incident: IncidentSummary }
  | { ok: false; refusal: Refusal; incident?: IncidentSummary }

export type ListQuery = {
  /** `open` (default), `queue` (open and cancelled-to-verify), `all`, or one state. */
  status: 'open' | 'queue' | 'all' | State
  /** Words of code, plate, conduction sticker, driver's name, phone or device. */
  q: string | null
  limit: number
}

/** What a fleet shard noticed since it last said so. `words`: devices heard after their hint; `moved`: long stops that are over. */
export type FleetWelfare = { hints: Hint[]; words: { deviceId: string; at: number }[]; moved: string[] }

/** What stands beside the queue and is no alarm. `asking`: questions that wait for their phones. */
/** `takenOver`: who looks after this region, where it is not itself; `lookingAfter`: regions that it looks after. */
export type Notices = { notices: ShownNotice[]; checks: ShownCheck[]; asking: number } & Partial<StormSeen> & {
    takenOver?: TakenOver | null
    lookingAfter?: readonly TakenOver[]
  }

/** What people do to a check. `raise`: makes it an incident now. `undo` takes back `aside`. */
export type CheckAct = 'aside' | 'raise' | 'undo'
/** `incident`: what a raised check became. */
export type CheckAnswer = { ok: true; check: ShownCheck; incidentId: string | null } | { ok: false; refusal: Refusal }

export type RoomHealth = {
  region: RegionId
  epoch: string
  seq: number
  open: number
  untaken: number
  watching: number
  free: number
  screens: number
  outbox: number
  parked: number
  archivedSeq: number
  directoryVersion: number
  lastCanaryAt: number | null
  /** Made, and not yet with a courier. */
  pagesWaiting?: number
  /** Incidents that waited for somebody without a timer, mended just now: always 0 but for a fault of ours. */
  rearmed?: number
  now: number
}

/** Whose phone a text came from: the device that its driver presses with. */
export type PhoneDevice = { deviceId: string; home: RegionId; generation: number }

export type VehicleNear = {
  deviceId: string
  vehicle: VehicleCard | null
  /** It presses itself, or is the subject of an open incident: nobody asks it for help. */
  inIncident: boolean
  /** The incident that a leg of it goes to, or is asked for; null where it is free. */
  askedFor: string | null
}

export interface RoomRpc {
  /** Hand-offs to agencies, the driver's contacts, live-location links, messages to the driver. */
  readonly outward: OutwardRpc
  /** Storm, NEXT, situations, and what pressers answer. */
  readonly storm: StormRpc
  readonly paging: PagingRpc
  /** Broadcasts to an area, and what phones say to messages of ours. */
  readonly areas: AreasRpc
  /** Who is tried as if it were real, and what came of it. */
  readonly drills: DrillsRpc
  /** Takes an intake's batch: one transaction, then the answer. */
  receive(batch: IntakeBatch): Promise<BatchReply>
  /** What fleet shards hear of devices with an open incident: told to screens, kept nowhere. */
  moved(reports: Report[]): Promise<void>
  /** Another room says where vehicles are whose cards are here, too. */
  movedElsewhere(moved: Moved[], sources: SourceMoved[]): Promise<void>
  /** Where devices of a fleet shard fell silent. Repeats and later ones replace what was said before. */
  coverage(report: CoverageReport): Promise<CoverageHeed>
  /** Whom people may have to ask after. Repeating it changes nothing. */
  welfare(news: FleetWelfare): Promise<void>
  /** The phone's own "I am OK". False where there is no such check of this device. */
  checkOk(checkId: string, deviceId: string): Promise<boolean>
  notices(viewer: Viewer): Promise<Notices>
  checkAct(checkId: string, act: CheckAct, viewer: Viewer): Promise<CheckAnswer>
  act(incidentId: string, act: Act, viewer: Viewer): Promise<Answer>
  create(input: NewByPhone, viewer: Viewer): Promise<Answer>
  list(query: ListQuery, viewer: Viewer): Promise<Listing>
  /** Null where this room knows no such incident. */
  file(incidentId: string, viewer: Viewer): Promise<IncidentFile | null>
  /** What is known of these devices as helpers; those that this room's directory does not have are left out. */
  vehiclesNear(deviceIds: string[]): Promise<VehicleNear[]>
  /** The device of the driver with this number (E.164); null where this room's directory has none. */
  deviceOfPhone(phone: string): Promise<PhoneDevice | null>
  /** Writes into the log who was shown these vehicles for this incident: for when Postgres cannot be told. False where there is no such incident. */
  noteShown(incidentId: string, subjects: string[], viewer: Viewer): Promise<boolean>
  /** Raw log from `seq`, for verify-log. */
  log(fromSeq: number, limit: number): Promise<LogEvent[]>
  unverified(viewer: Viewer): Promise<{ count: number; latest: UnverifiedPress[] }>
  promote(source: string, receivedAt: number, viewer: Viewer): Promise<Answer>
  /** A desk's room gets the card of an incident that another room owns. */
  mirror(cards: IncidentSummary[]): Promise<void>
  /** A desk's room says that cards of this room were painted there. */
  cardsShown(incidentIds: string[], uid: string): Promise<void>
  /** Another room says whether this person has a screen there: whoever looks at two regions has not left either. */
  screenElsewhere(uid: string, where: RegionId, present: boolean, goneSince?: number): Promise<void>
  /**
   * The room of another region was born anew: no screen is there until it says so. Gives which of these people have one here, for
   * it has forgotten that, too.
   */
  bornElsewhere(where: RegionId, owners: string[]): Promise<string[]>
  /** The room's own copy, for a log-in while Postgres is away. */
  userByEmail(email: string): Promise<UserRow | null>
  /** False where the session's epoch is older than the user's, or the user is gone. Unknown users pass: Postgres may be newer than the copy. */
  sessionHolds(uid: string, epoch: number): Promise<boolean>
  /** Ends all sessions of a user here: sockets close with 4401. */
  endSessions(uid: string, epoch: number): Promise<void>
  /** True while this person owns an untouched or open incident here: their session is then not ended by expiry. */
  holdsIncident(uid: string): Promise<boolean>
  /** Newer directory rows, pushed by whoever changed them. */
  learn(rows: DirectoryRow[]): Promise<void>
  /** Lines that Postgres refused go to it once more, after whatever was wrong with it is mended. Gives how many. */
  resendParked(): Promise<number>
  /** Ends the object, where the setting FAULTS allows it. */
  die(): Promise<void>
  /** Re-arms what is not armed, starts drains that have something to do. Safe to repeat. */
  tick(): Promise<RoomHealth>
}
