// A tower in a process of its own, so that a test may give it fewer descriptors than it has itself. Says where it is on one line,
// and ends with its input.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTower } from '../../scripts/lib/tower'

export type SmallTower = {
  url: string
  internalUrl: string
  deviceKeys: string
  /** Of the workerd that runs at first. */
  workerd: number
  admin: { email: string; password: string }
}

if (import.meta.main) {
  const dataDir = await mkdtemp(join(tmpdir(), 'xot-small-'))
  const tower = await startTower({ dataDir })
  const admin = tower.demo?.operators.find(({ role }) => role === 'admin')
  const { url, internalUrl, secrets, worker } = tower
  console.log(JSON.stringify({ url, internalUrl, deviceKeys: secrets.DEVICE_KEYS, workerd: worker.pid, admin }))
  for await (const _ of Bun.stdin.stream()) {
    // Only its end is waited for.
  }
  await tower.stop()
  await rm(dataDir, { recursive: true, force: true })
  process.exit(0)
}
