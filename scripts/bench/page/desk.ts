// People at desks as this bench plays them: programs that log in and act over the API, and screens that say they are there.

import type { IncidentSummary } from '../../../src/domain/incident'
import type { RegionId } from '../../../src/domain/region'
import type { FromScreen, ToScreen } from '../../../src/room/live'
import { openSocket } from '../load/socket'

export type Account = { email: string; password: string }
type Answer<T> = { status: number; body: T }

const LOGIN_TRIES = 40
const OPENING_LIMIT_MS = 10_000

export class Desk {
  private constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  /** The door takes one log-in a second from one address. */
  static async logIn(url: string, { email, password }: Account): Promise<Desk> {
    for (let tries = 0; tries < LOGIN_TRIES; tries++) {
      const { status, body } = await call<{ token?: string }>(`${url}/api/auth/login`, null, { email, password })
      if (status === 200 && body.token) return new Desk(url, body.token)
      if (status !== 429) throw new Error(`log-in of ${email} answered ${status}: ${JSON.stringify(body)}`)
      await Bun.sleep(1_000)
    }
    throw new Error(`${email} could not log in`)
  }

  post<T>(path: string, body: unknown = {}): Promise<Answer<T>> {
    return call<T>(this.url + path, this.token, body)
  }

  /** Throws where it is not answered 2xx. */
  async put<T>(path: string, body: unknown): Promise<T> {
    const answered = await call<T>(this.url + path, this.token, body, 'PUT')
    if (answered.status >= 300) throw new Error(`PUT ${path}: ${answered.status} ${JSON.stringify(answered.body)}`)
    return answered.body
  }

  act(incidentId: string, act: string, body: unknown = {}): Promise<Answer<{ incident?: IncidentSummary }>> {
    return this.post(`/api/incidents/${incidentId}/${act}`, body)
  }

  /** A screen that is watched, unlocked and used, and sends the receipts of what it shows. Resolves when it is live. */
  screen(region: RegionId): Promise<Screen> {
    const socket = openSocket({
      url: `${this.url.replace('http', 'ws')}/api/regions/${region}/live`,
      headers: { authorization: `Bearer ${this.token}` },
    })
    return Screen.open(socket)
  }
}

export class Screen {
  readonly cards = new Map<string, IncidentSummary>()
  private constructor(private readonly socket: WebSocket) {}

  static open(socket: WebSocket): Promise<Screen> {
    const screen = new Screen(socket)
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('a screen did not open')), OPENING_LIMIT_MS)
      socket.addEventListener('open', () => {
        screen.say({ t: 'since', epoch: null, seq: 0 })
        screen.here()
      })
      socket.addEventListener('close', ({ code }) => reject(new Error(`a screen was closed with ${code}`)))
      socket.addEventListener('message', ({ data }) => {
        const heard = JSON.parse(String(data)) as ToScreen
        if (heard.t === 'live') {
          clearTimeout(limit)
          screen.here()
          resolve(screen)
        } else screen.hear(heard)
      })
    })
  }

  close(): void {
    this.socket.close()
  }

  private hear(heard: ToScreen): void {
    if (heard.t === 'tick') this.here()
    if (heard.t !== 'incidents' && heard.t !== 'snapshot') return
    for (const card of heard.incidents) this.cards.set(card.id, card)
    const seqs = heard.incidents.filter(({ shownAt }) => shownAt === null).map(({ seq }) => seq)
    if (seqs.length > 0) this.say({ t: 'shown', seqs })
  }

  private here(): void {
    this.say({ t: 'here', seq: 0, visible: true, paintedMs: 20, sound: true, inputMs: 500, onCall: false })
  }

  private say(said: FromScreen): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(said))
  }
}

async function call<T>(url: string, token: string | null, body: unknown, method = 'POST'): Promise<Answer<T>> {
  const headers = {
    'content-type': 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  }
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) })
  const text = await response.text()
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T }
}
