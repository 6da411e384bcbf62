// An ordinary day's load on a tower, for as long as it is soaked: drivers on shift who come and go, vehicles that report, presses that
// a desk takes, works on and closes. Whatever is not answered as it should be is counted.

import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import type { Tower } from '../lib/tower'

const REGION = 'NCR'
const SCREENS = 10
const LIFELINES = 100
const VEHICLES = 100
const PRESS_EVERY_MS = 2_000
const REPORT_EVERY_MS = 5_000
/** One screen and one lifeline go and come back in this time: what they leave behind would add up. */
const CHURN_EVERY_MS = 1_000
/** How long a desk is at one incident. */
const WORK_MS = 3_000
const TOKEN_LASTS_S = 48 * 3_600

export class Load {
  answered = 0
  failed = 0
  private readonly timers: ReturnType<typeof setInterval>[] = []
  private readonly sockets: WebSocket[] = []
  private bearer = ''
  private over = false
  private n = 0

  constructor(private readonly tower: Tower) {}

  async begin(): Promise<void> {
    this.bearer = await this.logIn()
    for (let n = 0; n < SCREENS; n++) this.openScreen(n)
    for (let n = 0; n < LIFELINES; n++) this.openLifeline(SCREENS + n, n)
    const vehicles = Array.from({ length: VEHICLES }, (_, n) => this.tokenOf(`soak-taxi-${n}`))
    this.every(PRESS_EVERY_MS, () => void this.incident().catch(() => this.failed++))
    this.every(REPORT_EVERY_MS / VEHICLES, () => void this.report(vehicles).catch(() => this.failed++))
    this.every(CHURN_EVERY_MS, () => {
      const at = this.n++ % (SCREENS + LIFELINES)
      this.sockets[at]?.close()
      if (at < SCREENS) this.openScreen(at)
      else this.openLifeline(at, at - SCREENS)
    })
  }

  end(): void {
    this.over = true
    for (const timer of this.timers) clearInterval(timer)
    for (const socket of this.sockets) socket.close()
  }

  private every(ms: number, run: () => void): void {
    this.timers.push(setInterval(run, ms))
  }

  /** From the press to its end, as a desk does it. */
  private async incident(): Promise<void> {
    const token = this.tokenOf(`soak-${crypto.randomUUID()}`)
    const body = { id: crypto.randomUUID(), kind: 'crash', position: { lat: 14.55, lng: 121.02 } }
    const pressed = await this.ask('/api/sos', token, body)
    if (pressed.status !== 201) throw new Error(`a press was answered ${pressed.status}`)
    const { sosId } = (await pressed.json()) as { sosId: string }
    this.answered++
    await Bun.sleep(WORK_MS)
    for (const [act, more] of [
      ['take', {}],
      ['note', { text: 'Talking to the driver' }],
      ['safe', { confirmedBy: 'own_voice' }],
      ['close', {}],
    ] as const) {
      if (this.over) return
      const { status } = await this.ask(`/api/incidents/${sosId}/${act}`, this.bearer, more)
      if (status === 401) this.bearer = await this.logIn()
      else if (status !== 200) throw new Error(`${act} was answered ${status}`)
    }
  }

  private async report(vehicles: readonly string[]): Promise<void> {
    const n = this.n++ % vehicles.length
    const place = { lat: 14.5 + Math.random() / 10, lng: 121 + Math.random() / 20, fixedAt: Date.now() }
    const { status } = await this.ask('/api/positions', vehicles[n] as string, place)
    if (status !== 200) throw new Error(`a position was answered ${status}`)
  }

  private openScreen(at: number): void {
    const socket = this.open(`/api/regions/${REGION}/live`, this.bearer)
    const say = (message: object) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message))
    const here = () =>
      say({ t: 'here', seq: 0, visible: true, paintedMs: 20, sound: true, inputMs: 500, onCall: false })
    socket.addEventListener('open', () => {
      say({ t: 'since', epoch: null, seq: 0 })
      here()
    })
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(String(data)) as { t: string; incidents?: { seq: number; shownAt: string | null }[] }
      if (frame.t === 'tick') here()
      const seqs = (frame.incidents ?? []).filter(({ shownAt }) => shownAt === null).map(({ seq }) => seq)
      if (seqs.length > 0) say({ t: 'shown', seqs })
    })
    this.sockets[at] = socket
  }

  private openLifeline(at: number, n: number): void {
    this.sockets[at] = this.open('/api/drivers/lifeline', this.tokenOf(`soak-shift-${n}`))
  }

  private open(path: string, bearer: string): WebSocket {
    const socket = new WebSocket(this.tower.url.replace('http', 'ws') + path, {
      headers: { authorization: `Bearer ${bearer}` },
    } as unknown as string[])
    socket.addEventListener('error', () => {
      if (!this.over) this.failed++
    })
    return socket
  }

  private ask(path: string, bearer: string, body: object): Promise<Response> {
    return fetch(this.tower.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    })
  }

  private async logIn(): Promise<string> {
    const person = this.tower.demo?.operators.find(
      ({ role, regions }) => role === 'operator' && regions.includes(REGION),
    )
    if (!person) throw new Error('the demo has no operator')
    const answer = await this.ask('/api/auth/login', '', { email: person.email, password: person.password })
    if (answer.status !== 200) throw new Error(`the log-in was answered ${answer.status}`)
    return ((await answer.json()) as { token: string }).token
  }

  private tokenOf(deviceId: string): string {
    const expiresAt = Math.floor(Date.now() / 1_000) + TOKEN_LASTS_S
    return signDeviceToken(parseKeys(this.tower.secrets.DEVICE_KEYS), {
      ...{ deviceId, home: REGION, generation: 1, expiresAt },
    })
  }
}
