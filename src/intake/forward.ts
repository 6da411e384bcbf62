// The way from an intake to its room: one batch at a time, for ever, until the room has everything.

import { Drain, type DrainClock, type DrainState } from '../durable/drain'
import type { Storage } from '../durable/storage'
import type { BatchReply, IntakeBatch, RoomRpc } from '../room/contract'
import type { AwayPages } from './away-pages'
import type { Cancels } from './cancels'
import type { Directory } from './directory'
import { Outgoing } from './outgoing'
import type { PendingPress } from './pending'
import type { Presses } from './presses'
import type { Statuses, Told } from './statuses'
import type { Unverified } from './unverified'

export type ForwardOptions = {
  name: string
  storage: Storage
  clock: DrainClock
  presses: Presses
  cancels: Cancels
  statuses: Statuses
  directory: Directory
  unverified: Unverified
  away: AwayPages
  /** A new stub at each call: after an exception an old one may be broken for good. */
  room: () => Pick<RoomRpc, 'receive'>
  /** Presses are coming by the hundred. */
  inRush: () => boolean
  /** They come faster than anybody could take them. */
  inStream: () => boolean
  tell: (told: Told[]) => void
  onFailure?: (failure: string, failures: number) => void
}

const NOTES = 500
const FOLDS = 200
/** Counts may be a second old: in a flood they would otherwise be the flood. */
const UNHURRIED_MS = 1000
const DEADLINE_MS = 5000
/** Each journey costs a wait for the room's disk and a frame to each screen: presses that come together share one. */
const GATHER_MS = 25
/** In a stream of them six journeys a second are enough: a card is on the screens a blink later, and phones wait half as long. */
const STREAM_GATHER_MS = 150
/**
 * While presses come by the hundred each waits here so long: phones are answered first, for an answer needs nobody but this
 * intake, and nobody can take two hundred cards within a second.
 */
const RUSH_HOLD_MS = 1_000
/** And then a batch goes so seldom, with no more than so many: what the room makes of three cards would be the time of an answer. */
const RUSH_GATHER_MS = 1_000
const RUSH_PRESSES = 100
/** But none is held longer, however long the rush: then all go as fast as the room takes them. */
const RUSH_LONGEST_MS = 6_000
/** A batch of so many says that there are more: it does not wait. */
const FULL = 100
const SETTLE_MS = 300
const LONGEST_WAIT_MS = 2000

type Sent = {
  batch: IntakeBatch
  rows: PendingPress[]
  folds: { n: number; count: number }[]
}

export class Forward {
  private readonly drain: Drain
  private readonly outgoing: Outgoing
  private syncWanted = true
  private unhurriedAt = Number.NEGATIVE_INFINITY
  private soon = false
  private gathering = false
  private settling = false
  private sentAt = Number.NEGATIVE_INFINITY
  /** The room may not have the present counts: true after a restart, too. */
  private countsStale = true

  constructor(private readonly options: ForwardOptions) {
    this.outgoing = new Outgoing(options.presses.pending)
    this.drain = new Drain({
      name: `${options.name} to room`,
      run: (signal) => this.once(signal),
      deadlineMs: DEADLINE_MS,
      capMs: LONGEST_WAIT_MS,
      clock: options.clock,
      ...(options.onFailure ? { onFailure: options.onFailure } : {}),
    })
  }

  /** The first goes at once. In a stream of presses what comes within some milliseconds shares a journey. */
  wake(): void {
    const wait = this.wait
    if (wait <= 0 && this.drain.state.state !== 'running') this.drain.wake()
    else this.gather(Math.max(wait, 1))
  }

  // Asks again at short intervals, so that the end of a rush is noticed at once.
  private gather(ms: number): void {
    if (this.gathering) return
    this.gathering = true
    this.options.clock.after(Math.min(ms, GATHER_MS), () => {
      this.gathering = false
      const wait = this.wait
      if (wait <= 0) this.drain.wake()
      else this.gather(wait)
    })
  }

  /** Milliseconds until the next batch may go; not positive where it may go now. */
  private get wait(): number {
    const now = this.options.clock.now()
    const gather = this.holds ? RUSH_GATHER_MS : this.options.inStream() ? STREAM_GATHER_MS : GATHER_MS
    return Math.max(notAhead(this.sentAt, now) + gather, this.heldUntil) - now
  }

  private get heldUntil(): number {
    const oldest = this.holds ? this.oldestAt : null
    return oldest === null ? Number.NEGATIVE_INFINITY : oldest + RUSH_HOLD_MS
  }

  /** True while answers come before cards. */
  private get holds(): boolean {
    if (!this.options.inRush()) return false
    const oldest = this.oldestAt
    return oldest === null || this.options.clock.now() < oldest + RUSH_LONGEST_MS
  }

  private get oldestAt(): number | null {
    const { presses, clock } = this.options
    const [oldest] = presses.pending.next(1)
    return oldest ? notAhead(oldest.storedAt, clock.now()) : null
  }

  /** What the room confirmed is written with the next group of presses, or by itself where none comes. */
  private settleSoon(): void {
    const { storage, presses, clock } = this.options
    if (this.settling || !presses.pending.owes) return
    this.settling = true
    clock.after(SETTLE_MS, () => {
      this.settling = false
      try {
        if (presses.pending.owes) storage.transactionSync(() => presses.pending.settle(clock.now()))
        // The counts of a press go to the room only when it is on disk that the room has the press.
        if (presses.folds(1).length > 0) this.later()
      } catch {
        // The disk is the truth: it says that the room has not confirmed them, and so the room is asked again.
        presses.pending.reload()
        this.wake()
      }
    })
  }

  /** Counts have changed: within a second is soon enough. */
  wakeSoon(): void {
    this.countsStale = true
    this.later()
  }

  private later(): void {
    if (this.soon) return
    this.soon = true
    const { clock } = this.options
    const now = clock.now()
    clock.after(Math.max(0, notAhead(this.unhurriedAt, now) + UNHURRIED_MS - now), () => {
      this.soon = false
      this.drain.wake()
    })
  }

  /** Asks the room for news even where there is nothing to send. Resolves when it answered, or did not. */
  async sync(): Promise<void> {
    this.syncWanted = true
    await this.drain.run()
  }

  get state(): DrainState {
    return this.drain.state
  }

  /** A canary's own call, beside the drain: it must not wait behind a backlog, nor be the backlog. */
  async canary(id: string): Promise<string | null> {
    const reply = await this.options.room().receive({ ...this.envelope(), canary: id })
    this.heed(reply)
    return reply.canary
  }

  /** True where something waits for the room. */
  private get waits(): boolean {
    return this.outgoing.next(this.options.clock.now()).length > 0 || this.options.cancels.notes(0, 1).length > 0
  }

  private async once(signal: AbortSignal): Promise<'idle' | 'more'> {
    const sent = this.compose()
    if (sent === null) return 'idle'
    this.syncWanted = false
    this.sentAt = this.options.clock.now()
    signal.addEventListener('abort', () => this.failed(sent))
    const reply = await this.options.room().receive(sent.batch)
    // A reply that comes after the deadline still says what the room has; the run it belonged to has failed.
    if (this.confirm(sent, reply) === 'nothing') throw new Error('the room took nothing of a batch')
    if (signal.aborted) return 'idle'
    this.outgoing.succeeded(sent.rows, this.options.clock.now())
    if (reply.more) this.syncWanted = true
    if (this.countsStale || this.options.presses.folds(1).length > 0) this.later()
    if (reply.more || (sent.rows.length >= FULL && !this.holds)) return 'more'
    if (this.waits) this.wake()
    return 'idle'
  }

  /** Runs for every failure: the drain aborts the signal of a run that failed in whatever way. */
  private failed(sent: Sent): void {
    this.syncWanted = true
    this.countsStale = true
    this.outgoing.failed(sent.rows)
  }

  private compose(): Sent | null {
    const { presses, cancels, unverified, away, clock } = this.options
    const now = clock.now()
    const next = this.outgoing.next(now)
    const rows = this.holds ? next.slice(0, RUSH_PRESSES) : next
    const upTo = rows.at(-1)?.n ?? 0
    const alone = this.outgoing.probing || (this.outgoing.narrowed && rows.length > 0)
    const notes = alone ? [] : cancels.notes(upTo, NOTES)
    const unhurried = !alone && now - notAhead(this.unhurriedAt, now) >= UNHURRIED_MS
    const folds = unhurried ? presses.folds(FOLDS) : []
    const summary = unhurried && this.countsStale ? unverified.summary() : null
    const nothing = rows.length === 0 && notes.length === 0 && folds.length === 0 && summary === null
    if (nothing && !this.syncWanted && !this.outgoing.probing) return null
    const paged = away.paged(rows.map(({ press }) => press.sosId))
    if (unhurried) this.countsStale = false
    if (folds.length > 0 || summary !== null) this.unhurriedAt = now
    const batch: IntakeBatch = {
      ...this.envelope(),
      presses: rows.map(({ press }) => press),
      cancels: notes,
      unverified: summary,
      ...(folds.length > 0 ? { folds: folds.map(({ n: _, ...fold }) => fold) } : {}),
      ...(paged.length > 0 ? { paged } : {}),
    }
    return { batch, rows, folds }
  }

  private envelope(): IntakeBatch {
    const { name, directory } = this.options
    return {
      intake: name,
      presses: [],
      cancels: [],
      unverified: null,
      canary: null,
      directoryVersion: directory.version,
    }
  }

  private confirm(sent: Sent, reply: BatchReply): 'something' | 'nothing' {
    const { storage, presses, cancels, statuses, away, clock } = this.options
    const has = new Set(reply.confirmed)
    const confirmed = sent.rows.filter(({ press }) => has.has(press.sosId))
    const { said, rest } = statuses.withReceipts(reply.statuses, confirmed)
    presses.pending.confirm(confirmed, said)
    away.confirmed(confirmed.map(({ press }) => press.sosId))
    if (reply.cancels.length + sent.folds.length === 0) this.settleSoon()
    else
      storage.transactionSync(() => {
        presses.pending.settle(clock.now())
        cancels.confirm(reply.cancels)
        presses.foldsSent(sent.folds)
      })
    this.heed({ ...reply, statuses: rest })
    const asked = sent.rows.length + sent.batch.cancels.length
    return asked > 0 && confirmed.length + reply.cancels.length === 0 ? 'nothing' : 'something'
  }

  /** Directory first: statuses and held cancels are read in its light. */
  private heed(reply: BatchReply): void {
    const { storage, directory, cancels, statuses, clock, tell } = this.options
    if (reply.directory.length === 0 && reply.statuses.length === 0 && reply.directoryVersion <= directory.version)
      return
    const told = storage.transactionSync(() => {
      this.options.presses.pending.settle(clock.now())
      const devices = directory.learn(reply.directory, reply.directoryVersion)
      cancels.devicesLearned(devices, clock.now())
      return statuses.take(reply.statuses, clock.now())
    })
    tell(told)
  }
}

/** What happened in what is the future now happened long ago: the clock was set back, and nobody waits for the difference. */
const notAhead = (at: number, now: number): number => (at > now ? Number.NEGATIVE_INFINITY : at)
