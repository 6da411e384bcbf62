// `bench capacity`: how much one machine holds, and what happens at its edges. A whole run takes an hour: `--only NAME` runs the
// parts whose name contains it, `--only NAME:4` with four intake shards alone.

import { describeMachine, type Machine } from '../machine'
import type { Measured, Report } from '../report'
import type { Options } from '../sos/stage'
import { MACHINE, STOLEN, watchStolen } from '../stolen'
import { crowd } from './crowd'
import { duty } from './duty'
import { FULL, QUICK } from './plan'
import { overload, positions } from './positions'
import { sockets } from './sockets'
import { openStage, type Stage } from './stage'

type Part = { name: string; quick: boolean; run(stage: Stage): Promise<void> }

/** The calm ones first: in a quick run they share their towers. */
export const PARTS: readonly Part[] = [
  { name: 'sockets', quick: true, run: sockets },
  { name: 'positions', quick: true, run: positions },
  { name: 'overload', quick: true, run: overload },
  { name: 'lines-1', quick: true, run: (stage) => crowd(stage, 'lifelines', 1) },
  { name: 'http-1', quick: true, run: (stage) => crowd(stage, 'HTTP', 1) },
  { name: 'lines-2', quick: false, run: (stage) => crowd(stage, 'lifelines', 2) },
  { name: 'http-2', quick: false, run: (stage) => crowd(stage, 'HTTP', 2) },
  { name: 'duty', quick: true, run: duty },
]

export async function benchCapacity({ quick, log, only, minutes }: Options): Promise<Measured> {
  const machine = describeMachine()
  const stolen = watchStolen()
  const [named, shards] = only?.split(':') ?? []
  const parts = PARTS.filter((part) => (named ? part.name.includes(named) : part.quick || !quick))
  if (parts.length === 0) throw new Error(`no part is named ${only}: ${PARTS.map(({ name }) => name).join(', ')}`)
  const whole = { ...(quick ? QUICK : FULL), ...(shards ? { shards: [Number(shards)] } : {}) }
  const plan = minutes === undefined ? whole : { ...whole, holdSeconds: minutes * 60, dutySeconds: minutes * 60 }
  const stage = await openStage(plan, quick, log)
  try {
    // What one of them could not measure holds no bar, and the others are measured all the same.
    for (const part of parts) {
      try {
        await part.run(stage)
      } catch (error) {
        log(`${part.name}: ${String(error)}`)
        stage.none(`${part.name}: could not be measured`, Number.NaN)
      }
    }
    stage.notebook.note(MACHINE, STOLEN, stolen(), '%')
    const name = only ? `capacity-${only.replace(':', '-')}` : 'capacity'
    return { report: reportOf(stage, name, machine, quick), histograms: stage.notebook.histograms() }
  } finally {
    await stage.close()
  }
}

function reportOf(
  { notebook, plan, bars, ratios, remarks }: Stage,
  name: string,
  machine: Machine,
  quick: boolean,
): Report {
  const figures = notebook.figures()
  const isOurs = ({ system }: { system: string }) => system === 'tower' || system === MACHINE
  return {
    name,
    quick,
    machine,
    method: [
      `${plan.phones} phones press once each, evenly within one second, latency from the intended moment; each is an incident. ${plan.screens} screens watch.`,
      'What became of them is read from the answers, from what every screen was told, and from the rooms’ logs, which have no gaps.',
      'One instance has a core for itself, and what loads it the other. Two instances share both cores with what loads them: read those as a whole machine, not as twice the first.',
      'Two instances are two towers that know nothing of each other, each with regions of its own.',
      `Connections by HTTP: 9,000 at most on one instance, for workerd spends two descriptors on each and has 20,000 here; the rest press on those that are free again.`,
      `Positions: ${1_000} requests a second of ten each on a fixed schedule, 20 SOS a second beside them.`,
      ...remarks,
    ],
    figures: figures.filter(isOurs),
    rivals: figures.filter((figure) => !isOurs(figure)),
    ratios,
    bars,
  }
}
