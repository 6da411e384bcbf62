// "Room away": while the room does not tick, the region's intakes are asked every 2 s for presses that it has not taken,
// and these are shown with sound as if the room had sent them. When the room is back, its own card takes over.

import type { IncidentSummary } from '../../../src/domain/incident'
import type { UnplacedCard } from './wire'

export const ASK_EVERY_MS = 2_000

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/** An intake's card as the queue draws it. Quiet, whatever its kind: nothing is proven while the room is away. */
export function asIncident(card: UnplacedCard): IncidentSummary {
  const receivedAt = new Date(card.receivedAt).toISOString()
  return {
    id: card.sosId,
    code: `${card.region}-…`,
    state: 'new',
    priority: 'P1',
    contactPolicy: 'quiet',
    kind: card.kind,
    reporter: 'driver',
    door: 'api',
    region: card.region,
    desk: card.region,
    deviceId: card.deviceId,
    driver: card.driver === null ? null : { id: '', name: card.driver, phone: null },
    vehicle:
      card.plate === null ? null : { id: '', plate: card.plate, conduction: null, make: '', model: '', colour: '' },
    position: card.position && { ...card.position, fixedAt: iso(card.position.fixedAt) },
    pressCount: 1,
    flags: ['unplaced', 'room_away'],
    note: null,
    pressedAt: null,
    receivedAt,
    shownAt: null,
    takenAt: null,
    helpOnTheWayAt: null,
    safeAt: null,
    closedAt: null,
    alarmedAt: receivedAt,
    lastActAt: null,
    owner: null,
    legs: [],
    furthestLeg: null,
    links: [],
    merged: [],
    mergedInto: null,
    pending: null,
    offeredTo: null,
    ring: { n: 1, to: 'all', reason: 'new', at: receivedAt },
    // Older than anything of the room: its own card of the same press always wins.
    seq: -1,
  }
}

/** Cards that no incident of the room accounts for, neither by its id nor by its device. */
export function stillUnplaced(
  cards: Iterable<IncidentSummary>,
  queue: ReadonlyMap<string, IncidentSummary>,
): IncidentSummary[] {
  const devices = new Set([...queue.values()].map(({ deviceId }) => deviceId))
  return [...cards].filter(({ id, deviceId }) => !queue.has(id) && !devices.has(deviceId))
}

/** Null where nobody answers: the intakes are away too, or we are. */
export async function askUnplaced(region: string): Promise<UnplacedCard[] | null> {
  try {
    const answer = await fetch(`/api/regions/${region}/unplaced`, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(ASK_EVERY_MS * 2),
    })
    if (!answer.ok) return null
    const body: unknown = await answer.json()
    const cards = (body as { cards?: unknown }).cards
    return Array.isArray(cards) ? (cards as UnplacedCard[]) : null
  } catch {
    return null
  }
}
