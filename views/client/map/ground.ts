// What lies under everything on a map of ours: coast and cities of our own, so that it works without internet.

import L from 'leaflet'
import { PLACES, type Place } from '../../map/places'
import { type Coast, unpack } from './coast'

// Leaflet's own is a data: address, which our policy refuses (Leaflet#9363).
;(L.Util as { emptyImageUrl: string }).emptyImageUrl = '/assets/empty.gif'

const RANK_ZOOM: Record<Place['rank'], number> = { 1: 5, 2: 8, 3: 10 }

let coast: Promise<Coast | null> | null = null
const loadCoast = (): Promise<Coast | null> => {
  coast ??= fetch('/assets/coast.json')
    .then((answer) => (answer.ok ? (answer.json() as Promise<Coast>) : null))
    .catch(() => null)
  return coast
}

export async function drawCoast(map: L.Map): Promise<void> {
  const found = await loadCoast()
  if (!found) return
  const { unit, home, abroad } = found
  const land = (rings: number[][], className: string) =>
    L.polygon(
      rings.map((ring) => [unpack(ring, unit)]),
      { className, interactive: false, smoothFactor: 0.6, weight: 1 },
    ).addTo(map)
  land(abroad, 'coast coast-abroad').bringToBack()
  land(home, 'coast').bringToBack()
}

export type City = { rank: Place['rank']; marker: L.Marker }

export function drawCities(map: L.Map): City[] {
  map.createPane('cities').style.zIndex = '450'
  return PLACES.map(({ name, lat, lng, rank }) => {
    const label = document.createElement('span')
    label.textContent = name
    const icon = L.divIcon({ className: 'city', html: label, iconSize: [0, 14], iconAnchor: [2, 7] })
    const marker = L.marker([lat, lng], { icon, interactive: false, keyboard: false, pane: 'cities' })
    marker.on('add', () => {
      const element = marker.getElement()
      if (element) element.dataset.rank = String(rank)
    })
    return { rank, marker }
  })
}

export function drawCityRanks(map: L.Map, cities: readonly City[]): void {
  const taken: L.Point[] = []
  // Great cities first: a label that would lie on another's is left out until there is room.
  for (const { rank, marker } of [...cities].sort((a, b) => a.rank - b.rank)) {
    const at = map.latLngToLayerPoint(marker.getLatLng())
    const free = taken.every(({ x, y }) => Math.abs(x - at.x) > 70 || Math.abs(y - at.y) > 15)
    if (map.getZoom() >= RANK_ZOOM[rank] && free) {
      marker.addTo(map)
      taken.push(at)
    } else marker.remove()
  }
}

/** Attribution comes from configuration, and Leaflet would read it as HTML. */
export function plainText(value: string): string {
  const box = document.createElement('span')
  box.textContent = value
  return box.innerHTML
}
