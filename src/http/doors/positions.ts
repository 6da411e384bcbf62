// Where the positions of apps go. Nothing keeps them yet: they are counted, answered as kept, and dropped.

import type { GenuineDevice } from '../../ingest/press'
import type { Item } from '../../ingest/protocol'
import type { Env } from '../env'

/** Takes the records of one message that are no cry. Must not throw, and nothing waits for it. */
export type TakePositions = (env: Env, device: GenuineDevice, items: readonly Item[], now: number) => void

/** Since this isolate began. */
export const counted = { positions: 0, withoutFix: 0 }

const count: TakePositions = (_env, _device, items) => {
  for (const { fields } of items) {
    if (fields.position) counted.positions++
    else counted.withoutFix++
  }
}

export const positions: { take: TakePositions } = { take: count }
