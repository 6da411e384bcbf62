// Load runs in processes of its own. This is how they are asked: one question, one answer, over Bun's IPC.

import { join } from 'node:path'
import { type Place, pinned } from './pin'

type Question = { n: number; ask: string; with: unknown }
type Reply = { n: number; answer?: unknown; failed?: string }

export type Child = {
  readonly pid: number
  /** Rejects with the child's error, or when it has ended. */
  ask<T>(what: string, withArgument?: unknown): Promise<T>
  stop(): Promise<void>
}

/** `file` is relative to scripts/bench and answers with `answer()`. */
export function startChild(file: string, place: Place): Child {
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let next = 0
  const process_ = Bun.spawn([...pinned(place), process.execPath, join(import.meta.dir, file)], {
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    serialization: 'json',
    ipc: (message) => {
      const reply = message as Reply
      const asked = open.get(reply.n)
      open.delete(reply.n)
      if (reply.failed === undefined) asked?.resolve(reply.answer)
      else asked?.reject(new Error(`${file}: ${reply.failed}`))
    },
    onExit: (_, code) => {
      for (const asked of open.values()) asked.reject(new Error(`${file} ended with ${code}`))
      open.clear()
    },
  })
  return {
    pid: process_.pid,
    ask: <T>(what: string, withArgument: unknown = null) =>
      new Promise<T>((resolve, reject) => {
        const n = next++
        open.set(n, { resolve: (value) => resolve(value as T), reject })
        process_.send({ n, ask: what, with: withArgument } satisfies Question)
      }),
    stop: async () => {
      process_.kill()
      await process_.exited
    },
  }
}

/** The child's side. A handler may take its time; others are answered meanwhile. */
export function answer(handlers: Record<string, (argument: never) => unknown>): void {
  process.on('message', (message: Question) => {
    void reply(message, handlers[message.ask]).then((reply) => process.send?.(reply))
  })
  // A bench that was killed takes its load with it.
  process.on('disconnect', () => process.exit(0))
}

async function reply(question: Question, handler: ((argument: never) => unknown) | undefined): Promise<Reply> {
  try {
    if (!handler) throw new Error(`nobody answers ${question.ask}`)
    return { n: question.n, answer: await handler(question.with as never) }
  } catch (error) {
    return { n: question.n, failed: error instanceof Error ? error.message : String(error) }
  }
}
