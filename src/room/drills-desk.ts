// What people ask of a room's drills, with their rights: looking, planning, beginning, ending; and the schedules that begin
// them by themselves.

import type { Viewer } from '../domain/access'
import { may } from '../domain/access'
import { type Refusal, SYSTEM } from '../domain/command'
import {
  type Drill,
  hasPassed,
  SUBJECTS_MOST,
  type Trial,
  WINDOW_LEAST_MS,
  WINDOW_MOST_MS,
  WINDOW_MS,
} from '../domain/drill'
import { reportOf, type Testable } from '../domain/drill-report'
import { type DrillSchedule, nextOf, SCHEDULES_MOST } from '../domain/drill-schedule'
import { pageIdOf } from '../domain/page-id'
import { type Acts, actorOf } from './acts'
import { DRILL_TIMER, type Drills } from './drills'
import type {
  BoardAnswer,
  DrillAnswer,
  DrillEnd,
  DrillFile,
  DrillWish,
  PlanAnswer,
  ScheduleAnswer,
  ShownTrial,
} from './drills-contract'

const LISTED = 50
const WEEK_MS = 7 * 86_400_000
const LATE_MS = 30 * 60_000
const REPORTED_MS = 70 * 86_400_000

const conflict = (reason: string, message: string): Refusal => ({ code: 'conflict', reason, message })
const invalid = (reason: string, message: string): Refusal => ({ code: 'invalid', reason, message })
const UNKNOWN: Refusal = { code: 'not_found', reason: 'unknown_drill', message: 'There is no such drill.' }
const FOREIGN: Refusal = {
  code: 'forbidden',
  reason: 'foreign_region',
  message: 'You have no rights in this region.',
}

export class DrillsDesk {
  constructor(
    private readonly drills: Drills,
    private readonly acts: Pick<Acts, 'refuses'>,
    /** In a storm nobody is tried. */
    private readonly storm: () => boolean,
  ) {
    // An hour of the week is no wait: it stays where it is, by the clock as it goes now.
    drills.ledger.turnings.push(() => {
      for (const schedule of drills.kept.schedules()) this.arm(schedule)
    })
  }

  board(viewer: Viewer): BoardAnswer {
    const { ledger, kept, plans } = this.drills
    if (!may(viewer, 'drill:see', [ledger.ports.region])) return { ok: false, refusal: FOREIGN }
    const now = ledger.ports.now()
    const devices = plans.testableDevices()
    const people = plans.testablePeople()
    const testable: Testable[] = [
      ...devices.map((device) => ({ ...device, kind: 'driver' as const })),
      ...people.map(({ id, name, testedAt }) => ({ id, name, testedAt, kind: 'duty' as const })),
    ]
    return {
      ok: true,
      board: {
        drills: kept.drills(LISTED).map((drill) => this.fileOf(drill)),
        report: reportOf(kept.trialsSince(now - REPORTED_MS), testable, now),
        schedules: kept.schedules().map((each) => ({ ...each, nextAt: each.active ? nextOf(each, now) : null })),
        people: people.map(({ id, name, channels }) => ({ id, name, channels })).sort(byName),
        devices: devices.map(({ id, name }) => ({ id, name })).sort(byName),
      },
    }
  }

  file(id: string, viewer: Viewer): DrillAnswer {
    if (!may(viewer, 'drill:see', [this.drills.ledger.ports.region])) return { ok: false, refusal: FOREIGN }
    const drill = this.drills.kept.drill(id)
    return drill ? { ok: true, drill: this.fileOf(drill) } : { ok: false, refusal: UNKNOWN }
  }

  plan(wish: DrillWish, viewer: Viewer): PlanAnswer {
    const refusal = this.refuses(viewer) ?? this.wrongIn(wish)
    if (refusal) return { ok: false, refusal }
    const { subjects, leftOut } = this.drills.plans.of(wish)
    return { ok: true, plan: { subjects: subjects.map(({ subject, name }) => ({ subject, name })), leftOut } }
  }

  start(wish: DrillWish, viewer: Viewer): DrillAnswer {
    const { ledger, kept } = this.drills
    const refusal = this.refuses(viewer) ?? this.wrongIn(wish)
    if (refusal) return { ok: false, refusal }
    const id = pageIdOf(ledger.ports.region, 'drill', viewer.uid, wish.requestId)
    const known = kept.drill(id)
    if (known) return { ok: true, drill: this.fileOf(known), repeated: true }
    const notNow = this.notNow(wish.kind)
    if (notNow) return { ok: false, refusal: notNow }
    const begun = ledger.transact(() => this.begin(id, wish, { uid: viewer.uid, name: viewer.name }, actorOf(viewer)))
    return begun
      ? { ok: true, drill: this.fileOf(begun) }
      : { ok: false, refusal: conflict('nobody', 'Nobody is left to be tried: see the plan for why.') }
  }

  end(id: string, { subject, declined = false, reason = null }: DrillEnd, viewer: Viewer): DrillAnswer {
    const { ledger, kept } = this.drills
    const refusal = this.refuses(viewer)
    if (refusal) return { ok: false, refusal }
    if (!kept.drill(id)) return { ok: false, refusal: UNKNOWN }
    ledger.transact(() => {
      for (const trial of kept.trialsOf(id)) {
        if (trial.state === 'over' || (subject !== undefined && trial.subject !== subject)) continue
        const outcome = trial.outcome ?? (declined ? 'declined' : 'called_off')
        this.drills.over({ ...trial, outcome, why: trial.why ?? reason })
      }
      const body = { what: 'ended', drill: id, reason, ...(subject === undefined ? {} : { subject }) }
      ledger.log.append([{ type: 'drill', incident: null, body }], actorOf(viewer))
    })
    return { ok: true, drill: this.fileOf(kept.drill(id) as Drill) }
  }

  schedule(written: Omit<DrillSchedule, 'by' | 'region'>, viewer: Viewer): ScheduleAnswer {
    const { ledger, kept } = this.drills
    const refusal = this.refuses(viewer) ?? this.wrongSchedule(written)
    if (refusal) return { ok: false, refusal }
    const schedule = { ...written, region: ledger.ports.region, by: { uid: viewer.uid, name: viewer.name } }
    ledger.transact(() => {
      kept.saveSchedule(schedule)
      this.arm(schedule)
      const { by: _by, ...body } = schedule
      ledger.log.append([{ type: 'drill', incident: null, body: { what: 'scheduled', ...body } }], actorOf(viewer))
    })
    return { ok: true, schedule }
  }

  unschedule(id: string, viewer: Viewer): { ok: true } | { ok: false; refusal: Refusal } {
    const { ledger, kept } = this.drills
    const refusal = this.refuses(viewer)
    if (refusal) return { ok: false, refusal }
    const there = ledger.transact(() => {
      ledger.timers.cancel(DRILL_TIMER, `schedule ${id}`)
      const dropped = kept.dropSchedule(id)
      if (dropped)
        ledger.log.append([{ type: 'drill', incident: null, body: { what: 'unscheduled', id } }], actorOf(viewer))
      return dropped
    })
    return there ? { ok: true } : { ok: false, refusal: { ...UNKNOWN, reason: 'unknown_schedule' } }
  }

  forget(): void {
    this.drills.kept.forgetOld()
  }

  /** Inside the transaction of whoever fires timers. */
  rang(key: string): void {
    if (!key.startsWith('schedule ')) {
      this.drills.rang(key)
      return
    }
    const { ledger, kept } = this.drills
    const schedule = kept.schedules().find(({ id }) => key === `schedule ${id}`)
    if (!schedule?.active) return
    const now = ledger.ports.now()
    const { kind, share, everybody, contactId, windowMs } = schedule
    const wish = {
      kind,
      share,
      everybody,
      ...(kind === 'channel' && contactId ? { contacts: [contactId] } : {}),
      windowMs,
      requestId: String(now),
    }
    // A room that slept through it begins nothing in the middle of a night.
    const late = now - (nextOf(schedule, now) - WEEK_MS) > LATE_MS ? conflict('late', 'Its time has passed.') : null
    const refusal = late ?? this.wrongIn(wish) ?? this.notNow(kind)
    const id = pageIdOf(ledger.ports.region, 'drill schedule', schedule.id, nextOf(schedule, now))
    const by = { uid: `schedule:${schedule.id}`, name: schedule.by.name }
    const begun = refusal ? null : this.begin(id, wish, by, SYSTEM)
    if (!begun) {
      const body = { what: 'skipped', schedule: schedule.id, kind, why: refusal?.reason ?? 'nobody' }
      ledger.log.append([{ type: 'drill', incident: null, body }], SYSTEM)
    }
    this.arm(schedule)
  }

  private begin(
    id: string,
    wish: DrillWish & { everybody?: boolean },
    by: Drill['by'],
    actor: Parameters<Drills['begin']>[0]['actor'],
  ): Drill | null {
    const { subjects } = this.drills.plans.of(wish)
    if (subjects.length === 0 && wish.kind !== 'region') return null
    const { kind, windowMs = WINDOW_MS, note = null, provider = null } = wish
    return this.drills.begin({ id, kind, subjects, by, actor, windowMs, note, provider })
  }

  private arm(schedule: DrillSchedule): void {
    const { ledger } = this.drills
    const key = `schedule ${schedule.id}`
    if (schedule.active) ledger.timers.set(DRILL_TIMER, key, nextOf(schedule, ledger.ports.now()))
    else ledger.timers.cancel(DRILL_TIMER, key)
  }

  private refuses(viewer: Viewer): Refusal | null {
    return this.acts.refuses(viewer, 'drill:run', [this.drills.ledger.ports.region])
  }

  /** What is real comes first. */
  private notNow(kind: DrillWish['kind']): Refusal | null {
    if (this.storm()) return conflict('storm', 'There is a storm: nobody is tried now.')
    if (kind !== 'region') return null
    if (this.drills.kept.trials.some((trial) => trial.kind === 'region'))
      return conflict('in_drill', 'The region is in a drill already.')
    return this.drills.ledger.incidents.counts().untaken > 0
      ? conflict('busy', 'Somebody real is waiting: no drill of the region now.')
      : null
  }

  private wrongIn({ kind, devices, share, contacts, windowMs = WINDOW_MS }: DrillWish): Refusal | null {
    if (windowMs < WINDOW_LEAST_MS || windowMs > WINDOW_MOST_MS)
      return invalid('window', 'A drill lasts 1 to 60 minutes.')
    if (share !== undefined && !(share > 0 && share <= 1)) return invalid('share', 'A share is above 0 and at most 1.')
    if ((devices?.length ?? 0) > SUBJECTS_MOST || (contacts?.length ?? 0) > SUBJECTS_MOST)
      return invalid('too_many', `At most ${SUBJECTS_MOST} at once.`)
    if (kind === 'channel' && contacts?.length !== 1)
      return invalid('contact', 'A drill of channels needs one contact whose addresses are used.')
    return null
  }

  private wrongSchedule({
    id,
    kind,
    day,
    time,
    share,
    contactId,
    windowMs,
  }: Omit<DrillSchedule, 'by' | 'region'>): Refusal | null {
    const schedules = this.drills.kept.schedules()
    if (schedules.length >= SCHEDULES_MOST && !schedules.some((each) => each.id === id))
      return conflict('too_many', `At most ${SCHEDULES_MOST} schedules.`)
    if (!Number.isInteger(day) || day < 1 || day > 7) return invalid('day', 'day: 1 Monday to 7 Sunday.')
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return invalid('time', 'time: HH:MM, in Manila.')
    return this.wrongIn({
      kind,
      share,
      ...(kind === 'channel' ? { contacts: contactId ? [contactId] : [] } : {}),
      windowMs,
      requestId: id,
    })
  }

  private fileOf(drill: Drill): DrillFile {
    const trials = this.drills.kept.trialsOf(drill.id)
    return { drill, trials: trials.map(shown), passed: drill.endedAt === null ? null : hasPassed(trials) }
  }
}

const byName = (a: { name: string; id: string }, b: { name: string; id: string }): number =>
  a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1)

const shown = ({ press: _press, place: _place, person: _person, pageId: _page, ...trial }: Trial): ShownTrial => trial
