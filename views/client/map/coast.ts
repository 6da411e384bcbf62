// Reads the coast file that views/map/cut-coast.ts writes: rings of small whole numbers, each point relative to the one before.

export type Coast = { unit: number; home: number[][]; abroad: number[][] }
export type LatLng = [lat: number, lng: number]

export function unpack(ring: readonly number[], unit: number): LatLng[] {
  const points: LatLng[] = []
  let [x, y] = [0, 0]
  for (let at = 0; at + 1 < ring.length; at += 2) {
    x += ring[at] as number
    y += ring[at + 1] as number
    points.push([y * unit, x * unit])
  }
  return points
}
