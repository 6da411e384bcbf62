// What pages and API ask of deliveries: the report from Postgres, what is parked from the couriers, and a person's "send it
// again". Each stands without the others.

import { placeOfAttempt } from '../courier/contract'
import { may, type Viewer } from '../domain/access'
import type { Refusal } from '../domain/command'
import type { Attempt } from '../domain/page'
import { findRegion, type RegionId } from '../domain/region'
import { within } from '../durable/deadline'
import { type Delivery, deliveryReport } from '../store/attempts'
import { FOREIGN } from './desk'
import type { Env } from './env'
import { withFences } from './fences'
import { courierOf, courierShardCount, sentinelOf } from './objects'
import { type WaysOut, waysOut } from './ways-out'

const COURIER_DEADLINE_MS = 2_000
const SENTINEL_DEADLINE_MS = 2_000

/** Attempts that began in [from, until), epoch ms. Throws `TooLate` without Postgres. */
export const reportOf = (env: Env, span: { region: RegionId; from: number; until: number }): Promise<Delivery[]> =>
  withFences(env, (db) => deliveryReport(db, span))

export type Parked = {
  attempts: Attempt[]
  /** Courier shards that did not answer: there may be more. */
  away: number
}

/** What a person must look at, of all of the region's couriers. */
export async function parkedIn(env: Env, region: RegionId): Promise<Parked> {
  const found = await Promise.allSettled(
    Array.from({ length: courierShardCount(env) }, (_, shard) =>
      within(COURIER_DEADLINE_MS, courierOf(env, region, shard).parked()),
    ),
  )
  const attempts = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
  const away = found.filter(({ status }) => status === 'rejected').length
  return { attempts: attempts.sort((a, b) => (a.at.parked ?? 0) - (b.at.parked ?? 0)), away }
}

export type Resent = { ok: true } | { ok: false; refusal: Refusal }

const NOT_PARKED: Refusal = {
  code: 'conflict',
  reason: 'not_parked',
  message: 'It is not parked any more: somebody has sent it again, or it was stopped.',
}
const UNKNOWN: Refusal = { code: 'not_found', reason: 'unknown_attempt', message: 'There is no such attempt.' }

/** By a person who has the right in the region that the attempt is of. Repeats send it once. */
export async function resend(env: Env, viewer: Viewer, attemptId: string): Promise<Resent> {
  const place = placeOfAttempt(attemptId)
  const region = findRegion(place?.region ?? '')?.id
  if (!place || !region || place.shard >= courierShardCount(env)) return { ok: false, refusal: UNKNOWN }
  if (!may(viewer, 'page:resend', [region])) return { ok: false, refusal: FOREIGN }
  const { uid, alias } = viewer
  const again = courierOf(env, region, place.shard).resend(attemptId, { uid, alias })
  return (await within(COURIER_DEADLINE_MS, again)) ? { ok: true } : { ok: false, refusal: NOT_PARKED }
}

/** Without a sentinel that answers, what is configured still stands. */
export async function waysOutOf(env: Env, region: RegionId): Promise<WaysOut> {
  const report = await within(SENTINEL_DEADLINE_MS, sentinelOf(env).lastReport()).catch(() => null)
  return waysOut(env, region, report, Date.now())
}
