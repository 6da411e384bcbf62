// Looks of vehicles as lists of pixels, stamped into a picture of our own. A canvas without a graphics card takes some ten
// microseconds for each drawImage, whatever its size: with 15,000 vehicles that is ten times of what stamping takes.

/**
 * One pixel is one number, as ImageData has it on every machine that we know: red lowest, opacity highest. Signed, for browsers reckon
 * with those without a detour.
 */
export type Pixels = { data: Int32Array; width: number; height: number }

export type Stamp = {
  /** From the top left corner, in pixels of the picture that it is for. */
  at: Int32Array
  ink: Int32Array
  /** The first of them are opaque and need no mixing. */
  solid: number
}

// Nobody sees the difference at a dot's edge, and mixing costs more than all the rest.
const AS_GOOD_AS_SOLID = 224
const AS_GOOD_AS_CLEAR = 24

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
      const at = y * pictureWidth + x
      if (opacity >= AS_GOOD_AS_SOLID) solid.push([at, ink | (255 << 24)])
      else if (opacity > AS_GOOD_AS_CLEAR) soft.push([at, ink])
    }
  }
  const all = [...solid, ...soft]
  return {
    at: Int32Array.from(all, ([at]) => at),
    ink: Int32Array.from(all, ([, ink]) => ink),
    solid: solid.length,
  }
}

/** Nothing is checked: the whole stamp must lie in the picture. `corner`: of its top left pixel. */
export function stampOn(data: Int32Array, { at, ink, solid }: Stamp, corner: number): void {
  for (let n = 0; n < solid; n++) data[corner + (at[n] as number)] = ink[n] as number
  for (let n = solid; n < at.length; n++) {
    const place = corner + (at[n] as number)
    const below = data[place] as number
    data[place] = below === 0 ? (ink[n] as number) : over(ink[n] as number, below)
  }
}

/** One colour over another, neither multiplied by its opacity. Most of what is below is opaque: that has a short way. */
export function over(ink: number, below: number): number {
  const a = ink >>> 24
  const under = below >>> 24
  if (under === 255) {
    const rest = 255 - a
    const red = ((ink & 255) * a + (below & 255) * rest + 127) / 255
    const green = (((ink >> 8) & 255) * a + ((below >> 8) & 255) * rest + 127) / 255
    const blue = (((ink >> 16) & 255) * a + ((below >> 16) & 255) * rest + 127) / 255
    return (255 << 24) | ((blue | 0) << 16) | ((green | 0) << 8) | red
  }
  const b = (under * (255 - a)) / 255
  const sum = a + b
  const red = ((ink & 255) * a + (below & 255) * b) / sum
  const green = (((ink >> 8) & 255) * a + ((below >> 8) & 255) * b) / sum
  const blue = (((ink >> 16) & 255) * a + ((below >> 16) & 255) * b) / sum
  return ((sum + 0.5) << 24) | ((blue + 0.5) << 16) | ((green + 0.5) << 8) | (red + 0.5)
}
