// What this screen knows: the queued incidents, and where in the room's order it is. A pure reducer, fed by the socket.

import { type IncidentSummary, isQueued } from '../../../src/domain/incident'
import type { ToScreen } from './wire'

export type Store = {
  epoch: string | null
  seq: number
  /** Queued incidents by id. */
  queue: Map<string, IncidentSummary>
  /** Queued rows that the room did not send. */
  more: number
  /** The last incident that left the queue here: what the screen says at rest. */
  last: IncidentSummary | null
}

export const emptyStore = (): Store => ({ epoch: null, seq: 0, queue: new Map(), more: 0, last: null })

/** What a message did. `changed`: incidents in their new state, also those that left the queue; `ask`: something is missing. */
export type Effect = { changed: IncidentSummary[]; reset: boolean; ask: boolean; moved?: boolean }

const NOTHING: Effect = { changed: [], reset: false, ask: false }

/** Changes the store in place. Repeats and old news change nothing. */
export function receive(store: Store, message: ToScreen): Effect {
  switch (message.t) {
    case 'hello':
    // What stands beside the queue is drawn by notices.ts.
    case 'notices':
      return NOTHING
    case 'snapshot':
      store.epoch = message.epoch
      store.seq = message.seq
      store.more = message.more
      store.queue = new Map(message.incidents.map((incident) => [incident.id, incident]))
      return { changed: message.incidents, reset: true, ask: false }
    case 'incidents': {
      if (store.epoch !== message.epoch) return { changed: [], reset: false, ask: true }
      const changed = message.incidents.filter((incident) => note(store, incident))
      store.seq = Math.max(store.seq, message.seq)
      return { changed, reset: false, ask: false }
    }
    case 'moved': {
      const moved = message.moved.filter(({ id, position }) => move(store, id, position))
      return { ...NOTHING, moved: moved.length > 0 }
    }
    case 'live':
      store.epoch = message.epoch
      store.seq = Math.max(store.seq, message.seq)
      return NOTHING
    case 'tick':
      // Frames come in order on one socket: a tick ahead of us means that a frame is missing.
      return { changed: [], reset: false, ask: message.epoch !== store.epoch || message.seq > store.seq }
  }
}

/** False where the incident is not queued here, or its place is as new. No news to a person: its vehicle drives. */
function move(store: Store, id: string, position: NonNullable<IncidentSummary['position']>): boolean {
  const known = store.queue.get(id)
  if (!known || !isNewer(position, known.position)) return false
  store.queue.set(id, { ...known, position })
  return true
}

const isNewer = (one: IncidentSummary['position'], other: IncidentSummary['position']): boolean =>
  one !== null && Date.parse(one.fixedAt ?? '') > (Date.parse(other?.fixedAt ?? '') || 0)

/** False where what we have is as new. */
export function note(store: Store, incident: IncidentSummary): boolean {
  const known = store.queue.get(incident.id)
  if (known && known.seq >= incident.seq) return false
  if (isQueued(incident)) {
    // A card that changed has the place of its press; where the vehicle is now was said apart.
    const position = known && isNewer(known.position, incident.position) ? known.position : incident.position
    store.queue.set(incident.id, position === incident.position ? incident : { ...incident, position })
  } else {
    store.queue.delete(incident.id)
    if (!store.last || store.last.seq < incident.seq) store.last = incident
  }
  return true
}
