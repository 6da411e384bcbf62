// Where things lie in a checkout.

import { join } from 'node:path'

export const ROOT = join(import.meta.dir, '..', '..')
export const DIST = join(ROOT, 'dist')
/** The built Worker. */
export const WORKER = join(DIST, 'worker.js')
/** Root of the static files: what lies in `assets/` below it is served under /assets/. */
export const PUBLIC = join(DIST, 'public')
export const MIGRATIONS = join(ROOT, 'drizzle', 'migrations')
/** Name of a command that came with the install. */
export const installed = (command: string): string => join(ROOT, 'node_modules', '.bin', command)
