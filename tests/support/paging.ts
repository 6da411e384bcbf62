// Pages, people on duty and a courier's ear for tests of telling people outside the screens.

import type { CourierReport } from '../../src/courier/contract'
import type { DirectoryRow } from '../../src/domain/directory'
import type { Duty, DutyContact, Shift } from '../../src/domain/duty'
import type { Attempt, Page } from '../../src/domain/page'
import { noFacts } from '../../src/domain/page-facts'
import { pageIdOf } from '../../src/domain/page-id'
import type { RegionId } from '../../src/domain/region'
import { sendPages } from '../../src/room/departures'
import { NOON } from './made-up'
import { openRoom } from './room'

let count = 0

export function aPage(changes: Partial<Page> = {}): Page {
  count++
  return {
    id: pageIdOf('test', count),
    region: 'NCR',
    incidentId: null,
    reason: 'escalation',
    step: 'lead',
    contact: { id: 'ana', name: 'Ana Cruz', lang: 'en' },
    ladder: [[{ channel: 'sms', to: '+639170000101' }]],
    priority: 'P1',
    facts: noFacts({ region: 'NCR', now: () => NOON }),
    decidedAt: NOON,
    until: null,
    drill: false,
    ...changes,
  }
}

/** Takes what a room sends, and remembers it. */
export class CourierEar {
  readonly pages: Page[] = []
  readonly stops: { pageIds: string[]; why: string }[] = []
  away = false

  async send(pages: Page[]): Promise<string[]> {
    if (this.away) throw new Error('the courier is away')
    for (const page of pages) if (!this.pages.some(({ id }) => id === page.id)) this.pages.push(page)
    return pages.map(({ id }) => id)
  }

  async stop(what: { pageIds: string[]; why: string }): Promise<void> {
    if (this.away) throw new Error('the courier is away')
    this.stops.push(what)
  }
}

let version = 1_000

export const contactRow = (id: string, changes: Partial<DutyContact> = {}): DirectoryRow => ({
  kind: 'contact',
  id,
  version: ++version,
  body: {
    id,
    region: 'NCR',
    name: id,
    lang: 'en',
    addresses: [
      { channel: 'voice', to: `+63917${phoneOf(id)}` },
      { channel: 'sms', to: `+63917${phoneOf(id)}` },
    ],
    teams: [],
    uid: null,
    active: true,
    ...changes,
  },
})

/** On this duty all week, for ever. */
export const shiftRow = (contactId: string, duty: Duty, changes: Partial<Shift> = {}): DirectoryRow => ({
  kind: 'shift',
  id: `${duty}-${contactId}`,
  version: ++version,
  body: {
    id: `${duty}-${contactId}`,
    region: 'NCR' as RegionId,
    duty,
    contactId,
    from: NOON - 86_400_000,
    until: NOON + 6 * 86_400_000,
    weekly: true,
    weeklyUntil: null,
    override: false,
    note: null,
    ...changes,
  },
})

const phoneOf = (id: string): string =>
  String([...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 10_000_000, 7)).padStart(7, '0')

/** A room whose screens and people on duty a test sets; time passes by `pass`. */
export function openDesk(options: { people?: DirectoryRow[]; attention?: { watching: number; free: number } } = {}) {
  const attention = options.attention ?? { watching: 1, free: 1 }
  const tower = openRoom({ ports: { attention: () => attention.watching, free: () => attention.free } })
  tower.room.learn(
    options.people ?? [
      contactRow('ana'),
      contactRow('ben'),
      contactRow('cora', { teams: ['leads'] }),
      contactRow('dina'),
      shiftRow('ana', 'lead'),
      shiftRow('ben', 'second_lead'),
      shiftRow('dina', 'management'),
    ],
  )
  const ear = new CourierEar()
  return {
    ...tower,
    ear,
    attention,
    attend(watching: number, free: number) {
      Object.assign(attention, { watching, free })
      tower.room.escalation.attentionChanged()
    },
    /** Whom the courier was told to tell since the last call, by step. */
    async told(): Promise<string[]> {
      const before = ear.pages.length
      while ((await sendPages(tower.room, 0, ear)) === 'more');
      return ear.pages.slice(before).map(({ step, contact }) => `${step} ${contact.id}`)
    },
    /** The lines of an incident's timeline of these types. */
    lines(id: string, ...types: string[]) {
      return tower.room.log.ofIncident(id).filter(({ type }) => types.includes(type))
    },
    /** What the courier says of a page. */
    report(page: Page, changes: Partial<CourierReport>, n = ++reports) {
      return tower.room.reports.take([
        {
          n,
          pageId: page.id,
          incidentId: page.incidentId,
          at: tower.clock.now,
          attempt: null,
          what: 'attempt',
          answer: null,
          ...changes,
        },
      ])
    },
  }
}

let reports = 0

export const anAttempt = (page: Page, changes: Partial<Attempt> = {}): Attempt => ({
  id: `NCR.0.${page.id}`,
  pageId: page.id,
  incidentId: page.incidentId,
  region: page.region,
  reason: page.reason,
  step: page.step,
  contact: { id: page.contact.id, name: page.contact.name },
  channel: 'sms',
  provider: 'twilio',
  network: null,
  to: '+63917•••0101',
  n: 1,
  state: 'accepted',
  error: null,
  answer: null,
  drill: false,
  at: {},
  ...changes,
})
