// How many presses a second come through sockets that phones hold open: the tower's lifelines, Socket.IO with
// acknowledgement, Bun's own. Each phone presses three times, the next when the last was answered; a fourth within
// 10 s would cost the tower less than its rivals.

import type { RegionId } from '../../../src/domain/region'
import { Histogram } from '../histogram'
import type { LifelineBurst, LifelinePlan, LifelineResult } from '../load/lifelines'
import type { Subject } from '../subjects/subject'
import { openScreens, type Stage, untilAllKnow } from './stage'

export const LIFELINES = 'presses over lifelines'
const PRESSES_EACH = 3
const LIMIT_SECONDS = 20

export async function pressOverLifelines(
  stage: Stage,
  subject: Subject,
  region: RegionId,
  round: number,
): Promise<void> {
  const { plan, notebook } = stage
  await openScreens(stage, subject, region)
  const opening: LifelinePlan = { target: subject.target(region, `line${round}`), sockets: plan.sockets }
  const openedMs = await stage.generator.ask<number>('openLifelines', opening)
  const burst: LifelineBurst = { presses: PRESSES_EACH, seconds: LIMIT_SECONDS }
  const result = await stage.generator.ask<LifelineResult>('pressLifelines', burst)
  notebook.note(subject.name, LIFELINES, result.perSecond, 'per second')
  notebook.note(subject.name, `${LIFELINES}: p99 in the burst`, Histogram.of(result.latency).percentile(0.99), 'ms')
  notebook.note(subject.name, `${LIFELINES}: not answered`, result.failed, 'count')
  notebook.note(subject.name, 'lifelines opened', plan.sockets / (openedMs / 1000), 'per second')
  notebook.keep(subject.name, LIFELINES, result.latency)
  await untilAllKnow(stage, subject, LIFELINES, result)
  await stage.generator.ask('closeLifelines')
  await stage.screens.ask('close')
  stage.log(`${LIFELINES}, round ${round}: ${subject.name} ${Math.round(result.perSecond)} per second`)
}
