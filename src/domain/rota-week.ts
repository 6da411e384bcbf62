// The rota as people look at it: who has a duty from when until when, and the gaps, before they happen. Pure; epoch ms.

import { DUTIES, type Duty, type DutyContact, type Shift } from './duty'
import type { EscalationPolicy } from './escalation-policy'
import { gaps, onDuty, staffed, timesOf } from './rota'

/** Nobody where `who` is empty. `override`: they stand in the place of others. */
export type Watch = { from: number; until: number; who: string[]; override: boolean }

/** The whole time between both, without holes: neighbours differ in who it is. */
export function watches(shifts: readonly Shift[], duty: Duty, from: number, until: number): Watch[] {
  const own = shifts.filter((shift) => shift.duty === duty)
  const edges = own
    .flatMap((shift) => timesOf(shift, from, until).flatMap((time) => [time.from, time.until]))
    .filter((edge) => edge > from && edge < until)
  const steps = [...new Set([from, ...edges])].sort((a, b) => a - b)
  const overrides = own.filter(({ override }) => override)
  return steps.reduce<Watch[]>((found, at, n) => {
    const who = onDuty(own, duty, at)
    const override = onDuty(overrides, duty, at).length > 0
    const last = found.at(-1)
    const end = steps[n + 1] ?? until
    if (last && last.override === override && same(last.who, who)) last.until = end
    else found.push({ from: at, until: end, who, override })
    return found
  }, [])
}

export type Gap = { duty: Duty; from: number; until: number }

/**
 * When nobody who can be told has a duty that must be had: one that the policy tells, or that the rota has at all. In order of
 * time. An inactive person, or one without an address, covers nothing.
 */
export function gapsAhead(
  policy: Pick<EscalationPolicy, 'steps'>,
  { contacts, shifts }: { contacts: readonly DutyContact[]; shifts: readonly Shift[] },
  from: number,
  until: number,
): Gap[] {
  const able = staffed(shifts, contacts)
  return dutiesOf(policy, shifts)
    .flatMap((duty) => gaps(able, duty, from, until).map((gap) => ({ duty, ...gap })))
    .sort((a, b) => a.from - b.from)
}

/** In the order of `DUTIES`. */
export function dutiesOf(policy: Pick<EscalationPolicy, 'steps'>, shifts: readonly Shift[]): Duty[] {
  const named = Object.values(policy.steps)
    .flat()
    .flatMap(({ who }) => who.flatMap((target) => (target.kind === 'duty' ? [target.duty] : [])))
  return DUTIES.filter((duty) => named.includes(duty) || shifts.some((shift) => shift.duty === duty))
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id))
