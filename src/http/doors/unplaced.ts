// GET /api/regions/{region}/unplaced: presses that are durable in an intake and unknown to their room, for screens that
// have lost the room. Asked of the shards themselves; those that do not answer are counted, not waited for.

import { Hono } from 'hono'
import { may } from '../../domain/access'
import { findRegion, type RegionId } from '../../domain/region'
import { within } from '../../durable/deadline'
import type { UnplacedCard } from '../../intake/contract'
import { requireSession } from '../auth/session'
import type { AppEnv, Env } from '../env'
import { failed } from '../errors'
import { intakeOf, shardCount } from '../objects'

/** A screen asks again after 2 s. */
const SHARD_MS = 1_500

export const unplaced = new Hono<AppEnv>().get('/api/regions/:region/unplaced', requireSession, async (c) => {
  const region = findRegion(c.req.param('region'))
  if (!region) return failed(c, 404, 'unknown_region', 'There is no such region.')
  if (!may(c.var.viewer, 'incident:see', [region.id])) {
    return failed(c, 403, 'foreign_region', 'You have no rights in this region.')
  }
  c.header('Cache-Control', 'no-store')
  return c.json(await unplacedIn(c.env, region.id))
})

/** Oldest first. `missing`: shards that did not answer, whose presses are not among them. */
export async function unplacedIn(env: Env, region: RegionId): Promise<{ cards: UnplacedCard[]; missing: number }> {
  const shards = Array.from({ length: shardCount(env) }, (_, shard) => shard)
  const asked = shards.map(async (shard) => within(SHARD_MS, intakeOf(env, region, shard).unplaced()))
  const answers = await Promise.allSettled(asked)
  const cards = new Map<string, UnplacedCard>()
  for (const answer of answers) {
    // A retry may lie in two shards: it is one press.
    if (answer.status === 'fulfilled') for (const card of answer.value) cards.set(card.sosId, card)
  }
  return {
    cards: [...cards.values()].sort((a, b) => a.receivedAt - b.receivedAt),
    missing: answers.filter(({ status }) => status === 'rejected').length,
  }
}
