// What whoever has a live-location link sees of its incident.

import { type Incident, isQueued } from '../../domain/incident'
import { mayReachPresser } from '../../domain/phone-view'
import type { SharedState, SharedView } from '../../domain/share'
import { type OutwardParts, placeOf } from './books'
import type { KeptShare } from './kept-shares'

/** What was granted, as it is now, and nothing else. Of one that was merged: of the incident that lives on. */
export function sharedView(parts: OutwardParts, link: KeptShare, told: Incident): SharedView {
  const { books } = parts
  const incident = books.living(told.id) ?? told
  const { granted, recipient, expiresAt } = link
  const live = isQueued(incident)
  const place = granted.includes('position') && live ? placeOf(parts, incident) : null
  const vehicle = granted.includes('vehicle') ? incident.vehicle : null
  return {
    recipient,
    expiresAt,
    now: books.ports.now(),
    granted,
    position: place && {
      lat: place.lat,
      lng: place.lng,
      accuracyM: place.accuracyM,
      headingDeg: place.headingDeg,
      speedMps: place.speedMps,
      fixedAt: place.fixedAt === null ? null : Date.parse(place.fixedAt),
    },
    vehicle: vehicle && {
      plate: vehicle.plate ?? vehicle.conduction,
      colour: vehicle.colour,
      make: vehicle.make,
      model: vehicle.model,
    },
    state: granted.includes('state') ? stateOf(incident) : null,
    doNotCall: live && mayReachPresser(incident, 'contacts') !== 'open',
  }
}

function stateOf(incident: Incident): SharedState {
  if (incident.state === 'safe') return 'safe'
  if (incident.helpOnTheWayAt !== null) return 'help_on_the_way'
  if (incident.state === 'help_asked') return 'help_asked'
  return incident.owner ? 'taken' : 'received'
}
