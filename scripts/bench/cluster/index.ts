// `bench cluster`: a cluster of three members on this machine, hurt in all the ways that it must bear while phones press and
// screens watch, and what its bucket is asked meanwhile.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cluster, startCluster } from '../../lib/cluster/cluster'
import { killMember, loseBucket, type Plan, playScene, type Seen, slowBucket } from '../../lib/cluster/proof/scenes'
import { describeMachine, type Machine } from '../machine'
import { type Notebook, openNotebook } from '../notebook'
import { memoryOf } from '../pin'
import { type Bar, judge, type Measured, type Report } from '../report'
import type { Options } from '../sos/stage'
import { MACHINE, STOLEN, watchStolen } from '../stolen'

const SYSTEM = 'cluster'
const PLAN: Plan = { perSecond: 15, devices: 100, screens: 6 }
type Lengths = { steadyMs: number; slowMs: number; awayMs: number; restMs: number }
const LENGTHS: Record<'quick' | 'full', Lengths> = {
  quick: { steadyMs: 5_000, slowMs: 8_000, awayMs: 15_000, restMs: 10_000 },
  full: { steadyMs: 30_000, slowMs: 60_000, awayMs: 300_000, restMs: 60_000 },
}
const NEAR_MS = 20
const FAR_MS = 60
const SLOW_MS = 2_000

type Scene = { name: string; run: () => Promise<void> }

export async function benchCluster({ quick, only, minutes, log }: Options): Promise<Measured> {
  const machine = describeMachine()
  const stolen = watchStolen()
  const notebook = openNotebook()
  const lengths = { ...LENGTHS[quick ? 'quick' : 'full'], ...(minutes ? { awayMs: minutes * 60_000 } : {}) }
  const dataDir = await mkdtemp(join(tmpdir(), 'xot-cluster-'))
  const cluster = await startCluster({ dataDir, store: { latencyMs: NEAR_MS, inMemory: true }, log })
  const chosen = scenes(cluster, lengths).filter(({ name }) => only === undefined || name.includes(only))
  try {
    await atRest(cluster, notebook, lengths.restMs)
    for (const [nth, scene] of chosen.entries()) {
      log(scene.name)
      const seen = await playScene(cluster, `scene-${nth}`, PLAN, scene.run)
      for (const [what, value, unit] of figuresOf(seen)) notebook.note(SYSTEM, `${scene.name}: ${what}`, value, unit)
      log(JSON.stringify(seen))
    }
    notebook.note(MACHINE, STOLEN, stolen(), '%')
    return { report: reportOf(notebook, machine, quick, chosen, lengths), histograms: notebook.histograms() }
  } finally {
    await cluster.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

function scenes(cluster: Cluster, { steadyMs, slowMs, awayMs }: Lengths): Scene[] {
  const { store } = cluster.bucket
  return [
    { name: `steady, store ${NEAR_MS} ms away`, run: () => Bun.sleep(steadyMs) },
    {
      name: `steady, store ${FAR_MS} ms away`,
      run: async () => {
        if (store) store.latencyMs = FAR_MS
        await Bun.sleep(steadyMs)
        if (store) store.latencyMs = NEAR_MS
      },
    },
    ...cluster.members.map((_, at) => ({
      name: `member ${at + 1} killed`,
      run: () => killMember(cluster, at),
    })),
    {
      name: 'rolling restart',
      run: async () => void (await cluster.upgrade(`next-${Date.now().toString(36)}`)),
    },
    { name: `store ${SLOW_MS} ms away`, run: () => slowBucket(cluster, SLOW_MS, slowMs) },
    { name: `store away for ${awayMs / 1000} s`, run: () => loseBucket(cluster, awayMs) },
  ]
}

/** What idle objects ask of the bucket, which is paid by the request. */
async function atRest(cluster: Cluster, notebook: Notebook, ms: number): Promise<void> {
  const { store } = cluster.bucket
  await Bun.sleep(Math.min(ms, 10_000))
  const before = { ...store?.counts }
  await Bun.sleep(ms)
  for (const kind of ['put', 'list', 'get', 'delete']) {
    const count = (store?.counts[kind] ?? 0) - (before[kind] ?? 0)
    notebook.note('store', `${kind}s in an hour at rest`, (count * 3_600_000) / ms, 'count')
  }
  for (const [at, { worker, spool }] of cluster.members.entries()) {
    if (worker.pid !== null) notebook.note(SYSTEM, `memory of member ${at + 1}`, memoryOf(worker.pid), 'MB')
    if (spool.worker.pid !== null) notebook.note(SYSTEM, `memory of spool ${at + 1}`, memoryOf(spool.worker.pid), 'MB')
  }
}

const LOST = 'presses lost'
const DOUBLED = 'presses doubled'
const GIVEN_UP = 'presses that were never answered'
const SLOWEST = 'slowest answer'
const ROWS = 'rows written for a press'
const MISSED = 'cards that screens missed'

const figuresOf = (seen: Seen): [what: string, value: number, unit: 'count' | 'ms' | '×'][] => [
  ['presses answered', seen.answered, 'count'],
  [LOST, seen.lost, 'count'],
  [DOUBLED, seen.doubled, 'count'],
  [GIVEN_UP, seen.givenUp, 'count'],
  ['answered from a spool', seen.local, 'count'],
  ['answered after the phone tried again', seen.retried, 'count'],
  ['median answer', seen.p50, 'ms'],
  ['answer p99', seen.p99, 'ms'],
  [SLOWEST, seen.slowest, 'ms'],
  [ROWS, seen.rowsPerPress, '×'],
  ['after the last press, until all were in the room', seen.convergedMs, 'ms'],
  [MISSED, seen.missed, 'count'],
  ['longest time that a screen was without its room', seen.longestGap, 'ms'],
]

function reportOf(
  notebook: Notebook,
  machine: Machine,
  quick: boolean,
  chosen: readonly Scene[],
  { awayMs, slowMs }: Lengths,
): Report {
  const got = (scene: Scene, what: string) => notebook.value(SYSTEM, `${scene.name}: ${what}`)
  const below = (scene: Scene, what: string, unit: Bar['unit'], bar: number): Bar =>
    judge({ what: `${scene.name}: ${what}`, unit, better: 'lower', bar, goal: bar, got: got(scene, what) })
  return {
    name: 'cluster',
    quick,
    machine,
    method: [
      'Three members and three spools, their store, their Postgres, one proxy before them, phones and screens: all on this one machine, so that a member that dies also takes time from the others while it starts.',
      `${PLAN.perSecond} presses a second from ${PLAN.devices} devices, at their times whatever became of those before; an answer's time begins with the press and holds all tries. ${PLAN.screens} screens watch, and open their sockets anew when they lose them.`,
      'Killed: with -9, then 24 s until what it owned is elsewhere. Rolling: each member is asked to end, hands over, and starts on a copy of the build; then its spool.',
      `The store is our test store with conditional writes: ${SLOW_MS} ms for each request for ${slowMs / 1000} s, then nobody listens for ${awayMs / 1000} s.`,
      'Lost and doubled: what incidents of a device count against what its phone was told. Rows: in all intakes.',
    ],
    figures: notebook.figures(),
    rivals: [],
    ratios: [],
    bars: chosen.flatMap((scene) => [
      below(scene, LOST, 'count', 1),
      below(scene, DOUBLED, 'count', 1),
      below(scene, GIVEN_UP, 'count', 1),
      below(scene, MISSED, 'count', 1),
      below(scene, SLOWEST, 'ms', 2_000),
      below(scene, ROWS, '×', 1.02001),
    ]),
  }
}
