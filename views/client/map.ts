// The map: coast and cities of our own so that it works without internet, tiles where they are configured, and SOS markers
// that are real, focusable buttons. It listens to tower.ts and lives without it; vehicles get a layer of their own below the markers.

import L from 'leaflet'
import type { IncidentSummary } from '../../src/domain/incident'
import { isDrill, isUntaken } from '../tower/card-view'
import { isLang, t } from '../words'
import { type Cluster, clusters } from './map/clusters'
import { startCoverage } from './map/coverage'
import { startFences } from './map/fences/fences'
import { drawCities, drawCityRanks, drawCoast, plainText } from './map/ground'
import { startNearest } from './map/nearest'
import { startReplay } from './map/replay/replay'
import { ageOf, dated, startTargets, type TargetsShown } from './map/targets'
import { startVehicles } from './map/vehicles/vehicles'

type Shown = TargetsShown & {
  place: { lat: number; lng: number; accuracyM: number } | null
}

/** Streets where there are tiles; without them the nearest cities must stay in view. */
const FRAME_ZOOM = { tiles: 15, plain: 12 }
const PAN_PX = 160

const lang = document.documentElement.lang
const say = t(isLang(lang) ? lang : 'en')

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
      attribution: plainText(box.dataset.attribution ?? ''),
      crossOrigin: true,
      maxZoom: 18,
    }).addTo(map)
  } else {
    map.attributionControl.addAttribution('Natural Earth')
    void drawCoast(map)
  }
  const cities = drawCities(map)
  startVehicles(map, box, startReplay(map))
  startNearest(map)
  startFences(map)
  startCoverage(map)
  const markers = L.layerGroup().addTo(map)
  const drawTargets = startTargets(map)

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
      return [{ id: each.id, x, y, priority: each.priority, untaken: isUntaken(each), drill: isDrill(each) }]
    })
    const byId = new Map(incidents.map((each) => [each.id, each]))
    for (const cluster of clusters(spots, framedId))
      markers.addLayer(pin(map, cluster, byId, framedId, shown.now ?? Date.now()))
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
      if (follow)
        map.setView(
          [place.lat, place.lng],
          framedId === framedBefore
            ? map.getZoom()
            : Math.max(map.getZoom(), box.dataset.tiles ? FRAME_ZOOM.tiles : FRAME_ZOOM.plain),
          { animate: false },
        )
    }
    drawTargets(shown)
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
  document.addEventListener('tower:replay', () => {
    follow = false
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

/** A marker that is a button: its words are text, and its click frames the incident, or goes nearer to a cluster. */
function pin(
  map: L.Map,
  cluster: Cluster,
  byId: ReadonlyMap<string, IncidentSummary>,
  framedId: string | null,
  now: number,
): L.Marker {
  const first = byId.get(cluster.ids[0] as string) as IncidentSummary
  const framed = cluster.ids.includes(framedId ?? '')
  const many = cluster.ids.length > 1
  const named = many ? String(cluster.ids.length) : first.code
  const label = cluster.drill ? `${say('drill.first')} ${named}` : named

  const content = document.createElement('span')
  content.className = 'pin'
  content.dataset.priority = cluster.priority
  if (cluster.drill) content.dataset.drill = 'yes'
  if (cluster.untaken) content.dataset.untaken = 'yes'
  if (framed) content.dataset.framed = 'yes'
  if (many) content.dataset.count = 'yes'
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'mark')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  use.setAttribute('href', `#mark-${cluster.drill ? 'drill' : cluster.priority}`)
  svg.append(use)
  const words = document.createElement('span')
  words.className = 'pin-label'
  words.textContent = label
  if (!many && first.position) words.append(' ', ageOf(dated(first.position, first.receivedAt), now))
  // Its name is its content: the age in it goes on.
  const priority = document.createElement('span')
  priority.className = 'visually-hidden'
  priority.textContent = `${cluster.priority} `
  content.append(svg, ...(cluster.drill ? [words, priority] : [priority, words]))

  const place = first.position as NonNullable<IncidentSummary['position']>
  const icon = L.divIcon({ className: 'pin-box', html: content, iconSize: [36, 36], iconAnchor: [18, 18] })
  const marker = L.marker([place.lat, place.lng], {
    icon,
    keyboard: true,
    riseOnHover: true,
    zIndexOffset: framed ? 1000 : cluster.priority === 'P1' && !cluster.drill ? 500 : 0,
  })
  marker.on('click keypress', (event) => {
    const key = (event as unknown as { originalEvent: KeyboardEvent | MouseEvent }).originalEvent
    if (key instanceof KeyboardEvent && key.key !== 'Enter' && key.key !== ' ') return
    if (many && map.getZoom() < map.getMaxZoom())
      map.setView(marker.getLatLng(), Math.min(map.getZoom() + 2, map.getMaxZoom()))
    else document.dispatchEvent(new CustomEvent('tower:frame', { detail: first.id }))
  })
  return marker
}

const element = document.querySelector<HTMLElement>('#map')
if (element) start(element)
