// The web's map projection in units of the whole world: 0..1 from west to east and from north to south. Times 256·2^zoom
// it is Leaflet's pixel. Kept instead of degrees, so that drawing a vehicle costs two multiplications.

export const TILE_PX = 256
const EQUATOR_M = 40_075_016.7

export const worldPx = (zoom: number): number => TILE_PX * 2 ** zoom

export const mercatorX = (lng: number): number => lng / 360 + 0.5

export function mercatorY(lat: number): number {
  const sine = Math.sin((lat * Math.PI) / 180)
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)
}

export const latOf = (y: number): number => (Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180) / Math.PI
export const lngOf = (x: number): number => (x - 0.5) * 360

/** Metres that one unit of the projection is, at that height of the map. */
export const metresPerUnit = (y: number): number => EQUATOR_M / Math.cosh((0.5 - y) * 2 * Math.PI)
