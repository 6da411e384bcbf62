// The parts of a room, put together: who hears of whom, and in which order they hear of a change.

import type { Storage } from '../durable/storage'
import { Acts } from './acts'
import { Areas } from './areas'
import { Arrivals } from './arrivals'
import { LentAttention, LookedAfter } from './attention'
import { Cards } from './cards'
import { heedClock } from './clock-turned'
import { Drills } from './drills'
import { DrillsDesk } from './drills-desk'
import { DrillReports } from './drills-reports'
import { Duty } from './duty'
import { Escalation } from './escalation'
import { Hours } from './hours'
import { LatelyPressed } from './lately-pressed'
import { Ledger, type RoomPorts } from './ledger'
import { Looks } from './looks'
import { Moving } from './moving'
import { Notices } from './notices'
import { Outward } from './outward/outward'
import { PageReports } from './page-reports'
import { RoomAway } from './room-away'
import { Silence } from './silence'
import { Situations } from './situations'
import { Sources } from './sources'
import { Storm } from './storm'
import { TakeOver } from './take-over'
import { TowerDown } from './tower-down'
import { Welfare } from './welfare'

export class RoomParts {
  protected readonly ledger: Ledger
  protected readonly arrivals: Arrivals
  protected readonly acts: Acts
  protected readonly hours: Hours
  protected readonly roomAway: RoomAway
  protected readonly moving: Moving
  protected readonly sources: Sources
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
  protected readonly looks: Looks
  protected readonly cards: Cards

  protected constructor(storage: Storage, ports: RoomPorts) {
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
      (most) => this.storm.line.spots(most),
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
    this.looks = new Looks(this.ledger)
    this.cards = new Cards(this.ledger)
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
}
