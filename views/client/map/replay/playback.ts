// The clock of a replay: where it stands, how fast it runs, and what the keys of its slider do to it. Times are epoch ms.

import type { Pace } from '../../../tower/replay-choices'

export type Playback = { from: number; to: number; at: number; pace: Pace; playing: boolean }

export const begin = (from: number, to: number, at = from): Playback => ({
  from,
  to,
  at: Math.min(to, Math.max(from, at)),
  pace: 60,
  playing: false,
})

/** After so much real time. It stops by itself at the end. */
export function advance(playback: Playback, elapsedMs: number): Playback {
  if (!playback.playing) return playback
  const at = Math.min(playback.to, playback.at + elapsedMs * playback.pace)
  return { ...playback, at, playing: at < playback.to }
}

export const seek = (playback: Playback, at: number): Playback => ({
  ...playback,
  at: Math.min(playback.to, Math.max(playback.from, at)),
})

/** From the end it begins anew. */
export const toggle = (playback: Playback): Playback =>
  playback.playing
    ? { ...playback, playing: false }
    : { ...playback, playing: true, at: playback.at >= playback.to ? playback.from : playback.at }

const STEPS_S = [1, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600]
/** An arrow crosses the whole in about so many presses. */
const PRESSES = 240

/** What an arrow moves: a round time that suits the length of the whole. */
export function stepOf({ from, to }: Pick<Playback, 'from' | 'to'>): number {
  const wanted = (to - from) / PRESSES / 1_000
  return (STEPS_S.find((seconds) => seconds >= wanted) ?? 3_600) * 1_000
}

/** With `fine`, as with Shift held, an arrow is a second. Null for a key that is not the slider's. */
export function press(playback: Playback, key: string, fine = false): Playback | null {
  const step = fine ? 1_000 : stepOf(playback)
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return seek(playback, playback.at - step)
    case 'ArrowRight':
    case 'ArrowUp':
      return seek(playback, playback.at + step)
    case 'PageDown':
      return seek(playback, playback.at - 10 * step)
    case 'PageUp':
      return seek(playback, playback.at + 10 * step)
    case 'Home':
      return seek(playback, playback.from)
    case 'End':
      return seek(playback, playback.to)
    case ' ':
      return toggle(playback)
    default:
      return null
  }
}
