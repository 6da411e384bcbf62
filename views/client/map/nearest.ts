// Who is near the framed incident, on the map: a line to each and its number in the panel's list. For the eye alone: the list
// is where they are read and asked.

import L from 'leaflet'
import type { NearOnMap } from '../desk/nearest'

export function startNearest(map: L.Map): void {
  map.createPane('near').style.zIndex = '460'
  const layer = L.layerGroup().addTo(map)
  document.addEventListener('tower:near', (event) => {
    const { from, rows } = (event as CustomEvent<NearOnMap>).detail
    layer.clearLayers()
    if (!from) return
    // Soonest on top.
    for (const row of [...rows].reverse()) {
      const kind = `${row.ours ? ' near-ours' : ''}${row.asked ? ' near-asked' : ''}`
      L.polyline(
        [
          [from.lat, from.lng],
          [row.lat, row.lng],
        ],
        { className: `near-line${kind}`, interactive: false, weight: row.asked ? 3 : 1.5, pane: 'near' },
      ).addTo(layer)
      const mark = document.createElement('span')
      mark.className = 'near-mark'
      mark.textContent = String(row.n)
      const icon = L.divIcon({ className: `near-pin${kind}`, html: mark, iconSize: [22, 22], iconAnchor: [11, 11] })
      L.marker([row.lat, row.lng], { icon, interactive: false, keyboard: false, pane: 'near' })
        .on('add', ({ target }) => (target as L.Marker).getElement()?.setAttribute('aria-hidden', 'true'))
        .addTo(layer)
    }
  })
}
