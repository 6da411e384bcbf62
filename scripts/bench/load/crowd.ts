// A crowd of phones in one process: each has a lifeline, or where it got none, a connection to press through. They hear what the
// tower says to them, and come back when their lines break.

import { answer } from '../child'
import { type BurstResult, burst, type Outcome, sosIdIn } from './burst'
import { LIFELINES } from './dialects'
import { type HttpClient, openHttp } from './http-client'
import { Line } from './line'
import { pressOf, requestOf, type Target } from './target'

/**
 * `lines` false: none of them asks for a lifeline. `jitterMs`: a line that breaks is tried again within so long; null: never.
 * `connections`: those without a line share so many at most; one each unless told.
 */
export type CrowdPlan = {
  target: Target
  phones: number
  lines: boolean
  jitterMs: number | null
  connections?: number
}
export type Opened = { lines: number; refused: number; seconds: number }
/** The `ref`-th message of a broadcast, as this crowd heard it. `at`: one time for each phone, epoch ms. */
export type HeardMessage = { phones: number; at: number[] }
/** `wrong`: messages that came twice, or out of their order. `lastOpenAt`: epoch ms. */
export type CrowdState = { open: number; broken: number; tries: number; lastOpenAt: number; wrong: number }

const OPENING_AT_ONCE = 100
const CONNECTING_AT_ONCE = 400
const ANSWER_LIMIT_MS = 120_000
/** What a phone on shift says when it has nothing to say. */
const PING_EVERY_MS = 30_000

let lines: Line[] = []
let target: Target | null = null
let withoutLine: number[] = []
let http: HttpClient | null = null
let pinging: ReturnType<typeof setInterval> | null = null

answer({
  open: async (plan: CrowdPlan): Promise<Opened> => {
    close()
    target = plan.target
    const from = performance.now()
    if (plan.lines) {
      for (let n = 0; n < plan.phones; n += OPENING_AT_ONCE) {
        const some = Array.from(
          { length: Math.min(OPENING_AT_ONCE, plan.phones - n) },
          (_, k) => new Line(plan.target, n + k, plan.jitterMs),
        )
        lines.push(...some)
        await Promise.all(some.map((line) => line.open()))
      }
      startPinging()
    }
    withoutLine = plan.lines
      ? lines.flatMap((line, n) => (line.isOpen ? [] : [n]))
      : Array.from({ length: plan.phones }, (_, n) => n)
    const { hostname, port } = new URL(plan.target.url)
    if (withoutLine.length > 0)
      http = await openHttp(
        hostname,
        Number(port),
        Math.min(withoutLine.length, plan.connections ?? withoutLine.length),
        {
          atOnce: CONNECTING_AT_ONCE,
        },
      )
    const refused = plan.lines ? withoutLine.length : 0
    return { lines: lines.length - refused, refused, seconds: (performance.now() - from) / 1000 }
  },
  burst: (plan: { withinMs: number }): Promise<BurstResult> => press(plan.withinMs),
  heard: (ref: number): HeardMessage => {
    const at = lines.flatMap((line) => line.heardAt(ref) ?? [])
    return { phones: at.length, at }
  },
  state: (): CrowdState => ({
    open: lines.filter((line) => line.isOpen).length,
    broken: lines.reduce((sum, line) => sum + line.broken, 0),
    tries: lines.reduce((sum, line) => sum + line.tries, 0),
    lastOpenAt: Math.max(0, ...lines.map((line) => line.openedAt)),
    wrong: lines.reduce((sum, line) => sum + line.wrong, 0),
  }),
  close: () => close(),
})

function press(withinMs: number): Promise<BurstResult> {
  const to = target
  if (!to) throw new Error('no crowd is there')
  const speech = LIFELINES[to.system]
  // Made ready, as a phone has its token ready: signing is no work of the second that is measured.
  const requests = new Map(withoutLine.map((n) => [n, requestOf(to, n)]))
  const count = Math.max(lines.length, withoutLine.length)
  return burst(count, withinMs, (n): Promise<Outcome> => {
    const request = requests.get(n)
    const line = lines[n]
    if (request && http) return byHttp(http, request)
    return line ? line.press(speech.press(pressOf(to, n), n), ANSWER_LIMIT_MS) : Promise.resolve({ failed: 'no line' })
  })
}

async function byHttp(client: HttpClient, request: Uint8Array): Promise<Outcome> {
  const { status, body } = await client.request(request)
  const sosId = status >= 200 && status < 300 ? sosIdIn(body) : null
  return sosId === null ? { failed: `status ${status}` } : { sosId }
}

/** Spread over the half minute, as phones are. */
function startPinging(): void {
  const steps = 100
  let step = 0
  pinging = setInterval(() => {
    step = (step + 1) % steps
    for (let n = step; n < lines.length; n += steps) lines[n]?.ping()
  }, PING_EVERY_MS / steps)
}

function close(): void {
  if (pinging !== null) clearInterval(pinging)
  pinging = null
  for (const line of lines) line.close()
  lines = []
  http?.close()
  http = null
  withoutLine = []
}
