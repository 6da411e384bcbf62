// What every scenario of this bench stands on: a tower whose ways out lead to a provider on this machine, people who may log in,
// and presses of devices that have not pressed before.

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import type { Kind } from '../../../src/domain/press'
import { REGION_IDS, type RegionId } from '../../../src/domain/region'
import { hashPassword } from '../../../src/http/auth/password'
import type { TickReport } from '../../../src/sentinel/contract'
import { upsert } from '../../lib/demo'
import { startTower, type Tower } from '../../lib/tower'
import { type Child, startChild } from '../child'
import { pressOf, type Target, tokenOf } from '../load/target'
import { type Notebook, openNotebook } from '../notebook'
import { pinProcess } from '../pin'
import { ACCOUNT } from './account'
import { Desk } from './desk'

export const OPERATORS = 6
/** A room that was born lets its screens come back before it says that nobody watches. */
const RECONNECT_MS = 12_000
const SETTLE_LIMIT_MS = 60_000

export type Stage = {
  notebook: Notebook
  tower: Tower
  provider: Child
  providerUrl: string
  sql: postgres.Sql
  /** May do everything, everywhere. */
  admin: Desk
  /** Logs one of the six in. */
  operator(n: number): Promise<Desk>
  log(line: string): void
}

export async function openStage(log: (line: string) => void): Promise<Stage & { close(): Promise<void> }> {
  const ending: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const end of ending.splice(0).reverse()) await end()
  }
  try {
    const provider = startChild('page/provider.ts', 'load')
    ending.push(() => provider.stop())
    const providerUrl = await provider.ask<string>('url')
    const dataDir = await mkdtemp(join(tmpdir(), 'xot-bench-page-'))
    await chmod(dataDir, 0o700)
    ending.push(() => rm(dataDir, { recursive: true, force: true }))
    const tower = await startTower({ dataDir, settings: settings(providerUrl) })
    ending.push(() => tower.stop())
    if (tower.worker.pid !== null) pinProcess(tower.worker.pid, 'server')
    pinProcess(process.pid, 'load')
    const born = Date.now()
    const sql = postgres(tower.databaseUrls.owner, { max: 2, onnotice: () => {} })
    ending.push(() => sql.end())
    const password = crypto.randomUUID()
    await seedOperators(tower, sql, password)
    await known(tower, await newest(sql))
    const boss = tower.demo?.operators.find(({ role }) => role === 'admin')
    if (!boss) throw new Error('the tower has no demo people')
    const admin = await Desk.logIn(tower.url, boss)
    await Bun.sleep(Math.max(0, born + RECONNECT_MS - Date.now()))
    const operator = (n: number) => Desk.logIn(tower.url, { email: mailOf(n), password })
    return { notebook: openNotebook(), tower, provider, providerUrl, sql, admin, operator, log, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Ways out that lead to the bench's own provider. */
export const settings = (providerUrl: string): Record<string, string> => ({
  TWILIO_ACCOUNT_SID: ACCOUNT.sid,
  TWILIO_AUTH_TOKEN: ACCOUNT.token,
  TWILIO_SMS_FROM: 'XpressOps',
  TWILIO_VOICE_FROM: '+15005550006',
  TWILIO_BASE_URL: providerUrl,
  WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
})

const mailOf = (n: number): string => `bench-${n}@tower.example`

/** The demo has fewer people of one region than a bad night needs. */
async function seedOperators({ secrets }: Tower, sql: postgres.Sql, password: string): Promise<void> {
  const hash = await hashPassword(password, Buffer.from(secrets.PEPPER, 'base64url'))
  const people = Array.from({ length: OPERATORS }, (_, n) => ({
    id: `bench-user-${n}`,
    region: 'NCR',
    email: mailOf(n),
    name: `Operator ${n + 1}`,
    alias: `Bench ${n + 1}`,
    role: 'operator',
    regions: ['NCR', 'CEB', 'DVO', 'ILO'],
    password_hash: hash,
  }))
  await sql.begin((tx) => upsert(tx, 'app_user', people))
}

async function newest(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ version: number }[]>`SELECT max(version)::float8 AS version FROM app_user`
  return row?.version ?? 0
}

/** Waits until these rooms' copies of the directory have come so far. A room hears only of its own. */
export async function known(tower: Tower, version: number, regions: readonly RegionId[] = REGION_IDS): Promise<void> {
  await settled(tower, ({ rooms }) =>
    rooms
      .filter(({ region }) => regions.includes(region))
      .every((room) => 'directoryVersion' in room && room.directoryVersion >= version),
  )
}

/** Waits until everything that happened is in Postgres, and no press waits for its room. */
export const archived = ({ tower }: Stage): Promise<void> =>
  settled(
    tower,
    ({ rooms, intakes, couriers }) =>
      rooms.every((room) => 'outbox' in room && room.outbox === 0) &&
      intakes.every((intake) => 'unconfirmed' in intake && intake.unconfirmed === 0) &&
      couriers.every((courier) => 'unreported' in courier && courier.unreported === 0),
  )

async function settled(tower: Tower, holds: (report: TickReport) => boolean): Promise<void> {
  const until = Date.now() + SETTLE_LIMIT_MS
  while (!holds((await tower.tick()) as TickReport)) {
    if (Date.now() > until) throw new Error('the tower did not settle')
    await Bun.sleep(300)
  }
}

export type Pressed = { sosId: string; at: number; answeredMs: number }

export const targetOf = ({ tower }: Stage, region: RegionId, devices: string): Target => ({
  system: 'tower',
  url: tower.url,
  region,
  signingKeys: tower.secrets.DEVICE_KEYS,
  devices,
})

/** The n-th device of a scenario presses; times are by the sender's clock. Throws where it is not answered 201. */
export async function press(target: Target, n: number, kind: Kind = 'panic'): Promise<Pressed> {
  const at = Date.now()
  const from = performance.now()
  const response = await fetch(`${target.url}/api/sos`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf(target, n)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...pressOf(target, n), kind }),
  })
  const body = (await response.json()) as { sosId: string }
  if (response.status !== 201) throw new Error(`a press was answered ${response.status}`)
  return { sosId: body.sosId, at, answeredMs: performance.now() - from }
}

/** `work` for each of `total`, one every `everyMs`, whatever those before take. Resolves when all have ended. */
export async function paced<T>(total: number, everyMs: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const startAt = performance.now()
  const under: Promise<T>[] = []
  for (let n = 0; n < total; n++) {
    await Bun.sleep(Math.max(0, startAt + n * everyMs - performance.now()))
    const one = work(n)
    // Awaited at the end; a failure meanwhile is nobody's yet.
    one.catch(() => {})
    under.push(one)
  }
  return Promise.all(under)
}
