// When the room is dead: the duty card's phones are told of presses that nobody has confirmed, by the courier and past the room.
// Written first, sent until the courier has them or the room has the press; the room takes them over with the press.

import { contactPolicyOf } from '../domain/contact-policy'
import type { DriverCard, DutyCard, VehicleCard } from '../domain/directory'
import { contactIdOfPhone } from '../domain/duty'
import type { Page, PageFacts } from '../domain/page'
import { type FactsPorts, factsOf, noFacts } from '../domain/page-facts'
import { pageIdOf } from '../domain/page-id'
import type { Press } from '../domain/press'
import { beginIncident } from '../domain/presses'
import { priorityOf, rank } from '../domain/priority'
import { Drain, type DrainClock, type DrainState } from '../durable/drain'
import type { Storage } from '../durable/storage'

export type AwayPaged = { sosId: string; contactIds: string[]; at: number }

export type AwayPagesOptions = {
  name: string
  storage: Storage
  clock: DrainClock
  /** Gives pages to the courier; answers the ids that it has durably. Absent: nobody can be told. */
  send?: ((pages: Page[]) => Promise<string[]>) | undefined
  places?: Pick<FactsPorts, 'placeOf' | 'towerPhone'> | undefined
  onFailure?: ((failure: string, failures: number) => void) | undefined
}

/** So many presses are told of singly within ten minutes; those beyond are one page with counts, anew each minute. */
const SINGLES = 5
const SINGLES_WITHIN_MS = 600_000
const COUNTED_EVERY_MS = 60_000
const DEADLINE_MS = 5_000
const LONGEST_WAIT_MS = 2_000
const PORTION = 50
/** Longer than a room is away; after it a press that returns is told of anew. */
export const AWAY_PAGES_KEPT_MS = 86_400_000
/** Later the page says nothing that is true. */
const GOOD_FOR_MS = 60 * 60_000

export type AwayPress = { press: Press; driver: DriverCard | null; vehicle: VehicleCard | null; storedAt: number }

export class AwayPages {
  private readonly drain: Drain
  /** There may be rows: true until the disk says otherwise. */
  private mayHave = true

  constructor(private readonly options: AwayPagesOptions) {
    this.drain = new Drain({
      name: `${options.name} past the room`,
      run: () => this.once(),
      deadlineMs: DEADLINE_MS,
      capMs: LONGEST_WAIT_MS,
      clock: options.clock,
      ...(options.onFailure ? { onFailure: options.onFailure } : {}),
    })
  }

  get state(): DrainState {
    return this.drain.state
  }

  /** After a transaction that failed. */
  reload(): void {
    this.mayHave = true
  }

  /** Inside a transaction. Repeating it makes nothing new. `backlog`: all that the room has not confirmed. */
  make(
    presses: readonly AwayPress[],
    duty: DutyCard | null,
    backlog: { unconfirmed: number; oldest: number | null },
  ): void {
    if (!duty || duty.phones.length === 0 || !this.options.send) return
    const gravest = presses.toSorted((a, b) => rank(priorityOf(a.press.kind)) - rank(priorityOf(b.press.kind)))
    const singles = Math.max(0, SINGLES - this.singlesLately())
    for (const one of gravest.slice(0, singles)) this.single(one, duty)
    const rest = gravest.slice(singles)
    if (rest.length > 0) this.counted(rest, duty, backlog)
  }

  wake(): void {
    if (this.mayHave) this.drain.wake()
  }

  /** The room has these presses: it decides from here on, and what the courier does not have is not sent. */
  confirmed(sosIds: readonly string[]): void {
    if (!this.mayHave || sosIds.length === 0) return
    this.options.storage.sql.exec(
      'DELETE FROM away_page WHERE taken = 0 AND sos_id IN (SELECT value FROM json_each(?))',
      JSON.stringify(sosIds),
    )
  }

  /** Who was told of these presses without the room, so that it does not tell them again. */
  paged(sosIds: readonly string[]): AwayPaged[] {
    if (!this.mayHave || sosIds.length === 0) return []
    const rows = this.options.storage.sql
      .exec<{ sos_id: string; contact: string; at: number }>(
        'SELECT sos_id, contact, at FROM away_page WHERE taken = 1 AND sos_id IN (SELECT value FROM json_each(?))',
        JSON.stringify(sosIds),
      )
      .toArray()
    return [...Map.groupBy(rows, ({ sos_id }) => sos_id)].map(([sosId, own]) => ({
      sosId,
      contactIds: own.map(({ contact }) => contact),
      at: Math.min(...own.map(({ at }) => at)),
    }))
  }

  forgetBefore(at: number): void {
    this.options.storage.sql.exec('DELETE FROM away_page WHERE at < ?', at)
  }

  private async once(): Promise<'idle' | 'more'> {
    const { storage, send, clock } = this.options
    const now = clock.now()
    const rows = storage.sql
      .exec<{ id: string; body: string }>(
        'SELECT id, body FROM away_page WHERE taken = 0 AND at > ? ORDER BY rank, at LIMIT ?',
        now - GOOD_FOR_MS,
        PORTION,
      )
      .toArray()
    if (rows.length === 0 || !send) {
      this.mayHave = storage.sql.exec('SELECT 1 FROM away_page LIMIT 1').toArray().length > 0
      return 'idle'
    }
    const taken = await send(rows.map(({ body }) => JSON.parse(body) as Page))
    if (taken.length === 0) throw new Error('the courier took no page of a portion')
    storage.sql.exec(
      'UPDATE away_page SET taken = 1 WHERE id IN (SELECT value FROM json_each(?))',
      JSON.stringify(taken),
    )
    return 'more'
  }

  private single({ press, driver, vehicle }: AwayPress, duty: DutyCard): void {
    const priority = priorityOf(press.kind)
    const ports = this.ports(press)
    const incident = beginIncident({ press, driver, vehicle, code: '', now: ports.now() })
    const facts = factsOf(incident, ports, { code: null, contactPolicy: contactPolicyOf(press).policy })
    for (const phone of duty.phones)
      this.write({ ...this.page(press, phone, priority, facts), incidentId: press.sosId, reason: 'room_away' })
  }

  private counted(
    rest: readonly AwayPress[],
    duty: DutyCard,
    backlog: { unconfirmed: number; oldest: number | null },
  ): void {
    const [first] = rest
    if (!first) return
    const ports = this.ports(first.press)
    const now = ports.now()
    const p1 = rest.filter(({ press }) => priorityOf(press.kind) === 'P1').length
    const facts = noFacts(ports, {
      counts: { waiting: backlog.unconfirmed, p1, oldestMs: now - (backlog.oldest ?? now), operators: 0 },
    })
    const minute = Math.floor(now / COUNTED_EVERY_MS)
    for (const phone of duty.phones) {
      const page = this.page(first.press, phone, p1 > 0 ? 'P1' : 'P2', facts)
      this.write({
        ...page,
        id: pageIdOf('room_away', this.options.name, minute, page.contact.id),
        incidentId: null,
        reason: 'storm',
      })
    }
  }

  private page(
    { sosId, home }: Press,
    { name, phone }: DutyCard['phones'][number],
    priority: Page['priority'],
    facts: PageFacts,
  ): Omit<Page, 'incidentId' | 'reason'> {
    const now = this.options.clock.now()
    const id = contactIdOfPhone(phone)
    return {
      id: pageIdOf('room_away', sosId, id),
      region: home,
      step: 'room_away',
      contact: { id, name, lang: 'en' },
      ladder: [
        [
          { channel: 'voice', to: phone },
          { channel: 'sms', to: phone },
        ],
      ],
      priority,
      facts,
      decidedAt: now,
      until: now + GOOD_FOR_MS,
      drill: false,
    }
  }

  private write(page: Page): void {
    this.mayHave = true
    this.options.storage.sql.exec(
      'INSERT OR IGNORE INTO away_page (id, sos_id, contact, rank, taken, at, body) VALUES (?, ?, ?, ?, 0, ?, ?)',
      page.id,
      page.incidentId,
      page.contact.id,
      rank(page.priority),
      page.decidedAt,
      JSON.stringify(page),
    )
  }

  private singlesLately(): number {
    return this.options.storage.sql
      .exec<{ n: number }>(
        'SELECT count(DISTINCT sos_id) AS n FROM away_page WHERE sos_id IS NOT NULL AND at > ?',
        this.options.clock.now() - SINGLES_WITHIN_MS,
      )
      .one().n
  }

  private ports({ home }: Press): FactsPorts {
    return { region: home, now: () => this.options.clock.now(), ...this.options.places }
  }
}
