// Figures of the queue as a whole: how much is drawn, a storm in one line, groups by kind. Shared by the server and the browser.

import type { IncidentSummary } from '../../src/domain/incident'
import { elapsed } from '../format'
import type { Say } from '../words'
import { isDrill, isUntaken, pressedAt } from './card-view'

/** Rows that are drawn; the rest is a count. More would cost frames and help nobody. */
export const QUEUE_ROWS = 200

/** What is only practised is shown, and counts for nothing. */
export const realOf = <T extends Pick<IncidentSummary, 'flags'>>(incidents: Iterable<T>): T[] =>
  [...incidents].filter((each) => !isDrill(each))

/** What the band calls itself and counts: the real ones; where there are none, that these are practised. */
export function bandWords(loose: readonly IncidentSummary[], say: Say): { title: string; figures: string } {
  const real = realOf(loose).length
  const title = say('band.title')
  return loose.length > 0 && real === 0
    ? { title: say('drill.before', { words: title }), figures: String(loose.length) }
    : { title, figures: String(real) }
}

/** "387 open · 14 P1 · 127 not taken · oldest 06:12". */
export function stormFigures(incidents: readonly IncidentSummary[], say: Say, now: number): string {
  const real = realOf(incidents)
  const loose = real.filter(isUntaken)
  const oldest = Math.min(...loose.map(pressedAt))
  return [
    say('queue.count', { n: real.length }),
    `${real.filter((each) => each.priority === 'P1').length} P1`,
    say('queue.untaken', { n: loose.length }),
    ...(loose.length > 0 ? [say('queue.oldest', { age: elapsed(now - oldest) })] : []),
  ].join(' · ')
}

/** Many incidents of one kind, until situations have a life of their own. */
export type KindGroup = {
  kind: IncidentSummary['kind']
  open: number
  untaken: number
  worst: IncidentSummary['priority']
}

export function groupByKind(incidents: Iterable<IncidentSummary>): KindGroup[] {
  const groups = new Map<string, KindGroup>()
  for (const incident of realOf(incidents)) {
    const group = groups.get(incident.kind) ?? { kind: incident.kind, open: 0, untaken: 0, worst: incident.priority }
    group.open++
    if (isUntaken(incident)) group.untaken++
    if (incident.priority < group.worst) group.worst = incident.priority
    groups.set(incident.kind, group)
  }
  return [...groups.values()].sort((a, b) => (a.worst === b.worst ? b.open - a.open : a.worst < b.worst ? -1 : 1))
}
