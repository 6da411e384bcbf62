// What a key does. Dead while somebody types, with a modifier, and for a moment after the framed incident has changed:
// a finger already on its way must not act on something else.

import { KEYS, type KeyAct } from '../../tower/keys'

export const DEAD_AFTER_FRAME_MS = 400

export type KeyContext = {
  /** The switch on the page of keys. */
  on: boolean
  /** The focus is in a field where letters are letters. */
  typing: boolean
  /** Now and when the frame last changed, by one clock. */
  now: number
  framedAt: number
  framed: boolean
  /** Name of the open sheet. */
  sheet: string | null
  /** Focus on a button or link: Enter is its own. */
  onControl: boolean
}

export type KeyPress = { key: string; ctrl: boolean; alt: boolean; meta: boolean; repeat: boolean }

export type KeyEffect =
  | { do: 'act'; act: KeyAct }
  /** Of the open sheet: choose this digit, press its Y, U or Enter. */
  | { do: 'choose'; digit: number }
  | { do: 'sheet'; key: 'enter' | 'y' | 'u' }
  | { do: 'leave' }
  | { do: 'nothing' }

const NOTHING: KeyEffect = { do: 'nothing' }

export function keyEffect(press: KeyPress, context: KeyContext): KeyEffect {
  if (press.ctrl || press.alt || press.meta || press.repeat) return NOTHING
  if (press.key === 'Escape') return { do: 'leave' }
  if (context.typing || !context.on) return NOTHING
  const resting = context.now - context.framedAt < DEAD_AFTER_FRAME_MS
  const key = press.key.toLowerCase()
  if (context.sheet !== null && !resting) {
    if (/^[1-9]$/.test(key)) return { do: 'choose', digit: Number(key) }
    if (key === 'enter') return context.onControl ? NOTHING : { do: 'sheet', key: 'enter' }
    if (context.sheet === 'contact' && (key === 'y' || key === 'u')) return { do: 'sheet', key }
  }
  const found = KEYS.find((each) => each.key === key)
  if (!found) return NOTHING
  if (found.needs === 'frame' && (resting || !context.framed)) return NOTHING
  return { do: 'act', act: found.act }
}
