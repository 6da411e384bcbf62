// What an SOS waits while ten thousand positions a second come in; and what it waits, and what becomes of them, when more come
// than anybody could take.

import { Histogram } from '../histogram'
import type { PositionLoad, PositionResult } from '../load/positions'
import type { PacedPresses, PressResult } from '../load/presses'
import { openRows } from '../positions/age'
import { judge } from '../report'
import type { TowerSubject } from '../subjects/tower'
import { at, type Stage, until } from './stage'

const REGION = 'ILO'
const TOGETHER = 10
const MESSAGES_PER_SECOND = 1_000
const SOS_RATE = 20
const SHARDS = 4
const WARM_SECONDS = 2
const GENERATORS = ['load/generator.ts', 'load/generator.ts']
const STORED_WITHIN_MS = 60_000

export const STEADY = `${(MESSAGES_PER_SECOND * TOGETHER).toLocaleString('en-US')} positions a second`
const BEYOND = 'positions beyond what it takes'
/** Single reports, several times what one thread takes, on as many connections as a city's cell towers would keep busy. */
const BEYOND_PER_SECOND = 8_000
const BEYOND_CONNECTIONS = 512

type Beside = { positions: PositionResult; presses: PressResult }

export async function positions(stage: Stage): Promise<void> {
  const { plan, notebook } = stage
  await stage.withTowers(1, SHARDS, (towers) =>
    stage.withChildren(GENERATORS, 'load', async (children) => {
      const tower = at(towers, 0)
      const load = (seconds: number): PositionLoad => ({
        target: tower.target(REGION, 'moving'),
        vehicles: 10_000,
        perMessage: TOGETHER,
        seconds,
        connections: 128,
        rate: MESSAGES_PER_SECOND,
      })
      const both = (seconds: number, devices: string): Promise<Beside> =>
        beside(children, tower, load(seconds), devices)
      const rows = openRows(tower.databaseUrl)
      try {
        const warm = await both(WARM_SECONDS, 'warm')
        await until(async () => (await rows.count()) >= warm.positions.taken, STORED_WITHIN_MS)
        const before = await rows.count()
        const { positions, presses } = await both(plan.positionsSeconds, 'cries')
        await until(async () => (await rows.count()) - before >= positions.taken, STORED_WITHIN_MS, 500)
        const stored = (await rows.count()) - before
        const waited = Histogram.of(presses.latency)
        notebook.keep('tower', `SOS beside ${STEADY}`, presses.latency)
        notebook.note('tower', `${STEADY}: taken`, positions.perSecond, 'per second')
        notebook.note('tower', `${STEADY}: shed`, positions.shed, 'count')
        notebook.note('tower', `${STEADY}: refused`, positions.failed, 'count')
        notebook.note('tower', `${STEADY}: never in Postgres`, positions.taken - stored, 'count')
        for (const [name, share] of [
          ['p50', 0.5],
          ['p99', 0.99],
          ['max', 1],
        ] as const)
          notebook.note('tower', `SOS beside ${STEADY}: ${name}`, waited.percentile(share), 'ms')
        stage.none(`SOS beside ${STEADY}: not answered`, SOS_RATE * plan.positionsSeconds - presses.answered)
        stage.none(`${STEADY}: taken and never in Postgres`, positions.taken - stored)
        stage.bars.push(
          judge({
            what: `SOS beside ${STEADY}: p99`,
            unit: 'ms',
            better: 'lower',
            bar: 100,
            goal: 50,
            got: waited.percentile(0.99),
          }),
          judge({
            what: `${STEADY}: taken`,
            unit: 'per second',
            better: 'higher',
            bar: 0.99 * MESSAGES_PER_SECOND * TOGETHER,
            goal: MESSAGES_PER_SECOND * TOGETHER,
            got: positions.perSecond,
          }),
        )
        stage.log(`SOS beside ${STEADY}: p99 ${waited.percentile(0.99).toFixed(0)} ms`)
      } finally {
        await rows.stop()
      }
    }),
  )
}

export async function overload(stage: Stage): Promise<void> {
  const { plan, notebook } = stage
  await stage.withTowers(1, SHARDS, (towers) =>
    stage.withChildren(GENERATORS, 'load', async (children) => {
      const tower = at(towers, 0)
      const load: PositionLoad = {
        target: tower.target(REGION, 'beyond'),
        vehicles: 10_000,
        perMessage: 1,
        seconds: plan.overloadSeconds,
        connections: BEYOND_CONNECTIONS,
        rate: BEYOND_PER_SECOND,
      }
      const { positions, presses } = await beside(children, tower, load, 'beyond-cries')
      const sent = positions.taken + positions.shed + positions.failed
      const waited = Histogram.of(presses.latency)
      notebook.keep('tower', `SOS beside ${BEYOND}`, presses.latency)
      notebook.note('tower', `${BEYOND}: came`, sent / positions.seconds, 'per second')
      notebook.note('tower', `${BEYOND}: shed with 2xx`, (100 * positions.shed) / sent, '%')
      notebook.note('tower', `${BEYOND}: refused`, positions.failed, 'count')
      for (const [name, share] of [
        ['p50', 0.5],
        ['p99', 0.99],
        ['max', 1],
      ] as const)
        notebook.note('tower', `SOS beside ${BEYOND}: ${name}`, waited.percentile(share), 'ms')
      stage.none(`SOS beside ${BEYOND}: not answered`, SOS_RATE * plan.overloadSeconds - presses.answered)
      stage.none(`${BEYOND}: not answered 2xx`, positions.failed)
      stage.bars.push(
        judge({
          what: `SOS beside ${BEYOND}: p99`,
          unit: 'ms',
          better: 'lower',
          bar: 2_000,
          goal: 500,
          got: waited.percentile(0.99),
        }),
      )
      stage.log(`SOS beside ${BEYOND}: p99 ${waited.percentile(0.99).toFixed(0)} ms, ${positions.shed} of ${sent} shed`)
    }),
  )
}

async function beside(
  children: Parameters<Parameters<Stage['withChildren']>[2]>[0],
  tower: TowerSubject,
  load: PositionLoad,
  devices: string,
): Promise<Beside> {
  const cries: PacedPresses = {
    target: tower.target(REGION, devices),
    connections: 16,
    rate: SOS_RATE,
    seconds: load.seconds,
    trace: false,
  }
  const [positions, presses] = await Promise.all([
    at(children, 0).ask<PositionResult>('positionsByHttp', load),
    at(children, 1).ask<PressResult>('paced', cries),
  ])
  return { positions, presses }
}
