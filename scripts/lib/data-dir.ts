// The directory in which a tower keeps everything: for its owner alone, and for one tower at a time.

import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { commandOf, end, isAlive } from './processes'
import { CannotStart, codeOf } from './refusal'

export type DataDir = {
  path: string
  /** Path of a file or directory in it. */
  at(name: string): string
  /** JSON in it, or null where there is none. */
  read<T>(name: string): T | null
  /** Written beside and moved into place, readable by the owner alone. */
  write(name: string, value: unknown): void
  /** Says who runs here now, for the next start to find. */
  holdBy(run: { url: string; workerd: number | null; internal: string | null }): void
  release(): void
}

export type Run = {
  supervisor: number
  command: string
  url: string
  workerd: number | null
  /** The loopback address inside, once there is one. */
  internal: string | null
}
const RUN = 'run.json'

/** Makes it where it is missing. Ends a Worker whose supervisor was killed; refuses where another tower runs. */
export async function openDataDir(path: string): Promise<DataDir> {
  const dir = resolve(path)
  const at = (name: string) => join(dir, name)
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    chmodSync(dir, 0o700)
    writeFileSync(at('.probe'), '')
    rmSync(at('.probe'))
  } catch (error) {
    throw new CannotStart(
      `${dir} cannot be written (${codeOf(error)}). Give this user the right to it (chown -R "$(id -un)" ${dir}), or choose another with --data.`,
    )
  }
  const data: DataDir = {
    path: dir,
    at,
    read: <T>(name: string) => (existsSync(at(name)) ? parse<T>(at(name)) : null),
    write: (name, value) => {
      writeFileSync(at(`${name}.new`), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
      renameSync(at(`${name}.new`), at(name))
    },
    holdBy: (run) =>
      data.write(RUN, { supervisor: process.pid, command: commandOf(process.pid), ...run } satisfies Run),
    release: () => rmSync(at(RUN), { force: true }),
  }
  await clearAway(data)
  return data
}

/** Who runs on a directory; null where nobody does. */
export function openRun(path: string): Run | null {
  const file = join(resolve(path), RUN)
  const run = existsSync(file) ? parse<Run>(file) : null
  return run && isAlive(run.supervisor) ? run : null
}

async function clearAway(data: DataDir): Promise<void> {
  const run = data.read<Run>(RUN)
  if (!run) return
  // The number alone may have gone to somebody else.
  if (run.supervisor !== process.pid && isAlive(run.supervisor) && commandOf(run.supervisor) === run.command) {
    throw new CannotStart(
      `a tower already runs on ${data.path}, at ${run.url}. Stop it (kill ${run.supervisor}), or start another with --data and --port.`,
    )
  }
  if (run.workerd && isAlive(run.workerd) && commandOf(run.workerd).includes(data.path))
    await end(run.workerd, 'SIGTERM', 1_000)
  data.release()
}

function parse<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch (error) {
    throw new CannotStart(`${file} cannot be read (${codeOf(error) ?? 'it is not JSON'}). Restore it, or move it away.`)
  }
}
