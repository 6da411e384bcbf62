// I5 and the courier's promises: a row before each call, nothing after it was stopped or taken, nothing twice without a reason,
// receipts that only move forward, and no page that is forgotten.

import type { Outgoing } from '../../../src/courier/channel'
import type { AttemptState } from '../../../src/domain/page'
import type { World } from '../world/world'
import type { Incidents } from './incidents'
import type { Parts } from './index'

/** How far a state is; the ends that were only believed count less than what a provider then says. */
const RANK: Record<AttemptState, number> = {
  queued: 0,
  sending: 1,
  accepted: 2,
  sent: 3,
  failed: 3.5,
  parked: 3.5,
  stopped: 3.5,
  delivered: 4,
  undelivered: 4,
  answered: 5,
}
/** A word from the room to the courier takes so long, with its repeats. */
const TOLD_WITHIN_MS = 8_000

const HINDERS = [
  'room',
  'room clock',
  'room alarm',
  'courier',
  'courier clock',
  'courier alarm',
  'network',
  'room-courier',
]

type Row = { id: string; page: string; state: AttemptState; word: string | null; error: string | null; times: string }

export class Paging {
  calls = 0
  private readonly byWay = new Map<string, number>()

  constructor(
    private readonly world: World,
    private readonly parts: Parts,
    private readonly incidents: Incidents,
  ) {}

  called({ attemptId, page, channel }: Outgoing): void {
    this.calls++
    const { disk } = this.parts.courier
    const [row] = disk.read<{ state: string; provider: string }>(
      'SELECT state, provider FROM attempt WHERE id = ?',
      attemptId,
    )
    if (!disk.isCommitted || row?.state !== 'sending')
      this.world.broken('I5', `${attemptId} is sent, and its row says ${row?.state ?? 'nothing'}`)
    const [kept] = disk.read<{ state: string }>('SELECT state FROM page WHERE id = ?', page.id)
    if (kept?.state === 'stopped') this.world.broken('I5', `page ${page.id} was stopped, and is sent`)
    // The courier has said that it will not, and whatever was on its way then changes nothing.
    const [asked] = this.parts.room.disk.read<{ state: string }>('SELECT state FROM page_out WHERE id = ?', page.id)
    if (asked?.state === 'stopped')
      this.world.broken('I5', `page ${page.id} was called back, the courier said yes, and sends it`)
    // An intake whose room does not answer cannot know who has what.
    if (page.reason !== 'room_away') this.notOfTaken(page.incidentId)
    const way = `${page.id} ${row?.provider} ${channel}`
    const times = (this.byWay.get(way) ?? 0) + 1
    this.byWay.set(way, times)
    if (times > 1 && this.isAlone(page.id))
      this.world.broken(
        'I5',
        `page ${page.id} goes out ${times} times by ${row?.provider} ${channel}, and nothing was wrong with it`,
      )
  }

  afterHealing(): void {
    const { disk } = this.parts.courier
    const rows = disk.read<Row>('SELECT id, page, state, word, error, times FROM attempt')
    for (const { id, state, word, times } of rows) {
      const reached = Object.keys(JSON.parse(times) as Record<string, number>) as AttemptState[]
      const furthest = Math.max(...reached.map((each) => RANK[each]))
      const is = state === 'failed' && word === 'person' ? 4 : RANK[state]
      if (is < furthest && state !== 'queued')
        this.world.broken('I4', `attempt ${id} is ${state} and was ${reached.join(', ')}`)
    }
    this.nothingForgotten()
    const { disk: room } = this.parts.room
    const leaving = room.read<{ n: number }>('SELECT count(*) AS n FROM page_out WHERE leaving > 0')[0]?.n ?? 0
    if (leaving > 0) this.world.broken('I9', `${leaving} pages have not left the room`)
    const here = new Set(disk.read<{ id: string }>('SELECT id FROM page').map(({ id }) => id))
    for (const { id } of room.read<{ id: string }>("SELECT id FROM page_out WHERE state = 'with'"))
      if (!here.has(id))
        this.world.broken('I3', `the room takes page ${id} for given, and the courier has never had it`)
    const unreported = disk.read<{ n: number }>('SELECT count(*) AS n FROM report')[0]?.n ?? 0
    if (unreported === 0) this.reported(rows)
    if (unreported > 100) this.world.broken('I9', `${unreported} reports wait for the room`)
  }

  /** What became of each attempt is what the room's people read of it, and so is an answer. */
  private reported(rows: readonly Row[]): void {
    const { courier, room } = this.parts
    const pages = new Map(
      room.disk
        .read<{ id: string; tries: string; answer: string | null }>('SELECT id, tries, answer FROM page_out')
        .map((row) => [row.id, { answer: row.answer, tries: JSON.parse(row.tries) as Record<string, string> }]),
    )
    for (const { id, page, state, error } of rows) {
      const said = pages.get(page)
      const is = [state, error].filter(Boolean).join(' ')
      // That it waits or is being sent is nobody's business.
      if (said && said.tries[id] !== is && state !== 'queued' && state !== 'sending')
        this.world.broken('I9', `attempt ${id} is ${is}, and the room has heard ${said.tries[id] ?? 'nothing'} of it`)
    }
    for (const { page, answer } of courier.disk.read<{ page: string; answer: string }>(
      'SELECT page, answer FROM attempt WHERE answer IS NOT NULL',
    ))
      if (pages.has(page) && pages.get(page)?.answer === null)
        this.world.broken('I3', `somebody answered "${answer}" to page ${page}, and the room does not know`)
  }

  /** Whoever works on it is not called away by others who are called to it. */
  private notOfTaken(incidentId: string | null): void {
    const since = incidentId && this.incidents.restsSince(incidentId)
    const { now } = this.world.time
    if (!since || now - since < TOLD_WITHIN_MS) return
    if (this.world.hinderedMs(HINDERS, since - 30_000, now) > 0) return
    this.world.broken('I3', `somebody has ${incidentId} for ${now - since} ms, and another is called to it`)
  }

  /** Its first try had no reason to be followed by another of the same provider. */
  private isAlone(pageId: string): boolean {
    const rows = this.parts.courier.disk.read<{ word: string | null; tries: number; pass: number }>(
      'SELECT word, tries, pass FROM attempt WHERE page = ?',
      pageId,
    )
    return rows.every(({ word, tries, pass }) => pass === 0 && tries <= 1 && (word === null || word === 'silent'))
  }

  private nothingForgotten(): void {
    const { courier } = this.parts
    const going = courier.disk.read<{ id: string }>(
      `SELECT id FROM page WHERE state = 'going' AND NOT EXISTS (SELECT 1 FROM timer WHERE kind = 'page' AND key = page.id)
         AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.page = page.id AND state IN ('queued', 'sending'))`,
    )
    for (const { id } of going) this.world.broken('I3', `page ${id} goes on, and nothing will move it`)
    const stuck = courier.disk.read<{ id: string; moved_at: number }>(
      "SELECT id, moved_at FROM attempt WHERE state = 'sending' AND moved_at < ?",
      courier.now() - 15_000,
    )
    for (const { id } of stuck) this.world.broken('I3', `attempt ${id} is being sent for ever`)
  }
}
