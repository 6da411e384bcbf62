// The one address of a cluster on this machine: spreads requests and sockets over its members, and asks the next one where a
// member is gone. In production this is nginx, HAProxy or a cloud's balancer (docs/where-to-run.md has the same rules for nginx).

import { openTunnel, type Tunnel, tunnelHandlers } from './tunnel'

/** Origins of one machine's two processes. A spool takes presses alone. */
export type Backend = { member: string; spool: string }

export type Front = { url: string; port: number; stop(): Promise<void> }

/** From a press's coming on: a member that says nothing for so long is passed by, for its spool would have taken it sooner. */
const PRESS_TRY_MS = 1_400
/** A member that fails sooner leaves time for another one; after that the press goes to a spool, which answers at once. */
const MEMBERS_MS = 300
/** It answers in milliseconds; one that starts just now takes longer than the next one. */
const SPOOL_TRY_MS = 600
const PAGE_TRY_MS = 30_000
/** Who could not be reached is asked last, for a while. */
const SHUNNED_MS = 1_000
/** What a phone sends that was away for a shift. */
const LARGEST_BODY = 8 * 1024 * 1024

export function startFront(options: { port: number; host: string; backends: readonly Backend[] }): Front {
  const { backends } = options
  const spools = backends.map(({ spool }) => spool)
  const shunned = new Map<string, number>()
  let turn = 0

  /** All members, beginning with the next in turn, those that were gone a moment ago last. */
  const inTurn = (): string[] => {
    const first = turn++ % backends.length
    const members = backends.map((_, at) => (backends[(first + at) % backends.length] as Backend).member)
    const now = Date.now()
    const isShunned = (member: string) => (shunned.get(member) ?? 0) > now
    return [...members.filter((each) => !isShunned(each)), ...members.filter(isShunned)]
  }
  const gone = (member: string) => void shunned.set(member, Date.now() + SHUNNED_MS)

  const pass = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    const isPress = (request.method === 'POST' && pathname === '/api/sos') || pathname.startsWith('/i/')
    const isSafe = isPress || request.method === 'GET' || request.method === 'HEAD'
    const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer())
    const began = performance.now()
    let refused: Response | null = null
    for (const origin of isPress ? [...inTurn(), ...spools] : inTurn()) {
      const waited = performance.now() - began
      if (isPress && waited > MEMBERS_MS && !spools.includes(origin)) continue
      const patience = spools.includes(origin) ? SPOOL_TRY_MS : PRESS_TRY_MS - waited
      try {
        const response = await fetch(origin + pathname + search, {
          method: request.method,
          headers: request.headers,
          body,
          redirect: 'manual',
          signal: AbortSignal.timeout(isPress ? patience : PAGE_TRY_MS),
          // As it came: who asked for it compressed can read it.
          decompress: false,
        })
        // Of a press 5xx says that nobody has it: the next one may.
        if (!isPress || response.status < 500) return response
        refused = response
      } catch (error) {
        gone(origin)
        // What was on its way may have been done: only what may be done twice is sent again.
        if (!isSafe && !wasNeverSent(error)) break
      }
    }
    return refused ?? new Response('no member answers', { status: 502 })
  }

  const server = Bun.serve<Tunnel>({
    hostname: options.host,
    port: options.port,
    idleTimeout: 0,
    maxRequestBodySize: LARGEST_BODY,
    fetch: async (request, self) => {
      if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') return pass(request)
      const tunnel = await openTunnel(request, inTurn(), gone)
      if (!tunnel) return pass(request)
      return self.upgrade(request, { data: tunnel }) ? undefined : new Response(null, { status: 400 })
    },
    websocket: { ...tunnelHandlers, idleTimeout: 0, perMessageDeflate: false, maxPayloadLength: 32 * 1024 * 1024 },
  })
  const port = server.port as number
  return { url: `http://${options.host}:${port}`, port, stop: () => server.stop(true) }
}

const wasNeverSent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ConnectionRefused'
