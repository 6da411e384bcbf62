// The situations of a region: which incidents belong to one cause, counted one by one as they change. Nothing here changes an
// incident: what belongs together is only told together.

import type { Viewer } from '../domain/access'
import type { Incident } from '../domain/incident'
import { pageIdOf } from '../domain/page-id'
import {
  countPeople,
  type Member,
  type ShownSituation,
  type Situation,
  type Spot,
  type Suggestion,
  shownSituation,
  spotOf,
  standingOf,
  suggest,
} from '../domain/situation'
import { type Acts, actorOf } from './acts'
import type { Change, Ledger } from './ledger'
import type { SituationAct, SituationAnswer, SituationFile } from './storm-contract'

export const SITUATION_TIMER = 'situation'
/** Screens hear so often what has become of the people of a situation. */
const TOLD_EVERY_MS = 1_000
/** What seems to belong together is looked for so often, among so many of the latest. */
const SUGGESTED_EVERY_MS = 5_000
const SPOTS_MAX = 2_000
const OPEN_MAX = 50
const KEPT_MS = 8 * 24 * 60 * 60_000

export const SITUATION_TABLES = `
CREATE TABLE situation (id TEXT PRIMARY KEY, ended_at INTEGER, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE situation_member (incident TEXT PRIMARY KEY, situation TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX situation_member_of ON situation_member (situation)`

const UNKNOWN = { code: 'not_found', reason: 'unknown_situation', message: 'There is no such situation.' } as const

export class Situations {
  /** Those that have not ended. */
  private readonly open = new Map<string, Situation>()
  /** By situation, then incident: all that counting needs. */
  private readonly members = new Map<string, Map<string, Member>>()
  private readonly situationOf = new Map<string, string>()
  /** Of the members, where that is known. */
  private readonly memberSpots = new Map<string, Spot>()
  private toldAt = 0
  private looks = false
  private suggested: { at: number; what: Suggestion[] } = { at: Number.NEGATIVE_INFINITY, what: [] }

  constructor(
    private readonly ledger: Ledger,
    private readonly acts: Pick<Acts, 'refuses'>,
    /** Suggestions are worth a look only then. */
    private readonly isBusy: () => boolean,
    /** Where those are whom nobody has taken, of the latest so many. */
    private readonly looseSpots: (most: number) => Spot[],
  ) {
    this.load()
    ledger.followers.push((change) => this.changed(change))
    ledger.reloads.push(() => this.load())
  }

  /** The gravest and greatest first. */
  shown(): ShownSituation[] {
    return [...this.open.values()]
      .map((situation) => this.shownOne(situation))
      .sort(
        (a, b) =>
          (a.counts.worst ?? 'P9').localeCompare(b.counts.worst ?? 'P9') ||
          b.counts.people - a.counts.people ||
          a.madeAt.localeCompare(b.madeAt),
      )
  }

  /** What seems to be of one cause and is in no situation. */
  suggestions(): Suggestion[] {
    if (!this.isBusy() && this.open.size === 0) return []
    const now = this.ledger.ports.now()
    if (Math.abs(now - this.suggested.at) >= SUGGESTED_EVERY_MS)
      this.suggested = { at: now, what: suggest(this.spots()) }
    return this.suggested.what
  }

  act(act: SituationAct, viewer: Viewer): SituationAnswer {
    const { region } = this.ledger.ports
    // Which people belong together is an ordinary act; what situations there are is the supervisor's.
    const right = act.type === 'join' || act.type === 'leave' ? 'incident:act' : 'storm:manage'
    const refusal = this.acts.refuses(viewer, right, [region])
    if (refusal) return { ok: false, refusal }
    const id = act.type === 'make' ? pageIdOf(region, 'situation', viewer.uid, act.requestId) : act.id
    const known = this.open.get(id)
    if (act.type === 'make' && !known && this.open.size >= OPEN_MAX)
      return {
        ok: false,
        refusal: { code: 'conflict', reason: 'too_many', message: 'End a situation before you make another.' },
      }
    if (act.type !== 'make' && !known) return this.ended(act, id)
    const situation = this.ledger.transact(() => this.done(act, id, known ?? null, viewer))
    return { ok: true, situation: this.shownOne(situation) }
  }

  /** Inside a transaction: what this one would make takes these incidents in, where a person has not ended it. */
  gather(make: Extract<SituationAct, { type: 'make' }>, viewer: Viewer): void {
    const id = pageIdOf(this.ledger.ports.region, 'situation', viewer.uid, make.requestId)
    const known = this.find(id)
    if (known?.endedAt != null || (!known && this.open.size >= OPEN_MAX)) return
    if (known) this.join(known, make.incidentIds, viewer)
    else this.done(make, id, null, viewer)
  }

  file(id: string): SituationFile {
    const situation = this.open.get(id) ?? this.find(id)
    if (!situation) return { ok: false, refusal: UNKNOWN }
    const members = [...(this.members.get(id) ?? [])].flatMap(([incidentId, member]) => {
      const incident = this.ledger.incidents.summary(incidentId)
      return incident ? [{ incident, standing: standingOf(member) }] : []
    })
    return { ok: true, situation: this.shownOne(situation), members }
  }

  /** Which situation it belongs to. */
  of(incidentId: string): Situation | null {
    return this.open.get(this.situationOf.get(incidentId) ?? '') ?? null
  }

  /** Inside the transaction of whoever fires timers. */
  rang(): void {
    this.looks = false
    this.tell()
  }

  private done(act: SituationAct, id: string, known: Situation | null, viewer: Viewer): Situation {
    const now = this.ledger.ports.now()
    if (act.type === 'make') {
      if (known) return known
      const { name, kind, area, incidentIds } = act
      const made: Situation = { id, name, kind, area, madeAt: now, madeBy: viewer.alias, endedAt: null }
      this.keep(made, 'made', viewer)
      this.join(made, incidentIds, viewer)
      return made
    }
    const situation = known as Situation
    switch (act.type) {
      case 'rename': {
        if (act.name === situation.name) return situation
        const renamed = { ...situation, name: act.name }
        this.keep(renamed, 'renamed', viewer)
        return renamed
      }
      case 'end': {
        const ended = { ...situation, endedAt: now }
        this.keep(ended, 'ended', viewer)
        return ended
      }
      case 'join':
        this.join(situation, act.incidentIds, viewer)
        return situation
      case 'leave':
        for (const incidentId of act.incidentIds)
          if (this.situationOf.get(incidentId) === id) this.leave(incidentId, situation, viewer)
        this.tell()
        return situation
    }
  }

  // Ending what has ended is a repeat; all else comes too late.
  private ended(act: SituationAct, id: string): SituationAnswer {
    const situation = this.find(id)
    if (!situation) return { ok: false, refusal: UNKNOWN }
    if (act.type === 'end') return { ok: true, situation: this.shownOne(situation) }
    return { ok: false, refusal: { code: 'conflict', reason: 'ended', message: `${situation.name} has ended.` } }
  }

  private join(situation: Situation, incidentIds: readonly string[], viewer: Viewer): void {
    const { id, name } = situation
    for (const incidentId of new Set(incidentIds)) {
      const incident = this.ledger.incidents.find(incidentId)
      const before = this.situationOf.get(incidentId)
      if (!incident || before === id) continue
      const from = before === undefined ? undefined : this.open.get(before)
      if (from) this.leave(incidentId, from, viewer)
      this.put(id, incident)
      this.ledger.storage.sql.exec(
        'INSERT OR REPLACE INTO situation_member (incident, situation) VALUES (?, ?)',
        incidentId,
        id,
      )
      this.log('joined', { id, name }, viewer, incidentId)
    }
    this.suggested.at = Number.NEGATIVE_INFINITY
    this.tell()
  }

  private leave(incidentId: string, { id, name }: Situation, viewer: Viewer): void {
    this.members.get(id)?.delete(incidentId)
    this.situationOf.delete(incidentId)
    this.memberSpots.delete(incidentId)
    this.ledger.storage.sql.exec('DELETE FROM situation_member WHERE incident = ?', incidentId)
    this.log('left', { id, name }, viewer, incidentId)
    this.suggested.at = Number.NEGATIVE_INFINITY
  }

  private keep(situation: Situation, what: string, viewer: Viewer): void {
    const { id, name, kind, area, endedAt } = situation
    if (endedAt === null) this.open.set(id, situation)
    else {
      this.open.delete(id)
      for (const incidentId of this.members.get(id)?.keys() ?? []) {
        this.situationOf.delete(incidentId)
        this.memberSpots.delete(incidentId)
      }
    }
    this.ledger.storage.sql.exec(
      'INSERT OR REPLACE INTO situation (id, ended_at, body) VALUES (?, ?, ?)',
      id,
      endedAt,
      JSON.stringify(situation),
    )
    this.log(what, { id, name, kind, area }, viewer, null)
    this.suggested.at = Number.NEGATIVE_INFINITY
    this.tell()
  }

  private log(what: string, of: Record<string, unknown>, viewer: Viewer, incident: string | null): void {
    const { id, ...more } = of
    this.ledger.log.append([{ type: 'situation', incident, body: { what, situation: id, ...more } }], actorOf(viewer))
  }

  private changed({ after }: Change): void {
    const id = this.situationOf.get(after.id)
    if (id !== undefined) this.put(id, after)
    if (id === undefined && !this.isBusy()) return
    if (this.looks) return
    this.looks = true
    const now = this.ledger.ports.now()
    const every = id === undefined ? SUGGESTED_EVERY_MS : TOLD_EVERY_MS
    this.ledger.timers.set(SITUATION_TIMER, '', Math.max(now, Math.min(this.toldAt, now) + every))
  }

  private tell(): void {
    this.toldAt = this.ledger.ports.now()
    this.ledger.ports.noticed?.()
  }

  private put(id: string, incident: Incident): void {
    const { id: incidentId, state, owner, priority, inLine } = incident
    const members = this.members.get(id) ?? new Map<string, Member>()
    members.set(incidentId, { state, owner, priority, ...(inLine && { inLine }) })
    this.members.set(id, members)
    this.situationOf.set(incidentId, id)
    const spot = spotOf(incident, id)
    if (spot) this.memberSpots.set(incidentId, spot)
    else this.memberSpots.delete(incidentId)
  }

  private shownOne(situation: Situation): ShownSituation {
    return shownSituation(situation, countPeople(this.members.get(situation.id)?.values() ?? []))
  }

  private spots(): Spot[] {
    const grouped = [...this.memberSpots.values()].slice(-SPOTS_MAX)
    const loose = this.looseSpots(SPOTS_MAX).filter(({ id }) => !this.situationOf.has(id))
    return [...loose, ...grouped]
  }

  private find(id: string): Situation | null {
    const [row] = this.ledger.storage.sql
      .exec<{ body: string }>('SELECT body FROM situation WHERE id = ?', id)
      .toArray()
    return row ? (JSON.parse(row.body) as Situation) : null
  }

  private load(): void {
    this.open.clear()
    this.members.clear()
    this.situationOf.clear()
    this.memberSpots.clear()
    this.looks = false
    const { sql } = this.ledger.storage
    const old = this.ledger.ports.now() - KEPT_MS
    sql.exec('DELETE FROM situation_member WHERE situation IN (SELECT id FROM situation WHERE ended_at < ?)', old)
    sql.exec('DELETE FROM situation WHERE ended_at < ?', old)
    for (const { body } of sql.exec<{ body: string }>('SELECT body FROM situation WHERE ended_at IS NULL').toArray()) {
      const situation = JSON.parse(body) as Situation
      this.open.set(situation.id, situation)
    }
    const members = sql.exec<{ incident: string; situation: string }>(
      'SELECT incident, situation FROM situation_member',
    )
    for (const { incident, situation } of members.toArray()) {
      const found = this.open.has(situation) ? this.ledger.incidents.find(incident) : null
      if (found) this.put(situation, found)
    }
  }
}
