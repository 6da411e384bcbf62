// A cluster of three members on this machine, hurt under load: members killed, a member started on another version, its bucket
// slow and away. All of it at length, and with figures: bun run bench cluster.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tell } from '../../scripts/faults/line'
import { type Cluster, startCluster } from '../../scripts/lib/cluster/cluster'
import { killMember, loseBucket, playScene, type Seen, slowBucket } from '../../scripts/lib/cluster/proof/scenes'
import { leaveNothing } from '../support/leave-nothing'
import { campaign } from './campaign'

let cluster: Cluster
const dataDir = mkdtempSync(join(tmpdir(), 'xot-cluster-'))

beforeAll(async () => {
  leaveNothing(dataDir)
  for (const machine of [1, 2, 3])
    for (const part of ['member', 'spool']) leaveNothing(join(dataDir, `machine-${machine}`, part))
  cluster = await startCluster({ dataDir, store: { inMemory: true } })
}, 120_000)
afterAll(async () => {
  await cluster?.stop()
  await rm(dataDir, { recursive: true, force: true })
}, 60_000)

const FULL = process.env.FULL !== undefined
const PLAN = { perSecond: 8, devices: 80, screens: 4 }

/** What holds whatever happens: nothing lost, nothing twice, nobody unanswered, every card on every screen. */
function holds(fault: string, did: string, seen: Seen): void {
  const { answered, lost, doubled, givenUp, missed, convergedMs, local, retried, slowest, longestGap, rowsPerPress } =
    seen
  tell({
    fault,
    did,
    ...{ answered, lost, doubled, convergedMs },
    seen:
      `slowest answer ${Math.round(slowest)} ms, ${local} from a spool, ${retried} after a second try; ` +
      `rows for a press ${rowsPerPress.toFixed(3)}; a screen without its room ${Math.round(longestGap)} ms at most`,
  })
  expect({ lost, doubled, givenUp, missed }).toEqual({ lost: 0, doubled: 0, givenUp: 0, missed: 0 })
  expect(rowsPerPress).toBeLessThanOrEqual(1.02)
}

test('CLUSTER each member is killed in turn: a press finds another shard, or the spool, and screens catch up by seq', async () => {
  // The room of the presses is on one of them; the others have its intakes.
  for (const at of FULL ? [0, 1, 2] : [1]) {
    const seen = await playScene(cluster, `killed-${at}`, PLAN, () => killMember(cluster, at))
    holds('CLUSTER', `member ${at + 1} of 3 killed with -9`, seen)
    expect(seen.anew).toBe(0)
    expect(seen.retried).toBe(0)
  }
}, 300_000)

campaign(
  'ROLLING members start on another version one after the other, and no phone has to know',
  async () => {
    const versions = async () => {
      const all = cluster.members.map(
        async ({ url }) => (await (await fetch(`${url}/api/health`)).json()) as { version: string },
      )
      return [...new Set((await Promise.all(all)).map(({ version }) => version))]
    }
    const before = await versions()
    const seen = await playScene(cluster, 'rolling', PLAN, async () => void (await cluster.upgrade('another')))
    holds('ROLLING', 'three members restarted on another version', seen)
    expect(before).not.toContain('another')
    expect(await versions()).toEqual(['another'])
  },
  300_000,
)

campaign(
  'BUCKET its store is slow, then away: presses are answered from the machines’ own disks, and arrive',
  async () => {
    const slow = await playScene(cluster, 'slow', PLAN, () => slowBucket(cluster, 2_000, FULL ? 60_000 : 8_000))
    holds('BUCKET', 'the store took 2 s for each answer', slow)
    expect(slow.local).toBeGreaterThan(0)
    const awayMs = FULL ? 300_000 : 15_000
    const away = await playScene(cluster, 'away', PLAN, () => loseBucket(cluster, awayMs))
    holds('BUCKET', `nobody reached the store for ${awayMs / 1000} s`, away)
    expect(away.local).toBeGreaterThan(0)
  },
  900_000,
)
