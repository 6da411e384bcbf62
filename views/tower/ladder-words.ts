// What the room and the courier say of the ladder in their own terms, in words of the reader's language.

import type { Attempt } from '../../src/domain/page'
import { isWord, type Say, type Word } from '../words'

/** A step of the policy; one that a supervisor named goes by its name. */
export function stepWords(step: string, say: Say): string {
  const word = `step.${step}`
  return isWord(word) ? say(word) : step.replaceAll('_', ' ')
}

/** What the log calls a duty. */
const DUTIES: readonly [RegExp, Word][] = [
  [/^second.lead$/, 'rota.duty.second_lead'],
  [/^lead$/, 'rota.duty.lead'],
  [/^management$/, 'rota.duty.management'],
  [/^responder$/, 'rota.duty.responder'],
]

const PATTERNS: readonly [RegExp, Word][] = [
  [/^nobody on duty as (.+)$/, 'nobody.duty'],
  [/^whoever is on duty as (.+) cannot$/, 'nobody.duty_cannot'],
  [/^falls to anyone active$/, 'nobody.falls_anyone'],
  [/^falls to (.+)$/, 'nobody.falls'],
  [/^nobody in team (.+)$/, 'nobody.team'],
  [/^everyone has said that they cannot/, 'nobody.all_cannot'],
  [/^nobody in the directory can be told$/, 'nobody.at_all'],
]

/** Why nobody is told; what is not known here is said as the log has it. */
export function nobodyWords(why: string, say: Say): string {
  for (const [pattern, word] of PATTERNS) {
    const found = pattern.exec(why)
    if (found) return say(word, { duty: dutyWords(found[1] ?? '', say) })
  }
  return why
}

function dutyWords(duty: string, say: Say): string {
  const known = DUTIES.find(([pattern]) => pattern.test(duty))
  return known ? say(known[1]).toLowerCase() : duty
}

/** A provider's own code stays as it is. */
export function tryWords({ state, error, answer }: Pick<Attempt, 'state' | 'error' | 'answer'>, say: Say): string {
  const why = error === null ? null : errorWords(error, say)
  const said = answer === null ? null : say(`pageanswer.${answer}`)
  return [say(`attempt.${state}`), said ?? why].filter((part) => part !== null).join(', ')
}

export function errorWords(error: string, say: Say): string {
  const word = `trywhy.${error}`
  return isWord(word) ? say(word) : error
}
