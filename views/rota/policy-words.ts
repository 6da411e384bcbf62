// How a step of a policy is said: whom it tells, and by which ways in which order.

import type { DutyContact } from '../../src/domain/duty'
import type { EscalationPolicy, Target } from '../../src/domain/escalation-policy'
import type { Channel } from '../../src/domain/page'
import { nameOf } from '../devices/office'
import type { Lang, Say } from '../words'
import { dutyWords } from './office'
import { namesOf } from './week'

export function targetWords(
  target: Target,
  policy: EscalationPolicy,
  contacts: readonly DutyContact[],
  lang: Lang,
  say: Say,
): string {
  switch (target.kind) {
    case 'duty':
      return dutyWords(target.duty, say)
    case 'person': {
      const known = contacts.some(({ id }) => id === target.contactId)
      return known ? namesOf(contacts)(target.contactId) : say('rota.target.unknown')
    }
    case 'team':
      return say('rota.target.team', { team: target.team })
    case 'neighbour':
      return say('rota.target.neighbour', { region: nameOf(policy.neighbour, lang) })
    default:
      return say(`rota.target.${target.kind}`)
  }
}

/** "Call + Text, then E-mail". */
export const waysWords = (by: readonly (readonly Channel[])[], say: Say): string =>
  by
    .map((group) => group.map((channel) => say(`rota.channel.${channel}`)).join(' + '))
    .reduce((first, next) => (first === '' ? next : say('rota.step.then', { first, next })), '')
