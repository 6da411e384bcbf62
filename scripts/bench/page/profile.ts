// Where the tower's time goes while nobody watches and every press is told outside: forty a second, for ten seconds.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { WORKER } from '../../lib/paths'
import { Histogram } from '../histogram'
import { byFile, commandLineOf, type Share, selfTimes, startInspected } from '../profiler'
import type { Options } from '../sos/stage'
import { openStage, paced, press, targetOf } from './stage'

const ARTIFACTS = join(import.meta.dir, '../../../artifacts')
const SHOWN = 40
const PRESSES = 400
const EVERY_MS = 25
const RECONNECT_MS = 12_000

/** Answers lines to print. */
export async function profilePage({ log }: Options): Promise<string[]> {
  const stage = await openStage(log)
  try {
    const { worker, url } = stage.tower
    const line = commandLineOf(worker.pid ?? 0)
    await worker.stop()
    const inspected = await startInspected(line, `${url}/api/health`)
    try {
      await Bun.sleep(RECONNECT_MS)
      const target = targetOf(stage, 'DVO', 'profile')
      const answered = new Histogram()
      const profile = await inspected.profile(async () => {
        const presses = await paced(PRESSES, EVERY_MS, (n) => press(target, n))
        for (const { answeredMs } of presses) answered.addMs(answeredMs)
      })
      await mkdir(ARTIFACTS, { recursive: true })
      await Bun.write(join(ARTIFACTS, 'page-unwatched.cpuprofile'), JSON.stringify(profile))
      const times = selfTimes(profile, await Bun.file(WORKER).text(), Number.POSITIVE_INFINITY)
      const [p50, p99] = [0.5, 0.99].map((part) => answered.percentile(part).toFixed(0))
      return [
        `${PRESSES} presses that nobody watches, one every ${EVERY_MS} ms: answered p50 ${p50} ms, p99 ${p99} ms`,
        ...times.slice(0, SHOWN).map(shareLine),
        '',
        ...byFile(times).slice(0, SHOWN).map(shareLine),
      ]
    } finally {
      await inspected.stop()
    }
  } finally {
    await stage.close()
  }
}

const shareLine = ({ share, where }: Share): string => `  ${(share * 100).toFixed(1).padStart(5)} %  ${where}`
