// Hands and focus: what a key does and when it is dead, who may be moved by a new P1, what can be taken back, storms.

import { expect, test } from 'bun:test'
import { arrivalOf, type Desk } from '../../views/client/desk/arrival'
import { DEAD_AFTER_FRAME_MS, type KeyContext, keyEffect } from '../../views/client/desk/key-rules'
import { stormOf } from '../../views/client/desk/storm'
import { undoOf } from '../../views/client/desk/undo'
import { KEYS } from '../../views/tower/keys'
import { ownedBy, summary } from './made-up'

const press = (key: string, change = {}) => ({ key, ctrl: false, alt: false, meta: false, repeat: false, ...change })
const context = (change: Partial<KeyContext> = {}): KeyContext => ({
  on: true,
  typing: false,
  now: 10_000,
  framedAt: 0,
  framed: true,
  sheet: null,
  onControl: false,
  ...change,
})

test('no letter acts while somebody types, and Escape leaves the field', () => {
  for (const { key } of KEYS) expect(keyEffect(press(key), context({ typing: true }))).toEqual({ do: 'nothing' })
  expect(keyEffect(press('Escape'), context({ typing: true }))).toEqual({ do: 'leave' })
})

test('keys of the framed incident are dead for a moment after the frame changes; those of the screen are not', () => {
  const young = context({ now: 10_000, framedAt: 10_000 - DEAD_AFTER_FRAME_MS + 1 })
  const ripe = context({ now: 10_000, framedAt: 10_000 - DEAD_AFTER_FRAME_MS })
  for (const { key, act, needs } of KEYS) {
    expect(keyEffect(press(key), young)).toEqual(needs === 'frame' ? { do: 'nothing' } : { do: 'act', act })
    expect(keyEffect(press(key), ripe)).toEqual({ do: 'act', act })
  }
})

test('an open sheet hears nothing either while the frame is young', () => {
  const young = context({ sheet: 'safe', framedAt: 9_900 })
  expect(keyEffect(press('1'), young)).toEqual({ do: 'nothing' })
  expect(keyEffect(press('Enter'), young)).toEqual({ do: 'nothing' })
})

test('keys of an incident do nothing without one, and no key does anything when they are turned off', () => {
  expect(keyEffect(press('a'), context({ framed: false }))).toEqual({ do: 'nothing' })
  expect(keyEffect(press('n'), context({ on: false }))).toEqual({ do: 'nothing' })
})

test('modifiers and held keys belong to the browser', () => {
  for (const change of [{ ctrl: true }, { alt: true }, { meta: true }, { repeat: true }]) {
    expect(keyEffect(press('a', change), context())).toEqual({ do: 'nothing' })
  }
})

test('digits and Enter answer the open sheet; Enter on a button is the button’s own', () => {
  expect(keyEffect(press('3'), context({ sheet: 'send' }))).toEqual({ do: 'choose', digit: 3 })
  expect(keyEffect(press('Enter'), context({ sheet: 'safe' }))).toEqual({ do: 'sheet', key: 'enter' })
  expect(keyEffect(press('Enter'), context({ sheet: 'safe', onControl: true }))).toEqual({ do: 'nothing' })
  expect(keyEffect(press('y'), context({ sheet: 'contact' }))).toEqual({ do: 'sheet', key: 'y' })
  expect(keyEffect(press('3'), context())).toEqual({ do: 'nothing' })
})

test('no two acts share a key, and none is a function key', () => {
  const keys = KEYS.map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.every((key) => key.length === 1)).toBe(true)
})

const idle: Desk = {
  framed: null,
  holdsP1: false,
  typing: false,
  onCall: false,
  asking: false,
  storm: false,
  visible: true,
}

test('a new P1 opens itself only on a desk that does nothing else', () => {
  expect(arrivalOf(idle)).toBe('open')
  const busy: Partial<Desk>[] = [
    { framed: { id: 'a', mine: false, open: true } },
    { framed: { id: 'a', mine: true, open: false } },
    { holdsP1: true },
    { typing: true },
    { onCall: true },
    { asking: true },
    { storm: true },
    { visible: false },
  ]
  for (const change of busy) expect(arrivalOf({ ...idle, ...change })).toBe('band')
})

test('an incident that is over and nobody here holds does not keep the desk busy', () => {
  expect(arrivalOf({ ...idle, framed: { id: 'a', mine: false, open: false } })).toBe('open')
})

test('what was done is taken back by the act that answers it', () => {
  const before = summary({ priority: 'P2' })
  expect(undoOf('take', {}, before)).toMatchObject({ act: 'pass' })
  expect(undoOf('priority', { priority: 'P4' }, before)).toMatchObject({ fields: { priority: 'P2' } })
  expect(undoOf('link', { otherId: 'x' }, before)).toMatchObject({ act: 'unlink', fields: { otherId: 'x' } })
  expect(undoOf('safe', {}, summary(ownedBy('me')))).toMatchObject({ act: 'reopen', retake: true })
  expect(undoOf('safe', {}, before)).not.toHaveProperty('retake')
})

test('what left the tower cannot be taken back, and undo never makes a quiet incident loud', () => {
  for (const act of ['note', 'contact-attempt', 'leg', 'help']) expect(undoOf(act, {}, summary())).toBeNull()
  expect(undoOf('contact-policy', {}, summary({ contactPolicy: 'quiet' }))).toMatchObject({
    fields: { policy: 'quiet' },
  })
  expect(undoOf('contact-policy', {}, summary({ contactPolicy: 'voice_ok' }))).toBeNull()
})

test('a storm is offered at more than ten untaken for each free operator, and comes by itself at three times that', () => {
  expect(stormOf(20, 2, null)).toBe('off')
  expect(stormOf(21, 2, null)).toBe('offered')
  expect(stormOf(61, 2, null)).toBe('on')
  expect(stormOf(61, 2, 'off')).toBe('offered')
  expect(stormOf(0, 2, 'on')).toBe('on')
  expect(stormOf(11, 0, null)).toBe('offered')
})

test('once the room has spoken of a storm, its word stands, and a person chooses what they look at', () => {
  const [on, offered, calm] = [
    { on: true, offered: false },
    { on: false, offered: true },
    { on: false, offered: false },
  ]
  expect(stormOf(0, 6, null, on)).toBe('on')
  expect(stormOf(0, 6, 'off', on)).toBe('offered')
  expect(stormOf(900, 1, null, calm)).toBe('off')
  expect(stormOf(900, 1, null, offered)).toBe('offered')
  expect(stormOf(0, 6, 'on', calm)).toBe('on')
})
