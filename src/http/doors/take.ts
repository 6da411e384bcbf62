// Makes a press durable: in a shard of its home, or, without a genuine token, among the unverified. Then, and only
// then, a door answers.

import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { Press, UnverifiedPress } from '../../domain/press'
import { type RegionId, regionAt } from '../../domain/region'
import type { PressFields } from '../../ingest/press'
import type { PressReceipt } from '../../intake/contract'
import type { AppEnv, Env } from '../env'
import { intakeName, intakeOf, shardCount, shardOf } from '../objects'
import { sharedRows } from '../redis'
import { type Damped, Damper } from './damper'
import { FloodShare } from './flood-share'
import { isSpool, keepHere, orSpooled, type Receipt } from './spool'
import { StepAround } from './step-around'

export type Taken = Receipt

/**
 * One of each per isolate: they are what it has heard of the shards, and of those who cry without a token. Plain data: a
 * promise that one request waits for and another settles is not safe in workerd, however seldom it goes wrong.
 */
const around = new StepAround()
const share = new FloodShare()
const damper = new Damper((now) => share.ownRows(now))

/** Null where nobody made it durable. */
export function takePress(env: Env, press: Press): Promise<Taken | null> {
  const shard = shardOf(press.deviceId, shardCount(env))
  return isSpool(env) ? keepHere(env, press, shard) : orSpooled(env, press, takeInShards(env, press), shard)
}

/** Null where no shard made it durable. Of a press that was spooled: by its shard, however slow. */
export async function takeInShards(
  env: Env,
  press: Press,
  aroundSlow = env.STEP_AROUND === 'on',
): Promise<Taken | null> {
  const shards = shardCount(env)
  const first = shardOf(press.deviceId, shards)
  const next = (first + 1) % shards
  const outcome = await around.call<Taken>(
    shardCall(env, press, first),
    shards > 1 ? shardCall(env, press, next) : null,
    aroundSlow,
  )
  if (outcome.ok) return outcome.value
  lost(press.home, first, outcome.error)
  return null
}

/** True where something durable stands for it. `life` carries on what other isolates are told of it, after the answer. */
export async function takeUnverified(env: Env, press: UnverifiedPress, life: Life | null): Promise<boolean> {
  const damped = await admitted(press.source)
  if (damped.is !== 'write') return damped.is === 'stands'
  const row = { ...press, source: damped.source, count: damped.count }
  const region = press.position ? (regionAt(press.position.lat, press.position.lng) ?? FALLBACK) : FALLBACK
  const first = shardOf(damped.source, 2) === 0 ? 'u0' : 'u1'
  const outcome = await around.call(
    unverified(env, row, region, first),
    unverified(env, row, region, first === 'u0' ? 'u1' : 'u0'),
    env.STEP_AROUND === 'on',
  )
  damper.written(damped, outcome.ok)
  if (outcome.ok) share.wrote(Date.now())
  if (life) tellOthers(env, life)
  if (!outcome.ok) lost(region, first, outcome.error)
  return outcome.ok
}

/** Never awaited by a press: what it brings back counts for the next second. */
function tellOthers(env: Env, life: Life): void {
  const shared = sharedRows(env)
  const said = shared && share.take(Date.now())
  if (!shared || !said) return
  life.waitUntil(
    shared.add(said.step, said.rows).then((rows) => {
      if (rows !== null) share.heard(said.step, rows)
    }),
  )
}
/**
 * True for one more of a flood of presses without a genuine token: it is counted, and answered before its body is read. Asked
 * once for each, before `takeUnverified`.
 */
export const isOneOfMany = (request: Request, token: string): boolean =>
  damper.isOneOfMany(() => sourceOf(request, null, token), Date.now())

/** How long, and how often, a press asks after the row of another that would stand for it. */
const WAIT_MS = 5_000
const ASK_EVERY_MS = 20

// Each asks by a timer of its own: a promise belongs to the request that made it.
async function admitted(source: string): Promise<Damped> {
  const until = Date.now() + WAIT_MS
  for (;;) {
    const now = Date.now()
    const damped = damper.admit(source, now)
    if (damped.is !== 'waits' || now >= until) return damped
    await new Promise<void>((resolve) => setTimeout(resolve, ASK_EVERY_MS))
  }
}

/** What an unverified press says of itself, and where it came from. */
export const unverifiedPress = (
  fields: PressFields,
  press: Pick<UnverifiedPress, 'source' | 'door' | 'receivedAt'>,
): UnverifiedPress => ({ ...press, kind: fields.kind, position: fields.position, note: fields.note })

/**
 * Where a press without a genuine token came from: the address that Cloudflare saw, else whom it claims to be, else the
 * token it brought. workerd tells nobody's address.
 */
export function sourceOf(request: Request, claimedId: string | null, token: string): string {
  const address = request.headers.get('cf-connecting-ip')
  if (address) return `address:${address.slice(0, 64)}`
  if (claimedId) return `claims:${claimedId}`
  return token === '' ? 'nobody' : `token:${createHash('sha256').update(token).digest('hex').slice(0, 16)}`
}

/** The work goes on when the phone hangs up: whoever pressed and lost the network is in danger all the same. */
export function outlive<T>(c: Context<AppEnv>, work: Promise<T>): Promise<T> {
  lifeOf(c)?.waitUntil(work)
  return work
}

/** Hono throws where there is none: outside a Worker nothing ends a request early. */
export function lifeOf(c: Context<AppEnv>): Life | null {
  try {
    return c.executionCtx
  } catch {
    return null
  }
}

/** What keeps a request's work going after its answer, or without one. */
export type Life = { waitUntil(work: Promise<unknown>): void }

/** Whose desk looks at a cry from nowhere. */
const FALLBACK: RegionId = 'NCR'

const shardCall = (env: Env, press: Press, shard: number) => ({
  name: intakeName(press.home, shard),
  call: async (): Promise<Taken> => takenBy(shard, await intakeOf(env, press.home, shard).press(press)),
})

const takenBy = (shard: number, { sosId, receivedAt, known }: PressReceipt): Taken => ({
  sosId,
  receivedAt,
  known,
  shard,
})

const unverified = (env: Env, press: UnverifiedPress, region: RegionId, shard: 'u0' | 'u1') => ({
  name: intakeName(region, shard),
  call: () => intakeOf(env, region, shard).pressUnverified(press),
})

const lost = (region: RegionId, shard: number | string, error: unknown): void =>
  console.error(
    JSON.stringify({ level: 'error', message: 'a press was not made durable', region, shard, error: String(error) }),
  )
