// Presses that no shard of the cluster could take, on this machine's own disk until one of them has them. It knows nothing of
// rooms: whoever delivers a press makes it durable where it belongs, under the same id, and only then is it forgotten here.

import type { Press } from '../domain/press'
import { Drain, type DrainClock, type DrainState, wallClock } from '../durable/drain'
import { GroupCommit } from '../durable/group-commit'
import { migrate, type Storage } from '../durable/storage'
import type { PressReceipt, SpoolHealth } from './contract'

export type SpoolPorts = {
  /** Gives presses to the cluster; answers the ids that it has durably. Rejects where nobody can be reached. */
  deliver: (presses: Press[]) => Promise<string[]>
  /** Sets the object's one alarm, epoch ms, always in the future. */
  wakeAt: (at: number) => void
  onFailure?: (failure: string, failures: number) => void
}

/** The call that was too slow is still under way, and mostly arrives: delivered at once, each would be written twice. */
export const SETTLES_MS = 2_000
/** Of one portion: as many as a shard commits together. */
const PORTION = 100
const DELIVERY_DEADLINE_MS = 20_000
const LONGEST_PAUSE_MS = 2_000
/** A process that was killed comes back by its alarm. */
const LOOK_AGAIN_MS = 5_000

const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE press (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  sos_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  body TEXT NOT NULL,
  kept_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX press_id ON press (sos_id, device_id);
CREATE INDEX press_next ON press (tries, n)`,
]

type Row = { n: number; body: string }

export class Spool {
  private readonly commits: GroupCommit<Press, PressReceipt>
  private readonly drain: Drain
  private armedFor = 0

  /** Migrates its storage before it returns. */
  constructor(
    private readonly storage: Storage,
    private readonly ports: SpoolPorts,
    private readonly clock: DrainClock = wallClock,
  ) {
    migrate(storage, MIGRATIONS)
    this.commits = new GroupCommit<Press, PressReceipt>({
      storage,
      apply: (press) => this.keep(press),
      committed: () => this.lookLater(SETTLES_MS),
      after: (ms, run) => clock.after(ms, run),
      now: () => clock.now(),
    })
    this.drain = new Drain({
      name: 'spool to cluster',
      run: () => this.deliverSome(),
      deadlineMs: DELIVERY_DEADLINE_MS,
      capMs: LONGEST_PAUSE_MS,
      clock,
      ...(ports.onFailure ? { onFailure: ports.onFailure } : {}),
    })
    if (this.count() > 0) this.lookLater(1)
  }

  /** Answers after the durable write. `known`: it lay here already. */
  press(press: Press): Promise<PressReceipt> {
    return this.commits.submit(press)
  }

  alarm(): void {
    this.armedFor = 0
    if (this.count() === 0) return
    this.drain.wake()
    this.lookLater(LOOK_AGAIN_MS)
  }

  health(): SpoolHealth {
    const { oldest } = this.storage.sql
      .exec<{ oldest: number | null }>('SELECT min(kept_at) AS oldest FROM press')
      .one()
    return { waiting: this.count(), oldestAt: oldest, lastFailure: this.drain.state.lastFailure }
  }

  get drainState(): DrainState {
    return this.drain.state
  }

  private keep({ sosId, deviceId, receivedAt, ...rest }: Press): PressReceipt {
    const { sql } = this.storage
    const [known] = sql
      .exec<{ body: string }>('SELECT body FROM press WHERE sos_id = ? AND device_id = ?', sosId, deviceId)
      .toArray()
    if (known) return { sosId, receivedAt: (JSON.parse(known.body) as Press).receivedAt, known: true }
    const body = JSON.stringify({ sosId, deviceId, receivedAt, ...rest })
    sql.exec(
      'INSERT INTO press (sos_id, device_id, body, kept_at) VALUES (?, ?, ?, ?)',
      sosId,
      deviceId,
      body,
      this.clock.now(),
    )
    return { sosId, receivedAt, known: false }
  }

  private async deliverSome(): Promise<'idle' | 'more'> {
    // What was refused most often comes last: one that nobody ever takes holds up none of the others.
    const rows = this.storage.sql
      .exec<Row>(
        'SELECT n, body FROM press WHERE kept_at <= ? ORDER BY tries, n LIMIT ?',
        this.clock.now() - SETTLES_MS,
        PORTION,
      )
      .toArray()
    if (rows.length === 0) {
      if (this.count() > 0) this.lookLater(SETTLES_MS)
      return 'idle'
    }
    const presses = rows.map(({ body }) => JSON.parse(body) as Press)
    const durable = new Set(await this.ports.deliver(presses))
    this.storage.transactionSync(() => {
      rows.forEach(({ n }, at) => {
        if (durable.has((presses[at] as Press).sosId)) this.storage.sql.exec('DELETE FROM press WHERE n = ?', n)
        else this.storage.sql.exec('UPDATE press SET tries = tries + 1 WHERE n = ?', n)
      })
    })
    if (durable.size === 0) throw new Error(`none of ${rows.length} was taken`)
    return 'more'
  }

  private count(): number {
    return this.storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM press').one().n
  }

  private lookLater(ms: number): void {
    const at = this.clock.now() + ms
    if (this.armedFor > this.clock.now() && this.armedFor <= at) return
    this.armedFor = at
    this.ports.wakeAt(at)
  }
}
