// Who drives: the n-th vehicle of the simulated fleet is always the same one, whatever the size of the fleet and its seed.

import type { RegionId } from '../../src/domain/region'
import { CORRIDORS, type Corridor } from './corridors'
import type { VehicleKind } from './kinds'
import { type Path, pathOf } from './path'
import { pick, shareOf } from './random'
import { SPEAKERS, type Speaker } from './speakers'
import { Vehicle } from './vehicle'

/** What of the n-th vehicle is fixed for ever, for its papers name it. */
export type Slot = {
  nth: number
  id: string
  region: RegionId
  kind: VehicleKind
  corridor: Corridor
  speaker: Speaker
}
export type Member = Slot & { vehicle: Vehicle }

/** Of twenty vehicles in a row: eleven in Metro Manila, four in Cebu, three in Davao, two in Iloilo. */
const TURN: readonly RegionId[] = [
  ...(['NCR', 'CEB', 'NCR', 'DVO', 'NCR', 'NCR', 'ILO', 'NCR', 'CEB', 'NCR'] as const),
  ...(['NCR', 'DVO', 'NCR', 'CEB', 'NCR', 'ILO', 'NCR', 'CEB', 'NCR', 'DVO'] as const),
]
/** Papers were drawn with it. */
const WHO = 1

/** The vehicles `from` … `from + count - 1`. */
export function makeFleet(from: number, count: number, seed: number): Member[] {
  const paths = new Map(CORRIDORS.map((corridor) => [corridor.id, pathOf(corridor)]))
  return Array.from({ length: count }, (_, k) => {
    const slot = slotOf(from + k)
    const { corridor, kind } = slot
    const route = { corridor, path: paths.get(corridor.id) as Path, kind }
    return { ...slot, vehicle: new Vehicle(slot.id, route, seed) }
  })
}

/** Counted from 0. */
export function slotOf(nth: number): Slot {
  const region = TURN[nth % TURN.length] as RegionId
  const before = TURN.slice(0, nth % TURN.length).filter((each) => each === region).length
  const perTurn = TURN.filter((each) => each === region).length
  const number = Math.floor(nth / TURN.length) * perTurn + before + 1
  const id = `sim-${region.toLowerCase()}-${number}`
  const corridor = pick(corridorsOf(region), shareOf(WHO, id, 'corridor')).corridor
  const carried = Object.entries(corridor.carries) as [VehicleKind, number][]
  const { kind } = pick(
    carried.map(([kind, share]) => ({ kind, share })),
    shareOf(WHO, id, 'kind'),
  )
  return { nth, id, region, kind, corridor, speaker: pick(SPEAKERS, shareOf(WHO, id, 'speaker')) }
}

/** The longer a corridor, the more drive on it. */
const corridorsOf = (region: RegionId) =>
  CORRIDORS.filter((corridor) => corridor.region === region).map((corridor) => ({
    corridor,
    share: pathOf(corridor).lengthM,
  }))
