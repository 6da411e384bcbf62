// Where the tower's time goes when it is saturated, by HTTP and over lifelines: V8's own account of workerd's thread.
// The profiles themselves are left in artifacts/, for a browser's developer tools.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { RegionId } from '../../../src/domain/region'
import { WORKER } from '../../lib/paths'
import { byFile, type Inspected, type Share, selfTimes } from '../profiler'
import { startTowerSubject, type TowerSubject } from '../subjects/tower'
import { HTTP, pressByHttp } from './http'
import { LIFELINES, pressOverLifelines } from './lifelines'
import { PACED, pressAtPace } from './paced'
import { closeStage, type Options, openStage } from './stage'

const ARTIFACTS = join(import.meta.dir, '../../../artifacts')
const SHOWN = 40

type Scenario = {
  what: string
  region: RegionId
  file: string
  run: (stage: ReturnType<typeof openStage>, tower: TowerSubject, region: RegionId, round: number) => Promise<unknown>
}

const SCENARIOS: readonly Scenario[] = [
  {
    what: PACED,
    region: 'ILO',
    file: 'sos-paced.cpuprofile',
    run: (stage, tower, region) => pressAtPace(stage, tower, region, null),
  },
  { what: LIFELINES, region: 'DVO', file: 'sos-lifelines.cpuprofile', run: pressOverLifelines },
  { what: HTTP, region: 'CEB', file: 'sos-http.cpuprofile', run: pressByHttp },
]

/** Answers lines to print. */
export async function profileSos(options: Options): Promise<string[]> {
  const stage = openStage(options)
  const tower = await startTowerSubject()
  try {
    const inspected = await tower.inspect()
    try {
      const lines: string[] = []
      for (const scenario of SCENARIOS) lines.push(...(await profiled(stage, tower, inspected, scenario)))
      return lines
    } finally {
      await inspected.stop()
    }
  } finally {
    await tower.stop()
    await closeStage(stage)
  }
}

async function profiled(
  stage: ReturnType<typeof openStage>,
  tower: TowerSubject,
  inspected: Inspected,
  { what, region, file, run }: Scenario,
): Promise<string[]> {
  await tower.settled()
  const profile = await inspected.profile(async () => {
    await run(stage, tower, region, 1)
  })
  await mkdir(ARTIFACTS, { recursive: true })
  await Bun.write(join(ARTIFACTS, file), JSON.stringify(profile))
  const times = selfTimes(profile, await Bun.file(WORKER).text(), Number.POSITIVE_INFINITY)
  return [
    `${what}: self time of workerd's thread, of the whole scenario, by function and by file`,
    ...times.slice(0, SHOWN).map(line),
    '',
    ...byFile(times).slice(0, SHOWN).map(line),
    '',
  ]
}

const line = ({ share, where }: Share): string => `  ${(share * 100).toFixed(1).padStart(5)} %  ${where}`
