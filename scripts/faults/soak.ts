// R54: hours of ordinary load without any fault, and what must not grow by it: memory, descriptors, timers, storage beyond what the
// load itself leaves. Samples of the second quarter are compared with those of the last.

import { Database } from 'bun:sqlite'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from '../bench/report'
import { startTower, type Tower } from '../lib/tower'
import { Load } from './soak-load'

export type Sample = {
  atS: number
  memoryMb: number
  descriptors: number
  storageMb: number
  timers: number
  presses: number
}

export type SoakReport = {
  minutes: number
  samples: Sample[]
  /** What was compared, and whether it stayed within its share. */
  judged: { what: string; early: number; late: number; mayGrowBy: number; holds: boolean }[]
  answered: number
  failed: number
  flat: boolean
}

const SAMPLES = 120
const SHORTEST_GAP_MS = 5_000
/** Rows that the load leaves behind: each incident with its lines, its presses, its pages. Measured once, doubled. */
const KB_PER_PRESS = 40

/** Runs a tower of its own under load for so long. */
export async function soak(minutes: number, log: (line: string) => void): Promise<SoakReport> {
  const dataDir = mkdtempSync(join(tmpdir(), 'xot-soak-'))
  const tower = await startTower({ dataDir, demo: true })
  const load = new Load(tower)
  const samples: Sample[] = []
  try {
    await load.begin()
    const began = Date.now()
    const gapMs = Math.max(SHORTEST_GAP_MS, (minutes * 60_000) / SAMPLES)
    const until = began + minutes * 60_000
    while (Date.now() < until) {
      await Bun.sleep(Math.min(gapMs, Math.max(0, until - Date.now())))
      const sample = take(tower, Math.round((Date.now() - began) / 1_000), load.answered)
      samples.push(sample)
      log(
        `${sample.atS} s: ${sample.memoryMb} MB, ${sample.descriptors} descriptors, ${sample.timers} timers, ` +
          `${sample.storageMb} MB of storage, ${sample.presses} presses, ${load.failed} failed`,
      )
    }
  } finally {
    load.end()
    await tower.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  const judged = judge(samples)
  for (const { what, early, late, mayGrowBy, holds } of judged)
    log(`${holds ? 'flat' : 'GROWS'}: ${what} ${early} → ${late} (may grow by ${mayGrowBy})`)
  const { answered, failed } = load
  return { minutes, samples, judged, answered, failed, flat: failed === 0 && judged.every(({ holds }) => holds) }
}

/** The second quarter is warm already; the last is what became of it. */
export function judge(samples: readonly Sample[]): SoakReport['judged'] {
  const quarter = Math.max(1, Math.floor(samples.length / 4))
  const [early, late] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)]
  const of = (part: readonly Sample[], name: keyof Sample) => median(part.map((sample) => sample[name]))
  const presses = of(late, 'presses') - of(early, 'presses')
  const allowed: [what: string, name: keyof Sample, share: number, atLeast: number][] = [
    ['memory of workerd in MB', 'memoryMb', 0.25, 60],
    // The load's own connections come and go by the dozen; a leak of one a second is thousands.
    ['descriptors', 'descriptors', 0.3, 150],
    ['timers of all objects', 'timers', 0.2, 100],
    ['storage in MB beyond what presses leave', 'storageMb', 0, 20 + (presses * KB_PER_PRESS) / 1_024],
  ]
  return allowed.map(([what, name, share, atLeast]) => {
    const before = of(early, name)
    const after = of(late, name)
    const mayGrowBy = Math.round(Math.max(atLeast, before * share))
    return { what, early: before, late: after, mayGrowBy, holds: Number.isFinite(after) && after - before <= mayGrowBy }
  })
}

function take(tower: Tower, atS: number, presses: number): Sample {
  const { pid } = tower.worker
  const objects = join(tower.dataDir, 'objects')
  const files = existsSync(objects)
    ? readdirSync(objects, { recursive: true }).map((name) => join(objects, String(name)))
    : []
  return {
    atS,
    presses,
    memoryMb: pid === null ? Number.NaN : memoryOf(pid),
    descriptors: pid === null ? Number.NaN : descriptorsOf(pid),
    storageMb: Math.round(
      files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0) / 2 ** 20,
    ),
    timers: timersIn(files),
  }
}

const memoryOf = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024)

const descriptorsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

/** Of all objects, as they lie on the disk. */
function timersIn(files: readonly string[]): number {
  let timers = 0
  for (const file of files.filter((name) => name.endsWith('.sqlite') && !name.endsWith('metadata.sqlite'))) {
    const db = new Database(file, { readonly: true })
    try {
      if (db.query("SELECT 1 FROM sqlite_master WHERE name = 'timer'").get() === null) continue
      timers += db.query<{ n: number }, []>('SELECT count(*) AS n FROM timer').get()?.n ?? 0
    } catch {
      // Being written this moment: the next sample has it.
    } finally {
      db.close()
    }
  }
  return timers
}
