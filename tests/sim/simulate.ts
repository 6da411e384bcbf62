// One seed: a world is made, things happen and go wrong in it, it heals, and all that was promised is looked at.

import type { RegionId } from '../../src/domain/region'
import { CourierActor } from './actors/courier'
import { IntakeActor } from './actors/intake'
import { contactRows } from './actors/people'
import { Door, Phone } from './actors/phone'
import { Postgres } from './actors/postgres'
import { Provider } from './actors/provider'
import { RoomActor } from './actors/room'
import { Screen } from './actors/screen'
import { Checks } from './checks'
import { heal, ROUND_MS, type Stage, scheduleFaults } from './faults'
import { type Plan, planOf } from './plan'
import { hearRejections, rejectionsHeard } from './world/rejections'
import { START } from './world/time'
import { type Broken, World } from './world/world'

/** So long after the world is whole again, everything is where it belongs: the minute's round has come once by then. */
const HEALED_WITHIN_MS = 42_000
const ROUND_AFTER_HEALING_MS = [1_000, 15_000] as const
/** So long after that round. */
const EARLY_LOOKS_MS = [3_500, 9_000] as const
const LOOK_AGAIN_MS = 1_000
const MOST_LOOKS = 60

export type Verdict = {
  seed: number
  found: Broken[]
  story: string[]
  /** What happened in it. */
  counts: { events: number; presses: number; answered: number; incidents: number; attempts: number; faults: number }
}

export async function simulate(seed: number, tells = false, plan: Plan = planOf(seed)): Promise<Verdict> {
  const world = new World(seed, tells)
  hearRejections(world)
  const stage = raise(world, plan)
  try {
    scheduleFaults(stage, plan)
    stage.begin()
    run(world, stage, START + plan.faultsMs)
    heal(stage, plan)
    world.healsWithin(ROUND_AFTER_HEALING_MS[1] + 1_000)
    const roundMs = world.random.between(...ROUND_AFTER_HEALING_MS)
    world.time.after(roundMs, () => round(stage))
    settle(world, stage, roundMs)
  } finally {
    world.putAway()
  }
  await rejectionsHeard()
  return { seed, found: world.found, story: world.story ?? [], counts: stage.checks.counts(plan) }
}

/** Most worlds are as they should be long before they must be, and then only stand and tick. */
function settle(world: World, stage: ReturnType<typeof raise>, roundMs: number): void {
  const { checks } = stage
  const healedAt = world.time.now
  for (const ms of EARLY_LOOKS_MS) {
    run(world, stage, healedAt + roundMs + ms)
    if (checks.isQuiet && checks.areKept()) return
  }
  run(world, stage, healedAt + HEALED_WITHIN_MS)
  // People go on answering: what has just happened may be on its way.
  for (let n = 0; n < MOST_LOOKS && !checks.isQuiet; n++) run(world, stage, world.time.now + LOOK_AGAIN_MS)
  checks.afterHealing()
}

function run(world: World, { checks }: { checks: Checks }, until: number): void {
  world.time.pass(until, () => {
    checks.afterEach()
    if (!world.isResting) throw new Error(`seed never comes to rest: ${world.time.happened} events`)
  })
}

function raise(world: World, plan: Plan) {
  const postgres = new Postgres(world)
  const providers: Provider[] = []
  const intakes: IntakeActor[] = []
  const rooms = new Map<RegionId, RoomActor>()
  const roomOf = (region: RegionId): RoomActor => {
    const known = rooms.get(region)
    if (known) return known
    const made = new RoomActor(world, region, {
      intakes: () => intakes,
      courier: () => courier,
      postgres,
      room: roomOf,
      isOld: plan.old === 'room',
      cannotTake: (sosId) => sosId === choke.sosId,
      changed: (summary) => {
        if (region === 'NCR') checks.changed(summary)
      },
    })
    rooms.set(region, made)
    return made
  }
  const room = roomOf('NCR')
  const choke: Stage['choke'] = { next: false, sosId: null }
  const courier: CourierActor = new CourierActor(world, { room: () => room, postgres, ways: () => providers })
  const checks: Checks = new Checks(world, { room, courier, intakes, postgres, rooms })
  for (const [name, channel, silenceMs] of [
    ['twilio', 'sms', 30_000],
    ['sim', 'sms', 20_000],
    ['twilio', 'voice', 40_000],
  ] as const)
    providers.push(
      new Provider(
        world,
        name,
        channel,
        silenceMs,
        () => courier,
        plan.answers,
        (outgoing) => checks.called(outgoing),
      ),
    )
  for (const provider of providers) provider.muddles = plan.muddles
  for (let shard = 0; shard < plan.shards; shard++)
    intakes.push(
      new IntakeActor(world, shard, { room, courier, told: (told) => checks.told(told), isOld: plan.old === 'intake' }),
    )
  const door = new Door(world, intakes, (press, taken) => checks.answered(press, taken))
  checks.door = door
  const phones = new Map<number, Phone>()
  const phoneOf = (device: number): Phone => {
    const known = phones.get(device)
    if (known) return known
    const made = new Phone(world, `dev-${device}`, door, (sosId, deviceId, pin) =>
      checks.cancelled(sosId, deviceId, pin),
    )
    phones.set(device, made)
    checks.phones.push(made)
    return made
  }
  const screens = plan.screens.map(
    (habits, n) =>
      new Screen(
        world,
        { uid: `op${n}`, name: `Op ${n}`, alias: `Desk ${n}`, role: 'operator', regions: ['NCR'], epoch: 1 },
        room,
        habits,
        (core) => checks.truthOf(core),
        (screen, truth) => checks.caughtUp(screen, truth),
      ),
  )
  checks.screens.push(...screens)
  const actors = new Map([room, courier, ...intakes].map((actor) => [actor.name, actor as never]))
  const stage: Stage = {
    world,
    actors,
    postgres,
    providers,
    screens,
    lost: (screen) => checks.screenLost(screen),
    choke,
    rounds: { from: world.time.now },
  }
  const begin = () => {
    room.enter((core) => core.room.learn(contactRows(plan.presses.map(({ device }) => device))))
    for (const screen of screens) screen.begin()
    for (const pressing of plan.presses)
      for (let n = 0; n < pressing.times; n++)
        world.time.after(pressing.afterMs + n * pressing.everyMs, () => {
          const press = pressOf(world, pressing)
          if (choke.next) {
            choke.next = false
            choke.sosId = press.sosId
            checks.chokes(press.sosId)
          }
          phoneOf(pressing.device).press(press, n === 0 ? pressing.cancel : null)
        })
    roundEachMinute(stage)
  }
  return { ...stage, checks, begin }
}

/** The sentinel's round: each object is asked how it is, and mends what it finds. */
function round({ world, actors, rounds }: Stage): void {
  if (world.time.now < rounds.from) return
  for (const actor of actors.values())
    world.network
      .call({ name: 'sentinel', life: null }, actor, 'tick', (core) => actor.tick(core))
      .then(undefined, () => {})
}

function roundEachMinute(stage: Stage): void {
  const again = () => {
    round(stage)
    stage.world.time.after(ROUND_MS, again)
  }
  stage.world.time.after(stage.world.random.between(0, ROUND_MS), again)
}

function pressOf(world: World, { device, kind, door }: Plan['presses'][number]) {
  return {
    sosId: `01${world.random.id().slice(2)}`,
    deviceId: `dev-${device}`,
    home: 'NCR' as const,
    tokenGeneration: 1,
    door,
    reporter: 'driver' as const,
    kind,
    position: {
      lat: 14.5547,
      lng: 121.0244,
      accuracyM: 8,
      headingDeg: 90,
      speedMps: 9,
      fixedAt: world.time.now,
      batteryPct: 61,
      doubts: [],
    },
    safeToTalk: null,
    note: null,
    tripId: null,
    pressedAt: world.time.now,
    labels: [],
  }
}
