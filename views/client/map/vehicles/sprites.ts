// Every look of a vehicle, drawn once on a sheet: status × age × heading. The layer stamps them 15,000 times a second.
// A status is a shape and a letter as well as a colour: arrow M, square H, diamond ?, octagon S.

import { DOT_STATUS, type DotStatus } from '../../../../src/domain/map-frame'
import { AGE_STEPS } from './ageing'
import type { Letters } from './describe'
import { UNKNOWN } from './fleet'
import type { Palette } from './palette'
import type { Pixels } from './stamps'

export const HEADINGS = 36
/** One more for vehicles of which nobody knows where they head. */
const COLUMNS = HEADINGS + 1
const FADED = 0.6
/** However many there are. */
const LEAST_SOS_PX = 12

export type Sheet = Pixels & {
  /** Side of one look, device pixels. */
  cell: number
}

/** By half degrees, as frames carry it. */
const headingColumn = (heading: number): number => (heading === UNKNOWN ? HEADINGS : Math.round(heading / 5) % HEADINGS)

const rowOf = (status: number, step: number): number => status * AGE_STEPS + step

/** Number of a look on the sheet. */
export const lookOf = (status: number, step: number, heading: number): number =>
  rowOf(status, step) * COLUMNS + headingColumn(heading)

/** `size`: of a dot in CSS pixels; letters are left out where they would be smaller than anybody reads. */
export function drawSheet(palette: Palette, letters: Letters, size: number, ratio: number): Sheet {
  const cell = Math.ceil((Math.max(size, LEAST_SOS_PX) + 4) * ratio)
  const rows = DOT_STATUS.length * AGE_STEPS
  const canvas = new OffscreenCanvas(COLUMNS * cell, rows * cell)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('No canvas to draw vehicles on')
  for (const [status, name] of DOT_STATUS.entries()) {
    for (let step = 0; step < AGE_STEPS; step++) {
      for (let column = 0; column < COLUMNS; column++) {
        context.save()
        context.beginPath()
        context.rect(column * cell, rowOf(status, step) * cell, cell, cell)
        context.clip()
        context.translate((column + 0.5) * cell, (rowOf(status, step) + 0.5) * cell)
        context.scale(ratio, ratio)
        const heading = column === HEADINGS ? null : (column * 2 * Math.PI) / HEADINGS
        drawLook(context, {
          name,
          step,
          heading,
          letter: letters[name],
          radius: (name === 'sos' ? Math.max(size, LEAST_SOS_PX) : size) / 2,
          palette,
        })
        context.restore()
      }
    }
  }
  const { width, height } = canvas
  return { data: new Int32Array(context.getImageData(0, 0, width, height).data.buffer), width, height, cell }
}

type Look = {
  name: DotStatus
  step: number
  /** Radians clockwise from north. */
  heading: number | null
  letter: string
  radius: number
  palette: Palette
}

type Pen = OffscreenCanvasRenderingContext2D

function drawLook(pen: Pen, { name, step, heading, letter, radius, palette }: Look): void {
  // An emergency does not fade with age: only its ring tells.
  const hollow = name === 'silent' || (step === 2 && name !== 'sos')
  const big = radius >= 9
  pen.globalAlpha = step === 1 && name !== 'sos' ? FADED : 1
  pen.lineJoin = 'round'
  pen.save()
  // What stands or is not heard heads nowhere.
  if (heading !== null && name === 'moving') pen.rotate(heading)
  pen.beginPath()
  SHAPES[name](pen, radius, heading !== null)
  pen.restore()
  pen.lineWidth = big ? 2.5 : radius < 5 ? 1.2 : 2
  pen.strokeStyle = palette.halo
  pen.stroke()
  pen.fillStyle = hollow ? palette.halo : palette[name]
  pen.fill()
  if (hollow || name === 'sos') {
    pen.lineWidth = big ? 1.6 : 1.2
    pen.strokeStyle = palette[name === 'sos' ? 'sos-edge' : name]
    pen.stroke()
  }
  if (!big && name !== 'sos') return
  pen.fillStyle = hollow ? palette[name] : palette[name === 'sos' ? 'sos-on' : 'on']
  const inArrow = name === 'moving' && heading !== null
  pen.font = `700 ${radius * (inArrow ? 0.74 : big ? 0.95 : 1.3)}px "Atkinson Hyperlegible Next", Arial, sans-serif`
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  // An arrow's middle lies behind its axle.
  const behind = inArrow ? radius * 0.26 : 0
  pen.fillText(letter, -Math.sin(heading ?? 0) * behind, Math.cos(heading ?? 0) * behind + radius * 0.06)
}

/** Pointing north; `headed` where that means something. */
const SHAPES: Record<DotStatus, (pen: Pen, radius: number, headed: boolean) => void> = {
  moving: (pen, r, headed) => {
    if (!headed) {
      pen.arc(0, 0, r * 0.78, 0, 2 * Math.PI)
      return
    }
    pen.moveTo(0, -r)
    pen.lineTo(r * 0.74, r * 0.76)
    pen.lineTo(0, r * 0.54)
    pen.lineTo(-r * 0.74, r * 0.76)
    pen.closePath()
  },
  standing: (pen, r) => pen.roundRect(-r * 0.62, -r * 0.62, r * 1.24, r * 1.24, r * 0.2),
  silent: (pen, r) => {
    pen.moveTo(0, -r * 0.92)
    pen.lineTo(r * 0.92, 0)
    pen.lineTo(0, r * 0.92)
    pen.lineTo(-r * 0.92, 0)
    pen.closePath()
  },
  sos: (pen, r) => {
    for (let n = 0; n < 8; n++) {
      const angle = ((n + 0.5) * Math.PI) / 4
      pen.lineTo(Math.sin(angle) * r, -Math.cos(angle) * r)
    }
    pen.closePath()
  },
}
