// The steps of a policy as escalation follows them: in order, with sane clocks, and never without an end that repeats.
// A policy may be odd (written by hand, by another version, empty); nobody is left untold because of it.

import type { EscalationPolicy, EscalationStep, StepWhen, Target } from '../escalation-policy'
import type { Priority } from '../incident'
import type { Moment } from './ladder'

/** No policy waits longer than this, whatever it says. */
export const LONGEST_S = 3_600
/** Nothing repeats faster: a call rings for 45 s. */
export const REPEAT_LEAST_S = 30
/** How often the last people are told again where the policy tells them once. */
const LAST_EVERY_S = 120

/** Where a policy names no people at all: everyone active, at the time when the default policy calls all leads. */
const LAST_RESORT: Partial<Record<Priority, { afterS: number; everyS: number }>> = {
  P1: { afterS: 45, everyS: 120 },
  P2: { afterS: 180, everyS: 600 },
  P3: { afterS: 900, everyS: 900 },
}
export const LAST_RESORT_ID = 'last_resort'

export const isPerson = (target: Target): boolean => target.kind !== 'consoles' && target.kind !== 'neighbour'

/** True for a step that pages somebody; consoles and neighbours hear theirs without a page. */
export const namesPeople = (step: EscalationStep): boolean => step.who.some(isPerson)

/** True for a step on which the ladder rests: people, whoever watches. */
export const isRung = (step: EscalationStep): boolean => step.when === 'untaken' && namesPeople(step)

/** Where a ladder rests. Undefined only for a P4 without people. */
export const lastRung = (steps: readonly EscalationStep[]): EscalationStep | undefined => steps.findLast(isRung)

/** True while the condition of a step is met. */
export function isMet(when: StepWhen, { watching, free }: Moment['attention']): boolean {
  if (when === 'unwatched') return watching <= 0
  if (when === 'none_free') return watching > 0 && free <= 0
  return true
}

/** In the order in which they come due. P1 to P3 always end in people who are told again and again; P4 as written. */
export function stepsOf(policy: EscalationPolicy, priority: Priority): EscalationStep[] {
  const steps = withOwnIds((policy.steps[priority] ?? []).map(sane)).sort((a, b) => a.afterS - b.afterS)
  const resort = LAST_RESORT[priority]
  if (!resort) return steps
  const last = lastRung(steps)
  if (last) last.everyS ??= LAST_EVERY_S
  else
    steps.push({
      id: LAST_RESORT_ID,
      when: 'untaken',
      ...resort,
      who: [{ kind: 'everyone' }],
      by: [
        ['voice', 'sms'],
        ['email', 'webhook'],
      ],
    })
  return steps
}

const sane = (step: EscalationStep): EscalationStep => ({
  ...step,
  afterS: within(step.afterS, 0, LONGEST_S, 0),
  everyS: step.everyS === null ? null : within(step.everyS, REPEAT_LEAST_S, LONGEST_S, LAST_EVERY_S),
})

/** `otherwise` stands for what is no number. */
export const within = (value: number, least: number, most: number, otherwise: number): number =>
  Number.isFinite(value) ? Math.min(Math.max(value, least), most) : otherwise

// Two steps of one name would hide each other: the second gets a name of its own.
function withOwnIds(steps: EscalationStep[]): EscalationStep[] {
  const used = new Set<string>()
  for (const step of steps) {
    const name = step.id
    for (let n = 2; used.has(step.id); n++) step.id = `${name}~${n}`
    used.add(step.id)
  }
  return steps
}
