// A provider that behaves: takes every text and call after 200 ms, says later what became of it under its signature, and takes
// hand-offs as an agency's machine. In a process of its own, on loopback; it remembers when everything came.

import { createHmac } from 'node:crypto'
import { answer } from '../child'
import { ACCOUNT } from './account'

/** How long it takes to answer. */
const ANSWERS_AFTER_MS = 200
/** Texts and calls are heard of again so long after they were taken. */
const FOLLOWS_MS = 300
/** A call that nobody picks up rings out. */
const RINGS_MS = 25_000

/** Epoch ms. `to`: as the tower asked for it. */
export type Asked = {
  attemptId: string
  kind: 'text' | 'call'
  to: string
  at: number
  acceptedAt: number
  /** When it began to call back with `undelivered`. */
  undeliveredAt: number | null
}
/** A hand-off, by the code of its incident. */
export type HandedOff = { code: string; at: number }
export type Texts = 'delivered' | 'undelivered'

type Resource = Asked & { sid: string; callback: string; status: string }

let texts: Texts = 'delivered'
const resources = new Map<string, Resource>()
const handedOff: HandedOff[] = []
const faults: string[] = []
const root = `/2010-04-01/Accounts/${ACCOUNT.sid}`

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  idleTimeout: 120,
  fetch: async (request) => {
    const at = Date.now()
    const { pathname } = new URL(request.url)
    if (pathname === '/agency') return agency(at, await request.json())
    if (request.method === 'GET') return read(pathname)
    if (pathname === `${root}/Messages.json`) return take('text', at, await request.text())
    if (pathname === `${root}/Calls.json`) return take('call', at, await request.text())
    return new Response(null, { status: 404 })
  },
})

async function take(kind: Asked['kind'], at: number, body: string): Promise<Response> {
  const form = new URLSearchParams(body)
  const callback = form.get('StatusCallback') ?? ''
  await Bun.sleep(ANSWERS_AFTER_MS)
  const resource: Resource = {
    attemptId: callback.split('/').at(-1) ?? '',
    kind,
    to: form.get('To') ?? '',
    at,
    acceptedAt: Date.now(),
    undeliveredAt: null,
    sid: `${kind === 'text' ? 'SM' : 'CA'}${crypto.randomUUID().replaceAll('-', '')}`,
    callback,
    status: 'queued',
  }
  resources.set(resource.sid, resource)
  if (kind === 'text') later(FOLLOWS_MS, resource, texts)
  else {
    later(FOLLOWS_MS, resource, 'ringing')
    later(RINGS_MS, resource, 'no-answer')
  }
  return Response.json(shown(resource), { status: 201 })
}

function read(pathname: string): Response {
  const resource = resources.get(/(\w{34})\.json$/.exec(pathname)?.[1] ?? '')
  return resource ? Response.json(shown(resource)) : new Response(null, { status: 404 })
}

const shown = ({ sid, status }: Resource) => ({ sid, status, error_code: status === 'undelivered' ? 30008 : null })

function later(ms: number, resource: Resource, status: string): void {
  setTimeout(() => void tell(resource, status).catch((error: unknown) => faults.push(String(error))), ms)
}

async function tell(resource: Resource, status: string): Promise<void> {
  resource.status = status
  const said: Record<string, string> =
    resource.kind === 'text'
      ? { MessageSid: resource.sid, MessageStatus: status, ...(status === 'undelivered' ? { ErrorCode: '30008' } : {}) }
      : { CallSid: resource.sid, CallStatus: status }
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'x-twilio-signature': signature(resource.callback, said),
  }
  if (status === 'undelivered') resource.undeliveredAt = Date.now()
  const body = new URLSearchParams(said).toString()
  const answered = await fetch(resource.callback, { method: 'POST', headers, body })
  await answered.body?.cancel()
  if (!answered.ok) faults.push(`a callback was answered ${answered.status}`)
}

function signature(url: string, said: Record<string, string>): string {
  const names = Object.keys(said).sort()
  const data = url + names.map((name) => `${name}${said[name]}`).join('')
  return createHmac('sha1', ACCOUNT.token).update(data).digest('base64')
}

function agency(at: number, message: unknown): Response {
  const { type, incident } = message as { type: string; incident?: { code: string } }
  if (type === 'handoff.initial' && incident) handedOff.push({ code: incident.code, at })
  return new Response(null, { status: 204 })
}

answer({
  url: () => `http://127.0.0.1:${server.port}`,
  texts: (become: Texts) => {
    texts = become
    return become
  },
  asked: (): Asked[] => [...resources.values()].map(({ sid: _, callback: __, status: ___, ...asked }) => asked),
  handedOff: () => handedOff,
  /** What of its callbacks the tower did not take. */
  faults: () => faults,
})
