// What may leave a room as a page at all: the last gate, whoever made it. Silence towards the presser, drills, and 911.

import type { Incident } from '../domain/incident'
import { dialable } from '../domain/never-dialled'
import type { Page, PageReason } from '../domain/page'
import { mayReachPresser, type Outward } from '../domain/phone-view'

/** By which way a page reaches the presser's side; those of other reasons do not. */
const TO_PRESSER: Partial<Record<PageReason, Outward>> = {
  driver: 'push',
  queue_question: 'push',
  area: 'area',
}
/** To people outside the tower: a drill tells none of them. */
const OUTSIDE: readonly PageReason[] = ['kin', 'share', 'agency']
/** Made under a policy that let them speak openly: when it turns quiet, their words are wrong, too. */
const SPEAKS_OPENLY: readonly PageReason[] = ['kin', 'share']

/** True for pages that must not arrive once their incident has turned quiet. */
export const nearPresser = (reason: PageReason): boolean =>
  TO_PRESSER[reason] !== undefined || SPEAKS_OPENLY.includes(reason)

/** The ways by which this page may go; null where it may by none. */
export function ladderThatMay(page: Page, incidentOf: (id: string) => Incident | null): Page['ladder'] | null {
  const way = TO_PRESSER[page.reason]
  const outside = way !== undefined || OUTSIDE.includes(page.reason)
  const incident = outside && page.incidentId ? incidentOf(page.incidentId) : null
  if (incident?.flags.includes('drill')) return null
  if (way && incident && mayReachPresser(incident, way) !== 'open') return null
  // Nothing dials 911, whatever somebody has written into a directory.
  const ladder = dialable(page)
  return ladder.length === 0 && page.ladder.length > 0 ? null : ladder
}
