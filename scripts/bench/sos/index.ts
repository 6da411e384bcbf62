// `bench sos`: the way of a press, beside two other stacks that do the same work in the same run.

import type { RegionId } from '../../../src/domain/region'
import { describeMachine, type Machine } from '../machine'
import { judge, type Measured, type Report, ratioOf } from '../report'
import { MACHINE, STOLEN, watchStolen } from '../stolen'
import { RIVALS, startRivals } from '../subjects/rivals'
import type { Subject } from '../subjects/subject'
import { startTowerSubject, type TowerSubject } from '../subjects/tower'
import { CEILING, measureCeiling } from './ceiling'
import { HTTP, pressByHttp } from './http'
import { LIFELINES, pressOverLifelines } from './lifelines'
import { PACED, pressAtPace } from './paced'
import { closeStage, MISSING, type Options, openStage, SCREENS, type Stage } from './stage'
import { pressToCard, UNSEEN, VISIBLE } from './visible'

export type { Options }

/** Whichever way they came. */
const UNANSWERED = 'presses without an answer'
/** Each round of a scenario has a region, and so a room, that nobody has pressed in. */
const CALM: RegionId = 'NCR'
const ROUNDS: readonly RegionId[] = ['CEB', 'DVO', 'ILO']

export async function benchSos({ quick, log }: Options): Promise<Measured> {
  const machine = describeMachine()
  const stolen = watchStolen()
  const stage = openStage({ quick, log })
  try {
    const rivals = await startRivals()
    try {
      await measureCeiling(stage)
      if (quick) await withTower(stage, (tower) => allScenarios(stage, tower, rivals.subjects))
      else await eachScenario(stage, rivals.subjects)
    } finally {
      await rivals.stop()
    }
    stage.notebook.note(MACHINE, STOLEN, stolen(), '%')
    return { report: reportOf(stage, machine, quick), histograms: stage.notebook.histograms() }
  } finally {
    await closeStage(stage)
  }
}

/** One tower for all, the calm scenarios first, each in a region of its own. */
async function allScenarios(stage: Stage, tower: TowerSubject, rivals: readonly Subject[]): Promise<void> {
  await pressToCard(stage, tower, CALM)
  await pressAtPace(stage, tower, CALM, tower.logIn)
  await tower.settled()
  for (const subject of [tower, ...rivals]) await pressOverLifelines(stage, subject, 'DVO', 1)
  await tower.settled()
  for (const subject of [tower, ...rivals]) await pressByHttp(stage, subject, 'CEB', 1)
}

/** A fresh tower for every scenario; rounds interleaved, so that a slow minute of the machine meets everybody. */
async function eachScenario(stage: Stage, rivals: readonly Subject[]): Promise<void> {
  await withTower(stage, (tower) => pressToCard(stage, tower, CALM))
  await withTower(stage, async (tower) => {
    for (const region of ROUNDS.slice(0, stage.plan.rounds)) {
      await tower.settled()
      await pressAtPace(stage, tower, region, tower.logIn)
    }
  })
  for (const rival of rivals) await pressAtPace(stage, rival, CALM, null)
  for (const run of [pressOverLifelines, pressByHttp]) {
    await withTower(stage, async (tower) => {
      for (const [n, region] of ROUNDS.slice(0, stage.plan.rounds).entries()) {
        for (const subject of [tower, ...rivals]) {
          await subject.settled()
          await run(stage, subject, region, n + 1)
        }
        await tower.settled()
      }
    })
  }
}

async function withTower(stage: Stage, run: (tower: TowerSubject) => Promise<void>): Promise<void> {
  const tower = await startTowerSubject()
  try {
    stage.notebook.note(tower.name, 'memory of workerd at rest', tower.memoryMb(), 'MB')
    await run(tower)
    stage.notebook.note(tower.name, 'memory of workerd at the end', tower.memoryMb(), 'MB')
  } finally {
    await tower.stop()
  }
}

function reportOf({ notebook, plan }: Stage, machine: Machine, quick: boolean): Report {
  const ratios = [HTTP, LIFELINES].flatMap((what) =>
    RIVALS.map(({ name }) => ({
      what,
      against: name,
      ratio: ratioOf(notebook.value('tower', what), notebook.value(name, what)),
    })),
  )
  const [express] = RIVALS
  const against = (what: string) => ratioOf(notebook.value('tower', what), notebook.value(express?.name ?? '', what))
  const p99 = (what: string) => notebook.latency('tower', what)
  const slow = (what: string) => (p99(what).count === 0 ? Number.NaN : p99(what).percentile(0.99))
  const unanswered = [`${HTTP}: not answered 2xx`, `${LIFELINES}: not answered`, `${PACED}: not answered 2xx`]
    .map((what) => notebook.value('tower', what))
    .reduce((sum, each) => sum + each, 0)
  const figures = notebook.figures()
  const ours = ['tower', CEILING, MACHINE]
  return {
    name: 'sos',
    quick,
    machine,
    method: [
      `${SCREENS} screens watch each region and parse every message; presses are of distinct devices, each an incident.`,
      `By HTTP: 64 connections, the next press when the last was answered, ${plan.httpSeconds} s after 1 s of warming up. ${plan.rounds} round(s), the median.`,
      `Lifelines: ${plan.sockets} sockets, three presses each. At 200 a second: ${plan.rounds} round(s) of ${plan.pacedSeconds} s on a fixed schedule, latency from the intended time.`,
      'Per press all do the same: token, idempotent insert, merge into one incident, event, push. Rivals also push together what changed within 5 ms.',
      machine.pinned
        ? 'Server on core 0; generator, screens and browser on core 1; databases where the system puts them.'
        : 'Nothing is pinned to a core on this machine: generator and server took time from each other.',
    ],
    figures: figures.filter(({ system }) => ours.includes(system)),
    rivals: figures.filter(({ system }) => !ours.includes(system)),
    ratios,
    bars: [
      judge({ what: `${HTTP} ÷ (a)`, unit: '×', better: 'higher', goal: 1.2, bar: 0.6, got: against(HTTP) }),
      judge({ what: `${LIFELINES} ÷ (a)`, unit: '×', better: 'higher', goal: 3, bar: 2, got: against(LIFELINES) }),
      judge({
        what: `${PACED}: p99`,
        unit: 'ms',
        better: 'lower',
        goal: 50,
        bar: 100,
        got: notebook.value('tower', `${PACED}: p99`),
      }),
      judge({ what: `${VISIBLE}: p99`, unit: 'ms', better: 'lower', goal: 250, bar: 500, got: slow(VISIBLE) }),
      judge({ what: UNANSWERED, unit: 'count', better: 'lower', goal: 1, bar: 1, got: unanswered }),
      judge({ what: UNSEEN, unit: 'count', better: 'lower', goal: 1, bar: 1, got: notebook.value('tower', UNSEEN) }),
      judge({ what: MISSING, unit: 'count', better: 'lower', goal: 1, bar: 1, got: notebook.value('tower', MISSING) }),
    ],
  }
}
