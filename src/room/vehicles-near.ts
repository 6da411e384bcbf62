// What a room knows of vehicles that its fleet shards found near an incident: their cards, and whether they are free.
// From memory and the room's own copy of the directory: it works without Postgres.

import type { Viewer } from '../domain/access'
import { type Incident, type LegState, OPEN_STATES } from '../domain/incident'
import type { VehicleNear } from './contract'
import type { Directory } from './directory'
import type { Incidents } from './incidents'

/** How a leg names one of our vehicles. */
export const deviceRef = (deviceId: string): string => `device:${deviceId}`

const UNDER_WAY: readonly LegState[] = ['asked', 'accepted', 'on_the_way', 'there']

type Known = {
  incidents: Pick<Incidents, 'liveDevices' | 'livingOfDevice' | 'find'>
  directory: Pick<Directory, 'cardsOf' | 'get'>
}

/** Those that the directory knows, in the order given. */
export function vehiclesNear({ incidents, directory }: Known, deviceIds: readonly string[]): VehicleNear[] {
  const open = incidents
    .liveDevices()
    .flatMap((id) => incidents.livingOfDevice(id))
    .filter(({ state }) => OPEN_STATES.includes(state))
  const asked = askedIn(open)
  const inDanger = new Set(open.flatMap(({ vehicle }) => vehicle?.id ?? []))
  return deviceIds.flatMap((deviceId) => {
    if (!directory.get('device', deviceId)) return []
    const { vehicle } = directory.cardsOf(deviceId)
    const inIncident =
      open.some((incident) => incident.deviceId === deviceId) || (vehicle !== null && inDanger.has(vehicle.id))
    return [{ deviceId, vehicle, inIncident, askedFor: asked.get(deviceRef(deviceId)) ?? null }]
  })
}

const askedIn = (open: readonly Incident[]): Map<string, string> =>
  new Map(
    open.flatMap(({ id, legs }) =>
      legs.flatMap(({ ref, state }) => (ref && UNDER_WAY.includes(state) ? [[ref, id] as const] : [])),
    ),
  )

/** The body of the log's line where Postgres could not be told who was shown which vehicles. */
export const shownBody = ({ uid, role }: Viewer, subjects: readonly string[]) => ({ by: uid, role, nearest: subjects })
