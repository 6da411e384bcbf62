// Thousands press within the same second, each once, on a schedule that waits for nobody.

import { Histogram, type RawHistogram } from '../histogram'
import { intendedAt, run } from './pace'
import { type Strain, StrainGauge } from './strain'

/** What became of one press: the id that it was answered with, or why it was not. */
export type Outcome = { sosId: string } | { failed: string }

export type BurstResult = {
  sent: number
  answered: number
  /** By reason. */
  failed: Record<string, number>
  sosIds: string[]
  /** When the first was meant to be sent, epoch ms. */
  startedAt: number
  /** From then until the last answer. */
  lastAnswerMs: number
  /** From each one's intended time. */
  latency: RawHistogram
  strain: Strain
}

const GET_READY_MS = 50

/** `send(n)` never rejects. Resolves when all `count` have come to something. */
export async function burst(
  count: number,
  withinMs: number,
  send: (n: number) => Promise<Outcome>,
): Promise<BurstResult> {
  const latency = new Histogram()
  const gauge = new StrainGauge()
  const failed: Record<string, number> = {}
  const sosIds: string[] = []
  const answers: Promise<void>[] = []
  const pace = { rate: (count * 1000) / withinMs, startAt: performance.now() + GET_READY_MS, total: count }
  const startedAt = Date.now() + GET_READY_MS
  let lastAt = pace.startAt
  const press = async (n: number, at: number) => {
    gauge.sent(performance.now() - at)
    const outcome = await send(n)
    lastAt = performance.now()
    latency.addMs(lastAt - at)
    if ('sosId' in outcome) sosIds.push(outcome.sosId)
    else failed[outcome.failed] = (failed[outcome.failed] ?? 0) + 1
  }
  await run(
    pace,
    () => performance.now(),
    (n, at) => void answers.push(press(n, at)),
  )
  const strain = gauge.read()
  await Promise.all(answers)
  return {
    sent: count,
    answered: sosIds.length,
    failed,
    sosIds,
    startedAt,
    lastAnswerMs: lastAt - intendedAt(pace, 0),
    latency: latency.raw(),
    strain,
  }
}

/** The id in an answer of any of the systems; null where there is none. */
export const sosIdIn = (text: string): string | null => /"sosId":"([^"]+)"/.exec(text)?.[1] ?? null
