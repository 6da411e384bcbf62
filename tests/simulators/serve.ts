// A provider's HTTP server on a free port. By node:http and not Bun.serve: it can also tear a connection down in mid-request.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Asked = {
  /** Epoch ms. */
  at: number
  method: string
  path: string
  headers: Headers
  body: string
}
export type Answered =
  | { status: number; body?: string; headers?: Record<string, string> }
  /** The connection is reset. */
  | 'reset'
  /** Nothing is ever said; the connection stays. */
  | 'hang'

export type Served = { origin: string; close(): Promise<void> }

export async function serve(answer: (asked: Asked) => Promise<Answered>, port = 0): Promise<Served> {
  const server = createServer((request, response) => void respond(request, response, answer))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (asked: Asked) => Promise<Answered>,
) {
  const pieces: Uint8Array[] = []
  for await (const piece of request) pieces.push(piece as Uint8Array)
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value))
  const { method = '', url = '' } = request
  const body = Buffer.concat(pieces).toString('utf8')
  const answered = await answer({ at: Date.now(), method, path: url, headers, body })
  if (answered === 'hang') return
  if (answered === 'reset') {
    request.socket.destroy()
    return
  }
  response.writeHead(answered.status, answered.headers)
  response.end(answered.body ?? '')
}

export const asJson = (status: number, body: unknown, headers: Record<string, string> = {}): Answered => ({
  status,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
})
