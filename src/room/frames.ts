// Frames that are the same for every screen of a room.

import type { Attention } from './attention'
import type { ToScreen } from './live'
import type { ScreensPorts } from './screens-ports'

/** What stands beside the queue; null where nothing does. */
export function noticesFrame({ notices, epoch }: Pick<ScreensPorts, 'notices' | 'epoch'>): string | null {
  const shown = notices?.()
  return shown ? JSON.stringify({ t: 'notices', epoch: epoch(), ...shown } satisfies ToScreen) : null
}

/** That the room lives, and how it stands. `seq`: of the last frame with incidents. */
export function tickFrame(
  ports: Pick<ScreensPorts, 'epoch' | 'now' | 'counts' | 'canaryAt' | 'unverified'>,
  seq: number,
  { watching, free }: Attention,
): string {
  const { open, untaken } = ports.counts()
  const canaryAt = ports.canaryAt()
  return JSON.stringify({
    t: 'tick',
    epoch: ports.epoch(),
    seq,
    at: new Date(ports.now()).toISOString(),
    watching,
    free,
    open,
    untaken,
    canaryAt: canaryAt === null ? null : new Date(canaryAt).toISOString(),
    unverified: ports.unverified(),
  } satisfies ToScreen)
}
