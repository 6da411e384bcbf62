// A whole tower for a test: the project's own start code, on free ports, with a directory of its own that goes with it.

import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTower, type Tower, type TowerOptions } from '../../scripts/lib/tower'
import { leaveNothing } from './leave-nothing'
import { copyTemplate } from './tower-template'

/** Stop it in `afterAll`: that ends its processes and removes its directory, unless you gave one. */
export async function startTestTower(options: Partial<TowerOptions> = {}): Promise<Tower> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'xot-tower-'))
  if (options.dataDir === undefined) leaveNothing(dataDir)
  if (options.database === undefined) await copyTemplate(dataDir)
  const tower = await startTower({ ...options, dataDir })
  const stop = async () => {
    await tower.stop()
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
  }
  return { ...tower, stop }
}
