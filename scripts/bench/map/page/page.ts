// The page that the bench looks at: the real layer on a real map, fed by made-up frames once a second, while somebody pans.

import L from 'leaflet'
import { Fleet } from '../../../../views/client/map/vehicles/fleet'
import { FrameReader } from '../../../../views/client/map/vehicles/frames'
import { VehicleLayer } from '../../../../views/client/map/vehicles/layer'
import type { Plan, Seen } from '../plan'
import { Traffic } from './traffic'

declare global {
  interface Window {
    run(plan: Plan): Promise<Seen>
    show(vehicles: number, zoom: number): void
  }
}

const CENTRE: L.LatLngTuple = [14.58, 121.02]
const FRAME_EVERY_MS = 1_000
/** A hand that drags to and fro: pixels per second, and how long in one direction. */
const PAN_PX_PER_S = 240
const PAN_TURNS_EVERY_MS = 1_500
const WARM_UP_MS = 1_500

const map = L.map('map', {
  center: CENTRE,
  zoom: 12,
  zoomControl: false,
  attributionControl: false,
  zoomAnimation: false,
})
const fleet = new Fleet()
const reader = new FrameReader(fleet)
const layer = new VehicleLayer(fleet, { moving: 'M', standing: 'H', silent: '?', sos: 'S' }).addTo(map)

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms))

window.run = async ({ vehicles, seconds }) => {
  const traffic = new Traffic(vehicles, false)
  const takeMs: number[] = []
  const drawMs: number[] = []
  // Made outside of what is measured: a shard makes its frames elsewhere.
  const frames = [traffic.snapshot(), ...Array.from({ length: seconds + 3 }, () => traffic.moved())]
  const take = () => {
    const frame = frames.shift()
    if (!frame) return
    const began = performance.now()
    reader.take(0, frame, began)
    layer.changed()
    takeMs.push(performance.now() - began)
  }
  take()
  const feeding = setInterval(take, FRAME_EVERY_MS)
  map.setView(CENTRE, 12, { animate: false })
  await wait(WARM_UP_MS)

  const longTasks: number[] = []
  const observer = new PerformanceObserver((found) => {
    for (const { duration } of found.getEntries()) longTasks.push(duration)
  })
  observer.observe({ type: 'longtask' })
  const gapsMs = await panFor(seconds * 1_000, drawMs)
  observer.disconnect()
  clearInterval(feeding)
  const spent = gapsMs.reduce((sum, each) => sum + each, 0)
  return {
    fps: (gapsMs.length * 1_000) / spent,
    gapsMs,
    longestTaskMs: Math.max(...longTasks, ...drawMs, ...takeMs),
    drawMs,
    takeMs,
    drawnVehicles: layer.drawn,
  }
}

/** Pans at every frame of the screen, and answers how long each of them was. */
function panFor(durationMs: number, drawMs: number[]): Promise<number[]> {
  return new Promise((done) => {
    const began = performance.now()
    let last = began
    let drawnAt = layer.drawnAt
    const gaps: number[] = []
    const frame = () => {
      const now = performance.now()
      const gap = now - last
      last = now
      gaps.push(gap)
      if (layer.drawnAt !== drawnAt) drawMs.push(layer.costMs)
      drawnAt = layer.drawnAt
      if (now - began >= durationMs) {
        done(gaps)
        return
      }
      const way = Math.floor((now - began) / PAN_TURNS_EVERY_MS) % 2 === 0 ? 1 : -1
      const step = (way * PAN_PX_PER_S * Math.min(gap, 100)) / 1_000
      map.panBy([step, step / 2], { animate: false })
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
}

/** For a picture: all kinds of vehicles, standing still. */
window.show = (vehicles, zoom) => {
  fleet.still = true
  map.setView(CENTRE, zoom, { animate: false })
  reader.take(0, new Traffic(vehicles, true).snapshot(), performance.now())
  layer.changed()
}
