// The hand-offs of a room on disk: found by id and by incident. Most incidents have none, and are not looked up for it.

import type { HandOff } from '../../domain/handoff'
import type { Storage } from '../../durable/storage'

export class KeptHandOffs {
  /** Incidents that may have one; may name one too many, and never one too few. */
  private readonly known: Set<string>

  constructor(private readonly storage: Storage) {
    const rows = storage.sql.exec<{ incident: string }>('SELECT DISTINCT incident FROM handoff WHERE open = 1')
    this.known = new Set(rows.toArray().map(({ incident }) => incident))
  }

  get(id: string): HandOff | null {
    return this.rows('WHERE id = ?', id)[0] ?? null
  }

  ofIncident(incidentId: string): HandOff[] {
    return this.rows('WHERE incident = ? ORDER BY id', incidentId).sort((a, b) => a.at - b.at)
  }

  /** Those to which something is still told. */
  openOf(incidentId: string): HandOff[] {
    return this.known.has(incidentId) ? this.rows('WHERE incident = ? AND open = 1', incidentId) : []
  }

  /** All of them, of all incidents. */
  open(): HandOff[] {
    return this.rows('WHERE open = 1')
  }

  save(handOff: HandOff): void {
    if (handOff.open) this.known.add(handOff.incidentId)
    this.storage.sql.exec(
      `INSERT INTO handoff (id, incident, open, body) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET incident = excluded.incident, open = excluded.open, body = excluded.body`,
      handOff.id,
      handOff.incidentId,
      handOff.open ? 1 : 0,
      JSON.stringify(handOff),
    )
  }

  /** They go with their incidents. */
  forget(): void {
    this.storage.sql.exec('DELETE FROM handoff WHERE open = 0 AND incident NOT IN (SELECT id FROM incident)')
  }

  private rows(where: string, ...bindings: string[]): HandOff[] {
    return this.storage.sql
      .exec<{ body: string }>(`SELECT body FROM handoff ${where}`, ...bindings)
      .toArray()
      .map(({ body }) => JSON.parse(body) as HandOff)
  }
}
