import { describe, expect, test } from 'bun:test'
import { Chatter, QUESTIONS_AT_ONCE, QUESTIONS_PER_SECOND } from '../../src/intake/chatter'

const NOON = Date.UTC(2026, 10, 24, 4)
const ping = '{"t":"ping"}'
const status = `{"status":"${crypto.randomUUID()}"}`
const asked = (chatter: Chatter, frame: string, times: number, now: number) =>
  Array.from({ length: times }, () => chatter.isTooMuch(frame, now)).filter((tooMuch) => !tooMuch).length

describe('what a lifeline asks beside its cries', () => {
  test('is answered at once as far as a phone may need it, then at a pace, whatever it asks', () => {
    const chatter = new Chatter()
    expect(asked(chatter, ping, 1_000, NOON)).toBe(QUESTIONS_AT_ONCE)
    expect(asked(chatter, status, 1_000, NOON + 1_000)).toBe(QUESTIONS_PER_SECOND)
    expect(asked(chatter, status, 1_000, NOON + 3_600_000)).toBe(QUESTIONS_AT_ONCE)
  })

  test('a clock that is set back gives nothing and takes nothing', () => {
    const chatter = new Chatter()
    asked(chatter, ping, 10, NOON)
    expect(asked(chatter, ping, 1_000, NOON - 3_600_000)).toBe(QUESTIONS_AT_ONCE - 10)
    expect(asked(chatter, ping, 1_000, NOON - 3_599_000)).toBe(QUESTIONS_PER_SECOND)
  })

  test.each([
    '{"kind":"panic"}',
    '{',
    '',
    'help',
    '{"t":"pong"}',
    '{"status":7}',
    '{"status":"a","cancel":"b","pin":"1234"}',
    '{"welfare":"w","answer":"help"}',
    '{"t":"answer","id":"q","answer":"hurt"}',
    `{"t":"ping","note":"${'a'.repeat(300)}"}`,
  ])('%s is never too much', (frame) => {
    const chatter = new Chatter()
    asked(chatter, ping, 1_000, NOON)
    expect(asked(chatter, frame, 1_000, NOON)).toBe(1_000)
  })
})
