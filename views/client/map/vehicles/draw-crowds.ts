// One picture of crowds: a disc with a count, and where somebody in it is in danger a red octagon that counts those.

import { type Crowds, crowdLabel, crowdRadius } from './crowds'
import type { Window } from './draw-vehicles'
import type { Fleet } from './fleet'
import type { Palette } from './palette'

const TURN = 2 * Math.PI
const FONT = '"Atkinson Hyperlegible Next", Arial, sans-serif'

/** Answers how many vehicles are in the picture. */
export function drawCrowds(
  pen: CanvasRenderingContext2D,
  fleet: Fleet,
  crowds: Crowds,
  view: Window,
  palette: Palette,
): number {
  const { x, y, status } = fleet.at
  crowds.begin(view.left, view.top, view.width, view.height)
  for (let slot = 0; slot < fleet.count; slot++) {
    crowds.add((x[slot] as number) * view.scale, (y[slot] as number) * view.scale, status[slot] as number)
  }
  pen.setTransform(view.ratio, 0, 0, view.ratio, 0, 0)
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  let drawn = 0
  const inDanger: [x: number, y: number, sos: number][] = []
  for (let cell = 0; cell < crowds.cells; cell++) {
    const count = crowds.count[cell] as number
    if (count === 0) continue
    drawn += count
    const px = Math.round(crowds.discX(cell) - view.left)
    const py = Math.round(crowds.discY(cell) - view.top)
    drawCrowd(pen, palette, { px, py, count, silent: crowds.silent[cell] as number })
    const sos = crowds.sos[cell] as number
    const aside = crowdRadius(count) * 0.75
    if (sos > 0) inDanger.push([px + aside, py - aside, sos])
  }
  // Last, so that no neighbour lies over them.
  for (const [px, py, sos] of inDanger) drawBadge(pen, palette, px, py, sos)
  pen.setTransform(1, 0, 0, 1, 0, 0)
  return drawn
}

type Crowd = { px: number; py: number; count: number; silent: number }

function drawCrowd(pen: CanvasRenderingContext2D, palette: Palette, { px, py, count, silent }: Crowd): void {
  const radius = crowdRadius(count)
  pen.beginPath()
  pen.arc(px, py, radius, 0, TURN)
  pen.fillStyle = palette.crowd
  pen.fill()
  pen.lineWidth = 1.5
  pen.strokeStyle = palette.moving
  pen.stroke()
  // The share of those that are silent, clockwise from noon.
  if (silent > 0) {
    pen.beginPath()
    pen.arc(px, py, radius, -TURN / 4, -TURN / 4 + (TURN * silent) / count)
    pen.lineWidth = 4
    pen.strokeStyle = palette.silent
    pen.stroke()
  }
  pen.fillStyle = palette['crowd-ink']
  pen.font = `650 12px ${FONT}`
  pen.fillText(crowdLabel(count), px, py + 0.5)
}

function drawBadge(pen: CanvasRenderingContext2D, palette: Palette, px: number, py: number, sos: number): void {
  pen.beginPath()
  for (let n = 0; n < 8; n++) {
    const angle = ((n + 0.5) * Math.PI) / 4
    pen.lineTo(px + Math.sin(angle) * 9, py - Math.cos(angle) * 9)
  }
  pen.closePath()
  pen.fillStyle = palette.sos
  pen.fill()
  pen.lineWidth = 1.5
  pen.strokeStyle = palette.halo
  pen.stroke()
  pen.fillStyle = palette['sos-on']
  pen.font = `700 10px ${FONT}`
  pen.fillText(sos > 9 ? '9+' : String(sos), px, py + 0.5)
}
