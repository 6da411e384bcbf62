// Lines of the timeline say what happened, and name nobody but whoever acted.

import { expect, test } from 'bun:test'
import type { EventType, LogEvent } from '../../src/domain/event'
import { eventLine } from '../../views/tower/event-line'
import { t } from '../../views/words'

const event = (type: EventType, body: LogEvent['body'], alias = 'Tower'): LogEvent => ({
  room: 'NCR',
  epoch: 'e',
  seq: 1,
  at: 0,
  type,
  incident: 'i',
  actor: { uid: 'u-1', alias, kind: alias === 'Tower' ? 'system' : 'person' },
  body,
  salt: 's',
  bodyHash: '',
  prevHash: '',
  hash: '',
})

test('a phone was told only where it was told', () => {
  const say = t('en')
  expect(eventLine(event('untaken_told', { told: true }), say).what).toBe('Phone told: nobody has it yet')
  for (const body of [{ told: false }, {}, null]) {
    expect(eventLine(event('untaken_told', body), say).what).toBe('Nobody has it yet')
  }
})

test('why it is back in the queue is said in words of the language', () => {
  expect(eventLine(event('released', { why: 'owner_screen_gone', from: 'u-7' }), t('fil')).detail).toBe(
    'nawala ang screen ng may hawak',
  )
})

test('who it was passed to stands in the log, and not on the line', () => {
  const { what, detail, by } = eventLine(event('passed', { from: 'u-7', to: 'u-8' }, 'Desk 1'), t('en'))
  expect([what, detail, by]).toEqual(['Passed on', '', 'Desk 1'])
})
