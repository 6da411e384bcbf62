// The map that is drawn on: corners as markers that are buttons, the border between them, and the keys and clicks that
// change them. What is drawn is in drawing.ts.

import L from 'leaflet'
import type { Corner } from '../../../src/domain/fence'
import type { Say } from '../../words'
import { drawCities, drawCityRanks, drawCoast, plainText } from '../map/ground'
import type { Drawing } from './drawing'

const STEP_PX = 40
const SMALL_STEP_PX = 4
/** Streets, where a border has to be exact. */
const NEAREST_ZOOM = 18

type Outline = { name: string; polygon: readonly Corner[] }
type Ports = { drawing: Drawing; say: Say; editable: boolean; onChange(): void }

export class Board {
  readonly map: L.Map
  private readonly border = L.polygon([], { className: 'fence-drawn', interactive: false })
  private readonly line = L.polyline([], { className: 'fence-drawn', interactive: false })
  private readonly markers: L.Marker[] = []

  constructor(
    private readonly box: HTMLElement,
    private readonly ports: Ports,
  ) {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const map = L.map(box, {
      center: [Number(box.dataset.lat), Number(box.dataset.lng)],
      zoom: Number(box.dataset.zoom),
      minZoom: 5,
      maxZoom: NEAREST_ZOOM,
      zoomControl: false,
      // Keys of its own: Leaflet's would pan by another step than the cross needs.
      keyboard: false,
      doubleClickZoom: !ports.editable,
      zoomAnimation: !still,
      fadeAnimation: !still,
      markerZoomAnimation: !still,
      inertia: !still,
    })
    this.map = map
    map.attributionControl.setPrefix(false)
    L.control.scale({ imperial: false, position: 'bottomleft' }).addTo(map)
    this.drawGround()
    this.drawOthers()
    this.line.addTo(map)
    this.border.addTo(map)
    const { corners } = ports.drawing
    if (corners.length > 0) this.fit()
    if (ports.editable) {
      map.on('click', ({ latlng }: L.LeafletMouseEvent) => this.add(latlng))
      box.addEventListener('keydown', (event) => this.key(event))
    }
    new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(box)
    this.draw()
  }

  /** All of it in view. */
  fit(): void {
    const { corners } = this.ports.drawing
    if (corners.length === 0) return
    this.map.fitBounds(L.latLngBounds(corners.map(([lat, lng]) => [lat, lng])).pad(0.25), {
      animate: false,
      maxZoom: 17,
    })
  }

  addAtCross(): void {
    this.add(this.map.getCenter())
  }

  draw(): void {
    const { corners, closed } = this.ports.drawing
    const places = corners.map(([lat, lng]): L.LatLngTuple => [lat, lng])
    this.border.setLatLngs(closed ? places : [])
    this.line.setLatLngs(closed ? [] : places)
    if (!this.ports.editable) return
    while (this.markers.length > places.length) this.markers.pop()?.remove()
    places.forEach((place, at) => {
      const marker = this.markers[at] ?? this.marker(at)
      marker.setLatLng(place)
      const first = at === 0 && !closed && places.length >= 3
      marker.getElement()?.classList.toggle('fence-corner-first', first)
      marker.getElement()?.setAttribute('aria-label', this.ports.say('fence.corner', { n: at + 1, all: places.length }))
    })
  }

  private drawGround(): void {
    const { map, box } = this
    if (box.dataset.tiles) {
      const attribution = plainText(box.dataset.attribution ?? '')
      L.tileLayer(box.dataset.tiles, { attribution, crossOrigin: true, maxZoom: NEAREST_ZOOM }).addTo(map)
    } else {
      map.attributionControl.addAttribution('Natural Earth')
      void drawCoast(map)
    }
    const cities = drawCities(map)
    map.on('zoomend', () => drawCityRanks(map, cities))
    drawCityRanks(map, cities)
  }

  private drawOthers(): void {
    for (const { name, polygon } of JSON.parse(this.box.dataset.others ?? '[]') as Outline[]) {
      const words = document.createElement('span')
      words.textContent = name
      const outline = L.polygon(
        polygon.map(([lat, lng]): L.LatLngTuple => [lat, lng]),
        {
          className: 'fence-outline',
          interactive: false,
        },
      ).addTo(this.map)
      L.marker([outline.getBounds().getNorth(), outline.getBounds().getCenter().lng], {
        icon: L.divIcon({ className: 'fence-label', html: words, iconSize: [0, 0], iconAnchor: [0, -12] }),
        interactive: false,
        keyboard: false,
      }).addTo(this.map)
    }
  }

  private marker(at: number): L.Marker {
    const icon = L.divIcon({ className: 'fence-corner', iconSize: [24, 24], iconAnchor: [12, 12] })
    const marker = L.marker([0, 0], { icon, draggable: true, keyboard: true }).addTo(this.map)
    this.markers[at] = marker
    const element = marker.getElement()
    if (element) element.title = this.ports.say('fence.corner_hint')
    const { drawing } = this.ports
    marker.on('dragend', () => {
      const { lat, lng } = marker.getLatLng()
      drawing.move(at, [lat, lng])
      this.changed()
    })
    // On the first of three or more, a click closes, as everywhere.
    marker.on('click', () => {
      if (at === 0 && drawing.close()) this.changed()
    })
    marker.getElement()?.addEventListener('keydown', (event) => this.keyOnCorner(event, at))
    return marker
  }

  private add({ lat, lng }: L.LatLng): void {
    if (this.ports.drawing.add([lat, lng])) this.changed()
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const { drawing } = this.ports
    const move = stepOf(event)
    if (move) this.map.panBy(move, { animate: false })
    else if (event.key === 'Enter' && event.target === this.box) this.addAtCross()
    else if (event.key === 'Backspace') {
      if (drawing.undo()) this.changed()
    } else if (event.key.toLowerCase() === 'c') {
      if (drawing.close()) this.changed()
    } else if (event.key === '+' || event.key === '=') this.map.zoomIn()
    else if (event.key === '-') this.map.zoomOut()
    else return
    event.preventDefault()
  }

  private keyOnCorner(event: KeyboardEvent, at: number): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { drawing } = this.ports
    const corner = drawing.corners[at]
    const move = stepOf(event)
    if (!corner) return
    if (move) {
      const to = this.map.containerPointToLatLng(
        this.map.latLngToContainerPoint([corner[0], corner[1]]).add([move[0] / 4, move[1] / 4]),
      )
      drawing.move(at, [to.lat, to.lng])
    } else if (event.key === 'Delete') {
      drawing.remove(at)
      // Its button is gone: the focus goes where drawing goes on.
      this.box.focus()
    } else if (event.key === 'Enter' && at === 0) drawing.close()
    else return
    event.preventDefault()
    this.changed()
  }

  private changed(): void {
    this.draw()
    this.ports.onChange()
  }
}

function stepOf({ key, shiftKey }: KeyboardEvent): [number, number] | null {
  const px = shiftKey ? SMALL_STEP_PX : STEP_PX
  if (key === 'ArrowUp') return [0, -px]
  if (key === 'ArrowDown') return [0, px]
  if (key === 'ArrowLeft') return [-px, 0]
  return key === 'ArrowRight' ? [px, 0] : null
}
