// Who answers for routes and addresses: Google where its key is configured, our own tables where it is not.

import { type Circuit, closedCircuit } from '../durable/circuit'
import type { Fetch } from './ask'
import { googleReverse } from './google-reverse'
import { googleRoutes } from './google-routes'
import { type GeocodeMemory, remembered } from './remembered'
import { gazetteerReverse, type ReverseProvider } from './reverse'
import { offlineRoutes, type RouteProvider } from './travel'

/** The settings that it reads, of the Worker's. */
export type GeoSettings = { GOOGLE_MAPS_KEY?: string | undefined }

export type Circuits = { routes: Circuit; geocode: Circuit }

/** An isolate's own memory of what was worth asking. Plain data: no request waits for another's. */
export const CIRCUITS: Circuits = { routes: closedCircuit(), geocode: closedCircuit() }

/** As the runtime's own `fetch`, which must not be called as a method. */
const plainFetch: Fetch = (url, init) => fetch(url, init)

export function geoOf(
  { GOOGLE_MAPS_KEY: key }: GeoSettings,
  {
    fetch = plainFetch,
    now = Date.now,
    circuits = CIRCUITS,
    memory,
  }: { fetch?: Fetch; now?: () => number; circuits?: Circuits; memory?: GeocodeMemory | undefined } = {},
): { routes: RouteProvider; reverse: ReverseProvider } {
  if (!key) return { routes: offlineRoutes(now), reverse: gazetteerReverse }
  const reverse = googleReverse({ key, fetch, now, circuit: circuits.geocode })
  return {
    routes: googleRoutes({ key, fetch, now, circuit: circuits.routes }),
    reverse: memory ? remembered(reverse, memory) : reverse,
  }
}
