// The vehicles on the map: one canvas below the SOS markers. It draws when something has changed, as often as drawing
// leaves the page time to breathe, and never while nobody can see it.

import L from 'leaflet'
import { CROWD_PX, Crowds, SINGLE_FROM_ZOOM } from './crowds'
import type { Letters } from './describe'
import { drawCrowds } from './draw-crowds'
import { drawRing, drawSelected, drawVehicles, type Press, type Scene, sceneOf } from './draw-vehicles'
import type { DotKey, Fleet } from './fleet'
import { HitGrid } from './hit-grid'
import { worldPx } from './mercator'
import { MOTION_MS } from './motion'
import { onTheme, type Palette, readPalette } from './palette'
import { drawSheet, type Sheet } from './sprites'
import { cutStamps } from './stamps'

export const PANE = 'vehicles'
/** From this zoom on dots are large enough for their letter. */
export const LETTERS_FROM_ZOOM = 13
const SIZE_PX = { tiny: 9, small: 12, large: 20 }
/** So many in one view would lie on each other: then smaller dots say more. Back again only well below. */
const DENSE = { from: 6_000, until: 5_000 }
/** Finer than this nobody sees a dot, and every picture costs four times as much. */
const MOST_RATIO = 1.5
/** Drawn around the view, so that a pan shows vehicles before the next drawing. */
const MARGIN_PX = 96
/** Ages show in steps of seconds: a picture in which nothing moves is drawn anew this often. */
const AGES_EVERY_MS = 2_000
/** Of the time: the rest belongs to the queue, the panel and the person's hands. */
const SHARE_OF_TIME = 0.6
const HIT_PX = 14

/** What lies under a point of the map. */
export type Hit = { t: 'vehicle'; key: DotKey } | { t: 'crowd'; at: L.LatLng } | null

export class VehicleLayer extends L.Layer {
  /** Milliseconds that the last drawing took. */
  costMs = 0
  /** Vehicles in the last picture. */
  drawn = 0
  private map: L.Map | null = null
  private readonly canvas = document.createElement('canvas')
  private readonly pen = this.canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D
  private readonly scene: Scene
  private readonly grid = new HitGrid()
  private readonly crowds = new Crowds()
  private palette: Palette | null = null
  private sheets: Record<keyof typeof SIZE_PX, Sheet> | null = null
  private press: (Press & { of: Sheet }) | null = null
  private ratio = 1
  private corner = L.point(0, 0)
  private zoom = 0
  private dirty = false
  private dense = false
  private gridStale = true
  private frame = 0
  /** When that was, by the page's own clock. */
  drawnAt = Number.NEGATIVE_INFINITY
  private selected: DotKey | null = null
  private ended: AbortController | null = null

  constructor(
    private readonly fleet: Fleet,
    private readonly letters: Letters,
  ) {
    super()
    this.scene = sceneOf(fleet)
  }

  override onAdd(map: L.Map): this {
    this.map = map
    const pane = map.getPane(PANE) ?? map.createPane(PANE)
    this.canvas.className = 'vehicles-canvas leaflet-zoom-animated'
    this.canvas.setAttribute('aria-hidden', 'true')
    pane.append(this.canvas)
    this.look()
    const ages = setInterval(() => {
      if (this.fleet.count > 0 && performance.now() - this.drawnAt >= AGES_EVERY_MS) this.changed()
    }, AGES_EVERY_MS)
    const ended = new AbortController()
    const { signal } = ended
    onTheme(() => this.look(), signal)
    document.addEventListener('visibilitychange', () => this.changed(), { signal })
    signal.addEventListener('abort', () => clearInterval(ages))
    this.ended = ended
    return this
  }

  override onRemove(): this {
    this.ended?.abort()
    cancelAnimationFrame(this.frame)
    this.frame = 0
    this.canvas.remove()
    this.map = null
    return this
  }

  override getEvents(): Record<string, L.LeafletEventHandlerFn> {
    return {
      move: () => this.onMove(),
      moveend: () => this.onMove(true),
      zoomend: () => this.onMove(true),
      resize: () => this.onMove(true),
      zoomanim: (event) => this.onZoom(event as L.ZoomAnimEvent),
    }
  }

  /** Something is not as it was drawn. */
  changed(): void {
    this.dirty = true
    if (this.frame === 0 && this.map && !document.hidden) this.frame = requestAnimationFrame(this.onFrame)
  }

  select(key: DotKey | null): void {
    this.selected = key
    this.changed()
  }

  /** What is at a point of the map's container: the nearest vehicle within a finger's breadth, or a crowd from afar. */
  hit(point: L.Point): Hit {
    if (!this.map || this.drawn === 0) return null
    const at = this.map.containerPointToLayerPoint(point).subtract(this.corner)
    if (this.zoom < SINGLE_FROM_ZOOM) return this.hitCrowd(at)
    if (this.gridStale) {
      const { x, y, count } = this.scene
      this.grid.fill(x, y, count, this.canvas.width / this.ratio, this.canvas.height / this.ratio)
      this.gridStale = false
    }
    const found = this.grid.nearest(at.x, at.y, HIT_PX)
    const slot = found < 0 ? undefined : this.scene.slots[found]
    return slot === undefined || slot >= this.fleet.count ? null : { t: 'vehicle', key: this.fleet.keyOf(slot) }
  }

  private hitCrowd(at: L.Point): Hit {
    const { crowds, map } = this
    for (let cell = 0; cell < crowds.cells; cell++) {
      if (crowds.count[cell] === 0) continue
      const middle = L.point(crowds.discX(cell), crowds.discY(cell))
      const away = middle
        .subtract(map?.getPixelOrigin() ?? L.point(0, 0))
        .subtract(this.corner)
        .distanceTo(at)
      if (away <= CROWD_PX / 2) return { t: 'crowd', at: (map as L.Map).unproject(middle, this.zoom) }
    }
    return null
  }

  /** Looks of the present theme and screen. */
  private look(): void {
    const pane = this.canvas.parentElement
    if (!pane) return
    this.ratio = Math.min(MOST_RATIO, window.devicePixelRatio || 1)
    const palette = readPalette(pane)
    this.palette = palette
    this.sheets = {
      tiny: drawSheet(palette, this.letters, SIZE_PX.tiny, this.ratio),
      small: drawSheet(palette, this.letters, SIZE_PX.small, this.ratio),
      large: drawSheet(palette, this.letters, SIZE_PX.large, this.ratio),
    }
    this.changed()
  }

  /** Within the margin a pan needs no new picture: the pane carries the old one along. */
  private onMove(over = false): void {
    if (!this.map) return
    const offset = this.map.containerPointToLayerPoint([0, 0]).subtract(this.corner)
    const spent = Math.max(Math.abs(offset.x - MARGIN_PX), Math.abs(offset.y - MARGIN_PX))
    if (over || spent > MARGIN_PX / 3) this.changed()
  }

  /** The old picture grows or shrinks with the map until the new one is drawn. */
  private onZoom({ center, zoom }: L.ZoomAnimEvent): void {
    const { map } = this
    if (!map) return
    const pane = map.getPane('mapPane')
    const moved = pane ? L.DomUtil.getPosition(pane) : L.point(0, 0)
    const origin = map.project(center, zoom).subtract(map.getSize().divideBy(2)).add(moved).round()
    const corner = map.project(map.layerPointToLatLng(this.corner), zoom).subtract(origin)
    L.DomUtil.setTransform(this.canvas, corner, map.getZoomScale(zoom, this.zoom))
  }

  private readonly onFrame = (): void => {
    this.frame = 0
    if (!this.map || document.hidden || !this.dirty) return
    const now = performance.now()
    // The map is between two zooms: what is drawn now would be drawn for neither.
    if (now - this.drawnAt < this.costMs / SHARE_OF_TIME || this.isZooming()) {
      this.frame = requestAnimationFrame(this.onFrame)
      return
    }
    this.dirty = false
    this.draw(this.map, now)
    this.costMs = performance.now() - now
    this.drawnAt = now
    if (!this.fleet.still && now - this.fleet.movedAt < MOTION_MS) this.changed()
  }

  private isZooming(): boolean {
    return this.map?.getPane('mapPane')?.classList.contains('leaflet-zoom-anim') ?? false
  }

  private draw(map: L.Map, now: number): void {
    const { palette, sheets, pen } = this
    if (!palette || !sheets) return
    this.place(map)
    const zoom = map.getZoom()
    this.zoom = zoom
    const origin = map.getPixelOrigin().add(this.corner)
    const width = this.canvas.width / this.ratio
    const height = this.canvas.height / this.ratio
    const view = { scale: worldPx(zoom), left: origin.x, top: origin.y, width, height, ratio: this.ratio, now }
    pen.setTransform(1, 0, 0, 1, 0, 0)
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height)
    this.gridStale = true
    const slot = this.selected ? this.fleet.slotOf(this.selected) : -1
    if (zoom < SINGLE_FROM_ZOOM) {
      this.drawn = drawCrowds(pen, this.fleet, this.crowds, view, palette)
    } else {
      const press = this.pressFor(sheets[this.sizeAt(zoom)])
      drawVehicles(pen, this.scene, view, palette, press)
      if (slot >= 0) drawRing(pen, this.scene, view, palette, slot)
      this.drawn = this.scene.count
    }
    if (slot >= 0) drawSelected(pen, this.scene, view, palette, slot)
  }

  private sizeAt(zoom: number): keyof typeof SIZE_PX {
    this.dense = this.drawn > (this.dense ? DENSE.until : DENSE.from)
    if (this.dense) return 'tiny'
    return zoom < LETTERS_FROM_ZOOM ? 'small' : 'large'
  }

  /** Made anew where the size of the picture or of its dots has changed. */
  private pressFor(sheet: Sheet): Press {
    const { width, height } = this.canvas
    const { press } = this
    if (press?.of === sheet && press.image.width === width && press.image.height === height) return press
    const image = new ImageData(width, height)
    const made = {
      of: sheet,
      stamps: cutStamps(sheet, sheet.cell, width),
      cell: sheet.cell,
      image,
      data: new Int32Array(image.data.buffer),
    }
    this.press = made
    return made
  }

  /** The canvas covers the view and its margin, wherever the map has been dragged. */
  private place(map: L.Map): void {
    const size = map.getSize().add([2 * MARGIN_PX, 2 * MARGIN_PX])
    this.corner = map.containerPointToLayerPoint([-MARGIN_PX, -MARGIN_PX]).round()
    L.DomUtil.setTransform(this.canvas, this.corner, 1)
    const [width, height] = [Math.round(size.x * this.ratio), Math.round(size.y * this.ratio)]
    if (this.canvas.width === width && this.canvas.height === height) return
    this.canvas.width = width
    this.canvas.height = height
    this.canvas.style.width = `${size.x}px`
    this.canvas.style.height = `${size.y}px`
  }
}
