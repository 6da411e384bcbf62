import { expect, test } from 'bun:test'
import { BoundedAttempts, delayAfter, LogInThrottle } from '../../src/http/auth/throttle'

function clocked() {
  const clock = { now: 1_000_000 }
  return { clock, throttle: new LogInThrottle(new BoundedAttempts(), () => clock.now) }
}

test('four tries are free, then each waits twice as long as the one before', () => {
  const { clock, throttle } = clocked()
  for (let n = 0; n < 4; n++) expect(throttle.attempt('ana@x', '1.1.1.1')).toEqual({ ok: true })
  expect(throttle.attempt('ana@x', '1.1.1.1')).toEqual({ ok: false, retryAfterMs: 1_000 })
  clock.now += 1_000
  expect(throttle.attempt('ana@x', '1.1.1.1')).toEqual({ ok: true })
  expect(throttle.attempt('ana@x', '1.1.1.1')).toEqual({ ok: false, retryAfterMs: 2_000 })
})

test('a refused try does not make the wait longer', () => {
  const { clock, throttle } = clocked()
  for (let n = 0; n < 4; n++) throttle.attempt('ana@x', null)
  for (let n = 0; n < 50; n++) throttle.attempt('ana@x', null)
  clock.now += 1_000
  expect(throttle.attempt('ana@x', null).ok).toBe(true)
})

test('guessing from many addresses slows an account down, but never for more than ten seconds', () => {
  const { clock, throttle } = clocked()
  let longest = 0
  for (let n = 0; n < 500; n++) {
    const answer = throttle.attempt('ana@x', `10.0.${n >> 8}.${n & 255}`)
    if (answer.ok) continue
    longest = Math.max(longest, answer.retryAfterMs)
    clock.now += answer.retryAfterMs
  }
  expect(longest).toBe(10_000)
})

test('a list of leaked passwords from one address is slowed down across accounts', () => {
  const { throttle } = clocked()
  const answers = Array.from({ length: 60 }, (_, n) => throttle.attempt(`user${n}@x`, '6.6.6.6').ok)
  expect(answers.filter(Boolean)).toHaveLength(30)
  expect(throttle.attempt('user99@x', '7.7.7.7').ok).toBe(true)
})

test('without a trustworthy address one guesser does not stop the others', () => {
  const { throttle } = clocked()
  for (let n = 0; n < 100; n++) throttle.attempt(`user${n}@x`, null)
  expect(throttle.attempt('ana@x', null).ok).toBe(true)
})

test('the right password lets the same person try anew at once', async () => {
  const { throttle } = clocked()
  for (let n = 0; n < 4; n++) throttle.attempt('ana@x', '1.1.1.1')
  await throttle.succeeded('ana@x', '1.1.1.1')
  expect(throttle.attempt('ana@x', '1.1.1.1').ok).toBe(true)
})

test('tries are forgotten after a quarter of an hour', () => {
  const { clock, throttle } = clocked()
  for (let n = 0; n < 4; n++) throttle.attempt('ana@x', '1.1.1.1')
  clock.now += 15 * 60_000
  for (let n = 0; n < 4; n++) expect(throttle.attempt('ana@x', '1.1.1.1').ok).toBe(true)
})

test('a flood of made-up accounts keeps a bounded number of rows', () => {
  const attempts = new BoundedAttempts(100)
  for (let n = 0; n < 10_000; n++) attempts.set(`k${n}`, { count: 1, lastAt: n })
  expect(attempts.get('k0')).toBeUndefined()
  expect(attempts.get('k9899')).toBeUndefined()
  expect(attempts.get('k9900')).toEqual({ count: 1, lastAt: 9_900 })
})

test('delays double up to their limit and never overflow', () => {
  expect([3, 4, 5, 6, 1_000].map((count) => delayAfter(count, 4, 60_000))).toEqual([0, 1_000, 2_000, 4_000, 60_000])
})
