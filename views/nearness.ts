// Who is near, as the panel draws it: one list of vehicles and stations, soonest first, in words and figures.

import type { VehicleCard } from '../src/domain/directory'
import type { LegState, ResponderKind } from '../src/domain/incident'
import type { RegionId } from '../src/domain/region'
import type { Say } from './words'

/** One who could come. `by`: who says how long it takes; `google` must be named beside it. */
type Way = {
  ref: string
  lat: number
  lng: number
  distanceM: number
  etaS: number
  by: 'road_factor' | 'google'
  asked: LegState | null
}

export type NearVehicle = Way & {
  deviceId: string
  vehicle: VehicleCard | null
  /** Epoch ms. */
  lastContactAt: number
  busy: boolean
}
export type NearResponder = Way & { kind: ResponderKind; name: string }

export type NearestView = {
  from: { lat: number; lng: number } | null
  vehicles: readonly NearVehicle[]
  responders: readonly NearResponder[]
  away: readonly RegionId[]
  /** Epoch ms. */
  at: number
}

export type NearRow = Way & {
  kind: ResponderKind
  /** What people call it on the radio; also the name of the leg that asks it. */
  name: string
  /** What it looks like, or where it starts from. */
  detail: string
  /** Null for a station: it is always there. */
  heardAt: number | null
  busy: boolean
}

/** Vehicles are rovers to whoever asks them. */
const OURS: ResponderKind = 'rover'

/** All together, soonest first: what people compare. */
export function nearRows({ vehicles, responders }: NearestView, say: Say): NearRow[] {
  const rows: NearRow[] = [
    ...vehicles.map(({ vehicle, deviceId, lastContactAt, ...way }) => ({
      ...way,
      kind: OURS,
      name: vehicle?.plate ?? vehicle?.conduction ?? deviceId,
      detail: vehicle ? `${vehicle.colour} ${vehicle.make} ${vehicle.model}` : say('nearest.vehicle'),
      heardAt: lastContactAt,
    })),
    ...responders.map((station) => ({
      ...station,
      detail: say(station.kind === 'ambulance' ? 'nearest.from_hospital' : 'nearest.from_station'),
      heardAt: null,
      busy: false,
    })),
  ]
  return rows.sort((a, b) => a.etaS - b.etaS || a.distanceM - b.distanceM)
}

/** "6 min": never less than a minute, never a second that nobody can promise. */
export function etaInWords(seconds: number, say: Say): string {
  const minutes = Math.round(seconds / 60)
  if (minutes < 1) return say('nearest.under_minute')
  if (minutes < 90) return say('nearest.minutes', { n: minutes })
  return say('nearest.hours', { h: Math.floor(minutes / 60), m: minutes % 60 })
}
