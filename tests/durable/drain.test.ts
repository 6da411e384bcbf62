import { describe, expect, test } from 'bun:test'
import { Drain } from '../../src/durable/drain'
import { ManualClock, settle } from './manual-clock'

type Step = { finish: (outcome: 'idle' | 'more') => void; fail: (error: Error) => void; signal: AbortSignal }

function drainOf(options: { deadlineMs?: number; capMs?: number } = {}) {
  const clock = new ManualClock()
  const runs: Step[] = []
  const failures: string[] = []
  const drain = new Drain({
    name: 'test',
    run: (signal) =>
      new Promise((resolve, reject) => {
        runs.push({ finish: resolve, fail: reject, signal })
      }),
    deadlineMs: options.deadlineMs ?? 5000,
    capMs: options.capMs ?? 2000,
    clock,
    onFailure: (failure) => failures.push(failure),
  })
  const last = () => runs.at(-1) as Step
  return { clock, drain, runs, last, failures }
}

describe('a drain', () => {
  test('runs one at a time, and a wake during a run makes one more follow', async () => {
    const { drain, runs, last } = drainOf()
    drain.wake()
    drain.wake()
    drain.wake()
    expect(runs).toHaveLength(1)
    last().finish('idle')
    await settle()
    expect(runs).toHaveLength(2)
    last().finish('idle')
    await settle()
    expect(runs).toHaveLength(2)
    expect(drain.state.state).toBe('idle')
  })

  test('goes on while there is more', async () => {
    const { drain, runs, last } = drainOf()
    drain.wake()
    last().finish('more')
    await settle()
    expect(runs).toHaveLength(2)
  })

  test('waits 0.5 s after a failure, then twice as long each time, up to its cap', async () => {
    const { clock, drain, runs, last } = drainOf({ capMs: 2000 })
    drain.wake()
    for (const wait of [500, 1000, 2000, 2000]) {
      const before = runs.length
      last().fail(new Error('away'))
      await clock.advance(wait - 1)
      expect(runs).toHaveLength(before)
      await clock.advance(1)
      expect(runs).toHaveLength(before + 1)
    }
    expect(drain.state).toMatchObject({ failures: 4, lastFailure: 'away', state: 'running' })
    last().finish('idle')
    await settle()
    expect(drain.state).toMatchObject({ failures: 0, lastFailure: null, state: 'idle', lastSuccessAt: clock.now() })
  })

  test('is not hurried by wakes while it waits, but by a neighbour who has shown life', async () => {
    const { drain, runs, last } = drainOf()
    drain.wake()
    last().fail(new Error('away'))
    await settle()
    drain.wake()
    expect(runs).toHaveLength(1)
    drain.retryNow()
    expect(runs).toHaveLength(2)
  })

  test('gives up a run at its deadline, aborts it, and does not heed what it says later', async () => {
    const { clock, drain, runs, last, failures } = drainOf({ deadlineMs: 1000 })
    drain.wake()
    const late = last()
    await clock.advance(1000)
    expect(late.signal.aborted).toBe(true)
    expect(failures).toEqual(['nothing within 1000 ms'])
    await clock.advance(500)
    expect(runs).toHaveLength(2)
    late.finish('more')
    await settle()
    expect(runs).toHaveLength(2)
    expect(drain.state.state).toBe('running')
  })

  test('takes a throw before the first await for a failure like any other', async () => {
    const clock = new ManualClock()
    const drain = new Drain({
      name: 'test',
      run: () => {
        throw new Error('at once')
      },
      deadlineMs: 10,
      capMs: 10,
      clock,
    })
    await drain.run()
    expect(drain.state).toMatchObject({ failures: 1, lastFailure: 'at once', state: 'waiting' })
  })

  test('run() resolves after a run that began after the call', async () => {
    const { drain, runs, last } = drainOf()
    drain.wake()
    let resolved = false
    const asked = drain.run().then(() => {
      resolved = true
    })
    last().finish('idle')
    await settle()
    expect(resolved).toBe(false)
    expect(runs).toHaveLength(2)
    last().finish('idle')
    await asked
    expect(resolved).toBe(true)
  })
})
