// What `bench capacity` and `bench api` say is no better than how they count.

import { expect, test } from 'bun:test'
import { untouched } from '../../scripts/bench/api/operations'
import { Histogram } from '../../scripts/bench/histogram'
import { burst, type Outcome, sosIdIn } from '../../scripts/bench/load/burst'
import { closeCodeIn, maskedText } from '../../scripts/bench/load/slow-reader'
import { strained } from '../../scripts/bench/load/strain'
import { socketsWithin } from '../../scripts/lib/workerd'

test('a burst counts every press once: answered by its id, or failed by its reason', async () => {
  const outcome = (n: number): Outcome => (n % 4 === 0 ? { failed: 'status 503' } : { sosId: `id-${n}` })
  const result = await burst(20, 20, async (n) => outcome(n))
  expect(result).toMatchObject({ sent: 20, answered: 15, failed: { 'status 503': 5 } })
  expect(new Set(result.sosIds).size).toBe(15)
  expect(Histogram.of(result.latency).count).toBe(20)
})

test('the id of a press is read from the answer of each system, and from none where there is none', () => {
  expect(sosIdIn('{"t":"received","sosId":"a-1"}')).toBe('a-1')
  expect(sosIdIn('437[{"sosId":"b-2"}]')).toBe('b-2')
  expect(sosIdIn('{"error":{"code":"away"}}')).toBeNull()
})

const latenessOf = (ms: number) => {
  const late = new Histogram()
  late.addMs(ms)
  return late.raw()
}

test('a generator that was late, or had no time left, says so; one that kept up says nothing', () => {
  expect(strained({ late: latenessOf(2), busy: 0.5 })).toBeNull()
  expect(strained({ late: latenessOf(120), busy: 0.5 })).toContain('bottleneck')
  expect(strained({ late: latenessOf(2), busy: 0.97 })).toContain('97 %')
})

test('a slow reader finds the close behind everything that was kept for it, and none where there is none', () => {
  const text = Buffer.concat([Buffer.from([0x81, 126, 1, 44]), Buffer.alloc(300, 97)])
  const long = Buffer.concat([Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 1, 17, 112]), Buffer.alloc(70_000, 98)])
  const close = Buffer.from([0x88, 2, 0x03, 0xf5])
  expect(closeCodeIn(Buffer.concat([text, long, close]))).toBe(1013)
  expect(closeCodeIn(Buffer.concat([text, long]))).toBeNull()
  expect(closeCodeIn(Buffer.from([0x88, 0]))).toBe(1005)
})

test('what a slow reader says is a frame of a client: masked, and the same when it is unmasked', () => {
  const frame = maskedText('{"t":"since"}')
  expect([frame[0], frame[1]]).toEqual([0x81, 0x80 | 13])
  const mask = frame.slice(2, 6)
  const said = frame.slice(6).map((byte, at) => byte ^ (mask[at % 4] as number))
  expect(Buffer.from(said).toString()).toBe('{"t":"since"}')
})

test('an operation is touched by an answer that its description has, and named where nothing else came', () => {
  const operations = ['GET /a', 'GET /b', 'POST /c', 'GET /d', 'GET /e'].map((name) => ({
    name,
    statuses: name === 'GET /e' ? ['101', '401'] : ['200', '404'],
  }))
  const answered = (status: string) => ({ statuses: { [status]: 1 }, latency: latenessOf(1), refusal: null })
  const touched = {
    'GET /a': answered('200'),
    'GET /b': answered('404'),
    'POST /c': answered('500'),
    'GET /e': answered('101'),
  }
  expect(untouched(operations, touched)).toEqual({ never: ['POST /c', 'GET /d'], refused: ['GET /b'] })
})

test('sockets leave descriptors for requests, and hold few where there are few', () => {
  expect(socketsWithin(20_000)).toBe(8_500)
  expect(socketsWithin(1_000)).toBe(300)
  expect(socketsWithin(256)).toBe(10)
  expect(socketsWithin(1_000_000)).toBe(30_000)
})
