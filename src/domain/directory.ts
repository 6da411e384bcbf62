// The reference data that a room keeps a copy of, so that every card and log-in works without Postgres.
// Postgres owns it; rows travel as (kind, id, version, body).

import type { Role } from './access'
import type { Agency } from './agency'
import type { DutyContact, Kin, Shift } from './duty'
import type { EscalationPolicy } from './escalation-policy'
import type { RegionId } from './region'

export type DriverCard = { id: string; name: string; phone: string | null }

/** `plate` or `conduction` (the sticker of a car too new for plates): one of them is there. */
export type VehicleCard = {
  id: string
  plate: string | null
  conduction: string | null
  make: string
  model: string
  colour: string
}

export type DeviceRow = {
  id: string
  home: RegionId
  driverId: string | null
  vehicleId: string | null
  /** Tokens below this generation are revoked. */
  minGeneration: number
  /** HMAC of the PIN under the server's pepper (src/intake/pin.ts); null where none is set. */
  pinMac: string | null
  duressPinMac: string | null
}

export type UserRow = {
  id: string
  email: string
  name: string
  /** What phones and other desks see instead of a name: "Desk 3". */
  alias: string
  role: Role
  regions: RegionId[]
  passwordHash: string
  /** Counts up when all of this user's sessions end. */
  sessionEpoch: number
  active: boolean
}

/** Up to five phones that an intake may page when its room is dead. */
export type DutyCard = { id: RegionId; phones: { name: string; phone: string }[] }

export type DirectoryBodies = {
  driver: DriverCard
  vehicle: VehicleCard
  device: DeviceRow
  user: UserRow
  duty: DutyCard
  contact: DutyContact
  shift: Shift
  policy: EscalationPolicy
  kin: Kin
  agency: Agency
}
export type DirectoryKind = keyof DirectoryBodies

export type DirectoryRow = {
  [K in DirectoryKind]: { kind: K; id: string; version: number; body: DirectoryBodies[K] | null }
}[DirectoryKind]
