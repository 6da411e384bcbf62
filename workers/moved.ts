// Puts what an object was elsewhere in its place here, once, and has it born anew. Reached by the supervisor's loopback alone.

import { type PutBack, putBack } from '../src/durable/moved'
import type { Storage } from '../src/durable/storage'

/** The answer must have left before the object ends. */
const ANSWERED_MS = 500

export async function moveIn(ctx: DurableObjectState, text: ReadableStream): Promise<PutBack> {
  const moved = putBack(ctx.storage as unknown as Storage, await new Response(text).text())
  if (moved.ok) {
    // Nobody may call it for hours; what it has to do later is in its timers, which its alarm looks at.
    await ctx.storage.setAlarm(Date.now() + 1_000)
    // In a cluster no answer leaves before its write lies in the bucket.
    await ctx.storage.sync()
    setTimeout(() => ctx.abort('its storage has been put in place'), ANSWERED_MS)
  }
  return moved
}
