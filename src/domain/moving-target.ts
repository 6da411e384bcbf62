// What becomes of an incident when its phone and its vehicle part, when its phone falls silent or is heard again, and when
// it drives into another region. All of it raises; nothing here calms.

import { type Incident, isQueued, OPEN_STATES } from './incident'
import { accept, type Outcome, ring, unchanged, withFlag } from './outcome'
import type { RegionId } from './region'

export const SILENCE = {
  /** So long without a word after a press is news. */
  afterMs: 40_000,
  /** Whoever was heard within this time before the press was reporting. */
  reportingWithinMs: 120_000,
} as const

/** So many fixes in a row in another region, and it is there: borders are crossed to and fro. */
export const CROSSED_AFTER_FIXES = 2

/** Flagged once; its owner hears of it, or everybody where it has none. */
export function parted(
  incident: Incident,
  seen: { apartM: number; forMs: number; devices: readonly string[] },
  now: number,
): Outcome {
  if (!isOpen(incident) || incident.flags.includes('separated')) return unchanged(incident)
  return accept(
    { ...raised(incident, 'separated', now), flags: withFlag(incident, 'separated') },
    {
      type: 'separated',
      body: { apartM: Math.round(seen.apartM), forS: Math.round(seen.forMs / 1000), devices: [...seen.devices] },
    },
  )
}

/** `lastHeardAt` in epoch ms. Nothing where it is known already, or the incident is over. */
export function fellSilent(incident: Incident, lastHeardAt: number, now: number): Outcome {
  if (!isOpen(incident) || incident.silentSince != null) return unchanged(incident)
  return accept(
    { ...raised(incident, 'phone_silent', now), flags: withFlag(incident, 'phone_silent'), silentSince: lastHeardAt },
    { type: 'phone_silent', body: { silentS: Math.round((now - lastHeardAt) / 1000), lastHeardAt } },
  )
}

/** Noted, and no more: that a phone is back says nothing of whose hand it is in. The flag stays. */
export function heardAgain(incident: Incident, now: number): Outcome {
  if (incident.silentSince == null) return unchanged(incident)
  return accept(
    { ...incident, silentSince: null, changedAt: now },
    { type: 'heard_again', body: { silentS: Math.round((now - incident.silentSince) / 1000) } },
  )
}

/** Its vehicle is in `region` now. Whom nobody has taken goes to that desk; a taken one stays with its owner and is seen in both. */
export function crossed(incident: Incident, region: RegionId, now: number): Outcome {
  if (!isQueued(incident)) return unchanged(incident)
  const { desk, alsoIn = [] } = incident
  const home = region === desk
  if (home && alsoIn.length === 0) return unchanged(incident)
  if (!incident.owner && !home) {
    return accept(
      { ...incident, desk: region, alsoIn: [], changedAt: now },
      { type: 'desk_moved', body: { from: desk, to: region } },
    )
  }
  if (!home && alsoIn.length === 1 && alsoIn[0] === region) return unchanged(incident)
  return accept(
    { ...incident, alsoIn: home ? [] : [region], changedAt: now },
    { type: 'crossed_over', body: { from: alsoIn[0] ?? desk, to: region } },
  )
}

const isOpen = ({ state }: Incident): boolean => OPEN_STATES.includes(state)

const raised = (incident: Incident, why: 'separated' | 'phone_silent', now: number): Incident => ({
  ...incident,
  ring: ring(incident, incident.owner ? 'owner' : 'all', why, now),
  changedAt: now,
})
