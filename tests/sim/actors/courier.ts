// A courier shard as the platform runs it (workers/courier.ts): its core, its alarm, and providers at its ends.

import type { ChannelPort } from '../../../src/courier/channel'
import { Courier } from '../../../src/courier/courier'
import { COURIER_MIGRATIONS } from '../../../src/courier/schema'
import type { Storage } from '../../../src/durable/storage'
import { Actor, type Clock, type Life } from '../world/actor'
import type { World } from '../world/world'
import { isRowFault, type Postgres } from './postgres'
import { type RoomActor, WIRE } from './wire'

export type CourierNeighbours = { room(): RoomActor; postgres: Postgres; ways(life: Life): ChannelPort[] }

export class CourierActor extends Actor<Courier> {
  constructor(
    world: World,
    private readonly neighbours: CourierNeighbours,
  ) {
    super(world, 'courier', 'courier', COURIER_MIGRATIONS)
  }

  protected bear(storage: Storage, life: Life, clock: Clock): Courier {
    const { room, postgres, ways } = this.neighbours
    const caller = { name: this.name, life }
    return new Courier(storage, {
      region: 'NCR',
      shard: 0,
      now: clock.now,
      newId: () => this.world.random.id(),
      channels: ways(life),
      after: clock.after,
      wakeAt: (at) => this.wakeAt(life, at),
      report: (reports) => {
        const sent = reports
        return this.world.network.call(caller, room(), 'reports', (core) => core.reports(WIRE(sent)))
      },
      archive: (attempts) => postgres.saveAttempts(caller, WIRE(attempts)),
      isRowFault,
      onFailure: (what, failure) => this.world.say(this.name, `${what} failed: ${failure}`),
    })
  }

  protected ring(core: Courier): void {
    core.fire()
  }

  tick(core: Courier): Promise<unknown> {
    return core.tick()
  }
}
