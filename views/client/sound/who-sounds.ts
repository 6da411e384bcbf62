// Of several windows of one person one sounds: the visible one that the browser lets sound, else any that it lets.
// If none may, each shows its lamp.

export type SoundingWindow = { id: string; unlocked: boolean; visible: boolean; at: number }

/** A window that has said nothing for this long is gone. Hidden tabs may be slowed to one timer a second. */
export const FORGET_MS = 5_000

/** Id of the window that sounds; null where none may. */
export function whoSounds(windows: Iterable<SoundingWindow>, now: number): string | null {
  const able = [...windows].filter(({ unlocked, at }) => unlocked && now - at < FORGET_MS)
  able.sort((a, b) => Number(b.visible) - Number(a.visible) || (a.id < b.id ? -1 : 1))
  return able[0]?.id ?? null
}
