// What lies under the pointer: the dots that were drawn last, sorted into cells of the screen by counting, without a list per cell.

export const CELL_PX = 32

export class HitGrid {
  private columns = 0
  private rows = 0
  private starts = new Uint32Array(1)
  private members = new Uint32Array(0)
  private cells = new Uint32Array(0)
  private x: ArrayLike<number> = []
  private y: ArrayLike<number> = []

  /** The arrays are kept and must not change until the next `fill`; points outside of width and height count to the edge. */
  fill(x: ArrayLike<number>, y: ArrayLike<number>, count: number, width: number, height: number): void {
    this.x = x
    this.y = y
    this.columns = Math.max(1, Math.ceil(width / CELL_PX))
    this.rows = Math.max(1, Math.ceil(height / CELL_PX))
    const cells = this.columns * this.rows
    if (this.starts.length < cells + 1) this.starts = new Uint32Array(cells + 1)
    if (this.members.length < count) {
      this.members = new Uint32Array(count * 2)
      this.cells = new Uint32Array(count * 2)
    }
    const { starts, members } = this
    starts.fill(0)
    for (let n = 0; n < count; n++) {
      const cell = this.row(y[n] as number) * this.columns + this.column(x[n] as number)
      this.cells[n] = cell
      starts[cell] = (starts[cell] as number) + 1
    }
    let sum = 0
    for (let cell = 0; cell <= cells; cell++) {
      sum += starts[cell] ?? 0
      starts[cell] = sum
    }
    for (let n = count - 1; n >= 0; n--) {
      const cell = this.cells[n] as number
      const place = (starts[cell] as number) - 1
      starts[cell] = place
      members[place] = n
    }
  }

  /** The nearest point within `radius`, by its place in the arrays; -1 where there is none. Of equals the one drawn last. */
  nearest(x: number, y: number, radius: number): number {
    let best = -1
    let bestD = radius * radius
    const lastRow = this.row(y + radius)
    const lastColumn = this.column(x + radius)
    for (let row = this.row(y - radius); row <= lastRow; row++) {
      for (let column = this.column(x - radius); column <= lastColumn; column++) {
        const cell = row * this.columns + column
        const end = this.starts[cell + 1] ?? 0
        for (let at = this.starts[cell] ?? 0; at < end; at++) {
          const n = this.members[at] as number
          const d = ((this.x[n] as number) - x) ** 2 + ((this.y[n] as number) - y) ** 2
          if (d < bestD || (d === bestD && n > best)) {
            best = n
            bestD = d
          }
        }
      }
    }
    return best
  }

  private column = (x: number): number => Math.min(this.columns - 1, Math.max(0, Math.floor(x / CELL_PX)))
  private row = (y: number): number => Math.min(this.rows - 1, Math.max(0, Math.floor(y / CELL_PX)))
}
