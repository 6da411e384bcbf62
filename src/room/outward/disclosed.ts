// What was told to whom: a line in the log and a record for Postgres, written with the decision. Names of fields, and their
// values as they were at that moment.

import type { Viewer } from '../../domain/access'
import type { Incident, ShownPosition } from '../../domain/incident'
import type { Line } from '../../domain/outcome'
import type { Disclosure } from '../../domain/outward-record'
import { factsOf } from '../../domain/page-facts'
import { pageIdOf } from '../../domain/page-id'
import type { OutwardParts } from './books'
import type { Records } from './records'

export type ToldTo = { recipient: Disclosure['recipient']; way: string; sent: Record<string, unknown> }

/** Inside the transaction. Gives the line for the log. */
export function disclose(
  { books }: Pick<OutwardParts, 'books'>,
  records: Records,
  incident: Incident,
  by: Pick<Viewer, 'uid' | 'name'>,
  { recipient, way, sent }: ToldTo,
): Line {
  const { region, now, newId } = books.ports
  // What was not known was not said.
  const said = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null && value !== undefined))
  const id = pageIdOf('disclosure', incident.id, newId())
  records.add({
    kind: 'disclosure',
    body: {
      id,
      region,
      incidentId: incident.id,
      at: now(),
      recipient,
      way,
      sent: said,
      by: { uid: by.uid, name: by.name },
    },
  })
  return {
    type: 'disclosed',
    body: { id, to: recipient.name, kind: recipient.kind, way, fields: Object.keys(said) },
  }
}

/** What the first ten seconds of a call to an agency say. Without the driver's name and number: nobody asks for them first. */
export function saidInCall(parts: OutwardParts, incident: Incident, place: ShownPosition | null): ToldTo['sent'] {
  const facts = factsOf(incident, parts.books.ports)
  const quiet = facts.contactPolicy === 'quiet'
  return {
    code: incident.code,
    nature: incident.kind,
    plate: facts.plate,
    vehicle: facts.vehicle,
    position: place && { lat: place.lat, lng: place.lng, fixedAt: place.fixedAt },
    heading: place?.headingDeg ?? null,
    doNotCall: quiet || null,
  }
}
