// A screen that stands through everything: when its socket is lost it opens another one, and asks for what it missed by seq.

import type { IncidentSummary } from '../../../../src/domain/incident'
import type { FromScreen, ToScreen } from '../../../../src/room/live'

export type LastingScreen = {
  /** In their newest state, as this screen would draw them. */
  cards: Map<string, IncidentSummary>
  /** Sockets after the first, and how long each was away, ms. */
  readonly gaps: number[]
  /** How often it was told to begin anew: then nothing was caught up by seq. */
  readonly snapshots: number
  readonly isOpen: boolean
  close(): void
}

type Viewer = { url: string; token: string; region: string }

const AGAIN_MS = 250
/** Ticks come every 5 s; without any for so long the line is dead, though nobody closed it. */
const SILENT_MS = 12_000

/** Resolves when it is up to date for the first time. */
export async function openLastingScreen({ url, token, region }: Viewer): Promise<LastingScreen> {
  const cards = new Map<string, IncidentSummary>()
  const gaps: number[] = []
  let known: { epoch: string; seq: number } | null = null
  let socket: WebSocket | null = null
  let lostAt: number | null = null
  let snapshots = 0
  let over = false
  let isLive = false
  let heardAt = Date.now()
  const first = Promise.withResolvers<void>()

  const hear = (message: ToScreen, say: (message: FromScreen) => void) => {
    heardAt = Date.now()
    switch (message.t) {
      case 'snapshot':
        snapshots++
        cards.clear()
        break
      case 'live':
        isLive = true
        if (lostAt !== null) gaps.push(Date.now() - lostAt)
        lostAt = null
        known = { epoch: message.epoch, seq: message.seq }
        first.resolve()
        return
      case 'tick':
        say({ t: 'here', seq: known?.seq ?? 0, visible: true, paintedMs: 20, sound: true, inputMs: 500, onCall: false })
        return
      case 'incidents':
        break
      default:
        return
    }
    for (const incident of message.incidents) cards.set(incident.id, incident)
    known = { epoch: message.epoch, seq: message.seq }
  }

  const connect = () => {
    if (over) return
    const headers = { authorization: `Bearer ${token}` }
    const own = new WebSocket(`${url.replace('http', 'ws')}/api/regions/${region}/live`, {
      headers,
    } as unknown as string[])
    socket = own
    heardAt = Date.now()
    const say = (message: FromScreen) => own.readyState === WebSocket.OPEN && own.send(JSON.stringify(message))
    own.addEventListener('open', () => say({ t: 'since', epoch: known?.epoch ?? null, seq: known?.seq ?? 0 }))
    own.addEventListener('message', ({ data }) => hear(JSON.parse(String(data)) as ToScreen, say))
    own.addEventListener('close', () => {
      if (socket !== own) return
      socket = null
      isLive = false
      lostAt ??= Date.now()
      setTimeout(connect, AGAIN_MS)
    })
    own.addEventListener('error', () => {})
  }
  connect()
  const watch = setInterval(() => {
    if (socket && Date.now() - heardAt > SILENT_MS) socket.terminate()
  }, 1_000)
  await first.promise
  return {
    cards,
    gaps,
    get snapshots() {
      return snapshots
    },
    get isOpen() {
      return isLive
    },
    close: () => {
      over = true
      clearInterval(watch)
      socket?.close()
    },
  }
}
