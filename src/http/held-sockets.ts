// How many sockets this process holds, over all its objects, and who is refused first where they become too many: workerd
// spends two descriptors on each, and ends the process where accept() finds none left. Plain counts, known to doors and pages.

/** What a socket is for. */
export type SocketUse = 'lifeline' | 'screen' | 'map' | 'position'

/**
 * Shares of SOCKET_LIMIT. `own`: as many of its kind at most. `all`: none more where all together are so many. Position sockets
 * go first, for a report may also come by HTTP. Screens are refused long before they could take a phone its line, and a tenth
 * stays free of lifelines, for an SOS that is on no screen has been heard by nobody.
 */
const SHARES: Record<SocketUse, { own: number; all: number }> = {
  lifeline: { own: 0.9, all: 1 },
  screen: { own: 0.25, all: 1 },
  map: { own: 0.25, all: 0.95 },
  position: { own: 0.5, all: 0.8 },
}

/** As SOCKET_LIMIT; without one there is always room. */
type Limited = { SOCKET_LIMIT?: string }

/** `refused`: since this process began. */
export type SocketLoad = { limit: number | null; held: Record<SocketUse, number>; refused: Record<SocketUse, number> }

const none = (): Record<SocketUse, number> => ({ lifeline: 0, screen: 0, map: 0, position: 0 })

/** Each object says how many it has. One that has died says so when it is born again: its sockets have gone with it. */
export class HeldSockets {
  readonly #held = new Map<string, { use: SocketUse; sockets: number }>()
  readonly #refused = none()

  /** Notes how many sockets of this use an object holds now. */
  holds(object: string, use: SocketUse, sockets: number): void {
    this.#held.set(`${use} ${object}`, { use, sockets })
  }

  hasRoomFor(use: SocketUse, { SOCKET_LIMIT }: Limited): boolean {
    if (!SOCKET_LIMIT) return true
    const limit = Number(SOCKET_LIMIT)
    const held = this.#byUse()
    const all = Object.values(held).reduce((sum, each) => sum + each, 0)
    return held[use] < limit * SHARES[use].own && all < limit * SHARES[use].all
  }

  /** Somebody was told that there is no room. */
  refused(use: SocketUse): void {
    this.#refused[use]++
  }

  load({ SOCKET_LIMIT }: Limited): SocketLoad {
    return { limit: SOCKET_LIMIT ? Number(SOCKET_LIMIT) : null, held: this.#byUse(), refused: { ...this.#refused } }
  }

  #byUse(): Record<SocketUse, number> {
    const counts = none()
    for (const { use, sockets } of this.#held.values()) counts[use] += sockets
    return counts
  }
}

/** Of the whole process on purpose, as the descriptors are. */
export const heldSockets = new HeldSockets()
