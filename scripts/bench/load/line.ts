// One phone's lifeline: opens, presses, hears, and comes back after a random wait when it broke.

import { type Outcome, sosIdIn } from './burst'
import { LIFELINES } from './dialects'
import { openSocket } from './socket'
import type { Target } from './target'

const OPENING_LIMIT_MS = 20_000
/** Broadcasts say their number in their words, as A-12. */
const REF = /\bA-(\d+)\b/

export class Line {
  /** How often it broke, was tried anew, and heard something twice or out of order. */
  broken = 0
  tries = 0
  wrong = 0
  /** Epoch ms; 0 before the first time. */
  openedAt = 0
  #socket: WebSocket | null = null
  #ready = false
  #closed = false
  #answered: ((outcome: Outcome) => void) | null = null
  readonly #heard = new Map<number, number>()
  #lastRef = 0

  constructor(
    private readonly target: Target,
    private readonly n: number,
    private readonly jitterMs: number | null,
  ) {}

  get isOpen(): boolean {
    return this.#ready
  }

  /** Resolves when it is open, or was refused. */
  open(): Promise<void> {
    const speech = LIFELINES[this.target.system]
    const socket = openSocket(speech.open(this.target, this.n))
    this.#socket = socket
    this.tries++
    return new Promise((resolve) => {
      const limit = setTimeout(() => socket.close(), OPENING_LIMIT_MS)
      const ready = () => {
        clearTimeout(limit)
        this.#ready = true
        this.openedAt = Date.now()
        resolve()
      }
      socket.addEventListener('open', () => {
        const greeting = speech.greet(this.target, this.n)
        if (greeting === null) ready()
        else socket.send(greeting)
      })
      socket.addEventListener('message', ({ data }) => {
        const text = String(data)
        if (text === 'pong') return
        const heard = speech.hear(text)
        if (heard.is === 'answer') this.#settle(heard.ok ? (sosIdIn(text) ?? '') : null)
        else if (heard.is === 'reply') socket.send(heard.text)
        else if (heard.is === 'ready') ready()
        else this.#listen(text)
      })
      socket.addEventListener('close', () => {
        clearTimeout(limit)
        if (this.#socket !== socket) return
        this.#lost()
        resolve()
      })
    })
  }

  press(text: string, limitMs: number): Promise<Outcome> {
    return new Promise((resolve) => {
      const limit = setTimeout(() => this.#answered?.({ failed: 'no answer' }), limitMs)
      this.#answered = (outcome) => {
        clearTimeout(limit)
        this.#answered = null
        resolve(outcome)
      }
      if (this.#ready) this.#socket?.send(text)
      else this.#answered({ failed: 'line broken' })
    })
  }

  ping(): void {
    if (this.#ready && this.target.system === 'tower') this.#socket?.send('ping')
  }

  heardAt(ref: number): number | undefined {
    return this.#heard.get(ref)
  }

  close(): void {
    this.#closed = true
    this.#socket?.close()
  }

  #settle(sosId: string | null): void {
    this.#answered?.(sosId ? { sosId } : { failed: 'refused' })
  }

  #listen(text: string): void {
    if (!text.includes('"t":"message"')) return
    const ref = Number(REF.exec(text)?.[1])
    if (ref !== this.#lastRef + 1) this.wrong++
    this.#lastRef = ref
    if (!this.#heard.has(ref)) this.#heard.set(ref, Date.now())
  }

  #lost(): void {
    if (this.#ready) this.broken++
    this.#ready = false
    this.#socket = null
    this.#answered?.({ failed: 'line broken' })
    if (this.jitterMs === null || this.#closed) return
    setTimeout(() => void (this.#closed || this.open()), Math.random() * this.jitterMs)
  }
}
