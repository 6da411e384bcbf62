// Carries out what a plan lets go wrong, and makes all of it good again at once when the time for that has come.

import type { Postgres } from './actors/postgres'
import type { Provider } from './actors/provider'
import type { Screen } from './actors/screen'
import type { Fault, Plan } from './plan'
import type { Actor } from './world/actor'
import type { World } from './world/world'

export type Stage = {
  world: World
  actors: ReadonlyMap<string, Actor<unknown>>
  postgres: Postgres
  providers: readonly Provider[]
  screens: readonly Screen[]
  /** A screen is gone. */
  lost(screen: Screen): void
  /** The press that the room cannot take: the next one, once there is one. */
  choke: { next: boolean; sosId: string | null }
  /** The minute's round of the sentinel does not come. */
  rounds: { from: number }
}

/** The round of a minute that mends what an alarm should have done, and what may be late until it comes. */
export const ROUND_MS = 60_000

export function scheduleFaults(stage: Stage, plan: Plan): void {
  for (const fault of plan.faults) stage.world.time.after(fault.afterMs, () => begin(stage, fault))
}

function begin(stage: Stage, fault: Fault): void {
  const { world, actors, postgres, providers, screens } = stage
  const { afterMs: _, ...told } = fault
  world.say('fault', JSON.stringify(told))
  const actor = 'to' in fault ? actors.get(fault.to) : undefined
  switch (fault.what) {
    case 'dies at a commit':
      if (actor) actor.disk.fault = { ...fault.commit }
      return
    case 'is killed':
      actor?.kill('by a signal', fault.downMs)
      return
    case 'is stuck':
      if (!actor) return
      actor.stuckUntil = Math.max(actor.stuckUntil, world.time.now + fault.forMs)
      world.impaired(actor.name, fault.forMs)
      return
    case 'is cut off':
      world.network.cut(fault.one, fault.other, fault.forMs, fault.silently)
      world.impaired(`${fault.one}-${fault.other}`, fault.forMs)
      return
    case 'is held up':
      world.network.hold(fault)
      return
    case 'bad weather':
      world.network.weather = fault.weather
      world.time.after(fault.forMs, () => world.network.calm(fault.weather))
      world.impaired('network', fault.forMs + 10_000)
      return
    case 'clock is set':
      actor?.stepClock(fault.byMs)
      if (actor) world.impaired(`${actor.name} clock`, ROUND_MS + 5_000)
      return
    case 'loses its alarm':
      if (!actor) return
      actor.losesAlarms = true
      actor.loseAlarm()
      world.impaired(`${actor.name} alarm`, fault.forMs + ROUND_MS)
      world.time.after(fault.forMs, () => {
        actor.losesAlarms = false
      })
      return
    case 'alarm fires for nothing':
      actor?.ringForNothing()
      return
    case 'Postgres':
      postgres.mood = fault.mood
      world.time.after(fault.forMs, () => {
        postgres.mood = 'well'
      })
      return
    case 'Postgres refuses':
      postgres.refuses = { type: fault.type, left: 1 }
      return
    case 'provider': {
      const provider = providers[fault.n]
      if (!provider) return
      provider.mood = fault.mood
      world.time.after(fault.forMs, () => {
        provider.mood = 'well'
      })
      return
    }
    case 'screen is lost': {
      const screen = screens[fault.n]
      if (!screen) return
      screen.lose(fault.silently)
      stage.lost(screen)
      world.time.after(fault.forMs, () => screen.back())
      return
    }
    case 'no rounds':
      stage.rounds.from = world.time.now + fault.forMs
      world.impaired('rounds', fault.forMs + ROUND_MS)
      return
    case 'room chokes on the next press':
      stage.choke.next = stage.choke.sosId === null
  }
}

/** From now on nothing goes wrong. Clocks stay as they are: a wrong one is no fault that mends itself. */
export function heal({ world, actors, postgres, providers, screens, rounds, choke }: Stage, plan: Plan): void {
  world.say('world', 'heals')
  world.network.heal()
  for (const actor of actors.values()) {
    actor.disk.fault = null
    actor.losesAlarms = false
    actor.stuckUntil = world.time.now
    actor.comeBack()
  }
  postgres.mood = 'well'
  postgres.refuses = null
  for (const provider of providers) provider.mood = 'well'
  for (const screen of screens) {
    screen.back()
    if (plan.attentive) screen.attend()
  }
  rounds.from = world.time.now
  choke.next = false
  choke.sosId = null
}
