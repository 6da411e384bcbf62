// One region's live incidents: what others may ask of it. Knows nothing of the platform: needs SQLite, a clock and ports.
// What comes in is in arrivals.ts, what people do in acts.ts, what time does in hours.ts, what leaves in departures.ts; how
// these hear of each other is in parts.ts.

import { may, type Viewer } from '../domain/access'
import type { Act, NewByPhone } from '../domain/command'
import type { DirectoryRow } from '../domain/directory'
import { type IncidentSummary, regionsOf } from '../domain/incident'
import type { Report } from '../domain/report'
import type { SourceMoved } from '../domain/separation'
import type { Storage } from '../durable/storage'
import type {
  Answer,
  BatchReply,
  IncidentFile,
  IntakeBatch,
  Listing,
  ListQuery,
  Notices as NoticesShown,
  StatusPush,
  VehicleNear,
} from './contract'
import { ladderView } from './ladder-view'
import { learn } from './learning'
import type { RoomPorts } from './ledger'
import type { Moved } from './moving'
import type { LadderView } from './paging-contract'
import { RoomParts } from './parts'
import type { StormSeen } from './storm-contract'
import { vehiclesNear } from './vehicles-near'
import { type Watching, watching } from './watching'

const DIRECTORY_ROWS_PER_REPLY = 400

export class Room extends RoomParts {
  canaryAt: number | null = null
  /** Who had a screen, here or elsewhere, when the object before this one ended. */
  readonly vanished: readonly string[]

  constructor(storage: Storage, ports: RoomPorts) {
    super(storage, ports)
    this.vanished = this.hours.screensVanished()
  }

  /** Takes an intake's batch: presses, judged cancels, counts of unverified ones. Repeating it changes nothing. */
  receive(batch: IntakeBatch): BatchReply {
    if (batch.canary !== null) this.canaryAt = this.ledger.ports.now()
    const presses = this.areas.roll.read(batch.presses)
    const statuses = this.roomAway.around(batch.paged ?? [], () => this.arrivals.take({ ...batch, presses }))
    this.areas.roll.pressed(presses)
    this.latelyPressed.note(batch)
    for (const press of batch.presses) this.silence.pressed(press)
    this.welfare.pressed(batch.presses.map(({ deviceId }) => deviceId))
    const directory = this.directory.newerForIntakes(batch.directoryVersion, DIRECTORY_ROWS_PER_REPLY)
    return {
      confirmed: batch.presses.map((press) => press.sosId),
      cancels: batch.cancels.map((cancel) => cancel.n),
      statuses,
      directory: directory.rows,
      directoryVersion: directory.rows.at(-1)?.version ?? batch.directoryVersion,
      more: directory.more,
      canary: batch.canary,
    }
  }

  /** Newer places of open incidents' vehicles, for the screens. Nothing of it is kept here. */
  moved(reports: readonly Report[]): Moved[] {
    return this.heard(reports).moved
  }

  /** The same, and where each device of an incident with several of them is. What follows for the incident is written down. */
  heard(reports: readonly Report[]): { moved: Moved[]; sources: SourceMoved[] } {
    this.silence.moved(reports)
    const sources = this.sources.heard(reports)
    const moved = this.moving.heard(reports)
    this.outward.moved(moved)
    return { moved, sources }
  }

  /** Devices that fleet shards should follow for this room. */
  watching(): Watching[] {
    return watching(this.ledger)
  }

  /** What stands beside the queue: areas without coverage, and checks that were not raised. */
  notices(viewer: Viewer): NoticesShown {
    if (!may(viewer, 'incident:see', [this.ledger.ports.region])) return { notices: [], checks: [], asking: 0 }
    const { storm: _storm, situations: _situations, suggestions: _suggestions, ...beside } = this.noticesShown()
    return beside
  }

  /** The same, and the storm, for screens whose rights were asked when they came. */
  noticesShown(): NoticesShown {
    return {
      notices: this.coverage.shown(),
      ...this.welfare.shown(),
      ...this.stormSeen(),
      takenOver: this.takeOver.now,
      lookingAfter: this.takeOver.lookingAfter,
    }
  }

  /** What screens have of a storm. */
  stormSeen(): StormSeen {
    return {
      storm: this.storm.shown(),
      situations: this.situations.shown(),
      suggestions: this.situations.suggestions(),
    }
  }

  act(incidentId: string, act: Act, viewer: Viewer): Answer {
    return this.acts.act(incidentId, act, viewer)
  }

  /** An incident that an operator writes down. The same `requestId` gives the same incident. */
  create(input: NewByPhone, viewer: Viewer): Answer {
    return this.acts.create(input, viewer)
  }

  /** A person at a desk makes an unverified press a real, quiet incident. */
  promote(source: string, receivedAt: number, viewer: Viewer): Answer {
    return this.acts.promote(source, receivedAt, viewer)
  }

  /** Cards of incidents that live in another room and whose desk is, or was, here. */
  takeMirrored(cards: readonly IncidentSummary[]): void {
    this.arrivals.takeMirrored(cards)
  }

  /** This person's first screen has come, or the last has gone: then what they hold goes back to the queue in a while. */
  screenUser(uid: string, present: boolean, goneSince?: number): void {
    this.hours.screenUser(uid, present, goneSince)
  }

  /** What was told of an incident and will be; null where there is none, or this person may not see it. */
  ladder(incidentId: string, viewer: Viewer): LadderView | null {
    const incident = this.incidents.find(incidentId)
    if (!incident || !may(viewer, 'page:see', regionsOf(incident))) return null
    return ladderView(incident, this.escalation.standing(incident), this.log.ofIncident(incidentId), this.pages)
  }

  /** Fires what is due, at most `limit` at once. Gives whether more is due. Throws where one could not ring, after all others have. */
  fire(limit?: number): boolean {
    return this.hours.fire(limit)
  }

  list(query: ListQuery, viewer: Viewer): Listing {
    const at = { epoch: this.log.epoch, seq: this.log.seq }
    if (!may(viewer, 'incident:see', [this.ledger.ports.region])) return { incidents: [], at }
    const { open, untaken } = this.counts()
    return { incidents: this.cards.list(query), at, open, untaken }
  }

  /** The whole file of an incident. Whoever looked is in the log. */
  file(incidentId: string, viewer: Viewer): IncidentFile | null {
    const incident = this.incidents.find(incidentId)
    if (!incident) return null
    if (may(viewer, 'incident:see', regionsOf(incident))) this.looks.note(incident, viewer)
    this.areas.messages.read(incident, viewer)
    return {
      incident: this.incidents.summary(incidentId) as IncidentSummary,
      events: this.log.ofIncident(incidentId),
      at: { epoch: this.log.epoch, seq: this.log.seq },
      heard: this.moving.of(incidentId),
      sources: this.sources.of(incident),
    }
  }

  /** These devices as helpers: whose vehicle, and whether they are free. */
  vehiclesNear(deviceIds: readonly string[]): VehicleNear[] {
    return vehiclesNear(this, deviceIds)
  }

  noteShown(incidentId: string, subjects: readonly string[], viewer: Viewer): boolean {
    if (!this.incidents.find(incidentId)) return false
    this.looks.noteShown(incidentId, subjects, viewer)
    return true
  }

  /** Painted on a visible screen, here or at another region's desk. Only an incident's first receipt is written. */
  shown(incidentIds: readonly string[], uid: string): void {
    const found = incidentIds.flatMap((id) => this.incidents.find(id) ?? [])
    this.arrivals.shown(
      found.filter((incident) => incident.shownAt === null),
      uid,
    )
  }

  /** The rows that a screen begins with, in queue order: own incidents and guests. */
  queue(limit: number): IncidentSummary[] {
    return this.cards.queue(limit)
  }

  /** What changed after `seq`, ascending. */
  since(seq: number, limit: number): IncidentSummary[] {
    return this.cards.since(seq, limit)
  }

  counts(): { open: number; untaken: number; queued: number } {
    return this.cards.counts()
  }

  learn(rows: readonly DirectoryRow[]): DirectoryRow[] {
    return learn(this.ledger, this.escalation, rows)
  }

  /** What the phones of these presses may read now. */
  statuses(sosIds: readonly string[]): StatusPush[] {
    return this.ledger.statuses(sosIds)
  }
}
