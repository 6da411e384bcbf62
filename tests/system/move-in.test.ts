// A single tower becomes a cluster: what its rooms and intakes had is there, goes on, and cannot be put over what is newer.

import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cluster, startCluster } from '../../scripts/lib/cluster/cluster'
import { importObjects } from '../../scripts/lib/cluster/move-in'
import { exportObjects } from '../../scripts/lib/cluster/moved-files'
import { fromRooms } from '../../scripts/lib/log-sources'
import type { Tower } from '../../scripts/lib/tower'
import { verifyChain } from '../../src/room/chain'
import { leaveNothing } from '../support/leave-nothing'
import { startTestTower } from '../support/tower'
import { devicesOf, Person, press, Screen, until } from './people'

const dataDir = mkdtempSync(join(tmpdir(), 'xot-moving-'))
let running: { stop(): Promise<void> } | null = null
leaveNothing(dataDir)
for (const machine of [1, 2, 3])
  for (const part of ['member', 'spool']) leaveNothing(join(dataDir, `machine-${machine}`, part))
afterAll(async () => {
  await running?.stop()
  await rm(dataDir, { recursive: true, force: true })
}, 60_000)

test('incidents, their log, their owners and the phones’ addresses move with it, and a press of before is not doubled', async () => {
  const tower = await startTestTower({ dataDir })
  running = tower
  const next = devicesOf(tower, 'NCR')
  const [taken, waiting] = [next(), next()]
  const ana = await Person.logIn(tower, { role: 'operator' })
  const screen = await Screen.open(ana)
  const body = { id: crypto.randomUUID(), kind: 'medical' }
  const first = (await press(tower, taken, body)).body
  const second = (await press(tower, waiting, { id: crypto.randomUUID(), kind: 'crash' })).body
  await until(() => screen.cards.has(first.sosId) && screen.cards.has(second.sosId))
  expect((await ana.act(first.sosId, 'take')).status).toBe(200)
  const log = (await fromRooms(tower.internalUrl, ['NCR'])).get('NCR') ?? []
  screen.close()
  await tower.stop()

  const to = join(dataDir, 'export')
  const { objects } = exportObjects(join(dataDir, 'objects'), to)
  expect(objects.map(({ className, name }) => `${className} ${name}`)).toContain('SosRoom NCR')
  const cluster: Cluster = await startCluster({ dataDir, store: { inMemory: true } })
  running = cluster
  expect(await importObjects(to, cluster.internalUrl, () => {})).toEqual([])
  const as = { ...cluster, worker: cluster.members[0]?.worker, internalUrl: cluster.internalUrl } as unknown as Tower

  const moved = await until(async () => {
    const logs = await fromRooms(cluster.internalUrl, ['NCR']).catch(() => null)
    const events = logs?.get('NCR') ?? []
    return events.length >= log.length ? events : null
  }, 20_000)
  // The same epoch goes on: nothing was restored, everything has moved.
  expect(moved.slice(0, log.length)).toEqual(log)
  expect(verifyChain(moved)).toMatchObject({ ok: true })
  const there = await Person.logIn(as, { role: 'operator' })
  expect((await there.incident(first.sosId)).owner?.uid).toBe(takenBy(moved) ?? '')
  expect((await there.incident(second.sosId)).state).toBe('new')

  const path = new URL(second.statusUrl)
  expect((await fetch(`${cluster.url}${path.pathname}${path.search}`)).status).toBe(200)
  expect((await press(as, taken, body)).body.sosId).toBe(first.sosId)
  expect((await there.incident(first.sosId)).pressCount).toBe(1)
  expect((await press(as, next(), { kind: 'fire' })).status).toBe(201)

  // What has taken something since keeps it.
  expect(await importObjects(to, cluster.internalUrl, () => {})).toContain('SosRoom NCR')
}, 240_000)

/** Who took the incident, by its log. */
function takenBy(events: { type: string; actor: unknown }[]): string | null {
  const taken = events.find(({ type }) => type === 'taken')
  return (taken?.actor as { uid?: string } | undefined)?.uid ?? null
}
