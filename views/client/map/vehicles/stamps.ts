// Looks of vehicles as lists of pixels, stamped into a picture of our own. A canvas without a graphics card takes some ten
// microseconds for each drawImage, whatever its size: with 15,000 vehicles that is ten times of what stamping takes.

/** One pixel is one number, as ImageData has it on every machine that we know: red lowest, opacity highest. */
export type Pixels = { data: Uint32Array; width: number; height: number }

export type Stamp = {
  /** From the top left corner, in pixels of the picture that it is for. */
  at: Int32Array
  ink: Uint32Array
  /** The first of them are opaque and need no mixing. */
  solid: number
}

/** Cuts `cell` × `cell` looks out of a sheet, row by row, for a picture of that width. */
export function cutStamps(sheet: Pixels, cell: number, pictureWidth: number): Stamp[] {
  const stamps: Stamp[] = []
  for (let top = 0; top + cell <= sheet.height; top += cell) {
    for (let left = 0; left + cell <= sheet.width; left += cell) {
      stamps.push(cutStamp(sheet, left, top, cell, pictureWidth))
    }
  }
  return stamps
}

function cutStamp(sheet: Pixels, left: number, top: number, cell: number, pictureWidth: number): Stamp {
  const solid: [number, number][] = []
  const soft: [number, number][] = []
  for (let y = 0; y < cell; y++) {
    for (let x = 0; x < cell; x++) {
      const ink = sheet.data[(top + y) * sheet.width + left + x] as number
      const opacity = ink >>> 24
      if (opacity > 0) (opacity === 255 ? solid : soft).push([y * pictureWidth + x, ink])
    }
  }
  const all = [...solid, ...soft]
  return {
    at: Int32Array.from(all, ([at]) => at),
    ink: Uint32Array.from(all, ([, ink]) => ink),
    solid: solid.length,
  }
}

/** Nothing is checked: the whole stamp must lie in the picture. `corner`: of its top left pixel. */
export function stampOn(data: Uint32Array, { at, ink, solid }: Stamp, corner: number): void {
  for (let n = 0; n < solid; n++) data[corner + (at[n] as number)] = ink[n] as number
  for (let n = solid; n < at.length; n++) {
    const place = corner + (at[n] as number)
    const below = data[place] as number
    data[place] = below === 0 ? (ink[n] as number) : over(ink[n] as number, below)
  }
}

/** One colour over another, neither multiplied by its opacity. */
export function over(ink: number, below: number): number {
  const a = ink >>> 24
  const b = ((below >>> 24) * (255 - a)) / 255
  const sum = a + b
  const red = ((ink & 255) * a + (below & 255) * b) / sum
  const green = (((ink >>> 8) & 255) * a + ((below >>> 8) & 255) * b) / sum
  const blue = (((ink >>> 16) & 255) * a + ((below >>> 16) & 255) * b) / sum
  return ((Math.round(sum) << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0
}
