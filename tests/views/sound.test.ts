// What a desk hears: sound until somebody takes it, a mute that a new P1 ends, one window of several.

import { expect, test } from 'bun:test'
import { alarmOf, endsMute, onceOf } from '../../views/client/sound/rules'
import { FORGET_MS, whoSounds } from '../../views/client/sound/who-sounds'
import { ownedBy, summary } from './made-up'

const NOW = Date.parse('2026-11-22T13:14:20.000Z')
const alarmed = (secondsAgo: number) => ({ alarmedAt: new Date(NOW - secondsAgo * 1000).toISOString() })
const heard = (incidents: ReturnType<typeof summary>[], change: Partial<Parameters<typeof alarmOf>[0]> = {}) =>
  alarmOf({ incidents, now: NOW, mutedUntil: 0, storm: false, watchLost: false, ...change })

test('a P1 sounds until somebody takes it, and louder from 10 s', () => {
  expect(heard([summary(alarmed(2))])).toBe('p1')
  expect(heard([summary(alarmed(11))])).toBe('p1_loud')
  expect(heard([summary({ ...alarmed(11), ...ownedBy('ana') })])).toBe('silent')
})

test('a P1 that came back to the queue sounds from its new alarm', () => {
  expect(
    heard([summary({ ...alarmed(3), flags: ['requeued'], receivedAt: new Date(NOW - 90_000).toISOString() })]),
  ).toBe('p1')
})

test('a P1 drowns a P2, and P3 and P4 make no loop', () => {
  expect(heard([summary({ priority: 'P2', ...alarmed(5) }), summary(alarmed(5))])).toBe('p1')
  expect(heard([summary({ priority: 'P2', ...alarmed(5) })])).toBe('p2')
  expect(heard([summary({ priority: 'P3' }), summary({ priority: 'P4' })])).toBe('silent')
})

test('in a storm a soft tick stands for all that is not taken, and each new P1 is one burst', () => {
  const p1 = summary()
  expect(heard([p1], { storm: true })).toBe('storm')
  expect(heard([summary(ownedBy('ana'))], { storm: true })).toBe('silent')
  expect(onceOf(p1, undefined, 'me', true)).toBe('storm_p1')
  expect(onceOf(p1, undefined, 'me', false)).toBeNull()
})

test('a lost link or canary sounds unlike any SOS, and never over one', () => {
  expect(heard([], { watchLost: true })).toBe('link')
  expect(heard([summary(alarmed(1))], { watchLost: true })).toBe('p1')
})

test('a mute silences this desk for its time and no longer', () => {
  const rows = [summary(alarmed(30))]
  expect(heard(rows, { mutedUntil: NOW + 1 })).toBe('silent')
  expect(heard(rows, { mutedUntil: NOW })).toBe('p1_loud')
})

test('only an alarm of a P1 that was not there before ends a mute', () => {
  const ring = (n: number, to: 'all' | 'owner' = 'all') => ({ ring: { n, to, reason: 'new' as const, at: '' } })
  expect(endsMute(summary(ring(1)), undefined)).toBe(true)
  expect(endsMute(summary(ring(2)), 1)).toBe(true)
  expect(endsMute(summary(ring(1)), 1)).toBe(false)
  expect(endsMute(summary({ priority: 'P2', ...ring(1) }), undefined)).toBe(false)
  expect(endsMute(summary({ ...ring(2, 'owner'), ...ownedBy('ana') }), 1)).toBe(false)
})

test('a re-press of a taken incident is heard by its owner alone, once', () => {
  const again = summary({ ...ownedBy('me'), ring: { n: 2, to: 'owner', reason: 're_press', at: '' } })
  expect(onceOf(again, 1, 'me', false)).toBe('re_press')
  expect(onceOf(again, 1, 'somebody', false)).toBeNull()
  expect(onceOf(again, 2, 'me', false)).toBeNull()
})

test('"everyone, help me" is heard by everyone else', () => {
  const help = summary({ ...ownedBy('ana'), ring: { n: 3, to: 'all', reason: 'help', at: '' } })
  expect(onceOf(help, 2, 'me', false)).toBe('help')
  expect(onceOf(help, 2, 'ana', false)).toBeNull()
})

test('a P3 is one note, a P4 none', () => {
  expect(onceOf(summary({ priority: 'P3' }), undefined, 'me', false)).toBe('p3')
  expect(onceOf(summary({ priority: 'P4' }), undefined, 'me', false)).toBeNull()
})

test('of several windows one sounds: the visible one that may', () => {
  const of = (id: string, unlocked: boolean, visible: boolean, at = NOW) => ({ id, unlocked, visible, at })
  expect(whoSounds([of('a', true, false), of('b', true, true)], NOW)).toBe('b')
  expect(whoSounds([of('a', true, true), of('b', true, true)], NOW)).toBe('a')
  expect(whoSounds([of('a', false, true), of('b', true, false)], NOW)).toBe('b')
  expect(whoSounds([of('a', false, true)], NOW)).toBeNull()
  expect(whoSounds([of('a', true, true, NOW - FORGET_MS), of('b', true, false)], NOW)).toBe('b')
})
