// From an operator's decision to hand an incident to an agency's machine, as it leaves the desk, until the request is at the
// agency.

import type { IncidentSummary } from '../../../src/domain/incident'
import type { HandedOff } from './provider'
import { end } from './reach'
import { archived, known, press, type Stage, targetOf } from './stage'
import { noteTimes } from './traces'

export const DISPATCHED = 'dispatch decision to the request at the agency'
export const UNDISPATCHED = 'decisions that no agency heard of'

const REGION = 'ILO'
const AGENCY = 'bench-centre'
const LIMIT_MS = 5_000
/** The first of a region find nobody awake; they are told apart. */
const FIRST = 3

export async function dispatch(stage: Stage, plan: { decisions: number }): Promise<void> {
  const { admin, notebook, log, tower, provider, providerUrl } = stage
  const agency = await admin.put<{ version: number }>(`/api/regions/${REGION}/agencies/${AGENCY}`, {
    kind: 'rescue',
    name: 'Command centre',
    numbers: [],
    covers: 'Iloilo City',
    source: 'This bench',
    machine: { url: `${providerUrl}/agency`, kind: 'handoff_v1' },
  })
  await known(tower, agency.version, [REGION])
  const target = targetOf(stage, REGION, 'dispatch')
  const decided = new Map<string, Omit<Sent, 'heardAt'>>()
  for (let n = 0; n < plan.decisions + FIRST; n++) {
    const { sosId } = await press(target, n)
    const { code } = await taken(stage, sosId)
    const at = Date.now()
    const { status, body } = await admin.act(sosId, 'handoff', { agencyId: AGENCY, byMachine: true })
    if (status !== 200) throw new Error(`a hand-off was answered ${status}: ${JSON.stringify(body)}`)
    decided.set(code, { n, incidentId: sosId, at, answeredMs: Date.now() - at })
    await Bun.sleep(100)
    await end(stage, sosId)
  }
  const until = Date.now() + LIMIT_MS
  let heard = await provider.ask<HandedOff[]>('handedOff')
  while (heard.length < decided.size && Date.now() < until) {
    await Bun.sleep(100)
    heard = await provider.ask<HandedOff[]>('handedOff')
  }
  const sent = heard.flatMap(({ code, at: heardAt }) => {
    const decision = decided.get(code)
    return decision ? [{ ...decision, heardAt }] : []
  })
  const took = ({ at, heardAt }: Sent) => heardAt - at
  noteTimes(stage, `dispatch, the first ${FIRST} of a region`, sent.filter(({ n }) => n < FIRST).map(took))
  const warm = sent.filter(({ n }) => n >= FIRST)
  const p99 = noteTimes(stage, DISPATCHED, warm.map(took))
  notebook.note('tower', UNDISPATCHED, decided.size - sent.length, 'count')
  await noteStages(stage, warm)
  log(`${DISPATCHED}: p99 ${p99.toFixed(0)} ms of ${warm.length}`)
}

type Sent = { n: number; incidentId: string; at: number; answeredMs: number; heardAt: number }

/** Where the time of a decision goes: to its room, to the courier, to the wire; and what its desk waits for an answer. */
async function noteStages(stage: Stage, sent: readonly Sent[]): Promise<void> {
  await archived(stage)
  const ids = sent.map(({ incidentId }) => incidentId)
  const decided = await timesOf(stage.sql`
    SELECT incident, min(extract(epoch FROM at) * 1000)::float8 AS at FROM incident_event
    WHERE incident = ANY(${ids}::text[]) AND type = 'handed_off' GROUP BY incident`)
  const queued = await timesOf(stage.sql`
    SELECT incident_id AS incident, min((times ->> 'queued')::float8) AS at FROM attempt
    WHERE incident_id = ANY(${ids}::text[]) AND reason = 'agency' GROUP BY incident_id`)
  const whole = sent.flatMap((each) => {
    const [decidedAt, queuedAt] = [decided.get(each.incidentId), queued.get(each.incidentId)]
    return decidedAt === undefined || queuedAt === undefined ? [] : [{ ...each, decidedAt, queuedAt }]
  })
  const note = (what: string, ms: (each: (typeof whole)[number]) => number) =>
    noteTimes(stage, `dispatch, ${what}`, whole.map(ms))
  note('decision written in its room', ({ at, decidedAt }) => decidedAt - at)
  note('page with the courier', ({ decidedAt, queuedAt }) => queuedAt - decidedAt)
  note('request at the agency', ({ queuedAt, heardAt }) => heardAt - queuedAt)
  note('answer to its desk', ({ answeredMs }) => answeredMs)
}

const timesOf = async (asked: PromiseLike<readonly object[]>): Promise<Map<string, number>> =>
  new Map(((await asked) as readonly { incident: string; at: number }[]).map(({ incident, at }) => [incident, at]))

/** As soon as its room has it. */
async function taken({ admin }: Stage, incidentId: string): Promise<IncidentSummary> {
  const until = Date.now() + LIMIT_MS
  for (;;) {
    const { status, body } = await admin.act(incidentId, 'take')
    if (status === 200 && body.incident) return body.incident
    if (Date.now() > until) throw new Error(`an incident could not be taken: ${status}`)
    await Bun.sleep(20)
  }
}
