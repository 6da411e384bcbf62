// A whole tower for a test: the project's own start code, on free ports, with a directory of its own that goes with it.

import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { send } from '../../scripts/lib/processes'
import { startTower, type Tower, type TowerOptions } from '../../scripts/lib/tower'

const running = new Set<Tower>()

// A test process that is interrupted leaves no server behind.
process.on('exit', () => {
  for (const { worker, postgres } of running) {
    for (const pid of [worker.pid, postgres?.pid]) if (pid) send(pid, 'SIGKILL')
  }
})

/** Stop it in `afterAll`: it ends its processes and removes its directory. */
export async function startTestTower(options: Partial<TowerOptions> = {}): Promise<Tower> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'xot-tower-'))
  const tower = await startTower({ log: () => {}, ...options, dataDir })
  const ended: Tower = Object.create(tower, {
    stop: {
      value: async () => {
        await tower.stop()
        running.delete(tower)
        if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
      },
    },
  }) as Tower
  running.add(tower)
  return ended
}
