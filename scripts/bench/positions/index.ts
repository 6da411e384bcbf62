// `bench positions`: from a vehicle's report into Postgres, beside Express with pg in the same run, and what an SOS waits
// for meanwhile.

import type { RegionId } from '../../../src/domain/region'
import { Histogram } from '../histogram'
import type { PositionLoad, PositionResult } from '../load/positions'
import type { PacedPresses, PressResult } from '../load/presses'
import { describeMachine } from '../machine'
import { judge, type Measured, ratioOf } from '../report'
import { closeStage, type Options, openStage, type Stage } from '../sos/stage'
import { MACHINE, STOLEN, watchStolen } from '../stolen'
import { RIVALS, startRivals } from '../subjects/rivals'
import type { Subject } from '../subjects/subject'
import { startTowerSubject } from '../subjects/tower'
import { openRows, type Rows, watchAge } from './age'
import { PARTS, watchCost } from './cost'

const SINGLE = 'positions, one per request'
const BATCH = 'positions, 50 per request'
const SOCKET = 'positions by socket, 50 per message'
const STEADY = '1,000 positions a second, one per request'
const PRESSED = 'answer of an SOS beside them'

const STEADY_RATE = 1_000
const SOS_RATE = 20
const TOGETHER = 50
const SETTLE_LIMIT_MS = 30_000
const WARM_SECONDS = 2
const LOOK_EVERY_MS = 25
/** A table that has not grown for so long waits for nothing: an insert of ours comes every quarter of a second at least. */
const STILL_MS = 750

type Way = { what: string; region: RegionId; ask: string; perMessage: number; connections: number }

/** As much as comes through; a region each, so that no shard has a backlog of another. */
const SATURATED: readonly Way[] = [
  { what: SINGLE, region: 'CEB', ask: 'positionsByHttp', perMessage: 1, connections: 64 },
  { what: BATCH, region: 'DVO', ask: 'positionsByHttp', perMessage: TOGETHER, connections: 32 },
  { what: SOCKET, region: 'ILO', ask: 'positionsBySocket', perMessage: TOGETHER, connections: 100 },
]

export async function benchPositions({ quick, log }: Options): Promise<Measured> {
  const machine = describeMachine()
  const stolen = watchStolen()
  const stage = openStage({ quick, log })
  const seconds = quick ? 4 : 20
  try {
    const rivals = await startRivals()
    const [express] = rivals.subjects
    const tower = await startTowerSubject()
    try {
      await steady(stage, tower, quick ? 8 : 60)
      for (const way of SATURATED)
        for (const subject of [tower, express]) if (subject) await saturated(stage, subject, way, seconds)
    } finally {
      await tower.stop()
      await rivals.stop()
    }
    stage.notebook.note(MACHINE, STOLEN, stolen(), '%')
    return report(stage, machine, quick)
  } finally {
    await closeStage(stage)
  }
}

async function steady(stage: Stage, tower: Subject, seconds: number): Promise<void> {
  const { notebook } = stage
  const watch = await watchAge(tower.databaseUrl)
  try {
    const target = tower.target('NCR', 'steady')
    const load: PositionLoad = { target, vehicles: 2_000, perMessage: 1, seconds, connections: 128, rate: STEADY_RATE }
    const presses: PacedPresses = {
      target: tower.target('NCR', 'cries'),
      connections: 16,
      rate: SOS_RATE,
      seconds,
      trace: false,
    }
    const both = (seconds: number, devices: string) =>
      Promise.all([
        stage.generator.ask<PositionResult>('positionsByHttp', { ...load, seconds }),
        stage.generator.ask<PressResult>('paced', { ...presses, seconds, target: tower.target('NCR', devices) }),
      ])
    const [warm] = await both(WARM_SECONDS, 'warm')
    await arrived(watch, warm.taken)
    const before = await watch.count()
    const [positions, cries] = await both(seconds, 'cries')
    notebook.note(tower.name, `${STEADY}: not taken`, positions.failed, 'count')
    notebook.note(tower.name, `${STEADY}: taken`, positions.perSecond, 'per second')
    notebook.note(
      tower.name,
      `${STEADY}: never in Postgres`,
      positions.taken - (await arrived(since(watch, before), positions.taken)).there,
      'count',
    )
    notebook.note(tower.name, `${STEADY}: age in Postgres, p99`, watch.age.percentile(0.99), 'ms')
    const waited = Histogram.of(cries.latency)
    notebook.note(tower.name, `${PRESSED}: p99`, waited.percentile(0.99), 'ms')
    notebook.note(tower.name, `${PRESSED}: not answered`, SOS_RATE * seconds - cries.answered, 'count')
    stage.log(`${STEADY}: SOS p99 ${waited.percentile(0.99).toFixed(0)} ms`)
  } finally {
    await watch.stop()
  }
}

async function saturated(stage: Stage, subject: Subject, way: Way, seconds: number): Promise<void> {
  const { notebook } = stage
  const rows = openRows(subject.databaseUrl)
  try {
    const before = await rows.count()
    const target = subject.target(way.region, way.what)
    const { perMessage, connections } = way
    const load: PositionLoad = { target, vehicles: 2_000, perMessage, seconds, connections, rate: null }
    const cost = watchCost()
    const from = performance.now()
    const result = await stage.generator.ask<PositionResult>(way.ask, load)
    const { there, lastAt } = await arrived(since(rows, before), result.taken)
    const all = (lastAt - from) / 1000
    notebook.note(subject.name, way.what, there / all, 'per second')
    notebook.note(subject.name, `${way.what}: taken`, result.perSecond, 'per second')
    notebook.note(subject.name, `${way.what}: never in Postgres`, result.taken - there, 'count')
    const taken = cost()
    for (const part of PARTS) notebook.note(subject.name, `${way.what}: ${part}`, taken[part] / there, 'µs')
    stage.log(`${way.what}: ${subject.name} ${Math.round(there / all)} per second in Postgres`)
  } finally {
    await rows.stop()
  }
}

/** Of what comes from now on. */
const since = (rows: Rows, before: number): Pick<Rows, 'count' | 'size'> => ({
  size: rows.size,
  count: async () => (await rows.count()) - before,
})

/**
 * How many of `wanted` rows are there when nothing more comes, and when the last came, by performance.now(). Until the table has
 * stopped growing only its size is asked: counting millions of rows takes the processors that what is counted needs.
 */
async function arrived(rows: Pick<Rows, 'count' | 'size'>, wanted: number): Promise<{ there: number; lastAt: number }> {
  const until = Date.now() + SETTLE_LIMIT_MS
  let size = await rows.size()
  let lastAt = performance.now()
  for (;;) {
    await Bun.sleep(LOOK_EVERY_MS)
    const now = await rows.size()
    if (now !== size) {
      size = now
      lastAt = performance.now()
    } else if (performance.now() - lastAt > STILL_MS) {
      const there = await rows.count()
      if (there >= wanted || Date.now() > until) return { there, lastAt }
      await Bun.sleep(STILL_MS)
    }
  }
}

function report({ notebook }: Stage, machine: Measured['report']['machine'], quick: boolean): Measured {
  const [express] = RIVALS
  const rival = express?.name ?? ''
  const ratio = (what: string) => ratioOf(notebook.value('tower', what), notebook.value(rival, what))
  const tower = (what: string) => notebook.value('tower', what)
  const figures = notebook.figures()
  const lost = [STEADY, ...SATURATED.map(({ what }) => what)].reduce(
    (sum, what) => sum + tower(`${what}: never in Postgres`),
    0,
  )
  const atLeast = (what: string, unit: '×' | 'per second', bar: number, goal: number, got: number) =>
    judge({ what, unit, better: 'higher', bar, goal, got })
  const below = (what: string, unit: 'ms' | 'count', bar: number, goal: number, got: number) =>
    judge({ what, unit, better: 'lower', bar, goal, got })
  return {
    report: {
      name: 'positions',
      quick,
      machine,
      method: [
        'A figure per second counts rows that are in Postgres, divided by the time from the first report until the last row is there.',
        'The tower answers when it has taken a report and writes a moment later; the rival answers when it has committed.',
        `Steady: ${STEADY_RATE} requests a second of one position each on a fixed schedule, and ${SOS_RATE} SOS a second beside them, after ${WARM_SECONDS} s of warming up.`,
        'Microseconds are of a processor, for one position, as the kernel counts them for each process; the load is ours in both stacks.',
        'Age: from receipt until a look at the table, ten times a second, finds it; an upper bound.',
      ],
      figures: figures.filter(({ system }) => system === 'tower' || system === MACHINE),
      rivals: figures.filter(({ system }) => system !== 'tower' && system !== MACHINE),
      ratios: SATURATED.map(({ what }) => ({ what, against: rival, ratio: ratio(what) })),
      bars: [
        atLeast(`${STEADY}: taken`, 'per second', 990, 1_000, tower(`${STEADY}: taken`)),
        below(`${STEADY}: age in Postgres, p99`, 'ms', 1_000, 600, tower(`${STEADY}: age in Postgres, p99`)),
        below(`${PRESSED}: p99`, 'ms', 100, 50, tower(`${PRESSED}: p99`)),
        atLeast(`${SINGLE} ÷ (a)`, '×', 1, 2, ratio(SINGLE)),
        atLeast(BATCH, 'per second', 10_000, 20_000, tower(BATCH)),
        atLeast(`${BATCH} ÷ (a)`, '×', 2, 4, ratio(BATCH)),
        atLeast(SOCKET, 'per second', 10_000, 20_000, tower(SOCKET)),
        atLeast(`${SOCKET} ÷ (a)`, '×', 2, 4, ratio(SOCKET)),
        below('positions that were taken and never came to Postgres', 'count', 1, 1, lost),
      ],
    },
    histograms: notebook.histograms(),
  }
}
