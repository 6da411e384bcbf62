// What a test process started ends with it, also where it is killed or crashes: `bun test` runs no exit handlers.

import { spawn } from 'node:child_process'

// Run by a shell of its own, which waits for the test process to be gone. $1: its number, $2: the directory.
const WATCH = `
  while kill -0 "$1" 2>/dev/null; do sleep 0.5; done
  worker=$(sed -n 's/.*"workerd": *\\([0-9][0-9]*\\).*/\\1/p' "$2/run.json" 2>/dev/null)
  postgres=$(head -n 1 "$2/postgres/postmaster.pid" 2>/dev/null)
  for pid in $worker $postgres; do kill -9 "$pid" 2>/dev/null; done
  sleep 0.5
  rm -rf "$2"`

/** Ends the workerd and the Postgres of a data directory, and removes it, once this process is gone. */
export function leaveNothing(dataDir: string): void {
  spawn('sh', ['-c', WATCH, 'sh', String(process.pid), dataDir], { detached: true, stdio: 'ignore' }).unref()
}
