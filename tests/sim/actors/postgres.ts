// PostgreSQL, as far as rooms and couriers see it: all of a batch or none, away, slow, silent after it has committed, or
// refusing a row for what is in it. What is in it is never lost.

import type { LogEvent } from '../../../src/domain/event'
import type { IncidentSummary } from '../../../src/domain/incident'
import type { Attempt } from '../../../src/domain/page'
import type { OutboxRow } from '../../../src/room/contract'
import type { Caller } from '../world/network'
import type { World } from '../world/world'

export type Mood = 'well' | 'away' | 'slow' | 'forgets to answer'

class RowFault extends Error {}

export const isRowFault = (error: unknown): boolean => error instanceof RowFault

/** workerd closes a connection that has given nothing for so long (store/postgres.ts). */
const DEADLINE_MS = 10_000

export class Postgres {
  mood: Mood = 'well'
  /** Lines of this type it cannot store, so many of them. */
  refuses: { type: string; left: number } | null = null
  readonly refused = new Set<number>()
  readonly events = new Map<string, LogEvent>()
  readonly incidents = new Map<string, IncidentSummary & { epoch: string }>()
  readonly attempts = new Map<string, Attempt>()

  constructor(private readonly world: World) {}

  archive(from: Caller, rows: OutboxRow[]): Promise<void> {
    return this.query(from, () => {
      for (const { event } of rows) if (this.cannotStore(event)) throw new RowFault(`line ${event.seq} is refused`)
      for (const { event, incident } of rows) {
        const key = `${event.room} ${event.epoch} ${event.seq}`
        if (!this.events.has(key)) this.events.set(key, event)
        const kept = incident && this.incidents.get(incident.id)
        if (incident && (!kept || kept.seq < incident.seq))
          this.incidents.set(incident.id, { ...incident, epoch: event.epoch })
      }
    })
  }

  saveAttempts(from: Caller, attempts: Attempt[]): Promise<void> {
    return this.query(from, () => {
      for (const attempt of attempts) this.attempts.set(attempt.id, attempt)
    })
  }

  /** Whatever was refused is accepted from now on. */
  mend(): void {
    this.mood = 'well'
    this.refuses = null
    this.refused.clear()
  }

  private query(from: Caller, store: () => void): Promise<void> {
    const { time, random, network } = this.world
    return new Promise<void>((resolve, reject) => {
      const alive = () => from.life?.alive !== false
      const fail = (error: Error, ms: number) => time.after(ms, () => alive() && reject(error))
      if (this.mood === 'away' || network.isCut(from.name, 'postgres')) {
        this.world.say(from.name, 'Postgres is away')
        fail(new Error('postgres is away'), random.chance(0.5) ? random.between(1, 50) : DEADLINE_MS)
        return
      }
      const slow = this.mood === 'slow' ? random.between(2_000, 14_000) : random.between(2, 20)
      const silent = this.mood === 'forgets to answer' && random.chance(0.7)
      let late = false
      if (slow >= DEADLINE_MS || silent)
        time.after(DEADLINE_MS, () => {
          late = true
          if (alive()) reject(new Error('postgres did not answer'))
        })
      time.after(slow, () => {
        try {
          store()
        } catch (error) {
          if (alive() && !late) reject(error)
          return
        }
        if (alive() && !late && !silent) resolve()
      })
    })
  }

  private cannotStore(event: LogEvent): boolean {
    if (this.refused.has(event.seq)) return true
    if (!this.refuses || this.refuses.left === 0 || this.refuses.type !== event.type) return false
    this.refuses.left--
    this.refused.add(event.seq)
    this.world.say('postgres', `cannot store line ${event.seq}: ${event.type}`)
    return true
  }
}
