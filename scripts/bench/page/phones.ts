// The process of phones that hold their lifelines open and hear what the tower says to them. It remembers when each first heard.

import { answer } from '../child'
import { LIFELINES } from '../load/dialects'
import { openSocket } from '../load/socket'
import type { Target } from '../load/target'

export type PhonesPlan = { target: Target; phones: number }
/** Epoch ms; null before anybody has heard anything. `repeats`: messages beyond the first of a phone. */
export type Heard = { phones: number; repeats: number; firstAt: number | null; lastAt: number | null; closed: number }

const AT_ONCE = 50
const OPENING_LIMIT_MS = 10_000

let sockets: WebSocket[] = []
let heardAt = new Map<number, number>()
let repeats = 0
let closed = 0

function open(target: Target, n: number): Promise<void> {
  const socket = openSocket(LIFELINES.tower.open(target, n))
  sockets.push(socket)
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`phone ${n} has no lifeline`)), OPENING_LIMIT_MS)
    socket.addEventListener('open', () => {
      clearTimeout(limit)
      resolve()
    })
    socket.addEventListener('close', () => closed++)
    socket.addEventListener('message', ({ data }) => {
      if ((JSON.parse(String(data)) as { t?: string }).t !== 'message') return
      if (heardAt.has(n)) repeats++
      else heardAt.set(n, Date.now())
    })
  })
}

answer({
  open: async ({ target, phones }: PhonesPlan) => {
    for (let n = 0; n < phones; n += AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, phones - n) }, (_, k) => open(target, n + k)))
    }
    return sockets.length
  },
  heard: (): Heard => {
    const times = [...heardAt.values()]
    return {
      phones: heardAt.size,
      repeats,
      firstAt: times.length === 0 ? null : Math.min(...times),
      lastAt: times.length === 0 ? null : Math.max(...times),
      closed,
    }
  },
  close: () => {
    for (const socket of sockets) socket.close()
    sockets = []
    heardAt = new Map()
    repeats = 0
    closed = 0
  },
})
