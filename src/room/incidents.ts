// The incidents of a room on disk: found by id, by person, by owner; listed in the order of the queue.

import { type Incident, type IncidentSummary, isQueued, OPEN_STATES, summarize } from '../domain/incident'
import { rank } from '../domain/priority'
import type { Storage } from '../durable/storage'
import type { ListQuery } from './contract'
import { Hands } from './hands'
import { type Counts, Tally } from './tally'

type Row = { seq: number; body: string; shown_at: number | null }
type Known = { incident: Incident; seq: number }

/** About 3 kB each: a storm of ten thousand is looked at again and again, and to parse them each time would be most of the work. */
const RECENT_MAX = 10_000
/** So many of the oldest go at once. */
const FORGOTTEN_AT_ONCE = 500

const QUEUE_ORDER = 'ORDER BY rank, owner IS NOT NULL, alarmed_at, id'

// A receipt comes for every card within a second of it: it gets a row of its own, so that it does not cost the whole
// incident written once more.
const SELECT = 'SELECT seq, body, shown.at AS shown_at FROM incident LEFT JOIN shown ON shown.incident = incident.id'

export class Incidents {
  // What was written or read lately, as it is on disk. Nobody changes an incident in place, so sharing it is safe.
  private readonly recent = new Map<string, Known>()
  /** Incidents that a press may still join, by person: asked at every press, so it is not asked of the disk. */
  private readonly living = new Map<string, Set<string>>()
  private readonly livingByDevice = new Map<string, Set<string>>()
  private readonly tally = new Tally()
  private readonly hands = new Hands()

  constructor(private readonly storage: Storage) {
    this.load()
  }

  find(id: string): Incident | null {
    return this.known(id)?.incident ?? null
  }

  summary(id: string): IncidentSummary | null {
    const known = this.known(id)
    return known && summarize(known.incident, known.seq)
  }

  /** The incident that a press of this person may belong to: the youngest that is open or safe. */
  ofPerson(person: string): Incident | null {
    let youngest: Incident | null = null
    for (const id of this.living.get(person) ?? []) {
      const incident = this.find(id)
      if (incident && (!youngest || incident.alarmedAt > youngest.alarmedAt)) youngest = incident
    }
    return youngest
  }

  /** All that are open or safe. */
  allLiving(): Incident[] {
    return [...this.living.values()].flatMap((ids) => [...ids].flatMap((id) => this.find(id) ?? []))
  }

  ownedBy(uid: string): Incident[] {
    return this.rows(`${SELECT} WHERE owner = ? AND queued = 1`, uid).map(parse)
  }

  /** Who has something of the queue in hand. */
  owners(): string[] {
    return this.storage.sql
      .exec<{ owner: string }>('SELECT DISTINCT owner FROM incident WHERE queued = 1 AND owner IS NOT NULL')
      .toArray()
      .map(({ owner }) => owner)
  }

  /** Devices with an incident that is not over. */
  liveDevices(): string[] {
    return [...this.livingByDevice.keys()]
  }

  get liveDeviceCount(): number {
    return this.livingByDevice.size
  }

  /** Open or safe ones that this device pressed: from memory, for every position of it asks. */
  livingOfDevice(deviceId: string): Incident[] {
    return [...(this.livingByDevice.get(deviceId) ?? [])].flatMap((id) => this.find(id) ?? [])
  }

  /** Incidents whose cards show this device, driver or vehicle. */
  liveOfDevice(deviceId: string): Incident[] {
    return this.rows(`${SELECT} WHERE live = 1 AND device = ?`, deviceId).map(parse)
  }

  /** In the queue, and taken, worked on or shown to one person at a time that is still to come: the clock was set back. */
  ofTheFuture(now: number): Incident[] {
    return this.rows(
      `${SELECT} WHERE queued = 1 AND max(coalesce(body ->> '$.owner.at', 0), coalesce(body ->> '$.lastActAt', 0), coalesce(body ->> '$.leased.until', 0)) > ?`,
      now,
    ).map(parse)
  }

  holdsP1(uid: string): boolean {
    return this.hands.holdsP1(uid)
  }

  save(incident: Incident, seq: number): void {
    const live = OPEN_STATES.includes(incident.state) || incident.state === 'safe'
    const before = this.recent.get(incident.id)?.incident
    if (before && (before.person !== incident.person || before.deviceId !== incident.deviceId))
      this.setLiving(before, false)
    this.remember({ incident, seq })
    this.setLiving(incident, live)
    this.tally.note(incident)
    this.hands.note(incident)
    this.storage.sql.exec(
      `INSERT INTO incident (id, seq, person, device, owner, live, queued, state, rank, alarmed_at, closed_at, words, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, person = excluded.person, device = excluded.device, owner = excluded.owner, live = excluded.live,
         queued = excluded.queued, state = excluded.state, rank = excluded.rank, alarmed_at = excluded.alarmed_at, closed_at = excluded.closed_at,
         words = excluded.words, body = excluded.body`,
      incident.id,
      seq,
      incident.person,
      incident.deviceId,
      incident.owner?.uid ?? null,
      live ? 1 : 0,
      isQueued(incident) ? 1 : 0,
      incident.state,
      rank(incident.priority),
      incident.alarmedAt,
      incident.closedAt,
      wordsOf(incident),
      JSON.stringify(incident),
    )
  }

  /** First receipts. No card shows them, so the rows keep their seq and no screen is behind. */
  shown(ids: readonly string[], at: number): void {
    for (const id of ids) {
      const known = this.known(id)
      if (known) this.remember({ incident: { ...known.incident, shownAt: at }, seq: known.seq })
    }
    this.storage.sql.exec(
      'INSERT OR IGNORE INTO shown (incident, at) SELECT value, ? FROM json_each(?)',
      at,
      JSON.stringify(ids),
    )
  }

  list({ status, q, limit }: ListQuery): IncidentSummary[] {
    const where =
      status === 'all'
        ? '1'
        : status === 'queue'
          ? 'queued = 1'
          : status === 'open'
            ? "state IN ('new', 'taken', 'help_asked')"
            : 'state = ?'
    const bindings: (string | number)[] = where.endsWith('?') ? [status] : []
    const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8)
    const filters = words.map(() => ' AND instr(words, ?) > 0').join('')
    return this.rows(`${SELECT} WHERE ${where}${filters} ${QUEUE_ORDER} LIMIT ?`, ...bindings, ...words, limit).map(
      summaryOf,
    )
  }

  queue(limit: number): IncidentSummary[] {
    return this.rows(`${SELECT} WHERE queued = 1 ${QUEUE_ORDER} LIMIT ?`, limit).map(summaryOf)
  }

  since(seq: number, limit: number): IncidentSummary[] {
    return this.rows(`${SELECT} WHERE seq > ? ORDER BY seq LIMIT ?`, seq, limit).map(summaryOf)
  }

  counts(): Counts {
    return this.tally.counts
  }

  /** Ended incidents, closed before `before`, whose every event Postgres has. */
  forgettable(before: number, archivedSeq: number, limit: number): string[] {
    return this.storage.sql
      .exec<{ id: string }>(
        `SELECT id FROM incident WHERE live = 0 AND queued = 0 AND coalesce(closed_at, alarmed_at) < ?
           AND NOT EXISTS (SELECT 1 FROM event WHERE event.incident = incident.id AND (event.seq > ? OR event.seq IN (SELECT seq FROM parked))) LIMIT ?`,
        before,
        archivedSeq,
        limit,
      )
      .toArray()
      .map(({ id }) => id)
  }

  forget(id: string): void {
    this.recent.delete(id)
    this.storage.sql.exec('DELETE FROM incident WHERE id = ?', id)
    this.storage.sql.exec('DELETE FROM press_copy WHERE sos_id IN (SELECT sos_id FROM press WHERE incident = ?)', id)
    this.storage.sql.exec('DELETE FROM press WHERE incident = ?', id)
    this.storage.sql.exec('DELETE FROM event WHERE incident = ?', id)
    this.storage.sql.exec('DELETE FROM shown WHERE incident = ?', id)
    this.storage.sql.exec('DELETE FROM mirror_out WHERE incident = ?', id)
  }

  /** After a transaction that failed: memory may be ahead of the disk. */
  reload(): void {
    this.recent.clear()
    this.living.clear()
    this.livingByDevice.clear()
    this.tally.clear()
    this.hands.clear()
    this.load()
  }

  private known(id: string): Known | null {
    const recent = this.recent.get(id)
    if (recent) return recent
    const [row] = this.rows(`${SELECT} WHERE id = ?`, id)
    return row ? this.remember({ incident: parse(row), seq: row.seq }) : null
  }

  private remember(known: Known): Known {
    if (this.recent.size >= RECENT_MAX)
      for (const id of [...this.recent.keys()].slice(0, FORGOTTEN_AT_ONCE)) this.recent.delete(id)
    this.recent.set(known.incident.id, known)
    return known
  }

  private load(): void {
    const rows = this.storage.sql.exec<{ id: string; person: string; device: string | null }>(
      'SELECT id, person, device FROM incident WHERE live = 1',
    )
    for (const { id, person, device } of rows.toArray()) {
      put(this.living, person, id)
      if (device !== null) put(this.livingByDevice, device, id)
    }
    const queued = this.storage.sql.exec<{ id: string; state: string; owner: string | null }>(
      "SELECT id, state, owner FROM incident WHERE queued = 1 AND person NOT LIKE 'drill:%'",
    )
    for (const row of queued.toArray()) this.tally.load(row)
    const inHand = this.storage.sql.exec<{ id: string; owner: string }>(
      'SELECT id, owner FROM incident WHERE queued = 1 AND rank = 1 AND owner IS NOT NULL',
    )
    for (const { id, owner } of inHand.toArray()) this.hands.put(id, owner)
  }

  private setLiving({ id, person, deviceId }: Incident, live: boolean): void {
    const change = live ? put : drop
    change(this.living, person, id)
    if (deviceId !== null) change(this.livingByDevice, deviceId, id)
  }

  private rows(query: string, ...bindings: (string | number)[]): Row[] {
    return this.storage.sql.exec<Row>(query, ...bindings).toArray()
  }
}

function put(sets: Map<string, Set<string>>, key: string, id: string): void {
  const ids = sets.get(key)
  if (ids) ids.add(id)
  else sets.set(key, new Set([id]))
}

function drop(sets: Map<string, Set<string>>, key: string, id: string): void {
  const ids = sets.get(key)
  ids?.delete(id)
  if (ids?.size === 0) sets.delete(key)
}

const parse = (row: Row): Incident => {
  const incident = JSON.parse(row.body) as Incident
  return row.shown_at === null || incident.shownAt !== null ? incident : { ...incident, shownAt: row.shown_at }
}
const summaryOf = (row: Row): IncidentSummary => summarize(parse(row), row.seq)

// What people search for: code, plate with and without its space, sticker, name, phone, device.
function wordsOf({ code, driver, vehicle, deviceId, note }: Incident): string {
  const plates = [vehicle?.plate, vehicle?.conduction].flatMap((plate) =>
    plate ? [plate, plate.replaceAll(/[\s-]/g, '')] : [],
  )
  return [code, ...plates, driver?.name, driver?.phone, deviceId, vehicle?.make, vehicle?.model, note]
    .filter(Boolean)
    .join(' ')
    .toLowerCase()
}
