// The outlines of active geofences, below every vehicle. A name is written where its outline is large enough to carry it.

import L from 'leaflet'

export type OutlinedFence = {
  name: string
  kind: string
  active: boolean
  corners: readonly { lat: number; lng: number }[]
}

/** Above coast and tiles, below vehicles at 440. */
const LAYER = '430'
const NAME_FITS_PX = 48

type Drawn = { border: L.Polygon; name: L.Marker }

export class Outlines {
  private readonly layer = L.layerGroup()
  private drawn: Drawn[] = []

  constructor(private readonly map: L.Map) {
    const pane = map.createPane('fences')
    pane.style.zIndex = LAYER
    pane.style.pointerEvents = 'none'
    map.on('zoomend', () => this.drawNames())
  }

  show(on: boolean): void {
    if (on) this.layer.addTo(this.map)
    else this.layer.remove()
    if (on) this.drawNames()
  }

  replace(fences: readonly OutlinedFence[]): void {
    this.layer.clearLayers()
    this.drawn = fences.map(({ name, kind, corners }) => {
      const border = L.polygon(
        corners.map(({ lat, lng }): L.LatLngTuple => [lat, lng]),
        { className: 'fence-outline', interactive: false, pane: 'fences' },
      )
      border.on('add', () => {
        const path = border.getElement()
        if (path instanceof SVGElement) path.dataset.kind = kind
      })
      return { border: border.addTo(this.layer), name: label(name, topOf(border.getBounds())) }
    })
    this.drawNames()
  }

  private drawNames(): void {
    for (const { border, name } of this.drawn) {
      const box = border.getBounds()
      const wide = this.map.latLngToLayerPoint(box.getNorthEast()).x - this.map.latLngToLayerPoint(box.getSouthWest()).x
      if (wide >= NAME_FITS_PX) this.layer.addLayer(name)
      else this.layer.removeLayer(name)
    }
  }
}

/** Inside, under the upper side: the names of cities stand where they like. */
const topOf = (box: L.LatLngBounds): L.LatLng => L.latLng(box.getNorth(), box.getCenter().lng)

function label(name: string, at: L.LatLng): L.Marker {
  const words = document.createElement('span')
  words.textContent = name
  return L.marker(at, {
    icon: L.divIcon({ className: 'fence-label', html: words, iconSize: [0, 0], iconAnchor: [0, -12] }),
    interactive: false,
    keyboard: false,
    pane: 'fences',
  })
}
