// How each system speaks over its sockets: the lifeline of a phone and the live feed of a screen.
// Socket.IO is spoken directly (Engine.IO 4 over one WebSocket): its client would cost the generator more than its server.

import type { System, Target } from './target'
import { tokenOf } from './target'

export type Opening = { url: string; headers: Record<string, string> }
export type Heard =
  /** The socket is ready for use. */
  { is: 'ready' } | { is: 'answer'; ok: boolean } | { is: 'reply'; text: string } | { is: 'nothing' }

export type Lifeline = {
  open(target: Target, device: number): Opening
  /** Sent as soon as the socket is open; null where opening is all it needs. */
  greet(target: Target, device: number): string | null
  press(press: object, n: number): string
  hear(text: string): Heard
}

/** An incident as a screen got it. `presses` is its count of presses so far, `seq` the number of its change. */
export type Seen = { id: string; presses: number; seq: number }
export type ScreenHeard =
  | { is: 'live' }
  | { is: 'incidents'; seen: Seen[] }
  /** `open`: how many incidents stand open, by the room's own count. */
  | { is: 'tick'; seq: number; open?: number }
  | { is: 'reply'; text: string }
  | { is: 'nothing' }

export type Screen = {
  open(target: Target, cookie: string): Opening
  greet(target: Target): string | null
  hear(text: string): ScreenHeard
  /** The receipts and the sign of life that the tower's screens owe; rivals have none. */
  shown: ((seqs: number[]) => string) | null
  here: ((seq: number) => string) | null
}

const ws = (url: string): string => url.replace(/^http/, 'ws')
const NOTHING = { is: 'nothing' } as const

type Frame = { t?: string; seq?: number; open?: number; incidents?: Card[]; sosId?: string }
type Card = { id: string; pressCount: number; seq: number }
const seenOf = (cards: Card[]): Seen[] => cards.map(({ id, pressCount, seq }) => ({ id, presses: pressCount, seq }))

const plain = (path: string): Lifeline => ({
  open: (target, device) => ({
    url: ws(target.url) + path,
    headers: { authorization: `Bearer ${tokenOf(target, device)}` },
  }),
  greet: () => null,
  press: (press) => JSON.stringify(press),
  hear: (text) => {
    const frame = JSON.parse(text) as Frame
    if (frame.t === 'received') return { is: 'answer', ok: frame.sosId !== undefined }
    return frame.t === 'error' || frame.t === 'refused' ? { is: 'answer', ok: false } : NOTHING
  },
})

const SOCKET_IO = '/socket.io/?EIO=4&transport=websocket'

export const LIFELINES: Record<System, Lifeline> = {
  tower: plain('/api/drivers/lifeline'),
  bun: plain('/lifeline'),
  express: {
    open: (target) => ({ url: ws(target.url) + SOCKET_IO, headers: {} }),
    greet: (target, device) => `40${JSON.stringify({ token: tokenOf(target, device) })}`,
    press: (press, n) => `42${n}${JSON.stringify(['sos', press])}`,
    hear: (text) => {
      if (text === '2') return { is: 'reply', text: '3' }
      if (text.startsWith('40')) return { is: 'ready' }
      if (!text.startsWith('43')) return NOTHING
      const [receipt] = JSON.parse(text.slice(text.indexOf('['))) as [Frame]
      return { is: 'answer', ok: receipt.sosId !== undefined }
    },
  },
}

export const SCREENS: Record<System, Screen> = {
  tower: {
    open: (target, cookie) => ({
      url: `${ws(target.url)}/api/regions/${target.region}/live`,
      headers: { cookie, origin: target.url },
    }),
    greet: () => JSON.stringify({ t: 'since', epoch: null, seq: 0 }),
    hear: (text) => {
      const frame = JSON.parse(text) as Frame
      if (frame.incidents) return { is: 'incidents', seen: seenOf(frame.incidents) }
      if (frame.t === 'live') return { is: 'live' }
      if (frame.t !== 'tick') return NOTHING
      return { is: 'tick', seq: frame.seq ?? 0, ...(frame.open === undefined ? {} : { open: frame.open }) }
    },
    shown: (seqs) => JSON.stringify({ t: 'shown', seqs }),
    here: (seq) =>
      JSON.stringify({ t: 'here', seq, visible: true, paintedMs: 20, sound: true, inputMs: 1000, onCall: false }),
  },
  bun: {
    open: (target) => ({ url: `${ws(target.url)}/screens?region=${target.region}`, headers: {} }),
    greet: () => null,
    hear: (text) => {
      const { incidents } = JSON.parse(text) as Frame
      return incidents ? { is: 'incidents', seen: seenOf(incidents) } : NOTHING
    },
    shown: null,
    here: null,
  },
  express: {
    open: (target) => ({ url: ws(target.url) + SOCKET_IO, headers: {} }),
    greet: (target) => `40/screens,${JSON.stringify({ region: target.region })}`,
    hear: (text) => {
      if (text === '2') return { is: 'reply', text: '3' }
      if (text.startsWith('40/screens')) return { is: 'live' }
      if (!text.startsWith('42/screens,')) return NOTHING
      const [, cards] = JSON.parse(text.slice(11)) as [string, Card[]]
      return { is: 'incidents', seen: seenOf(cards) }
    },
    shown: null,
    here: null,
  },
}
