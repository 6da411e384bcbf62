// Puts the demo into a database, and writes .data/demo.json: what somebody needs who wants to try the tower.

import { randomBytes, randomInt } from 'node:crypto'
import postgres from 'postgres'
import type { Role } from '../../src/domain/access'
import { REGION_IDS, type RegionId } from '../../src/domain/region'
import { hashPassword } from '../../src/http/auth/password'
import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import { mayBeDuressPin, pinMac } from '../../src/intake/pin'
import type { DataDir } from './data-dir'
import { DEMO_CONTACTS, demoKin, demoShifts, phone } from './demo-duty'
import { DEMO_CREWS, DEMO_DESKS } from './demo-people'
import { KNOWN_AGENCIES } from './known-agencies'
import { CannotStart } from './refusal'
import type { Secrets } from './secrets'

export type DemoOperator = { email: string; password: string; role: Role; regions: RegionId[] }
export type DemoDevice = {
  id: string
  region: RegionId
  token: string
  ingestUrl: string
  pin: string
  duressPin: string
}
export type Demo = { url: string; operators: DemoOperator[]; devices: DemoDevice[] }

const FILE = 'demo.json'
const GENERATION = 1
const TOKEN_LASTS_S = 400 * 24 * 3600

/** Makes the demo once; later starts keep its people and only tell the new address. Throws in a database with other people. */
export async function seedDemo(to: { database: string; secrets: Secrets; data: DataDir; url: string }): Promise<Demo> {
  const { database, secrets, data, url } = to
  const before = data.read<Demo>(FILE)
  const sql = postgres(database, { max: 1, onnotice: () => {}, connect_timeout: 10 })
  try {
    const [found] = await sql<{ all: number; ours: number }[]>`
      SELECT count(*)::int AS all, (count(*) FILTER (WHERE id LIKE 'demo-%'))::int AS ours
      FROM (SELECT id FROM app_user UNION ALL SELECT id FROM device) AS row`
    const { all, ours } = found ?? { all: 0, ours: 0 }
    if (all > 0 && ours === 0) {
      throw new CannotStart(
        'the demo goes only into an empty database, and this one has people or devices. Leave --demo away.',
      )
    }
    const whole = ours >= DEMO_CREWS.length + DEMO_DESKS.length
    const demo =
      before && whole && before.devices.length === DEMO_CREWS.length
        ? addressed(before, secrets, url)
        : makeDemo(secrets, url)
    if (demo !== before && !(before && whole)) await insert(sql, demo, secrets)
    await seedTelling(sql)
    data.write(FILE, demo)
    return demo
  } finally {
    await sql.end({ timeout: 5 })
  }
}

const deviceId = (at: number): string =>
  `demo-${DEMO_CREWS[at]?.region.toLowerCase()}-${String(at + 1).padStart(2, '0')}`

function makeDemo(secrets: Secrets, url: string): Demo {
  const operators = DEMO_DESKS.map(({ mail, role, regions }) => ({
    email: `${mail}@tower.example`,
    password: randomBytes(9).toString('base64url'),
    role,
    regions,
  }))
  const devices = DEMO_CREWS.map(({ region }, at) => ({
    id: deviceId(at),
    region,
    token: '',
    ingestUrl: '',
    ...makePins(),
  }))
  return addressed({ url, operators, devices }, secrets, url)
}

/** The same demo at this address, with tokens of the newest key. */
function addressed(demo: Demo, { DEVICE_KEYS }: Secrets, url: string): Demo {
  const keys = parseKeys(DEVICE_KEYS)
  const expiresAt = Math.floor(Date.now() / 1000) + TOKEN_LASTS_S
  return {
    ...demo,
    url,
    devices: demo.devices.map((device) => {
      const token = signDeviceToken(keys, {
        deviceId: device.id,
        home: device.region,
        generation: GENERATION,
        expiresAt,
      })
      return { ...device, token, ingestUrl: `${url}/i/${token}` }
    }),
  }
}

/** A driver's two PINs, far enough from each other. */
export function makePins(): { pin: string; duressPin: string } {
  const digits = () => String(randomInt(10_000)).padStart(4, '0')
  const pin = digits()
  for (;;) {
    const duressPin = digits()
    if (mayBeDuressPin(pin, duressPin)) return { pin, duressPin }
  }
}

async function insert(sql: postgres.Sql, demo: Demo, secrets: Secrets): Promise<void> {
  const pepper = Buffer.from(secrets.PEPPER, 'base64url')
  const drivers = DEMO_CREWS.map(({ region, driver }, at) => ({
    id: `demo-driver-${at + 1}`,
    region,
    name: driver,
    phone: phone(at + 1),
  }))
  const vehicles = DEMO_CREWS.map(({ region, plate = null, conduction = null, make, model, colour }, at) => ({
    id: `demo-vehicle-${at + 1}`,
    region,
    plate,
    conduction,
    make,
    model,
    colour,
  }))
  const devices = demo.devices.map(({ id, region, pin, duressPin }, at) => ({
    id,
    region,
    driver_id: `demo-driver-${at + 1}`,
    vehicle_id: `demo-vehicle-${at + 1}`,
    generation: GENERATION,
    pin_mac: pinMac(pepper, id, pin),
    duress_pin_mac: pinMac(pepper, id, duressPin),
  }))
  const users = await Promise.all(
    DEMO_DESKS.map(async ({ name, alias, role, home, regions }, at) => ({
      id: `demo-user-${at + 1}`,
      region: home,
      email: demo.operators[at]?.email ?? '',
      name,
      alias,
      role,
      regions,
      password_hash: await hashPassword(demo.operators[at]?.password ?? randomBytes(16).toString('hex'), pepper),
    })),
  )
  const duty = REGION_IDS.map((region, at) => ({
    region,
    phones: [
      { name: `Duty phone ${region}`, phone: phone(9_001 + at) },
      { name: 'Duty manager', phone: phone(9_100) },
    ],
  }))
  await sql.begin(async (tx) => {
    await upsert(tx, 'driver', drivers)
    await upsert(tx, 'vehicle', vehicles)
    await upsert(tx, 'device', devices)
    await upsert(tx, 'app_user', users)
    await upsert(tx, 'duty_card', duty, 'region')
  })
}

/** Who is told, and whom people call: once, also into the database of an older demo, and never over what people have changed. */
async function seedTelling(sql: postgres.Sql): Promise<void> {
  const by = { changed_by: 'demo' }
  const drivers = DEMO_CREWS.map(({ region, driver }, at) => ({ id: `demo-driver-${at + 1}`, region, name: driver }))
  const shifts = demoShifts(Date.now()).map(({ contactId, from, until, weeklyUntil: _, ...rest }) => ({
    ...rest,
    ...by,
    contact_id: contactId,
    from_at: new Date(from).toISOString(),
    until_at: new Date(until).toISOString(),
  }))
  const kin = demoKin(drivers).map(({ id, region, contacts }) => ({ driver_id: id, region, contacts, ...by }))
  await sql.begin(async (tx) => {
    if (await isEmpty(tx, 'duty_contact')) {
      await upsert(
        tx,
        'duty_contact',
        DEMO_CONTACTS.map((contact) => ({ ...contact, ...by })),
      )
      await upsert(tx, 'duty_shift', shifts)
    }
    await seedAgencies(tx, 'demo')
    if (await isEmpty(tx, 'driver_kin')) await upsert(tx, 'driver_kin', kin, 'driver_id')
  })
}

/** Agencies as they are published, where there are none. */
export async function seedAgencies(tx: postgres.TransactionSql, by: string): Promise<void> {
  if (!(await isEmpty(tx, 'agency'))) return
  const rows = KNOWN_AGENCIES.map(({ verifiedAt, verifiedBy, reverifyDays, machine: _, ...rest }) => ({
    ...rest,
    verified_at: verifiedAt === null ? null : new Date(verifiedAt).toISOString(),
    verified_by: verifiedBy,
    reverify_days: reverifyDays,
    changed_by: by,
  }))
  await upsert(tx, 'agency', rows)
}

const isEmpty = async (tx: postgres.TransactionSql, table: string): Promise<boolean> =>
  (await tx`SELECT FROM ${tx(table)} LIMIT 1`).length === 0

/** Rows of the directory, new or changed. */
export async function upsert(tx: postgres.TransactionSql, table: string, rows: object[], key = 'id'): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  const list = columns.join(', ')
  await tx.unsafe(
    `INSERT INTO ${table} (${list}) SELECT ${list} FROM jsonb_populate_recordset(NULL::${table}, $1::text::jsonb)
     ON CONFLICT (${key}) DO UPDATE SET (${list}) = ROW (${columns.map((column) => `excluded.${column}`).join(', ')})`,
    [JSON.stringify(rows)],
  )
}
