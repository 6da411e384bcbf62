// Thousands of phones press within one second: what became of each, on the phones, on every screen and in the room's log. The
// curve over intake shards and instances, beside two other stacks in the same run.

import type { RegionId } from '../../../src/domain/region'
import type { Child } from '../child'
import { Histogram } from '../histogram'
import type { BurstResult } from '../load/burst'
import type { CrowdPlan, Opened } from '../load/crowd'
import type { ScreensPlan, ScreensSeen } from '../load/screens'
import { watchCost } from '../positions/cost'
import { judge, ratioOf } from '../report'
import { RIVALS, startRivals } from '../subjects/rivals'
import type { Subject } from '../subjects/subject'
import type { TowerSubject } from '../subjects/tower'
import { at, type Stage, sum, until } from './stage'
import { type Truth, truthOf } from './truth'

export type Way = 'HTTP' | 'lifelines'

const WITHIN_MS = 1_000
/**
 * workerd spends two descriptors on a connection, and a process may have 20,000 here. Everybody gets the same, also a system that
 * could hold more; beside lifelines there are those that got none.
 */
const MOST_CONNECTIONS: Record<Way, number> = { HTTP: 9_000, lifelines: 1_000 }
const REGIONS: Record<Way, readonly RegionId[]> = { HTTP: ['CEB', 'NCR'], lifelines: ['DVO', 'NCR'] }
/** The room takes in what its intakes hold, and its screens hear of it, long after the last phone has its answer. */
const ON_SCREENS_WITHIN_MS = 120_000
/** So long a phone waits for an answer before it presses again. */
const PATIENCE_MS = 25_000
const GOAL_MS: Record<Way, number> = { HTTP: 3_000, lifelines: 2_000 }

const inAll = (way: Way, instances: number, shards: number): string =>
  `all by ${way}, ${instances === 1 ? 'one instance' : 'two instances'}, ${shards} shard${shards === 1 ? '' : 's'}`

export async function crowd(stage: Stage, way: Way, instances: 1 | 2): Promise<void> {
  const { plan, notebook } = stage
  const faults = { unanswered: 0, lost: 0, doubled: 0, gaps: 0, missing: 0, uncounted: 0 }
  let best = Number.NaN
  for (const shards of plan.shards) {
    await stage.withTowers(instances, shards, async (towers) => {
      const what = inAll(way, instances, shards)
      const found = await one(stage, what, way, towers)
      for (const key of Object.keys(faults) as (keyof typeof faults)[]) faults[key] += found[key]
      if (!(found.lastMs >= best)) best = found.lastMs
    })
  }
  const named = `${way}, ${instances === 1 ? 'one instance' : 'two instances'}`
  notebook.note('tower', `best last answer, ${named}`, best, 'ms')
  stage.none(`${named}: presses refused or never answered`, faults.unanswered)
  stage.none(`${named}: answered presses that their room lost`, faults.lost)
  stage.none(`${named}: incidents made twice, or gaps in the room's order`, faults.doubled + faults.gaps)
  stage.none(`${named}: incidents that a screen never got`, faults.missing)
  stage.none(`${named}: incidents that the screens' count leaves out`, faults.uncounted)
  if (instances === 1) await besideRivals(stage, way, best)
}

type Found = {
  lastMs: number
  unanswered: number
  lost: number
  doubled: number
  gaps: number
  missing: number
  uncounted: number
}

/** One burst, shared among these towers, each of which has a region of it. */
async function one(stage: Stage, what: string, way: Way, towers: readonly TowerSubject[]): Promise<Found> {
  const { plan, notebook } = stage
  const files = towers.flatMap(() => ['load/crowd.ts', 'load/screens.ts'])
  return stage.withChildren(files, towers.length === 1 ? 'load' : 'anywhere', async (children) => {
    const each = Math.floor(plan.phones / towers.length)
    const sides = towers.map((tower, n) => ({
      tower,
      region: at(REGIONS[way], n),
      phones: at(children, 2 * n),
      screens: at(children, 2 * n + 1),
    }))
    for (const side of sides) await watch(side.screens, side.tower, side.region, plan.screens)
    const cost = watchCost()
    const results = await pressAll(
      stage,
      what,
      way,
      each,
      sides.map(({ phones, tower, region }) => ({ phones, subject: tower, region })),
    )
    const answered = sum(results.map((result) => result.answered))
    const lastMs = lastAnswerOf(results)
    note(stage, 'tower', what, each * towers.length, results)
    notebook.note('tower', `${what}: time on cores for each press`, cost().server / 1000 / Math.max(1, answered), 'ms')
    let settledMs = 0
    let missing = 0
    let uncounted = 0
    const truths: Truth[] = []
    for (const [n, { screens, tower, region }] of sides.entries()) {
      const { sosIds, startedAt } = at(results, n)
      const seen = () => screens.ask<ScreensSeen>('seen')
      await until(async () => (await seen()).incidents.least >= sosIds.length, ON_SCREENS_WITHIN_MS)
      settledMs = Math.max(settledMs, (await seen()).lastAt - startedAt)
      missing += await screens.ask<number>('missing', sosIds)
      // The room's next tick counts all that it has told.
      await until(async () => (await seen()).open === sosIds.length, 12_000)
      uncounted += Math.abs(sosIds.length - ((await seen()).open ?? 0))
      truths.push(await truthOf(tower.tower.internalUrl, region, sosIds))
    }
    notebook.note('tower', `${what}: until the last is on all screens`, settledMs, 'ms')
    notebook.note('tower', `${what}: events in the rooms' logs`, sum(truths.map(({ events }) => events)), 'count')
    notebook.note('tower', `${what}: memory of workerd`, Math.max(...towers.map((tower) => tower.memoryMb())), 'MB')
    return {
      lastMs,
      missing,
      uncounted,
      unanswered: each * towers.length - answered,
      lost: sum(truths.map(({ lost }) => lost)),
      doubled: sum(truths.map(({ doubled }) => doubled)),
      gaps: sum(truths.map(({ gaps }) => gaps)),
    }
  })
}

async function watch(screens: Child, subject: Subject, region: RegionId, count: number): Promise<void> {
  const plan: ScreensPlan = { target: subject.target(region, ''), count, cookie: await subject.cookie() }
  await screens.ask('open', plan)
}

type Side = { phones: Child; subject: Subject; region: RegionId }

async function pressAll(
  stage: Stage,
  what: string,
  way: Way,
  each: number,
  sides: readonly Side[],
): Promise<BurstResult[]> {
  const opened = await Promise.all(
    sides.map(({ phones, subject, region }) => {
      const plan: CrowdPlan = {
        target: subject.target(region, `crowd-${way}`),
        phones: each,
        lines: way === 'lifelines',
        jitterMs: null,
        connections: MOST_CONNECTIONS[way],
      }
      return phones.ask<Opened>('open', plan)
    }),
  )
  const refused = sum(opened.map((side) => side.refused))
  if (refused > 0)
    stage.remarks.add(`${what}: ${refused} phones got no lifeline, for it held as many as it may, and pressed by HTTP.`)
  const results = await Promise.all(
    sides.map(({ phones }) => phones.ask<BurstResult>('burst', { withinMs: WITHIN_MS })),
  )
  await Promise.all(sides.map(({ phones }) => phones.ask('close')))
  stage.weigh(
    what,
    results.map(({ strain }) => strain),
  )
  return results
}

/** From the moment the first of them was meant to be sent, on either side. */
const lastAnswerOf = (results: readonly BurstResult[]): number =>
  Math.max(...results.map(({ startedAt, lastAnswerMs }) => startedAt + lastAnswerMs)) -
  Math.min(...results.map(({ startedAt }) => startedAt))

function note(stage: Stage, system: string, what: string, sent: number, results: readonly BurstResult[]): void {
  const { notebook, log } = stage
  const latency = new Histogram()
  for (const result of results) latency.merge(result.latency)
  const answered = sum(results.map((result) => result.answered))
  const last = lastAnswerOf(results)
  notebook.note(system, `${what}: last answer`, last, 'ms')
  notebook.note(system, `${what}: p50`, latency.percentile(0.5), 'ms')
  notebook.note(system, `${what}: p99`, latency.percentile(0.99), 'ms')
  notebook.note(system, `${what}: not answered 2xx`, sent - answered, 'count')
  notebook.keep(system, what, latency.raw())
  for (const { failed } of results)
    for (const [why, count] of Object.entries(failed)) log(`${what}: ${system}: ${count} × ${why}`)
  log(`${what}: ${system}: ${answered} of ${sent}, the last after ${last.toFixed(0)} ms`)
}

async function besideRivals(stage: Stage, way: Way, tower: number): Promise<void> {
  const { plan, notebook } = stage
  const what = `all by ${way}`
  const rivals = await startRivals()
  try {
    for (const subject of rivals.subjects) {
      await stage.withChildren(['load/crowd.ts', 'load/screens.ts'], 'load', async ([phones, screens]) => {
        if (!phones || !screens) return
        await watch(screens, subject, 'NCR', plan.screens)
        const results = await pressAll(stage, `${what}, ${subject.name}`, way, plan.phones, [
          { phones, subject, region: 'NCR' },
        ])
        note(stage, subject.name, what, plan.phones, results)
      })
    }
  } finally {
    await rivals.stop()
  }
  notebook.note('tower', `${what}: last answer`, tower, 'ms')
  for (const { name } of RIVALS) {
    // Times: the rival's in units of ours, so that more is better for us, as in every other ratio here.
    const ratio = ratioOf(notebook.value(name, `${what}: last answer`), tower)
    stage.ratios.push({ what: `${what}, as soon`, against: name, ratio })
  }
  const [express] = RIVALS
  stage.bars.push(
    judge({
      what: `${what}: last answer, as soon as (a)`,
      unit: '×',
      better: 'higher',
      bar: 1,
      goal: 1,
      got: ratioOf(notebook.value(express?.name ?? '', `${what}: last answer`), tower),
    }),
    judge({
      what: `${what}: last answer`,
      unit: 'ms',
      better: 'lower',
      bar: PATIENCE_MS,
      goal: GOAL_MS[way],
      got: tower,
    }),
  )
}
