// What became of every press: by the room's log, by the intakes' rows, by the screens. Nothing here asks the parts that were hurt
// what they remember; it reads what is written.

import { REGION_IDS } from '../../../../src/domain/region'
import type { SpoolHealth } from '../../../../src/intake/contract'
import type { TickReport } from '../../../../src/sentinel/contract'
import { fromRooms } from '../../log-sources'
import type { Cluster } from '../cluster'
import type { Told } from './phones'
import type { LastingScreen } from './screen'

export type Account = {
  answered: number
  /** Answered, and in no room. */
  lost: number
  /** In the room's log more than once. */
  doubled: number
  /** Rows in all intakes ÷ distinct presses. */
  rowsPerPress: number
  /** Answers from a machine's own disk. */
  local: number
  /** Answered only after the phone had tried again. */
  retried: number
  /** ms: the slowest answer, and the one that 1 % were slower than. */
  slowest: number
  p99: number
}

const REGION = REGION_IDS[0]
const CONVERGES_MS = 90_000

/** Waits until every answered press is in its room, or for a minute and a half, and counts. */
export async function accountOf(cluster: Cluster, told: readonly Told[]): Promise<Account & { convergedMs: number }> {
  const began = Date.now()
  const wanted = new Set(told.map(({ sosId }) => sosId))
  let seen = new Map<string, number>()
  let missing = [...wanted]
  while (Date.now() - began < CONVERGES_MS) {
    seen = await pressesInRoom(cluster).catch(() => seen)
    missing = [...wanted].filter((sosId) => !seen.has(sosId))
    if (missing.length === 0 && (await waitingInSpools(cluster)) === 0) break
    await Bun.sleep(500)
  }
  const convergedMs = Date.now() - began
  const slow = told.map(({ ms }) => ms).sort((a, b) => a - b)
  return {
    answered: told.length,
    lost: missing.length,
    doubled: [...wanted].filter((sosId) => (seen.get(sosId) ?? 0) > 1).length,
    rowsPerPress: (await rowsInIntakes(cluster)) / seen.size,
    local: told.filter(({ local }) => local).length,
    retried: told.filter(({ tries }) => tries > 1).length,
    slowest: slow.at(-1) ?? 0,
    p99: slow[Math.floor(slow.length * 0.99)] ?? 0,
    convergedMs,
  }
}

/** How many incidents of the room a screen draws in another state than the room has them, or not at all. */
export async function missedBy(screen: LastingScreen, queue: readonly { id: string; seq: number }[]): Promise<number> {
  return queue.filter(({ id, seq }) => (screen.cards.get(id)?.seq ?? -1) < seq).length
}

/** Ids of presses by how often the room wrote them down. */
async function pressesInRoom(cluster: Cluster): Promise<Map<string, number>> {
  const logs = await fromRooms(cluster.internalUrl, [REGION])
  const counts = new Map<string, number>()
  for (const { type, body } of logs.get(REGION) ?? []) {
    if (type !== 'created' && type !== 'pressed') continue
    const { sosId } = (body ?? {}) as { sosId?: string }
    if (sosId) counts.set(sosId, (counts.get(sosId) ?? 0) + 1)
  }
  return counts
}

async function rowsInIntakes(cluster: Cluster): Promise<number> {
  for (let tries = 0; ; tries++) {
    const report = (await cluster.tick()) as TickReport
    const intakes = report.intakes.filter(({ name }) => name.startsWith(`${REGION}:`))
    const counted = intakes.filter((intake) => 'stored' in intake)
    // While one of them does not answer the sum says too little.
    if (counted.length === intakes.length || tries > 20) return counted.reduce((sum, { stored }) => sum + stored, 0)
    await Bun.sleep(1_000)
  }
}

export async function waitingInSpools({ members }: Cluster): Promise<number> {
  const found = await Promise.all(
    members.map(async ({ spool }) => {
      const response = await fetch(`${spool.internalUrl}/spool`).catch(() => null)
      return response?.ok ? ((await response.json()) as SpoolHealth).waiting : 1
    }),
  )
  return found.reduce((sum, waiting) => sum + waiting, 0)
}
