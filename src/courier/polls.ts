// Asks providers about attempts that have been silent: once before their ladder gives them up, and later for the record.

import type { ChannelPort, Polled } from './channel'
import { reasonOf } from './flights'
import type { Parts } from './parts'
import { isOver, rankOf } from './states'

const DEADLINE_MS = 4_000
const AT_ONCE = 10
/** After the first, which comes at half of the silence that a ladder bears. */
const AGAIN_MS = [30_000, 120_000, 600_000, 3_600_000]
const BUSY_MS = 1_000

export class Polls {
  private underWay = 0

  constructor(
    private readonly parts: Parts,
    /** What a provider said when it was asked is as good as what it says by itself. */
    private readonly found: (
      of: { attemptId: string; provider: string; providerId: string },
      said: NonNullable<Polled>,
    ) => void,
  ) {}

  /** Its timer is due. Returns at once. */
  ask(attemptId: string): void {
    const { attempts, ports, timers } = this.parts
    const row = attempts.get(attemptId)
    const way = ports.channels.find(({ provider, channel }) => provider === row?.provider && channel === row.channel)
    if (!row || !way?.poll || row.provider_id === null) return
    // A provider's last word, or a person's, needs no asking; what we only believe does.
    if (isOver(row.state) && rankOf(row.state, row.word) >= 4) return
    if (this.underWay >= AT_ONCE) {
      timers.set('poll', attemptId, ports.now() + BUSY_MS)
      return
    }
    const pause = AGAIN_MS[row.polls]
    if (pause !== undefined) timers.set('poll', attemptId, ports.now() + pause)
    attempts.countPoll(attemptId)
    void this.poll(way, attemptId, row.provider_id)
  }

  /** Never rejects. */
  private async poll(way: ChannelPort, attemptId: string, providerId: string): Promise<void> {
    const { ports } = this.parts
    const abort = new AbortController()
    this.underWay++
    let cancel: () => void = () => {}
    try {
      const late = new Promise<null>((resolve) => {
        cancel = ports.after(DEADLINE_MS, () => {
          abort.abort()
          resolve(null)
        })
      })
      const said = await Promise.race([way.poll?.(providerId, abort.signal) ?? null, late])
      if (said) this.found({ attemptId, provider: way.provider, providerId }, said)
    } catch (cause) {
      ports.onFailure('poll', `${way.provider}: ${reasonOf(cause)}`, 1)
    } finally {
      cancel()
      this.underWay--
    }
  }
}
