// Lua that was written for Upstash, for a Redis that has not its flags: @upstash/ratelimit begins its scripts with
// `#!lua flags=allow-key-locking`, at which Redis stops. Without the flag they mean the same there.

import { createHash } from 'node:crypto'

const FLAG = 'allow-key-locking'
/** Whoever makes a new script for every call does not fill the memory. */
const SCRIPTS_KEPT = 1_000

export class UpstashScripts {
  /** By the hash of the text that the caller has, that of the text which Redis has. */
  readonly #hashes = new Map<string, string>()

  /** The same command for a Redis of one's own. */
  forRedis(command: readonly string[]): readonly string[] {
    const [name = '', first = ''] = command
    switch (name.toUpperCase()) {
      case 'EVAL':
      case 'EVAL_RO':
        return [name, this.#without(first), ...command.slice(2)]
      case 'EVALSHA':
      case 'EVALSHA_RO':
        return [name, this.#hashes.get(first.toLowerCase()) ?? first, ...command.slice(2)]
      case 'SCRIPT':
        return first.toUpperCase() === 'LOAD'
          ? [name, first, this.#without(command[2] ?? ''), ...command.slice(3)]
          : command
      default:
        return command
    }
  }

  #without(script: string): string {
    const [shebang] = script.split('\n', 1)
    if (!shebang?.startsWith('#!lua') || !shebang.includes(FLAG)) return script
    const flags = (/flags=(\S*)/.exec(shebang)?.[1] ?? '').split(',').filter((flag) => flag !== '' && flag !== FLAG)
    const plain = `#!lua${flags.length > 0 ? ` flags=${flags.join(',')}` : ''}${script.slice(shebang.length)}`
    this.#hashes.set(sha1(script), sha1(plain))
    if (this.#hashes.size > SCRIPTS_KEPT) this.#hashes.delete(this.#hashes.keys().next().value as string)
    return plain
  }
}

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex')
