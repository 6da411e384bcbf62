// When a site loses its screens at once: its power or its line is gone, and phones become the tower. One page for all that is
// open, to everybody who leads. A site is what the Worker makes of a network address; rooms never see the address.

import { SYSTEM } from '../domain/command'
import type { EscalationStep } from '../domain/escalation-policy'
import type { Page } from '../domain/page'
import { noFacts } from '../domain/page-facts'
import { pageIdOf } from '../domain/page-id'
import { reach } from '../domain/rota'
import { notAhead } from './clock-turned'
import type { Duty } from './duty'
import type { Ledger } from './ledger'

export const TOWER_DOWN_TIMER = 'tower_down'

/** Later it tells nobody what to do. */
const GOOD_FOR_MS = 30 * 60_000
/** Who said goodbye may take so long to be gone. */
const GOODBYE_MS = 30_000

const LEADS: EscalationStep = {
  id: 'tower_down',
  when: 'untaken',
  afterS: 0,
  who: [
    { kind: 'duty', duty: 'lead' },
    { kind: 'duty', duty: 'second_lead' },
    { kind: 'team', team: 'leads' },
  ],
  by: [
    ['voice', 'sms'],
    ['email', 'webhook'],
  ],
  everyS: null,
}

type Site = {
  /** Screens of each person that is there. */
  here: Map<string, number>
  /** People whose last screen was lost, and when. */
  lost: Map<string, number>
  /** Since when it is down. */
  downAt: number | null
}

/** In the room's `meta`. */
const KEPT_KEY = 'sites'
/** Who is lost where, and what is down, as it is kept. */
type Kept = [siteId: string, lost: [uid: string, at: number][], downAt: number | null][]

export class TowerDown {
  // Who is here is memory, for their sockets are no more than that. Who was lost is kept: a room that has no screen left has
  // nothing to do, is let go by the platform within seconds, and is another object when the window ends.
  private readonly sites = new Map<string, Site>()
  private readonly goodbyes = new Map<string, number>()

  constructor(
    private readonly ledger: Ledger,
    private readonly duty: Pick<Duty, 'people' | 'policy'>,
  ) {
    ledger.turnings.push((byMs) => {
      for (const times of [this.goodbyes, ...[...this.sites.values()].map(({ lost }) => lost)])
        for (const [uid, at] of times) times.set(uid, notAhead(at, byMs, this.now))
      this.keep()
    })
    ledger.reloads.push(() => this.load())
    this.load()
  }

  /** A screen of this person was opened at this site. */
  came(siteId: string, uid: string): void {
    const site = this.sites.get(siteId) ?? { here: new Map(), lost: new Map(), downAt: null }
    this.sites.set(siteId, site)
    site.here.set(uid, (site.here.get(uid) ?? 0) + 1)
    if (site.lost.delete(uid)) this.keep()
    if (site.downAt !== null) this.isBack(siteId, site)
  }

  /** One was closed. `goodbye`: the person logged out, or was logged out; nothing was lost. */
  left(siteId: string, uid: string, goodbye: boolean): void {
    const site = this.sites.get(siteId)
    const screens = site?.here.get(uid)
    if (!site || !screens) return
    if (screens > 1) {
      site.here.set(uid, screens - 1)
      return
    }
    site.here.delete(uid)
    const { now } = this
    if (goodbye || now - (this.goodbyes.get(uid) ?? Number.NEGATIVE_INFINITY) <= GOODBYE_MS) {
      this.goodbyes.delete(uid)
      this.tidy(siteId, site)
      return
    }
    site.lost.set(uid, now)
    this.keep()
    if (site.downAt === null && this.ledger.timers.get(TOWER_DOWN_TIMER, siteId) === null)
      this.ledger.timers.set(TOWER_DOWN_TIMER, siteId, now + this.windowMs)
  }

  /** Logs out: the screen that goes with it is not lost. */
  saysGoodbye(uid: string): void {
    if (this.goodbyes.size > 1_000) this.goodbyes.clear()
    this.goodbyes.set(uid, this.now)
    let known = false
    for (const site of this.sites.values()) known = site.lost.delete(uid) || known
    if (known) this.keep()
  }

  /** The time within which they may come back is over. Inside the transaction of whoever fires timers. */
  rang(siteId: string): void {
    const site = this.sites.get(siteId)
    if (!site || site.downAt !== null) return
    const { now, windowMs } = this
    const elsewhere = (uid: string) => [...this.sites.values()].some(({ here }) => here.has(uid))
    for (const [uid, at] of site.lost) if (elsewhere(uid) || now - at > 2 * windowMs) site.lost.delete(uid)
    const lost = site.lost.size
    const nobody = [...this.sites.values()].every(({ here }) => here.size === 0)
    if (lost > 0 && (nobody || (lost >= 2 && lost > site.here.size))) {
      site.downAt = now
      this.keep()
      this.tell(siteId, site)
      return
    }
    const newest = Math.max(0, ...site.lost.values())
    if (newest + windowMs > now) this.ledger.timers.set(TOWER_DOWN_TIMER, siteId, newest + windowMs)
    else {
      site.lost.clear()
      this.tidy(siteId, site)
    }
    this.keep()
  }

  private tell(siteId: string, { lost }: Site): void {
    const { ledger, now } = this
    const { ports } = ledger
    const people = [...lost.keys()]
    const lostAt = Math.min(...lost.values())
    const counts = this.counts()
    const { to, nobody } = reach({ step: LEADS }, this.duty.people, now)
    const pages = to.map(
      ({ contact, ladder }): Page => ({
        id: pageIdOf('tower_down', ports.region, siteId, lostAt, contact.id),
        region: ports.region,
        incidentId: null,
        reason: 'tower_down',
        step: `tower_down ${siteId} ${lostAt}`,
        contact: { id: contact.id, name: contact.name, lang: contact.lang },
        ladder,
        priority: 'P1',
        facts: noFacts(ports, {
          code: counts.gravest,
          pressedAt: lostAt,
          counts: {
            waiting: counts.open,
            p1: counts.p1,
            oldestMs: counts.oldestAt === null ? 0 : now - counts.oldestAt,
            operators: ports.attention?.() ?? 0,
          },
        }),
        decidedAt: now,
        until: now + GOOD_FOR_MS,
        drill: false,
      }),
    )
    for (const page of pages) ledger.pages.send(page)
    const told = pages.map(({ id, contact }) => ({ id: contact.id, name: contact.name, page: id }))
    const body = { site: siteId, people, lostAt, open: counts.open, p1: counts.p1, to: told, nobody }
    ledger.log.append([{ type: 'tower_down', incident: null, body }], SYSTEM)
    ports.noticed?.()
  }

  private isBack(siteId: string, site: Site): void {
    const { ledger } = this
    const downAt = site.downAt
    site.downAt = null
    site.lost.clear()
    ledger.transact(() => {
      this.keep()
      const rows = ledger.pages.ofStep('tower_down', `tower_down ${siteId} `)
      ledger.pages.stop({ pageIds: rows.map(({ id }) => id), why: 'back' })
      ledger.log.append([{ type: 'tower_down', incident: null, body: { site: siteId, back: true, downAt } }], SYSTEM)
    })
    ledger.ports.noticed?.()
  }

  private keep(): void {
    const kept: Kept = [...this.sites]
      .filter(([, { lost, downAt }]) => lost.size > 0 || downAt !== null)
      .map(([siteId, { lost, downAt }]) => [siteId, [...lost], downAt])
    this.ledger.storage.sql.exec(
      'INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)',
      KEPT_KEY,
      JSON.stringify(kept),
    )
  }

  /** At birth, and after a transaction that failed: memory may be ahead of the disk. */
  private load(): void {
    const [row] = this.ledger.storage.sql
      .exec<{ value: string }>('SELECT value FROM meta WHERE key = ?', KEPT_KEY)
      .toArray()
    const kept = new Map((row ? (JSON.parse(row.value) as Kept) : []).map(([siteId, ...rest]) => [siteId, rest]))
    for (const siteId of new Set([...this.sites.keys(), ...kept.keys()])) {
      const [lost, downAt] = kept.get(siteId) ?? [[], null]
      this.sites.set(siteId, { here: this.sites.get(siteId)?.here ?? new Map(), lost: new Map(lost), downAt })
    }
  }

  private tidy(siteId: string, site: Site): void {
    if (site.here.size + site.lost.size === 0) this.sites.delete(siteId)
  }

  /** What is open, with the code of the gravest that nobody has. */
  private counts(): { open: number; p1: number; oldestAt: number | null; gravest: string | null } {
    const [row] = this.ledger.storage.sql
      .exec<{ open: number; p1: number | null; oldest: number | null }>(
        'SELECT count(*) AS open, sum(rank = 1) AS p1, min(alarmed_at) AS oldest FROM incident WHERE queued = 1',
      )
      .toArray()
    const [gravest] = this.ledger.incidents.queue(1)
    return {
      open: row?.open ?? 0,
      p1: row?.p1 ?? 0,
      oldestAt: row?.oldest ?? null,
      gravest: gravest && gravest.owner === null ? gravest.code : null,
    }
  }

  private get windowMs(): number {
    return this.duty.policy.towerDownS * 1_000
  }

  private get now(): number {
    return this.ledger.ports.now()
  }
}
