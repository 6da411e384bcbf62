// NEXT: the gravest that nobody has is shown to one person for 30 s, so that two people never open the same. Taking stays free to
// all: a lease is a courtesy and no lock.

import type { Viewer } from '../domain/access'
import type { Incident } from '../domain/incident'
import { rank } from '../domain/priority'
import { type Acts, actorOf } from './acts'
import type { Ledger } from './ledger'
import type { NextAnswer } from './storm-contract'
import type { Line } from './storm-line'

export const LEASE_MS = 30_000

type Held = { uid: string; until: number }

export class Leases {
  /** By incident. After a crash those of own incidents are in their rows. */
  private readonly held = new Map<string, Held>()
  private readonly byPerson = new Map<string, string>()

  constructor(
    private readonly ledger: Ledger,
    private readonly line: Line,
    private readonly acts: Pick<Acts, 'refuses'>,
  ) {}

  next(viewer: Viewer): NextAnswer {
    const { region, now } = this.ledger.ports
    const refusal = this.acts.refuses(viewer, 'incident:take', [region])
    if (refusal) return { ok: false, refusal }
    const at = now()
    for (const [id, { until }] of this.held) if (until <= at) this.held.delete(id)
    const mine = this.byPerson.get(viewer.uid) ?? null
    const guests = this.ledger.mirrors
      .queue()
      .filter((card) => card.owner === null && card.state !== 'cancelled')
      .map((card) => ({ id: card.id, rank: rank(card.priority), at: Date.parse(card.alarmedAt) }))
    const id = this.line.first(mine, guests, (each) => this.isAnothers(each, viewer.uid, at))
    const until = at + LEASE_MS
    this.ledger.transact(() => {
      if (mine !== null && mine !== id) this.giveBack(mine, viewer)
      if (id !== null) this.lease(id, viewer, until)
    })
    if (id === null) {
      this.byPerson.delete(viewer.uid)
      return { ok: true, incident: null, until: null }
    }
    this.held.set(id, { uid: viewer.uid, until })
    this.byPerson.set(viewer.uid, id)
    const card = this.ledger.incidents.summary(id) ?? this.ledger.mirrors.queue().find((each) => each.id === id) ?? null
    return { ok: true, incident: card, until: card && until }
  }

  /** Taken, or over: nobody is shown it any more. */
  changed(incident: Incident): void {
    if (this.held.has(incident.id) && !this.line.has(incident.id)) this.held.delete(incident.id)
  }

  /** The clock was set back by so much: nobody keeps a card for the difference. */
  turnBack(byMs: number): void {
    for (const held of this.held.values()) held.until -= byMs
  }

  private isAnothers(id: string, uid: string, now: number): boolean {
    const held = this.held.get(id) ?? this.ledger.incidents.find(id)?.leased
    return held !== undefined && held.uid !== uid && held.until > now
  }

  private lease(id: string, viewer: Viewer, until: number): void {
    const line = { type: 'leased' as const, body: { to: viewer.uid, until } }
    const before = this.ledger.incidents.find(id)
    if (!before) {
      // Another room's incident, at this desk: its own room is not asked for what only this desk has to know.
      this.ledger.log.append([{ ...line, incident: id }], actorOf(viewer))
      return
    }
    const leased = { uid: viewer.uid, name: viewer.name, until }
    this.ledger.save({ before, after: { ...before, leased }, lines: [line], actor: actorOf(viewer) })
  }

  private giveBack(id: string, viewer: Viewer): void {
    this.held.delete(id)
    const before = this.ledger.incidents.find(id)
    if (before?.leased?.uid !== viewer.uid || before.leased.until <= this.ledger.ports.now() || before.owner) return
    const { leased: _, ...after } = before
    const lines = [{ type: 'leased' as const, body: { to: null, from: viewer.uid } }]
    this.ledger.save({ before, after, lines, actor: actorOf(viewer) })
  }
}
