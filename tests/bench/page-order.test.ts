// What `bench page` says of a night is no better than how it reads the log.

import { expect, test } from 'bun:test'
import { judgeOrder, type Step } from '../../scripts/bench/page/night-order'

const isP1 = (incident: string): boolean => incident.startsWith('grave')
let clock = 0
const line = (type: Step['type'], incident: string, to: string | null = null, until: number | null = null): Step => ({
  type,
  incident,
  at: ++clock,
  to,
  until,
})
const shown = (incident: string, to: string): Step => line('leased', incident, to, clock + 1_000)

test('the gravest first is in order, and what it waited is counted from its alarm', () => {
  const steps = [
    line('created', 'water'),
    line('created', 'grave'),
    shown('grave', 'ana'),
    line('taken', 'grave', 'ana'),
  ]
  const { waited, left, outOfOrder } = judgeOrder(steps, isP1)
  expect(outOfOrder).toEqual([])
  expect(left).toEqual([])
  expect(waited).toEqual([{ incident: 'grave', ms: 2 }])
})

test('another that is shown and taken while a P1 waits is out of order', () => {
  const steps = [
    line('created', 'grave'),
    line('created', 'water'),
    shown('water', 'ana'),
    line('taken', 'water', 'ana'),
  ]
  const { left, outOfOrder } = judgeOrder(steps, isP1)
  expect(outOfOrder).toEqual([{ incident: 'water', before: 'grave' }])
  expect(left).toEqual(['grave'])
})

test('another that is taken without having been shown is judged by when it is taken', () => {
  const steps = [line('created', 'water'), line('created', 'grave'), line('taken', 'water', 'ana')]
  expect(judgeOrder(steps, isP1).outOfOrder).toHaveLength(1)
})

test('a P1 that somebody else is being shown does not wait for anybody, until that time is over', () => {
  const begin = [line('created', 'grave'), line('created', 'water'), line('leased', 'grave', 'ana', clock + 4)]
  const soon = [...begin, shown('water', 'ben'), line('taken', 'water', 'ben')]
  expect(judgeOrder(soon, isP1).outOfOrder).toEqual([])
  clock += 10
  const late = [...begin, shown('water', 'ben'), line('taken', 'water', 'ben')]
  expect(judgeOrder(late, isP1).outOfOrder).toHaveLength(1)
})

test('a P1 that comes between the look and the taking makes nothing wrong', () => {
  const steps = [
    line('created', 'water'),
    shown('water', 'ana'),
    line('created', 'grave'),
    line('taken', 'water', 'ana'),
  ]
  expect(judgeOrder(steps, isP1).outOfOrder).toEqual([])
})

test('a P1 that was taken meanwhile stands before nothing', () => {
  const steps = [
    line('created', 'grave'),
    line('created', 'water'),
    shown('water', 'ana'),
    line('taken', 'grave', 'ben'),
    line('taken', 'water', 'ana'),
  ]
  expect(judgeOrder(steps, isP1).outOfOrder).toEqual([])
})

test('a P1 that was given back waits again, and one that nobody ever took is left', () => {
  const steps = [
    line('created', 'grave'),
    line('taken', 'grave', 'ana'),
    line('released', 'grave'),
    line('created', 'water'),
    line('taken', 'water', 'ben'),
    line('created', 'grave-2'),
  ]
  const { waited, left, outOfOrder } = judgeOrder(steps, isP1)
  expect(outOfOrder).toEqual([{ incident: 'water', before: 'grave' }])
  expect(waited.map(({ incident }) => incident)).toEqual(['grave'])
  expect(left).toEqual(['grave-2'])
})
