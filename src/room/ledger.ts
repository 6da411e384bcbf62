// The books of a room: incidents, log, timers and what is waiting to leave, changed together or not at all.
// Who may change what, and how, is decided by arrivals.ts, acts.ts and hours.ts, which all write through here.

import { clocksOf, TIMER_KINDS } from '../domain/clocks'
import { type Actor, type Refusal, SYSTEM } from '../domain/command'
import type { AreaNames } from '../domain/coverage'
import type { Callback } from '../domain/handoff-document'
import { type Incident, type IncidentSummary, summarize } from '../domain/incident'
import type { Line, Outcome } from '../domain/outcome'
import type { Page } from '../domain/page'
import type { Pair } from '../domain/pairs'
import { phoneViewOf } from '../domain/phone-view'
import type { Position } from '../domain/position'
import type { RegionId } from '../domain/region'
import type { Storage } from '../durable/storage'
import { Timers } from '../durable/timers'
import type { People } from './attention'
import { Codes } from './codes'
import type { StatusPush } from './contract'
import { Directory } from './directory'
import { Incidents } from './incidents'
import { Log } from './log'
import { Mirrors } from './mirrors'
import { Pages } from './pages'
import { Pushes } from './pushes'
import { Unverified } from './unverified'

export type RoomPorts = {
  region: RegionId
  now(): number
  newId(): string
  nextFree(exceptUid: string): { uid: string; name: string } | null
  hasScreen(uid: string): boolean
  /** People who watch now: they are who can take more. */
  attention?(): number
  /** Of those, whose hands are free. */
  free?(): number
  /** Who those are: so that somebody who watches in two rooms is counted once. */
  people?(): People
  /** An area in names, by where its devices are. */
  namesOf?(spots: readonly { lat: number; lng: number; weight: number }[]): AreaNames
  /** Notices or listed checks have changed, for the screens. */
  noticed?(): void
  /** A place in as few words as a text has room for; null where nothing is known of it. */
  placeOf?(position: Position): string | null
  /** The municipality of a place; null where none is known. */
  municipalityOf?(at: { lat: number; lng: number }): string | null
  /** Where an agency's machine answers, and what it signs with. Absent: nothing is handed off by machine. */
  callbackOf?(handOffId: string): Callback
  /** The tower's own number, for calling back. */
  towerPhone?(): string | null
  /** There is a way for texts out of this tower; where it is not said there is. */
  textsLeave?(): boolean
  /** The courier's shard of a page; 0 where there is one only. */
  courierShardOf?(page: Pick<Page, 'id' | 'incidentId'>): number
  /** After the transaction: what changed, for the screens. */
  changed(summary: IncidentSummary): void
}

export type Change = { before: Incident | null; after: Incident; lines: Line[]; actor: Actor }

export class Ledger {
  readonly incidents: Incidents
  readonly directory: Directory
  readonly log: Log
  readonly timers: Timers
  readonly pushes: Pushes
  readonly mirrors: Mirrors
  /** On their way to the courier. */
  readonly pages: Pages
  readonly unverified: Unverified
  /** Who follows incidents: told of each change inside its transaction, after it is written. */
  readonly followers: ((change: Change) => void)[] = []
  /** Who decides once, from all that a transaction changed: called at its end, inside it. */
  readonly closers: (() => void)[] = []
  /** Who keeps in memory what is on disk: called after a transaction that failed. */
  readonly reloads: (() => void)[] = []
  /** Who keeps times of their own: told, inside a transaction, that the clock was set back by so many ms. */
  readonly turnings: ((byMs: number) => void)[] = []
  /** How many wait before it, where phones are told so: in a storm. */
  aheadOf: (incident: Incident) => number | null = () => null
  private readonly codes: Codes
  private news: IncidentSummary[] = []

  constructor(
    readonly storage: Storage,
    readonly ports: RoomPorts,
  ) {
    this.incidents = new Incidents(storage)
    this.directory = new Directory(storage)
    this.timers = new Timers(storage, ports.now)
    this.pushes = new Pushes(storage)
    this.mirrors = new Mirrors(storage, ports.region)
    this.pages = new Pages(storage, {
      now: ports.now,
      shardOf: (page) => ports.courierShardOf?.(page) ?? 0,
      incident: (id) => this.incidents.find(id),
    })
    this.unverified = new Unverified(storage)
    this.codes = new Codes(storage, ports.region)
    this.log = new Log(storage, ports.region, ports.now, ports.newId)
  }

  // Screens hear of a change only after its transaction; of one that failed, never.
  transact<T>(run: () => T): T {
    try {
      const result = this.storage.transactionSync(() => {
        const done = run()
        for (const close of this.closers) close()
        this.pushes.settle()
        this.log.close()
        this.codes.close()
        return done
      })
      const { news } = this
      this.news = []
      for (const summary of news) this.ports.changed(summary)
      return result
    } catch (error) {
      this.news = []
      this.log.reload()
      this.codes.reload()
      this.incidents.reload()
      this.directory.reload()
      this.pushes.reload()
      for (const reload of this.reloads) reload()
      throw error
    }
  }

  save(change: Change): void {
    const { before, after, lines, actor } = change
    const seq = this.log.append(
      lines.map((line) => ({ ...line, incident: after.id })),
      actor,
    )
    this.incidents.save(after, seq)
    this.setClocks(before, after)
    this.pushes.incidentChanged(after, before)
    this.mirrors.incidentChanged(after, before)
    this.pages.hush(after)
    this.news.push(summarize(after, seq))
    for (const follow of this.followers) follow(change)
  }

  /** First receipts of many: logged, kept, told to phones, and to no screen. */
  shown(incidents: readonly Incident[], at: number, to: string): void {
    this.log.append(
      incidents.map(({ id }) => ({ type: 'shown', incident: id, body: { to } })),
      SYSTEM,
    )
    this.incidents.shown(
      incidents.map(({ id }) => id),
      at,
    )
    for (const before of incidents) this.pushes.incidentChanged({ ...before, shownAt: at }, before)
  }

  saveOutcome(before: Incident, outcome: Outcome, actor: Actor): Refusal | null {
    if (!outcome.ok) return outcome.refusal
    if (outcome.lines.length > 0) this.save({ before, after: outcome.incident, lines: outcome.lines, actor })
    return null
  }

  savePair(pair: Pair, one: Incident | null, other: Incident | null, actor: Actor): Refusal | null {
    if (!pair.ok) return pair.refusal
    if (pair.oneLines.length > 0) this.save({ before: one, after: pair.one, lines: pair.oneLines, actor })
    if (pair.otherLines.length > 0) this.save({ before: other, after: pair.other, lines: pair.otherLines, actor })
    return null
  }

  nextCode(): string {
    return this.codes.next(this.ports.now())
  }

  /** What the phones of these presses may read now. */
  statuses(sosIds: readonly string[]): StatusPush[] {
    return sosIds.flatMap((sosId) => {
      const press = this.pushes.press(sosId)
      const incident = press && this.incidents.find(press.incident)
      if (!press || !incident) return []
      return [
        {
          sosId,
          deviceId: press.device,
          view: phoneViewOf(incident, press, this.aheadOf(incident)),
          version: this.log.seq,
          epoch: this.log.epoch,
          duress: incident.duress,
        },
      ]
    })
  }

  /** For the screens, when the transaction under way has succeeded. */
  tell(summary: IncidentSummary): void {
    this.news.push(summary)
  }

  /** The incident that this one was merged into, else itself: a duplicate has no life of its own. */
  living(id: string): Incident | null {
    let incident = this.incidents.find(id)
    for (let hops = 0; incident?.mergedInto && hops < 10; hops++) incident = this.incidents.find(incident.mergedInto)
    return incident
  }

  private setClocks(before: Incident | null, after: Incident): void {
    const due = clocksOf(after)
    const had = before ? clocksOf(before) : {}
    for (const kind of TIMER_KINDS) {
      const at = due[kind]
      if (at === had[kind]) continue
      if (at === undefined) this.timers.cancel(kind, after.id)
      else this.timers.set(kind, after.id, at)
    }
    if (before?.owner && before.owner.uid !== after.owner?.uid) this.timers.cancel('owner_screen', after.id)
  }
}
