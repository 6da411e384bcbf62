// A region that is looked after from another, by a named act of a supervisor there, until it is given back or its time is up:
// its open cards, and those that come, are shown and heard on the other's screens, whose people may act on them.

import type { Viewer } from '../domain/access'
import { type Actor, type Refusal, SYSTEM } from '../domain/command'
import { type Incident, isQueued } from '../domain/incident'
import { ring } from '../domain/outcome'
import type { RegionId } from '../domain/region'
import { type Acts, actorOf } from './acts'
import type { Ledger } from './ledger'
import type { TakenOver, TakeOverAnswer } from './paging-contract'

export const TAKE_OVER_TIMER = 'taken_over'

const LONGEST_MS = 12 * 3_600_000
const KEY = 'taken_over'
const LOOKED_AFTER = 'looks_after'
const SHARED_AT_ONCE = 5_000

export class TakeOver {
  private present: TakenOver | null
  private others: TakenOver[]
  /** Told, inside its transaction, when the region is its own again. */
  readonly endings: (() => void)[] = []
  /** Incidents that changed in the transaction under way. */
  private readonly touched = new Set<string>()

  constructor(
    private readonly ledger: Ledger,
    private readonly acts: Pick<Acts, 'refuses'>,
  ) {
    this.present = this.read<TakenOver | null>(KEY, null)
    this.others = this.read<TakenOver[]>(LOOKED_AFTER, [])
    ledger.reloads.push(() => {
      this.present = this.read<TakenOver | null>(KEY, null)
      this.others = this.read<TakenOver[]>(LOOKED_AFTER, [])
      this.touched.clear()
    })
    ledger.followers.push(({ after }) => {
      if (this.present) this.touched.add(after.id)
    })
    ledger.closers.push(() => this.close())
    ledger.turnings.push(() => {
      const until = this.ledger.timers.get(TAKE_OVER_TIMER, '')
      if (this.present && until !== null) this.keep({ ...this.present, until })
    })
  }

  /** Who looks after this region now; null where it does so itself. */
  get now(): TakenOver | null {
    return this.present && this.present.until > this.ledger.ports.now() ? this.present : null
  }

  /** Regions that this one looks after, as their rooms said. */
  get lookingAfter(): readonly TakenOver[] {
    return this.others.filter(({ until }) => until > this.ledger.ports.now())
  }

  takeOver(from: RegionId, reason: string, viewer: Viewer): TakeOverAnswer {
    const { region } = this.ledger.ports
    if (from === region)
      return refusal('invalid', 'own_region', 'A region is taken over from another one: name the region you are in.')
    const refused = this.acts.refuses(viewer, 'region:take-over', [from])
    if (refused) return { ok: false, refusal: refused }
    const standing = this.now
    if (standing && standing.from !== from)
      return refusal('conflict', 'taken_over', `${standing.by.alias} in ${standing.from} looks after it already.`)
    const at = this.ledger.ports.now()
    const by = { uid: viewer.uid, alias: viewer.alias }
    const takenOver: TakenOver = { region, from, by, reason, at: standing?.at ?? at, until: at + LONGEST_MS }
    this.ledger.transact(() => {
      this.keep(takenOver)
      this.ledger.timers.set(TAKE_OVER_TIMER, '', takenOver.until)
      const body = { region, from, by: viewer.uid, reason, until: takenOver.until }
      this.ledger.log.append([{ type: 'taken_over', incident: null, body }], actorOf(viewer))
      for (const card of this.ledger.incidents.queue(SHARED_AT_ONCE)) {
        const incident = this.ledger.incidents.find(card.id)
        if (incident) this.share(incident)
      }
    })
    this.ledger.ports.noticed?.()
    return { ok: true, takenOver }
  }

  /** By a supervisor of either side. */
  giveBack(viewer: Viewer): TakeOverAnswer {
    const standing = this.now
    const refused = this.acts.refuses(viewer, 'region:take-over', [
      this.ledger.ports.region,
      ...(standing ? [standing.from] : []),
    ])
    if (refused) return { ok: false, refusal: refused }
    if (standing) this.ledger.transact(() => this.end(standing, 'given_back', actorOf(viewer)))
    return { ok: true, takenOver: null }
  }

  /** Twelve hours are over. Inside the transaction of whoever fires timers. */
  rang(): void {
    if (this.present) this.end(this.present, 'time', SYSTEM)
  }

  /** Another room says whether it is looked after from here. */
  heard(region: RegionId, takenOver: TakenOver | null): void {
    const others = this.others.filter((each) => each.region !== region)
    if (takenOver?.from === this.ledger.ports.region) others.push(takenOver)
    if (JSON.stringify(others) === JSON.stringify(this.others)) return
    this.others = others
    this.ledger.transact(() => this.write(LOOKED_AFTER, others))
    this.ledger.ports.noticed?.()
  }

  private end({ from }: TakenOver, why: 'given_back' | 'time', actor: Actor): void {
    const { region } = this.ledger.ports
    this.keep(null)
    this.ledger.timers.cancel(TAKE_OVER_TIMER, '')
    this.ledger.log.append([{ type: 'taken_over', incident: null, body: { region, from, ended: why } }], actor)
    for (const card of this.ledger.incidents.queue(SHARED_AT_ONCE)) {
      const incident = this.ledger.incidents.find(card.id)
      // What somebody there has in hand stays with them.
      if (!incident || incident.owner || !incident.alsoIn?.includes(from) || incident.desk === from) continue
      this.ledger.save({
        before: incident,
        after: { ...incident, alsoIn: incident.alsoIn.filter((each) => each !== from) },
        lines: [{ type: 'taken_over', body: { region, from, ended: why } }],
        actor,
      })
    }
    for (const end of this.endings) end()
    this.ledger.ports.noticed?.()
  }

  // From its last state, so that nothing that was made of an older one is written over it.
  private close(): void {
    for (const id of [...this.touched]) {
      const incident = this.ledger.incidents.find(id)
      if (incident) this.share(incident)
    }
    this.touched.clear()
  }

  /** Its card goes there, and is heard there while nobody has it. */
  private share(incident: Incident): void {
    const standing = this.now
    if (!standing || !isQueued(incident)) return
    const { from } = standing
    if (incident.desk === from || incident.alsoIn?.includes(from)) return
    const waits = incident.state === 'new' && incident.owner === null
    this.ledger.save({
      before: incident,
      after: {
        ...incident,
        alsoIn: [...(incident.alsoIn ?? []), from],
        ring: waits ? ring(incident, 'all', 'louder', this.ledger.ports.now()) : incident.ring,
      },
      lines: [{ type: 'taken_over', body: { region: standing.region, from, by: standing.by.uid } }],
      actor: SYSTEM,
    })
  }

  private keep(takenOver: TakenOver | null): void {
    this.present = takenOver
    this.write(KEY, takenOver)
  }

  private write(key: string, value: unknown): void {
    this.ledger.storage.sql.exec('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', key, JSON.stringify(value))
  }

  private read<T>(key: string, otherwise: T): T {
    const [row] = this.ledger.storage.sql.exec<{ value: string }>('SELECT value FROM meta WHERE key = ?', key).toArray()
    return row ? (JSON.parse(row.value) as T) : otherwise
  }
}

const refusal = (code: Refusal['code'], reason: string, message: string): TakeOverAnswer => ({
  ok: false,
  refusal: { code, reason, message },
})
