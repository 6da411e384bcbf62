// Who is called when thousands press in one second and nobody takes any: the courier's calls as the provider saw them, each
// number by itself, in true time.

import type { BurstResult } from '../load/burst'
import type { CrowdPlan } from '../load/crowd'
import type { Asked } from '../page/provider'
import { judge } from '../report'
import { at, type Stage, sum } from './stage'

const REGION = 'NCR'
/** A room that was just born waits for its screens to come back before it says that nobody watches. */
const RECONNECT_MS = 12_000
const MOST_CALLS = 20
const DUTY_PEOPLE = 5
const SHARDS = 4
/** Well within the descriptors of one process. */
const CONNECTIONS = 5_000

export async function duty(stage: Stage): Promise<void> {
  const { plan, notebook, provider } = stage
  const what = `in ${plan.dutySeconds} s after ${plan.phones} presses`
  await stage.withTowers(1, SHARDS, (towers) =>
    stage.withChildren(['load/crowd.ts'], 'load', async ([phones]) => {
      if (!phones) return
      const tower = at(towers, 0)
      await Bun.sleep(RECONNECT_MS)
      const before = (await provider.ask<Asked[]>('asked')).length
      const crowd: CrowdPlan = {
        target: tower.target(REGION, 'duty'),
        phones: plan.phones,
        lines: false,
        jitterMs: null,
        connections: CONNECTIONS,
      }
      await phones.ask('open', crowd)
      const { answered, sent, startedAt } = await phones.ask<BurstResult>('burst', { withinMs: 1_000 })
      stage.none(`${what}: presses refused or never answered`, sent - answered)
      await Bun.sleep(Math.max(0, startedAt + plan.dutySeconds * 1_000 - Date.now()))
      const asked = (await provider.ask<Asked[]>('asked')).slice(before).filter(({ at }) => at >= startedAt)
      const calls = countsOf(asked, 'call')
      const texts = countsOf(asked, 'text')
      const first = Math.min(...asked.filter(({ kind }) => kind === 'call').map(({ at }) => at))
      notebook.note('tower', `${what}: presses answered`, answered, 'count')
      notebook.note('tower', `${what}: first call`, first - startedAt, 'ms')
      notebook.note('tower', `${what}: people called`, calls.length, 'count')
      notebook.note('tower', `${what}: calls in all`, sum(calls), 'count')
      notebook.note('tower', `${what}: most calls to one person`, Math.max(0, ...calls), 'count')
      notebook.note('tower', `${what}: most texts to one person`, Math.max(0, ...texts), 'count')
      stage.log(`${what}: calls ${calls.join(', ')}; texts ${texts.join(', ')}`)
    }),
  )
  stage.remarks.add(
    `Calls to duty people are counted over ${plan.dutySeconds} s of the true clock; nobody takes an incident.`,
  )
  stage.bars.push(
    judge({
      what: `${what}: most calls to one of the ${DUTY_PEOPLE} most called`,
      unit: 'count',
      better: 'lower',
      bar: MOST_CALLS + 1,
      goal: MOST_CALLS + 1,
      got: notebook.value('tower', `${what}: most calls to one person`),
    }),
    judge({
      what: `${what}: calls in all`,
      unit: 'count',
      better: 'higher',
      bar: 1,
      goal: 1,
      got: notebook.value('tower', `${what}: calls in all`),
    }),
  )
}

/** By number, most first. */
const countsOf = (asked: readonly Asked[], kind: Asked['kind']): number[] =>
  [
    ...Map.groupBy(
      asked.filter((each) => each.kind === kind),
      ({ to }) => to,
    ).values(),
  ]
    .map((same) => same.length)
    .sort((a, b) => b - a)
