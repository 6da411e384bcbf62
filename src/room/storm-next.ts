// NEXT: the gravest that nobody has is shown to one person for 30 s, so that two people never open the same. Taking stays free to
// all: a lease is a courtesy and no lock.

import type { Viewer } from '../domain/access'
import { type Incident, regionsOf } from '../domain/incident'
import { rank } from '../domain/priority'
import { type Acts, actorOf } from './acts'
import type { Ledger } from './ledger'
import type { LeaseAnswer, NextAnswer } from './storm-contract'
import { isLoose, type Line } from './storm-line'

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

  /** As this room knows it: of a guest, its own room may know better (storm-guests.ts). */
  next(viewer: Viewer): NextAnswer {
    return this.pick(viewer).answer
  }

  /** The same, and the one that they looked at before, which is free again. */
  pick(viewer: Viewer): { answer: NextAnswer; gaveBack: string | null } {
    const { region, now } = this.ledger.ports
    const refusal = this.acts.refuses(viewer, 'incident:take', [region])
    if (refusal) return { answer: { ok: false, refusal }, gaveBack: null }
    const at = now()
    for (const [id, { until }] of this.held) if (until <= at) this.held.delete(id)
    const mine = this.byPerson.get(viewer.uid) ?? null
    const waiting = this.ledger.mirrors.queue().filter((card) => card.owner === null && card.state !== 'cancelled')
    const leased = new Map(waiting.flatMap(({ id, leased }) => (leased ? [[id, leasedOf(leased)] as const] : [])))
    const guests = waiting.map((card) => ({
      id: card.id,
      rank: rank(card.priority),
      at: Date.parse(card.alarmedAt),
    }))
    const id = this.line.first(mine, guests, (each) => this.heldByAnother(each, viewer.uid, leased.get(each)) !== null)
    const until = at + LEASE_MS
    const gaveBack = mine !== null && mine !== id && this.held.get(mine)?.uid === viewer.uid ? mine : null
    this.ledger.transact(() => {
      if (mine !== null && mine !== id) this.giveBack(mine, viewer)
      if (id !== null) this.lease(id, viewer, until)
    })
    if (id === null) {
      this.byPerson.delete(viewer.uid)
      return { answer: { ok: true, incident: null, until: null }, gaveBack }
    }
    this.held.set(id, { uid: viewer.uid, until })
    this.byPerson.set(viewer.uid, id)
    const card = this.ledger.incidents.summary(id) ?? waiting.find((each) => each.id === id) ?? null
    return { answer: { ok: true, incident: card, until: card && until }, gaveBack }
  }

  /** Another room is about to show an incident of ours to a person at its desk. */
  leaseTo(incidentId: string, viewer: Viewer): LeaseAnswer {
    const incident = this.ledger.incidents.find(incidentId)
    if (!incident || !isLoose(incident) || this.acts.refuses(viewer, 'incident:take', regionsOf(incident)))
      return { is: 'gone' }
    const other = this.heldByAnother(incidentId, viewer.uid)
    if (other) return { is: 'anothers', ...other }
    const until = this.ledger.ports.now() + LEASE_MS
    this.ledger.transact(() => this.lease(incidentId, viewer, until))
    this.held.set(incidentId, { uid: viewer.uid, until })
    return { is: 'leased', until }
  }

  /** They look at another one. */
  unlease(incidentId: string, viewer: Viewer): void {
    this.ledger.transact(() => this.giveBack(incidentId, viewer))
  }

  /** Its own room says that it is another's, or nobody's to be shown: it is skipped until then. */
  skip(incidentId: string, held: { uid: string; until: number }): void {
    this.held.set(incidentId, held)
  }

  /** Its own room cannot be asked: that it was shown is written here. */
  noteGuest(incidentId: string, viewer: Viewer, until: number): void {
    this.ledger.transact(() => {
      this.ledger.log.append([{ ...leasedLine(viewer, until), incident: incidentId }], actorOf(viewer))
    })
  }

  /** Taken, or over: nobody is shown it any more. */
  changed(incident: Incident): void {
    if (this.held.has(incident.id) && !this.line.has(incident.id)) this.held.delete(incident.id)
  }

  /** The clock was set back by so much: nobody keeps a card for the difference. */
  turnBack(byMs: number): void {
    for (const held of this.held.values()) held.until -= byMs
  }

  private heldByAnother(id: string, uid: string, shown?: Held): Held | null {
    const { leased } = this.ledger.incidents.find(id) ?? {}
    const held = this.held.get(id) ?? (leased && { uid: leased.uid, until: leased.until }) ?? shown
    return held && held.uid !== uid && held.until > this.ledger.ports.now() ? held : null
  }

  /** A guest's own room writes it down there, and it comes back with the card. */
  private lease(id: string, viewer: Viewer, until: number): void {
    const before = this.ledger.incidents.find(id)
    if (!before) return
    const leased = { uid: viewer.uid, name: viewer.name, until }
    this.ledger.save({
      before,
      after: { ...before, leased },
      lines: [leasedLine(viewer, until)],
      actor: actorOf(viewer),
    })
  }

  private giveBack(id: string, viewer: Viewer): void {
    if (this.held.get(id)?.uid === viewer.uid) this.held.delete(id)
    const before = this.ledger.incidents.find(id)
    if (before?.leased?.uid !== viewer.uid || before.leased.until <= this.ledger.ports.now() || before.owner) return
    const { leased: _, ...after } = before
    const lines = [{ type: 'leased' as const, body: { to: null, from: viewer.uid } }]
    this.ledger.save({ before, after, lines, actor: actorOf(viewer) })
  }
}

const leasedLine = (viewer: Viewer, until: number) => ({ type: 'leased' as const, body: { to: viewer.uid, until } })

const leasedOf = ({ uid, until }: { uid: string; until: string }): Held => ({ uid, until: Date.parse(until) })
