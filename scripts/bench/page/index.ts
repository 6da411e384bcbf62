// `bench page`: how soon somebody outside the screen is told, with a provider that behaves and takes 200 ms to answer.

import { describeMachine, type Machine } from '../machine'
import { memoryOf } from '../pin'
import { type Bar, judge, type Measured, type Report } from '../report'
import type { Options } from '../sos/stage'
import { MACHINE, STOLEN, watchStolen } from '../stolen'
import { BEFORE, broadcast, DURING, HEARD, LAST, UNCOUNTED } from './area'
import { DISPATCHED, dispatch, UNDISPATCHED } from './dispatch'
import { FAILED_OVER, failOver, GIVEN_UP } from './failover'
import { badNight, LEFT, OUT_OF_ORDER, PAGES } from './night'
import { REACHED, reach, UNREACHED } from './reach'
import { openStage, type Stage } from './stage'

const PLANS = {
  quick: {
    reach: { presses: 40, seconds: 15 },
    failover: { presses: 8 },
    dispatch: { decisions: 30 },
    night: { presses: 40, seconds: 60 },
    area: { phones: 300 },
  },
  full: {
    reach: { presses: 200, seconds: 60 },
    failover: { presses: 40 },
    dispatch: { decisions: 100 },
    night: { presses: 400, seconds: 600 },
    area: { phones: 1_000 },
  },
} as const

const FAULTS = 'callbacks that the tower did not take'

export async function benchPage({ quick, log }: Options): Promise<Measured> {
  const machine = describeMachine()
  const stolen = watchStolen()
  const stage = await openStage(log)
  const plan = PLANS[quick ? 'quick' : 'full']
  const { notebook, provider, tower } = stage
  const memory = () => (tower.worker.pid === null ? Number.NaN : memoryOf(tower.worker.pid))
  try {
    notebook.note('tower', 'memory of workerd at rest', memory(), 'MB')
    const scenarios = [
      () => reach(stage, plan.reach),
      () => failOver(stage, plan.failover),
      () => dispatch(stage, plan.dispatch),
      () => badNight(stage, plan.night),
      () => broadcast(stage, plan.area),
    ]
    // What one of them could not measure holds no bar, and the others are measured all the same.
    for (const run of scenarios) await run().catch((error: unknown) => log(String(error)))
    const faults = await provider.ask<string[]>('faults')
    for (const fault of new Set(faults)) log(fault)
    notebook.note('tower', FAULTS, faults.length, 'count')
    notebook.note('tower', 'memory of workerd at the end', memory(), 'MB')
    notebook.note(MACHINE, STOLEN, stolen(), '%')
    return { report: reportOf(stage, machine, quick), histograms: notebook.histograms() }
  } finally {
    await stage.close()
  }
}

function reportOf({ notebook }: Stage, machine: Machine, quick: boolean): Report {
  const plan = PLANS[quick ? 'quick' : 'full']
  const p99 = (what: string, bar: number, goal: number): Bar =>
    judge({
      what: `${what}: p99`,
      unit: 'ms',
      better: 'lower',
      bar,
      goal,
      got: notebook.value('tower', `${what}: p99`),
    })
  const none = (what: string): Bar =>
    judge({ what, unit: 'count', better: 'lower', bar: 1, goal: 1, got: notebook.value('tower', what) })
  return {
    name: 'page',
    quick,
    machine,
    method: [
      'One provider on this machine for calls, texts and an agency, in a process of its own: it takes 200 ms to answer, and calls back, signed, 300 ms later. Nobody picks up.',
      `SOS to provider: ${plan.reach.presses} presses of distinct devices in ${plan.reach.seconds} s by HTTP, nobody watching, from the press by its sender's clock until the provider has answered. Each is ended 3 s later.`,
      'Stages 1 and 2 both begin with the press, each later one where the one before it ends: the room’s log, the courier’s attempts and the provider’s clock, put together afterwards; all are of one machine, and whole milliseconds.',
      `Fail-over: ${plan.failover.presses} presses, everybody of a region texted at once, every text undelivered; from the callback as it leaves the provider until that page's call is there.`,
      `Dispatch: ${plan.dispatch.decisions} decisions, one after the other, from the desk's request until the agency's machine has the hand-off; the first three of a region stand apart.`,
      `A bad night: ${plan.night.presses} SOS in ${plan.night.seconds} s, one in ten a P1, and six people with NEXT, 45 s for a P1 and 15 s for others, which they lay down for a P1 that sounds. Judged by the room's log.`,
      `Broadcast: ${plan.area.phones} phones with an open lifeline in one area, 40 presses a second beside it; from its confirmation until the last phone has it. Presses count from then until a second after the last.`,
      machine.pinned
        ? 'workerd on core 0; provider, people and presses on core 1; Postgres where the system puts it.'
        : 'Nothing is pinned to a core on this machine: tower and provider took time from each other.',
    ],
    figures: notebook.figures(),
    rivals: [],
    ratios: [],
    bars: [
      p99(REACHED, 1_000, 600),
      none(UNREACHED),
      p99(FAILED_OVER, 1_000, 250),
      none(GIVEN_UP),
      p99(DISPATCHED, 100, 50),
      none(UNDISPATCHED),
      none(OUT_OF_ORDER),
      none(LEFT),
      judge({ what: PAGES, unit: 'count', better: 'lower', bar: 11, goal: 6, got: notebook.value('tower', PAGES) }),
      judge({
        what: HEARD,
        unit: '%',
        better: 'higher',
        bar: 100,
        goal: 100,
        got: notebook.value('tower', HEARD),
      }),
      none(UNCOUNTED),
      judge({
        what: LAST,
        unit: 'ms',
        better: 'lower',
        bar: 10_000,
        goal: 2_000,
        got: notebook.value('tower', LAST),
      }),
      judge({
        what: `${DURING}: p99`,
        unit: 'ms',
        better: 'lower',
        // No slower than twice what it is without one, or not to be felt.
        bar: Math.max(100, 2 * (notebook.value('tower', `${BEFORE}: p99`) || 0)),
        goal: 100,
        got: notebook.value('tower', `${DURING}: p99`),
      }),
      none(FAULTS),
    ],
  }
}
