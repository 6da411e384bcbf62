// Vehicles that report where they are: one position per request, many per request, or through sockets that they hold open.

import { Histogram, type RawHistogram } from '../histogram'
import { openHttp } from './http-client'
import { intendedAt, run } from './pace'
import { openSocket } from './socket'
import { deviceId, type Target, tokenOf } from './target'

export type PositionLoad = {
  target: Target
  vehicles: number
  perMessage: number
  seconds: number
  connections: number
  /** Messages a second; null for as many as come through. */
  rate: number | null
  /** Where the first of them is, [lat, lng]; else near Manila. */
  from?: readonly [number, number]
}

const MANILA = [14.4, 120.95] as const

export type PositionResult = {
  /** Positions that the server said it took. */
  taken: number
  /** Answered 2xx, and not taken. */
  shed: number
  failed: number
  seconds: number
  perSecond: number
  latency: RawHistogram
}

/** Ten metres per report along a line of its own, a second apart: each fix is another. */
function positionOf(n: number, step: number, [lat, lng]: readonly [number, number]): object {
  const from = n % 1000
  return {
    lat: Number((lat + from / 4000 + step / 12_000).toFixed(6)),
    lng: Number((lng + from / 9000).toFixed(6)),
    accuracyM: 8,
    headingDeg: 0,
    speedMps: 10,
    fixedAt: Date.now(),
    batteryPct: 80,
  }
}

const bodyOf = (n: number, step: number, { perMessage, from = MANILA }: PositionLoad): string =>
  perMessage === 1
    ? JSON.stringify(positionOf(n, step, from))
    : JSON.stringify({
        positions: Array.from({ length: perMessage }, (_, k) => positionOf(n, step * perMessage + k, from)),
      })

function headOf(target: Target, n: number): string {
  return [
    'POST /api/positions HTTP/1.1',
    `host: ${new URL(target.url).host}`,
    `authorization: Bearer ${tokenOf(target, n)}`,
    'content-type: application/json',
    'content-length: ',
  ].join('\r\n')
}

export async function positionsByHttp(load: PositionLoad): Promise<PositionResult> {
  const { target, vehicles, perMessage, seconds, connections, rate } = load
  const heads = Array.from({ length: vehicles }, (_, n) => headOf(target, n))
  const { hostname, port } = new URL(target.url)
  const client = await openHttp(hostname, Number(port), connections)
  const tally = { taken: 0, shed: 0, failed: 0, latency: new Histogram() }
  const send = async (message: number, at: number) => {
    const n = message % vehicles
    const body = bodyOf(n, Math.floor(message / vehicles), load)
    const answer = await client.request(Buffer.from(`${heads[n]}${body.length}\r\n\r\n${body}`, 'latin1'))
    const { status } = answer
    if (status === 200 && answer.body.includes('"shed":true')) tally.shed += perMessage
    else if (status >= 200 && status < 300) tally.taken += perMessage
    else tally.failed += perMessage
    tally.latency.addMs(performance.now() - at)
  }
  const from = performance.now()
  if (rate === null) {
    let next = 0
    const line = async () => {
      while (performance.now() - from < seconds * 1000) await send(next++, performance.now())
    }
    await Promise.all(Array.from({ length: connections }, line))
  } else {
    const pace = { rate, startAt: from + 20, total: Math.round(rate * seconds) }
    const answers: Promise<void>[] = []
    await run(
      pace,
      () => performance.now(),
      (message) => void answers.push(send(message, intendedAt(pace, message))),
    )
    await Promise.all(answers)
  }
  client.close()
  return resultOf(tally, performance.now() - from)
}

/** `connections` sockets, each the next message when the last was acknowledged. */
export async function positionsBySocket(load: PositionLoad): Promise<PositionResult> {
  const { target, perMessage, seconds, connections } = load
  const tally = { taken: 0, shed: 0, failed: 0, latency: new Histogram() }
  const sockets = await Promise.all(Array.from({ length: connections }, (_, n) => openVehicle(target, n)))
  const from = performance.now()
  const io = target.system === 'express'
  const drive = async (socket: WebSocket, n: number) => {
    for (let step = 0; performance.now() - from < seconds * 1000; step++) {
      const at = performance.now()
      const acknowledged = new Promise<boolean>((resolve) => {
        socket.onmessage = ({ data }) => {
          if (!io || String(data).startsWith('43')) resolve(true)
          else if (data === '2') socket.send('3')
        }
        socket.onclose = () => resolve(false)
      })
      const body = bodyOf(n, step, load)
      socket.send(io ? `42${step}["positions",${body}]` : body)
      if (await acknowledged) tally.taken += perMessage
      else {
        tally.failed += perMessage
        return
      }
      tally.latency.addMs(performance.now() - at)
    }
  }
  await Promise.all(sockets.map(drive))
  const ms = performance.now() - from
  for (const socket of sockets) socket.close()
  return resultOf(tally, ms)
}

function openVehicle(target: Target, n: number): Promise<WebSocket> {
  const io = target.system === 'express'
  const path = io ? '/socket.io/?EIO=4&transport=websocket' : '/api/drivers/positions'
  const headers = io ? {} : { authorization: `Bearer ${tokenOf(target, n)}` }
  const socket = openSocket({ url: target.url.replace('http', 'ws') + path, headers })
  return new Promise((resolve, reject) => {
    socket.onopen = () => (io ? socket.send(`40${JSON.stringify({ token: tokenOf(target, n) })}`) : resolve(socket))
    socket.onmessage = ({ data }) => {
      if (String(data).startsWith('40')) resolve(socket)
    }
    socket.onclose = ({ code }) => reject(new Error(`${deviceId(target, n)}: closed with ${code}`))
  })
}

type Tally = { taken: number; shed: number; failed: number; latency: Histogram }

function resultOf(tally: Tally, ms: number): PositionResult {
  const seconds = ms / 1000
  return {
    taken: tally.taken,
    shed: tally.shed,
    failed: tally.failed,
    seconds,
    perSecond: tally.taken / seconds,
    latency: tally.latency.raw(),
  }
}
