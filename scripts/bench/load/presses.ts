// Presses over HTTP, in two ways: as many as a number of connections can bring through one after the other
// (throughput), and at a fixed rate, whatever the server does (latency).

import { Histogram, type RawHistogram } from '../histogram'
import { type HttpClient, openHttp } from './http-client'
import { intendedAt, run } from './pace'
import { requestOf, type Target } from './target'

/** Every press is of a device that has not pressed before: nothing merges, each is an incident of its own. */
export type HttpSaturation = {
  target: Target
  connections: number
  warmSeconds: number
  seconds: number
  /** Devices made ready beforehand; the run ends early when all have pressed. */
  devices: number
}

export type PacedPresses = {
  target: Target
  connections: number
  rate: number
  seconds: number
  /** Answer also each press's id and time of sending, for whoever looks for it on a screen. */
  trace: boolean
}

/** `answered` counts 2xx. `failed` holds the count of every other status; 0 is a broken connection. */
export type PressResult = {
  answered: number
  failed: Record<string, number>
  seconds: number
  perSecond: number
  /** When the first was sent, epoch ms. */
  startedAt: number
  /** Of the whole of it, warm-up included: what must be on every screen in the end. */
  answeredInAll: number
  /** Presses not yet sent when the time was over: more than a few mean that the rate was not held. */
  waitingAtEnd: number
  latency: RawHistogram
  /** Intended time of sending, epoch ms. */
  sent: { sosId: string; at: number }[]
}

export async function saturateHttp(plan: HttpSaturation): Promise<PressResult> {
  const requests = Array.from({ length: plan.devices }, (_, n) => requestOf(plan.target, n))
  const client = await open(plan.target, plan.connections)
  const tally = new Tally()
  const from = performance.now() + plan.warmSeconds * 1000
  const until = from + plan.seconds * 1000
  let next = 0
  const line = async () => {
    for (let n = next++; n < requests.length; n = next++) {
      const at = performance.now()
      if (at >= until) return
      const { status } = await client.request(requests[n] as Uint8Array)
      const now = performance.now()
      tally.add(status, now - at, now >= from && now < until)
    }
  }
  await Promise.all(Array.from({ length: plan.connections }, line))
  client.close()
  return tally.result(Math.min(performance.now(), until) - from, 0)
}

export async function pressAtRate(plan: PacedPresses): Promise<PressResult> {
  const total = Math.round(plan.rate * plan.seconds)
  const requests = plan.trace ? [] : Array.from({ length: total }, (_, n) => requestOf(plan.target, n))
  const client = await open(plan.target, plan.connections)
  const tally = new Tally()
  const answers: Promise<void>[] = []
  const pace = { rate: plan.rate, startAt: performance.now() + 20, total }
  // One reading of both clocks: screens report in the machine's time, schedules count in the steady one.
  const wall = Date.now() - performance.now()
  await run(
    pace,
    () => performance.now(),
    (n, at) => {
      const answered = client.request(requests[n] ?? requestOf(plan.target, n)).then(({ status, body }) => {
        tally.add(status, performance.now() - at, true)
        if (plan.trace && status === 201) tally.sent.push({ sosId: sosIdOf(body), at: wall + at })
      })
      answers.push(answered)
    },
  )
  const waiting = client.queued()
  await Promise.all(answers)
  client.close()
  return tally.result(performance.now() - intendedAt(pace, 0), waiting)
}

class Tally {
  readonly sent: { sosId: string; at: number }[] = []
  readonly #latency = new Histogram()
  readonly #failed: Record<string, number> = {}
  #answered = 0
  #answeredInAll = 0
  readonly #startedAt = Date.now()

  add(status: number, ms: number, counts: boolean): void {
    const ok = status >= 200 && status < 300
    if (ok) this.#answeredInAll++
    else this.#failed[status] = (this.#failed[status] ?? 0) + 1
    if (!counts) return
    if (ok) this.#answered++
    this.#latency.addMs(ms)
  }

  result(ms: number, waitingAtEnd: number): PressResult {
    const seconds = ms / 1000
    return {
      answered: this.#answered,
      failed: this.#failed,
      seconds,
      perSecond: this.#answered / seconds,
      startedAt: this.#startedAt,
      answeredInAll: this.#answeredInAll,
      waitingAtEnd,
      latency: this.#latency.raw(),
      sent: this.sent,
    }
  }
}

const open = (target: Target, connections: number): Promise<HttpClient> => {
  const { hostname, port } = new URL(target.url)
  return openHttp(hostname, Number(port), connections)
}

const sosIdOf = (body: string): string => (JSON.parse(body) as { sosId: string }).sosId
