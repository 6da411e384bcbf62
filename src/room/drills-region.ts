// The made-up incident of a region's drill: it goes the whole way of a real one, is marked wherever it is shown, and is never
// counted, merged, handed off or told to anybody but people on duty.

import { type Actor, SYSTEM } from '../domain/command'
import type { Drill, Trial } from '../domain/drill'
import { type Incident, OPEN_STATES } from '../domain/incident'
import { incidentIdFrom } from '../domain/incident-id'
import { ring } from '../domain/outcome'
import { beginIncident } from '../domain/presses'
import { regionById } from '../domain/region'
import type { Ledger } from './ledger'

export const isDrill = ({ flags }: Pick<Incident, 'flags'>): boolean => flags.includes('drill')

/** Begins it, inside a transaction. The same drill gives the same incident. */
export function beginMadeUp(ledger: Ledger, { id, ref, region, at }: Drill, actor: Actor): string {
  const incidentId = incidentIdFrom(region, `drill\n${id}`)
  const begun = beginIncident({
    press: {
      sosId: incidentId,
      deviceId: '',
      home: region,
      tokenGeneration: 0,
      door: 'phone',
      reporter: 'operator',
      kind: 'panic',
      position: {
        ...regionById(region).centre,
        accuracyM: 10,
        headingDeg: null,
        speedMps: null,
        fixedAt: at,
        batteryPct: null,
        doubts: [],
      },
      safeToTalk: null,
      note: 'DRILL / PAGSASANAY',
      tripId: null,
      pressedAt: at,
      receivedAt: at,
      labels: [],
    },
    driver: { id: `drill:${id}`, name: 'Drill Pagsasanay', phone: null },
    vehicle: { id: 'drill', plate: 'DRL 000', conduction: null, make: 'Drill', model: 'Drill', colour: 'Drill' },
    code: `${region}-${ref}`,
    now: at,
  })
  const incident: Incident = { ...begun, deviceId: null, desk: region, person: `drill:${id}`, flags: ['drill'] }
  ledger.save({
    before: null,
    after: incident,
    lines: [{ type: 'created', body: { drill: id, ref, kind: 'panic' } }],
    actor,
  })
  return incidentId
}

/** Its drill is over: it leaves the queue, whoever holds it. Inside a transaction. */
export function endMadeUp(ledger: Ledger, incidentId: string, why: string): void {
  const incident = ledger.incidents.find(incidentId)
  if (!incident || incident.state === 'closed' || incident.state === 'false_alarm') return
  const now = ledger.ports.now()
  const after: Incident = {
    ...incident,
    state: 'closed',
    closedAt: now,
    pending: null,
    changedAt: now,
    reactBy: null,
    flags: incident.flags.filter((flag) => flag !== 'cancel_verify'),
    ring: ring(incident, 'none', 'ended', now),
  }
  ledger.save({ before: incident, after, lines: [{ type: 'drill', body: { what: 'ended', why } }], actor: SYSTEM })
}

/** What its life so far makes of the trial: a hand that took it passes it. */
export function heardOf(trial: Trial, incident: Incident): Trial {
  const over = !OPEN_STATES.includes(incident.state)
  const taken = incident.takenAt !== null && trial.outcome === null
  if (!over && !taken) return trial
  return {
    ...trial,
    ...(taken
      ? { outcome: 'passed' as const, tookMs: (incident.takenAt ?? 0) - trial.at, why: incident.owner?.alias ?? null }
      : {}),
    ...(over ? { state: 'over' as const, endedAt: incident.changedAt } : {}),
    ...(over && !taken && trial.outcome === null ? { outcome: 'called_off' as const } : {}),
  }
}
