// Broadcasts to an area on disk, with everybody whom they concern: what each was told, and what they said.

import type { Viewer } from '../domain/access'
import type { AreaCounts, AreaDraft, AreaState, RollCall, RollStanding, Told } from '../domain/area'
import type { RollAnswer } from '../domain/phone-said'
import type { RegionId } from '../domain/region'
import type { SqlValue, Storage } from '../durable/storage'

export const AREA_TABLES = `
CREATE TABLE area (id TEXT PRIMARY KEY, state TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, people TEXT NOT NULL);
CREATE INDEX area_state ON area (state, at);
CREATE TABLE area_person (
  page TEXT PRIMARY KEY,
  area TEXT NOT NULL,
  n INTEGER NOT NULL,
  way TEXT,
  failed INTEGER NOT NULL DEFAULT 0,
  told_at INTEGER,
  answer TEXT,
  answered_at INTEGER,
  incident TEXT,
  recall INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL
);
CREATE INDEX area_person_of ON area_person (area, n);
CREATE INDEX area_person_recall ON area_person (area, n) WHERE recall = 1`

/** One whom it concerns, and where their devices were when they were counted. */
export type Concerned = Told & { at: { lat: number; lng: number; accuracyM: number | null; fixedAt: number | null } }

/** Of a broadcast, people of another home. `due`: what that home's room has still to be told. */
export type GuestPart = { region: RegionId; counts: AreaCounts; due: 'send' | 'cancel' | null }

/**
 * `counts`: of our own people. `told`: how many of them have had their turn. `guests`: people of other homes, `missing`: homes
 * that did not say. `from`: it is another region's desk that sends it. Times are epoch ms.
 */
export type Area = AreaDraft & {
  id: string
  region: RegionId
  state: AreaState
  ref: string
  counts: AreaCounts
  sender: Viewer
  previewedAt: number
  sentAt: number
  endedAt: number | null
  endedBy: string | null
  told: number
  guests?: GuestPart[]
  missing?: RegionId[]
  from?: RegionId
}

/** `quiet`: has a turn and is told nothing. Null: no way leads there. */
export type Way = 'lifeline' | 'text' | 'quiet' | null

export type Person = {
  page: string
  area: string
  way: Way
  failed: boolean
  toldAt: number | null
  answer: RollAnswer | null
  answeredAt: number | null
  incident: string | null
  who: Concerned
}

type Row = {
  page: string
  area: string
  way: string | null
  failed: number
  told_at: number | null
  answer: string | null
  answered_at: number | null
  incident: string | null
  body: string
}

const COLUMNS = 'page, area, way, failed, told_at, answer, answered_at, incident, body'
const OWN = "body ->> '$.from' IS NULL"
/** Those that hold, or are taken back, of which another home's room has something to hear. */
const DUE = `WHERE state IN ('sending', 'open', 'cancelled') AND EXISTS (
  SELECT 1 FROM json_each(body, '$.guests') AS part WHERE part.value ->> '$.due' IS NOT NULL)`
/** Graver first. */
const STANDING = `CASE WHEN answer IS NOT NULL THEN answer WHEN way = 'quiet' THEN 'quiet'
  WHEN way IS NULL OR failed = 1 THEN 'unreached' ELSE 'silent' END`

export class KeptAreas {
  /** When the newest was counted or sent, at least; null until somebody asks. */
  private newest: number | null = null

  constructor(private readonly storage: Storage) {}

  find(id: string): Area | null {
    return this.areas('WHERE id = ?', id)[0] ?? null
  }

  /** Those that this region's desk sent, newest first. */
  sent(limit: number): Area[] {
    return this.areas(`WHERE state <> 'previewed' AND ${OWN} ORDER BY at DESC LIMIT ?`, limit)
  }

  /** Of one of these states, oldest first. */
  inState(...states: AreaState[]): Area[] {
    return this.areas('WHERE state IN (SELECT value FROM json_each(?)) ORDER BY at', JSON.stringify(states))
  }

  /** Those whose texts may still be on their way. */
  pagingSince(at: number): string[] {
    // Every press asks, and a region may not have alerted anybody for months.
    this.newest ??= this.storage.sql.exec<{ at: number }>('SELECT coalesce(max(at), 0) AS at FROM area').one().at
    if (this.newest <= at) return []
    return this.storage.sql
      .exec<{ id: string }>("SELECT id FROM area WHERE state IN ('sending', 'open', 'cancelled') AND at > ?", at)
      .toArray()
      .map(({ id }) => id)
  }

  sentSince(at: number): number {
    return this.storage.sql
      .exec<{ n: number }>(`SELECT count(*) AS n FROM area WHERE state <> 'previewed' AND at >= ? AND ${OWN}`, at)
      .one().n
  }

  /** A new one with its people, or one that has changed, whose people stay. */
  save(area: Area, people?: readonly Concerned[]): void {
    const at = area.state === 'previewed' ? area.previewedAt : area.sentAt
    this.newest = null
    if (people)
      this.storage.sql.exec(
        'INSERT INTO area (id, state, at, body, people) VALUES (?, ?, ?, ?, ?)',
        area.id,
        area.state,
        at,
        JSON.stringify(area),
        JSON.stringify(people),
      )
    else
      this.storage.sql.exec(
        'UPDATE area SET state = ?, at = ?, body = ? WHERE id = ?',
        area.state,
        at,
        JSON.stringify(area),
        area.id,
      )
  }

  /** All of its people, in the order in which they have their turn. */
  people(id: string): Concerned[] {
    const [row] = this.storage.sql.exec<{ people: string }>('SELECT people FROM area WHERE id = ?', id).toArray()
    return row ? (JSON.parse(row.people) as Concerned[]) : []
  }

  /** Had their turn. One that is known stays as it is. */
  told(id: string, n: number, page: string, who: Concerned, way: Way, at: number): void {
    this.storage.sql.exec(
      `INSERT INTO area_person (page, area, n, way, told_at, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (page) DO NOTHING`,
      page,
      id,
      n,
      way,
      way === 'lifeline' || way === 'text' ? at : null,
      JSON.stringify(who),
    )
  }

  person(page: string): Person | null {
    return this.rows('WHERE page = ?', page)[0] ?? null
  }

  /** Everybody who has had their turn but the quiet, who need help first. */
  everybody(id: string): (Person & { standing: RollStanding })[] {
    const order = "CASE standing WHEN 'need_help' THEN 0 WHEN 'silent' THEN 1 WHEN 'unreached' THEN 2 ELSE 3 END"
    return this.storage.sql
      .exec<Row & { standing: string }>(
        `SELECT ${COLUMNS}, ${STANDING} AS standing FROM area_person WHERE area = ? AND standing <> 'quiet' ORDER BY ${order}, n`,
        id,
      )
      .toArray()
      .map((row) => ({ ...personOf(row), standing: row.standing as RollStanding }))
  }

  answered(page: string, answer: RollAnswer, at: number, incident: string | null): void {
    this.storage.sql.exec(
      'UPDATE area_person SET answer = ?, answered_at = ?, incident = coalesce(?, incident) WHERE page = ?',
      answer,
      at,
      incident,
      page,
    )
  }

  failed(page: string): void {
    this.storage.sql.exec('UPDATE area_person SET failed = 1 WHERE page = ?', page)
  }

  rollOf({ id, state, counts }: Area): RollCall {
    const roll: RollCall = { need_help: 0, safe: 0, silent: 0, waiting: 0, unreached: 0, quiet: 0 }
    const rows = this.storage.sql.exec<{ standing: string; n: number }>(
      `SELECT ${STANDING} AS standing, count(*) AS n FROM area_person WHERE area = ? GROUP BY 1`,
      id,
    )
    let left = counts.people
    for (const { standing, n } of rows.toArray()) {
      roll[standing as keyof RollCall] += n
      left -= n
    }
    // Whoever had no turn before it ended was told nothing.
    roll[state === 'sending' ? 'waiting' : 'unreached'] += Math.max(0, left)
    return roll
  }

  /** They were told, and shall hear that it is not so. */
  recall(id: string): void {
    this.storage.sql.exec("UPDATE area_person SET recall = 1 WHERE area = ? AND way IN ('lifeline', 'text')", id)
  }

  recallOne(page: string): void {
    this.storage.sql.exec('UPDATE area_person SET recall = 1 WHERE page = ? AND recall = 0', page)
  }

  /** Some of those who shall hear it. */
  recalled(id: string, limit: number): Person[] {
    return this.rows('WHERE area = ? AND recall = 1 ORDER BY n LIMIT ?', id, limit)
  }

  /** `heard`: they have heard it. Else they never heard of the rest, as far as anybody knows. */
  recallDone(page: string, heard: boolean): void {
    this.storage.sql.exec('UPDATE area_person SET recall = ? WHERE page = ?', heard ? 2 : 0, page)
  }

  textPages(id: string): string[] {
    return this.storage.sql
      .exec<{ page: string }>("SELECT page FROM area_person WHERE area = ? AND way = 'text'", id)
      .toArray()
      .map(({ page }) => page)
  }

  /** Areas that have somebody to be told that it is not so. */
  recalling(): string[] {
    return this.storage.sql
      .exec<{ area: string }>('SELECT DISTINCT area FROM area_person WHERE recall = 1')
      .toArray()
      .map(({ area }) => area)
  }

  /** Previews that nobody may confirm any more, and what was over before. */
  forget(previewedBefore: number, endedBefore: number): void {
    const { sql } = this.storage
    const over = "state IN ('expired', 'cancelled') AND at < ?"
    sql.exec("DELETE FROM area WHERE state = 'previewed' AND at < ?", previewedBefore)
    sql.exec(`DELETE FROM area_person WHERE area IN (SELECT id FROM area WHERE ${over})`, endedBefore)
    sql.exec(`DELETE FROM area WHERE ${over}`, endedBefore)
  }

  withDueGuests(): Area[] {
    return this.areas(DUE)
  }

  private areas(where: string, ...bindings: SqlValue[]): Area[] {
    return this.storage.sql
      .exec<{ body: string }>(`SELECT body FROM area ${where}`, ...bindings)
      .toArray()
      .map(({ body }) => JSON.parse(body) as Area)
  }

  private rows(where: string, ...bindings: SqlValue[]): Person[] {
    return this.storage.sql
      .exec<Row>(`SELECT ${COLUMNS} FROM area_person ${where}`, ...bindings)
      .toArray()
      .map(personOf)
  }
}

const personOf = (row: Row): Person => ({
  page: row.page,
  area: row.area,
  way: row.way as Way,
  failed: row.failed === 1,
  toldAt: row.told_at,
  answer: row.answer as RollAnswer | null,
  answeredAt: row.answered_at,
  incident: row.incident,
  who: JSON.parse(row.body) as Concerned,
})
