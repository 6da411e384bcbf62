// The answer to an upgrade that would be one socket too many. Refusing one early, in words, is better than losing all: who is
// refused when is in src/http/held-sockets.ts.

import type { Env } from '../src/http/env'
import { heldSockets, type SocketUse } from '../src/http/held-sockets'

/** Notes how many sockets an object holds now. */
export const holds = (object: string, use: SocketUse, sockets: number): void => heldSockets.holds(object, use, sockets)

const WHAT_ELSE: Record<SocketUse, string> = {
  lifeline: 'Try again soon; an SOS goes by HTTP all the same.',
  screen: 'Those that are open go on. Try again soon.',
  map: 'Try again soon; the list of incidents goes on without it.',
  position: 'Report over HTTP.',
}
/** Whoever was refused comes back when some have gone, and not all in the same second: clients add jitter of their own. */
const RETRY_AFTER_S = 10

/** The refusal where one more would be too many; null where there is room. Without a limit there always is. */
export function refuseBeyondLimit(env: Env, use: SocketUse): Response | null {
  if (heldSockets.hasRoomFor(use, env)) return null
  heldSockets.refused(use)
  const error = {
    code: 'too_many_sockets',
    message: `This tower holds as many connections of this kind as it can. ${WHAT_ELSE[use]}`,
  }
  return Response.json({ error }, { status: 503, headers: { 'retry-after': String(RETRY_AFTER_S) } })
}
