// Other processes, by number: whether one lives, what it is, and its end. Never by name.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return stateOf(pid) !== 'Z'
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The command line of a live process, words separated by spaces; empty where it cannot be read. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout?.trim() ?? ''
  }
}

/** Asks with `signal`, insists with SIGKILL after `patienceMs`, and returns once the process is gone. */
export async function end(pid: number, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  send(pid, signal)
  if (await gone(pid, patienceMs)) return
  send(pid, 'SIGKILL')
  await gone(pid, 5_000)
}

export async function gone(pid: number, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs
  while (isAlive(pid)) {
    if (Date.now() >= until) return false
    await Bun.sleep(20)
  }
  return true
}

export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has gone by itself.
  }
}

/** `Z`: dead, and not yet collected by its parent. */
function stateOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
  } catch {
    return ''
  }
}
