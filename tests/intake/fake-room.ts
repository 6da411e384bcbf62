// The room at the other end of the RPC, as far as its contract goes: it keeps each press once, and can be away, lose
// answers, or choke on a press.

import type { DirectoryRow } from '../../src/domain/directory'
import type { Press, UnverifiedPress } from '../../src/domain/press'
import type { BatchReply, CancelNote, Fold, IntakeBatch, StatusPush } from '../../src/room/contract'

export class FakeRoom {
  /** In the order of arrival; `takes` counts how often each was offered. */
  readonly presses = new Map<string, { press: Press; takes: number }>()
  readonly cancels = new Map<number, CancelNote>()
  readonly folds = new Map<string, Fold>()
  readonly batches: IntakeBatch[] = []
  unverified: { count: number; latest: UnverifiedPress[] } | null = null
  directory: DirectoryRow[] = []
  pageSize = 1000
  statuses: StatusPush[] = []
  /** `away` rejects, `silent` never answers, `forgetful` works and loses its answer. */
  mood: 'well' | 'away' | 'silent' | 'forgetful' = 'well'
  chokesOn: string | null = null
  /** Takes so many presses of a batch and leaves the rest. */
  appetite = Number.POSITIVE_INFINITY
  version = 0

  async receive(batch: IntakeBatch): Promise<BatchReply> {
    this.batches.push(batch)
    if (this.mood === 'away') throw new Error('room is away')
    if (this.mood === 'silent') return new Promise(() => {})
    if (batch.presses.some(({ sosId }) => sosId === this.chokesOn)) throw new Error('room chokes')
    const presses = batch.presses.slice(0, this.appetite)
    for (const press of presses) {
      const known = this.presses.get(press.sosId)
      if (known) known.takes++
      else this.presses.set(press.sosId, { press, takes: 1 })
    }
    for (const fold of batch.folds ?? []) {
      const known = this.folds.get(fold.sosId)
      if (!known || known.count < fold.count) this.folds.set(fold.sosId, fold)
    }
    for (const note of batch.cancels) this.cancels.set(note.n, note)
    if (batch.unverified) this.unverified = batch.unverified
    if (this.mood === 'forgetful') throw new Error('answer lost')
    return this.reply({ ...batch, presses })
  }

  push(sosId: string, deviceId: string, push: Pick<StatusPush, 'view'> & Partial<StatusPush>): StatusPush {
    return { sosId, deviceId, version: ++this.version, duress: false, ...push }
  }

  private reply(batch: IntakeBatch): BatchReply {
    const newer = this.directory
      .filter(({ version }) => version > batch.directoryVersion)
      .sort((a, b) => a.version - b.version)
    const page = newer.slice(0, this.pageSize)
    const statuses = this.statuses
    this.statuses = []
    return {
      confirmed: batch.presses.map(({ sosId }) => sosId),
      cancels: batch.cancels.map(({ n }) => n),
      statuses,
      directory: page,
      directoryVersion: page.at(-1)?.version ?? batch.directoryVersion,
      more: newer.length > page.length,
      canary: batch.canary,
    }
  }
}
