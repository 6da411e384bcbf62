// What the room is told of its pages, in order and until it says that it has it.

import type { Page, PageAnswer } from '../domain/page'
import { Drain } from '../durable/drain'
import type { Storage } from '../durable/storage'
import { attemptOf, type Row } from './attempts'
import type { CourierReport } from './contract'
import type { CourierPorts } from './ports'

const AT_ONCE = 100
const DEADLINE_MS = 5_000
/** A room that comes back hears of it within so long. */
const CAP_MS = 2_000
/** What happens in one turn is told in one call. */
const SOON_MS = 5

export class Reports {
  private readonly drain: Drain
  private written = false
  private soon = false

  constructor(
    private readonly storage: Storage,
    private readonly ports: Pick<CourierPorts, 'now' | 'after' | 'report' | 'onFailure'>,
  ) {
    this.drain = new Drain({
      name: 'reports',
      run: (signal) => this.deliver(signal),
      deadlineMs: DEADLINE_MS,
      capMs: CAP_MS,
      clock: ports,
      onFailure: (failure, failures) => ports.onFailure('reports', failure, failures),
    })
  }

  /** Inside the transaction of what it tells. */
  add(page: Page, what: CourierReport['what'], row: Row | null, answer: PageAnswer | null = null): void {
    const report: Omit<CourierReport, 'n'> = {
      pageId: page.id,
      incidentId: page.incidentId,
      at: this.ports.now(),
      attempt: row && attemptOf(row, page),
      what,
      answer,
    }
    this.storage.sql.exec('INSERT INTO report (body) VALUES (?)', JSON.stringify(report))
    this.written = true
  }

  /** After every turn: what was written in it is on its way. */
  heed(): void {
    if (!this.written || this.soon) return
    this.written = false
    this.soon = true
    this.ports.after(SOON_MS, () => {
      this.soon = false
      this.drain.wake()
    })
  }

  wake(): void {
    this.drain.wake()
  }

  get waiting(): number {
    return this.storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM report').one().n
  }

  private async deliver(signal: AbortSignal): Promise<'idle' | 'more'> {
    const rows = this.storage.sql
      .exec<{ n: number; body: string }>('SELECT n, body FROM report ORDER BY n LIMIT ?', AT_ONCE)
      .toArray()
    if (rows.length === 0) return 'idle'
    const reports = rows.map(({ n, body }): CourierReport => ({ ...(JSON.parse(body) as Omit<CourierReport, 'n'>), n }))
    const confirmed = await this.ports.report(reports, signal)
    if (confirmed.length === 0) throw new Error('the room confirmed no report of a portion')
    this.storage.sql.exec('DELETE FROM report WHERE n IN (SELECT value FROM json_each(?))', JSON.stringify(confirmed))
    return 'more'
  }
}
