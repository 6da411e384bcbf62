// One courier shard: pages in, attempts out, receipts and answers in, reports out. It decides how somebody is told, and never
// who. What it is given is durable before the answer, and under way in the same turn.

import type { Attempt, Page } from '../domain/page'
import { migrate, type Storage } from '../durable/storage'
import { type Timer, Timers } from '../durable/timers'
import { Archive } from './archive'
import { Attempts, attemptOf, KEPT_MS, type Row } from './attempts'
import { Circuits } from './circuits'
import { Climbing } from './climbing'
import type { CourierHealth, CourierRpc, Heard, Receipt, ReceiptOutcome, TextHeard, VoiceTurn } from './contract'
import { Flights } from './flights'
import { Hearing } from './hearing'
import { Pages } from './pages'
import type { Parts } from './parts'
import { Polls } from './polls'
import type { CourierPorts } from './ports'
import { Queue } from './queue'
import { Receipts } from './receipts'
import { Reports } from './reports'
import { COURIER_MIGRATIONS } from './schema'
import { Sender } from './sender'
import { Sweep } from './sweep'

/** In one alarm, which is to return within 50 ms. */
const TIMERS_AT_ONCE = 50
const FORGET_EVERY_MS = 3_600_000
const FORGET_AT_ONCE = 200
/** A timer whose work throws is tried again then; the others do not wait for it. */
const FAILED_TIMER_MS = 30_000

export class Courier implements CourierRpc {
  private readonly parts: Parts
  private readonly flights: Flights
  private readonly receipts: Receipts
  private readonly climbing: Climbing
  private readonly sender: Sender
  private readonly hearing: Hearing
  private readonly polls: Polls
  private readonly sweep: Sweep
  private readonly archive: Archive
  private armedFor: number | null = null

  constructor(
    private readonly storage: Storage,
    private readonly ports: CourierPorts,
  ) {
    migrate(storage, COURIER_MIGRATIONS)
    const now = () => ports.now()
    const attempts = new Attempts(storage, now)
    this.parts = {
      storage,
      ports,
      attempts,
      pages: new Pages(storage, now),
      queue: new Queue(storage, now),
      circuits: new Circuits(storage, now),
      timers: new Timers(storage, now),
      reports: new Reports(storage, ports),
    }
    this.flights = new Flights((ms, run) => ports.after(ms, run))
    this.receipts = new Receipts(storage, attempts, now)
    this.climbing = new Climbing(this.parts)
    this.sender = new Sender(this.parts, this.climbing, this.flights, () => this.heed())
    this.hearing = new Hearing(this.parts, this.climbing)
    this.polls = new Polls(this.parts, (of, said) => this.hear({ ...of, ...said, network: null, at: ports.now() }))
    this.sweep = new Sweep(this.parts, this.climbing, this.sender)
    this.archive = new Archive(attempts, this.parts.pages, ports)
    if (this.parts.timers.get('forget', '') === null) this.parts.timers.set('forget', '', ports.now() + FORGET_EVERY_MS)
    // What a life before this one left: queued attempts go on, reports are told.
    ports.after(0, () => {
      this.parts.reports.wake()
      this.after()
    })
  }

  async send(pages: Page[]): Promise<string[]> {
    const here = this.storage.transactionSync(() => pages.flatMap((page) => (this.take(page) ? [page.id] : [])))
    this.after()
    return here
  }

  async stop(what: Parameters<CourierRpc['stop']>[0]): Promise<void> {
    const { pages, timers } = this.parts
    const why = what.why.slice(0, 80)
    this.storage.transactionSync(() => {
      for (const id of pages.stop({ ...what, why })) {
        const page = pages.get(id)?.page
        if (page) this.climbing.stopQueued(page, why)
        timers.cancel('page', id)
      }
    })
    this.after()
  }

  async receipt(receipt: Receipt): Promise<ReceiptOutcome> {
    return this.hear(receipt)
  }

  async forged(_provider: string): Promise<void> {
    this.receipts.count('forged')
  }

  async voice(attemptId: string, key: string | null): Promise<VoiceTurn> {
    const turn = this.storage.transactionSync(() => this.hearing.voice(attemptId, key))
    this.after()
    return turn
  }

  async heard(heard: Heard): Promise<boolean> {
    const known = this.storage.transactionSync(() => this.hearing.heard(heard))
    this.after()
    return known
  }

  async awaits(text: TextHeard): Promise<{ attemptId: string; sentAt: number } | null> {
    return this.hearing.awaits(text)
  }

  async attempts(query: { incidentId?: string; pageIds?: string[]; limit: number }): Promise<Attempt[]> {
    const { attempts } = this.parts
    const { incidentId, pageIds, limit } = query
    if (incidentId !== undefined) return this.shown(attempts.ofIncident(incidentId, limit))
    if (pageIds !== undefined) return this.shown(pageIds.flatMap((id) => attempts.ofPage(id)).slice(0, limit))
    return this.shown(attempts.newest(limit))
  }

  async parked(): Promise<Attempt[]> {
    return this.shown(this.parts.attempts.parked(500))
  }

  /** A new attempt of the same way, whatever has become of its page: a person decided it. */
  async resend(attemptId: string, by: { uid: string; alias: string }): Promise<boolean> {
    const { attempts, pages, reports, ports } = this.parts
    const row = attempts.get(attemptId)
    const page = row && pages.get(row.page)?.page
    if (!row || !page || row.state !== 'parked') return false
    this.storage.transactionSync(() => {
      const error = `sent again by ${by.alias}`.slice(0, 80)
      reports.add(page, 'attempt', attempts.change(row, { state: 'stopped', word: 'ours', error }))
      const address = { channel: row.channel, to: row.address }
      const provider = ports.channels.find(({ channel }) => channel === row.channel)?.provider ?? null
      const way = { grp: row.grp, address, pass: row.pass + 1 }
      this.climbing.begin(
        page,
        provider === null
          ? { ...way, provider, refused: 'not_configured' }
          : { ...way, provider: row.provider ?? provider, refused: null },
      )
      this.climbing.climb(page.id)
    })
    this.after()
    return true
  }

  async tick(): Promise<CourierHealth> {
    this.storage.transactionSync(() => this.sweep.round((id) => this.flights.has(id)))
    this.armedFor = null
    this.parts.reports.wake()
    this.after()
    const { attempts, circuits, reports } = this.parts
    return {
      name: `${this.ports.region}:${this.ports.shard}`,
      queued: attempts.count('queued'),
      underWay: attempts.count('under way'),
      parked: attempts.count('parked'),
      unreported: reports.waiting,
      oldestQueuedAt: attempts.oldestQueuedAt(),
      circuits: circuits.state(this.ports.channels),
      ignored: this.receipts.ignored,
      now: this.ports.now(),
    }
  }

  /** The alarm. Fires what is due and sets the next; never throws, and waits for nothing outside its own storage. */
  fire(): void {
    this.armedFor = null
    const { timers } = this.parts
    for (const timer of timers.due(TIMERS_AT_ONCE)) {
      try {
        this.storage.transactionSync(() => {
          timers.remove(timer)
          this.due(timer)
        })
      } catch (cause) {
        this.ports.onFailure(`timer ${timer.kind}`, String(cause), 1)
        timers.set(timer.kind, timer.key, this.ports.now() + FAILED_TIMER_MS)
      }
    }
    this.after()
  }

  private due({ kind, key }: Timer): void {
    const { queue, pages, timers, ports } = this.parts
    if (kind === 'page') this.climbing.climb(key)
    else if (kind === 'ready') queue.ready(key)
    else if (kind === 'sending') this.sender.lost(key)
    else if (kind === 'poll') this.polls.ask(key)
    else if (kind === 'forget') {
      const forgotten = pages.forgetBefore(ports.now() - KEPT_MS, FORGET_AT_ONCE)
      timers.set('forget', '', ports.now() + (forgotten === FORGET_AT_ONCE ? 1_000 : FORGET_EVERY_MS))
    }
  }

  /** A page that we cannot make sense of is left out, and keeps nobody else's waiting. */
  private take(page: Page): boolean {
    try {
      this.storage.transactionSync(() => {
        if (this.parts.pages.take(page)) this.climbing.climb(page.id)
      })
      return true
    } catch (cause) {
      this.ports.onFailure('page', String(cause), 1)
      return false
    }
  }

  private hear(receipt: Receipt): ReceiptOutcome {
    const { pages, queue, reports } = this.parts
    const { outcome, changed } = this.storage.transactionSync(() => {
      const heard = this.receipts.hear(receipt)
      for (const row of heard.changed) {
        const page = pages.get(row.page)?.page
        if (!page) continue
        reports.add(page, 'attempt', row)
        if (row.bundle && row.word !== null) queue.release(row.bundle)
        this.climbing.climb(page.id)
      }
      return heard
    })
    if (changed.length > 0) this.after()
    return outcome
  }

  private shown(rows: readonly Row[]): Attempt[] {
    return rows.flatMap((row) => {
      const page = this.parts.pages.get(row.page)?.page
      return page ? [attemptOf(row, page)] : []
    })
  }

  /** After anything that may have changed something: what may leave leaves. */
  private after(): void {
    this.sender.dispatch()
  }

  private heed(): void {
    const { timers, reports } = this.parts
    this.sweep.see(this.ports.now())
    reports.heed()
    this.archive.heed()
    if (!timers.touched && this.armedFor !== null) return
    timers.touched = false
    const at = timers.nextAlarm(this.armedFor)
    if (at === null) return
    this.armedFor = at
    this.ports.wakeAt(at)
  }
}
