// The map: coast and cities of our own so that it works without internet, tiles where they are configured, and SOS markers
// that are real, focusable buttons. It listens to tower.ts and lives without it; vehicles get a layer of their own below the markers.

import L from 'leaflet'
import type { IncidentSummary } from '../../src/domain/incident'
import { PLACES, type Place } from '../map/places'
import { isUntaken } from '../tower/card-view'
import { type Cluster, clusters } from './map/clusters'
import { type Coast, unpack } from './map/coast'
import { startNearest } from './map/nearest'
import { startVehicles } from './map/vehicles/vehicles'

// Leaflet's own is a data: address, which our policy refuses (Leaflet#9363).
;(L.Util as { emptyImageUrl: string }).emptyImageUrl = '/assets/empty.gif'

type Shown = {
  incidents: readonly IncidentSummary[]
  framedId: string | null
  place: { lat: number; lng: number; accuracyM: number } | null
}

const RANK_ZOOM: Record<Place['rank'], number> = { 1: 5, 2: 8, 3: 10 }
/** Streets where there are tiles; without them the nearest cities must stay in view. */
const FRAME_ZOOM = { tiles: 15, plain: 12 }
const PAN_PX = 160

function start(box: HTMLElement): void {
  const home: L.LatLngExpression = [Number(box.dataset.lat), Number(box.dataset.lng)]
  const homeZoom = Number(box.dataset.zoom)
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  const map = L.map(box, {
    center: home,
    zoom: homeZoom,
    minZoom: 5,
    maxZoom: 18,
    zoomControl: false,
    attributionControl: true,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
    // Arrow keys belong to the page; the buttons pan.
    keyboard: false,
    maxBounds: [
      [1, 108],
      [25, 135],
    ],
  })
  map.attributionControl.setPrefix(false)
  L.control.scale({ imperial: false, position: 'bottomleft' }).addTo(map)
  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, {
      attribution: text(box.dataset.attribution ?? ''),
      crossOrigin: true,
      maxZoom: 18,
    }).addTo(map)
  } else {
    map.attributionControl.addAttribution('Natural Earth')
    void drawCoast(map)
  }
  const cities = drawCities(map)
  startVehicles(map, box)
  startNearest(map)
  const markers = L.layerGroup().addTo(map)
  const accuracy = L.circle(home, { radius: 0, className: 'accuracy', interactive: false })

  const past = L.circleMarker(home, { radius: 9, className: 'inset-dot', interactive: false })
  const drawInset = startInset()
  let shown: Shown = { incidents: [], framedId: null, place: null }
  let follow = true
  let framedBefore: string | null = null

  const draw = () => {
    markers.clearLayers()
    const { incidents, framedId } = shown
    const spots = incidents.flatMap((each) => {
      if (!each.position) return []
      const { x, y } = map.latLngToLayerPoint([each.position.lat, each.position.lng])
      return [{ id: each.id, x, y, priority: each.priority, untaken: isUntaken(each) }]
    })
    const byId = new Map(incidents.map((each) => [each.id, each]))
    for (const cluster of clusters(spots, framedId)) markers.addLayer(pin(map, cluster, byId, framedId))
  }

  document.addEventListener('tower:queue', (event) => {
    shown = (event as CustomEvent<Shown>).detail
    const { framedId } = shown
    const place = shown.place ?? shown.incidents.find(({ id }) => id === framedId)?.position ?? null
    // A new frame is followed. Panning by hand ends it until the next frame, or G.
    if (framedId !== framedBefore) follow = true
    map.invalidateSize({ pan: false })
    drawInset(framedId === null ? null : place)
    if (framedId !== null && place) {
      if (place.accuracyM) accuracy.setLatLng([place.lat, place.lng]).setRadius(place.accuracyM).addTo(map)
      else accuracy.remove()
      if (follow)
        map.setView(
          [place.lat, place.lng],
          framedId === framedBefore
            ? map.getZoom()
            : Math.max(map.getZoom(), box.dataset.tiles ? FRAME_ZOOM.tiles : FRAME_ZOOM.plain),
          { animate: false },
        )
    } else accuracy.remove()
    // An incident that has left the queue is still looked at: where it was stays marked.
    if (framedId !== null && place && !shown.incidents.some(({ id }) => id === framedId))
      past.setLatLng([place.lat, place.lng]).addTo(map)
    else past.remove()
    framedBefore = framedId
    draw()
  })
  document.addEventListener('tower:follow', () => {
    follow = !follow
    document.dispatchEvent(new CustomEvent('tower:map-ready'))
  })
  map.on('zoomend', () => {
    drawCityRanks(map, cities)
    draw()
  })
  map.on('dragstart', () => {
    follow = false
  })
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(box)

  const pans: Record<string, () => void> = {
    north: () => map.panBy([0, -PAN_PX]),
    south: () => map.panBy([0, PAN_PX]),
    west: () => map.panBy([-PAN_PX, 0]),
    east: () => map.panBy([PAN_PX, 0]),
    in: () => map.zoomIn(),
    out: () => map.zoomOut(),
    home: () => map.setView(home, homeZoom),
  }
  for (const button of document.querySelectorAll<HTMLElement>('[data-map]')) {
    button.addEventListener('click', () => {
      follow = false
      pans[button.dataset.map ?? '']?.()
    })
  }
  drawCityRanks(map, cities)
  document.dispatchEvent(new CustomEvent('tower:map-ready'))
}

/** Where in the country the framed incident is: it stays, whatever is done to the map. */
function startInset(): (place: { lat: number; lng: number } | null) => void {
  const box = document.querySelector<HTMLElement>('#inset')
  if (!box) return () => {}
  let inset: { map: L.Map; dot: L.CircleMarker } | null = null
  return (place) => {
    box.hidden = place === null
    if (!place) return
    if (!inset) {
      const map = L.map(box, {
        center: [place.lat, place.lng],
        zoom: 7,
        zoomControl: false,
        attributionControl: false,
        dragging: false,
        keyboard: false,
        scrollWheelZoom: false,
        doubleClickZoom: false,
        boxZoom: false,
      })
      const dot = L.circleMarker([place.lat, place.lng], { radius: 6, className: 'inset-dot', interactive: false })
      inset = { map, dot }
      void drawCoast(map).then(() => dot.addTo(map).bringToFront())
    }
    inset.map.invalidateSize({ pan: false })
    inset.map.setView([place.lat, place.lng], 7, { animate: false })
    inset.dot.setLatLng([place.lat, place.lng])
  }
}

let coast: Promise<Coast | null> | null = null
const loadCoast = (): Promise<Coast | null> => {
  coast ??= fetch('/assets/coast.json')
    .then((answer) => (answer.ok ? (answer.json() as Promise<Coast>) : null))
    .catch(() => null)
  return coast
}

async function drawCoast(map: L.Map): Promise<void> {
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

type City = { rank: Place['rank']; marker: L.Marker }

function drawCities(map: L.Map): City[] {
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

function drawCityRanks(map: L.Map, cities: readonly City[]): void {
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

/** A marker that is a button: its words are text, and its click frames the incident, or goes nearer to a cluster. */
function pin(
  map: L.Map,
  cluster: Cluster,
  byId: ReadonlyMap<string, IncidentSummary>,
  framedId: string | null,
): L.Marker {
  const first = byId.get(cluster.ids[0] as string) as IncidentSummary
  const framed = cluster.ids.includes(framedId ?? '')
  const many = cluster.ids.length > 1
  const label = many ? String(cluster.ids.length) : first.code

  const content = document.createElement('span')
  content.className = 'pin'
  content.dataset.priority = cluster.priority
  if (cluster.untaken) content.dataset.untaken = 'yes'
  if (framed) content.dataset.framed = 'yes'
  if (many) content.dataset.count = 'yes'
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'mark')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  use.setAttribute('href', `#mark-${cluster.priority}`)
  svg.append(use)
  const words = document.createElement('span')
  words.className = 'pin-label'
  words.textContent = label
  content.append(svg, words)

  const place = first.position as NonNullable<IncidentSummary['position']>
  const icon = L.divIcon({ className: 'pin-box', html: content, iconSize: [36, 36], iconAnchor: [18, 18] })
  const marker = L.marker([place.lat, place.lng], {
    icon,
    keyboard: true,
    riseOnHover: true,
    zIndexOffset: framed ? 1000 : cluster.priority === 'P1' ? 500 : 0,
  })
  marker.on('add', () =>
    marker
      .getElement()
      ?.setAttribute('aria-label', many ? `${cluster.priority}, ${label}` : `${cluster.priority} ${label}`),
  )
  marker.on('click keypress', (event) => {
    const key = (event as unknown as { originalEvent: KeyboardEvent | MouseEvent }).originalEvent
    if (key instanceof KeyboardEvent && key.key !== 'Enter' && key.key !== ' ') return
    if (many && map.getZoom() < map.getMaxZoom())
      map.setView(marker.getLatLng(), Math.min(map.getZoom() + 2, map.getMaxZoom()))
    else document.dispatchEvent(new CustomEvent('tower:frame', { detail: first.id }))
  })
  return marker
}

/** Attribution comes from configuration, and Leaflet would read it as HTML. */
function text(value: string): string {
  const box = document.createElement('span')
  box.textContent = value
  return box.innerHTML
}

const element = document.querySelector<HTMLElement>('#map')
if (element) start(element)
