import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  LIMIT_MS,
  NobodyAnswered,
  type Outcome,
  type Shard,
  SILENCE_MS,
  STALL_MS,
  StepAround,
  type Timers,
} from '../../src/http/doors/step-around'

/** A clock that a test turns. Promises are let through between any two timers. */
class Turned implements Timers {
  #now = 1_000_000_000_000
  #due: { at: number; run: () => void }[] = []
  now = () => this.#now
  after(ms: number, run: () => void) {
    const timer = { at: this.#now + ms, run }
    this.#due.push(timer)
    return () => {
      this.#due = this.#due.filter((each) => each !== timer)
    }
  }
  async turn(ms: number) {
    const until = this.#now + ms
    for (;;) {
      await settled()
      const [next] = this.#due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
      if (!next) break
      this.#now = Math.max(this.#now, next.at)
      this.#fire(next)
    }
    this.#now = until
    await settled()
  }
  /** The isolate is held up: time goes on, and nothing is heard, until all of it comes at once. */
  async stall(ms: number) {
    this.#now += ms
    for (const timer of this.#due.filter(({ at }) => at <= this.#now)) this.#fire(timer)
    await settled()
  }
  get waiting() {
    return this.#due.length
  }
  #fire(timer: { run: () => void }) {
    this.#due = this.#due.filter((each) => each !== timer)
    timer.run()
  }
}

const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

/** A shard whose answers a test gives by hand. */
function shardOf(name: string) {
  const calls: { answer(value?: string): void; fail(error?: unknown): void }[] = []
  const shard: Shard<string> = {
    name,
    call: () =>
      new Promise((resolve, reject) => {
        calls.push({
          answer: (value = name) => resolve(value),
          fail: (error = new Error(`${name} failed`)) => reject(error),
        })
      }),
  }
  return { ...shard, calls }
}

function setUp() {
  const clock = new Turned()
  const around = new StepAround(clock)
  const first = shardOf('first')
  const next = shardOf('next')
  const press = (aroundSlow = true, second: Shard<string> | null = next) => {
    const seen: { outcome: Outcome<string> | null } = { outcome: null }
    void around.call(first, second, aroundSlow).then((outcome) => {
      seen.outcome = outcome
    })
    return seen
  }
  return { clock, around, first, next, press }
}

const overloaded = () => Object.assign(new Error('too busy'), { overloaded: true })

describe('a press', () => {
  test('is answered by its shard, and asks no other', async () => {
    const { clock, first, next, press } = setUp()
    const seen = press()
    await clock.turn(500)
    first.calls[0]?.answer()
    await clock.turn(5_000)
    expect(seen.outcome).toEqual({ ok: true, value: 'first', shard: 'first' })
    expect([first.calls.length, next.calls.length]).toEqual([1, 0])
    expect(clock.waiting).toBe(0)
  })

  test('steps past a shard that is silent to everybody for 800 ms', async () => {
    const { clock, first, next, press } = setUp()
    const seen = press()
    await clock.turn(SILENCE_MS - 1)
    expect(next.calls).toHaveLength(0)
    await clock.turn(1)
    expect(next.calls).toHaveLength(1)
    next.calls[0]?.answer()
    await settled()
    expect(seen.outcome).toEqual({ ok: true, value: 'next', shard: 'next' })
    expect(first.calls).toHaveLength(1)
  })

  test('is answered by its first shard, too, when that speaks after the step', async () => {
    const { clock, first, next, press } = setUp()
    const seen = press()
    await clock.turn(900)
    first.calls[0]?.answer()
    await settled()
    expect(seen.outcome).toMatchObject({ ok: true, shard: 'first' })
    next.calls[0]?.answer()
    await clock.turn(LIMIT_MS)
    expect(seen.outcome).toMatchObject({ shard: 'first' })
  })

  test('waits for a shard that answers others: it is slow, not dead', async () => {
    const { clock, first, next, press } = setUp()
    press()
    press()
    await clock.turn(500)
    first.calls[0]?.answer()
    await clock.turn(SILENCE_MS - 1)
    expect(next.calls).toHaveLength(0)
    await clock.turn(1)
    expect(next.calls).toHaveLength(1)
  })

  test('does not count the time in which nobody asked the shard anything', async () => {
    const { clock, first, next, press } = setUp()
    press()
    first.calls[0]?.answer()
    await clock.turn(60_000)
    press()
    await clock.turn(SILENCE_MS - 1)
    expect(next.calls).toHaveLength(0)
  })

  test('steps at once past a shard that has been silent to others long enough', async () => {
    const { clock, next, press } = setUp()
    press()
    await clock.turn(SILENCE_MS)
    expect(next.calls).toHaveLength(1)
    await clock.turn(1_000)
    press()
    await clock.turn(0)
    expect(next.calls).toHaveLength(2)
  })

  test('does not step when the isolate itself was held up: silence begins anew', async () => {
    const { clock, next, press } = setUp()
    press()
    await clock.stall(SILENCE_MS + STALL_MS + 1)
    expect(next.calls).toHaveLength(0)
    await clock.turn(SILENCE_MS - 1)
    expect(next.calls).toHaveLength(0)
    await clock.turn(1)
    expect(next.calls).toHaveLength(1)
  })

  test('steps when the timer was late by no more than 200 ms', async () => {
    const { clock, next, press } = setUp()
    press()
    await clock.stall(SILENCE_MS + STALL_MS)
    expect(next.calls).toHaveLength(1)
  })

  test('steps once, whatever happens, and is refused only at the limit', async () => {
    const { clock, first, next, press } = setUp()
    const seen = press()
    await clock.turn(LIMIT_MS - 1)
    expect([first.calls.length, next.calls.length]).toEqual([1, 1])
    expect(seen.outcome).toBeNull()
    await clock.turn(1)
    expect(seen.outcome).toMatchObject({ ok: false })
    expect((seen.outcome as { error: unknown }).error).toBeInstanceOf(NobodyAnswered)
    first.calls[0]?.fail()
    await clock.turn(LIMIT_MS)
    expect([first.calls.length, next.calls.length]).toEqual([1, 1])
  })

  test('never steps past a slow shard where there is nothing to step to', async () => {
    for (const [aroundSlow, hasNext] of [
      [false, true],
      [true, false],
    ] as const) {
      const { clock, first, next, press } = setUp()
      const seen = press(aroundSlow, hasNext ? next : null)
      await clock.turn(20_000)
      expect([first.calls.length, next.calls.length]).toEqual([1, 0])
      first.calls[0]?.answer()
      await settled()
      expect(seen.outcome).toMatchObject({ ok: true })
    }
  })
})

describe('a call that failed', () => {
  test('goes to the next shard at once, also where nothing steps past slow ones', async () => {
    for (const aroundSlow of [true, false]) {
      const { clock, first, next, press } = setUp()
      const seen = press(aroundSlow)
      first.calls[0]?.fail()
      await settled()
      next.calls[0]?.answer()
      await clock.turn(0)
      expect(seen.outcome).toEqual({ ok: true, value: 'next', shard: 'next' })
      expect(first.calls).toHaveLength(1)
    }
  })

  test('is made once more on a fresh stub where there is no next shard', async () => {
    const { clock, first, press } = setUp()
    const seen = press(false, null)
    first.calls[0]?.fail()
    await settled()
    expect(first.calls).toHaveLength(2)
    first.calls[1]?.answer()
    await clock.turn(0)
    expect(seen.outcome).toMatchObject({ ok: true, shard: 'first' })
  })

  test('refuses the press when the second failed, too', async () => {
    const { clock, first, next, press } = setUp()
    const seen = press()
    first.calls[0]?.fail()
    await settled()
    next.calls[0]?.fail('second')
    await settled()
    expect(seen.outcome).toEqual({ ok: false, error: 'second' })
    expect(clock.waiting).toBe(0)
  })

  test('is not made again on a shard that is overloaded', async () => {
    const alone = setUp()
    const refused = alone.press(false, null)
    alone.first.calls[0]?.fail(overloaded())
    await settled()
    expect(refused.outcome).toMatchObject({ ok: false })
    expect(alone.first.calls).toHaveLength(1)

    const { first, next, press } = setUp()
    const seen = press()
    first.calls[0]?.fail(overloaded())
    await settled()
    next.calls[0]?.answer()
    await settled()
    expect(seen.outcome).toMatchObject({ ok: true, shard: 'next' })
  })

  test('refuses nothing while the other call may still answer', async () => {
    const { clock, first, next, press } = setUp()
    const seen = press()
    await clock.turn(SILENCE_MS)
    next.calls[0]?.fail()
    await clock.turn(10_000)
    expect(seen.outcome).toBeNull()
    expect([first.calls.length, next.calls.length]).toEqual([1, 1])
    first.calls[0]?.answer()
    await settled()
    expect(seen.outcome).toMatchObject({ ok: true, shard: 'first' })
  })

  test('that throws instead of rejecting is a failure like any other', async () => {
    const { around, next } = setUp()
    const broken: Shard<string> = {
      name: 'broken',
      call: () => {
        throw new Error('no such object')
      },
    }
    const outcome = around.call(broken, next, true)
    await settled()
    next.calls[0]?.answer()
    expect(await outcome).toMatchObject({ ok: true, shard: 'next' })
  })

  test('is no answer: a shard that only fails is as silent as one that says nothing', async () => {
    const { clock, first, next, press } = setUp()
    press()
    press()
    await clock.turn(500)
    first.calls[1]?.fail()
    await settled()
    expect(next.calls).toHaveLength(1)
    await clock.turn(300)
    expect(next.calls).toHaveLength(2)
  })
})

describe('past a silent shard', () => {
  test('goes a tenth of the presses of a second, and at least one', async () => {
    const { clock, first, next, press } = setUp()
    for (let n = 0; n < 100; n++) press()
    await clock.turn(SILENCE_MS)
    expect(first.calls).toHaveLength(100)
    expect(next.calls).toHaveLength(10)
    await clock.turn(150)
    expect(next.calls).toHaveLength(10)
    const few = setUp()
    few.press()
    few.press()
    await few.clock.turn(SILENCE_MS)
    expect(few.next.calls).toHaveLength(1)
  })

  test('failed calls step beyond that share: they are in place of a call, not beside it', async () => {
    const { first, next, press } = setUp()
    for (let n = 0; n < 100; n++) press()
    for (const call of first.calls) call.fail()
    await settled()
    expect(next.calls).toHaveLength(100)
  })
})

test('whatever shards do: at most two calls, and an answer exactly when one of them gave one in time', async () => {
  const fate = fc.record({
    after: fc.oneof(fc.nat({ max: 2_000 }), fc.nat({ max: LIMIT_MS * 2 })),
    how: fc.constantFrom('answer', 'fail', 'overloaded', 'never'),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fate, { minLength: 2, maxLength: 2 }),
      fc.boolean(),
      fc.boolean(),
      async (fates, aroundSlow, hasNext) => {
        const clock = new Turned()
        const answers: number[] = []
        let calls = 0
        const play = (name: string): Shard<string> => ({
          name,
          call: () =>
            new Promise((resolve, reject) => {
              const { after, how } = fates[calls++] ?? { after: 0, how: 'fail' }
              if (how === 'never') return
              clock.after(after, () => {
                if (how !== 'answer') return reject(how === 'overloaded' ? overloaded() : new Error('failed'))
                answers.push(clock.now())
                resolve(name)
              })
            }),
        })
        const began = clock.now()
        let outcome: Outcome<string> | null = null
        void new StepAround(clock).call(play('a'), hasNext ? play('b') : null, aroundSlow).then((result) => {
          outcome = result
        })
        await clock.turn(LIMIT_MS * 3)
        expect(calls).toBeLessThanOrEqual(2)
        expect((outcome as Outcome<string> | null)?.ok).toBe(answers.some((at) => at < began + LIMIT_MS))
      },
    ),
    { numRuns: 300 },
  )
})
