// Rows in the binary form that COPY reads: numbers as they are, nothing to parse on either side.
// https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS

/** PGCOPY and its signature, no flags, no extension. */
const HEADER = [0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00, 0, 0, 0, 0, 0, 0, 0, 0] as const
const EPOCH_MS = Date.UTC(2000, 0, 1)
/** Beyond what Postgres has as a time, and no `infinity`: it is refused there, as a fault of its row. */
const OUT_OF_RANGE = 0x7fff_ffff_ffff_f000

/** Values of one table, row after row. Text is written once more only where it is another than that of the row before. */
export class CopyBytes {
  private bytes: Uint8Array<ArrayBuffer>
  private view: DataView
  private end = HEADER.length

  /** `size`: a first guess, bytes. */
  constructor(size: number) {
    this.bytes = new Uint8Array(Math.max(size, 1024))
    this.view = new DataView(this.bytes.buffer)
    this.bytes.set(HEADER)
  }

  /** Where the next value will stand. */
  get at(): number {
    return this.end
  }

  row(columns: number): void {
    this.reserve(2)
    this.view.setInt16(this.end, columns)
    this.end += 2
  }

  /** What stands from `from` to `to` once more. */
  again(from: number, to: number): void {
    this.reserve(to - from)
    this.bytes.copyWithin(this.end, from, to)
    this.end += to - from
  }

  text(value: string | null): void {
    if (value === null) {
      this.nothing()
      return
    }
    this.reserve(4 + value.length * 3)
    const { written } = ENCODER.encodeInto(value, this.bytes.subarray(this.end + 4))
    this.view.setInt32(this.end, written)
    this.end += 4 + written
  }

  /** text[], of one dimension from 1. */
  texts(values: readonly string[]): void {
    this.reserve(24)
    const size = this.end
    const dimensions = values.length === 0 ? 0 : 1
    const head = dimensions === 0 ? [0, 0, TEXT_OID] : [1, 0, TEXT_OID, values.length, 1]
    for (const [n, each] of head.entries()) this.view.setInt32(size + 4 + n * 4, each)
    this.end += 4 + head.length * 4
    for (const value of values) this.text(value)
    this.view.setInt32(size, this.end - size - 4)
  }

  float8(value: number): void {
    this.reserve(12)
    this.view.setInt32(this.end, 8)
    this.view.setFloat64(this.end + 4, value)
    this.end += 12
  }

  /** NaN is NULL. */
  float4(value: number): void {
    if (Number.isNaN(value)) {
      this.nothing()
      return
    }
    this.reserve(8)
    this.view.setInt32(this.end, 4)
    this.view.setFloat32(this.end + 4, value)
    this.end += 8
  }

  /** timestamptz: microseconds since 2000. `ms` since 1970. */
  time(ms: number): void {
    this.reserve(12)
    const micros = Math.round((ms - EPOCH_MS) * 1000)
    const kept = Math.abs(micros) < OUT_OF_RANGE ? micros : OUT_OF_RANGE
    const high = Math.floor(kept / 0x1_0000_0000)
    this.view.setInt32(this.end, 8)
    this.view.setInt32(this.end + 4, high)
    this.view.setUint32(this.end + 8, kept - high * 0x1_0000_0000)
    this.end += 12
  }

  /** With the end that Postgres waits for. Nothing may follow. */
  whole(): Uint8Array {
    this.row(-1)
    return this.bytes.subarray(0, this.end)
  }

  private nothing(): void {
    this.reserve(4)
    this.view.setInt32(this.end, -1)
    this.end += 4
  }

  private reserve(count: number): void {
    if (this.end + count <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.end + count))
    larger.set(this.bytes)
    this.bytes = larger
    this.view = new DataView(larger.buffer)
  }
}

const TEXT_OID = 25
const ENCODER = new TextEncoder()
