// What became of presses, put together after the fact: the sender's clock, the room's log, the courier's attempts and the
// provider's own clock. All four are of one machine.

import { Histogram } from '../histogram'
import type { Asked } from './provider'
import { archived, type Pressed, type Stage } from './stage'

/** One attempt of a page, with when the courier had it and when the provider did. Epoch ms. */
export type Tried = Asked & { incidentId: string; pageId: string; queuedAt: number }
/** `createdAt`, `decidedAt`: by the room's log; null where it never came to that. */
export type Trace = Pressed & { createdAt: number | null; decidedAt: number | null; tried: Tried[] }

const LIMIT_MS = 30_000

export async function traces(stage: Stage, presses: readonly Pressed[]): Promise<Trace[]> {
  await archived(stage)
  const ids = presses.map(({ sosId }) => sosId)
  const [tried, log] = [await triedOf(stage, ids), await logOf(stage, ids)]
  const byIncident = Map.groupBy(tried, ({ incidentId }) => incidentId)
  return presses.map((press) => ({
    ...press,
    createdAt: log.get(`${press.sosId} created`) ?? null,
    decidedAt: log.get(`${press.sosId} escalated`) ?? null,
    tried: (byIncident.get(press.sosId) ?? []).sort((a, b) => a.at - b.at),
  }))
}

/** Waits until Postgres has every attempt that the provider has seen. Those of other incidents are left out. */
async function triedOf({ sql, provider }: Stage, ids: readonly string[]): Promise<Tried[]> {
  const asked = new Map((await provider.ask<Asked[]>('asked')).map((each) => [each.attemptId, each]))
  const until = Date.now() + LIMIT_MS
  for (;;) {
    const rows = await sql<{ id: string; incident: string; page: string; queued: number | null }[]>`
      SELECT id, incident_id AS incident, page_id AS page, (times ->> 'queued')::float8 AS queued
      FROM attempt WHERE id = ANY(${[...asked.keys()]}::text[])`
    if (rows.length < asked.size && Date.now() < until) {
      await Bun.sleep(500)
      continue
    }
    return rows.flatMap(({ id, incident, page, queued }) => {
      const at = asked.get(id)
      return at && ids.includes(incident)
        ? [{ ...at, incidentId: incident, pageId: page, queuedAt: queued ?? at.at }]
        : []
    })
  }
}

/** When each incident's first line of a type was written. */
async function logOf({ sql }: Stage, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await sql<{ incident: string; type: string; at: number }[]>`
    SELECT incident, type, min(extract(epoch FROM at) * 1000)::float8 AS at FROM incident_event
    WHERE incident = ANY(${[...ids]}::text[]) AND type IN ('created', 'escalated') GROUP BY incident, type`
  return new Map(rows.map(({ incident, type, at }) => [`${incident} ${type}`, at]))
}

/** Notes p50, p99 and max of what was measured, and keeps its histogram. Gives the p99; NaN of nothing. */
export function noteTimes({ notebook }: Stage, what: string, times: readonly number[]): number {
  const histogram = new Histogram()
  for (const ms of times) histogram.addMs(ms)
  notebook.keep('tower', what, histogram.raw())
  if (times.length === 0) return Number.NaN
  const latency = histogram.latency()
  for (const which of ['p50', 'p99', 'max'] as const) notebook.note('tower', `${what}: ${which}`, latency[which], 'ms')
  return latency.p99
}
