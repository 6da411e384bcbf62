// What the processes of one machine, and whoever starts them, say to each other in a cluster: over loopback alone.

import type { Press } from '../src/domain/press'
import { REGION_IDS } from '../src/domain/region'
import { within } from '../src/durable/deadline'
import { isSpool, keepHere, spoolHealth } from '../src/http/doors/spool'
import { takeInShards } from '../src/http/doors/take'
import type { Env } from '../src/http/env'
import { moveObject } from '../src/http/moved-in'
import {
  courierOf,
  courierShardCount,
  fleetOf,
  fleetShardCount,
  intakeOf,
  roomOf,
  shardCount,
  shardOf,
} from '../src/http/objects'

/**
 * Null for what is not for a neighbour. To a spool: POST /presses (a press, from the member) → its receipt; GET /spool → its
 * health. To a member: POST /spooled (presses, from the spool) → {durable: ids}; POST /own?part=&of= → {objects};
 * POST /objects?class=&name= (an object's storage from elsewhere) → {rows}.
 */
export async function hearNeighbour(request: Request, env: Env): Promise<Response | null> {
  const { pathname, searchParams } = new URL(request.url)
  switch (`${request.method} ${pathname}`) {
    case 'POST /presses': {
      if (!isSpool(env)) return null
      const press = (await request.json()) as Press
      const kept = await keepHere(env, press, shardOf(press.deviceId, shardCount(env)))
      return kept ? Response.json(kept) : new Response(null, { status: 503 })
    }
    case 'GET /spool':
      return isSpool(env) ? Response.json(await spoolHealth(env)) : null
    case 'POST /spooled':
      return isSpool(env) ? null : Response.json({ durable: await takeSpooled(env, (await request.json()) as Press[]) })
    case 'POST /objects':
      return isSpool(env) ? null : moveObject(env, searchParams, request.body)
    case 'POST /own':
      return isSpool(env) ? null : own(env, Number(searchParams.get('part')), Number(searchParams.get('of')))
    default:
      return null
  }
}

/** One shard that is silent must not keep the others' from being forgotten by their spool. */
const EACH_MS = 6_000

/** Nobody waits for these, so a shard that is slow is waited for: around it, each would become two. */
async function takeSpooled(env: Env, presses: Press[]): Promise<string[]> {
  const take = (press: Press) => within(EACH_MS, takeInShards(env, press, false)).catch(() => null)
  const taken = await Promise.all(presses.map(take))
  return taken.flatMap((each) => (each ? [each.sosId] : []))
}

/**
 * Wakes this member's share of the objects, evenly and neighbouring shards apart: an object runs where it was first asked for,
 * and the first minute's tick would have all of them on one member.
 */
async function own(env: Env, part: number, of: number): Promise<Response> {
  const calls: (() => Promise<unknown>)[] = []
  REGION_IDS.forEach((region, at) => {
    const mine = (nth: number) => (at + nth) % of === part
    for (let shard = 0; shard < shardCount(env); shard++)
      if (mine(shard)) calls.push(() => intakeOf(env, region, shard).tick())
    if (mine(1)) calls.push(() => roomOf(env, region).tick())
    for (let shard = 0; shard < fleetShardCount(env); shard++)
      if (mine(2 + shard)) calls.push(() => fleetOf(env, region, shard).tick())
    for (let shard = 0; shard < courierShardCount(env); shard++)
      if (mine(shard)) calls.push(() => courierOf(env, region, shard).tick())
  })
  const done = await Promise.allSettled(calls.map((call) => call()))
  return Response.json({ objects: done.filter(({ status }) => status === 'fulfilled').length })
}
