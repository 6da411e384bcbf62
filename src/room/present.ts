// Who is there: which screens of a room count as watching, and whose hands are free.

import type { Viewer } from '../domain/access'
import type { People } from './attention'
import type { FromScreen } from './live'

export type ScreenSocket = { send(text: string): void; close(code: number, reason: string): void }

export type Screen = {
  id: string
  /** Of its network: screens of one site are lost together. */
  site: string
  viewer: Viewer
  socket: ScreenSocket
  /** Where it is; null until it has said `since`, and gets no frames until then. */
  at: number | null
  heardAt: number
  unreadBytes: number
  here: Extract<FromScreen, { t: 'here' }> | null
}

/** What a screen must have to count as watching (operators.md section 3). */
const PAINTED_WITHIN_MS = 10_000
const INPUT_WITHIN_MS = 15 * 60_000

/** Visible, painted, sound unlocked, a hand lately. */
export function isWatching(
  { here, heardAt, viewer }: Pick<Screen, 'here' | 'heardAt' | 'viewer'>,
  now: number,
): boolean {
  if (!here || viewer.role === 'auditor') return false
  const stale = now - heardAt
  return (
    here.visible && here.sound && here.paintedMs + stale < PAINTED_WITHIN_MS && here.inputMs + stale < INPUT_WITHIN_MS
  )
}

export function peopleAt(screens: Iterable<Screen>, now: number, holdsP1: (uid: string) => boolean): People {
  const here = new Set<string>()
  const watching = new Set<string>()
  const busy = new Set<string>()
  for (const screen of screens) {
    const { uid } = screen.viewer
    here.add(uid)
    if (isWatching(screen, now)) watching.add(uid)
    if (screen.here?.onCall) busy.add(uid)
  }
  // Once for each, however many screens they have.
  for (const uid of here) if (!busy.has(uid) && holdsP1(uid)) busy.add(uid)
  return { watching: [...watching], busy: [...busy] }
}

/** Somebody who may take it, and has a hand for it. */
export function firstFree(
  screens: Iterable<Screen>,
  now: number,
  holdsP1: (uid: string) => boolean,
  except: string,
): { uid: string; name: string } | null {
  for (const screen of screens) {
    const { uid, alias, role } = screen.viewer
    const canTake = role !== 'trainee' && role !== 'auditor'
    if (uid !== except && canTake && isWatching(screen, now) && !screen.here?.onCall && !holdsP1(uid))
      return { uid, name: alias }
  }
  return null
}
