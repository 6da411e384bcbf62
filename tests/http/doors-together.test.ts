import { describe, expect, test } from 'bun:test'
import { GATHER_MS, NotTaken, Together } from '../../src/http/doors/together'
import { ManualClock, settle } from '../durable/manual-clock'

/** Calls whose answers a test gives by hand. */
function setUp() {
  const clock = new ManualClock()
  const together = new Together<string, string>(clock)
  const calls: { by: string; items: string[]; answer(results: (string | null)[]): void; fail(error: Error): void }[] =
    []
  const submit = (item: string, shard = 'NCR:0') =>
    together.submit(shard, item, (items) => {
      return new Promise((answer, fail) => calls.push({ by: item, items, answer, fail }))
    })
  return { clock, calls, submit, sent: () => calls.map(({ items }) => items) }
}

describe('presses that come together', () => {
  test('one alone goes at once', async () => {
    const { calls, submit, sent } = setUp()
    const answer = submit('a')
    expect(sent()).toEqual([['a']])
    calls[0]?.answer(['A'])
    expect(await answer).toBe('A')
    void submit('b')
    expect(sent()).toEqual([['a'], ['b']])
  })

  test('those that come during a call gather for a moment and go as one, each with its own answer', async () => {
    const { clock, calls, submit, sent } = setUp()
    void submit('a')
    const answers = Promise.all([submit('b'), submit('c'), submit('d')])
    expect(sent()).toEqual([['a']])
    await clock.advance(GATHER_MS)
    expect(sent()).toEqual([['a'], ['b', 'c', 'd']])
    calls[1]?.answer(['B', 'C', 'D'])
    expect(await answers).toEqual(['B', 'C', 'D'])
  })

  test('those for another shard have nothing to do with it', () => {
    const { submit, sent } = setUp()
    void submit('a')
    void submit('b', 'NCR:1')
    expect(sent()).toEqual([['a'], ['b']])
  })

  test('one that could not be written fails alone; a call that fails fails all that it carried', async () => {
    const { clock, calls, submit } = setUp()
    const first = submit('a')
    const answers = Promise.allSettled([submit('b'), submit('c')])
    await clock.advance(GATHER_MS)
    calls[1]?.answer(['B', null])
    const [b, c] = await answers
    expect(b).toEqual({ status: 'fulfilled', value: 'B' })
    expect(c).toMatchObject({ status: 'rejected', reason: expect.any(NotTaken) })
    calls[0]?.fail(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
  })

  test('a crowd does not wait for the moment to pass', () => {
    const { submit, sent } = setUp()
    void submit('first')
    for (let n = 0; n < 256; n++) void submit(`${n}`)
    expect(sent().map((items) => items.length)).toEqual([1, 256])
  })

  test('where the request that was to call is gone, the next to come calls for it', async () => {
    const { clock, calls, submit, sent } = setUp()
    void submit('a')
    const left = submit('b')
    // Its timer never fires: the platform ended its request.
    clock.jump(10_000)
    await settle()
    expect(sent()).toEqual([['a']])
    void submit('c')
    expect(sent()).toEqual([['a'], ['b', 'c']])
    calls[1]?.answer(['B', 'C'])
    expect(await left).toBe('B')
  })
})
