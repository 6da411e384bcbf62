// What time itself does in a room: clocks that ring, owners whose screens are gone, and what may be forgotten.

import { OWNER_SCREEN_MS } from '../domain/clocks'
import { SYSTEM } from '../domain/command'
import { release } from '../domain/decide'
import { accept, type Outcome, ring } from '../domain/outcome'
import type { Timer } from '../durable/timers'
import type { Areas } from './areas'
import { LENT_TIMER, type LookedAfter } from './attention'
import { heedClock } from './clock-turned'
import { DRILL_TIMER } from './drills'
import type { DrillsDesk } from './drills-desk'
import { type Escalation, SWEEP_TIMER } from './escalation'
import { ESCALATION_TIMER } from './ladders'
import type { Ledger } from './ledger'
import { type Notices, UNHEARD_TIMER } from './notices'
import type { Outward } from './outward/outward'
import { SILENCE_TIMER, type Silence } from './silence'
import { SITUATION_TIMER, type Situations } from './situations'
import { STORM_TIMER, type Storm } from './storm'
import { TAKE_OVER_TIMER, type TakeOver } from './take-over'
import { TOWER_DOWN_TIMER, type TowerDown } from './tower-down'
import { WELFARE_TIMER, type Welfare } from './welfare'

/** Intakes forget a cancel after 8 days, and cannot repeat it then. */
const JUDGED_KEPT_MS = 9 * 24 * 60 * 60_000
/** Timers in one transaction: some 15 ms of the thread that answers presses, too. */
const AT_ONCE = 40
const PUT_OFF_MS = 1_000
const FORGET_AFTER_MS = 24 * 60 * 60_000
const FORGET_EVERY_MS = 60 * 60_000

export class Hours {
  constructor(
    private readonly ledger: Ledger,
    private readonly silence: Silence,
    private readonly welfare: Pick<Welfare, 'rang'>,
    private readonly coverage: Pick<Notices, 'rang'>,
    private readonly storm: Pick<Storm, 'rang'>,
    private readonly situations: Pick<Situations, 'rang'>,
    private readonly outward: Pick<Outward, 'rang' | 'forget'>,
    private readonly escalation: Pick<Escalation, 'rang' | 'sweepRang' | 'forgetGone'>,
    private readonly takeOver: Pick<TakeOver, 'rang'>,
    private readonly towerDown: Pick<TowerDown, 'rang'>,
    private readonly drills: Pick<DrillsDesk, 'rang' | 'forget'>,
    private readonly areas: Pick<Areas, 'rang' | 'forget'>,
    private readonly lookedAfter: Pick<LookedAfter, 'rang'>,
  ) {}

  /** Fires what is due, at most `limit` at once. Gives whether more is due. Throws where one could not ring, after all others have. */
  fire(limit = AT_ONCE): boolean {
    heedClock(this.ledger)
    const due = this.ledger.timers.due(limit)
    try {
      this.ringTogether(due)
    } catch {
      this.ringEach(due)
    }
    return due.length === limit
  }

  /** One transaction: in a crowd the books are closed once for all of them, and presses wait less. */
  private ringTogether(due: readonly Timer[]): void {
    if (due.length === 0) return
    this.ledger.transact(() => {
      for (const timer of due) {
        this.ledger.timers.remove(timer)
        this.ring(timer)
      }
    })
  }

  /** One of them cannot ring: it is put off, and keeps no other waiting. */
  private ringEach(due: readonly Timer[]): void {
    const failures: unknown[] = []
    for (const timer of due) {
      try {
        this.ringTogether([timer])
      } catch (error) {
        failures.push(error)
        this.ledger.timers.set(timer.kind, timer.key, this.ledger.ports.now() + PUT_OFF_MS)
      }
    }
    if (failures.length > 0) throw failures[0]
  }

  /**
   * This person's first screen has come, or the last has gone: then what they hold goes back to the queue in a while. `goneSince`,
   * epoch ms: a line that died without a word counts from its last word, and not from when that was noticed.
   */
  screenUser(uid: string, present: boolean, goneSince: number = this.ledger.ports.now()): void {
    this.ledger.transact(() => {
      const { now } = this.ledger.ports
      if (present) this.ledger.storage.sql.exec('INSERT OR IGNORE INTO screen_user (uid) VALUES (?)', uid)
      else this.ledger.storage.sql.exec('DELETE FROM screen_user WHERE uid = ?', uid)
      for (const incident of this.ledger.incidents.ownedBy(uid)) {
        if (present) this.ledger.timers.cancel('owner_screen', incident.id)
        else
          this.ledger.timers.set(
            'owner_screen',
            incident.id,
            Math.max(now(), Math.min(goneSince, now()) + OWNER_SCREEN_MS[incident.priority]),
          )
      }
    })
  }

  /** Born anew: nobody's screen is connected, so whoever had one gets the time that a lost screen gets. Gives who they are. */
  screensVanished(): string[] {
    const users = this.ledger.storage.sql.exec<{ uid: string }>('SELECT uid FROM screen_user').toArray()
    for (const { uid } of users) this.screenUser(uid, false)
    if (this.ledger.timers.get('forget', '') === null)
      this.ledger.timers.set('forget', '', this.ledger.ports.now() + FORGET_EVERY_MS)
    return users.map(({ uid }) => uid)
  }

  private ring({ kind, key }: Timer): void {
    if (kind === 'forget') {
      this.forgetOld()
      return
    }
    if (kind === ESCALATION_TIMER) {
      this.escalation.rang(key)
      return
    }
    if (kind === TAKE_OVER_TIMER) {
      this.takeOver.rang()
      return
    }
    if (kind === LENT_TIMER) {
      this.lookedAfter.rang()
      return
    }
    if (kind === DRILL_TIMER) {
      this.drills.rang(key)
      return
    }
    if (kind === TOWER_DOWN_TIMER) {
      this.towerDown.rang(key)
      return
    }
    if (kind === SWEEP_TIMER) {
      this.escalation.sweepRang()
      return
    }
    if (kind === WELFARE_TIMER) {
      this.welfare.rang(key)
      return
    }
    if (kind === UNHEARD_TIMER) {
      this.coverage.rang(key)
      return
    }
    if (kind === STORM_TIMER) {
      this.storm.rang()
      return
    }
    if (kind === SITUATION_TIMER) {
      this.situations.rang()
      return
    }
    if (this.outward.rang({ kind, key }) || this.areas.rang({ kind, key })) return
    const incident = this.ledger.incidents.find(key)
    if (!incident) return
    const now = this.ledger.ports.now()
    const outcome = ((): Outcome | null => {
      switch (kind) {
        case 'untaken':
          return accept(
            { ...incident, offered911At: now },
            { type: 'untaken_told', body: { told: incident.contactPolicy === 'voice_ok' && !incident.duress } },
          )
        case 'first_act':
          return release(incident, 'no_first_act', now)
        case 'owner_screen':
          return incident.owner && !this.ledger.ports.hasScreen(incident.owner.uid)
            ? release(incident, 'owner_screen_gone', now)
            : null
        case 'reaction':
          return accept(
            { ...incident, reactBy: null, ring: ring(incident, 'all', 'no_reaction', now) },
            { type: 'realarmed', body: { why: 'no reaction to a re-press' } },
          )
        case 'cancel_verify':
          return accept(
            { ...incident, flags: incident.flags.filter((flag) => flag !== 'cancel_verify'), closedAt: now },
            { type: 'cancel_verified', body: { by: 'time' } },
          )
        case SILENCE_TIMER:
          return this.silence.rang(incident)
        default:
          return null
      }
    })()
    if (outcome) this.ledger.saveOutcome(incident, outcome, SYSTEM)
  }

  private forgetOld(): void {
    const now = this.ledger.ports.now()
    for (const id of this.ledger.incidents.forgettable(now - FORGET_AFTER_MS, this.ledger.log.archivedSeq(), 500))
      this.ledger.incidents.forget(id)
    this.outward.forget()
    this.drills.forget()
    this.areas.forget()
    this.escalation.forgetGone()
    this.ledger.mirrors.forgetEnded(500)
    this.ledger.pages.forgetBefore(now - FORGET_AFTER_MS)
    this.ledger.storage.sql.exec('DELETE FROM held_cancel WHERE until <= ?', now)
    this.ledger.storage.sql.exec('DELETE FROM judged WHERE at < ?', now - JUDGED_KEPT_MS)
    this.ledger.timers.set('forget', '', now + FORGET_EVERY_MS)
  }
}
