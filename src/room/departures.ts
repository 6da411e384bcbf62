// What leaves a room, each as one portion of a background drain: statuses to intakes, cards to other desks, lines to
// Postgres, and the pull of the directory. None of them is ever awaited by a press or an act.

import type { DirectoryRow } from '../domain/directory'
import type { LogEvent } from '../domain/event'
import { isGateway } from '../domain/gateway'
import type { IncidentSummary } from '../domain/incident'
import type { Page } from '../domain/page'
import type { RegionId } from '../domain/region'
import type { WatchReply } from '../fleet/contract'
import type { Question } from '../intake/contract'
import type { OutboxRow, StatusPush } from './contract'
import { deliverAll } from './outbox'
import type { Room } from './room'

const PUSHES_AT_ONCE = 500
const PAGES_AT_ONCE = 100
const STOPS_AT_ONCE = 500
const CARDS_AT_ONCE = 100
const DIRECTORY_AT_ONCE = 500

type Portion = 'idle' | 'more'

/** Tells intakes what their phones may read now. One dead intake does not keep the others waiting. */
export async function pushStatuses(
  room: Room,
  update: (intake: string, pushes: StatusPush[]) => Promise<void>,
): Promise<Portion> {
  const waiting = room.pushes.waiting(PUSHES_AT_ONCE)
  if (waiting.size === 0) return 'idle'
  const results = await Promise.allSettled(
    [...waiting].map(async ([intake, sosIds]) => {
      const told = sosIds.map((sosId) => ({ sosId, view: room.pushes.viewOf(sosId) }))
      await update(intake, room.statuses(sosIds))
      room.pushes.told(intake, told)
    }),
  )
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
  return 'more'
}

/** Gives pages to one shard of the courier, gravest first, and calls back those that are of no use any more. */
export async function sendPages(
  room: Room,
  shard: number,
  courier: {
    send(pages: Page[]): Promise<string[]>
    stop(what: { pageIds: string[]; why: string }): Promise<void>
  },
): Promise<Portion> {
  const { pages } = room
  const going = pages.waiting(shard, PAGES_AT_ONCE)
  if (going.length > 0) {
    const taken = await courier.send(going)
    if (taken.length === 0) throw new Error('the courier took no page of a portion')
    pages.delivered(taken)
  }
  const stops = Map.groupBy(pages.stopping(shard, STOPS_AT_ONCE), ({ why }) => why)
  for (const [why, own] of stops) {
    const pageIds = own.map(({ id }) => id)
    await courier.stop({ pageIds, why })
    pages.stopped(pageIds)
  }
  pages.settled(shard)
  return pages.shardsLeaving.includes(shard) && going.length + stops.size > 0 ? 'more' : 'idle'
}

/** Sends cards to the desks of other regions. */
export async function sendCards(
  room: Room,
  send: (region: RegionId, cards: IncidentSummary[]) => Promise<void>,
): Promise<Portion> {
  const waiting = room.mirrors.waiting(CARDS_AT_ONCE)
  if (waiting.length === 0) return 'idle'
  for (const region of new Set(waiting.map((each) => each.region))) {
    const cards = waiting
      .filter((each) => each.region === region)
      .flatMap(({ incident }) => room.incidents.summary(incident) ?? [])
    await send(region, cards)
    for (const card of cards) {
      // Changed meanwhile: the newer state goes with the next portion.
      if (room.incidents.summary(card.id)?.seq === card.seq) room.mirrors.told(card.id, region)
    }
  }
  return 'more'
}

/** Everything that Postgres does not have, in the order of its seq. The caller holds one connection for all of it. */
export function archiveLog(
  room: Room,
  deliver: (rows: OutboxRow[]) => Promise<void>,
  isRowFault: (error: unknown) => boolean,
  signal?: AbortSignal,
): Promise<void> {
  return deliverAll(
    {
      next: (limit) => rowsOf(room, room.log.undelivered(limit)),
      delivered: (seqs) => room.log.delivered(seqs),
      park: (seq, why) => room.log.park(seq, why),
      deliver,
      isRowFault,
    },
    signal,
  )
}

// Each line with its incident as it is now, and only at the last line of each: what it was before is in the lines. Under
// the seq of that line, for not every line gives its card a new one.
function rowsOf(room: Room, events: readonly LogEvent[]): OutboxRow[] {
  const last = new Map(events.map((event) => [event.incident, event.seq]))
  return events.map((event) => {
    if (event.incident === null || last.get(event.incident) !== event.seq) return { event, incident: null }
    const summary = room.incidents.summary(event.incident)
    return { event, incident: summary && { ...summary, seq: Math.max(summary.seq, event.seq) } }
  })
}

/**
 * Fleet shards hear which devices to follow, who pressed lately, and whose tokens are revoked: all of it each time, for a
 * shard may have forgotten. They say when each of those was last heard.
 */
export async function tellFleets(
  room: Room,
  shards: number,
  shardOf: (deviceId: string) => number,
  watch: (
    shard: number,
    deviceIds: string[],
    minGenerations: Record<string, number>,
    hasten: string[],
    fasterUntil: Record<string, number>,
  ) => Promise<WatchReply | undefined>,
): Promise<Portion> {
  const watched = Array.from({ length: shards }, () => ({
    all: [] as string[],
    hasten: [] as string[],
    until: {} as Record<string, number>,
  }))
  for (const { deviceId, hasten } of room.watching()) {
    const of = watched[shardOf(deviceId)]
    of?.all.push(deviceId)
    if (hasten) of?.hasten.push(deviceId)
  }
  for (const [deviceId, until] of room.latelyPressed.until()) {
    const of = watched[shardOf(deviceId)]
    if (of) of.until[deviceId] = until
  }
  const renewed = Array.from({ length: shards }, (): Record<string, number> => ({}))
  for (const [id, least] of Object.entries(room.directory.minGenerations())) {
    // A gateway's devices are everywhere, and come with its token.
    for (const own of isGateway(id) ? renewed : renewed.slice(shardOf(id), shardOf(id) + 1)) own[id] = least
  }
  const told = await Promise.allSettled(
    watched.map(async ({ all, hasten, until }, shard) => {
      const reply = await watch(shard, all, renewed[shard] ?? {}, hasten, until)
      // A shard of the release before says nothing of it.
      room.silence.contacts(reply?.contacts ?? {})
    }),
  )
  const failure = told.find((each) => each.status === 'rejected')
  if (failure) throw failure.reason
  return 'idle'
}

/** Asks intake shards when they last heard the lifelines of phones that are about to count as silent. */
export async function askLifelines(
  room: Room,
  shards: number,
  shardOf: (deviceId: string) => number,
  ask: (shard: number, deviceIds: string[]) => Promise<Record<string, number>>,
): Promise<Portion> {
  const suspects = Map.groupBy(room.silence.suspects(), shardOf)
  // A lifeline that its own shard would not take is with the next.
  const asked = [...suspects].flatMap(([shard, ids]) =>
    [...new Set([shard, (shard + 1) % shards])].map(async (at) => room.silence.lifelines(await ask(at, ids))),
  )
  await Promise.all(asked)
  return 'idle'
}

/** Takes over what is new in the directory; what it learned goes to `learned`, for sessions that end by it. */
export async function pullDirectoryInto(
  room: Room,
  pull: (afterVersion: number, limit: number) => Promise<DirectoryRow[]>,
  learned: (rows: DirectoryRow[]) => void,
): Promise<Portion> {
  const rows = await pull(room.directory.version, DIRECTORY_AT_ONCE)
  learned(room.learn(rows))
  return rows.length === DIRECTORY_AT_ONCE ? 'more' : 'idle'
}

/**
 * Puts "Are you OK?" to phones. A lifeline that its own shard would not take is with the next; who has none is not asked
 * again, and a minute later their check is judged as unanswered.
 */
export async function askPhones(
  room: Room,
  shards: number,
  shardOf: (deviceId: string) => number,
  ask: (shard: number, questions: Question[]) => Promise<string[]>,
): Promise<Portion> {
  const questions = room.welfare.questions()
  if (questions.length === 0) return 'idle'
  const asked = [...Map.groupBy(questions, ({ deviceId }) => shardOf(deviceId))].map(async ([shard, own]) => {
    const reached = new Set<string>()
    for (const at of new Set([shard, (shard + 1) % shards])) {
      const left = own.filter(({ id }) => !reached.has(id))
      if (left.length > 0) for (const id of await ask(at, left)) reached.add(id)
    }
    room.welfare.asked(
      own.map(({ id }) => id),
      [...reached],
    )
  })
  const failure = (await Promise.allSettled(asked)).find((each) => each.status === 'rejected')
  if (failure) throw failure.reason
  return 'more'
}
