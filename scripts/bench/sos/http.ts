// How many presses a second a server answers over HTTP, each of another device and so an incident of its own, with
// 50 screens watching. Saturated: a fixed number of connections, on each the next press when the last was answered.

import type { RegionId } from '../../../src/domain/region'
import { Histogram } from '../histogram'
import type { HttpSaturation, PressResult } from '../load/presses'
import type { Subject } from '../subjects/subject'
import { openScreens, type Stage, untilAllKnow } from './stage'

export const HTTP = 'presses by HTTP'
const CONNECTIONS = 64
const WARM_SECONDS = 1
/** More than any of them can take, so that no run ends for want of devices. */
const MOST_PER_SECOND = 6_000

export async function pressByHttp(stage: Stage, subject: Subject, region: RegionId, round: number): Promise<void> {
  const { plan, notebook } = stage
  await openScreens(stage, subject, region)
  const saturation: HttpSaturation = {
    target: subject.target(region, `http${round}`),
    connections: CONNECTIONS,
    warmSeconds: WARM_SECONDS,
    seconds: plan.httpSeconds,
    devices: MOST_PER_SECOND * (plan.httpSeconds + WARM_SECONDS),
  }
  const result = await stage.generator.ask<PressResult>('saturate', saturation)
  notebook.note(subject.name, HTTP, result.perSecond, 'per second')
  notebook.note(subject.name, `${HTTP}: p99 when saturated`, Histogram.of(result.latency).percentile(0.99), 'ms')
  notebook.note(subject.name, `${HTTP}: not answered 2xx`, total(result.failed), 'count')
  notebook.keep(subject.name, HTTP, result.latency)
  await untilAllKnow(stage, subject, HTTP, { answered: result.answeredInAll, startedAt: result.startedAt })
  await stage.screens.ask('close')
  stage.log(`${HTTP}, round ${round}: ${subject.name} ${Math.round(result.perSecond)} per second`)
}

const total = (failed: Record<string, number>): number => Object.values(failed).reduce((sum, each) => sum + each, 0)
