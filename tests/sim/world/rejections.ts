// Promises that fail with nobody to hear it. In an object that has just died they are its death; in one that lives, a bug.

import { isExpected, type World } from './world'

let world: World | null = null
let listens = false

/** Those that come from now on belong to this world. */
export function hearRejections(of: World): void {
  world = of
  if (listens) return
  listens = true
  process.on('unhandledRejection', (cause: unknown) => {
    if (isExpected(cause)) return
    world?.broken('bugs', `nobody heard: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`)
  })
}

/** Lets the platform tell of them. */
export const rejectionsHeard = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
