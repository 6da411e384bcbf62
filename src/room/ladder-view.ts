// What a desk reads of an incident's ladder: what was decided, by the log; what became of each page; what comes next.

import type { LogEvent } from '../domain/event'
import { type Incident, OPEN_STATES } from '../domain/incident'
import type { Escalation } from './escalation'
import type { Pages } from './pages'
import type { DecidedStep, LadderView } from './paging-contract'

export function ladderView(
  incident: Incident,
  standing: ReturnType<Escalation['standing']>,
  events: readonly LogEvent[],
  pages: Pick<Pages, 'ofIncident'>,
): LadderView {
  const ladder = standing?.ladder
  const waits = OPEN_STATES.includes(incident.state) && (ladder?.seen.waits ?? false)
  const held = waits ? (ladder?.held ?? null) : null
  return {
    incidentId: incident.id,
    state: !waits ? 'over' : held ? 'held' : 'climbing',
    round: ladder?.round ?? 0,
    since: ladder?.since ?? incident.alarmedAt,
    held: held && { ...held.by, until: held.until },
    decided: events.filter(({ type }) => type === 'escalated').map(decidedStep),
    pages: pages.ofIncident(incident.id).map(({ id, reason, step, contact, state, why, answer, decidedAt }) => ({
      id,
      reason,
      step,
      contact,
      state,
      why,
      answer,
      decidedAt,
    })),
    next: waits ? (standing?.next ?? []) : [],
  }
}

// An erased body leaves that something was decided, and when.
function decidedStep({ at, body }: LogEvent): DecidedStep {
  const said = (body ?? {}) as Partial<Omit<DecidedStep, 'at'>>
  return {
    at,
    step: said.step ?? '',
    round: said.round ?? 0,
    n: said.n ?? 0,
    why: said.why ?? '',
    to: said.to ?? [],
    telling: said.telling ?? [],
    kept: said.kept ?? [],
    nobody: said.nobody ?? [],
    consoles: said.consoles ?? false,
    neighbour: said.neighbour ?? null,
  }
}
