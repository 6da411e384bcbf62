// What comes into a room from outside the tower: presses, folded presses, PINs, and cards of other regions.

import { PRESSER, SYSTEM } from '../domain/command'
import type { Incident, IncidentSummary } from '../domain/incident'
import { withFlag } from '../domain/outcome'
import { decidePin } from '../domain/pins'
import type { Press } from '../domain/press'
import { beginIncident, foldPresses, mergePress, personOf, pressBody, takesPress } from '../domain/presses'
import type { CancelNote, Fold, IntakeBatch, StatusPush } from './contract'
import type { Ledger } from './ledger'

/** A cancel may come before its SOS; this long it waits. */
const CANCEL_HELD_MS = 10 * 60_000
/** Up to so many first receipts at once go back to the screens as changed cards. */
const SHOWN_TOLD_MAX = 10

/** What drills make of a press. All inside the transaction that takes it. */
export interface PressesOfDrills {
  /** `real`: with the press that had counted before it, and is an SOS as well. Null: no drill concerns it. */
  judge(
    press: Press,
    intake: string,
    cancelled: boolean,
  ): { is: 'drill' } | { is: 'real'; first: { press: Press; intake: string } | null } | null
  /** The press of this name had counted as a drill, and something more was said of it: it is an SOS. */
  promote(sosId: string, why: 'cancelled' | 'second_press'): { press: Press; intake: string } | null
}

export class Arrivals {
  drills: PressesOfDrills | null = null
  /** Cancels that wait for their SOS are rare: with none of them, no press looks for one. */
  private anyHeld: boolean

  constructor(private readonly ledger: Ledger) {
    this.anyHeld = ledger.storage.sql.exec('SELECT 1 AS n FROM held_cancel LIMIT 1').toArray().length > 0
  }

  /** One transaction. Repeating a batch changes nothing. Gives what the phones of all that it touched may read. */
  take(batch: IntakeBatch): StatusPush[] {
    return this.ledger.transact(() => {
      if (batch.presses.length > 1) this.ledger.pushes.lookUp(batch.presses.map(({ sosId }) => sosId))
      for (const press of batch.presses) this.takePress(press, batch.intake)
      for (const fold of batch.folds ?? []) this.takeFold(fold)
      for (const cancel of batch.cancels) this.takeCancel(cancel)
      if (batch.unverified) this.ledger.unverified.put(batch.intake, batch.unverified)
      const touched = [...batch.presses, ...batch.cancels].map(({ sosId }) => sosId)
      return this.ledger.statuses([...new Set(touched)])
    })
  }

  /** Cards of incidents that live in another room and whose desk is, or was, here. */
  takeMirrored(cards: readonly IncidentSummary[]): void {
    this.ledger.transact(() => {
      for (const card of cards) {
        if (card.seq <= this.ledger.mirrors.homeSeq(card.id)) continue
        const seq = this.ledger.log.append(
          [{ type: 'mirrored', incident: card.id, body: { from: card.region, seq: card.seq, state: card.state } }],
          SYSTEM,
        )
        this.ledger.mirrors.put(card, seq)
        this.ledger.tell({ ...card, seq })
      }
    })
  }

  /** Receipts of cards that nobody had seen before. In a burst the cards are not sent again only to say so. */
  shown(incidents: readonly Incident[], uid: string): void {
    if (incidents.length === 0) return
    const now = this.ledger.ports.now()
    this.ledger.transact(() => {
      if (incidents.length > SHOWN_TOLD_MAX) {
        this.ledger.shown(incidents, now, uid)
        return
      }
      for (const before of incidents) {
        const lines = [{ type: 'shown' as const, body: { to: uid } }]
        this.ledger.save({ before, after: { ...before, shownAt: now }, lines, actor: SYSTEM })
      }
    })
  }

  private takePress(press: Press, intake: string): void {
    const known = this.ledger.pushes.press(press.sosId)
    if (known) {
      this.ledger.pushes.alsoAt(known, intake)
      return
    }
    const judged = this.drills?.judge(press, intake, this.anyHeld && this.heldCancel(press) !== null) ?? null
    if (judged?.is === 'drill') return
    if (judged?.first) this.takeReal(judged.first.press, judged.first.intake, true)
    this.takeReal(press, intake, judged !== null)
  }

  /** `inDrill`: its phone was in a drill, and this is none. Inside a transaction. */
  takeReal(press: Press, intake: string, inDrill: boolean): void {
    const now = this.ledger.ports.now()
    const { driver, vehicle } = this.ledger.directory.cardsOf(press.deviceId)
    const open = this.ledger.incidents.ofPerson(personOf(driver, press.deviceId))
    if (open && takesPress(open, now)) {
      const merged = mergePress(open, { press, now })
      if (merged.ok)
        this.ledger.save({
          before: open,
          after: inDrill ? { ...merged.incident, flags: withFlag(merged.incident, 'drill_window') } : merged.incident,
          lines: merged.lines,
          actor: PRESSER,
        })
      this.ledger.pushes.addPress(press, merged.ok ? merged.incident : open, intake)
    } else {
      const begun = beginIncident({ press, driver, vehicle, code: this.ledger.nextCode(), now })
      const incident = inDrill ? { ...begun, flags: withFlag(begun, 'drill_window') } : begun
      this.ledger.save({
        before: null,
        after: incident,
        lines: [{ type: 'created', body: pressBody(press, 1) }],
        actor: PRESSER,
      })
      this.ledger.pushes.addPress(press, incident, intake)
    }
    if (this.anyHeld) this.takeHeldCancel(press)
  }

  private takeFold(fold: Fold): void {
    this.promote(fold.sosId, 'second_press')
    const fresh = this.ledger.pushes.fold(fold.sosId, fold.count)
    const press = this.ledger.pushes.press(fold.sosId)
    const incident = press && this.ledger.living(press.incident)
    if (!incident || fresh === 0) return
    const outcome = foldPresses(incident, { ...fold, fresh, now: this.ledger.ports.now() })
    if (outcome.ok)
      this.ledger.save({ before: incident, after: outcome.incident, lines: outcome.lines, actor: PRESSER })
  }

  private promote(sosId: string, why: 'cancelled' | 'second_press'): void {
    const first = this.drills?.promote(sosId, why)
    if (first) this.takeReal(first.press, first.intake, true)
  }

  private heldCancel(press: Press): string | null {
    const [held] = this.ledger.storage.sql
      .exec<{ body: string }>(
        'SELECT body FROM held_cancel WHERE sos_id = ? AND device = ? AND until > ?',
        press.sosId,
        press.deviceId,
        this.ledger.ports.now(),
      )
      .toArray()
    return held?.body ?? null
  }

  private takeHeldCancel(press: Press): void {
    const held = this.heldCancel(press)
    if (held === null) return
    this.ledger.storage.sql.exec('DELETE FROM held_cancel WHERE sos_id = ? AND device = ?', press.sosId, press.deviceId)
    // It was judged before the press arrived, and is meant for it all the same.
    this.takeCancel({
      ...(JSON.parse(held) as CancelNote),
      at: Math.max(press.receivedAt, this.ledger.ports.now()),
    })
  }

  private takeCancel(cancel: CancelNote): void {
    this.promote(cancel.sosId, 'cancelled')
    const press = this.ledger.pushes.press(cancel.sosId)
    if (!press) {
      const until = this.ledger.ports.now() + CANCEL_HELD_MS
      this.ledger.storage.sql.exec(
        'INSERT OR REPLACE INTO held_cancel (sos_id, device, body, until) VALUES (?, ?, ?, ?)',
        cancel.sosId,
        cancel.deviceId,
        JSON.stringify(cancel),
        until,
      )
      this.anyHeld = true
      return
    }
    if (press.device !== cancel.deviceId || !this.ledger.pushes.firstOf(cancel)) return
    const incident = this.ledger.living(press.incident)
    if (!incident) return
    const outcome = decidePin(incident, cancel, this.ledger.ports.now())
    if (outcome.ok && outcome.lines.length > 0)
      this.ledger.save({ before: incident, after: outcome.incident, lines: outcome.lines, actor: PRESSER })
    if (cancel.verdict === 'true' && !incident.duress)
      this.ledger.pushes.cancelPresses(incident.id, cancel.deviceId, cancel.at)
  }
}
