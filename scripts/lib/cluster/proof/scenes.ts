// What is done to a cluster while phones press and screens watch. Each scene begins with all members well, and ends when they are
// again; what came of it is counted afterwards, and not by the scene.

import type { Cluster } from '../cluster'
import { type Account, accountOf, missedBy } from './account'
import { logIn } from './operator'
import { startPhones } from './phones'
import { openLastingScreen } from './screen'

export type Seen = Omit<Account, 'rows'> & {
  /** Rows written in this scene ÷ its presses. */
  rowsPerPress: number
  /** Presses that no phone had an answer for in two minutes. */
  givenUp: number
  /** Cards that a screen drew wrong or not at all at the end, all screens together. */
  missed: number
  /** Longest time for which a screen had no socket that was up to date, ms; 0 where none lost it. */
  longestGap: number
  /** How often a screen had to begin anew instead of catching up, after its first time. */
  anew: number
}

export type Plan = { perSecond: number; devices: number; screens: number }

/** Runs the scene under load. `name` makes its devices its own. */
export async function playScene(cluster: Cluster, name: string, plan: Plan, scene: () => Promise<void>): Promise<Seen> {
  const operator = await logIn(cluster)
  const screens = await Promise.all(
    Array.from({ length: plan.screens }, () =>
      openLastingScreen({ url: cluster.url, token: operator.token, region: operator.region }),
    ),
  )
  const { rows: before } = await accountOf(cluster, operator, [])
  const phones = startPhones(cluster, { ...plan, name })
  try {
    await Bun.sleep(BEFORE_MS)
    await scene()
    await Bun.sleep(AFTER_MS)
    const { givenUp } = await phones.stop()
    const { rows, ...account } = await accountOf(cluster, operator, phones.told)
    const devices = new Set(phones.told.map(({ deviceId }) => deviceId))
    const missed = await settled(async () =>
      sum(await Promise.all(screens.map((screen) => missedBy(screen, operator, devices)))),
    )
    return {
      ...account,
      rowsPerPress: (rows - before) / account.answered,
      givenUp,
      missed,
      longestGap: Math.max(0, ...screens.flatMap(({ gaps }) => gaps)),
      anew: sum(screens.map(({ snapshots }) => snapshots - 1)),
    }
  } finally {
    for (const screen of screens) screen.close()
  }
}

const BEFORE_MS = 3_000
const AFTER_MS = 3_000
const SETTLES_MS = 20_000

/** Kills one member with -9. Resolves when it is back and, `elsewhereMs` later, what it owned is somewhere else. */
export async function killMember(cluster: Cluster, at: number, elsewhereMs = 24_000): Promise<void> {
  const worker = cluster.members[at]?.worker
  if (!worker) throw new Error(`there is no member ${at}`)
  await worker.kill('SIGKILL')
  await Bun.sleep(elsewhereMs)
  await Promise.all(cluster.members.map((member) => member.worker.ready()))
}

/** The bucket answers `latencyMs` late for so long. */
export async function slowBucket(cluster: Cluster, latencyMs: number, ms: number): Promise<void> {
  const { store } = cluster.bucket
  if (!store) throw new Error('the bucket is not ours')
  const before = store.latencyMs
  store.latencyMs = latencyMs
  await Bun.sleep(ms)
  store.latencyMs = before
}

/** Nobody reaches the bucket for so long. Resolves when all members serve again. */
export async function loseBucket(cluster: Cluster, ms: number): Promise<void> {
  const { store } = cluster.bucket
  if (!store) throw new Error('the bucket is not ours')
  await store.set('away')
  await Bun.sleep(ms)
  await store.set('near')
  await Promise.all(cluster.members.map((member) => member.worker.ready()))
}

/** Counts until there is nothing left, or the time is over. */
async function settled(count: () => Promise<number>): Promise<number> {
  for (const until = Date.now() + SETTLES_MS; ; ) {
    const left = await count()
    if (left === 0 || Date.now() > until) return left
    await Bun.sleep(500)
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
