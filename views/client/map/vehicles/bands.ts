// The order of stamping: band by band of the picture, from north to south. A picture is larger than a processor's cache,
// and in any other order almost every row of every stamp would wait for memory. It also keeps who lies over whom.

export const BAND_PX = 16

let starts = new Uint32Array(0)

/** Writes the places 0 .. count - 1 into `order`, by band, and within a band as they came. */
export function orderByBand(y: ArrayLike<number>, count: number, height: number, order: Uint32Array): void {
  const bands = Math.max(1, Math.ceil(height / BAND_PX))
  if (starts.length < bands + 1) starts = new Uint32Array(bands + 1)
  starts.fill(0)
  const bandOf = (at: number) => Math.min(bands - 1, Math.max(0, Math.floor(at / BAND_PX)))
  for (let n = 0; n < count; n++) {
    const next = bandOf(y[n] as number) + 1
    starts[next] = (starts[next] as number) + 1
  }
  for (let band = 1; band <= bands; band++) starts[band] = (starts[band] as number) + (starts[band - 1] as number)
  for (let n = 0; n < count; n++) {
    const band = bandOf(y[n] as number)
    const place = starts[band] as number
    order[place] = n
    starts[band] = place + 1
  }
}
