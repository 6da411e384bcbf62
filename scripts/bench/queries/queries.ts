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
import { savePositions } from '../../../src/store/positions'
import type { Db } from '../../../src/store/postgres'
import { isDeviceOf, isIncidentOf, trackOf } from '../../../src/store/tracks'
import { madeOutbox, madePositions } from './made'
import { deviceId, incidentId, type Seed, versionsOf } from './seed'

/** `n` makes each call a different one: another device, another day, new rows. */
export type Query = (db: Db, n: number, seed: Seed) => Promise<unknown>

const HOUR_MS = 3_600_000
const any = (n: number, seed: Seed): string => deviceId('NCR', (n * 7_919) % seed.devicesPerRegion)

export const QUERIES: Record<string, Query> = {
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
  chooseVehicle: (db, n) => chooseVehicle(db, 'NCR', `QAA ${String(n % 10_000).padStart(4, '0')}`, 20),
}

/** Asks functions of Postgres alone, whose own statements no plan shows. */
export const WITHOUT_PLAN: readonly string[] = ['keepPartitions']
