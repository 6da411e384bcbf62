// Past a cluster that takes nothing, or nothing in time: a press goes to this machine's own disk, in a process beside this one,
// and is answered from there. Off (no SPOOL) where there is no cluster: nothing else makes whole regions' shards wait.

import type { Press } from '../../domain/press'
import type { PressReceipt, SpoolHealth } from '../../intake/contract'
import type { Env } from '../env'
import { spoolOf } from '../objects'
import { refusal } from './answers'

/** Of the two seconds in which a press is answered, the shards have this one. */
export const SPOOL_AFTER_MS = 1_000

/** A receipt, and where the press lies: `local` says on one machine's disk, and not yet where anybody sees it. */
export type Receipt = PressReceipt & { shard: number; durability?: 'local' }

/**
 * The first of both to be durable. `taking` goes on meanwhile, and gives null where the shards have refused. Null where
 * neither took it. Never rejects.
 */
export async function orSpooled(env: Env, press: Press, taking: Promise<Receipt | null>, shard: number) {
  if (!env.SPOOL) return taking
  const spool = env.SPOOL
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), SPOOL_AFTER_MS)
  })
  const first = await Promise.race([taking, late])
  clearTimeout(timer)
  if (first !== null && first !== 'late') return first
  const spooled = kept(spool, press, shard).catch((error: unknown) => notSpooled(press, error))
  const other = first === null ? spooled : await Promise.race([spooled, taking])
  return (await other) ?? (await spooled) ?? taking
}

async function kept(spool: Fetcher, press: Press, shard: number): Promise<Receipt> {
  const response = await spool.fetch('http://spool/presses', { method: 'POST', body: JSON.stringify(press) })
  if (!response.ok) throw new Error(`the spool answered ${response.status}`)
  return { ...((await response.json()) as PressReceipt), shard, durability: 'local' }
}

/** In the process of the spool itself, which has no shards. */
export async function keepHere(env: Env, press: Press, shard: number): Promise<Receipt | null> {
  try {
    return { ...(await spoolOf(env).press(press)), shard, durability: 'local' }
  } catch (error) {
    return notSpooled(press, error)
  }
}

export const spoolHealth = (env: Env): Promise<SpoolHealth> => spoolOf(env).health()

/** True in the process that keeps a machine's spool, and serves nothing but presses. */
export const isSpool = (env: Env): boolean => env.SPOOL_OBJECTS !== undefined

/** Apps that are on phones already press at their own address. */
export const isForSpool = ({ url }: Request): boolean => /^\/i\/[^/]+\/?$/.test(new URL(url).pathname)

/** To everything else: the members answer it. */
export const elsewhere = (env: Env): Response => {
  const answer = refusal(env, 503, 'away', 'The tower cannot be reached now. Presses are taken.')
  answer.headers.set('retry-after', '5')
  return answer
}

function notSpooled({ home }: Press, error: unknown): null {
  const message = 'a press was not spooled'
  console.error(JSON.stringify({ level: 'error', message, region: home, error: String(error).slice(0, 200) }))
  return null
}
