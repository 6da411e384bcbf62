// What a press waits for its answer at 200 a second, whatever else happens: beside it somebody logs in every second,
// which costs the tower its only thread for a sixth of one.

import type { RegionId } from '../../../src/domain/region'
import { Histogram } from '../histogram'
import type { PacedPresses, PressResult } from '../load/presses'
import type { Subject } from '../subjects/subject'
import { openScreens, type Stage, untilAllKnow } from './stage'

export const PACED = 'answer at 200 a second'
const RATE = 200
const CONNECTIONS = 128
const LOGIN_EVERY_MS = 1_000

/** `logIn` answers its HTTP status; null where a subject has no people who log in. */
export async function pressAtPace(
  stage: Stage,
  subject: Subject,
  region: RegionId,
  logIn: ((n: number) => Promise<number>) | null,
): Promise<void> {
  const { plan, notebook } = stage
  await openScreens(stage, subject, region)
  const presses: PacedPresses = {
    target: subject.target(region, 'paced'),
    connections: CONNECTIONS,
    rate: RATE,
    seconds: plan.pacedSeconds,
    trace: false,
  }
  const logins: Promise<{ status: number; ms: number }>[] = []
  const timer = setInterval(() => {
    if (logIn) logins.push(timed(() => logIn(logins.length)))
  }, LOGIN_EVERY_MS)
  const result = await stage.generator.ask<PressResult>('paced', presses)
  clearInterval(timer)
  notebook.keep(subject.name, PACED, result.latency)
  const latency = Histogram.of(result.latency).latency()
  for (const which of ['p50', 'p95', 'p99', 'max'] as const) {
    notebook.note(subject.name, `${PACED}: ${which}`, latency[which], 'ms')
  }
  notebook.note(subject.name, `${PACED}: not answered 2xx`, RATE * plan.pacedSeconds - result.answered, 'count')
  if (logIn) await noteLogins(stage, subject, logins)
  await untilAllKnow(stage, subject, PACED, result)
  await stage.screens.ask('close')
  stage.log(`${PACED}: ${subject.name} p99 ${latency.p99.toFixed(1)} ms`)
}

async function noteLogins(
  { notebook }: Stage,
  subject: Subject,
  logins: readonly Promise<{ status: number; ms: number }>[],
): Promise<void> {
  const done = await Promise.all(logins)
  const times = new Histogram()
  for (const { ms } of done) times.addMs(ms)
  notebook.note(subject.name, 'log-ins beside it', done.filter(({ status }) => status === 200).length, 'count')
  notebook.note(subject.name, 'log-ins beside it: refused', done.filter(({ status }) => status !== 200).length, 'count')
  notebook.note(subject.name, 'log-ins beside it: p50', times.percentile(0.5), 'ms')
}

async function timed(work: () => Promise<number>): Promise<{ status: number; ms: number }> {
  const from = performance.now()
  const status = await work().catch(() => 0)
  return { status, ms: performance.now() - from }
}
