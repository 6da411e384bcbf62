// What the log says of telling people outside the screens, in words: steps, pages, answers, lost sites, regions looked after,
// broadcasts and drills. Bodies are read with care: an erased or older one lacks what a newer one has.

import type { EventType } from '../../src/domain/event'
import { isWord, type Say } from '../words'
import { nobodyWords, stepWords } from './ladder-words'

type Body = Record<string, unknown>

/** A step that told nobody at all has a line of its own. */
export const ladderKey = (type: EventType, body: Body | null): string =>
  type === 'escalated' && toldNobody(body) ? 'escalated_nobody' : type

const toldNobody = (body: Body | null): boolean =>
  body !== null &&
  strings(body.nobody).length > 0 &&
  names(body.to).length === 0 &&
  names(body.telling).length === 0 &&
  body.consoles !== true &&
  typeof body.neighbour !== 'string'

/** Null where it is a line of another kind. */
export function ladderDetail(type: EventType, body: Body, say: Say): string | null {
  switch (type) {
    case 'escalated':
      return said(
        text(body.step) && stepWords(String(body.step), say),
        word(say, 'stepwhy', body.why),
        names(body.to).join(', '),
        names(body.telling).length > 0 ? say('ladder.telling', { names: names(body.telling).join(', ') }) : null,
        ...strings(body.nobody).map((each) => nobodyWords(each, say)),
        body.consoles === true ? say('ladder.consoles') : null,
        typeof body.neighbour === 'string' ? say('ladder.neighbour', { region: body.neighbour }) : null,
      )
    case 'paged':
      return said(
        nameOf(body.contact),
        word(say, 'way', body.channel),
        word(say, 'attempt', body.state),
        word(say, 'trywhy', body.error),
      )
    case 'page_answered':
      return said(nameOf(body.contact), word(say, 'pageanswer', body.answer))
    case 'page_exhausted':
      return said(nameOf(body.contact))
    case 'ack_expired':
      return said(text(body.name))
    case 'tower_down':
      return said(text(body.site), body.back === true ? say('tower_down.back') : null)
    case 'taken_over':
      return said(
        [text(body.from), text(body.region)].filter(Boolean).join(' → '),
        body.ended === undefined ? null : say('taken_over.ended'),
        text(body.reason),
      )
    case 'area':
    case 'drill':
      return said(
        text(body.ref),
        word(say, type, body.what),
        text(body.name),
        text(body.result),
        text(body.reason),
        text(body.text),
      )
    default:
      return null
  }
}

const said = (...parts: (string | null)[]): string => parts.filter((part) => part !== null && part !== '').join(' · ')
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const strings = (values: unknown): string[] =>
  Array.isArray(values) ? values.filter((each) => typeof each === 'string') : []
const nameOf = (value: unknown): string | null =>
  value !== null && typeof value === 'object' && 'name' in value ? text(value.name) : null
const names = (values: unknown): string[] =>
  Array.isArray(values) ? values.map(nameOf).filter((name) => name !== null) : []

function word(say: Say, group: string, value: unknown): string | null {
  const key = `${group}.${String(value)}`
  return text(value) === null ? null : isWord(key) ? say(key) : String(value)
}
