// I1's archive, I7 and I9: Postgres has every line, the chain holds, nothing waits that need not, alarms are set, and stepping
// around a slow shard has not doubled a burst.

import { clocksOf } from '../../../src/domain/clocks'
import type { Incident } from '../../../src/domain/incident'
import { verifyChain } from '../../../src/room/chain'
import type { Door } from '../actors/phone'
import type { Actor } from '../world/actor'
import type { World } from '../world/world'
import type { Parts } from './index'

/** An alarm may be set for a moment that has just passed. */
const ALARM_LATE_MS = 1_000

export class Rest {
  constructor(
    private readonly world: World,
    private readonly parts: Parts,
  ) {}

  afterHealing(door: Door | null): void {
    this.archived()
    this.chained()
    this.nothingWaits()
    this.timed()
    for (const actor of [this.parts.room, this.parts.courier, ...this.parts.intakes])
      this.armed(actor as Actor<unknown>)
    if (door) this.stepped(door)
    this.mirrored()
  }

  private archived(): void {
    const { room, postgres } = this.parts
    const { epoch, seq } = room.enter((core) => ({ epoch: core.room.log.epoch, seq: core.room.log.seq }))
    const missing: number[] = []
    for (let n = 1; n <= seq; n++)
      if (!postgres.events.has(`NCR ${epoch} ${n}`) && !postgres.refused.has(n)) missing.push(n)
    // What was written in the last seconds is on its way.
    const old = missing.filter((n) => this.ageOf(n) > 5_000)
    if (old.length > 0)
      this.world.broken('I1', `Postgres has ${old.length} of ${seq} lines not: ${old.slice(0, 5).join(', ')}`)
    const parked = room.disk.read<{ seq: number }>('SELECT seq FROM parked').map((row) => row.seq)
    for (const n of parked)
      if (!postgres.refused.has(n)) this.world.broken('I1', `line ${n} was put aside, and nothing is wrong with it`)
    for (const [id, kept] of postgres.incidents) {
      const [row] = room.disk.read<{ seq: number; body: string }>('SELECT seq, body FROM incident WHERE id = ?', id)
      const state = row && (JSON.parse(row.body) as { state: string }).state
      if (row && missing.length === 0 && parked.length === 0 && row.seq <= kept.seq && state !== kept.state)
        this.world.broken('I4', `Postgres says that ${kept.code} is ${kept.state}, the room ${state}`)
    }
  }

  private chained(): void {
    const lines = this.parts.room.enter((core) => core.room.log.from(1, 100_000))
    const verdict = verifyChain(lines)
    if (!verdict.ok) this.world.broken('I7', `the chain breaks at ${verdict.at.seq}: ${verdict.why}`)
  }

  private nothingWaits(): void {
    const { room } = this.parts
    const count = (table: string, where: string) =>
      room.disk.read<{ n: number }>(`SELECT count(*) AS n FROM ${table} ${where}`)[0]?.n ?? 0
    if (count('push', '') > 0) this.world.broken('I9', 'phones have not heard what became of their presses')
    if (this.world.time.waiting > 2_000) this.world.broken('I9', `${this.world.time.waiting} things are still to come`)
  }

  /** Every clock that an incident has, and every ladder that waits, has its timer: nobody else would think of it again. */
  private timed(): void {
    const { disk } = this.parts.room
    const timers = new Set(
      disk.read<{ kind: string; key: string }>('SELECT kind, key FROM timer').map(({ kind, key }) => `${kind} ${key}`),
    )
    const wanted = disk
      .read<{ body: string }>('SELECT body FROM incident')
      .map(({ body }) => JSON.parse(body) as Incident)
      .flatMap((incident) => Object.keys(clocksOf(incident)).map((kind) => ({ kind, key: incident.id })))
    const ladders = disk.read<{ key: string }>('SELECT incident AS key FROM escalation WHERE due IS NOT NULL')
    for (const { kind, key } of [...wanted, ...ladders.map((each) => ({ kind: 'escalate', ...each }))])
      if (!timers.has(`${kind} ${key}`)) this.world.broken('I3', `${key} has a clock "${kind}", and no timer of it`)
  }

  private armed(actor: Actor<unknown>): void {
    if (actor.lives === 0) return
    const due = actor.disk.read<{ due: number | null }>('SELECT min(due) AS due FROM timer')[0]?.due ?? null
    if (due === null) return
    const latest = Math.max(due, actor.now()) + ALARM_LATE_MS
    if (actor.alarmAt === null || actor.alarmAt > latest)
      this.world.broken(
        'I3',
        `${actor.name} has something to do in ${due - actor.now()} ms, its alarm is ${actor.alarmAt === null ? 'not set' : `${actor.alarmAt - due} ms later`}`,
      )
  }

  private stepped({ steps }: Door): void {
    for (const [second, { steps: made, presses }] of steps) {
      const allowed = Math.max(1, Math.floor(0.1 * Math.max(presses, steps.get(second - 1)?.presses ?? 0)))
      if (made > allowed) this.world.broken('I9', `${made} of ${presses} presses of a second went to two shards`)
    }
  }

  /** The neighbour's desk has the cards that were sent to it. */
  private mirrored(): void {
    const waiting = this.parts.room.disk.read<{ n: number }>('SELECT count(*) AS n FROM mirror_out WHERE dirty = 1')
    if ((waiting[0]?.n ?? 0) > 0) this.world.broken('I9', 'a neighbour has not heard of a card')
  }

  private ageOf(seq: number): number {
    const [row] = this.parts.room.disk.read<{ at: number }>('SELECT at FROM event WHERE seq = ?', seq)
    return row ? this.parts.room.now() - row.at : 0
  }
}
