// Lets attempts leave: the gravest first, so many at once for each way of each provider, several of one person in one text.
// A row says `sending` before anything is called, and whatever comes of the call moves it on.

import type { Attempt, Page } from '../domain/page'
import type { Row } from './attempts'
import type { ChannelPort, Outgoing } from './channel'
import type { Climbing } from './climbing'
import { type Flights, type Landed, SEND_DEADLINE_MS } from './flights'
import type { Parts } from './parts'
import { moves, type Word } from './states'

const AT_ONCE = 20
/** Of these so many are kept for P1. */
const FOR_P1 = 5
const HOURLY_BUDGET = 10
const HOUR_MS = 3_600_000
/** In one turn of the thread; what is left goes in the next. */
const PER_TURN = 40
/** Rendering or sending threw: again after so long, doubling; then a person looks at it. */
const STUMBLE_MS = 200
const MOST_STUMBLES = 5
/** Deaths while sending to one address: after so many a person looks at it. */
const MOST_LOST = 5
/** After its deadline an attempt that nobody is waiting for was lost with us. */
const LOST_AFTER_MS = SEND_DEADLINE_MS + 1_500

export class Sender {
  private dispatching = false

  constructor(
    private readonly parts: Parts,
    private readonly climbing: Climbing,
    private readonly flights: Flights,
    /** After a turn of its own: reports and the alarm are looked after. */
    private readonly heed: () => void,
  ) {}

  /** Lets go what may go now. Returns at once. */
  dispatch(): void {
    if (this.dispatching) return
    this.dispatching = true
    let left = PER_TURN
    try {
      for (let moved = true; moved && left > 0; ) {
        moved = false
        for (const way of this.parts.ports.channels) {
          for (let row = this.next(way); row && left > 0; row = this.next(way), left--) {
            moved = true
            this.leave(row, way)
          }
        }
      }
    } finally {
      this.dispatching = false
    }
    if (left <= 0) this.parts.ports.after(0, () => this.dispatch())
    this.heed()
  }

  /** A row that is still `sending` long after its deadline: we died with it, or may have. */
  lost(id: string): void {
    const { attempts, timers, ports, reports, queue } = this.parts
    if (this.flights.has(id)) {
      timers.set('sending', id, ports.now() + LOST_AFTER_MS)
      return
    }
    const pages = new Set<string>()
    for (const row of attempts.carriedBy(id)) {
      if (row.state !== 'sending') continue
      const page = this.parts.pages.get(row.page)?.page
      if (!page) continue
      const before = attempts.ofPage(row.page).filter((each) => each.word === 'lost' && each.address === row.address)
      if (before.length + 1 >= MOST_LOST)
        reports.add(page, 'parked', attempts.change(row, { state: 'parked', word: 'ours', error: 'lost' }))
      else reports.add(page, 'attempt', attempts.change(row, { state: 'failed', word: 'lost', error: 'lost' }))
      if (row.bundle) queue.release(row.bundle)
      pages.add(row.page)
    }
    for (const page of pages) this.climbing.climb(page)
  }

  private next(way: ChannelPort): Row | null {
    const free = (this.parts.ports.atOnce ?? AT_ONCE) - this.flights.underWay(way)
    return free > 0 ? this.parts.queue.next(way.provider, way.channel, free <= this.keptForP1) : null
  }

  private get keptForP1(): number {
    return Math.min(FOR_P1, (this.parts.ports.atOnce ?? AT_ONCE) - 1)
  }

  private leave(row: Row, way: ChannelPort): void {
    const { storage, ports } = this.parts
    const outgoing = storage.transactionSync(() => this.sending(row, way))
    if (!outgoing) return
    const { attemptId } = outgoing
    const then = (land: () => void): void => {
      try {
        storage.transactionSync(land)
      } catch (cause) {
        // Its timer finds it again.
        ports.onFailure('landing', String(cause), 1)
      }
      this.dispatch()
    }
    this.flights.start(
      way,
      outgoing,
      (how) => then(() => this.landed(attemptId, way, how)),
      (how) => then(() => this.landedLate(attemptId, how)),
    )
  }

  /** The row says so before anything is called. Null where this one does not leave now. */
  private sending(first: Row, way: ChannelPort): Outgoing | null {
    const { attempts, queue, circuits, timers, ports } = this.parts
    const page = this.parts.pages.get(first.page)?.page
    if (!page) return this.drop(first)
    if (!circuits.mayAsk(way)) return this.elsewhere(first, page, way)
    if (this.isOverBudget(first)) {
      this.parts.reports.add(
        page,
        'attempt',
        attempts.change(first, { state: 'stopped', word: 'ours', error: 'budget' }),
      )
      this.climbing.climb(page.id)
      return null
    }
    const together = first.tries === 0 ? [first, ...queue.companions(first)] : [first]
    together.sort((a, b) => a.rank - b.rank || a.seq - b.seq)
    const [row = first, ...others] = together
    const told = others.flatMap((each) => this.parts.pages.get(each.page)?.page ?? [])
    attempts.change(row, { state: 'sending', provider: way.provider, error: null })
    attempts.countTry(row.id)
    for (const each of others) {
      attempts.change(each, { state: 'sending', provider: way.provider, carrier: row.id })
      timers.cancel('ready', each.id)
    }
    timers.cancel('ready', row.id)
    timers.set('sending', row.id, ports.now() + LOST_AFTER_MS)
    const carried = row === first ? page : (this.parts.pages.get(row.page)?.page ?? page)
    return { attemptId: row.id, page: carried, channel: row.channel, to: row.address, with: told }
  }

  private drop(row: Row): null {
    this.parts.attempts.change(row, { state: 'stopped', word: 'ours', error: 'page_forgotten' })
    return null
  }

  /** Its provider's circuit has opened since it was queued: another takes it, or it ends and its ladder goes on. */
  private elsewhere(row: Row, page: Page, way: ChannelPort): null {
    const { attempts, circuits, ports, reports } = this.parts
    const asked = attempts.ofPage(row.page).filter((each) => each.pass === row.pass && each.address === row.address)
    const other = ports.channels.find(
      (each) =>
        each.channel === way.channel &&
        each.provider !== way.provider &&
        circuits.opensAt(each) === 0 &&
        !asked.some(({ provider, channel }) => provider === each.provider && channel === each.channel),
    )
    if (other) attempts.change(row, { provider: other.provider })
    else {
      reports.add(page, 'attempt', attempts.change(row, { state: 'failed', word: 'open', error: 'circuit_open' }))
      this.climbing.climb(page.id)
    }
    return null
  }

  private isOverBudget(row: Row): boolean {
    if (row.exempt === 1 || (row.channel !== 'voice' && row.channel !== 'sms')) return false
    const { storage, ports } = this.parts
    const { n } = storage.sql
      .exec<{ n: number }>(
        `SELECT count(*) AS n FROM attempt
         WHERE address = ? AND began_at > ? AND carrier IS NULL AND exempt = 0 AND channel IN ('voice', 'sms')`,
        row.address,
        ports.now() - HOUR_MS,
      )
      .one()
    return n >= (ports.hourlyBudget ?? HOURLY_BUDGET)
  }

  private landed(id: string, way: ChannelPort, how: Landed): void {
    const { attempts, circuits, timers, queue, ports } = this.parts
    if (how.is === 'failed' || how.is === 'unknown') circuits.failed(way, how.error)
    else if (how.is === 'busy') circuits.paused(way, how.error, how.retryAfterMs)
    else if (how.is !== 'threw') circuits.answered(way)
    timers.cancel('sending', id)
    const rows = attempts.carriedBy(id)
    for (const row of rows) {
      if (how.is === 'threw') this.stumbled(row, how.error)
      else this.becomes(row, how)
    }
    if (how.is === 'accepted' && way.poll) timers.set('poll', id, ports.now() + Math.ceil(way.silenceMs / 2))
    if (how.is !== 'accepted' && how.is !== 'delivered')
      for (const { bundle } of rows) if (bundle) queue.release(bundle)
    for (const page of new Set(rows.map((row) => row.page))) this.climbing.climb(page)
  }

  private becomes(row: Row, how: Exclude<Landed, { is: 'threw' }>): void {
    const { attempts, reports, pages } = this.parts
    const change = CHANGES[how.is]
    const error = 'error' in how ? how.error.slice(0, 80) : null
    const provider_id = row.provider_id ?? ('providerId' in how ? how.providerId : null)
    const network = 'network' in how && how.network ? how.network : row.network
    // A receipt may have been quicker than the answer to the call itself.
    const after = moves(row, change)
      ? attempts.change(row, { ...change, error, provider_id, network })
      : attempts.change(row, { provider_id, network })
    const page = pages.get(row.page)?.page
    if (page && after.state !== row.state) reports.add(page, 'attempt', after)
  }

  /** Nothing was sent, as far as one can tell: the same attempt again, a little later, and alone. */
  private stumbled(row: Row, error: string): void {
    const { attempts, queue, timers, ports, reports, pages } = this.parts
    if (row.state !== 'sending') return
    if (row.carrier !== null) attempts.countTry(row.id)
    const kept = pages.get(row.page)
    // A page that was stopped meanwhile begins nothing again.
    const isOver = kept?.state !== 'going' && kept?.state !== 'exhausted'
    if (row.tries >= MOST_STUMBLES || isOver) {
      const parked = attempts.change(row, { state: 'parked', word: 'ours', error: error.slice(0, 200) })
      if (kept) reports.add(kept.page, 'parked', parked)
      return
    }
    attempts.change(row, { state: 'queued', error: error.slice(0, 200), carrier: null })
    queue.notReady(row.id)
    timers.set('ready', row.id, ports.now() + STUMBLE_MS * 2 ** row.tries)
  }

  private landedLate(id: string, how: Landed): void {
    if (how.is !== 'accepted' && how.is !== 'delivered') return
    for (const row of this.parts.attempts.carriedBy(id)) this.becomes(row, how)
  }
}

const CHANGES: Record<Exclude<Landed['is'], 'threw'>, { state: Attempt['state']; word: Word | null }> = {
  accepted: { state: 'accepted', word: null },
  delivered: { state: 'delivered', word: null },
  refused: { state: 'failed', word: 'refused' },
  busy: { state: 'failed', word: 'provider' },
  failed: { state: 'failed', word: 'provider' },
  unknown: { state: 'failed', word: 'unknown' },
}
