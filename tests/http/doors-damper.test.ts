import { describe, expect, test } from 'bun:test'
import { Damper, MANY, OWN_ROWS, OWN_ROWS_PER_SECOND } from '../../src/http/doors/damper'

const AT = 1_755_930_000_000

/** Admits, and makes durable what is to be written. */
const send = (damper: Damper, source: string, now: number) => {
  const damped = damper.admit(source, now)
  if (damped.is === 'write') damper.written(damped, true)
  return damped
}

describe('presses without a genuine token', () => {
  test('of one source are written once a second, and every one of them is counted', () => {
    const damper = new Damper()
    let counted = 0
    let writes = 0
    for (let n = 0; n < 2_000; n++) {
      const damped = send(damper, 'a', AT + n * 5)
      if (damped.is !== 'write') continue
      counted += damped.count
      writes++
    }
    const last = damper.admit('a', AT + 20_000)
    expect(writes).toBe(10)
    expect(counted + (last.is === 'write' ? last.count : 0)).toBe(2_001)
  })

  test('are written in each step of 10 s, also within a second: the row of the last step stands for nothing in this one', () => {
    const damper = new Damper()
    expect(send(damper, 'a', AT + 9_900).is).toBe('write')
    expect(send(damper, 'a', AT + 9_950).is).toBe('stands')
    expect(send(damper, 'a', AT + 10_050)).toEqual({ is: 'write', source: 'a', count: 2 })
  })

  test('stand for nothing until a shard has them: the next one waits for that, and writes where it failed', () => {
    const damper = new Damper()
    const first = damper.admit('a', AT)
    expect([first.is, damper.admit('a', AT + 1).is]).toEqual(['write', 'waits'])
    if (first.is === 'write') damper.written(first, false)
    const second = damper.admit('a', AT + 21)
    expect(second).toEqual({ is: 'write', source: 'a', count: 1 })
    if (second.is === 'write') damper.written(second, true)
    expect(damper.admit('a', AT + 22).is).toBe('stands')
  })

  test('keep their count when the write that held it failed', () => {
    const damper = new Damper()
    send(damper, 'a', AT)
    damper.admit('a', AT + 1)
    const failed = damper.admit('a', AT + 1_000)
    expect(failed).toEqual({ is: 'write', source: 'a', count: 2 })
    if (failed.is === 'write') damper.written(failed, false)
    // The failed one itself was refused: its sender comes again.
    expect(damper.admit('a', AT + 2_500)).toEqual({ is: 'write', source: 'a', count: 2 })
  })

  test('of a flood of sources share one row beyond the first hundred', () => {
    const damper = new Damper()
    const sources = Array.from({ length: 2_000 }, (_, n) => send(damper, `source ${n}`, AT + Math.floor(n / 2)))
    const written = sources.filter((each) => each.is === 'write')
    // In the second that it lasts some more, of which each is one.
    expect(written).toHaveLength(OWN_ROWS + OWN_ROWS_PER_SECOND)
    expect(written.filter((each) => each.is === 'write' && each.source === MANY)).toHaveLength(1)
    expect(sources.filter((each) => each.is === 'waits')).toHaveLength(0)
  })

  test('of a flood wait for that one row instead of writing it again, and try anew when it takes too long', () => {
    const damper = new Damper()
    const all = Array.from({ length: 1_000 }, (_, n) => damper.admit(`source ${n}`, AT))
    expect(all.filter((each) => each.is === 'write')).toHaveLength(OWN_ROWS + 1)
    expect(all.at(-1)).toEqual({ is: 'waits' })
    expect(damper.admit('source 1', AT + 1_000).is).toBe('write')
  })

  test('of a flood are counted before their bodies are read, and none is before a row stands for them', () => {
    const damper = new Damper()
    const source = (n: number) => () => `source ${n}`
    /** As a door does it. */
    const press = (n: number, now: number) =>
      damper.isOneOfMany(source(n), now) ? 'counted' : send(damper, source(n)(), now).is
    const calm = Array.from({ length: 100 }, (_, n) => press(n, AT + n))
    expect(new Set(calm)).toEqual(new Set(['write']))
    const flood = Array.from({ length: 1_000 }, (_, n) => press(1_000 + n, AT + 200))
    expect(flood.filter((each) => each === 'counted')).toHaveLength(900)
    expect(flood.filter((each) => each === 'write')).toHaveLength(4)
    // They are in the next row of all of them.
    const later = AT + 1_300
    const rows = Array.from({ length: 100 }, (_, n) => damper.admit(`later ${n}`, later))
    const shared = rows.find((each) => each.is === 'write' && each.source === MANY)
    expect(shared?.is === 'write' ? shared.count : 0).toBeGreaterThan(900)
  })

  test('of one source that floods are counted the same way, and of a calm one each is read', () => {
    const damper = new Damper()
    send(damper, 'a', AT)
    expect(damper.isOneOfMany(() => 'a', AT + 1)).toBe(false)
    const flood = Array.from({ length: 300 }, (_, n) => damper.isOneOfMany(() => 'a', AT + 2 + n))
    expect(flood.filter((counted) => counted)).toHaveLength(101)
    expect(damper.isOneOfMany(() => 'b', AT + 400)).toBe(false)
  })

  test('of a flood go on into the next step of 10 s without a wait, and are in its row', () => {
    const damper = new Damper()
    for (let n = 0; n < 200; n++) send(damper, `source ${n}`, AT + 9_500)
    const turned = Array.from({ length: 50 }, (_, n) => send(damper, `next ${n}`, AT + 10_010))
    expect(turned.filter(({ is }) => is === 'stands').length).toBeGreaterThanOrEqual(40)
    const later = Array.from({ length: 50 }, (_, n) => damper.admit(`later ${n}`, AT + 10_600))
    expect(later.filter(({ is }) => is === 'waits')).toEqual([])
    const shared = later.find((each) => each.is === 'write' && each.source === MANY)
    // All beyond those with a row of their own, of both steps.
    expect(shared?.is === 'write' ? shared.count : 0).toBeGreaterThan(100 + 40 - 1)
  })
})
