// A page as data for other programs. Versioned: fields are only ever added. Times are ISO 8601, UTC.

import type { Page } from '../../domain/page'
import { isDrill, isQuiet, toldTogether } from './facts'

export type PageEvent = ReturnType<typeof pageEvent>

/** What is sent: the event, or to an agency's machine the document that its hand-off made, which has a form of its own. */
export function webhookBody(page: Page, joined: readonly Page[] = []): unknown {
  const { document } = page
  if (page.reason !== 'agency' || typeof document !== 'object' || document === null) return pageEvent(page, joined)
  return isDrill(page) ? { mark: 'DRILL', ...document } : document
}

/**
 * `mark` is the first field and says DRILL, where it is one, to programs that show raw text.
 */
export function pageEvent(page: Page, joined: readonly Page[] = []) {
  const { main, others } = toldTogether(page, joined)
  return {
    ...(isDrill(main) ? { mark: 'DRILL' as const } : {}),
    type: 'page' as const,
    version: 1 as const,
    timestamp: iso(main.decidedAt),
    data: {
      ...about(main),
      contact: { id: page.contact.id, name: page.contact.name, lang: page.contact.lang },
      until: main.until === null ? null : iso(main.until),
      with: others.map(about),
    },
  }
}

function about(page: Page) {
  const { facts } = page
  const personal = page.reason === 'escalation' || page.reason === 'room_away' || page.reason === 'agency'
  return {
    id: page.id,
    reason: page.reason,
    step: page.step,
    region: page.region,
    drill: isDrill(page),
    incident: page.incidentId === null ? null : { id: page.incidentId, code: facts.code },
    priority: facts.priority ?? page.priority,
    kind: facts.kind,
    /** Nothing may ring on the driver's side. */
    quiet: personal ? isQuiet(page) : null,
    plate: personal ? facts.plate : null,
    vehicle: personal ? facts.vehicle : null,
    place: personal ? facts.place : null,
    moving: personal ? facts.moving : null,
    silentS: facts.silentS,
    pressedAt: facts.pressedAt === null ? null : iso(facts.pressedAt),
    towerPhone: facts.towerPhone,
    counts: facts.counts,
    text: facts.text,
    ref: facts.ref,
  }
}

const iso = (at: number): string => new Date(at).toISOString()
