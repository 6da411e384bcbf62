// Reads what a screen says. Whatever this version does not understand is null, never an error.

import type { FromScreen } from './live'

const SHOWN_MAX = 1_000

/** Null for whatever this version does not understand. */
export function readFromScreen(text: string): FromScreen | null {
  let message: Record<string, unknown>
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    message = value as Record<string, unknown>
  } catch {
    return null
  }
  const number = (value: unknown): number =>
    typeof value === 'number' && Number.isFinite(value) ? value : Number.MAX_SAFE_INTEGER
  switch (message.t) {
    case 'since':
      return { t: 'since', epoch: typeof message.epoch === 'string' ? message.epoch : null, seq: number(message.seq) }
    case 'shown': {
      const seqs = Array.isArray(message.seqs)
        ? message.seqs.filter((seq): seq is number => Number.isSafeInteger(seq))
        : []
      return { t: 'shown', seqs: seqs.slice(0, SHOWN_MAX) }
    }
    case 'here':
      return {
        t: 'here',
        seq: number(message.seq),
        visible: message.visible === true,
        paintedMs: number(message.paintedMs),
        sound: message.sound === true,
        inputMs: number(message.inputMs),
        onCall: message.onCall === true,
      }
    default:
      return null
  }
}
