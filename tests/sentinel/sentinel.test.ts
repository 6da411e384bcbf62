import { expect, test } from 'bun:test'
import type { CourierHealth } from '../../src/courier/contract'
import { REGION_IDS, type RegionId } from '../../src/domain/region'
import type { FleetHealth } from '../../src/fleet/contract'
import type { IntakeHealth } from '../../src/intake/contract'
import type { RoomHealth } from '../../src/room/contract'
import type { TickReport } from '../../src/sentinel/contract'
import { BEAT_MS, SentinelCore, type SentinelPorts } from '../../src/sentinel/sentinel'

const DEADLINE_MS = 40

/** A tower whose parts answer at once, until a test says otherwise. */
function watched(change: Partial<SentinelPorts> = {}) {
  const clock = { now: 1_800_000_000_000 }
  const seen = {
    rooms: [] as RegionId[],
    intakes: [] as string[],
    fleets: [] as string[],
    couriers: [] as string[],
    canaries: [] as { region: RegionId; shard: number; id: string }[],
    pings: 0,
    saved: null as TickReport | null,
  }
  const ports: SentinelPorts = {
    regions: REGION_IDS,
    shards: 4,
    tickRoom: async (region) => {
      seen.rooms.push(region)
      return { region } as RoomHealth
    },
    tickIntake: async (region, shard) => {
      seen.intakes.push(`${region}:${shard}`)
      return { name: `${region}:${shard}` } as IntakeHealth
    },
    fleets: 2,
    tickFleet: async (region, shard) => {
      seen.fleets.push(`${region}:${shard}`)
      return { region, shard } as FleetHealth
    },
    couriers: 1,
    tickCourier: async (region, shard) => {
      seen.couriers.push(`${region}:${shard}`)
      return { name: `${region}:${shard}` } as CourierHealth
    },
    keepHistory: async () => ({ made: 3, dropped: 1, inDefault: 0 }),
    canary: async (region, shard, id) => {
      seen.canaries.push({ region, shard, id })
      return { ok: true, ms: 12, failed: null }
    },
    pingDeadman: async () => {
      seen.pings++
    },
    load: async () => seen.saved,
    save: async (report) => {
      seen.saved = report
    },
    now: () => clock.now,
    newId: () => String(seen.canaries.length),
    ...change,
  }
  return { clock, seen, sentinel: new SentinelCore(ports, DEADLINE_MS) }
}

test('a tick wakes every room and every intake, those of unverified presses too', async () => {
  const { seen, sentinel } = watched()
  const report = await sentinel.tick()
  expect(seen.rooms.toSorted()).toEqual([...REGION_IDS].toSorted())
  const all = REGION_IDS.flatMap((region) => [0, 1, 2, 3, 'u0', 'u1'].map((shard) => `${region}:${shard}`))
  expect(seen.intakes.toSorted()).toEqual(all.toSorted())
  expect(report.canaries.map(({ region, ok }) => [region, ok])).toEqual(REGION_IDS.map((region) => [region, true]))
  expect(report.deadman).toBe('pinged')
})

test('a tick wakes every fleet shard and looks after the partitions of the history', async () => {
  let kept = 0
  const { seen, sentinel, clock } = watched({ keepHistory: async () => ({ made: ++kept, dropped: 1, inDefault: 0 }) })
  expect((await sentinel.tick()).history).toBe('not yet')
  expect((await sentinel.tick()).history).toEqual({ made: 1, dropped: 1, inDefault: 0 })
  clock.now += 3_600_000
  await sentinel.tick()
  expect((await sentinel.tick()).history).toEqual({ made: 2, dropped: 1, inDefault: 0 })
  expect([...new Set(seen.fleets)].toSorted()).toEqual(
    REGION_IDS.flatMap((region) => [`${region}:0`, `${region}:1`]).toSorted(),
  )
})

test('a tick wakes every courier shard, and says which of them did not answer', async () => {
  const { seen, sentinel } = watched()
  await sentinel.tick()
  expect(seen.couriers.toSorted()).toEqual(REGION_IDS.map((region) => `${region}:0`).toSorted())
  const { sentinel: without } = watched({
    tickCourier: async () => {
      throw new Error('courier gone')
    },
  })
  const report = await without.tick()
  expect(report.couriers).toContainEqual({ name: 'NCR:0', failed: 'courier gone' })
  expect(report.deadman).toBe('pinged')
})

test('a history that cannot be looked after, and a dead fleet shard, hold back neither canaries nor the ping', async () => {
  const { sentinel } = watched({
    tickFleet: async () => {
      throw new Error('shard gone')
    },
    keepHistory: async () => {
      throw new Error('Postgres is away')
    },
  })
  await sentinel.tick()
  const report = await sentinel.tick()
  expect(report.history).toEqual({ failed: 'Postgres is away' })
  expect(report.fleets).toContainEqual({ name: 'NCR:0', failed: 'shard gone' })
  expect(report.deadman).toBe('pinged')
})

test('no more than eight intakes are called at once', async () => {
  let running = 0
  let most = 0
  const { sentinel } = watched({
    shards: 16,
    tickIntake: async (region, shard) => {
      most = Math.max(most, ++running)
      await Bun.sleep(1)
      running--
      return { name: `${region}:${shard}` } as IntakeHealth
    },
  })
  const { intakes } = await sentinel.tick()
  expect(intakes).toHaveLength(18 * REGION_IDS.length)
  expect(most).toBe(8)
})

test('a part that is dead is named in the report, and the others are woken all the same', async () => {
  const { seen, sentinel } = watched({
    tickRoom: async (region) => {
      if (region === 'CEB') throw new Error('object gone')
      return { region } as RoomHealth
    },
  })
  const { rooms } = await sentinel.tick()
  expect(rooms).toContainEqual({ region: 'CEB', failed: 'object gone' })
  expect(rooms).toHaveLength(REGION_IDS.length)
  expect(seen.intakes).toHaveLength(6 * REGION_IDS.length)
})

test('a part that never answers costs its deadline, not the tick', async () => {
  const { sentinel } = watched({ tickRoom: () => new Promise(() => {}) })
  const { rooms, deadman } = await sentinel.tick()
  expect(rooms).toEqual(REGION_IDS.map((region) => ({ region, failed: 'no answer within 40 ms' })))
  expect(deadman).toBe('pinged')
})

test('one failed canary holds the dead-man ping back', async () => {
  const { seen, sentinel } = watched({
    canary: async (region) =>
      region === 'DVO' ? { ok: false, ms: 5_000, failed: 'room away' } : { ok: true, ms: 9, failed: null },
  })
  const report = await sentinel.tick()
  expect(report.deadman).toBe('held back')
  expect(seen.pings).toBe(0)
  expect(report.canaries.find(({ region }) => region === 'DVO')).toMatchObject({ ok: false, failed: 'room away' })
})

test('a canary that throws or hangs has failed', async () => {
  const { sentinel } = watched({
    canary: async (region) => {
      if (region === 'ILO') throw new Error('intake gone')
      if (region === 'CEB') return new Promise(() => {})
      return { ok: true, ms: 9, failed: null }
    },
  })
  const canaries = await sentinel.canary()
  expect(canaries.filter(({ ok }) => !ok).map(({ region, failed }) => [region, failed])).toEqual([
    ['CEB', 'no answer within 40 ms'],
    ['ILO', 'intake gone'],
  ])
})

test('a switch outside that does not take the ping is reported and stops nothing', async () => {
  const { sentinel, seen } = watched({ pingDeadman: () => Promise.reject(new Error('503')) })
  expect((await sentinel.tick()).deadman).toBe('failed')
  expect(seen.saved?.deadman).toBe('failed')
})

test('without a switch configured nothing is pinged', async () => {
  expect((await watched({ pingDeadman: null }).sentinel.tick()).deadman).toBe('off')
})

test('whoever asks within thirty seconds gets the last canary, later a new one', async () => {
  const { clock, seen, sentinel } = watched()
  const first = await sentinel.canary()
  clock.now += 29_999
  expect(await sentinel.canary()).toBe(first)
  clock.now += 1
  expect(await sentinel.canary()).not.toBe(first)
  expect(seen.canaries).toHaveLength(2 * REGION_IDS.length)
})

test('a hundred who ask at once are one run', async () => {
  const { seen, sentinel } = watched()
  const answers = await Promise.all(Array.from({ length: 100 }, () => sentinel.canary()))
  expect(new Set(answers).size).toBe(1)
  expect(seen.canaries).toHaveLength(REGION_IDS.length)
})

test('ticks in a row run canaries at most once in five seconds', async () => {
  const { clock, seen, sentinel } = watched()
  for (let n = 0; n < 10; n++) {
    await sentinel.tick()
    clock.now += 1_000
  }
  expect(seen.canaries).toHaveLength(2 * REGION_IDS.length)
})

test('two ticks at once are one', async () => {
  const { seen, sentinel } = watched()
  const [one, two] = await Promise.all([sentinel.tick(), sentinel.tick()])
  expect(one).toBe(two)
  expect(seen.rooms).toHaveLength(REGION_IDS.length)
})

test('canaries walk through every shard in turn', async () => {
  const { clock, seen, sentinel } = watched()
  for (let n = 0; n < 4; n++) {
    await sentinel.beat()
    clock.now += BEAT_MS
  }
  const shards = seen.canaries.filter(({ region }) => region === 'NCR').map(({ shard }) => shard)
  expect(shards.toSorted()).toEqual([0, 1, 2, 3])
})

test('by its own beats alone it ticks once a minute, and no screen sees a canary older than a minute', async () => {
  const { clock, seen, sentinel } = watched()
  const ticks = new Set<number>()
  for (let n = 0; n < 30; n++) {
    await sentinel.beat()
    ticks.add((await sentinel.lastReport())?.at ?? 0)
    clock.now += BEAT_MS
  }
  expect(ticks.size).toBe(10)
  expect(seen.canaries).toHaveLength(30 * REGION_IDS.length)
})

test('a clock that was set back does not silence it', async () => {
  const { clock, seen, sentinel } = watched()
  await sentinel.tick()
  clock.now -= 3_600_000
  await sentinel.beat()
  expect(seen.rooms).toHaveLength(2 * REGION_IDS.length)
  expect(seen.canaries).toHaveLength(2 * REGION_IDS.length)
})

test('what is older than its retention is forgotten once a day, and again where that failed; the report says how much', async () => {
  let runs = 0
  const { sentinel, clock } = watched({
    forgetOld: async () => {
      if (++runs === 2) throw new Error('Postgres is away')
      return { attempt: runs }
    },
  })
  expect((await sentinel.tick()).forgotten).toBe('not yet')
  expect((await sentinel.tick()).forgotten).toEqual({ attempt: 1 })
  clock.now += 23 * 3_600_000
  await sentinel.tick()
  expect(runs).toBe(1)
  clock.now += 3_600_000
  await sentinel.tick()
  expect((await sentinel.tick()).forgotten).toEqual({ failed: 'Postgres is away' })
  expect((await sentinel.tick()).forgotten).toEqual({ attempt: 3 })
  await sentinel.tick()
  expect(runs).toBe(3)
})

test('without Postgres nothing is forgotten, and the report says that it is off', async () => {
  const { sentinel } = watched({ forgetOld: null })
  expect((await sentinel.tick()).forgotten).toBe('off')
})

test('the last report outlives the object', async () => {
  const { seen, sentinel } = watched()
  const report = await sentinel.tick()
  const woken = watched({ load: async () => seen.saved })
  expect(await woken.sentinel.lastReport()).toEqual(report)
})

test('a beat never throws, whatever fails', async () => {
  const { error } = console
  const lines: string[] = []
  console.error = (line: string) => void lines.push(line)
  const { sentinel } = watched({
    load: () => Promise.reject(new Error('storage')),
    save: () => Promise.reject(new Error('storage')),
  })
  await sentinel.beat()
  console.error = error
  expect(lines).toHaveLength(1)
})
