// I8 and the screens' half of I3: whoever reconnects has exactly what the room has, and what is painted is known to be painted.

import { type Incident, isQueued } from '../../../src/domain/incident'
import type { RoomLife } from '../actors/room'
import type { Screen } from '../actors/screen'
import type { World } from '../world/world'
import type { Parts } from './index'

type Truth = ReadonlyMap<string, { seq: number; queued: boolean }>

/** A screen that has been there for so long has painted all, and its receipts are in. */
const PAINTED_WITHIN_MS = 10_000

export class Seen {
  constructor(
    private readonly world: World,
    private readonly parts: Parts,
  ) {}

  truthOf(core: RoomLife): Truth {
    return new Map(core.room.since(0, 10_000).map((each) => [each.id, { seq: each.seq, queued: isQueued(each) }]))
  }

  caughtUp(screen: Screen, truth: Truth): void {
    const { queue } = screen.store
    for (const [id, { seq, queued }] of truth) {
      const shown = queue.get(id)
      if (queued && (!shown || shown.seq < seq))
        this.world.broken('I8', `${screen.name} is up to date, and has ${id} at ${shown?.seq ?? 'no'} seq of ${seq}`)
      if (!queued && shown && shown.seq <= seq)
        this.world.broken('I8', `${screen.name} is up to date, and still shows ${id}, which is over`)
    }
  }

  afterHealing(screens: readonly Screen[]): void {
    const truth = this.parts.room.enter((core) => this.truthOf(core))
    for (const screen of screens) {
      if (!screen.isLive) this.world.broken('I8', `${screen.name} has not come back`)
      else this.caughtUp(screen, truth)
    }
    const since = Math.min(...screens.map((screen) => (screen.isLive ? screen.liveSince : Number.POSITIVE_INFINITY)))
    // A receipt that could not be written is not asked for again until a screen comes anew.
    if (this.world.time.now - since < PAINTED_WITHIN_MS || this.parts.room.refusals > 0) return
    const rows = this.parts.room.disk.read<{ body: string }>(
      'SELECT body FROM incident WHERE queued = 1 AND NOT EXISTS (SELECT 1 FROM shown WHERE shown.incident = incident.id)',
    )
    for (const { body } of rows) {
      const { code, shownAt } = JSON.parse(body) as Incident
      if (shownAt === null) this.world.broken('I3', `${code} is on a screen, and nobody knows`)
    }
  }
}
