// The process that watches: screens of one region, each of which parses every message it gets and knows how many
// presses it has been told of. The tower's screens also send what a page sends: signs of life and receipts.

import { answer } from '../child'
import { SCREENS, type Seen } from './dialects'
import { openSocket } from './socket'
import type { Target } from './target'

export type ScreensPlan = { target: Target; count: number; cookie: string }
export type ScreensSeen = {
  /** Messages of incidents, of all screens together. */
  frames: number
  /** Presses that the screen that knows least, and the one that knows most, has been told of. */
  presses: { least: number; most: number }
  incidents: { least: number }
  /** What the room's last tick counted as open, on the screen that was told least; null where none was told. */
  open: number | null
  /** When the last of them learnt of a press, epoch ms. */
  lastAt: number
  closed: number
}

type View = {
  socket: WebSocket
  known: Map<string, number>
  presses: number
  seqs: number[]
  due: boolean
  open: number | null
}

/** A page sends receipts at most this often. */
const RECEIPT_EVERY_MS = 250
const OPENING_LIMIT_MS = 10_000

let views: View[] = []
let frames = 0
let lastAt = 0
let closed = 0

answer({
  open: async (plan: ScreensPlan) => {
    closeAll()
    for (let n = 0; n < plan.count; n++) views.push(await openScreen(plan))
    // What lay there before is not what is measured.
    for (const view of views) view.presses = 0
  },
  seen: (): ScreensSeen => ({
    frames,
    presses: {
      least: Math.min(...views.map((view) => view.presses)),
      most: Math.max(...views.map((view) => view.presses)),
    },
    incidents: { least: Math.min(...views.map((view) => view.known.size)) },
    open: views.some(({ open }) => open === null) ? null : Math.min(...views.map(({ open }) => open ?? 0)),
    lastAt,
    closed,
  }),
  /** Pairs of a screen and one of these incidents that it never heard of. */
  missing: (ids: string[]): number =>
    views.reduce((sum, { known }) => sum + ids.filter((id) => !known.has(id)).length, 0),
  close: () => closeAll(),
})

function closeAll(): void {
  const old = views
  views = []
  for (const { socket } of old) socket.close()
  frames = 0
  closed = 0
  lastAt = 0
}

function openScreen(plan: ScreensPlan): Promise<View> {
  const speech = SCREENS[plan.target.system]
  const opening = speech.open(plan.target, plan.cookie)
  const socket = openSocket(opening)
  const view: View = { socket, known: new Map(), presses: 0, seqs: [], due: false, open: null }
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`no screen at ${opening.url}`)), OPENING_LIMIT_MS)
    const live = () => {
      clearTimeout(limit)
      if (speech.here) socket.send(speech.here(0))
      resolve(view)
    }
    socket.addEventListener('open', () => {
      const greeting = speech.greet(plan.target)
      if (greeting !== null) socket.send(greeting)
      else live()
    })
    socket.addEventListener('message', ({ data }) => {
      const heard = speech.hear(String(data))
      if (heard.is === 'incidents') {
        for (const { id, presses } of heard.seen) learn(view, id, presses)
        frames++
        if (speech.shown) receipt(view, heard.seen, speech.shown)
      } else if (heard.is === 'live') live()
      else if (heard.is === 'reply') socket.send(heard.text)
      else if (heard.is === 'tick' && speech.here) {
        view.open = heard.open ?? view.open
        socket.send(speech.here(heard.seq))
      }
    })
    socket.addEventListener('close', ({ code, reason }) => {
      clearTimeout(limit)
      if (views.includes(view)) closed++
      reject(new Error(`screen closed with ${code} ${reason}`))
    })
  })
}

function learn(view: View, id: string, presses: number): void {
  const before = view.known.get(id) ?? 0
  if (presses <= before) return
  view.known.set(id, presses)
  view.presses += presses - before
  lastAt = Date.now()
}

function receipt(view: View, seen: readonly Seen[], shown: (seqs: number[]) => string): void {
  for (const { seq } of seen) view.seqs.push(seq)
  if (view.due) return
  view.due = true
  setTimeout(() => {
    view.due = false
    if (view.socket.readyState === WebSocket.OPEN) view.socket.send(shown(view.seqs.splice(0)))
  }, RECEIPT_EVERY_MS)
}
