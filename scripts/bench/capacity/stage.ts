// What every part of this bench stands on: towers, the processes that load them, a provider, a notebook, and the bars that the
// parts set.

import { type Child, startChild } from '../child'
import { type Strain, strained } from '../load/strain'
import { type Notebook, openNotebook } from '../notebook'
import { settings as waysOut } from '../page/stage'
import { type Place, pinProcess, unpinProcess } from '../pin'
import { type Bar, judge, type Ratio } from '../report'
import { startTowerSubject, type TowerSubject } from '../subjects/tower'
import type { Plan } from './plan'

export type Stage = {
  plan: Plan
  notebook: Notebook
  log(line: string): void
  bars: Bar[]
  ratios: Ratio[]
  /** Sentences on how it was measured that only the run itself can say. */
  remarks: Set<string>
  /** Takes calls and texts (page/provider.ts). */
  provider: Child
  /** Runs with so many towers of so many intake shards. Two of them share the machine's cores with what loads them. */
  withTowers<T>(count: number, shards: number, run: (towers: TowerSubject[]) => Promise<T>): Promise<T>
  /** Runs with processes of these files, which end with it. */
  withChildren<T>(files: readonly string[], place: Place, run: (children: Child[]) => Promise<T>): Promise<T>
  /** Says so where the load was the bottleneck. */
  weigh(what: string, strains: readonly Strain[]): void
  /** A bar of none at all. */
  none(what: string, got: number): void
}

/** `keep`: towers stand until the end and serve every part, each in a region of its own. Else every part has fresh ones. */
export async function openStage(
  plan: Plan,
  keep: boolean,
  log: (line: string) => void,
): Promise<Stage & { close(): Promise<void> }> {
  const provider = startChild('page/provider.ts', 'load')
  const providerUrl = await provider.ask<string>('url')
  const kept: TowerSubject[] = []
  const start = (shards: number) =>
    startTowerSubject({ settings: { ...waysOut(providerUrl), INTAKE_SHARDS: String(shards) } })
  const remarks = new Set<string>()
  const bars: Bar[] = []
  const end = (towers: TowerSubject[]) => Promise.all(towers.map((tower) => tower.stop()))
  return {
    plan,
    notebook: openNotebook(),
    log,
    bars,
    ratios: [],
    remarks,
    provider,
    withTowers: async (count, shards, run) => {
      const towers = keep ? kept : []
      try {
        while (towers.length < count) towers.push(await start(shards))
        const some = towers.slice(0, count)
        for (const tower of some) placeTower(tower, count)
        return await run(some)
      } finally {
        if (!keep) await end(towers)
      }
    },
    withChildren: async (files, place, run) => {
      const children = files.map((file) => startChild(file, place))
      try {
        return await run(children)
      } finally {
        await Promise.all(children.map((child) => child.stop()))
      }
    },
    weigh: (what, strains) => {
      for (const sentence of strains.map(strained)) {
        if (sentence === null) continue
        log(`${what}: ${sentence}`)
        remarks.add(`${what}: ${sentence}.`)
      }
    },
    none: (what, got) => void bars.push(judge({ what, unit: 'count', better: 'lower', bar: 1, goal: 1, got })),
    close: async () => {
      await end(kept)
      await provider.stop()
    },
  }
}

function placeTower({ tower }: TowerSubject, count: number): void {
  const { pid } = tower.worker
  if (pid === null) return
  if (count === 1) pinProcess(pid, 'server')
  else unpinProcess(pid)
}

/** The element at `n`; a bug where there is none. */
export function at<T>(all: readonly T[], n: number): T {
  const one = all[n]
  if (one === undefined) throw new Error(`there is no ${n}`)
  return one
}

/** Waits until `holds`; false where it did not within the time. */
export async function until(holds: () => Promise<boolean>, withinMs: number, everyMs = 200): Promise<boolean> {
  const end = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > end) return false
    await Bun.sleep(everyMs)
  }
  return true
}

export const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0)
