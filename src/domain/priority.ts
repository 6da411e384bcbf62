// How grave a kind of press is before anybody has spoken to the presser. The system only raises; people lower.

import type { Priority } from './incident'
import type { Kind } from './press'

/** P1: life at risk, or unknown. P2: serious, not at once. */
const BY_KIND: Record<Kind, Priority> = {
  panic: 'P1',
  security: 'P1',
  harassment: 'P1',
  medical: 'P1',
  crash: 'P1',
  fire: 'P1',
  flood: 'P2',
  other: 'P2',
}

export const priorityOf = (kind: Kind): Priority => BY_KIND[kind]

/** 1 is gravest. */
export const rank = (priority: Priority): number => Number(priority[1])

export const graver = (a: Priority, b: Priority): Priority => (rank(a) <= rank(b) ? a : b)
