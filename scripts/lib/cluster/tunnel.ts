// A WebSocket through the front: one to the client, one to a member, and every frame and close passed on.

import type { ServerWebSocket, WebSocketHandler } from 'bun'

export type Tunnel = {
  far: WebSocket
  near: ServerWebSocket<Tunnel> | null
  /** What the member said before the client was there. */
  early: (string | ArrayBuffer)[]
}

const OPEN_WITHIN_MS = 5_000
/** Of the upgrade itself: each end makes its own. */
const OWN = ['connection', 'upgrade', 'sec-websocket-key', 'sec-websocket-version', 'sec-websocket-extensions']
/** Those that say "no close frame came": they may not be sent. */
const UNSENDABLE = new Set([1005, 1006, 1015])

/** To the first member that takes it. Null where none does, also because it was refused. */
export async function openTunnel(
  request: Request,
  members: readonly string[],
  gone: (member: string) => void,
): Promise<Tunnel | null> {
  const { pathname, search } = new URL(request.url)
  const headers = Object.fromEntries([...request.headers].filter(([name]) => !OWN.includes(name)))
  for (const member of members) {
    const url = member.replace('http', 'ws') + pathname + search
    const far = new WebSocket(url, { headers } as unknown as string[])
    far.binaryType = 'arraybuffer'
    const tunnel: Tunnel = { far, near: null, early: [] }
    far.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (tunnel.near) tunnel.near.send(data)
      else tunnel.early.push(data)
    })
    far.addEventListener('close', ({ code, reason }) => closeNear(tunnel, code, reason))
    if (await opens(far)) return tunnel
    // A member that lives and says no says so again, in words, to the plain request.
    if (await answers(member)) return null
    gone(member)
  }
  return null
}

export const tunnelHandlers: Pick<WebSocketHandler<Tunnel>, 'open' | 'message' | 'close'> = {
  open(near) {
    near.data.near = near
    for (const data of near.data.early.splice(0)) near.send(data)
    if (near.data.far.readyState > WebSocket.OPEN) closeNear(near.data, 1006, '')
  },
  message({ data: { far } }, message) {
    if (far.readyState === WebSocket.OPEN) far.send(message)
  },
  close({ data: { far } }, code, reason) {
    if (UNSENDABLE.has(code)) far.terminate()
    else far.close(code, reason)
  },
}

function closeNear({ near }: Tunnel, code: number, reason: string): void {
  if (!near || near.readyState > WebSocket.OPEN) return
  // A member that was killed closes nothing; its client must know at once all the same.
  if (UNSENDABLE.has(code)) near.terminate()
  else near.close(code, reason)
}

const opens = (socket: WebSocket): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => {
      socket.terminate()
      resolve(false)
    }, OPEN_WITHIN_MS)
    const settle = (open: boolean) => {
      clearTimeout(timer)
      resolve(open)
    }
    socket.addEventListener('open', () => settle(true))
    socket.addEventListener('error', () => settle(false))
    socket.addEventListener('close', () => settle(false))
  })

const answers = (member: string): Promise<boolean> =>
  fetch(`${member}/assets/none`, { method: 'HEAD', signal: AbortSignal.timeout(1_000) }).then(
    () => true,
    () => false,
  )
