// One request of the mixed load, timed and counted under the operation that it is.

import { Histogram, type RawHistogram } from '../histogram'
import { openSocket } from '../load/socket'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
/** How it was answered: by status, how long that took, and what the first refusal said. */
export type Touched = { statuses: Record<string, number>; latency: RawHistogram; refusal: string | null }
export type Answer<T> = { status: number; body: T }
/** Filled into `{name}` of the address. */
export type Filled = Record<string, string>
export type Sent = { token?: string; json?: unknown; text?: string; type?: string; query?: string; at?: number }

/** A socket that neither opens nor fails within this is a failure. */
const OPENING_LIMIT_MS = 10_000
const ANSWER_LIMIT_MS = 30_000
/** Characters of a refusal: its code and message. */
const REFUSAL_TOLD = 200

export class Caller {
  readonly #touched = new Map<string, Omit<Touched, 'latency'> & { latency: Histogram }>()

  constructor(readonly url: string) {}

  /** `path` as the OpenAPI document writes it. `at`: when it was meant to be sent, by performance.now(). Status 0: no answer. */
  async call<T = unknown>(method: Method, path: string, filled: Filled = {}, sent: Sent = {}): Promise<Answer<T>> {
    const at = sent.at ?? performance.now()
    const address = `${this.url}${fill(path, filled)}${sent.query ? `?${sent.query}` : ''}`
    const body = sent.json === undefined ? sent.text : JSON.stringify(sent.json)
    const headers: Record<string, string> = { accept: path.startsWith('/api/') ? 'application/json' : 'text/html' }
    if (sent.token) headers.authorization = `Bearer ${sent.token}`
    if (body !== undefined) headers['content-type'] = sent.type ?? 'application/json'
    try {
      const signal = AbortSignal.timeout(ANSWER_LIMIT_MS)
      const response = await fetch(address, { method, headers, signal, redirect: 'manual', ...(body ? { body } : {}) })
      const text = await response.text()
      this.#note(`${method} ${path}`, response.status, at, text)
      return { status: response.status, body: read<T>(text, response) }
    } catch {
      this.#note(`${method} ${path}`, 0, at)
      return { status: 0, body: null as T }
    }
  }

  /** Until it is open: 101, or 0. The socket stays open until it is closed by whoever asked. */
  open(path: string, filled: Filled, token: string, query = ''): Promise<WebSocket | null> {
    const at = performance.now()
    const url = `${this.url.replace('http', 'ws')}${fill(path, filled)}${query ? `?${query}` : ''}`
    const socket = openSocket({ url, headers: { authorization: `Bearer ${token}` } })
    return new Promise((resolve) => {
      const done = (status: number) => {
        clearTimeout(limit)
        this.#note(`GET ${path}`, status, at)
        resolve(status === 101 ? socket : null)
      }
      const limit = setTimeout(() => done(0), OPENING_LIMIT_MS)
      socket.onopen = () => {
        socket.onclose = null
        done(101)
      }
      socket.onclose = () => done(0)
    })
  }

  touched(): Record<string, Touched> {
    return Object.fromEntries(
      [...this.#touched].map(([name, { latency, ...rest }]) => [name, { ...rest, latency: latency.raw() }]),
    )
  }

  #note(name: string, status: number, at: number, said = ''): void {
    const touched = this.#touched.get(name) ?? { statuses: {}, latency: new Histogram(), refusal: null }
    this.#touched.set(name, touched)
    touched.statuses[status] = (touched.statuses[status] ?? 0) + 1
    touched.latency.addMs(performance.now() - at)
    if (status >= 400) touched.refusal ??= `${status} ${said.slice(0, REFUSAL_TOLD)}`
  }
}

const fill = (path: string, filled: Filled): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = filled[name]
    if (value === undefined) throw new Error(`${path}: nothing for ${name}`)
    return encodeURIComponent(value)
  })

/** What is not JSON is text. */
function read<T>(text: string, response: Response): T {
  const isJson = (response.headers.get('content-type') ?? '').includes('json')
  return (isJson && text !== '' ? JSON.parse(text) : text) as T
}
