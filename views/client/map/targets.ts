// Incidents on the map as places that grow old: around each the circle in which it may be by now, and the devices of one
// incident apart from each other, with a line between them. For the eye; the panel says the same in words.

import L from 'leaflet'
import type { IncidentSummary, ShownPosition } from '../../../src/domain/incident'
import { uncertaintyM } from '../../../src/domain/uncertainty'
import { age as inWords } from '../../format'

/** A device of an incident beside the one that its marker stands for. */
export type SourceOnMap = { id: string; kind: string; own: boolean; words: string; position: ShownPosition }

export type TargetsShown = {
  incidents: readonly IncidentSummary[]
  framedId: string | null
  sources?: readonly SourceOnMap[]
  /** The room's time, epoch ms. */
  now?: number
}

/** In a storm circles say nothing and cost frames: then only the framed one has its own. */
const MOST_CIRCLES = 40

type Circle = { circle: L.Circle; position: ShownPosition }

export function startTargets(map: L.Map): (shown: TargetsShown) => void {
  map.createPane('targets').style.zIndex = '440'
  const layer = L.layerGroup().addTo(map)
  let circles: Circle[] = []
  let ahead = 0

  const surround = (position: ShownPosition, framed: boolean) => {
    const circle = L.circle([position.lat, position.lng], {
      radius: 0,
      className: framed ? 'accuracy accuracy-framed' : 'accuracy',
      interactive: false,
      pane: 'targets',
    })
    circles.push({ circle: circle.addTo(layer), position })
  }
  const age = () => {
    const now = Date.now() + ahead
    for (const { circle, position } of circles) {
      const fixedAt = Date.parse(position.fixedAt ?? '')
      circle.setRadius(uncertaintyM(position, Number.isFinite(fixedAt) ? now - fixedAt : 0))
    }
  }
  setInterval(age, 1_000)

  return ({ incidents, framedId, sources = [], now = Date.now() }) => {
    ahead = now - Date.now()
    layer.clearLayers()
    circles = []
    const few = incidents.length <= MOST_CIRCLES
    for (const { id, position, receivedAt } of incidents)
      if (position && (few || id === framedId)) surround(dated(position, receivedAt), id === framedId)
    for (const source of sources) {
      const of = incidents.find(({ id }) => id === source.id)
      if (!of?.position || isThere(of.position, source.position)) continue
      surround(source.position, source.id === framedId)
      tie(layer, of, source, now)
    }
    age()
  }
}

/** A place whose time nobody said is at least as old as the message that brought it. */
export const dated = (position: ShownPosition, receivedAt: string): ShownPosition =>
  position.fixedAt === null ? { ...position, fixedAt: receivedAt } : position

/** The incident's marker stands for the newest word of any; that one needs no second mark. */
const isThere = (a: ShownPosition, b: ShownPosition): boolean => a.lat === b.lat && a.lng === b.lng

function tie(layer: L.LayerGroup, { position, flags }: IncidentSummary, source: SourceOnMap, now: number): void {
  if (!position) return
  const apart = flags.includes('separated') ? ' source-apart' : ''
  L.polyline(
    [
      [position.lat, position.lng],
      [source.position.lat, source.position.lng],
    ],
    { className: `source-line${apart}`, interactive: false, weight: 2, pane: 'targets' },
  ).addTo(layer)
  const mark = document.createElement('span')
  mark.className = 'source-pin'
  mark.dataset.source = source.kind
  const shape = document.createElement('span')
  shape.className = 'source-mark'
  const words = document.createElement('span')
  words.className = 'source-label'
  words.textContent = `${source.words} `
  words.append(ageOf(source.position, now))
  mark.append(shape, words)
  const icon = L.divIcon({ className: 'source-box', html: mark, iconSize: [18, 18], iconAnchor: [9, 9] })
  L.marker([source.position.lat, source.position.lng], { icon, interactive: false, keyboard: false })
    .on('add', ({ target }) => (target as L.Marker).getElement()?.setAttribute('aria-hidden', 'true'))
    .addTo(layer)
}

/** "12 s", counted on by the page's clock. Nothing where the device did not say when. */
export function ageOf({ fixedAt }: Pick<ShownPosition, 'fixedAt'>, now: number): HTMLElement {
  const time = document.createElement('time')
  const at = Date.parse(fixedAt ?? '')
  time.className = 'pin-age'
  if (Number.isFinite(at)) {
    time.dataset.since = String(at)
    time.dataset.as = 'age'
    time.textContent = inWords(now - at)
  }
  return time
}
