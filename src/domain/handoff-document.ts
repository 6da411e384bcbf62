// What our machine tells an agency's machine, as JSON: `handoff.initial` with all that is known, `handoff.trace` with where it is,
// `handoff.update` and `handoff.cancel`. It holds the same as CAP 1.2 and PIDF-LO for centres that read those.

import { type CapReference, capAlert, capIdentifier, capIncident } from './cap'
import type { HandOff } from './handoff'
import type { Incident, ShownPosition } from './incident'
import { pidfLo } from './pidf-lo'

export type HandOffMessage = 'initial' | 'trace' | 'update' | 'cancel'

/**
 * Where its machine says what its unit does, under which secret (Standard Webhooks, `whsec_…`) it signs that, and as whom
 * our documents are sent.
 */
export type Callback = { url: string; secret: string; sender: string }

/** What an agency needs it for is over then; what it must keep by its own rules is its own. */
const KEEP_MS = 180 * 86_400_000

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

/** `cap`: what later messages refer to; null where it holds no such document. */
export type HandOffMade = { document: Record<string, unknown>; cap: CapReference | null }

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
  const pidf = placeDocument(telling)
  if (message === 'trace') return { document: { ...head, location, pidfLo: pidf }, cap: null }
  const { driver, vehicle, priority, kind, code, pressedAt, receivedAt } = incident
  const { cap, xml } = alertDocument(telling)
  return {
    cap,
    document: {
      ...head,
      incident: { code, priority, kind, pressedAt: iso(pressedAt ?? receivedAt) },
      doNotCallDriver: isQuiet(incident),
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
      ...(message === 'cancel' ? {} : { callback: { url: callback.url, secret: callback.secret } }),
      cap: xml,
      pidfLo: pidf,
    },
  }
}

const TYPES = { initial: 'Alert', update: 'Update', cancel: 'Cancel' } as const

function alertDocument(telling: HandOffTelling): { cap: CapReference; xml: string } {
  const { message, handOff, n, incident, place, placeInWords, towerPhone, callback, note, now } = telling
  // One incident may be handed to several: each counts its own messages.
  const identifier = capIdentifier(`${capIncident(incident)}.${handOff.agency.id}`, n)
  const xml = capAlert({
    identifier,
    sender: callback.sender,
    sentAt: now,
    msgType: TYPES[message === 'trace' ? 'update' : message],
    references: handOff.caps,
    addresses: [handOff.agency.id],
    incident: capIncident(incident),
    drill: false,
    reason: note,
    code: incident.code,
    region: incident.region,
    priority: incident.priority,
    kind: incident.kind,
    contactPolicy: isQuiet(incident) ? 'quiet' : 'voice_ok',
    certainty: incident.state === 'false_alarm' ? 'unfounded' : incident.flags.includes('check') ? 'hinted' : 'pressed',
    vehicle: incident.vehicle,
    place: placeInWords,
    position: place && { ...place, fixedAt: timeOf(place) },
    pressedAt: incident.pressedAt,
    towerPhone,
    liveLocation: null,
  })
  return { cap: { identifier, sentAt: now }, xml }
}

function placeDocument({ incident, place, now }: HandOffTelling): string | null {
  if (!place) return null
  const { lat, lng, accuracyM } = place
  const at = timeOf(place) ?? now
  return pidfLo({ entity: capIncident(incident), lat, lng, accuracyM, at, keepUntil: now + KEEP_MS, method: 'GPS' })
}

const timeOf = ({ fixedAt }: ShownPosition): number | null => (fixedAt === null ? null : Date.parse(fixedAt))
const isQuiet = ({ contactPolicy, duress }: Incident): boolean => contactPolicy === 'quiet' || duress
const iso = (at: number): string => new Date(at).toISOString()
