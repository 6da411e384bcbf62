// What became of every press: by the incidents of its device, by the intakes' rows, by the screens.

import type { IncidentSummary } from '../../../../src/domain/incident'
import type { SpoolHealth } from '../../../../src/intake/contract'
import type { TickReport } from '../../../../src/sentinel/contract'
import type { Cluster } from '../cluster'
import type { Operator } from './operator'
import type { Told } from './phones'
import type { LastingScreen } from './screen'

export type Account = {
  answered: number
  /** Answered, and counted by no incident. */
  lost: number
  /** Counted more often than they were pressed. */
  doubled: number
  /** In all intakes, of all that was ever pressed. A finger that presses again and again makes fewer. */
  rows: number
  /** Answers from a machine's own disk. */
  local: number
  /** Answered only after the phone had tried again. */
  retried: number
  /** ms: the slowest answer, and those that half and 1 % were slower than. */
  slowest: number
  p50: number
  p99: number
  /** From the last press on, until all were counted. */
  convergedMs: number
}

const CONVERGES_MS = 120_000

/** Waits until the room has every answered press and no spool has one, two minutes at most, and counts. */
export async function accountOf(cluster: Cluster, operator: Operator, told: readonly Told[]): Promise<Account> {
  const began = Date.now()
  const wanted = new Map<string, number>()
  for (const { deviceId } of told) wanted.set(deviceId, (wanted.get(deviceId) ?? 0) + 1)
  const differs = (found: Map<string, number>, sign: 1 | -1) =>
    [...wanted].reduce((sum, [device, count]) => sum + Math.max(0, sign * (count - (found.get(device) ?? 0))), 0)
  let found = new Map<string, number>()
  while (Date.now() - began < CONVERGES_MS) {
    found = (await pressesByDevice(operator).catch(() => null)) ?? found
    if (differs(found, 1) === 0 && (await waitingInSpools(cluster)) === 0) break
    await Bun.sleep(500)
  }
  const convergedMs = Date.now() - began
  const slow = told.map(({ ms }) => ms).sort((a, b) => a - b)
  return {
    answered: told.length,
    lost: differs(found, 1),
    doubled: differs(found, -1),
    rows: await rowsInIntakes(cluster),
    local: told.filter(({ local }) => local).length,
    retried: told.filter(({ tries }) => tries > 1).length,
    slowest: slow.at(-1) ?? 0,
    p50: slow[Math.floor(slow.length / 2)] ?? 0,
    p99: slow[Math.floor(slow.length * 0.99)] ?? 0,
    convergedMs,
  }
}

/**
 * How many open incidents of these devices a screen draws in an older state than the room has them, or not at all. Of others
 * there may be more than a screen begins with.
 */
export async function missedBy(
  screen: LastingScreen,
  operator: Operator,
  devices: ReadonlySet<string>,
): Promise<number> {
  const { incidents } = await operator.incidents('open')
  const own = incidents.filter(({ deviceId }) => devices.has(deviceId ?? ''))
  return own.filter(({ id, seq }) => (screen.cards.get(id)?.seq ?? -1) < seq).length
}

async function pressesByDevice(operator: Operator): Promise<Map<string, number>> {
  const { incidents } = await operator.incidents('all')
  const counts = new Map<string, number>()
  for (const { deviceId, pressCount } of incidents as IncidentSummary[])
    counts.set(deviceId ?? '', (counts.get(deviceId ?? '') ?? 0) + pressCount)
  return counts
}

async function rowsInIntakes(cluster: Cluster): Promise<number> {
  for (let tries = 0; ; tries++) {
    const { intakes } = (await cluster.tick()) as TickReport
    const counted = intakes.filter((intake) => 'stored' in intake)
    // While one of them does not answer the sum says too little.
    if (counted.length === intakes.length || tries > 20) return counted.reduce((sum, { stored }) => sum + stored, 0)
    await Bun.sleep(1_000)
  }
}

/** One that does not answer counts as one press. */
export async function waitingInSpools({ members }: Cluster): Promise<number> {
  const found = await Promise.all(
    members.map(async ({ spool }) => {
      const response = await fetch(`${spool.internalUrl}/spool`).catch(() => null)
      return response?.ok ? ((await response.json()) as SpoolHealth).waiting : 1
    }),
  )
  return found.reduce((sum, waiting) => sum + waiting, 0)
}
