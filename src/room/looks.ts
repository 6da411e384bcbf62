// Who looked at what: in the log, before it is seen.

import type { Viewer } from '../domain/access'
import type { Incident } from '../domain/incident'
import { actorOf } from './acts'
import type { Ledger } from './ledger'
import { shownBody } from './vehicles-near'

/** A look at the same incident by the same person is logged once in this time. */
const LOGGED_EVERY_MS = 10 * 60_000
const REMEMBERED = 5_000

export class Looks {
  private readonly lately = new Map<string, number>()

  constructor(private readonly ledger: Pick<Ledger, 'ports' | 'log' | 'transact' | 'turnings'>) {
    ledger.turnings.push(() => this.lately.clear())
  }

  /** At the file of an incident. Its owner looks at it all the time. */
  note(incident: Incident, viewer: Viewer): void {
    if (incident.owner?.uid === viewer.uid) return
    const key = `${viewer.uid}\n${incident.id}`
    const now = this.ledger.ports.now()
    if (now - (this.lately.get(key) ?? Number.NEGATIVE_INFINITY) < LOGGED_EVERY_MS) return
    if (this.lately.size > REMEMBERED) this.lately.clear()
    this.lately.set(key, now)
    this.log(incident.id, { by: viewer.uid, role: viewer.role }, viewer)
  }

  /** At these vehicles, for this incident: for when Postgres cannot be told. */
  noteShown(incidentId: string, subjects: readonly string[], viewer: Viewer): void {
    this.log(incidentId, shownBody(viewer, subjects), viewer)
  }

  private log(incident: string, body: Record<string, unknown>, viewer: Viewer): void {
    const { uid, alias, kind } = actorOf(viewer)
    this.ledger.transact(() => {
      this.ledger.log.append([{ type: 'looked', incident, body }], { uid, alias, kind })
    })
  }
}
