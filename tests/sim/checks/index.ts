// All that is promised, looked at while things happen and once the world has healed. The numbers are those of the project's list of
// invariants; each has a file of its own.

import type { Outgoing } from '../../../src/courier/channel'
import type { IncidentSummary } from '../../../src/domain/incident'
import type { Press } from '../../../src/domain/press'
import type { RegionId } from '../../../src/domain/region'
import type { Told } from '../../../src/intake/statuses'
import type { CourierActor } from '../actors/courier'
import type { IntakeActor } from '../actors/intake'
import type { Door, Phone, Taken } from '../actors/phone'
import type { Postgres } from '../actors/postgres'
import type { RoomActor, RoomLife } from '../actors/room'
import type { Screen } from '../actors/screen'
import type { Plan } from '../plan'
import type { World } from '../world/world'
import { Incidents } from './incidents'
import { Paging } from './paging'
import { Presses } from './presses'
import { Rest } from './rest'
import { Seen } from './seen'

export type Parts = {
  room: RoomActor
  courier: CourierActor
  intakes: readonly IntakeActor[]
  postgres: Postgres
  rooms: ReadonlyMap<RegionId, RoomActor>
}

const QUIET_MS = 3_000

export class Checks {
  door: Door | null = null
  readonly phones: Phone[] = []
  readonly screens: Screen[] = []
  private readonly incidents: Incidents
  private readonly presses: Presses
  private readonly paging: Paging
  private readonly seen: Seen
  private readonly rest: Rest
  private commits = -1

  constructor(
    private readonly world: World,
    private readonly parts: Parts,
  ) {
    this.incidents = new Incidents(world, parts)
    this.presses = new Presses(world, parts, this.incidents)
    this.paging = new Paging(world, parts, this.incidents)
    this.seen = new Seen(world, parts)
    this.rest = new Rest(world, parts)
  }

  /** Whatever the room has committed is read as soon as it has. */
  afterEach(): void {
    const { commits } = this.parts.room.disk
    if (commits === this.commits) return
    this.commits = commits
    this.incidents.read()
  }

  /** For some seconds nothing has happened in the room. */
  get isQuiet(): boolean {
    return this.world.time.now - (this.incidents.lines.at(-1)?.at ?? 0) > QUIET_MS
  }

  changed(summary: IncidentSummary): void {
    this.incidents.changed(summary)
  }

  answered(press: Press, taken: Taken): void {
    this.presses.answered(press, taken)
  }

  cancelled(sosId: string, deviceId: string, pin: string): void {
    this.presses.cancelled(sosId, deviceId, pin)
  }

  told(told: Told): void {
    this.incidents.told(told)
  }

  called(outgoing: Outgoing): void {
    this.paging.called(outgoing)
  }

  truthOf(core: RoomLife): ReadonlyMap<string, { seq: number; queued: boolean }> {
    return this.seen.truthOf(core)
  }

  caughtUp(screen: Screen, truth: ReadonlyMap<string, { seq: number; queued: boolean }>): void {
    this.seen.caughtUp(screen, truth)
  }

  chokes(sosId: string): void {
    this.presses.chokes(sosId)
  }

  screenLost(screen: Screen): void {
    this.incidents.screenLost(screen)
  }

  /** Whether all is kept already of what must be once everything has been well for a while; what is not yet is not held against it. */
  areKept(): boolean {
    const { found } = this.world
    const before = found.length
    this.afterHealing()
    return found.splice(before).length === 0
  }

  /** Everything has been well for a while. */
  afterHealing(): void {
    const { door, phones, screens } = this
    this.presses.afterHealing(phones)
    this.incidents.afterHealing()
    this.paging.afterHealing()
    this.seen.afterHealing(screens)
    this.rest.afterHealing(door)
  }

  counts(plan: Plan) {
    return {
      events: this.world.time.happened,
      presses: plan.presses.reduce((sum, { times }) => sum + times, 0),
      answered: this.presses.size,
      incidents: this.incidents.size,
      attempts: this.paging.calls,
      faults: plan.faults.length,
    }
  }
}
