// One region's live incidents. Knows nothing of the platform: needs SQLite, a clock and ports, so tests give it bun:sqlite.
// What comes in is in arrivals.ts, what people do in acts.ts, what time does in hours.ts, what leaves in departures.ts.

import { may, type Viewer } from '../domain/access'
import { type Act, type NewByPhone, SYSTEM } from '../domain/command'
import type { DirectoryRow } from '../domain/directory'
import { type Incident, type IncidentSummary, regionsOf } from '../domain/incident'
import type { Line } from '../domain/outcome'
import { personOf } from '../domain/presses'
import type { Report } from '../domain/report'
import type { SourceMoved } from '../domain/separation'
import type { Storage } from '../durable/storage'
import { Acts } from './acts'
import { Areas } from './areas'
import { Arrivals } from './arrivals'
import { LentAttention, LookedAfter } from './attention'
import { heedClock } from './clock-turned'
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
import { Drills } from './drills'
import { DrillsDesk } from './drills-desk'
import { DrillReports } from './drills-reports'
import { Duty } from './duty'
import { Escalation } from './escalation'
import { Hours } from './hours'
import { ladderView } from './ladder-view'
import { LatelyPressed } from './lately-pressed'
import { Ledger, type RoomPorts } from './ledger'
import { type Moved, Moving } from './moving'
import { Notices } from './notices'
import { Outward } from './outward/outward'
import { PageReports } from './page-reports'
import type { LadderView } from './paging-contract'
import { RoomAway } from './room-away'
import { Silence } from './silence'
import { Situations } from './situations'
import { Sources } from './sources'
import { Storm } from './storm'
import type { StormSeen } from './storm-contract'
import { TakeOver } from './take-over'
import { TowerDown } from './tower-down'
import { shownBody, vehiclesNear } from './vehicles-near'
import { type Watching, watching } from './watching'
import { Welfare } from './welfare'

const DIRECTORY_ROWS_PER_REPLY = 400
/** A look at the same incident by the same person is logged once in this time. */
const LOOK_LOGGED_EVERY_MS = 10 * 60_000

/** Rows by which somebody may be told who could not be before. */
const TELLS_PEOPLE: readonly DirectoryRow['kind'][] = ['contact', 'shift', 'duty', 'policy']

export class Room {
  private readonly ledger: Ledger
  private readonly arrivals: Arrivals
  private readonly acts: Acts
  private readonly hours: Hours
  private readonly roomAway: RoomAway
  private readonly moving: Moving
  private readonly sources: Sources
  readonly silence: Silence
  readonly latelyPressed: LatelyPressed
  /** Areas without coverage. */
  readonly coverage: Notices
  readonly welfare: Welfare
  /** Hand-offs, the driver's contacts, links and messages. */
  readonly outward: Outward
  readonly storm: Storm
  readonly escalation: Escalation
  readonly takeOver: TakeOver
  /** Who watches in the region that looks after this one. */
  readonly lookedAfter: LookedAfter
  /** Sites whose screens are lost. */
  readonly towerDown: TowerDown
  /** What the courier says of pages. */
  readonly reports: PageReports
  readonly situations: Situations
  /** Broadcasts to an area, and what drivers write. */
  readonly areas: Areas
  readonly drills: Drills
  /** What people ask of drills. */
  readonly drillsDesk: DrillsDesk
  private readonly looks = new Map<string, number>()
  canaryAt: number | null = null

  constructor(storage: Storage, ports: RoomPorts) {
    const lent = new LentAttention(ports.now)
    const attention = () =>
      lent.with({ watching: ports.attention?.() ?? 0, free: ports.free?.() ?? 0 }, () => ports.people?.())
    this.ledger = new Ledger(storage, {
      ...ports,
      attention: () => attention().watching,
      free: () => attention().free,
    })
    this.arrivals = new Arrivals(this.ledger)
    this.acts = new Acts(this.ledger)
    this.moving = new Moving(this.ledger.incidents)
    this.silence = new Silence(this.ledger)
    this.latelyPressed = new LatelyPressed(storage, ports.now)
    this.coverage = new Notices(this.ledger)
    this.welfare = new Welfare(this.ledger, this.coverage, this.acts)
    const duty = new Duty(this.ledger.directory, ports.region)
    // Before all who follow incidents: a press of a drill that turns out to be real is told of in the same transaction.
    this.drills = new Drills(this.ledger, duty, (press, intake) => this.arrivals.takeReal(press, intake, true))
    this.arrivals.drills = this.drills.presses
    this.drillsDesk = new DrillsDesk(this.drills, this.acts, () => this.storm.on)
    this.storm = new Storm(this.ledger, duty, this.acts)
    // Before escalation: what is shared with another region is heard there before anybody is told of it.
    this.takeOver = new TakeOver(this.ledger, this.acts)
    this.escalation = new Escalation(this.ledger, duty, () => this.storm.on)
    this.lookedAfter = new LookedAfter(this.ledger, lent, this.takeOver, {
      now: () => this.attentionChanged(),
      within: () => this.escalation.attentionLapsed(),
    })
    this.towerDown = new TowerDown(this.ledger, duty)
    this.roomAway = new RoomAway(this.ledger, duty)
    this.reports = new PageReports(this.ledger, this.escalation)
    new DrillReports(this.drills, this.reports)
    this.reports.followers.push((page, report) => this.storm.questions.reported(page, report))
    this.situations = new Situations(
      this.ledger,
      this.acts,
      () => this.storm.on || this.storm.offered,
      () => this.storm.line.ids(),
    )
    // After all who stop pages of an incident that is over: what an agency must still hear is made then.
    this.outward = new Outward({
      books: this.ledger,
      pages: this.ledger.pages,
      heard: (incidentId) => this.moving.of(incidentId),
      refuses: (viewer, action, regions) => this.acts.refuses(viewer, action, regions),
    })
    this.areas = new Areas(this.ledger, this.acts, {
      press: (press, intake) => this.arrivals.takeReal(press, intake, false),
      situations: this.situations,
    })
    this.reports.followers.push((page, report) => this.areas.roll.reported(page, report))
    this.hours = new Hours(
      this.ledger,
      this.silence,
      this.welfare,
      this.coverage,
      this.storm,
      this.situations,
      this.outward,
      this.escalation,
      this.takeOver,
      this.towerDown,
      this.drillsDesk,
      this.areas,
      this.lookedAfter,
    )
    this.sources = new Sources(this.ledger)
    this.ledger.turnings.push(() => this.looks.clear())
    this.hours.screensVanished()
  }

  get incidents() {
    return this.ledger.incidents
  }

  get directory() {
    return this.ledger.directory
  }

  get log() {
    return this.ledger.log
  }

  get timers() {
    return this.ledger.timers
  }

  get pushes() {
    return this.ledger.pushes
  }

  get mirrors() {
    return this.ledger.mirrors
  }

  get unverified() {
    return this.ledger.unverified
  }

  /** On their way to the courier. */
  get pages() {
    return this.ledger.pages
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

  /** Somebody came, went, or began to watch, here or where this region is looked after. */
  attentionChanged(): void {
    this.heedClock()
    this.escalation.attentionChanged()
    this.storm.attentionChanged()
  }

  /** A clock that was set back makes nobody wait for the difference. Not inside a transaction. */
  heedClock(): void {
    heedClock(this.ledger)
  }

  /** This person's first screen has come, or the last has gone: then what they hold goes back to the queue in a while. */
  screenUser(uid: string, present: boolean): void {
    this.hours.screenUser(uid, present)
  }

  /** What was told of an incident and will be; null where there is none, or this person may not see it. */
  ladder(incidentId: string, viewer: Viewer): LadderView | null {
    const incident = this.incidents.find(incidentId)
    if (!incident || !may(viewer, 'page:see', regionsOf(incident))) return null
    return ladderView(incident, this.escalation.standing(incident), this.log.ofIncident(incidentId), this.pages)
  }

  /** Fires what is due, at most `limit` at once. Gives whether more is due. */
  fire(limit = 100): boolean {
    return this.hours.fire(limit)
  }

  list(query: ListQuery, viewer: Viewer): Listing {
    const at = { epoch: this.log.epoch, seq: this.log.seq }
    if (!may(viewer, 'incident:see', [this.ledger.ports.region])) return { incidents: [], at }
    const own = this.incidents.list(query)
    const guests = this.mirrors.list(query)
    const all = guests.length === 0 ? own : [...own, ...guests].sort(queueOrder).slice(0, query.limit)
    const { open, untaken } = this.counts()
    return { incidents: all, at, open, untaken }
  }

  /** The whole file of an incident. Whoever looked is in the log. */
  file(incidentId: string, viewer: Viewer): IncidentFile | null {
    const incident = this.incidents.find(incidentId)
    if (!incident) return null
    if (may(viewer, 'incident:see', regionsOf(incident))) this.logLook(incident, viewer)
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
    this.ledger.transact(() => {
      this.log.append([{ type: 'looked', incident: incidentId, body: shownBody(viewer, subjects) }], {
        uid: viewer.uid,
        alias: viewer.alias,
        kind: 'person',
      })
    })
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
    const guests = this.mirrors.queue()
    const own = this.incidents.queue(limit)
    return guests.length === 0 ? own : [...own, ...guests].sort(queueOrder).slice(0, limit)
  }

  /** What changed after `seq`, ascending. */
  since(seq: number, limit: number): IncidentSummary[] {
    const guests = this.mirrors.since(seq, limit)
    const own = this.incidents.since(seq, limit)
    return guests.length === 0 ? own : [...own, ...guests].sort((a, b) => a.seq - b.seq).slice(0, limit)
  }

  counts(): { open: number; untaken: number; queued: number } {
    const own = this.incidents.counts()
    const guests = this.mirrors.queue()
    return {
      open: own.open + guests.length,
      untaken: own.untaken + guests.filter((card) => card.owner === null).length,
      queued: own.queued + guests.length,
    }
  }

  learn(rows: readonly DirectoryRow[]): DirectoryRow[] {
    return this.ledger.transact(() => {
      const learned = this.directory.learn(rows)
      for (const row of learned) if (row.kind === 'device') this.refreshCards(row.id)
      if (learned.some(({ kind }) => TELLS_PEOPLE.includes(kind))) this.escalation.peopleLearned()
      return learned
    })
  }

  /** What the phones of these presses may read now. */
  statuses(sosIds: readonly string[]): StatusPush[] {
    return this.ledger.statuses(sosIds)
  }

  private refreshCards(deviceId: string): void {
    const { driver, vehicle } = this.directory.cardsOf(deviceId)
    for (const incident of this.incidents.liveOfDevice(deviceId)) {
      if (JSON.stringify([driver, vehicle]) === JSON.stringify([incident.driver, incident.vehicle])) continue
      const person = incident.person.startsWith('device:') ? personOf(driver, deviceId) : incident.person
      const lines: Line[] = [
        { type: 'position', body: { cards: { driver: driver?.id ?? null, vehicle: vehicle?.id ?? null } } },
      ]
      this.ledger.save({ before: incident, after: { ...incident, driver, vehicle, person }, lines, actor: SYSTEM })
    }
  }

  private logLook(incident: Incident, viewer: Viewer): void {
    if (incident.owner?.uid === viewer.uid) return
    const key = `${viewer.uid}\n${incident.id}`
    const now = this.ledger.ports.now()
    if (now - (this.looks.get(key) ?? Number.NEGATIVE_INFINITY) < LOOK_LOGGED_EVERY_MS) return
    if (this.looks.size > 5_000) this.looks.clear()
    this.looks.set(key, now)
    this.ledger.transact(() => {
      this.log.append([{ type: 'looked', incident: incident.id, body: { by: viewer.uid, role: viewer.role } }], {
        uid: viewer.uid,
        alias: viewer.alias,
        kind: 'person',
      })
    })
  }
}

/** The order of the queue: priority, not taken, oldest. */
export function queueOrder(a: IncidentSummary, b: IncidentSummary): number {
  return (
    a.priority.localeCompare(b.priority) ||
    Number(a.owner !== null) - Number(b.owner !== null) ||
    a.alarmedAt.localeCompare(b.alarmedAt)
  )
}
