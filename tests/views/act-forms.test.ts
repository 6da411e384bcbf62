// What the panel's forms send is read by the API's own schemas, and nothing else becomes an act.

import { expect, test } from 'bun:test'
import { MOVES } from '../../src/domain/moves'
import { ownPath } from '../../src/http/own-path'
import { readAct } from '../../src/http/pages/act-forms'

test('every act of the domain has its form', () => {
  expect(Object.keys(MOVES).filter((act) => readAct(act, {}) === null)).toEqual([])
})

test('a form becomes the act, and its empty fields are fields that were not given', () => {
  expect(readAct('take', {})).toEqual({ ok: true, act: { type: 'take' } })
  expect(readAct('leg', { kind: 'rover', name: 'Rover' })).toEqual({
    ok: true,
    act: { type: 'leg', kind: 'rover', name: 'Rover' },
  })
  expect(readAct('safe', { confirmedBy: 'own_voice', note: ' ' })).toEqual({
    ok: true,
    act: { type: 'safe', confirmedBy: 'own_voice' },
  })
})

test('a wrong or missing field is named', () => {
  expect(readAct('safe', {})).toEqual({ ok: false, field: 'confirmedBy' })
  expect(readAct('priority', { priority: 'P9' })).toEqual({ ok: false, field: 'priority' })
})

test('what is no act is none, whatever its name', () => {
  for (const name of ['delete', 'constructor', '__proto__', 'toString', '']) expect(readAct(name, {})).toBeNull()
})

test('after a change of language one stays on a path of ours', () => {
  expect(ownPath('/r/NCR?x=1')).toBe('/r/NCR?x=1')
  for (const next of [
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '',
    undefined,
    '/a\r\nb',
  ]) {
    expect(ownPath(next)).toBe('/')
  }
})
