// "Received, you are in line": the one question that a presser gets in a storm, and what an answer does to the queue.
// The system only raises; a milder answer of the presser's own may lower, once, where nothing speaks against it.

import type { Incident, Priority } from './incident'
import { accept, type Outcome, refuse, ring } from './outcome'
import { mayReachPresser } from './phone-view'
import { graver, rank } from './priority'

export const QUEUE_ANSWERS = ['trapped', 'hurt', 'stuck', 'ok'] as const
export type QueueAnswer = (typeof QUEUE_ANSWERS)[number]

/** A word of them, or its number in the question. Null for anything else. */
export function readAnswer(said: unknown): QueueAnswer | null {
  const word = typeof said === 'number' ? String(said) : typeof said === 'string' ? said.trim().toLowerCase() : ''
  return QUEUE_ANSWERS.find((answer, at) => answer === word || String(at + 1) === word) ?? null
}

/** By which way it came: our address, the lifeline, or a text. */
export const ANSWER_WAYS = ['http', 'lifeline', 'sms'] as const
export type AnswerWay = (typeof ANSWER_WAYS)[number]

/** Times are epoch ms. */
export type InLine = { askedAt: number | null; answer: QueueAnswer | null; answeredAt: number | null }

/** What an answer makes of it: the graver two at least so grave, the milder two at most. */
const MEANS: Record<QueueAnswer, { priority: Priority; raises: boolean }> = {
  trapped: { priority: 'P1', raises: true },
  hurt: { priority: 'P2', raises: true },
  stuck: { priority: 'P3', raises: false },
  ok: { priority: 'P4', raises: false },
}

/** Nobody has it yet, and its phone may hear of us: through the gate. */
export const isInLine = (incident: Incident): boolean =>
  incident.state === 'new' && incident.owner === null && mayReachPresser(incident, 'lifeline') === 'open'

export const mayBeAsked = (incident: Incident): boolean =>
  isInLine(incident) && (incident.inLine?.askedAt ?? null) === null

export const asked = (incident: Incident, now: number): Incident => ({
  ...incident,
  inLine: { answer: null, answeredAt: null, ...incident.inLine, askedAt: now },
})

/**
 * `setByPerson`: a person has set its priority, which no phone lowers. A repeated answer changes nothing. Refused where it is
 * over: only a new press is heard then.
 */
export function hearAnswer(
  incident: Incident,
  answer: QueueAnswer,
  at: { now: number; via: AnswerWay; setByPerson: boolean },
): Outcome {
  const { state, inLine } = incident
  if (state !== 'new' && state !== 'taken' && state !== 'help_asked' && state !== 'safe')
    return refuse('conflict', 'over', 'This SOS is over. In danger, press again.')
  if (inLine?.answer === answer) return { ok: true, incident, lines: [] }
  const priority = priorityAfter(incident, answer, at.setByPerson)
  const raised = rank(priority) < rank(incident.priority)
  // "Trapped", of somebody whom we believe to be safe, is a cry.
  const reopens = state === 'safe' && MEANS[answer].raises
  const next: Incident = {
    ...incident,
    priority,
    inLine: { askedAt: inLine?.askedAt ?? null, answer, answeredAt: at.now },
    changedAt: at.now,
    ...(reopens
      ? {
          state: 'new' as const,
          owner: null,
          safeAt: null,
          confirmedBy: null,
          alarmedAt: at.now,
          offered911At: null,
          ring: ring(incident, 'all', 'reopened', at.now),
        }
      : raised
        ? { ring: ring(incident, incident.owner ? 'owner' : 'all', 'raised', at.now) }
        : {}),
  }
  const body = { answer, via: at.via, ...(priority !== incident.priority && { from: incident.priority, to: priority }) }
  const line = { type: 'queue_answered' as const, body }
  return reopens ? accept(next, line, { type: 'reopened', body: { by: 'answer' } }) : accept(next, line)
}

// A graver word of before stands until a person has looked; so does what a person has set, and what nobody has asked.
// Where silence is kept, a phone that says "all is well" may be in other hands.
function priorityAfter(incident: Incident, answer: QueueAnswer, setByPerson: boolean): Priority {
  const { priority, raises } = MEANS[answer]
  if (raises) return graver(incident.priority, priority)
  const before = incident.inLine?.answer ?? null
  const mayLower =
    isInLine(incident) &&
    !setByPerson &&
    (incident.inLine?.askedAt ?? null) !== null &&
    (before === null || !MEANS[before].raises)
  return mayLower && rank(priority) > rank(incident.priority) ? priority : incident.priority
}
