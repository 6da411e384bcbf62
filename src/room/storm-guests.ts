// NEXT, where the card is another room's: that room alone knows who looks at it at all its desks, so it is asked first.

import type { Viewer } from '../domain/access'
import { type RegionId, regionOfIncident } from '../domain/region'
import type { LeaseAnswer, NextAnswer } from './storm-contract'
import type { Leases } from './storm-next'

/** How a room reaches those whose cards it shows. */
export type Homes = {
  /** Rejects where that room cannot be asked, or not in time. */
  lease(home: RegionId, incidentId: string, viewer: Viewer): Promise<LeaseAnswer>
  /** Not waited for. */
  unlease(home: RegionId, incidentId: string, viewer: Viewer): void
}

/** Each was given away meanwhile, elsewhere: then nobody is said to wait, and one more press of the key asks again. */
const MOST_TRIES = 8
/** One that its own room no longer has to give is over, or taken: its card says so in a moment. */
const GONE_FOR_MS = 5_000

/** As `Leases.next`. A room that cannot be asked holds nobody up: its card is then this desk's to show. */
export async function nextAsking(
  leases: Leases,
  { region, now, homes }: { region: RegionId; now(): number; homes: Homes },
  viewer: Viewer,
): Promise<NextAnswer> {
  const homeOf = (id: string): RegionId | null => {
    const home = regionOfIncident(id)
    return home === null || home === region ? null : home
  }
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { answer, gaveBack } = leases.pick(viewer)
    const before = gaveBack && homeOf(gaveBack)
    if (gaveBack && before) homes.unlease(before, gaveBack, viewer)
    const home = answer.ok && answer.incident ? homeOf(answer.incident.id) : null
    if (!answer.ok || !answer.incident || home === null) return answer
    const { id } = answer.incident
    const said = await homes.lease(home, id, viewer).catch(() => null)
    if (said === null) leases.noteGuest(id, viewer, answer.until ?? now())
    if (said === null || said.is === 'leased') return answer
    leases.skip(id, said.is === 'anothers' ? said : { uid: '', until: now() + GONE_FOR_MS })
  }
  return { ok: true, incident: null, until: null }
}
