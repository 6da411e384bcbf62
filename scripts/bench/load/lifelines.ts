// Phones on shift: each holds one socket open and presses through it, the next press when the last was answered.

import { Histogram, type RawHistogram } from '../histogram'
import { LIFELINES } from './dialects'
import { openSocket } from './socket'
import { deviceId, pressOf, type Target } from './target'

export type LifelinePlan = { target: Target; sockets: number }
/** Ends when each socket has had `presses` answers, or after `seconds`, whichever is first. */
export type LifelineBurst = { presses: number; seconds: number }
export type LifelineResult = {
  answered: number
  failed: number
  seconds: number
  perSecond: number
  /** When the first was sent, epoch ms. */
  startedAt: number
  latency: RawHistogram
}

type Phone = { socket: WebSocket; heard: (ok: boolean) => void }

const OPENING_AT_ONCE = 50
const OPENING_LIMIT_MS = 10_000
const ANSWER_LIMIT_MS = 30_000

let phones: Phone[] = []
let target: Target | null = null

/** Answers milliseconds until all were open. */
export async function openLifelines(plan: LifelinePlan): Promise<number> {
  closeLifelines()
  target = plan.target
  const from = performance.now()
  for (let n = 0; n < plan.sockets; n += OPENING_AT_ONCE) {
    const some = Array.from({ length: Math.min(OPENING_AT_ONCE, plan.sockets - n) }, (_, k) =>
      openPhone(plan.target, n + k),
    )
    phones.push(...(await Promise.all(some)))
  }
  return performance.now() - from
}

export async function pressLifelines(plan: LifelineBurst): Promise<LifelineResult> {
  const to = target
  if (!to || phones.length === 0) throw new Error('no lifelines are open')
  const speech = LIFELINES[to.system]
  const latency = new Histogram()
  const result = { answered: 0, failed: 0 }
  const startedAt = Date.now()
  const from = performance.now()
  const until = from + plan.seconds * 1000
  let lastAt = from
  const shift = async (phone: Phone, n: number) => {
    for (let count = 0; count < plan.presses && performance.now() < until; count++) {
      const at = performance.now()
      const heard = answered(phone)
      phone.socket.send(speech.press(pressOf(to, n), count))
      if (await heard) result.answered++
      else result.failed++
      lastAt = performance.now()
      latency.addMs(lastAt - at)
    }
  }
  await Promise.all(phones.map(shift))
  const seconds = (lastAt - from) / 1000
  return { ...result, seconds, perSecond: result.answered / seconds, startedAt, latency: latency.raw() }
}

export function closeLifelines(): void {
  for (const { socket } of phones) socket.close()
  phones = []
}

/** False for a refusal, a closed socket, and silence. */
function answered(phone: Phone): Promise<boolean> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => resolve(false), ANSWER_LIMIT_MS)
    phone.heard = (ok) => {
      clearTimeout(limit)
      resolve(ok)
    }
  })
}

function openPhone(to: Target, n: number): Promise<Phone> {
  const speech = LIFELINES[to.system]
  const socket = openSocket(speech.open(to, n))
  const phone: Phone = { socket, heard: () => {} }
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`${deviceId(to, n)}: no lifeline`)), OPENING_LIMIT_MS)
    const ready = () => {
      clearTimeout(limit)
      resolve(phone)
    }
    socket.addEventListener('open', () => {
      const greeting = speech.greet(to, n)
      if (greeting === null) ready()
      else socket.send(greeting)
    })
    socket.addEventListener('message', ({ data }) => {
      const heard = speech.hear(String(data))
      if (heard.is === 'answer') phone.heard(heard.ok)
      else if (heard.is === 'reply') socket.send(heard.text)
      else if (heard.is === 'ready') ready()
    })
    socket.addEventListener('close', ({ code }) => {
      clearTimeout(limit)
      reject(new Error(`${deviceId(to, n)}: lifeline closed with ${code}`))
      phone.heard(false)
    })
  })
}
