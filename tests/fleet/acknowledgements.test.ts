import { describe, expect, test } from 'bun:test'
import { Acknowledgements } from '../../src/fleet/acknowledgements'
import { ManualClock } from '../durable/manual-clock'

function open() {
  const clock = new ManualClock()
  const state = { queued: 0 }
  const said: string[] = []
  const acknowledgements = new Acknowledgements(clock, () => state.queued)
  const add = (name: string) => acknowledgements.add(() => said.push(name), clock.now())
  return { clock, state, said, add }
}

describe('a message of positions', () => {
  test('is acknowledged at once while Postgres takes what comes', () => {
    const { clock, said, add } = open()
    add('a')
    expect([said, clock.pending]).toEqual([['a'], 0])
  })

  test('waits while too many wait for Postgres, and all that do go on together, in their order', async () => {
    const { clock, state, said, add } = open()
    state.queued = 40_000
    add('a')
    await clock.advance(30)
    add('b')
    await clock.advance(400)
    expect(said).toEqual([])
    expect(clock.pending).toBe(1)
    state.queued = 39_999
    await clock.advance(50)
    expect([said, clock.pending]).toEqual([['a', 'b'], 0])
  })

  test('waits for ten seconds at most: its sender would take the link for dead', async () => {
    const { clock, state, said, add } = open()
    state.queued = 200_000
    add('a')
    await clock.advance(5_000)
    add('b')
    await clock.advance(5_050)
    expect(said).toEqual(['a'])
    await clock.advance(5_000)
    expect([said, clock.pending]).toEqual([['a', 'b'], 0])
  })
})
