// Attempts on their way to Postgres, for reports and for what comes after our own thirty days. Nothing waits for it.

import type { Attempt } from '../domain/page'
import { Drain } from '../durable/drain'
import { type Attempts, attemptOf, type Row } from './attempts'
import type { Pages } from './pages'
import type { CourierPorts } from './ports'

const AT_ONCE = 200
const DEADLINE_MS = 12_000
const CAP_MS = 30_000
/** An attempt changes several times in a second or two: it is saved once for all of them. */
const SOON_MS = 2_000

type Portion = { row: Row; attempt: Attempt }

export class Archive {
  private readonly drain: Drain
  private soon = false
  /** Refused by Postgres in this life; the next life tries them again. */
  private readonly refused = new Set<string>()

  constructor(
    private readonly attempts: Attempts,
    private readonly pages: Pages,
    private readonly ports: Pick<CourierPorts, 'now' | 'after' | 'archive' | 'isRowFault' | 'onFailure'>,
  ) {
    this.drain = new Drain({
      name: 'archive',
      run: (signal) => this.deliver(signal),
      deadlineMs: DEADLINE_MS,
      capMs: CAP_MS,
      clock: ports,
      onFailure: (failure, failures) => ports.onFailure('archive', failure, failures),
    })
  }

  /** There may be something to save. */
  heed(): void {
    if (this.soon || this.ports.archive === null) return
    this.soon = true
    this.ports.after(SOON_MS, () => {
      this.soon = false
      this.drain.wake()
    })
  }

  private async deliver(signal: AbortSignal): Promise<'idle' | 'more'> {
    const rows = this.attempts.unsaved(AT_ONCE + this.refused.size).filter(({ id }) => !this.refused.has(id))
    const portion = rows.flatMap((row): Portion[] => {
      const page = this.pages.get(row.page)?.page
      return page ? [{ row, attempt: attemptOf(row, page) }] : []
    })
    if (portion.length === 0) return 'idle'
    await this.saveOrHalve(portion, signal)
    return signal.aborted ? 'idle' : 'more'
  }

  /** What Postgres can never store is found by halving and left aside; the others are saved. */
  private async saveOrHalve(portion: readonly Portion[], signal: AbortSignal): Promise<void> {
    const { archive, isRowFault, onFailure } = this.ports
    try {
      const attempts = portion.map(({ attempt }) => attempt)
      await archive?.(attempts, signal)
      this.attempts.saved(portion.map(({ row }) => row))
    } catch (cause) {
      if (!isRowFault(cause)) throw cause
      const [only] = portion
      if (portion.length === 1 && only) {
        this.refused.add(only.row.id)
        onFailure('attempt not archived', `${only.row.id}: ${String(cause)}`, 1)
        return
      }
      const middle = Math.ceil(portion.length / 2)
      await this.saveOrHalve(portion.slice(0, middle), signal)
      await this.saveOrHalve(portion.slice(middle), signal)
    }
  }
}
