// Made-up traffic: vehicles that drive, turn and stop over the National Capital Region, and the frames that a fleet shard would
// send of them.

import { DOT_STATUS, type Dot, encodeFrame } from '../../../../src/domain/map-frame'

const EPOCH = 1
const CENTRE = { lat: 14.58, lng: 121.02 }
/** Half the height and width of where they drive, degrees: what a screen shows at zoom 12. */
const SPREAD = { lat: 0.13, lng: 0.22 }
const DEGREE_M = 111_200

type Vehicle = { lat: number; lng: number; heading: number; speed: number; status: Dot['status']; age: number }

/** The same numbers on every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export class Traffic {
  private readonly vehicles: Vehicle[]
  private readonly random = seeded(7)
  private seq = 0

  /** `mixed`: some stand, some are silent, a few are in danger, as a screenshot wants it; else all of them drive. */
  constructor(count: number, mixed: boolean) {
    this.vehicles = Array.from({ length: count }, () => this.made(mixed))
  }

  snapshot(): ArrayBuffer {
    return this.frame('snapshot')
  }

  /** One second later. */
  moved(): ArrayBuffer {
    for (const each of this.vehicles) this.drive(each)
    return this.frame('moved')
  }

  private frame(t: 'snapshot' | 'moved'): ArrayBuffer {
    const dots = this.vehicles.map(
      ({ lat, lng, heading, speed, status, age }, index): Dot => ({
        index,
        lat,
        lng,
        headingDeg: status === 'moving' ? heading : null,
        speedMps: status === 'moving' ? speed : 0,
        status,
        ageS: age,
      }),
    )
    return encodeFrame({ t, epoch: EPOCH, seq: this.seq++, dots })
  }

  private made(mixed: boolean): Vehicle {
    const { random } = this
    const chance = mixed ? random() : 0
    const status = DOT_STATUS[chance < 0.7 ? 0 : chance < 0.9 ? 1 : chance < 0.993 ? 2 : 3] as Dot['status']
    const age = status === 'silent' ? 90 + random() * 400 : mixed ? random() ** 3 * 80 : random() * 2
    return {
      lat: CENTRE.lat + (random() * 2 - 1) * SPREAD.lat,
      lng: CENTRE.lng + (random() * 2 - 1) * SPREAD.lng,
      heading: random() * 360,
      speed: 4 + random() * 16,
      status,
      age,
    }
  }

  private drive(vehicle: Vehicle): void {
    if (vehicle.status !== 'moving') return
    vehicle.heading = (vehicle.heading + (this.random() - 0.5) * 30 + 360) % 360
    const angle = (vehicle.heading * Math.PI) / 180
    vehicle.lat += (Math.cos(angle) * vehicle.speed) / DEGREE_M
    vehicle.lng += (Math.sin(angle) * vehicle.speed) / (DEGREE_M * Math.cos((vehicle.lat * Math.PI) / 180))
  }
}
