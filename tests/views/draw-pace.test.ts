import { expect, test } from 'bun:test'
import { DrawPace } from '../../views/client/desk/draw-pace'

function screen(tookMs: () => number) {
  const clock = { now: 0, due: [] as { at: number; run: () => void }[] }
  const drawn: number[] = []
  const pace = new DrawPace(
    () => {
      drawn.push(clock.now)
      clock.now += tookMs()
    },
    { now: () => clock.now, after: (ms, run) => clock.due.push({ at: clock.now + ms, run }) },
  )
  const pass = (ms: number) => {
    const until = clock.now + ms
    while (clock.due[0] && clock.due[0].at <= until) {
      const next = clock.due.shift()
      clock.now = Math.max(clock.now, next?.at ?? 0)
      next?.run()
    }
    clock.now = Math.max(clock.now, until)
  }
  return { pace, drawn, pass, clock }
}

test('a cheap drawing is done at once, each time', () => {
  const { pace, drawn, pass } = screen(() => 4)
  for (let n = 0; n < 3; n++) {
    pace.ask()
    pass(1)
  }
  expect(drawn).toHaveLength(3)
})

test('a dear one leaves two thirds of the time to hands, draws what came meanwhile together, and always draws the last', () => {
  const { pace, drawn, pass, clock } = screen(() => 100)
  for (let n = 0; n < 60; n++) {
    pace.ask()
    pass(50)
  }
  const busy = drawn.length * 100
  expect(busy / clock.now).toBeLessThan(0.36)
  expect(drawn.length).toBeGreaterThan(5)
  const before = drawn.length
  pace.ask()
  pass(1_000)
  expect(drawn.length).toBe(before + 1)
})

test('however dear, the next is never a second away', () => {
  const { pace, drawn, pass } = screen(() => 3_000)
  pace.ask()
  pace.ask()
  pass(900)
  expect(drawn).toHaveLength(2)
})
