// The drills of a room: begun by a person or a schedule, ended by time, by what they wanted to see, or by anything real. Whom
// they take is in drills-plan.ts, what a press in their window means in domain/drill-press.ts, what people ask in drills-desk.ts.

import { type Actor, SYSTEM } from '../domain/command'
import {
  type Drill,
  type DrillKind,
  type DrillOutcome,
  idOfSubject,
  refOf,
  type Trial,
  trialKey,
  WINDOW_MS,
} from '../domain/drill'
import { type Incident, OPEN_STATES } from '../domain/incident'
import type { Press } from '../domain/press'
import { manilaDay } from '../domain/time'
import { notAhead } from './clock-turned'
import { KeptDrills } from './drills-kept'
import { askPageId, sendAsk } from './drills-pages'
import { Plans, type Subject } from './drills-plan'
import { type Counted, DrillPresses } from './drills-presses'
import { DrillRecords } from './drills-records'
import { beginMadeUp, endMadeUp, heardOf, isDrill } from './drills-region'
import type { Duty } from './duty'
import type { Change, Ledger } from './ledger'

export const DRILL_TIMER = 'drill'
/** Fleet shards are asked for so long what a phone reported; then nobody knows. */
const JUDGED_WITHIN_MS = 60_000
/** After the press that counted, so often whether it moves off. */
export const LOOK_EVERY_MS = 20_000

export type Beginning = {
  id: string
  kind: DrillKind
  subjects: readonly Subject[]
  by: Drill['by']
  actor: Actor
  windowMs?: number
  note?: string | null
  provider?: string | null
}

export class Drills {
  readonly kept: KeptDrills
  readonly plans: Plans
  readonly presses: DrillPresses
  readonly records: DrillRecords
  /** Drivers' phones whose reports are wanted: by key of the trial. Memory only: timers ask again. */
  readonly looks = new Set<string>()
  /** Presses that turned out to be real while an incident was written. */
  private promoted: Counted[] = []
  private somethingReal = false

  constructor(
    readonly ledger: Ledger,
    duty: Pick<Duty, 'people'>,
    /** Takes a press as an SOS, inside the transaction under way. */
    takeReal: (press: Press, intake: string) => void,
  ) {
    this.kept = new KeptDrills(ledger.storage, ledger.ports.now)
    this.plans = new Plans(ledger, duty, this.kept)
    this.presses = new DrillPresses(this, takeReal)
    this.records = new DrillRecords(ledger.storage, this.kept)
    ledger.followers.push((change) => this.changed(change))
    ledger.closers.push(() => this.close())
    ledger.turnings.push((byMs) => this.turnBack(byMs))
    ledger.reloads.push(() => {
      this.kept.reload()
      this.promoted = []
      this.somethingReal = false
    })
  }

  /** Inside a transaction. The same id is the same drill. */
  begin({ id, kind, subjects, by, actor, windowMs = WINDOW_MS, note = null, provider = null }: Beginning): Drill {
    const known = this.kept.drill(id)
    if (known) return known
    const { ports, timers, log } = this.ledger
    const at = ports.now()
    const ref = refOf(this.kept.begunSince(Date.parse(`${manilaDay(at)}T00:00:00+08:00`)) + 1)
    const begun: Drill = {
      id,
      region: ports.region,
      ref,
      kind,
      by,
      at,
      until: at + windowMs,
      endedAt: null,
      note,
      incidentId: null,
    }
    const drill = kind === 'region' ? { ...begun, incidentId: beginMadeUp(this.ledger, begun, actor) } : begun
    this.kept.saveDrill(drill)
    log.append(
      [
        {
          type: 'drill',
          incident: drill.incidentId,
          body: { what: 'began', drill: id, ref, kind, of: subjects.length },
        },
      ],
      actor,
    )
    if (kind === 'region') this.kept.saveTrial(trialOf(drill, `region:${drill.region}`, drill.region, {}))
    for (const subject of subjects) {
      const trial = trialOf(drill, subject.subject, subject.name, { person: subject.person, channel: subject.channel })
      // A driver is asked once it is known where the phone is.
      if (kind === 'driver') this.kept.saveTrial({ ...trial, state: 'waiting' })
      else this.ask(drill, trial, subject, provider)
    }
    this.records.began(drill)
    timers.set(DRILL_TIMER, `until ${id}`, drill.until)
    return drill
  }

  /** Asks for the press, the key, the receipt. Inside a transaction. */
  ask(drill: Drill, trial: Trial, subject: Subject, provider: string | null = null): void {
    const sent = sendAsk(this.ledger, drill, subject, provider)
    if (!sent) {
      this.over({ ...trial, outcome: 'not_reached', why: 'no way' })
      return
    }
    const { now } = this
    this.kept.saveTrial({
      ...trial,
      state: 'asked',
      at: now,
      pageId: askPageId(drill.id, subject.subject),
    })
  }

  private changed({ before, after }: Change): void {
    if (this.kept.isIdle) return
    if (isDrill(after)) {
      const trial = this.kept.trials.find(
        (each) => each.kind === 'region' && this.kept.drill(each.drillId)?.incidentId === after.id,
      )
      if (trial) this.keepHeard(trial, heardOf(trial, after))
      return
    }
    if (before && isAlive(before)) return
    if (!isAlive(after)) return
    this.somethingReal = true
    for (const trial of this.kept.trials) {
      if (trial.kind !== 'driver') continue
      if (trial.person !== after.person && idOfSubject(trial.subject) !== after.deviceId) continue
      if (trial.press) {
        this.promoted.push(trial.press)
        this.presses.becomeReal(trial, 'second_press', null)
      } else this.over({ ...trial, outcome: 'called_off', why: 'incident' })
    }
  }

  // At the end of the transaction: what is real stands before what is practised.
  private close(): void {
    const { promoted, somethingReal } = this
    this.promoted = []
    this.somethingReal = false
    for (const { press, intake } of promoted) this.presses.takeReal(press, intake)
    if (!somethingReal) return
    for (const trial of this.kept.trials)
      if (trial.kind === 'region') this.over({ ...trial, outcome: trial.outcome ?? 'called_off', why: 'incident' })
  }

  private keepHeard(before: Trial, after: Trial): void {
    if (after === before) return
    if (after.state === 'over') this.over(after)
    else {
      this.kept.saveTrial(after)
      this.log(after, {})
      this.records.result(after)
    }
  }

  /** Beside a trial that goes on: what one provider, or one person, did in it. */
  keepBeside(trial: Trial, changes: Partial<Trial>): void {
    const beside: Trial = { ...trial, ...changes, state: 'over', endedAt: this.now, pageId: null }
    this.kept.saveTrial(beside)
    this.records.result(beside)
  }

  /** Inside the transaction of whoever fires timers. False where the timer is none of this part's. */
  rang(key: string): void {
    const [what, drillId = '', ...rest] = key.split(' ')
    const drill = this.kept.drill(drillId)
    if (!drill) return
    if (what === 'look') this.looks.add(`${drillId} ${rest.join(' ')}`)
    for (const trial of what === 'until' || what === 'judge' ? this.kept.trialsOf(drillId) : []) {
      if (trial.state === 'over') continue
      if (what === 'judge') this.over({ ...trial, outcome: trial.outcome ?? 'unknown' })
      else this.timeIsUp(trial)
    }
  }

  // The window moves with the clock, for a press in it is told from others by its time.
  private turnBack(byMs: number): void {
    for (const trial of this.kept.trials) {
      const drill = this.kept.drill(trial.drillId)
      const until = this.ledger.timers.get(DRILL_TIMER, `until ${trial.drillId}`)
      if (!drill || until === null) continue
      if (drill.until !== until) this.kept.saveDrill({ ...drill, at: notAhead(drill.at, byMs, this.now), until })
      this.kept.saveTrial({ ...trial, at: notAhead(trial.at, byMs, this.now), until })
    }
  }

  private timeIsUp(trial: Trial): void {
    if (trial.outcome !== null) {
      this.over(trial)
      return
    }
    if (trial.kind === 'driver' && trial.state === 'asked') {
      this.kept.saveTrial({ ...trial, state: 'judging' })
      this.looks.add(trialKey(trial))
      this.ledger.timers.set(DRILL_TIMER, `judge ${trial.drillId}`, this.now + JUDGED_WITHIN_MS)
      return
    }
    this.over({ ...trial, outcome: AT_ITS_END[trial.kind] })
  }

  /** Ends a trial; the last one ends its drill. Inside a transaction. */
  over(trial: Trial): void {
    const done: Trial = { ...trial, state: 'over', endedAt: trial.endedAt ?? this.now }
    this.kept.saveTrial(done)
    this.looks.delete(trialKey(trial))
    this.stopAsking(done)
    this.log(done, {})
    this.records.result(done)
    const drill = this.kept.drill(trial.drillId)
    if (!drill || drill.endedAt !== null) return
    if (this.kept.trials.some(({ drillId }) => drillId === drill.id)) return
    const ended = { ...drill, endedAt: this.now }
    this.kept.saveDrill(ended)
    this.ledger.timers.cancel(DRILL_TIMER, `until ${drill.id}`)
    if (drill.incidentId) endMadeUp(this.ledger, drill.incidentId, done.why ?? done.outcome ?? 'over')
    this.records.ended(ended)
  }

  stopAsking({ drillId, pageId, outcome }: Trial): void {
    if (pageId === null) return
    this.ledger.pages.stop({ pageIds: [pageId], why: outcome ?? `drill ${drillId}` })
  }

  log({ drillId, subject, outcome, why, tookMs }: Trial, more: Record<string, unknown>): void {
    const body = { what: 'result', drill: drillId, subject, outcome, why, tookMs, ...more }
    this.ledger.log.append([{ type: 'drill', incident: null, body }], SYSTEM)
  }

  get now(): number {
    return this.ledger.ports.now()
  }
}

/** Where nobody did anything until time was up. */
const AT_ITS_END: Record<DrillKind, DrillOutcome> = {
  driver: 'not_reached',
  duty: 'no_answer',
  channel: 'failed',
  region: 'not_taken',
}

const isAlive = ({ state }: Incident): boolean => OPEN_STATES.includes(state)

const trialOf = (drill: Drill, subject: string, name: string, more: Partial<Trial>): Trial => ({
  drillId: drill.id,
  kind: drill.kind,
  subject,
  name,
  state: 'asked',
  at: drill.at,
  until: drill.until,
  outcome: null,
  why: null,
  tookMs: null,
  endedAt: null,
  person: null,
  pageId: null,
  app: null,
  client: null,
  channel: null,
  provider: null,
  fix: null,
  place: null,
  press: null,
  ...more,
})
