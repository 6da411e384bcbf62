// Areas without coverage on the map: their cells as one washed shape with a broken edge, below vehicles and SOS. Never red.

import L from 'leaflet'
import { type CellAt, COVERAGE, cellKey, type ShownNotice } from '../../../src/domain/coverage'

export function startCoverage(map: L.Map): void {
  // Above the land, which lies at 400, and below all that drives.
  map.createPane('coverage').style.zIndex = '405'
  const renderer = L.svg({ pane: 'coverage' })
  const group = L.layerGroup().addTo(map)
  const bounds = new Map<string, L.LatLngBounds>()

  document.addEventListener('tower:coverage', (event) => {
    group.clearLayers()
    bounds.clear()
    for (const { id, cells } of (event as CustomEvent<readonly ShownNotice[]>).detail) {
      const shared = { renderer, pane: 'coverage', interactive: false }
      const wash = L.polygon(cells.map(cornersOf), { ...shared, className: 'coverage-wash', stroke: false })
      const edge = L.polyline(edgesOf(cells), { ...shared, className: 'coverage-edge', fill: false })
      group.addLayer(wash).addLayer(edge)
      bounds.set(id, wash.getBounds())
    }
  })
  document.addEventListener('tower:coverage-show', (event) => {
    const area = bounds.get((event as CustomEvent<string>).detail)
    if (area?.isValid()) map.fitBounds(area, { maxZoom: 14, animate: false })
  })
}

type LatLng = [lat: number, lng: number]

const corner = (y: number, x: number): LatLng => [y * COVERAGE.cellDeg, x * COVERAGE.cellDeg]

const cornersOf = ([y, x]: CellAt): LatLng[] => [corner(y, x), corner(y, x + 1), corner(y + 1, x + 1), corner(y + 1, x)]

/** The sides of cells that no other cell of the area touches. */
export function edgesOf(cells: readonly CellAt[]): LatLng[][] {
  const has = new Set(cells.map(cellKey))
  return cells.flatMap(([y, x]) => {
    const [sw, se, ne, nw] = cornersOf([y, x]) as [LatLng, LatLng, LatLng, LatLng]
    const sides: [CellAt, LatLng[]][] = [
      [
        [y - 1, x],
        [sw, se],
      ],
      [
        [y, x + 1],
        [se, ne],
      ],
      [
        [y + 1, x],
        [ne, nw],
      ],
      [
        [y, x - 1],
        [nw, sw],
      ],
    ]
    return sides.filter(([beyond]) => !has.has(cellKey(beyond))).map(([, side]) => side)
  })
}
