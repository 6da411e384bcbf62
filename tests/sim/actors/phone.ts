// A driver's phone: presses, waits, presses send again until it is answered, and may take the press back by a PIN. Between it and
// the shards stands a door (src/http/doors/take.ts) with the tower's own rule about stepping around a dead one.

import type { Press } from '../../../src/domain/press'
import { StepAround, type Timers } from '../../../src/http/doors/step-around'
import type { CancelAnswer, PressReceipt } from '../../../src/intake/contract'
import { pinMac } from '../../../src/intake/pin'
import type { World } from '../world/world'
import type { IntakeActor } from './intake'
import { WIRE } from './wire'

export const PEPPER = new Uint8Array(32).fill(7)
export const PIN = '4711'
export const DURESS = '9285'

/** The phone gives up waiting, and sends again. */
const PATIENCE_MS = 10_000
const RETRIES_MS = [500, 1_000, 2_000, 4_000, 8_000]

export type Taken = PressReceipt & { shard: number }

/** One isolate of the Worker: it outlives the objects, and remembers how they answered. */
export class Door {
  private readonly around: StepAround
  /** Calls to a second shard while the first still might answer, by the second they were made in. */
  readonly steps = new Map<number, { presses: number; steps: number }>()

  constructor(
    private readonly world: World,
    private readonly intakes: readonly IntakeActor[],
    /** A press is durable, and whoever pressed is told so. */
    private readonly answered: (press: Press, taken: Taken) => void,
  ) {
    const timers: Timers = {
      now: () => world.time.now,
      after: (ms, run) => world.time.after(ms, run),
    }
    this.around = new StepAround(timers)
  }

  /** Null where no shard made it durable. */
  async take(press: Press): Promise<Taken | null> {
    const first = shardOf(press.deviceId, this.intakes.length)
    const shards = this.intakes.length
    const second = this.second()
    second.presses++
    let pending = false
    const call = (shard: number, isFirst: boolean) => ({
      name: `intake:${shard}`,
      call: async (): Promise<Taken> => {
        if (!isFirst && pending) this.second().steps++
        if (isFirst) pending = true
        const sent = WIRE(press)
        const intake = this.intakes[shard] as IntakeActor
        try {
          const receipt = await this.world.network.call({ name: 'door', life: null }, intake, 'press', (core) =>
            core.press(WIRE(sent)),
          )
          return { ...receipt, shard }
        } finally {
          if (isFirst) pending = false
        }
      },
    })
    const next = shards > 1 ? call((first + 1) % shards, false) : null
    const outcome = await this.around.call<Taken>(call(first, true), next, true)
    if (!outcome.ok) {
      this.world.say('door', `503 to ${press.sosId.slice(0, 8)}: ${String(outcome.error)}`)
      return null
    }
    this.answered(press, outcome.value)
    return outcome.value
  }

  cancel(shard: number, sosId: string, deviceId: string, mac: string): Promise<CancelAnswer> {
    const intake = this.intakes[shard] as IntakeActor
    return this.world.network.call({ name: 'door', life: null }, intake, 'cancel', (core) =>
      core.cancel(sosId, deviceId, mac),
    )
  }

  private second(): { presses: number; steps: number } {
    const at = Math.floor(this.world.time.now / 1_000)
    const known = this.steps.get(at) ?? { presses: 0, steps: 0 }
    this.steps.set(at, known)
    return known
  }
}

export const shardOf = (deviceId: string, shards: number): number => Number(deviceId.slice(-1)) % shards

export type Cancelled = (sosId: string, deviceId: string, pin: string) => void

export class Phone {
  /** Presses that were never answered, with how often they were sent. */
  readonly waiting = new Map<string, number>()

  constructor(
    private readonly world: World,
    readonly deviceId: string,
    private readonly door: Door,
    private readonly cancelled: Cancelled,
  ) {}

  get name(): string {
    return `phone:${this.deviceId}`
  }

  press(press: Omit<Press, 'receivedAt'>, cancel: { pin: string; afterMs: number } | null): void {
    this.world.say(this.name, `presses ${press.sosId.slice(0, 8)} ${press.kind}`)
    this.waiting.set(press.sosId, 0)
    this.send(press, cancel)
  }

  private send(press: Omit<Press, 'receivedAt'>, cancel: { pin: string; afterMs: number } | null): void {
    const { world } = this
    const sent = (this.waiting.get(press.sosId) ?? 0) + 1
    this.waiting.set(press.sosId, sent)
    let over = false
    const again = () => {
      if (over) return
      over = true
      world.time.after(RETRIES_MS[Math.min(sent - 1, RETRIES_MS.length - 1)] as number, () => {
        if (this.waiting.has(press.sosId)) this.send(press, cancel)
      })
    }
    world.time.after(PATIENCE_MS, again)
    world.network.send(this.name, 'door', () => {
      void this.door.take({ ...press, receivedAt: world.time.now }).then((taken) => {
        world.network.send('door', this.name, () => {
          if (taken === null) {
            again()
            return
          }
          over = true
          if (!this.waiting.delete(press.sosId)) return
          world.say(this.name, `is answered ${press.sosId.slice(0, 8)}${taken.known ? ' again' : ''}`)
          if (cancel) world.time.after(cancel.afterMs, () => this.cancel(press.sosId, taken.shard, cancel.pin, 4))
        })
      })
    })
  }

  private cancel(sosId: string, shard: number, pin: string, left: number): void {
    const { world, deviceId } = this
    let over = false
    const again = () => {
      if (over) return
      over = true
      if (left > 1) this.cancel(sosId, shard, pin, left - 1)
    }
    world.time.after(PATIENCE_MS, again)
    world.say(this.name, `types ${pin === PIN ? 'the PIN' : pin === DURESS ? 'the PIN under duress' : 'a wrong PIN'}`)
    this.door.cancel(shard, sosId, deviceId, pinMac(PEPPER, deviceId, pin)).then(
      (answer) => {
        if (over) return
        over = true
        if (answer.ok && answer.view.state === 'cancelled') this.cancelled(sosId, deviceId, pin)
      },
      () => world.time.after(world.random.between(500, 2_000), again),
    )
  }
}
