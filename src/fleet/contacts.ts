// Who has said nothing for how long: silent, then on no map, then forgotten. Nobody is asked; the sweep looks only at those
// who may have become so.

import { Due } from './due'
import type { Known, Standing } from './known'

export const SILENT_AFTER_MS = 5 * 60_000
/** Under an open incident a minute without a word is news. */
export const SILENT_AFTER_WATCHED_MS = 60_000
/** Off shift, for all we know: where they are then is nobody's business. */
export const AWAY_AFTER_MS = 30 * 60_000
export const FORGOTTEN_AFTER_MS = 24 * 60 * 60_000

export type Swept = { changed: Known[]; forgotten: Known[] }

export class Contacts {
  private readonly due = new Due<Known>()
  silent = 0

  /** `listeningSince`: when this shard began to hear. Nobody is silent for the time in which nobody listened. */
  constructor(
    private readonly listeningSince: number,
    private readonly silentAfterMs = SILENT_AFTER_MS,
  ) {}

  /** Call after anything of the device came, or its incident was opened or closed. True where its standing has changed. */
  heard(known: Known, now: number): boolean {
    const standing = this.standingOf(known, now)
    const changed = standing !== known.standing
    // Who was heard again is looked at when the earlier time comes: with each report this costs a look into a map.
    if (changed || known.watched || !this.due.has(known)) {
      this.become(known, standing)
      this.due.set(known, this.nextLook(known))
    }
    return changed
  }

  /** As it was in the checkpoint. */
  restore(known: Known, now: number): void {
    if (known.standing === 'silent') this.silent++
    this.heard(known, now)
  }

  sweep(now: number): Swept {
    const swept: Swept = { changed: [], forgotten: [] }
    for (const known of this.due.take(now)) {
      if (!known.watched && now - known.lastContactAt >= FORGOTTEN_AFTER_MS) {
        this.become(known, 'away')
        swept.forgotten.push(known)
        continue
      }
      const standing = this.standingOf(known, now)
      if (standing !== known.standing) {
        this.become(known, standing)
        swept.changed.push(known)
      }
      this.due.set(known, this.nextLook(known))
    }
    return swept
  }

  /** When the next sweep has something to look at. */
  next(): number | null {
    return this.due.next()
  }

  private standingOf(known: Known, now: number): Standing {
    const quietFor = now - known.lastContactAt
    // Who is in danger stays on the map, however long ago the last word was.
    if (quietFor >= AWAY_AFTER_MS && !known.watched) return 'away'
    const wasSilent = known.lastContactAt < this.listeningSince && known.standing !== 'heard'
    return wasSilent || now >= this.silentAt(known) ? 'silent' : 'heard'
  }

  private silentAt(known: Known): number {
    const after = known.watched ? SILENT_AFTER_WATCHED_MS : this.silentAfterMs
    return Math.max(known.lastContactAt, this.listeningSince) + after
  }

  private nextLook(known: Known): number {
    if (known.standing === 'heard')
      return known.watched ? this.silentAt(known) : Math.min(this.silentAt(known), known.lastContactAt + AWAY_AFTER_MS)
    return known.lastContactAt + (known.standing === 'silent' ? AWAY_AFTER_MS : FORGOTTEN_AFTER_MS)
  }

  private become(known: Known, standing: Standing): void {
    if (known.standing === 'silent') this.silent--
    if (standing === 'silent') this.silent++
    known.standing = standing
  }
}
