// Drawing a border corner by corner: what is added, taken back, closed, and said of it.

import { expect, test } from 'bun:test'
import type { Corner } from '../../src/domain/fence'
import { Drawing, describeDrawing } from '../../views/client/geofences/drawing'
import { t } from '../../views/words'

const [A, B, C]: [Corner, Corner, Corner] = [
  [14.59, 121],
  [14.6, 121],
  [14.6, 121.01],
]
const drawn = (...corners: Corner[]) => {
  const drawing = new Drawing()
  for (const corner of corners) drawing.add(corner)
  return drawing
}
const said = (drawing: Drawing) => describeDrawing(drawing, t('en'))

test('what was done last is taken back first: a corner, a move, closing, starting anew', () => {
  const drawing = drawn(A, B, C)
  drawing.move(0, [14.58, 121])
  drawing.close()
  drawing.clear()
  drawing.undo()
  expect([drawing.corners.length, drawing.closed]).toEqual([3, true])
  drawing.undo()
  expect(drawing.closed).toBe(false)
  drawing.undo()
  expect(drawing.corners[0]).toEqual(A)
  for (const left of [2, 1, 0]) {
    expect(drawing.undo()).toBe(true)
    expect(drawing.corners).toHaveLength(left)
  }
  expect(drawing.undo()).toBe(false)
})

test('two corners cannot be closed, and a closed border takes no more', () => {
  const drawing = drawn(A, B)
  expect(drawing.close()).toBe(false)
  drawing.add(C)
  expect(drawing.close()).toBe(true)
  expect(drawing.add([14.7, 121])).toBe(false)
  drawing.remove(1)
  expect([drawing.corners.length, drawing.closed]).toEqual([2, false])
})

test('a ring that comes closed by text is joined by itself', () => {
  const drawing = drawn()
  drawing.set([A, B, C, A])
  expect([drawing.corners, drawing.closed]).toEqual([[A, B, C], true])
})

test('it is said how many corners there are, how large it is, and what is missing', () => {
  expect(said(drawn())).toBe('No corners yet.')
  expect(said(drawn(A, B))).toBe('2 corners. At least 3 are needed.')
  const drawing = drawn(A, B, C)
  expect(said(drawing)).toBe('3 corners, 0.60 km². Not closed yet.')
  drawing.close()
  expect(said(drawing)).toBe('Closed: 3 corners, 0.60 km².')
})
