// From a provider's `undelivered` until the next way's request is at a provider. The region's people are texted first and called
// after that, so that a text which does not arrive is followed by a call.

import { defaultPolicy, type EscalationPolicy, type EscalationStep } from '../../../src/domain/escalation-policy'
import { pressAndEnd } from './reach'
import { known, paced, type Stage, targetOf } from './stage'
import { noteTimes, type Trace, traces } from './traces'

export const FAILED_OVER = 'undelivered to the next way on the wire'
export const GIVEN_UP = 'undelivered texts that no call followed'

/** A text is taken, is said to have failed, and a call is taken. */
const ENDED_AFTER_MS = 2_200
/** Whom a text has just reached waits a moment for the next: one press after the other. */
const EVERY_MS = 3_000
const REGION = 'DVO'

export async function failOver(stage: Stage, plan: { presses: number }): Promise<void> {
  const { notebook, log, provider } = stage
  await tellByTextFirst(stage)
  const target = targetOf(stage, REGION, 'failover')
  await provider.ask('texts', 'undelivered')
  const pressed = await paced(plan.presses, EVERY_MS, (n) => pressAndEnd(stage, target, n, ENDED_AFTER_MS)).finally(
    () => provider.ask('texts', 'delivered'),
  )
  const gaps = (await traces(stage, pressed)).flatMap(gapsOf)
  const times = gaps.filter((ms) => ms !== null)
  const p99 = noteTimes(stage, FAILED_OVER, times)
  notebook.note('tower', GIVEN_UP, gaps.length - times.length, 'count')
  log(`${FAILED_OVER}: p99 ${p99.toFixed(0)} ms of ${times.length}`)
}

/** Of each text that did not arrive, ms until its page was called; null where it never was. */
function gapsOf({ tried }: Trace): (number | null)[] {
  return tried.flatMap(({ kind, pageId, undeliveredAt }) => {
    if (kind !== 'text' || undeliveredAt === null) return []
    const next = tried.find((each) => each.pageId === pageId && each.kind === 'call' && each.at >= undeliveredAt)
    return [next ? next.at - undeliveredAt : null]
  })
}

/** Everybody of the region at once, when nobody watches: a failure of several is a harder second than a failure of one. */
async function tellByTextFirst({ admin, tower }: Stage): Promise<void> {
  const usual = defaultPolicy(REGION)
  const first = ({ when, ...step }: EscalationStep): EscalationStep => ({
    ...step,
    when,
    who: when === 'unwatched' ? [{ kind: 'everyone' }] : step.who,
    by: step.by.length === 0 ? [] : [['sms'], ['voice'], ['email', 'webhook']],
  })
  const policy: EscalationPolicy = { ...usual, steps: { ...usual.steps, P1: usual.steps.P1.map(first) } }
  const kept = await admin.put<{ version: number }>(`/api/regions/${REGION}/policy`, { policy })
  await known(tower, kept.version, [REGION])
}
