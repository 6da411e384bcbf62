// How many sockets this process holds, over all its objects: workerd spends two descriptors on each, and ends the process
// where accept() finds none left. Refusing one early, in words, is better than losing all.

import type { Env } from '../src/http/env'

// Of the whole process on purpose, as the descriptors are. Each object says how many it has; a dead one says nothing more,
// and its sockets are gone with it.
const held = new Map<string, number>()

/** Notes how many sockets an object holds now. */
export const holds = (object: string, sockets: number): void => void held.set(object, sockets)

/** The refusal where one more would be too many; null where there is room. Without a limit there always is. */
export function refuseBeyondLimit(env: Env): Response | null {
  const limit = Number(env.SOCKET_LIMIT ?? Number.POSITIVE_INFINITY)
  let total = 0
  for (const sockets of held.values()) total += sockets
  if (total < limit) return null
  const error = {
    code: 'too_many_sockets',
    message: 'This tower holds as many connections as it can. Try again soon; an SOS goes by HTTP all the same.',
  }
  return Response.json({ error }, { status: 503, headers: { 'retry-after': '5' } })
}
