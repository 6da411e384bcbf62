// An intake shard as the platform runs it (workers/sos-intake.ts): its core, its alarm, and the lines of its phones.

import type { Page } from '../../../src/domain/page'
import type { Storage } from '../../../src/durable/storage'
import { Intake } from '../../../src/intake/intake'
import { INTAKE_MIGRATIONS } from '../../../src/intake/schema'
import type { Told } from '../../../src/intake/statuses'
import { Actor, type Clock, type Life } from '../world/actor'
import type { World } from '../world/world'
import type { CourierActor } from './courier'
import { type RoomActor, WIRE } from './wire'

export type IntakeNeighbours = {
  room: RoomActor
  courier: CourierActor
  /** A frame on the lifeline of a device. */
  told(told: Told): void
  /** Every nth batch is as a release before would have sent it. */
  isOld: boolean
}

export class IntakeActor extends Actor<Intake> {
  constructor(
    world: World,
    private readonly shard: number,
    private readonly neighbours: IntakeNeighbours,
  ) {
    super(world, `intake:${shard}`, 'intake', INTAKE_MIGRATIONS)
  }

  protected bear(storage: Storage, life: Life, clock: Clock): Intake {
    const { room, courier, told, isOld } = this.neighbours
    const caller = { name: this.name, life }
    return new Intake(
      `NCR:${this.shard}`,
      storage,
      {
        room: () => ({
          receive: (batch) => {
            const sent = isOld ? withoutNews(batch) : batch
            return this.world.network.call(caller, room, 'batch', (core) => core.receive(WIRE(sent))).then(WIRE)
          },
        }),
        tell: (each) => told(each),
        lifelines: () => 0,
        page: (pages: Page[]) => {
          const sent = pages
          return this.world.network.call(caller, courier, 'pages past the room', (core) => core.send(WIRE(sent)))
        },
        wakeAt: (at) => this.wakeAt(life, at),
        onFailure: (failure) => this.world.say(this.name, `failed: ${failure}`),
      },
      clock,
    )
  }

  protected ring(core: Intake): void {
    core.alarm()
  }

  tick(core: Intake): Promise<unknown> {
    return core.tick()
  }
}

/** The release before knew neither whom its intakes had paged nor how many presses a row stood for. */
function withoutNews<T extends { paged?: unknown }>(batch: T): T {
  const { paged: _, ...old } = batch
  return old as T
}
