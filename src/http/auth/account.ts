// Whose e-mail this is: Postgres says, and while it is away, the copies that the rooms keep.

import type { UserRow } from '../../domain/directory'
import { within } from '../../durable/deadline'

export const POSTGRES_DEADLINE_MS = 2_000
const ROOM_DEADLINE_MS = 2_000
/** After trouble with Postgres it is not asked for so long, so that not every log-in waits for it. */
const TROUBLE_MS = 10_000

export type Directories = {
  /** Rejects while Postgres is away. */
  postgres(email: string): Promise<UserRow | null>
  /** One per room; each rejects while its room is away. */
  rooms: readonly ((email: string) => Promise<UserRow | null>)[]
}

/** `away`: nobody who could know answered. */
export type Found = { user: UserRow | null; from: 'postgres' | 'room' } | 'away'

export class Accounts {
  #troubleUntil = 0

  constructor(private readonly now: () => number = Date.now) {}

  /** The row of an e-mail in any case; null where there is none. */
  async find(email: string, { postgres, rooms }: Directories): Promise<Found> {
    const wanted = email.trim().toLowerCase()
    if (this.now() >= this.#troubleUntil) {
      try {
        return { user: await within(POSTGRES_DEADLINE_MS, postgres(wanted)), from: 'postgres' }
      } catch {
        this.#troubleUntil = this.now() + TROUBLE_MS
      }
    }
    return fromRooms(wanted, rooms)
  }
}

// A room that does not know is no proof: a copy may be younger than the account. The first that knows wins, and the
// newest epoch of several would need all of them, one of which may be dead.
async function fromRooms(email: string, rooms: Directories['rooms']): Promise<Found> {
  let answered = false
  const asked = rooms.map(async (ask) => {
    const user = await within(ROOM_DEADLINE_MS, ask(email))
    answered = true
    if (!user) throw new Error('not known here')
    return user
  })
  const user = await Promise.any(asked).catch(() => null)
  if (!user && !answered) return 'away'
  return { user, from: 'room' }
}
