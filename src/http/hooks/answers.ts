// What hooks answer: a status, and nothing that helps a forger. Bodies are read whole, up to a limit: a signature is over all of it.

import type { Context } from 'hono'
import { reply } from '../doors/answers'
import { readBody } from '../doors/body'
import { lifeOf } from '../doors/take'
import type { AppEnv, Env } from '../env'
import { countForged } from './courier'

export const done = (env: Env): Response => reply(env, 200, '', 'text/plain')
export const notConfigured = (env: Env): Response => reply(env, 404, '', 'text/plain')
const tooLong = (env: Env): Response => reply(env, 413, '', 'text/plain')

/** Whoever asked should ask again. */
export function away(env: Env): Response {
  const answer = reply(env, 503, '', 'text/plain')
  answer.headers.set('retry-after', '5')
  return answer
}

/** Counted by a courier, and refused. */
export function forged(c: Context<AppEnv>, provider: string): Response {
  const counting = countForged(c.env, provider, Date.now())
  lifeOf(c)?.waitUntil(counting)
  return reply(c.env, 403, '', 'text/plain')
}

/** The raw text, or the answer to a body that is too long or broke off. */
export async function rawBody(c: Context<AppEnv>, most: number): Promise<string | Response> {
  const { text, cut } = await readBody(c.req.raw, most)
  return cut ? tooLong(c.env) : text
}
