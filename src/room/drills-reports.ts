// What the courier says of the pages of drills: a key, a receipt, or that every way has failed.

import type { CourierReport } from '../courier/contract'
import type { Trial } from '../domain/drill'
import type { Drills } from './drills'
import type { PageReports } from './page-reports'
import type { KnownPage } from './pages'

export class DrillReports {
  constructor(
    private readonly drills: Drills,
    reports: Pick<PageReports, 'followers'>,
  ) {
    reports.followers.push((page, report) => this.hear(page, report))
  }

  private hear(page: KnownPage, { what, answer, attempt, at }: CourierReport): void {
    if (this.drills.kept.isIdle) return
    if (page.incidentId !== null && what === 'answered') this.answeredInRegion(page, attempt?.channel ?? null, at)
    const trial = page.reason === 'drill' ? this.drills.kept.ofPage(page.id) : null
    if (!trial || trial.outcome !== null) return
    const by = { channel: attempt?.channel ?? trial.channel, provider: attempt?.provider ?? null }
    const tookMs = Math.max(0, at - trial.at)
    if (trial.kind === 'driver') {
      if (answer === 'cannot') this.drills.over({ ...trial, outcome: 'declined', channel: by.channel })
      else if (what === 'parked' || (what === 'exhausted' && !wasReached(page)))
        this.drills.over({ ...trial, outcome: 'not_reached', why: attempt?.error ?? null })
      return
    }
    if (what === 'answered') this.drills.over({ ...trial, ...by, outcome: 'passed', tookMs, why: answer })
    else if (trial.kind === 'channel') this.channelHeard(trial, what, attempt, tookMs)
    else if (what === 'exhausted' || what === 'parked')
      this.drills.over({ ...trial, ...by, outcome: 'no_answer', why: attempt?.error ?? null })
  }

  private channelHeard(
    trial: Trial,
    what: CourierReport['what'],
    attempt: CourierReport['attempt'],
    tookMs: number,
  ): void {
    const by = { provider: attempt?.provider ?? null, why: attempt?.error ?? null }
    if (attempt?.state === 'delivered') this.drills.over({ ...trial, ...by, outcome: 'passed', tookMs })
    else if (what === 'exhausted' || what === 'parked') this.drills.over({ ...trial, ...by, outcome: 'failed' })
    // The next provider is asked by itself: what this one did is a result of its own.
    else if (attempt && (attempt.state === 'failed' || attempt.state === 'undelivered') && attempt.provider)
      this.drills.keepBeside(trial, {
        ...by,
        subject: `${trial.subject} ${attempt.provider}`,
        outcome: 'failed',
        tookMs,
      })
  }

  private answeredInRegion(page: KnownPage, channel: Trial['channel'], at: number): void {
    const trial = this.drills.kept.trials.find(({ kind }) => kind === 'region')
    if (!trial || this.drills.kept.drill(trial.drillId)?.incidentId !== page.incidentId) return
    const { id, name } = page.contact
    const tookMs = Math.max(0, at - page.decidedAt)
    this.drills.keepBeside(trial, { subject: `contact:${id}`, name, channel, outcome: 'passed', tookMs })
  }
}

/** A provider took it, or nobody can say that it did not get through. */
const wasReached = ({ tries }: KnownPage): boolean =>
  Object.values(tries).some((said) => /^(accepted|sent|delivered|answered)|timeout/.test(said))
