// Gives simulated crews their rows in the directory of the embedded demo, beside the demo's people, and remembers their PINs.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { pinMac } from '../../src/intake/pin'
import { makePins, upsert } from '../lib/demo'
import type { Secrets } from '../lib/secrets'
import { slotOf } from './fleet'
import { papersOf } from './papers'

/** `npm start` drives the first of them. */
export const ROADS_VEHICLES = 60
/** Crews with papers: beside those of `npm start`, some for whoever simulates more, and presses with them. */
export const ENROLLED = 240

export type Enrolled = { generation: number; devices: { id: string; pin: string; duressPin: string }[] }

/** In the data directory. */
export const ENROLLED_FILE = 'simulated.json'
const GENERATION = 1

/** Does nothing where it was done before. `database`: its owner's or writer's address. */
export async function enrol(to: { database: string; secrets: Secrets; dataDir: string }): Promise<Enrolled> {
  const { database, secrets, dataDir } = to
  const before = enrolledIn(dataDir)
  if (before?.devices.length === ENROLLED) return before
  const pepper = Buffer.from(secrets.PEPPER, 'base64url')
  const crews = Array.from({ length: ENROLLED }, (_, nth) => {
    const slot = slotOf(nth)
    return { ...slot, ...papersOf(nth, slot.id, slot.kind), ...makePins() }
  })
  const sql = postgres(database, { max: 1, onnotice: () => {}, connect_timeout: 10 })
  try {
    await sql.begin(async (tx) => {
      await upsert(
        tx,
        'driver',
        crews.map(({ id, region, driver, phone }) => ({ id: `${id}-driver`, region, name: driver, phone })),
      )
      await upsert(
        tx,
        'vehicle',
        crews.map(({ id, region, plate, make, model, colour }) => ({
          id: `${id}-vehicle`,
          region,
          plate,
          make,
          model,
          colour,
        })),
      )
      await upsert(
        tx,
        'device',
        crews.map(({ id, region, pin, duressPin }) => ({
          id,
          region,
          driver_id: `${id}-driver`,
          vehicle_id: `${id}-vehicle`,
          generation: GENERATION,
          pin_mac: pinMac(pepper, id, pin),
          duress_pin_mac: pinMac(pepper, id, duressPin),
        })),
      )
    })
  } finally {
    await sql.end({ timeout: 5 })
  }
  const devices = crews.map(({ id, pin, duressPin }) => ({ id, pin, duressPin }))
  const enrolled = { generation: GENERATION, devices }
  writeFileSync(join(dataDir, ENROLLED_FILE), `${JSON.stringify(enrolled, null, 2)}\n`, { mode: 0o600 })
  return enrolled
}

/** Null where nobody was. Throws on a file that is no JSON. */
export function enrolledIn(dataDir: string): Enrolled | null {
  const file = join(dataDir, ENROLLED_FILE)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Enrolled) : null
}

/** By device. */
export const pinsOf = (enrolled: Enrolled | null): ReadonlyMap<string, string> =>
  new Map((enrolled?.devices ?? []).map(({ id, pin }) => [id, pin]))
