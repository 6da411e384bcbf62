// A trail on the map: its lines by speed, its marks, and the vehicle at the moment that is shown. Colours are the styles'.

import L from 'leaflet'
import { BANDS } from '../../../tower/replay-choices'
import type { Moment } from './moment'
import type { Mark, Shown } from './track'
import { trailOf } from './trail'

/** Above the live vehicles, below the names of cities and every SOS marker. */
const PANE = 'replay'
const PANE_Z = '445'
const NEAREST_ZOOM = 16
const SVG = 'http://www.w3.org/2000/svg'

export class TrailDrawing {
  private readonly layers: L.LayerGroup
  private readonly vehicle: L.Marker
  private readonly arrow: HTMLElement
  private readonly renderer: L.Renderer

  constructor(
    private readonly map: L.Map,
    private readonly onMark: (mark: Mark) => void,
  ) {
    if (!map.getPane(PANE)) map.createPane(PANE).style.zIndex = PANE_Z
    this.renderer = L.svg({ pane: PANE, padding: 0.5 })
    this.layers = L.layerGroup()
    this.arrow = arrowOf()
    const icon = L.divIcon({ className: 'replay-vehicle-box', html: this.arrow, iconSize: [34, 34] })
    this.vehicle = L.marker([0, 0], { icon, pane: PANE, interactive: false, keyboard: false, zIndexOffset: 2_000 })
  }

  draw({ fixes, marks }: Shown): void {
    this.clear()
    const { lines, lone } = trailOf(fixes)
    const line = (places: [number, number][][], className: string) =>
      this.layers.addLayer(
        L.polyline(places, { renderer: this.renderer, pane: PANE, className, interactive: false, smoothFactor: 1 }),
      )
    // One casing under all, so that no line covers another's colour.
    line(Object.values(lines).flat(), 'trail-casing')
    for (const { name } of BANDS) if (lines[name].length > 0) line(lines[name], `trail trail-${name}`)
    for (const place of lone) this.layers.addLayer(this.dot(place, 'trail-lone', 4))
    const [first, last] = [fixes[0], fixes.at(-1)]
    if (first) this.layers.addLayer(this.dot([first.lat, first.lng], 'trail-end', 5))
    if (last) this.layers.addLayer(this.dot([last.lat, last.lng], 'trail-end', 5))
    for (const mark of marks) if (mark.place) this.layers.addLayer(this.pin(mark, mark.place))
    this.layers.addTo(this.map)
    // The bar has taken its room just now.
    this.map.invalidateSize({ pan: false })
    if (fixes.length > 0)
      this.map.fitBounds(L.latLngBounds(fixes.map(({ lat, lng }) => [lat, lng])).pad(0.15), {
        maxZoom: NEAREST_ZOOM,
        animate: false,
      })
  }

  show(moment: Moment | null): void {
    if (!moment) {
      this.vehicle.remove()
      return
    }
    const { lat, lng, headingDeg, lost } = moment
    this.vehicle.setLatLng([lat, lng]).addTo(this.map)
    const { dataset, style } = this.arrow
    dataset.lost = lost ? 'yes' : 'no'
    dataset.heading = headingDeg === null ? 'unknown' : 'known'
    style.transform = `rotate(${Math.round(headingDeg ?? 0)}deg)`
  }

  clear(): void {
    this.layers.clearLayers()
    this.layers.remove()
    this.vehicle.remove()
  }

  private dot(place: [number, number], className: string, radius: number): L.CircleMarker {
    return L.circleMarker(place, { renderer: this.renderer, pane: PANE, className, radius, interactive: false })
  }

  /** For the pointer: by key its twin is in the list of events. */
  private pin(mark: Mark, place: { lat: number; lng: number }): L.Marker {
    const content = document.createElement('span')
    content.className = 'replay-pin'
    content.dataset.kind = mark.kind
    content.textContent = mark.kind === 'sos' ? 'S' : ''
    const icon = L.divIcon({ className: 'replay-pin-box', html: content, iconSize: [22, 22] })
    const marker = L.marker([place.lat, place.lng], { icon, pane: PANE, keyboard: false, title: mark.words })
    marker.on('click', () => this.onMark(mark))
    return marker
  }
}

function arrowOf(): HTMLElement {
  const box = document.createElement('span')
  box.className = 'replay-vehicle'
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const ring = document.createElementNS(SVG, 'circle')
  for (const [name, value] of Object.entries({ cx: '12', cy: '12', r: '10.5' })) ring.setAttribute(name, value)
  const point = document.createElementNS(SVG, 'path')
  point.setAttribute('d', 'M12 3.5 18 18l-6-3.2L6 18z')
  svg.append(ring, point)
  box.append(svg)
  return box
}
