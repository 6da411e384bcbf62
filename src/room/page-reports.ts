// What the courier says of pages: one line in the timeline for each meaningful change, and what an answer does. Late and
// repeated reports change nothing.

import type { CourierReport } from '../courier/contract'
import { SYSTEM } from '../domain/command'
import type { Incident } from '../domain/incident'
import type { Line } from '../domain/outcome'
import type { Attempt, AttemptState } from '../domain/page'
import type { Escalation } from './escalation'
import type { Ledger } from './ledger'
import type { KnownPage, PageState } from './pages'
import { ALARMS } from './telling'

/** What a desk wants to know of an attempt; that it is queued or ringing is the courier's own business. */
const TOLD: readonly AttemptState[] = ['accepted', 'delivered', 'undelivered', 'failed', 'answered', 'parked']

/** Told of each report that is new, inside its transaction: for those who page for reasons of their own. */
export type ReportHeard = (page: KnownPage, report: CourierReport) => void

export class PageReports {
  readonly followers: ReportHeard[] = []

  constructor(
    private readonly ledger: Ledger,
    private readonly escalation: Pick<Escalation, 'acknowledged' | 'cannot' | 'everyone'>,
  ) {}

  /**
   * One transaction. Gives the numbers of those that are written: what says nothing new is as good as written. One that
   * cannot be written keeps no other from being heard.
   */
  take(reports: readonly CourierReport[]): number[] {
    try {
      this.ledger.transact(() => {
        for (const report of reports) this.hear(report)
      })
      return reports.map(({ n }) => n)
    } catch (error) {
      if (reports.length === 1) throw error
      return reports.flatMap((report) => this.takeAlone(report))
    }
  }

  private takeAlone(report: CourierReport): number[] {
    try {
      return this.take([report])
    } catch {
      // The courier repeats it, and shows that it has one unreported.
      return []
    }
  }

  private hear(report: CourierReport): void {
    const page = this.pageOf(report)
    if (!page || report.n <= page.reported) return
    const { attempt } = report
    const said = attempt && [attempt.state, attempt.error].filter(Boolean).join(' ')
    const tries = attempt && said ? { ...page.tries, [attempt.id]: said } : page.tries
    const state = stateAfter(page, report)
    this.ledger.pages.note(page.id, {
      ...(state ? { state } : {}),
      ...(report.answer ? { answer: report.answer } : {}),
      reported: report.n,
      tries,
    })
    const incident = page.incidentId ? this.incidentOf(page.incidentId) : null
    if (incident && attempt && TOLD.includes(attempt.state) && page.tries[attempt.id] !== said && !isRoutine(page))
      this.write(incident.id, { type: 'paged', body: pagedBody(page, attempt) })
    if (incident && report.what === 'answered' && page.reason !== 'queue_question')
      this.answered(incident.id, page, report)
    else if (incident && report.what === 'exhausted' && !isRoutine(page)) this.exhausted(incident.id, page)
    for (const heard of this.followers) heard(page, report)
  }

  /** A page of which we have never heard was sent while we were away: it is taken over as it is told. */
  private pageOf({ pageId, incidentId, attempt, at }: CourierReport): KnownPage | null {
    const known = this.ledger.pages.get(pageId)
    if (known || !attempt) return known
    const { reason, step, contact } = attempt
    this.ledger.pages.adopt({ id: pageId, incidentId, reason, step, contact, decidedAt: at })
    return this.ledger.pages.get(pageId)
  }

  private answered(incidentId: string, page: KnownPage, { answer }: CourierReport): void {
    const incident = this.ledger.incidents.find(incidentId)
    if (!incident || !answer) return
    const { contact } = page
    const line: Line = { type: 'page_answered', body: { page: page.id, step: page.step, contact, answer } }
    const takes = ALARMS.includes(page.reason) && answer === 'take'
    const by = { contactId: contact.id, name: contact.name }
    if (takes && this.escalation.acknowledged(incident, by, line)) return
    this.write(incidentId, line)
    if (!ALARMS.includes(page.reason)) return
    if (answer === 'cannot') this.escalation.cannot(incidentId, contact.id)
    if (answer === 'everyone') this.escalation.everyone(incidentId)
  }

  private exhausted(incidentId: string, page: KnownPage): void {
    this.write(incidentId, {
      type: 'page_exhausted',
      body: { page: page.id, step: page.step, contact: page.contact },
    })
    if (ALARMS.includes(page.reason) && page.state === 'with') this.escalation.cannot(incidentId, page.contact.id)
  }

  private write(incidentId: string, line: Line): void {
    const incident = this.ledger.incidents.find(incidentId)
    if (incident) this.ledger.save({ before: incident, after: incident, lines: [line], actor: SYSTEM })
  }

  /** By its own id, or that of a press that joined it. */
  private incidentOf(id: string): Incident | null {
    return this.ledger.living(id) ?? this.ledger.living(this.ledger.pushes.press(id)?.incident ?? '')
  }
}

/** Where a vehicle is, every ten seconds, and hundreds of questions in a storm: as lines they would hide all others. */
const isRoutine = ({ reason, step }: KnownPage): boolean =>
  (reason === 'agency' && step === 'trace') || reason === 'queue_question'

function stateAfter(page: KnownPage, { what }: CourierReport): PageState | null {
  if (what === 'answered') return 'answered'
  if (what === 'attempt' || page.state === 'answered') return null
  return what
}

const pagedBody = (page: KnownPage, attempt: Attempt): Record<string, unknown> => ({
  page: page.id,
  reason: page.reason,
  step: page.step,
  contact: page.contact,
  attempt: attempt.id,
  n: attempt.n,
  channel: attempt.channel,
  provider: attempt.provider,
  network: attempt.network,
  to: attempt.to,
  state: attempt.state,
  error: attempt.error,
})
