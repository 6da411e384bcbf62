// The parts of one shard that work on the same storage, in one turn.

import type { Storage } from '../durable/storage'
import type { Timers } from '../durable/timers'
import type { Attempts } from './attempts'
import type { Circuits } from './circuits'
import type { Pages } from './pages'
import type { CourierPorts } from './ports'
import type { Queue } from './queue'
import type { Reports } from './reports'

export type Parts = {
  storage: Storage
  ports: CourierPorts
  pages: Pages
  attempts: Attempts
  queue: Queue
  circuits: Circuits
  /** Kinds: `page` to climb, `ready` to let one go, `sending` to see whether we died with it, `poll`, `forget`. */
  timers: Timers
  reports: Reports
}
