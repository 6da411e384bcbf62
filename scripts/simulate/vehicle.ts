// One vehicle of the simulated fleet: what its phone would say at any moment. Pure: the same seed and time, the same fix.

import { type Drive, placeIn, planShift, type Route, SHIFT_S } from './journey'
import { PROFILES } from './kinds'
import { drift, hashOf, shareOf } from './random'

/** As the receiver has it; in our units. */
export type Fix = {
  /** Epoch ms. */
  at: number
  lat: number
  lng: number
  accuracyM: number
  headingDeg: number
  speedMps: number
  altitudeM: number
  batteryPct: number
  charging: boolean
}

const SHIFT_MS = SHIFT_S * 1000
const M_PER_DEG = 111_320
/** How far off a fix may be, metres: with the lane it stays within 60 m of the corridor's line. */
const FARTHEST_OFF_M = 45
/** Speed, as receivers reckon it. */
const SPEED_NOISE_MPS = 0.4
const STANDS_MPS = 0.3

export class Vehicle {
  readonly #seed: number
  readonly #phaseMs: number
  readonly #lane: number
  #shift: { startsAt: number; drives: Drive[] } | null = null

  constructor(
    readonly id: string,
    readonly route: Route,
    seed: number,
  ) {
    this.#seed = hashOf(seed, id)
    // Shifts begin at any time of day, or the whole fleet would rest together.
    this.#phaseMs = Math.floor(shareOf(this.#seed, 'phase') * SHIFT_MS)
    const [nearest, farthest] = PROFILES[route.kind].laneM
    this.#lane = nearest + (farthest - nearest) * shareOf(this.#seed, 'lane')
  }

  at(now: number): Fix {
    const startsAt = Math.floor((now - this.#phaseMs) / SHIFT_MS) * SHIFT_MS + this.#phaseMs
    if (this.#shift?.startsAt !== startsAt)
      this.#shift = { startsAt, drives: planShift(this.route, this.#seed, startsAt) }
    const { m, towards, mps } = placeIn(this.#shift.drives, (now - startsAt) / 1000)
    const spot = this.route.path.spotAt(m, towards, this.#lane)

    const accuracyM = this.#accuracyAt(now)
    const off = Math.min(FARTHEST_OFF_M, accuracyM)
    const north = drift(this.#seed, now / 25_000) * off * 0.7
    const east = drift(this.#seed + 1, now / 25_000) * off * 0.7
    const noise = drift(this.#seed + 2, now / 4_000)
    const top = PROFILES[this.route.kind].topKmh / 3.6
    const speedMps = mps < STANDS_MPS ? 0 : Math.max(0, Math.min(top, mps + noise * SPEED_NOISE_MPS))
    return {
      at: now,
      lat: spot.lat + north / M_PER_DEG,
      lng: spot.lng + east / (M_PER_DEG * Math.cos((spot.lat * Math.PI) / 180)),
      accuracyM: Math.round(accuracyM),
      headingDeg: Math.round(spot.headingDeg + noise * 4 + 360) % 360,
      speedMps,
      altitudeM: Math.round(12 + 8 * drift(this.#seed + 3, now / 120_000)),
      ...this.#batteryAt(now),
    }
  }

  /** Mostly good; now and then under a flyover. */
  #accuracyAt(now: number): number {
    const isCovered = shareOf(this.#seed, 'covered', Math.floor(now / 60_000)) < 0.03
    return isCovered ? 35 : 6 + 4 * drift(this.#seed + 4, now / 40_000)
  }

  /** Down for hours, then at the dashboard's plug; some are always plugged in. */
  #batteryAt(now: number): { batteryPct: number; charging: boolean } {
    if (shareOf(this.#seed, 'plugged') < 0.4) return { batteryPct: 100, charging: true }
    const hours = (now / 3_600_000 + shareOf(this.#seed, 'battery') * 10) % 10
    const charging = hours > 8
    return { batteryPct: Math.round(charging ? 20 + (hours - 8) * 40 : 100 - hours * 10), charging }
  }
}
