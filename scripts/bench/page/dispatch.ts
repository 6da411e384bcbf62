// From an operator's decision to hand an incident to an agency's machine, as it leaves the desk, until the request is at the
// agency.

import type { IncidentSummary } from '../../../src/domain/incident'
import type { HandedOff } from './provider'
import { end } from './reach'
import { known, press, type Stage, targetOf } from './stage'
import { noteTimes } from './traces'

export const DISPATCHED = 'dispatch decision to the request at the agency'
export const UNDISPATCHED = 'decisions that no agency heard of'

const REGION = 'ILO'
const AGENCY = 'bench-centre'
const LIMIT_MS = 5_000

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
  await known(tower, agency.version)
  const target = targetOf(stage, REGION, 'dispatch')
  const decided = new Map<string, number>()
  for (let n = 0; n < plan.decisions; n++) {
    const { sosId } = await press(target, n)
    const { code } = await taken(stage, sosId)
    const at = Date.now()
    const { status, body } = await admin.act(sosId, 'handoff', { agencyId: AGENCY, byMachine: true })
    if (status !== 200) throw new Error(`a hand-off was answered ${status}: ${JSON.stringify(body)}`)
    decided.set(code, at)
    await Bun.sleep(100)
    await end(stage, sosId)
  }
  const until = Date.now() + LIMIT_MS
  let heard = await provider.ask<HandedOff[]>('handedOff')
  while (heard.length < decided.size && Date.now() < until) {
    await Bun.sleep(100)
    heard = await provider.ask<HandedOff[]>('handedOff')
  }
  const times = heard.flatMap(({ code, at }) => {
    const decidedAt = decided.get(code)
    return decidedAt === undefined ? [] : [at - decidedAt]
  })
  const p99 = noteTimes(stage, DISPATCHED, times)
  notebook.note('tower', UNDISPATCHED, decided.size - times.length, 'count')
  log(`${DISPATCHED}: p99 ${p99.toFixed(0)} ms of ${times.length}`)
}

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
