// Presses of phones in a drill: the one that was asked for counts, and alarms nobody; whatever else comes is real, and makes
// the one that had counted real as well.

import { type Trial, trialKey } from '../domain/drill'
import { type RealBecause, realBecause } from '../domain/drill-press'
import type { Press } from '../domain/press'
import type { PressesOfDrills } from './arrivals'
import { DRILL_TIMER, type Drills, LOOK_EVERY_MS } from './drills'
import { sendWorks } from './drills-pages'

export type Counted = { press: Press; intake: string }

export class DrillPresses implements PressesOfDrills {
  constructor(
    private readonly drills: Drills,
    /** Takes a press as an SOS, inside the transaction under way. */
    readonly takeReal: (press: Press, intake: string) => void,
  ) {}

  /**
   * What this press is: the one that a drill asked for; or real, with the press that had counted before it and is now real as
   * well; or of no drill (null). Inside the transaction that takes it.
   */
  judge(press: Press, intake: string, cancelled: boolean): ReturnType<PressesOfDrills['judge']> {
    if (this.drills.kept.hasCounted(press.sosId)) return { is: 'drill' }
    if (this.drills.kept.isIdle) return null
    const trial = this.drills.kept.ofDevice(press.deviceId)
    if (!trial || trial.state === 'waiting') return null
    const toldAlready = this.drills.ledger.pages.ofIncident(press.sosId).length > 0
    const why = realBecause(trial, press, { now: this.drills.now, toldAlready, cancelled })
    if (why !== null) return { is: 'real', first: this.becomeReal(trial, why, press) }
    this.pass(trial, press, intake)
    return { is: 'drill' }
  }

  /** A press that had counted is an SOS after all: a PIN came for it, or more of the same. Null where none had. */
  promote(sosId: string, why: RealBecause): Counted | null {
    const trial = this.drills.kept.ofPress(sosId)
    return trial ? this.becomeReal(trial, why, null) : null
  }

  /** It has moved off after the press that counted. Inside a transaction. */
  movedOff(key: string): void {
    const trial = this.drills.kept.underWay(key)
    const first = trial?.press ? this.becomeReal(trial, 'moving', null) : null
    if (first) this.takeReal(first.press, first.intake)
  }

  private pass(trial: Trial, press: Press, intake: string): void {
    const drill = this.drills.kept.drill(trial.drillId)
    if (!drill) return
    const passed: Trial = {
      ...trial,
      outcome: 'passed',
      tookMs: press.receivedAt - trial.at,
      endedAt: this.drills.now,
      app: press.app ?? null,
      client: press.door,
      fix: press.position !== null,
      press: { press, intake },
    }
    this.drills.kept.saveTrial(passed)
    this.drills.stopAsking(passed)
    this.drills.log(passed, { sosId: press.sosId })
    const subject = this.drills.plans.phone(press.deviceId)
    if (subject) sendWorks(this.drills.ledger, drill, passed, subject)
    this.drills.records.result(passed)
    this.drills.ledger.timers.set(DRILL_TIMER, `look ${trialKey(trial)}`, this.drills.now + LOOK_EVERY_MS)
  }

  /** Ends it as real; gives the press that had counted, which is now an SOS. Inside a transaction. */
  becomeReal(trial: Trial, why: RealBecause, press: Press | null): Counted | null {
    const first = trial.press
    if (first) this.drills.kept.uncount(first.press.sosId)
    const tookMs = trial.tookMs ?? (press ? press.receivedAt - trial.at : null)
    this.drills.over({ ...trial, outcome: 'became_real', why, tookMs, app: trial.app ?? press?.app ?? null })
    return first
  }
}
