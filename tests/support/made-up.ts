// Presses, incidents and people for tests: made up, complete, and changed only where a test says so.

import type { Viewer } from '../../src/domain/access'
import type { Actor } from '../../src/domain/command'
import type { DirectoryRow } from '../../src/domain/directory'
import type { Incident } from '../../src/domain/incident'
import type { Position } from '../../src/domain/position'
import type { Press } from '../../src/domain/press'
import { beginIncident } from '../../src/domain/presses'

export const NOON = Date.UTC(2026, 10, 22, 4, 0, 0)

export const inManila: Position = {
  lat: 14.5547,
  lng: 121.0244,
  accuracyM: 8,
  headingDeg: 90,
  speedMps: 9,
  fixedAt: NOON,
  batteryPct: 61,
  doubts: [],
}

export const inCebu: Position = { ...inManila, lat: 10.3157, lng: 123.8854 }

let count = 0
export function aPress(changes: Partial<Press> = {}): Press {
  count++
  return {
    sosId: `01${count.toString(16).padStart(6, '0')}-0000-8000-8000-000000000000`,
    deviceId: 'dev-1',
    home: 'NCR',
    tokenGeneration: 1,
    door: 'api',
    reporter: 'driver',
    kind: 'panic',
    position: inManila,
    safeToTalk: null,
    note: null,
    tripId: null,
    pressedAt: NOON,
    receivedAt: NOON,
    labels: [],
    ...changes,
  }
}

export const anIncident = (changes: Partial<Incident> = {}, press: Partial<Press> = {}): Incident => ({
  ...beginIncident({ press: aPress(press), driver: null, vehicle: null, code: 'NCR-1', now: NOON }),
  ...changes,
})

export const person = (uid: string, changes: Partial<Actor> = {}): Actor => ({
  uid,
  name: `${uid} Santos`,
  alias: `Desk ${uid}`,
  role: 'operator',
  kind: 'person',
  ...changes,
})

export const viewer = (uid: string, changes: Partial<Viewer> = {}): Viewer => ({
  uid,
  name: `${uid} Santos`,
  alias: `Desk ${uid}`,
  role: 'operator',
  regions: ['NCR'],
  epoch: 1,
  ...changes,
})

/** A device with its driver and vehicle, as directory rows from this version on. */
export function crew(deviceId: string, version: number, driverId = `drv-${deviceId}`): DirectoryRow[] {
  return [
    { kind: 'driver', id: driverId, version, body: { id: driverId, name: 'Made-up Reyes', phone: '+639170000001' } },
    {
      kind: 'vehicle',
      id: `veh-${deviceId}`,
      version: version + 1,
      body: {
        id: `veh-${deviceId}`,
        plate: 'NAB 1234',
        conduction: null,
        make: 'Toyota',
        model: 'Vios',
        colour: 'white',
      },
    },
    {
      kind: 'device',
      id: deviceId,
      version: version + 2,
      body: {
        id: deviceId,
        home: 'NCR',
        driverId,
        vehicleId: `veh-${deviceId}`,
        minGeneration: 1,
        pinMac: null,
        duressPinMac: null,
      },
    },
  ]
}
