// What a room sends in the background, and when each of it goes: what goes is in src/room/departures. Nothing waits for it.

import type { DirectoryRow } from '../src/domain/directory'
import type { RegionId } from '../src/domain/region'
import { Drain, type DrainRun } from '../src/durable/drain'
import type { Rush } from '../src/durable/rush'
import type { Env } from '../src/http/env'
import { courierOf, fleetOf, fleetShardCount, intakeOf, roomOf, shardCount, shardOf } from '../src/http/objects'
import {
  archiveLog,
  askLifelines,
  askPhones,
  pullDirectoryInto,
  pushStatuses,
  sendCards,
  sendPages,
  tellFleets,
} from '../src/room/departures'
import { hasErrands, runErrands } from '../src/room/drills-errands'
import { deliverRecords } from '../src/room/outward/records'
import type { Room } from '../src/room/room'
import { archive } from '../src/store/archive'
import { pullDirectory } from '../src/store/directory'
import { isRowFault } from '../src/store/fault'
import { type Db, withPostgres } from '../src/store/postgres'
import { logFailure } from './failure-log'
import { unlessParted } from './faults'
import { sayAreas, tellAreaHomes } from './room-areas'
import { storeRecord } from './room-outward'

const ARCHIVE_DEADLINE_MS = 10_000
const RPC_DEADLINE_MS = 5_000
/** What comes later is too late to keep a phone from counting as silent. */
const LIFELINES_DEADLINE_MS = 4_000
/** Phones hear within this time; what happens meanwhile to the same press is said once. */
const STATUSES_AFTER_MS = 100
/** Each drain to Postgres opens a connection, which costs more than a hundred rows: a second's lines share it. */
const ARCHIVE_AFTER_MS = 1_000
/** Fleet shards hear so soon whose vehicle is in danger. */
const FLEETS_AFTER_MS = 1_000
/** They hear of all of them each time: so much later for each, or a storm would be spent on telling of it. */
const FLEETS_LATER_MS = 2
/** In a rush the archive lets presses go first, this long at most. */
const ARCHIVE_YIELDS_MS = 10_000

export type RoomDrainsParts = {
  env: Env
  region: RegionId
  room: Room
  rush: Rush
  /** What the pull of the directory brought that is new. */
  learned(rows: DirectoryRow[]): void
  /** A drain has changed something: it may have to leave, to be shown, or to ring. */
  changed(): void
}

type Departure = 'statuses' | 'archive' | 'fleets'

export class RoomDrains {
  private readonly statuses: Drain
  private readonly cards: Drain
  private readonly archive: Drain
  private readonly outward: Drain
  private readonly pull: Drain
  private readonly fleets: Drain
  private readonly asks: Drain
  private readonly lifelines: Drain
  private readonly drillErrands: Drain
  private readonly areas: Drain
  private readonly areaHomes: Drain
  /** By the courier's shard, so that one that is away keeps nobody else's pages waiting. */
  private readonly pages = new Map<number, Drain>()
  private readonly soon = new Set<Departure>()
  private departedSeq = 0
  private archiveWaitsSince: number | null = null

  constructor(private readonly parts: RoomDrainsParts) {
    const { env, region, room, learned } = parts
    const intakes = shardCount(env)
    const fleets = fleetShardCount(env)
    const intakeShardOf = (device: string) => shardOf(device, intakes)
    const fleetShardOf = (device: string) => shardOf(device, fleets)
    const intakeAt = (shard: number | 'u0' | 'u1') => unlessParted(region, intakeOf(env, region, shard))

    this.statuses = this.drain('statuses', RPC_DEADLINE_MS, 2_000, () =>
      pushStatuses(room, (intake, pushes) => {
        const shard = intake.slice(region.length + 1)
        return intakeAt(shard === 'u0' || shard === 'u1' ? shard : Number(shard)).update(pushes)
      }),
    )
    this.cards = this.drain('cards', RPC_DEADLINE_MS, 5_000, () =>
      sendCards(room, (to, cards) => roomOf(env, to).mirror(cards)),
    )
    this.archive = this.drain('archive', ARCHIVE_DEADLINE_MS + 2_000, 10_000, (signal) =>
      withDatabase(env, async (db) => {
        await archiveLog(room, (rows) => archive(db, rows), isRowFault, signal)
        return 'idle'
      }),
    )
    this.outward = this.drain('disclosures', ARCHIVE_DEADLINE_MS + 2_000, 10_000, () =>
      withDatabase(env, (db) => deliverRecords(room.outward.records, (record) => storeRecord(db, record), isRowFault)),
    )
    this.pull = this.drain('directory', ARCHIVE_DEADLINE_MS + 2_000, 15_000, () =>
      withDatabase(env, (db) =>
        pullDirectoryInto(room, (after, limit) => pullDirectory(db, region, after, limit), learned),
      ),
    )
    this.asks = this.drain('questions', RPC_DEADLINE_MS, 10_000, () =>
      askPhones(room, intakes, intakeShardOf, (shard, questions) => intakeAt(shard).ask(questions)),
    )
    this.fleets = this.drain('fleets', RPC_DEADLINE_MS, 10_000, () =>
      tellFleets(room, fleets, fleetShardOf, (shard, ids, least, hasten, until) =>
        fleetOf(env, region, shard).watch(ids, least, hasten, until),
      ),
    )
    this.lifelines = this.drain('lifelines', LIFELINES_DEADLINE_MS, 2_000, () =>
      askLifelines(room, intakes, intakeShardOf, (shard, ids) => intakeAt(shard).lifelinesHeard(ids)),
    )
    this.drillErrands = this.drain('drills', RPC_DEADLINE_MS, 10_000, () =>
      runErrands(room.drills, fleetShardOf, (shard) => fleetOf(env, region, shard)).then((done) => {
        this.parts.changed()
        return done
      }),
    )
    this.areas = this.drain('areas', RPC_DEADLINE_MS, 2_000, async () => {
      const done = await sayAreas(env, region, room.areas.telling)
      // Texts that were just made leave while the next hundred is told.
      this.sendPages()
      if (done === 'idle') room.areas.rested()
      return done
    })
    this.areaHomes = this.drain('area homes', RPC_DEADLINE_MS, 5_000, () => tellAreaHomes(env, room.areas.guests))
    if (room.directory.version === 0) this.pull.wake()
  }

  /** After anything that may have changed something: whatever must leave by it is on its way. */
  heed(): void {
    const { room } = this.parts
    if (room.silence.hasSuspects) this.lifelines.wake()
    if (hasErrands(room.drills)) this.drillErrands.wake()
    if (room.areas.waits) this.areas.wake()
    if (room.areas.guests.waits) this.areaHomes.wake()
    this.sendPages()
    if (room.log.seq === this.departedSeq) return
    this.departedSeq = room.log.seq
    this.departAfter(STATUSES_AFTER_MS, 'statuses')
    const told = Math.max(room.incidents.liveDeviceCount, room.latelyPressed.count)
    this.departAfter(FLEETS_AFTER_MS + FLEETS_LATER_MS * told, 'fleets')
    this.departAfter(ARCHIVE_AFTER_MS, 'archive')
  }

  /** The minute's round: whatever was forgotten meanwhile, here or there, is made up for. */
  wakeAll(): void {
    this.statuses.wake()
    this.cards.wake()
    this.archive.wake()
    this.sendRecords()
    this.pull.wake()
    this.fleets.wake()
    this.asks.wake()
    this.sendPages()
  }

  /** At once: a page is what somebody waits for who is told by nothing else. */
  private sendPages(): void {
    const { env, region, room } = this.parts
    for (const shard of room.pages.shardsLeaving) {
      let drain = this.pages.get(shard)
      if (!drain) {
        drain = this.drain(`pages ${shard}`, RPC_DEADLINE_MS, 2_000, () =>
          sendPages(room, shard, courierOf(env, region, shard)),
        )
        this.pages.set(shard, drain)
      }
      drain.wake()
    }
  }

  /** There are questions for phones. */
  ask(): void {
    this.asks.wake()
  }

  /** Devices have changed, and with them what fleet shards must know. */
  tellFleets(): void {
    this.fleets.wake()
  }

  /** Lines that were put aside are to be tried again. */
  archiveNow(): void {
    this.archive.wake()
    this.sendRecords()
  }

  // What was given away is rare: no connection is opened to say that there is nothing.
  private sendRecords(): void {
    if (this.parts.room.outward.records.waits) this.outward.wake()
  }

  private departAfter(ms: number, what: Departure): void {
    if (this.soon.has(what)) return
    this.soon.add(what)
    setTimeout(() => this.depart(what), ms)
  }

  private depart(what: Departure): void {
    this.soon.delete(what)
    if (what === 'fleets') {
      this.fleets.wake()
      return
    }
    if (what === 'statuses') {
      this.statuses.wake()
      this.cards.wake()
      return
    }
    const now = Date.now()
    this.archiveWaitsSince ??= now
    if (this.parts.rush.isOn(now) && now - this.archiveWaitsSince < ARCHIVE_YIELDS_MS) {
      this.departAfter(ARCHIVE_AFTER_MS, 'archive')
      return
    }
    this.archiveWaitsSince = null
    this.archive.wake()
    this.sendRecords()
  }

  private drain(name: string, deadlineMs: number, capMs: number, run: DrainRun): Drain {
    const where = { region: this.parts.region }
    const onFailure = (failure: string, failures: number) => logFailure(`${name} failed`, where, failure, failures)
    return new Drain({ name, run, deadlineMs, capMs, onFailure })
  }
}

/** Without a database there is nothing to do. */
function withDatabase(env: Env, run: (db: Db) => Promise<'idle' | 'more'>): Promise<'idle' | 'more'> {
  const database = env.HYPERDRIVE?.connectionString ?? env.DATABASE_URL
  return database === undefined ? Promise.resolve('idle') : withPostgres(database, ARCHIVE_DEADLINE_MS, run)
}
