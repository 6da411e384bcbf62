// Every query of the product against the seeded database, by the name of the function of src/store that asks it.

import { noteAccess } from '../../../src/store/access-log'
import { archive } from '../../../src/store/archive'
import {
  chooseDriver,
  chooseVehicle,
  listDevices,
  makeDevice,
  nextGeneration,
  readDevice,
  revokeTokens,
} from '../../../src/store/devices'
import { pullDirectory, userByEmail } from '../../../src/store/directory'
import { fenceEventsSince, lastFenceEvents, saveFenceEvents } from '../../../src/store/geofence-events'
import {
  changeFence,
  listFences,
  makeFence,
  readFence,
  retireFence,
  setFenceActive,
  watchedFences,
} from '../../../src/store/geofences'
import { savePositions } from '../../../src/store/positions'
import type { Db } from '../../../src/store/postgres'
import { isDeviceOf, isIncidentOf, trackOf } from '../../../src/store/tracks'
import { madeOutbox, madePositions } from './made'
import { TELLING } from './queries-telling'
import { deviceId, incidentId, type Seed, versionsOf } from './seed'
import { FENCE_ID } from './seed-fences'

/** `n` makes each call a different one: another device, another day, new rows. */
export type Query = (db: Db, n: number, seed: Seed) => Promise<unknown>

const HOUR_MS = 3_600_000
const DRAWN = {
  name: 'Measured',
  kind: 'notice' as const,
  polygon: [
    [14.5, 121],
    [14.6, 121],
    [14.6, 121.1],
  ] as const,
  active: false,
}
const FENCE = { id: FENCE_ID, region: 'NCR' as const }
const any = (n: number, seed: Seed): string => deviceId('NCR', (n * 7_919) % seed.devicesPerRegion)

export const QUERIES: Record<string, Query> = {
  ...TELLING,
  savePositions: (db, n, seed) => savePositions(db, madePositions(n, seed)),
  archive: (db, n) => archive(db, madeOutbox(n)),
  trackOf: (db, n, seed) => {
    const to = Date.now() - (n % (seed.days - 1)) * 24 * HOUR_MS
    return trackOf(db, 'NCR', any(n, seed), to - 24 * HOUR_MS, to, 20_000)
  },
  isDeviceOf: (db, n, seed) => isDeviceOf(db, 'NCR', any(n, seed)),
  isIncidentOf: (db, n, seed) => isIncidentOf(db, 'NCR', any(n, seed), incidentId(1, n % seed.devicesPerRegion)),
  noteAccess: (db, n, seed) =>
    noteAccess(db, {
      region: 'NCR',
      actorUid: 'usr-q',
      action: 'track:read',
      subject: `device:${any(n, seed)}`,
      purpose: 'measuring',
    }),
  userByEmail: (db, n, seed) => userByEmail(db, `Q-NCR-${n % Math.min(500, seed.devicesPerRegion)}@tower.example`),
  pullDirectory: (db, n, seed) => pullDirectory(db, 'NCR', versionsOf(seed) - 100 + (n % 100), 500),
  listDevices: (db, n, seed) => listDevices(db, 'NCR', { q: '', after: any(n, seed), limit: 50 }),
  readDevice: (db, n, seed) => readDevice(db, any(n, seed)),
  makeDevice: (db, n, seed) =>
    makeDevice(db, { id: `q-new-${n}`, region: 'NCR', driverId: `drv-${any(n, seed)}`, vehicleId: null }),
  nextGeneration: (db, n, seed) => nextGeneration(db, any(n, seed)),
  revokeTokens: (db, n, seed) => revokeTokens(db, any(n, seed), 'newest'),
  chooseDriver: (db, n, seed) => chooseDriver(db, 'NCR', `Driver ${n % seed.devicesPerRegion}`, 20),
  listFences: (db) => listFences(db, 'NCR'),
  readFence: (db) => readFence(db, FENCE_ID),
  watchedFences: (db, n) => watchedFences(db, 'NCR', -n),
  makeFence: (db) => makeFence(db, { ...DRAWN, ...FENCE, id: crypto.randomUUID() }, 'usr-q'),
  changeFence: (db, n) => changeFence(db, FENCE, { ...DRAWN, name: `Measured ${n}` }, 'usr-q', null),
  setFenceActive: (db, n) => setFenceActive(db, FENCE, n % 2 === 0, 'usr-q'),
  retireFence: (db) => retireFence(db, crypto.randomUUID(), 'usr-q'),
  saveFenceEvents: (db, n, seed) =>
    saveFenceEvents(db, [
      {
        region: 'NCR',
        deviceId: any(n, seed),
        fenceId: FENCE_ID,
        event: 'enter',
        at: Date.now(),
        receivedAt: Date.now(),
        lat: 14.55,
        lng: 121.05,
      },
    ]),
  lastFenceEvents: (db, n) => lastFenceEvents(db, 'NCR', n % 2 ? FENCE_ID : null, Date.now() - 24 * HOUR_MS, 20),
  fenceEventsSince: (db, n) =>
    fenceEventsSince(db, 'NCR', n % 2 ? null : FENCE_ID, Date.now() - (1 + (n % 48)) * HOUR_MS, 200),
  chooseVehicle: (db, n) => chooseVehicle(db, 'NCR', `QAA ${String(n % 10_000).padStart(4, '0')}`, 20),
}

/** Asks functions of Postgres alone, whose own statements no plan shows. */
export const WITHOUT_PLAN: readonly string[] = ['keepPartitions', 'keepFenceEventPartitions', 'forgetOld']
