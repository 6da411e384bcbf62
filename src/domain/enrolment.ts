// A device as whoever enrols it sees it: whose it is, and which of its tokens are still good.

import type { DriverCard, VehicleCard } from './directory'
import type { RegionId } from './region'

export type EnrolledDevice = {
  id: string
  home: RegionId
  driver: DriverCard | null
  vehicle: VehicleCard | null
  /** Of the newest token made for it. */
  generation: number
  /** Tokens below this generation are revoked. */
  minGeneration: number
}

/** What a device may be called: it stands in addresses, on stickers and in phones' settings as it is. `new` is the form's address. */
export const DEVICE_ID = /^(?!new$)[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/

/** True where not even its newest token is trusted: a new one has to be made. */
export const isRevoked = ({ generation, minGeneration }: Pick<EnrolledDevice, 'generation' | 'minGeneration'>) =>
  minGeneration > generation

/** True where tokens before the newest are still trusted. */
export const hasOlderTokens = ({ generation, minGeneration }: Pick<EnrolledDevice, 'generation' | 'minGeneration'>) =>
  generation > 1 && minGeneration < generation
