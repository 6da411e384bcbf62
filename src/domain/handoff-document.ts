// What our machine tells an agency's machine, as JSON: `handoff.initial` with all that is known, `handoff.trace` with where it is,
// `handoff.update` and `handoff.cancel`. It holds the same as CAP 1.2 and PIDF-LO for centres that read those.

import type { HandOff } from './handoff'
import type { Incident, ShownPosition } from './incident'

export type HandOffMessage = 'initial' | 'trace' | 'update' | 'cancel'

/** Where its machine says what its unit does, and under which secret (Standard Webhooks, `whsec_…`) it signs that. */
export type Callback = { url: string; secret: string }

export type HandOffTelling = {
  message: HandOffMessage
  handOff: HandOff
  /** Counts the messages of this hand-off, from 1: a lower one that comes late is older. */
  n: number
  incident: Incident
  place: ShownPosition | null
  placeInWords: string | null
  towerPhone: string | null
  callback: Callback
  /** Why it is called off. */
  note: string | null
  now: number
}

/** `cap`: what a later message refers to; null where it holds none. */
export type HandOffMade = { document: Record<string, unknown>; cap: HandOff['last'] }

export function handOffDocument(telling: HandOffTelling): HandOffMade {
  const { message, handOff, n, incident, place, placeInWords, towerPhone, callback, note, now } = telling
  const head = { type: `handoff.${message}`, version: 1, id: handOff.id, n, at: iso(now), drill: false }
  const location = place && {
    lat: place.lat,
    lng: place.lng,
    accuracyM: place.accuracyM,
    headingDeg: place.headingDeg,
    speedMps: place.speedMps,
    fixedAt: place.fixedAt,
    inWords: placeInWords,
  }
  const cap = message === 'trace' ? null : { identifier: `XOT-${handOff.id}.${n}`, sent: now }
  if (message === 'trace') return { document: { ...head, location }, cap }
  const { driver, vehicle, priority, kind, code, pressedAt, receivedAt, contactPolicy, duress } = incident
  return {
    cap,
    document: {
      ...head,
      incident: { code, priority, kind, pressedAt: iso(pressedAt ?? receivedAt) },
      doNotCallDriver: contactPolicy === 'quiet' || duress,
      driver: driver && { name: driver.name },
      vehicle: vehicle && {
        plate: vehicle.plate,
        conduction: vehicle.conduction,
        make: vehicle.make,
        model: vehicle.model,
        colour: vehicle.colour,
      },
      location,
      contact: { name: `Xpress Tower ${incident.region}`, phone: towerPhone },
      ...(note === null ? {} : { note }),
      ...(message === 'cancel' ? {} : { callback }),
    },
  }
}

const iso = (at: number): string => new Date(at).toISOString()
