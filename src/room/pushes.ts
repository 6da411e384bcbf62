// Which presses belong to which incident, and what their phones were last told. A row in `push` says that the intake of a
// press has something newer to hear; what it hears is made from the incident as it is then.

import type { Incident } from '../domain/incident'
import { phoneViewOf } from '../domain/phone-view'
import type { Press } from '../domain/press'
import type { Storage } from '../durable/storage'
import type { CancelNote } from './contract'

export type PressRow = {
  sosId: string
  incident: string
  device: string
  intake: string
  receivedAt: number
  cancelled: boolean
}
type Stored = {
  sos_id: string
  incident: string
  device: string
  intake: string
  received_at: number
  cancelled: number
  view: string
}

const INSERT_PRESSES = `
  INSERT INTO press (sos_id, incident, device, intake, received_at, view)
  SELECT ${Array.from({ length: 6 }, (_, column) => `value ->> ${column}`).join(', ')} FROM json_each(?)`

export class Pushes {
  /** Presses of the transaction under way that are not on disk yet. */
  private fresh = new Map<string, PressRow & { view: string }>()
  /** Presses of the batch under way that were looked up together; null where there is none. */
  private lookedUp = new Map<string, PressRow | null>()

  constructor(private readonly storage: Storage) {}

  press(sosId: string): PressRow | null {
    const fresh = this.fresh.get(sosId)
    if (fresh) return fresh
    const known = this.lookedUp.get(sosId)
    if (known !== undefined) return known
    const [row] = this.storage.sql.exec<Stored>('SELECT * FROM press WHERE sos_id = ?', sosId).toArray()
    return row ? pressRow(row) : null
  }

  /** One question for a whole batch, answered until `close`. */
  lookUp(sosIds: readonly string[]): void {
    const rows = this.storage.sql.exec<Stored>(
      'SELECT * FROM press WHERE sos_id IN (SELECT value FROM json_each(?))',
      JSON.stringify(sosIds),
    )
    for (const sosId of sosIds) this.lookedUp.set(sosId, null)
    for (const row of rows.toArray()) this.lookedUp.set(row.sos_id, pressRow(row))
  }

  /** The reply of the batch tells the first view, so it is no news to push. */
  addPress(press: Press, incident: Incident, intake: string): void {
    const { sosId, deviceId: device, receivedAt } = press
    const view = viewText(incident, { receivedAt, cancelled: false })
    this.fresh.set(sosId, { sosId, incident: incident.id, device, intake, receivedAt, cancelled: false, view })
  }

  /** At the end of the transaction, and before anything that must see all presses on disk. */
  settle(): void {
    this.lookedUp.clear()
    if (this.fresh.size === 0) return
    const rows = [...this.fresh.values()].map((row) => [
      row.sosId,
      row.incident,
      row.device,
      row.intake,
      row.receivedAt,
      row.view,
    ])
    this.fresh.clear()
    this.storage.sql.exec(INSERT_PRESSES, JSON.stringify(rows))
  }

  /** After a transaction that failed. */
  reload(): void {
    this.fresh.clear()
    this.lookedUp.clear()
  }

  /** A retry that stepped to another shard: that one, too, is asked for its status. */
  alsoAt(press: PressRow, intake: string): void {
    if (press.intake === intake) return
    this.storage.sql.exec('INSERT OR IGNORE INTO press_copy (sos_id, intake) VALUES (?, ?)', press.sosId, intake)
  }

  /** Further presses that an intake only counted. Gives how many are new. */
  fold(sosId: string, count: number): number {
    this.settle()
    const [row] = this.storage.sql
      .exec<{ folded: number }>('SELECT folded FROM press WHERE sos_id = ?', sosId)
      .toArray()
    const fresh = row ? Math.max(0, count - row.folded) : 0
    if (fresh > 0) this.storage.sql.exec('UPDATE press SET folded = ? WHERE sos_id = ?', count, sosId)
    return fresh
  }

  movePress(sosId: string, incident: string): void {
    this.settle()
    this.storage.sql.exec('UPDATE press SET incident = ? WHERE sos_id = ?', incident, sosId)
  }

  /** False where this very cancel was taken before: intakes repeat what was not confirmed. */
  firstOf({ sosId, deviceId, verdict, at }: CancelNote): boolean {
    const key = [sosId, deviceId, verdict, at] as const
    const where = 'sos_id = ? AND device = ? AND verdict = ? AND at = ?'
    const known = this.storage.sql.exec(`SELECT 1 AS n FROM judged WHERE ${where}`, ...key).toArray().length > 0
    if (!known) this.storage.sql.exec('INSERT INTO judged (sos_id, device, verdict, at) VALUES (?, ?, ?, ?)', ...key)
    return !known
  }

  cancelPresses(incident: string, device: string, upTo: number): void {
    this.settle()
    this.storage.sql.exec(
      'UPDATE press SET cancelled = 1 WHERE incident = ? AND device = ? AND received_at <= ?',
      incident,
      device,
      upTo,
    )
    const rows = this.storage.sql.exec<Stored>(
      'SELECT * FROM press WHERE incident = ? AND device = ?',
      incident,
      device,
    )
    for (const row of rows.toArray()) this.push(row)
  }

  /** Marks the presses whose phones would now read something else. */
  incidentChanged(incident: Incident, before: Incident | null): void {
    // Most changes concern no phone; and an incident that is pressed for an hour has a thousand presses.
    if (before === null || tellsAlike(before, incident)) return
    this.settle()
    const rows = this.storage.sql.exec<Stored>('SELECT * FROM press WHERE incident = ?', incident.id).toArray()
    for (const row of rows) {
      const view = viewText(incident, pressRow(row))
      if (view === row.view) continue
      this.storage.sql.exec('UPDATE press SET view = ? WHERE sos_id = ?', view, row.sos_id)
      this.push(row)
    }
  }

  /** Their phones are told anew, though nothing of these incidents has changed: their place in line has. */
  again(incidents: readonly string[]): void {
    this.settle()
    for (const id of incidents)
      for (const row of this.storage.sql.exec<Stored>('SELECT * FROM press WHERE incident = ?', id).toArray())
        this.push(row)
  }

  /** The intakes that have something to hear, each with its presses. */
  waiting(limit: number): Map<string, string[]> {
    const rows = this.storage.sql
      .exec<{ sos_id: string; intake: string }>('SELECT sos_id, intake FROM push LIMIT ?', limit)
      .toArray()
    const byIntake = new Map<string, string[]>()
    for (const { sos_id, intake } of rows) byIntake.set(intake, [...(byIntake.get(intake) ?? []), sos_id])
    return byIntake
  }

  /** Told, unless it changed again meanwhile: then its view on disk is another one, and it stays. */
  told(intake: string, views: readonly { sosId: string; view: string }[]): void {
    this.storage.transactionSync(() => {
      for (const { sosId, view } of views) {
        this.storage.sql.exec(
          'DELETE FROM push WHERE sos_id = ? AND intake = ? AND (SELECT view FROM press WHERE press.sos_id = push.sos_id) = ?',
          sosId,
          intake,
          view,
        )
      }
    })
  }

  viewOf(sosId: string): string {
    const [row] = this.storage.sql.exec<{ view: string }>('SELECT view FROM press WHERE sos_id = ?', sosId).toArray()
    return row?.view ?? ''
  }

  private push({ sos_id, intake }: Stored): void {
    const add = 'INSERT OR IGNORE INTO push (sos_id, intake)'
    this.storage.sql.exec(`${add} VALUES (?, ?)`, sos_id, intake)
    this.storage.sql.exec(`${add} SELECT sos_id, intake FROM press_copy WHERE sos_id = ?`, sos_id)
  }
}

/** True where no phone of it could tell the two apart: what it reads depends on its press by two facts alone. */
const tellsAlike = (one: Incident, other: Incident): boolean =>
  [false, true].every(
    (cancelled) => viewText(one, { receivedAt: 0, cancelled }) === viewText(other, { receivedAt: 0, cancelled }),
  )

/** All that a phone is told of a press, as text to compare. */
const viewText = (incident: Incident, press: { receivedAt: number; cancelled: boolean }): string =>
  JSON.stringify([phoneViewOf(incident, press), incident.duress])

const pressRow = (row: Stored): PressRow => ({
  sosId: row.sos_id,
  incident: row.incident,
  device: row.device,
  intake: row.intake,
  receivedAt: row.received_at,
  cancelled: row.cancelled === 1,
})
