// One line of an incident's timeline in words. Bodies are what people and phones wrote: read with care, shown as text.

import type { LogEvent } from '../../src/domain/event'
import { isWord, type Say } from '../words'
import { ladderDetail, ladderKey } from './ladder-lines'

export type EventLine = { what: string; detail: string; by: string; tone: 'alarm' | 'good' | 'plain' }

const LONGEST = 600
const ALARMING = [
  'pressed',
  'created',
  'duress_pin',
  'pin_guessing',
  'released',
  'help_called',
  'realarmed',
  'reopened',
  'separated',
  'phone_silent',
  'tell_again',
  'page_exhausted',
  'ack_expired',
  'tower_down',
]
/** Their words name who did it. */
const NAMED = ['taken', 'help_called']
const COMFORTING = ['safe', 'cancel_verified', 'closed']

export function eventLine(event: LogEvent, say: Say): EventLine {
  const key = keyOf(event)
  const person = event.actor.kind === 'person'
  return {
    what: isWord(key) ? say(key, { by: event.actor.alias }) : say('event.unknown'),
    detail:
      event.body === null ? (event.salt === null ? say('event.erased') : '') : detail(event.type, event.body, say),
    by: person && !NAMED.includes(event.type) ? event.actor.alias : '',
    tone: ALARMING.includes(event.type) ? 'alarm' : COMFORTING.includes(event.type) ? 'good' : 'plain',
  }
}

/** Where nobody was told, as in a quiet incident, no line says so. */
const keyOf = ({ type, body }: LogEvent): string =>
  type === 'untaken_told' && body?.told !== true ? 'event.untaken' : `event.${ladderKey(type, body)}`

type Body = Record<string, unknown>

function detail(type: LogEvent['type'], body: Body, say: Say): string {
  const ofLadder = ladderDetail(type, body, say)
  if (ofLadder !== null) return ofLadder.slice(0, LONGEST)
  const said = (...parts: (string | null)[]) => parts.filter((part) => part !== null && part !== '').join(' · ')
  switch (type) {
    case 'created':
    case 'pressed':
      return said(word(say, 'kind', body.kind), word(say, 'door', body.door), times(body.count, say), text(body.note))
    case 'queue_answered':
      return said(word(say, 'said', body.answer), arrow(body))
    case 'situation':
      return said(text(body.name), word(say, 'situation', body.what))
    case 'noted':
      return text(body.text) ?? ''
    case 'priority_set':
      return said(arrow(body), text(body.reason))
    case 'policy_set':
      return said(
        [word(say, 'policy', body.from), word(say, 'policy', body.to)].filter(Boolean).join(' → '),
        text(body.reason),
      )
    case 'contact_tried':
      return said(
        word(say, 'sheet.contact', body.to),
        word(say, 'act', body.outcome === 'called' ? 'called_911' : body.outcome),
        text(body.ref),
        text(body.note),
      )
    case 'leg_asked':
      return said(word(say, 'responder', body.kind), text(body.name))
    case 'leg_moved':
      return said(text(body.name), word(say, 'leg', body.to), eta(body.etaMinutes, say))
    case 'handed_off':
      return said(text(body.agency), text(body.number), text(body.ref), text(body.note))
    case 'tell_again':
      return body.over === true ? say('again.over') : said(text(body.agency))
    case 'disclosed':
      return said(text(body.to), text(body.way), list(body.fields))
    case 'agency_status':
      return said(text(body.agency), word(say, 'leg', body.state), text(body.unit), eta(body.etaMinutes, say))
    case 'kin_told':
      return said(text(body.name), text(body.stage))
    case 'shared':
      return said(word(say, 'shared', body.what), text(body.to), list(body.granted))
    case 'message':
      if (body.read === true) return say('message.read')
      return said(body.from === 'driver' ? say('message.from_driver') : null, text(body.text))
    case 'area':
      return said(text(body.ref), word(say, 'area.roll', body.answer))
    case 'safe':
      return said(word(say, 'confirmed', body.confirmedBy), text(body.note))
    case 'false_alarm':
      return said(word(say, 'false', body.reason), text(body.note))
    case 'linked':
    case 'unlinked':
    case 'merged':
    case 'unmerged':
      return text(body.code) ?? ''
    case 'shown':
    case 'taken':
    case 'epoch':
    case 'untaken_told':
    // People stand in the log by id; a line names whoever acted, by alias, and nobody else.
    case 'passed':
      return ''
    case 'released':
      return word(say, 'why', body.why) ?? ''
    case 'realarmed':
      return say('why.no_reaction')
    case 'separated':
      return said(metres(body.apartM), seconds(body.forS))
    case 'phone_silent':
    case 'heard_again':
      return seconds(body.silentS) ?? ''
    case 'second_asked':
      return word(say, 'act', body.act) ?? ''
    default:
      return said(arrow(body), text(body.why), text(body.reason), text(body.note), text(body.text))
  }
}

const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, LONGEST) : null

function word(say: Say, group: string, value: unknown): string | null {
  const key = `${group}.${String(value)}`
  return typeof value === 'string' ? (isWord(key) ? say(key) : value.slice(0, LONGEST)) : null
}

const list = (values: unknown): string | null =>
  Array.isArray(values)
    ? values
        .map((each) => String(each))
        .join(', ')
        .slice(0, LONGEST)
    : null

const times = (count: unknown, say: Say) =>
  typeof count === 'number' && count > 1 ? say('queue.presses', { n: count }) : null
const eta = (minutes: unknown, say: Say) => (typeof minutes === 'number' ? say('panel.eta', { n: minutes }) : null)
const metres = (value: unknown) => (typeof value === 'number' ? `${Math.round(value)} m` : null)
const seconds = (value: unknown) => (typeof value === 'number' ? `${Math.round(value)} s` : null)
const arrow = ({ from, to }: Body): string | null =>
  typeof from === 'string' && typeof to === 'string' ? `${from} → ${to}` : null
