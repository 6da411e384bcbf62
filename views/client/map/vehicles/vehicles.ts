// The live vehicles on the tower's map, put together: shards' sockets, fleet, layer, card and list. What each of them
// does is in its own file; here is only who hears of what. Without a shard to ask, the map stands as it did.

import type L from 'leaflet'
import type { Box, ToMap } from '../../../../src/domain/map-frame'
import { isLang, t } from '../../../words'
import type { Opening } from '../replay/replay'
import { Who } from '../replay/who'
import { type Selection, VehicleCard } from './card'
import { describe, lettersIn } from './describe'
import { type DotKey, Fleet } from './fleet'
import { FrameReader } from './frames'
import { countInView, type View } from './in-view'
import { VehicleLayer } from './layer'
import { VehiclesList } from './list'
import { MapLink } from './map-link'

const VIEW_AFTER_MS = 150
/** The shards send what is a little outside too: a pan begins with vehicles in it. */
const VIEW_PAD = 0.2
/** What is known of the selected one grows old; frames do not carry it. */
const ASK_SELECTED_EVERY_MS = 5_000
const NEARER = 2

export function startVehicles(map: L.Map, box: HTMLElement, openReplay: (opening: Opening) => void): void {
  const lang = isLang(document.documentElement.lang) ? document.documentElement.lang : 'en'
  const say = t(lang)
  const fleet = new Fleet()
  const calm = matchMedia('(prefers-reduced-motion: reduce)')
  fleet.still = calm.matches
  calm.addEventListener('change', () => {
    fleet.still = calm.matches
  })
  const reader = new FrameReader(fleet)
  const layer = new VehicleLayer(fleet, lettersIn(say)).addTo(map)
  const serverNow = serverClock()
  let selection: Selection | null = null
  const region = document.body.dataset.region ?? ''
  /** Of each shard: in another, its numbers are other vehicles. */
  const epochs = new Map<number, number>()
  let askedAt = 0

  const links = Array.from({ length: Number(box.dataset.mapShards) || 0 }, (_, shard) => {
    const link = new MapLink({
      url: addressOf(region, shard),
      onFrame: (bytes) => {
        if (reader.take(shard, bytes, performance.now())) layer.changed()
      },
      onWord: (word) => onWord(shard, word),
      onChange: everySecond,
    })
    return link
  })

  const view = (): View => {
    const bounds = map.getBounds()
    return { south: bounds.getSouth(), west: bounds.getWest(), north: bounds.getNorth(), east: bounds.getEast() }
  }
  const list = new VehiclesList({
    fleet,
    say,
    view,
    serverNow,
    selected: () => selection?.key ?? null,
    onSelect: select,
  })
  const card = new VehicleCard({ fleet, say, serverNow, onClose: () => select(null) })

  const who = new Who({
    region,
    say,
    lang,
    isSos: () => selection?.known?.status === 'sos',
    openReplay,
  })

  function onWord(shard: number, word: ToMap): void {
    // Of no vehicle, and not of what is in view: fences/ hears them.
    if (word.t === 'fences' || word.t === 'crossed')
      document.dispatchEvent(new CustomEvent('map:fences', { detail: word }))
    if (word.t === 'hello') {
      epochs.set(shard, word.epoch)
      reader.enter(shard, word.epoch)
      layer.changed()
    }
    if (selection?.key.shard !== shard) return
    if (word.t === 'vehicle' && word.index === selection.key.index) selection.known = word
    if (word.t === 'unknown' && word.index === selection.key.index) selection.gone = true
    card.draw(selection)
  }

  function select(key: DotKey | null): void {
    const before = selection
    const heldFocus = card.hasFocus
    selection = key && { key, known: null, gone: false }
    layer.select(key)
    const epoch = key && epochs.get(key.shard)
    who.select(key && epoch !== undefined && epoch !== null ? { ...key, epoch } : null)
    card.draw(selection)
    list.mark()
    if (key === null && before && heldFocus) list.focusOn(before.key)
    ask()
    announce()
  }

  function ask(): void {
    askedAt = performance.now()
    if (selection) links[selection.key.shard]?.select(selection.key.index)
  }

  /** Said once: the card itself changes every second. */
  function announce(): void {
    const live = document.querySelector('#vehicle-said')
    if (!live) return
    const slot = selection ? fleet.slotOf(selection.key) : -1
    const words = slot < 0 ? null : describe(fleet, slot, performance.now(), say)
    live.textContent = words ? say('vehicle.said', { ...words, status: words.words }) : ''
  }

  function everySecond(): void {
    const now = performance.now()
    const open = links.filter((link) => link.isOpen).length
    if (open === 0) list.lamp(say('vehicles.no_link'))
    else {
      const n = countInView(fleet, view())
      list.lamp(
        open < links.length ? say('vehicles.part', { n, open, all: links.length }) : say('vehicles.in_view', { n }),
      )
    }
    for (const link of links) link.check(now)
    if (selection && now - askedAt > ASK_SELECTED_EVERY_MS) ask()
    if (document.hidden) return
    card.draw(selection)
    list.tick(now)
  }

  let waiting: ReturnType<typeof setTimeout> | undefined
  let said = ''
  map.on('moveend resize', () => {
    clearTimeout(waiting)
    waiting = setTimeout(tellView, VIEW_AFTER_MS)
  })
  function tellView(): void {
    const bounds = map.getBounds().pad(VIEW_PAD)
    const next: Box = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()]
    // A map that follows an incident is set to the same place with every word of the room.
    if (String(next) === said) return
    said = String(next)
    for (const link of links) link.view(next)
  }

  // SOS markers lie above and keep their clicks: what comes here hit none of them.
  map.on('click', ({ containerPoint }: L.LeafletMouseEvent) => {
    const hit = layer.hit(containerPoint)
    if (hit?.t === 'crowd') map.setView(hit.at, map.getZoom() + NEARER)
    else select(hit?.key ?? null)
  })
  let pointed = 0
  map.on('mousemove', ({ containerPoint }: L.LeafletMouseEvent) => {
    if (pointed !== 0) return
    pointed = requestAnimationFrame(() => {
      pointed = 0
      box.classList.toggle('over-vehicle', layer.hit(containerPoint) !== null)
    })
  })

  tellView()
  for (const link of links) link.connect()
  setInterval(everySecond, 1_000)
  everySecond()
}

const addressOf = (region: string, shard: number): string =>
  `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/regions/${region}/map?shard=${shard}`

/** By the moment at which the server wrote the page, which came here with its first byte. */
export function serverClock(): () => number {
  const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  const at = performance.timeOrigin + (page?.responseStart ?? 0)
  const offset = Number(document.body.dataset.now ?? at) - at
  return () => Date.now() + offset
}
