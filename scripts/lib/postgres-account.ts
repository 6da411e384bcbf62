// Whose processes PostgreSQL's are. It refuses to run as root, so root lends it another account.

import { type SpawnOptions, spawnSync } from 'node:child_process'
import { CannotStart } from './refusal'

export type Account =
  | { uid: null; gid: null; how: 'self' }
  /** `setpriv`: the account may pass directories that are closed to it, as those below /root are. */
  | { uid: number; gid: number; how: 'plain' | 'setpriv' }

/** `probes`: a program that the account must be able to run, and a directory that it must be able to reach. */
export function accountFor(program: string, directory: string): Account {
  if (process.getuid?.() !== 0) return { uid: null, gid: null, how: 'self' }
  const ids = idsOf('postgres') ?? createPostgres() ?? idsOf('nobody')
  if (!ids)
    throw new CannotStart('PostgreSQL does not run as root, and there is no other account. Start as an ordinary user.')
  for (const how of ['plain', 'setpriv'] as const) {
    const account: Account = { ...ids, how }
    if (canReach(account, program, directory)) return account
  }
  throw new CannotStart(
    `PostgreSQL does not run as root, and the account it runs as instead cannot reach ${directory}. ` +
      'Start as an ordinary user, or from a directory that others may enter.',
  )
}

/** How to spawn a command in that account. */
export function inAccount(
  account: Account,
  command: string,
  args: readonly string[],
): { command: string; args: string[]; options: Pick<SpawnOptions, 'uid' | 'gid'> } {
  if (account.uid === null) return { command, args: [...args], options: {} }
  const { uid, gid } = account
  if (account.how === 'plain') return { command, args: [...args], options: { uid, gid } }
  const pass = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override']
  return {
    command: 'setpriv',
    args: [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...pass, '--', command, ...args],
    options: {},
  }
}

function canReach(account: Account, program: string, directory: string): boolean {
  const runs = inAccount(account, program, ['--version'])
  if (spawnSync(runs.command, runs.args, { ...runs.options, cwd: '/' }).status !== 0) return false
  const enters = inAccount(account, 'test', ['-d', `${directory}/.`])
  return spawnSync(enters.command, enters.args, { ...enters.options, cwd: '/' }).status === 0
}

function idsOf(name: string): { uid: number; gid: number } | null {
  const [uid, gid] = ['-u', '-g'].map((which) => {
    const { status, stdout } = spawnSync('id', [which, name], { encoding: 'utf8' })
    return status === 0 ? Number.parseInt(stdout, 10) : Number.NaN
  })
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid: uid as number, gid: gid as number } : null
}

function createPostgres(): { uid: number; gid: number } | null {
  spawnSync('groupadd', ['--system', 'postgres'])
  spawnSync('useradd', ['--system', '--no-create-home', '-g', 'postgres', '-s', '/usr/sbin/nologin', 'postgres'])
  return idsOf('postgres')
}
