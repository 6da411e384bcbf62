// The pages of drills: what asks a driver to press, what says that the button works, and what rings people on duty and tries
// channels. DRILL is the first word of each, whatever way it takes.

import type { Drill, Trial } from '../domain/drill'
import { askInWords, worksInWords } from '../domain/drill-words'
import type { Page } from '../domain/page'
import { noFacts } from '../domain/page-facts'
import { pageIdOf } from '../domain/page-id'
import type { Subject } from './drills-plan'
import type { Ledger } from './ledger'

export const askPageId = (drillId: string, subject: string): string => pageIdOf('drill', drillId, subject)

/** After it, that the button works is no news. */
const NEWS_FOR_MS = 10 * 60_000

/** Inside a transaction. False where nothing may be sent. */
export function sendAsk(ledger: Ledger, drill: Drill, subject: Subject, provider: string | null): boolean {
  const { ports } = ledger
  const device = drill.kind === 'driver'
  const page: Page = {
    id: askPageId(drill.id, subject.subject),
    region: drill.region,
    incidentId: null,
    reason: 'drill',
    step: device ? 'device_ask' : drill.kind,
    contact: subject.to,
    ladder: subject.ladder,
    priority: 'P4',
    facts: noFacts(ports, {
      code: `${drill.region}-${drill.ref}`,
      ref: drill.ref,
      pressedAt: ports.now(),
      until: drill.until,
      text: device ? askInWords(subject.to.lang, drill.until) : null,
    }),
    decidedAt: ports.now(),
    until: drill.until,
    drill: true,
    ...(provider === null ? {} : { via: provider }),
  }
  const sent = ledger.pages.send(page)
  return sent === 'sent' || sent === 'known'
}

/** "Test: your button works, nobody was alarmed." By the same ways; one that arrived is enough. Inside a transaction. */
export function sendWorks(ledger: Ledger, drill: Drill, trial: Trial, { to, ladder }: Subject): void {
  const now = ledger.ports.now()
  ledger.pages.send({
    id: pageIdOf('drill', drill.id, trial.subject, 'works'),
    region: drill.region,
    incidentId: null,
    reason: 'driver',
    step: 'drill_passed',
    contact: to,
    ladder,
    priority: 'P4',
    facts: noFacts(ledger.ports, {
      code: `${drill.region}-${drill.ref}`,
      ref: drill.ref,
      text: worksInWords(to.lang),
    }),
    decidedAt: now,
    until: now + NEWS_FOR_MS,
    drill: true,
  })
}
