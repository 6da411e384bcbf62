// A connection that whoever writes all the time keeps from one write to the next: to open one, Postgres starts a process
// and we compute a password's proof, which together cost more than a thousand rows. It must live where its user lives: in
// workerd a socket belongs to the object (or else to the request) that opened it.

import { type DrainClock, wallClock } from '../durable/drain'
import { sqlState } from './fault'
import { openPostgres, type Postgres } from './postgres'

/** Longer than two writes of a busy shard are apart; whoever writes seldom holds no place that others need. */
const KEPT_MS = 2_000

type Work<T> = (db: Postgres['db'], sql: Postgres['sql']) => Promise<T>

export class KeptPostgres {
  private kept: Postgres | null = null
  private running = 0
  private cancelClosing: () => void = () => {}

  constructor(
    private readonly url: string,
    private readonly deadlineMs: number,
    private readonly clock: DrainClock = wallClock,
  ) {}

  /**
   * As `withPostgres`: rejects after the deadline. `work` must bear repeating: where a connection that was kept turns out to
   * be dead, it is done once more on a new one. After any failure the connection is closed.
   */
  async run<T>(work: Work<T>): Promise<T> {
    this.running++
    this.cancelClosing()
    let cancelLimit = () => {}
    let late = false
    const limit = new Promise<never>((_, reject) => {
      cancelLimit = this.clock.after(this.deadlineMs, () => {
        late = true
        reject(new Error(`Postgres did not answer within ${this.deadlineMs} ms`))
      })
    })
    try {
      return await Promise.race([this.tryTwice(work, () => late), limit])
    } finally {
      cancelLimit()
      if (late) this.drop(this.kept)
      this.running--
      if (this.running === 0) this.cancelClosing = this.clock.after(KEPT_MS, () => this.drop(this.kept))
    }
  }

  private async tryTwice<T>(work: Work<T>, isLate: () => boolean): Promise<T> {
    const old = this.kept
    if (old) {
      try {
        return await this.once(old, work)
      } catch (error) {
        if (sqlState(error) !== null || isLate()) throw error
      }
    }
    this.kept = openPostgres(this.url)
    return await this.once(this.kept, work)
  }

  private async once<T>(connection: Postgres, work: Work<T>): Promise<T> {
    try {
      return await work(connection.db, connection.sql)
    } catch (error) {
      this.drop(connection)
      throw error
    }
  }

  private drop(connection: Postgres | null): void {
    if (this.kept === connection) this.kept = null
    connection?.close().catch(() => {})
  }
}
