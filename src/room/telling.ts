// Makes the pages of one decision. Keeps within what a contact may be told: an hour's budget for what is not gravest, and in a
// storm few single pages, for one page tells of all.

import type { Decision, Ladder } from '../domain/escalation'
import { isPerson } from '../domain/escalation/steps'
import type { Incident } from '../domain/incident'
import type { Page, PageReason } from '../domain/page'
import { factsOf } from '../domain/page-facts'
import { pageIdOf } from '../domain/page-id'
import { type Reach, reach } from '../domain/rota'
import type { Duty } from './duty'
import type { Ledger } from './ledger'
import type { KnownPage } from './pages'

/** Reasons for which somebody is called to an incident. */
export const ALARMS: readonly PageReason[] = ['escalation', 'room_away']

/** A page to somebody counts as under way for so long: before that the same step does not call them again. */
const TELLING_MS = 90_000
/** Less than this is a clock being corrected, not set. */
const SET_BACK_MS = 5_000
const HOUR_MS = 3_600_000
/** In a storm a contact gets at most the hour's budget in so long, the storm's own pages among them. */
const STORM_WITHIN_MS = 600_000
/** So many of those are left to the storm's own pages. */
const STORM_PAGES = 3

/**
 * Of P1, which know no budget: so many in half a minute are more than one phone rings for, and what comes at once is about to be
 * a storm. Whoever is kept back here is told by its page, else by the step's next turn.
 */
const AT_ONCE = { most: 12, withinMs: 30_000 }

/** Of the hour's budget, before there is one. */
const BEFORE_A_STORM = 0.7

/** Why somebody whom a step means is not told: the timeline says so. `refused`: none of their addresses may be used. */
export type KeptBack = { id: string; name: string; why: 'budget' | 'storm' | 'refused' }

export class Telling {
  /** Who has had enough of a storm, until when: asked of every incident of a crowd, and the answer stays the same for long. */
  private readonly full = new Map<string, { most: number; until: number }>()

  constructor(
    private readonly ledger: Ledger,
    private readonly duty: Pick<Duty, 'people' | 'policy' | 'isSame'>,
  ) {
    ledger.reloads.push(() => this.full.clear())
    ledger.turnings.push(() => this.full.clear())
  }

  /**
   * Carries a decision out as far as pages go, inside its transaction. `louder`, `neighbour`: what its card is to do. `body`:
   * of its line in the timeline. `nobody`: it means people, and there is none. In a crowd cards do not each sound louder
   * and are not each sent to the neighbour, but for P1 outside a storm.
   */
  tell(incident: Incident, ladder: Ladder, decision: Decision, { storm, crowd }: { storm: boolean; crowd: boolean }) {
    const { step, n, round, why } = decision
    const { people, policy } = this.duty
    const telling = new Set(this.ringing(incident.id))
    const found = reach(decision, people, this.ledger.ports.now(), { telling, declined: ladder.declined })
    const { told, kept } = this.page(incident, decision, found.to, ladder.since, storm)
    // A drill is its own region's.
    const quiet = (crowd && (storm || incident.priority !== 'P1')) || incident.flags.includes('drill')
    const neighbour = found.neighbour && !quiet ? policy.neighbour : null
    return {
      // With a hundred waiting the queue rings as it is: a card that sounds anew is a frame to every screen, and heard by nobody.
      louder: ((found.consoles && !crowd) || neighbour !== null) && !quiet,
      neighbour,
      nobody: step.who.some(isPerson) && found.to.length + found.telling.length === 0,
      body: {
        step: step.id,
        round,
        n,
        why,
        to: told,
        ...(found.telling.length > 0 ? { telling: found.telling.map(({ id, name }) => ({ id, name })) } : {}),
        ...(kept.length > 0 ? { kept } : {}),
        ...(found.nobody.length > 0 ? { nobody: found.nobody } : {}),
        ...(found.consoles ? { consoles: true } : {}),
        ...(found.neighbour ? { neighbour: policy.neighbour } : {}),
      },
    }
  }

  /** People whom a page about this incident is reaching at this moment, also one that an intake sent without us. */
  private ringing(incidentId: string): string[] {
    const now = this.ledger.ports.now()
    // Decided in what is the future now: the clock was set back, and how long it has rung nobody knows.
    const isYoung = (at: number) => at > now - TELLING_MS && at <= now + SET_BACK_MS
    const ringing = this.ledger.pages
      .ofIncident(incidentId)
      .filter((page) => ALARMS.includes(page.reason) && isUnderWay(page) && isYoung(page.decidedAt))
      .map(({ contact }) => contact.id)
    if (ringing.length === 0) return []
    const { contacts } = this.duty.people
    return contacts.filter((each) => ringing.some((id) => this.duty.isSame(each, id))).map(({ id }) => id)
  }

  /** `since` is its round's beginning: rounds of one number may recur. */
  private page(
    incident: Incident,
    { step, n, round }: Decision,
    to: Reach['to'],
    since: number,
    storm: boolean,
  ): { told: { id: string; name: string; page: string }[]; kept: KeptBack[] } {
    const told: { id: string; name: string; page: string }[] = []
    const kept: KeptBack[] = []
    if (to.length === 0) return { told, kept }
    const { ports, pages } = this.ledger
    // In a crowd nearly all are kept back, and where it is in words costs more than all else here.
    let facts: Page['facts'] | null = null
    for (const { contact, ladder } of to) {
      const { id, name, lang } = contact
      const keptBack = this.keepsBack(id, incident, storm)
      if (keptBack) {
        kept.push({ id, name, why: keptBack })
        continue
      }
      facts ??= factsOf(incident, ports)
      const page: Page = {
        id: pageIdOf('escalation', incident.id, round, since, step.id, n, id),
        region: ports.region,
        incidentId: incident.id,
        reason: 'escalation',
        step: step.id,
        contact: { id, name, lang },
        ladder,
        priority: incident.priority,
        facts,
        decidedAt: ports.now(),
        until: null,
        drill: incident.flags.includes('drill'),
      }
      const sent = pages.send(page)
      if (sent === 'sent' || sent === 'known') told.push({ id, name, page: page.id })
      else kept.push({ id, name, why: 'refused' })
    }
    return { told, kept }
  }

  private keepsBack(contactId: string, { priority }: Incident, storm: boolean): KeptBack['why'] | null {
    const { hourlyBudget } = this.duty.policy
    const now = this.ledger.ports.now()
    if (storm) return this.hasHadEnough(contactId, Math.max(1, hourlyBudget - STORM_PAGES)) ? 'storm' : null
    if (priority === 'P1') return this.isRungByMany(contactId) ? 'storm' : null
    const counted = this.ledger.pages
      .recentTo(contactId, now - HOUR_MS)
      .filter(({ reason, rank }) => reason === 'escalation' && rank > 1)
    // Many in a short time may become a storm, whose own pages must still have room.
    const lately = counted.filter(({ at }) => at > now - STORM_WITHIN_MS)
    const many = lately.length >= Math.ceil(hourlyBudget * BEFORE_A_STORM)
    return many || counted.length >= hourlyBudget ? 'budget' : null
  }

  /** By those alone that still ring: what has been taken, or is over, asks for nobody's ear. */
  private isRungByMany(contactId: string): boolean {
    const ringing = this.ledger.pages
      .recentTo(contactId, this.ledger.ports.now() - AT_ONCE.withinMs)
      .filter(({ reason, state }) => reason === 'escalation' && (state === 'waiting' || state === 'with'))
    return ringing.length >= AT_ONCE.most
  }

  private hasHadEnough(contactId: string, most: number): boolean {
    const now = this.ledger.ports.now()
    const known = this.full.get(contactId)
    if (known?.most === most && now < known.until) return true
    const lately = this.ledger.pages
      .recentTo(contactId, now - STORM_WITHIN_MS)
      .filter(({ reason }) => reason === 'escalation' || reason === 'storm')
    // Newest first: when this one is old, there is room for another.
    const last = lately[most - 1]
    if (last) this.full.set(contactId, { most, until: last.at + STORM_WITHIN_MS })
    return last !== undefined
  }
}

/** Whoever asked for everyone knows of it. */
const isUnderWay = ({ state, answer }: KnownPage): boolean =>
  state === 'waiting' || state === 'with' || answer === 'everyone'
