// Makes the pages of one decision. Keeps within what a contact may be told: an hour's budget for what is not gravest, and in a
// storm few single pages, for one page tells of all.

import type { Decision } from '../domain/escalation'
import type { Incident } from '../domain/incident'
import type { Page } from '../domain/page'
import { factsOf } from '../domain/page-facts'
import { pageIdOf } from '../domain/page-id'
import type { Reach } from '../domain/rota'
import type { Duty } from './duty'
import type { Ledger } from './ledger'

const HOUR_MS = 3_600_000
/** In a storm a contact gets at most the hour's budget in so long, the storm's own pages among them. */
const STORM_WITHIN_MS = 600_000
/** So many of those are left to the storm's own pages. */
const STORM_PAGES = 3

/** Of the hour's budget, before there is one. */
const BEFORE_A_STORM = 0.7

/** Why somebody whom a step means is not told: the timeline says so. `refused`: none of their addresses may be used. */
export type KeptBack = { id: string; name: string; why: 'budget' | 'storm' | 'refused' }

export class Telling {
  constructor(
    private readonly ledger: Ledger,
    private readonly duty: Pick<Duty, 'policy'>,
  ) {}

  /** Inside the transaction of the decision. `since` is its round's beginning: rounds of one number may recur. */
  page(
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
    const facts = factsOf(incident, ports)
    for (const { contact, ladder } of to) {
      const { id, name, lang } = contact
      const keptBack = this.keepsBack(id, incident, storm)
      if (keptBack) {
        kept.push({ id, name, why: keptBack })
        continue
      }
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
        ...(this.joins(id) ? { joins: true } : {}),
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
    if (storm) {
      const lately = this.ledger.pages
        .recentTo(contactId, now - STORM_WITHIN_MS)
        .filter(({ reason }) => reason === 'escalation' || reason === 'storm')
      return lately.length >= Math.max(1, hourlyBudget - STORM_PAGES) ? 'storm' : null
    }
    if (priority === 'P1') return null
    const counted = this.ledger.pages
      .recentTo(contactId, now - HOUR_MS)
      .filter(({ reason, rank }) => reason === 'escalation' && rank > 1)
    // Many in a short time may become a storm, whose own pages must still have room.
    const lately = counted.filter(({ at }) => at > now - STORM_WITHIN_MS)
    const many = lately.length >= Math.ceil(hourlyBudget * BEFORE_A_STORM)
    return many || counted.length >= hourlyBudget ? 'budget' : null
  }

  /** A page to them is under way, or young: their next text may tell of both. */
  private joins(contactId: string): boolean {
    const since = this.ledger.ports.now() - this.duty.policy.bundleS * 1_000
    return this.ledger.pages.recentTo(contactId, since).some(({ reason }) => reason === 'escalation')
  }
}
