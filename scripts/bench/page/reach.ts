// From a press, by its sender's clock, until a provider that takes 200 ms to answer has taken a call or a text about it. Nobody
// watches: outward at second 0. Somebody without a screen ends each soon afterwards, or two hundred that wait would be a storm.

import type { Target } from '../load/target'
import { type Pressed, paced, press, type Stage, targetOf } from './stage'
import { noteTimes, traces } from './traces'

export const REACHED = 'SOS to accepted by a provider that takes 200 ms'
export const UNREACHED = 'SOS that no provider was asked for'

const ENDED_AFTER_MS = 3_000
const REGION = 'CEB'

export async function reach(stage: Stage, plan: { presses: number; seconds: number }): Promise<void> {
  const { notebook, log } = stage
  const target = targetOf(stage, REGION, 'reach')
  const pressed = await paced(plan.presses, (plan.seconds * 1_000) / plan.presses, (n) =>
    pressAndEnd(stage, target, n, ENDED_AFTER_MS),
  )
  const all = await traces(stage, pressed)
  const seen = all.flatMap((trace) => {
    const [first] = trace.tried.toSorted((a, b) => a.acceptedAt - b.acceptedAt)
    return first ? [{ ...trace, first }] : []
  })
  const p99 = noteTimes(
    stage,
    REACHED,
    seen.map(({ at, first }) => first.acceptedAt - at),
  )
  notebook.note('tower', UNREACHED, all.length - seen.length, 'count')
  noteTimes(
    stage,
    'stage 1, press stored and answered',
    all.map(({ answeredMs }) => answeredMs),
  )
  const whole = seen.flatMap(({ createdAt, decidedAt, ...rest }) =>
    createdAt === null || decidedAt === null ? [] : [{ ...rest, createdAt, decidedAt }],
  )
  noteTimes(
    stage,
    'stage 2, press in its room',
    whole.map(({ at, createdAt }) => createdAt - at),
  )
  noteTimes(
    stage,
    'stage 3, room decides whom it tells',
    whole.map(({ createdAt, decidedAt }) => decidedAt - createdAt),
  )
  noteTimes(
    stage,
    'stage 4, page with the courier',
    whole.map(({ decidedAt, first }) => first.queuedAt - decidedAt),
  )
  noteTimes(
    stage,
    'stage 5, request at the provider',
    whole.map(({ first }) => first.at - first.queuedAt),
  )
  noteTimes(
    stage,
    'stage 6, the provider answers',
    whole.map(({ first }) => first.acceptedAt - first.at),
  )
  log(`${REACHED}: p99 ${p99.toFixed(0)} ms of ${seen.length}`)
}

/** The n-th device presses, and so long after its answer somebody ends it. */
export async function pressAndEnd(stage: Stage, target: Target, n: number, afterMs: number): Promise<Pressed> {
  const pressed = await press(target, n)
  await Bun.sleep(afterMs)
  await end(stage, pressed.sosId)
  return pressed
}

/** Taken and safe: nobody is told of it any more. */
export async function end({ admin }: Stage, incidentId: string): Promise<void> {
  await admin.act(incidentId, 'take')
  const { status } = await admin.act(incidentId, 'safe', { confirmedBy: 'own_voice' })
  if (status !== 200) throw new Error(`an incident could not be ended: ${status}`)
}
