// A wire that can be cut in all the ways in which wires are cut: stands between the Worker and its Postgres.

import { connect, createServer, type Socket } from 'node:net'

/**
 * `pass`: as if it were not there. `drop`: packets vanish both ways, nobody is told, new connections are taken and stay
 * silent. `delay`: everything comes `delayMs` late. `reset`: connections break, and new ones at once.
 */
export type Fault = 'pass' | 'drop' | 'delay' | 'reset'

export type FaultProxy = {
  port: number
  fault: Fault
  delayMs: number
  /** The same address by way of this wire. */
  through(url: string): string
  /** Connections that were begun since the start. */
  readonly connections: number
  set(fault: Fault): void
  stop(): Promise<void>
}

export async function startFaultProxy(target: { port: number; host?: string }): Promise<FaultProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  const proxy = { fault: 'pass' as Fault, delayMs: 0, connections: 0 }
  const server = createServer((near) => {
    proxy.connections++
    if (proxy.fault === 'reset') return void near.resetAndDestroy()
    const far = connect(target.port, target.host ?? '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    const over = () => {
      pairs.delete(pair)
      for (const end of pair) end.destroy()
    }
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('error', over)
      // Ends as well: behind a black hole nobody hears that the other one hung up.
      from.on('close', () => {
        if (proxy.fault !== 'drop') over()
      })
      from.on('data', (data) => {
        if (proxy.fault === 'drop') return
        if (proxy.fault === 'delay') setTimeout(() => to.writable && to.write(data), proxy.delayMs)
        else to.write(data)
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const breakAll = () => {
    for (const pair of pairs) for (const end of pair) end.resetAndDestroy()
    pairs.clear()
  }
  return Object.assign(proxy, {
    port,
    through: (url: string) => Object.assign(new URL(url), { port: String(port) }).href,
    set: (fault: Fault) => {
      proxy.fault = fault
      // What a black hole swallowed is lost: its connections must not speak again as if nothing had happened.
      if (fault === 'reset' || fault === 'pass') breakAll()
    },
    stop: () => {
      breakAll()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
}
