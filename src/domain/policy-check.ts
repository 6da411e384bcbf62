// Whether a policy that a person wrote may stand, and what it means in rows for a page to show.
// Shapes (is it a number, is it an array) are the door's; sense is judged here. What slips through is borne by steps.ts.

import { DUTIES } from './duty'
import { isPerson, isRung, LONGEST_S, REPEAT_LEAST_S, stepsOf } from './escalation/steps'
import type { EscalationPolicy, EscalationStep, StepWhen, Target } from './escalation-policy'
import { PRIORITIES, type Priority } from './incident'
import { CHANNELS, type Channel } from './page'

/** What is wrong, for words in any language; `message` says it in English. */
export type FaultCode =
  | 'no_people'
  | 'too_many_steps'
  | 'id_empty'
  | 'id_twice'
  | 'condition_unknown'
  | 'not_whole'
  | 'too_small'
  | 'too_large'
  | 'who_empty'
  | 'who_unknown'
  | 'by_empty'
  | 'channel_unknown'
  | 'channel_twice'
  | 'own_region'

/** `field` as one writes it: `steps.P1.2.everyS`. Steps and groups count from 0. */
export type PolicyFault = { field: string; code: FaultCode; message: string }

/** Who there is to be named. Absent: names are not looked up. */
export type Known = { contactIds: ReadonlySet<string>; teams: ReadonlySet<string> }

/** Priorities that never wait without people. P4 is only to know. */
const NEEDS_PEOPLE: readonly Priority[] = ['P1', 'P2', 'P3']
const STEPS_MOST = 20
const CONDITIONS: readonly StepWhen[] = ['unwatched', 'none_free', 'untaken']
/** A lifeline is a driver's phone, and nobody on duty. */
const FOR_PEOPLE: readonly Channel[] = CHANNELS.filter((channel) => channel !== 'lifeline')

/** Seconds or counts: where they stand, least and most. */
const FIGURES: readonly (readonly [string, (policy: EscalationPolicy) => number, number, number])[] = [
  ['ackHoldsS', ({ ackHoldsS }) => ackHoldsS, 10, 600],
  ['bundleS', ({ bundleS }) => bundleS, 0, 600],
  ['hourlyBudget', ({ hourlyBudget }) => hourlyBudget, 1, 100],
  ['towerDownS', ({ towerDownS }) => towerDownS, 5, 300],
  ['storm.offeredAt', ({ storm }) => storm.offeredAt, 1, 1_000],
  ['storm.ownAt', ({ storm }) => storm.ownAt, 1, 100],
  ['storm.withinS', ({ storm }) => storm.withinS, 60, 3_600],
  ['storm.repeatS', ({ storm }) => storm.repeatS, 60, 3_600],
]

/** Empty where the policy may stand. */
export function checkPolicy(policy: EscalationPolicy, known?: Known): PolicyFault[] {
  return [
    ...(policy.neighbour === policy.id
      ? [fault('neighbour', 'own_region', 'A region is not its own neighbour: choose another.')]
      : []),
    ...PRIORITIES.flatMap((priority) => checkSteps(`steps.${priority}`, priority, policy.steps[priority] ?? [], known)),
    ...FIGURES.flatMap(([field, read, least, most]) => checkFigure(field, read(policy), least, most)),
  ]
}

function checkSteps(field: string, priority: Priority, steps: EscalationStep[], known?: Known): PolicyFault[] {
  const faults = steps.flatMap((step, at) => [
    ...(steps.findIndex(({ id }) => id === step.id) < at
      ? [fault(`${field}.${at}.id`, 'id_twice', `Two steps are called ${step.id}.`)]
      : []),
    ...checkStep(`${field}.${at}`, step, known),
  ])
  if (steps.length > STEPS_MOST)
    faults.push(fault(field, 'too_many_steps', `More than ${STEPS_MOST} steps: nobody can follow that.`))
  if (NEEDS_PEOPLE.includes(priority) && !steps.some(isRung))
    faults.push(
      fault(field, 'no_people', `${priority} needs a step that tells people for as long as nobody has taken it.`),
    )
  return faults
}

function checkStep(field: string, step: EscalationStep, known?: Known): PolicyFault[] {
  const people = step.who.some(isPerson)
  return [
    ...(step.id.trim() === '' ? [fault(`${field}.id`, 'id_empty', 'A step needs a name.')] : []),
    ...(CONDITIONS.includes(step.when)
      ? []
      : [fault(`${field}.when`, 'condition_unknown', `A step is for ${CONDITIONS.join(', ')}.`)]),
    ...checkFigure(`${field}.afterS`, step.afterS, 0, LONGEST_S),
    ...(step.everyS === null ? [] : checkFigure(`${field}.everyS`, step.everyS, REPEAT_LEAST_S, LONGEST_S)),
    ...(step.who.length === 0 ? [fault(`${field}.who`, 'who_empty', 'A step tells nobody: name somebody.')] : []),
    ...step.who.flatMap((target, at) => checkTarget(`${field}.who.${at}`, target, known)),
    ...(people && step.by.length === 0
      ? [fault(`${field}.by`, 'by_empty', 'People are told by something: name a channel.')]
      : []),
    ...checkChannels(`${field}.by`, step.by),
  ]
}

function checkTarget(field: string, target: Target, known?: Known): PolicyFault[] {
  switch (target.kind) {
    case 'duty':
      return DUTIES.includes(target.duty)
        ? []
        : [fault(`${field}.duty`, 'who_unknown', `There is no duty ${target.duty}: ${DUTIES.join(', ')}.`)]
    case 'person':
      return target.contactId !== '' && (known?.contactIds.has(target.contactId) ?? true)
        ? []
        : [fault(`${field}.contactId`, 'who_unknown', 'There is no such contact.')]
    case 'team':
      return target.team.trim() !== '' && (known?.teams.has(target.team) ?? true)
        ? []
        : [fault(`${field}.team`, 'who_unknown', `Nobody is in a team ${target.team}.`)]
    case 'everyone':
    case 'consoles':
    case 'neighbour':
      return []
    default:
      return [fault(`${field}.kind`, 'who_unknown', 'A step tells a duty, a person, a team, everyone or consoles.')]
  }
}

// One channel stands once in all groups: a second try of it is the Courier's.
function checkChannels(field: string, by: Channel[][]): PolicyFault[] {
  const used = new Set<Channel>()
  return by.flatMap((group, at) => {
    if (group.length === 0) return [fault(`${field}.${at}`, 'by_empty', 'A group without a channel: name one.')]
    return group.flatMap((channel) => {
      if (!FOR_PEOPLE.includes(channel))
        return [fault(`${field}.${at}`, 'channel_unknown', `People are told by ${FOR_PEOPLE.join(', ')}.`)]
      if (used.has(channel)) return [fault(`${field}.${at}`, 'channel_twice', `${channel} stands in it twice.`)]
      used.add(channel)
      return []
    })
  })
}

function checkFigure(field: string, value: number, least: number, most: number): PolicyFault[] {
  if (!Number.isInteger(value)) return [fault(field, 'not_whole', 'A whole number is needed.')]
  if (value < least) return [fault(field, 'too_small', `${least} is the least.`)]
  if (value > most) return [fault(field, 'too_large', `${most} is the most.`)]
  return []
}

const fault = (field: string, code: FaultCode, message: string): PolicyFault => ({ field, code, message })

/** `everyS` as it is followed: the last people are told again also where the policy says once. `builtIn`: not in the policy. */
export type PolicyRow = Pick<EscalationStep, 'id' | 'afterS' | 'when' | 'who' | 'by' | 'everyS'> & { builtIn: boolean }

/** What the tower does for this priority, in the order in which it comes due. */
export function explain(policy: EscalationPolicy, priority: Priority): PolicyRow[] {
  const written = new Set((policy.steps[priority] ?? []).map(({ id }) => id))
  return stepsOf(policy, priority).map(({ id, afterS, when, who, by, everyS }) => ({
    id,
    afterS,
    when,
    who,
    by,
    everyS,
    builtIn: !written.has(id) && !written.has(id.replace(/~\d+$/, '')),
  }))
}
