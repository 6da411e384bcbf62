// A press that nobody made: shows that this intake can write, and that its room answers. It leaves no trace.

import type { DrainClock } from '../durable/drain'
import type { Storage } from '../durable/storage'
import type { Forward } from './forward'
import { TOO_LATE, withinLimit } from './limit'

const ROOM_ANSWERS_MS = 5000

export type CanaryParts = {
  clock: DrainClock
  storage: Pick<Storage, 'sql'>
  /** Has it written with the next presses, as one of them. */
  submit(id: string): Promise<unknown>
  forward: Pick<Forward, 'canary'>
}

export class Canary {
  constructor(private readonly parts: CanaryParts) {}

  async fly(id: string): Promise<{ ok: boolean; ms: number; failed: string | null }> {
    const { clock } = this.parts
    const begun = clock.now()
    const failed = await this.failure(id)
    return { ok: failed === null, ms: clock.now() - begun, failed }
  }

  /** Inside the transaction of presses. */
  write(id: string): void {
    this.parts.storage.sql.exec('INSERT OR REPLACE INTO canary (id) VALUES (?)', id)
    this.parts.storage.sql.exec('DELETE FROM canary WHERE id = ?', id)
  }

  private async failure(id: string): Promise<string | null> {
    const { clock, forward, submit } = this.parts
    try {
      await submit(id)
      const answered = await withinLimit(clock, ROOM_ANSWERS_MS, forward.canary(id))
      if (answered === TOO_LATE) return `room: no answer within ${ROOM_ANSWERS_MS} ms`
      return answered === id ? null : 'room: answered without the canary'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
}
