// One picture of single vehicles: those in danger over all others, rings below.

import { DOT_STATUS } from '../../../../src/domain/map-frame'
import { ageStep, HOLLOW_AFTER_S, ringM } from './ageing'
import { orderByBand } from './bands'
import { type Fleet, UNKNOWN } from './fleet'
import { metresPerUnit } from './mercator'
import { remaining } from './motion'
import type { Palette } from './palette'
import { lookOf } from './sprites'
import { type Stamp, stampOn } from './stamps'

const SOS = DOT_STATUS.indexOf('sos')
const TURN = 2 * Math.PI
const SELECTED_PX = 16
/** A ring that would lie under its own dot says nothing. */
const LEAST_RING_PX = 10
/** More of them would cover the map and say nothing: their dots are hollow still. */
const MOST_RINGS = 400

/** Where each vehicle in the last picture stood, CSS pixels of the canvas, and its slot; `order`: from north to south. */
export type Scene = {
  fleet: Fleet
  count: number
  x: Float32Array
  y: Float32Array
  slots: Uint32Array
  order: Uint32Array
}

/** A window into the world, in pixels of the present zoom. */
export type Window = {
  /** World pixels per unit of the projection. */
  scale: number
  left: number
  top: number
  width: number
  height: number
  /** Device pixels per CSS pixel. */
  ratio: number
  now: number
}

export const sceneOf = (fleet: Fleet): Scene => ({
  fleet,
  count: 0,
  x: new Float32Array(0),
  y: new Float32Array(0),
  slots: new Uint32Array(0),
  order: new Uint32Array(0),
})

/** Looks of the present size, and the picture that they are stamped into. */
export type Press = { stamps: readonly Stamp[]; cell: number; image: ImageData; data: Int32Array }

export function drawVehicles(
  pen: CanvasRenderingContext2D,
  scene: Scene,
  view: Window,
  palette: Palette,
  press: Press,
): void {
  lookAround(scene, view)
  press.data.fill(0)
  stampDots(scene, view, press, false)
  stampDots(scene, view, press, true)
  pen.putImageData(press.image, 0, 0)
  drawRings(pen, scene, view, palette)
}

/** Who is in the window, and where. */
function lookAround(scene: Scene, { scale, left, top, width, height, now }: Window): void {
  const { fleet } = scene
  const { x, y, backX, backY, movedAt } = fleet.at
  if (scene.x.length < fleet.count) {
    scene.x = new Float32Array(x.length)
    scene.y = new Float32Array(x.length)
    scene.slots = new Uint32Array(x.length)
    scene.order = new Uint32Array(x.length)
  }
  let count = 0
  for (let slot = 0; slot < fleet.count; slot++) {
    const ahead = remaining(now, movedAt[slot] as number, fleet.still)
    const px = ((x[slot] as number) + (backX[slot] as number) * ahead) * scale - left
    if (px < 0 || px > width) continue
    const py = ((y[slot] as number) + (backY[slot] as number) * ahead) * scale - top
    if (py < 0 || py > height) continue
    scene.x[count] = px
    scene.y[count] = py
    scene.slots[count++] = slot
  }
  scene.count = count
  orderByBand(scene.y, count, height, scene.order)
}

/** All rings in one path, below what has been stamped. */
function drawRings(pen: CanvasRenderingContext2D, scene: Scene, view: Window, palette: Palette): void {
  const { fleet } = scene
  const { fixedAt, speed, y } = fleet.at
  let rings = 0
  pen.beginPath()
  for (let n = 0; n < scene.count; n++) {
    const slot = scene.slots[n] as number
    const ageS = (view.now - (fixedAt[slot] as number)) / 1_000
    if (ageS <= HOLLOW_AFTER_S) continue
    const radius = ringPx(ageS, speed[slot] as number, y[slot] as number, view.scale)
    if (radius < LEAST_RING_PX) continue
    const [px, py] = [(scene.x[n] as number) * view.ratio, (scene.y[n] as number) * view.ratio]
    pen.moveTo(px + radius * view.ratio, py)
    pen.arc(px, py, radius * view.ratio, 0, TURN)
    if (++rings > MOST_RINGS) return
  }
  if (rings === 0) return
  pen.strokeStyle = palette.ring
  pen.lineWidth = view.ratio
  pen.globalAlpha = 0.45
  pen.globalCompositeOperation = 'destination-over'
  pen.stroke()
  pen.globalCompositeOperation = 'source-over'
  pen.globalAlpha = 1
}

/** What would not lie in the picture as a whole is left out: the picture's edge is outside of the view. */
function stampDots(scene: Scene, { ratio, now }: Window, press: Press, danger: boolean): void {
  const { status, heading, fixedAt } = scene.fleet.at
  const { stamps, cell, data } = press
  const { width, height } = press.image
  const half = cell / 2
  for (let place = 0; place < scene.count; place++) {
    const n = scene.order[place] as number
    const slot = scene.slots[n] as number
    const is = status[slot] as number
    if ((is === SOS) !== danger) continue
    const px = Math.round((scene.x[n] as number) * ratio - half)
    const py = Math.round((scene.y[n] as number) * ratio - half)
    if (px < 0 || py < 0 || px + cell > width || py + cell > height) continue
    const step = ageStep((now - (fixedAt[slot] as number)) / 1_000)
    stampOn(data, stamps[lookOf(is, step, heading[slot] as number)] as Stamp, py * width + px)
  }
}

/** Where the selected vehicle may be by now, filled: below all dots. */
export function drawRing(
  pen: CanvasRenderingContext2D,
  { fleet }: Scene,
  view: Window,
  palette: Palette,
  slot: number,
): void {
  const ageS = fleet.ageS(slot, view.now)
  const radius = ringPx(ageS, fleet.at.speed[slot] as number, fleet.at.y[slot] as number, view.scale)
  if (radius < LEAST_RING_PX) return
  const [px, py] = placeOf(fleet, view, slot)
  pen.beginPath()
  pen.arc(px * view.ratio, py * view.ratio, radius * view.ratio, 0, TURN)
  pen.fillStyle = palette.ring
  pen.globalAlpha = 0.16
  pen.globalCompositeOperation = 'destination-over'
  pen.fill()
  pen.globalCompositeOperation = 'source-over'
  pen.globalAlpha = 1
}

/** Two rings, dark in light: seen on any ground, and over a crowd too. */
export function drawSelected(
  pen: CanvasRenderingContext2D,
  { fleet }: Scene,
  view: Window,
  palette: Palette,
  slot: number,
): void {
  const [px, py] = placeOf(fleet, view, slot)
  for (const [ink, width] of [
    [palette.halo, 6],
    [palette.focus, 3],
  ] as const) {
    pen.beginPath()
    pen.arc(px * view.ratio, py * view.ratio, SELECTED_PX * view.ratio, 0, TURN)
    pen.strokeStyle = ink
    pen.lineWidth = width * view.ratio
    pen.stroke()
  }
}

function placeOf(fleet: Fleet, view: Window, slot: number): [x: number, y: number] {
  const { x, y, backX, backY, movedAt } = fleet.at
  const left = remaining(view.now, movedAt[slot] as number, fleet.still)
  return [
    ((x[slot] as number) + (backX[slot] as number) * left) * view.scale - view.left,
    ((y[slot] as number) + (backY[slot] as number) * left) * view.scale - view.top,
  ]
}

const ringPx = (ageS: number, speed: number, y: number, scale: number): number =>
  (ringM(ageS, speed === UNKNOWN ? null : speed) / metresPerUnit(y)) * scale
