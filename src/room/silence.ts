// A phone that was heard before its press and is not heard after it. The room looks 40 s after the last word; shortly before,
// it asks whether a lifeline of that phone is still open, and waits for no answer.

import { SYSTEM } from '../domain/command'
import { type Incident, OPEN_STATES } from '../domain/incident'
import { fellSilent, heardAgain, SILENCE } from '../domain/moving-target'
import type { Outcome } from '../domain/outcome'
import type { Press } from '../domain/press'
import type { Report } from '../domain/report'
import { notAhead } from './clock-turned'
import type { Ledger } from './ledger'

/** The kind of its timer; the key is the incident. */
export const SILENCE_TIMER = 'phone_silent'

/** So long before the 40 s are over, open lifelines are asked after. */
const ASKED_BEFORE_MS = 5_000

type Books = Pick<
  Ledger,
  'incidents' | 'pushes' | 'timers' | 'ports' | 'transact' | 'saveOutcome' | 'living' | 'turnings'
>

export class Silence {
  /** By device, epoch ms. Of what was said before this object was born, only fleet shards know. */
  private readonly heardAt = new Map<string, number>()
  /** By incident: the press for which it is looked after, so that a silence is told once for each. */
  private readonly armedFor = new Map<string, string>()
  private readonly asked = new Set<string>()
  private bornAt: number

  constructor(private readonly books: Books) {
    this.bornAt = books.ports.now()
    books.turnings.push((byMs) => {
      const now = books.ports.now()
      this.bornAt = notAhead(this.bornAt, byMs, now)
      for (const [deviceId, at] of this.heardAt) this.heardAt.set(deviceId, notAhead(at, byMs, now))
    })
  }

  /** A press came: its phone lives. One that came by a lifeline was in touch before it. */
  pressed(press: Press): void {
    this.heard(press.deviceId, press.receivedAt)
    if (press.door !== 'lifeline') return
    const known = this.books.pushes.press(press.sosId)
    const incident = known && this.books.living(known.incident)
    if (incident?.deviceId === press.deviceId) this.arm(incident, press)
  }

  /** What fleet shards have heard of devices under an incident: times of their last reports, epoch ms. */
  contacts(contacts: Readonly<Record<string, readonly number[]>>): void {
    for (const [deviceId, times] of Object.entries(contacts)) {
      if (times.length === 0) continue
      this.heard(deviceId, Math.max(...times))
      for (const incident of this.books.incidents.livingOfDevice(deviceId)) {
        const press = incident.presses.findLast((each) => each.deviceId === deviceId)
        if (press && times.some((at) => wasReporting(at, press.receivedAt))) this.arm(incident, press)
      }
    }
  }

  moved(reports: readonly Report[]): void {
    for (const { deviceId, receivedAt } of reports) this.heard(deviceId, receivedAt)
  }

  /** Open lifelines were heard then, by device, epoch ms. */
  lifelines(heard: Readonly<Record<string, number>>): void {
    for (const [deviceId, at] of Object.entries(heard)) this.heard(deviceId, at)
  }

  /** Devices whose lifelines should be asked after now. Each is given once. */
  suspects(): string[] {
    const suspects = [...this.asked]
    this.asked.clear()
    return suspects
  }

  get hasSuspects(): boolean {
    return this.asked.size > 0
  }

  /** Its timer rang, inside a transaction: what is to be written, null where it is not silent, or not any more our business. */
  rang(incident: Incident): Outcome | null {
    const { id, deviceId } = incident
    if (deviceId === null || !OPEN_STATES.includes(incident.state)) return null
    const now = this.books.ports.now()
    const last = this.lastHeard(deviceId)
    if (now - last >= SILENCE.afterMs) return fellSilent(incident, last, now)
    const asks = last + SILENCE.afterMs - ASKED_BEFORE_MS
    if (now >= asks) this.asked.add(deviceId)
    this.books.timers.set(SILENCE_TIMER, id, now >= asks ? last + SILENCE.afterMs : asks)
    return null
  }

  private arm(incident: Incident, press: { sosId: string }): void {
    const { id, deviceId } = incident
    if (deviceId === null || this.armedFor.get(id) === press.sosId) return
    this.armedFor.set(id, press.sosId)
    if (!OPEN_STATES.includes(incident.state) || this.books.timers.get(SILENCE_TIMER, id) !== null) return
    this.books.timers.set(SILENCE_TIMER, id, this.lastHeard(deviceId) + SILENCE.afterMs - ASKED_BEFORE_MS)
  }

  // Whoever says when may go by a clock that was set back since.
  private heard(deviceId: string, saidAt: number): void {
    const now = this.books.ports.now()
    const at = Math.min(saidAt, now)
    if (at <= (this.heardAt.get(deviceId) ?? 0)) return
    this.heardAt.set(deviceId, at)
    for (const incident of this.books.incidents.livingOfDevice(deviceId)) {
      const since = incident.silentSince
      if (since == null || (at <= since && since <= now)) continue
      this.books.transact(() => this.books.saveOutcome(incident, heardAgain(incident, now), SYSTEM))
    }
  }

  // A room that was born a moment ago has not listened for 40 s, and says nothing of those who were quiet meanwhile.
  private lastHeard(deviceId: string): number {
    return Math.max(this.heardAt.get(deviceId) ?? 0, this.heardAt.has(deviceId) ? 0 : this.bornAt)
  }
}

const wasReporting = (at: number, pressedAt: number): boolean =>
  at < pressedAt && pressedAt - at <= SILENCE.reportingWithinMs
