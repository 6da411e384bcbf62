// Hand-offs that go from our machine to an agency's: first all that is known, then where it is every few seconds, what has
// changed, and that it is over. Each is a page to one https address, so that the courier tries it until it arrives. What
// their machine says of its unit moves a leg of ours, and never ends our incident.

import type { Agency } from '../../domain/agency'
import { type Refusal, SYSTEM } from '../../domain/command'
import { decide } from '../../domain/decide'
import { AGENCY_STATES, type AgencyStatus, type HandOff } from '../../domain/handoff'
import { type HandOffMessage, handOffDocument } from '../../domain/handoff-document'
import { type Incident, OPEN_STATES } from '../../domain/incident'
import type { Line } from '../../domain/outcome'
import { factsOf } from '../../domain/page-facts'
import { pageIdOf } from '../../domain/page-id'
import { conflict, invalid, type OutwardParts, placeOf } from './books'
import type { KeptHandOffs } from './kept-handoffs'

/** The kind of its timer; the key is the hand-off. */
export const TRACE_TIMER = 'handoff_trace'
export const TRACE_EVERY_MS = 10_000
/** Older than so many turns a position is worth less than the next. */
const TRACE_TURNS = 3

export class Machines {
  constructor(
    private readonly parts: OutwardParts,
    private readonly kept: KeptHandOffs,
  ) {}

  refuses(agency: Agency): Refusal | null {
    if (!agency.machine) return invalid('no_machine', `${agency.name} takes no hand-off by machine: call it.`)
    if (!this.parts.books.ports.callbackOf)
      return conflict('machine_off', 'This tower sends nothing to machines of agencies: call it.')
    return null
  }

  /** Fields that its documents hold beside those of a call. */
  alsoSent({ driver, priority, pressedAt, receivedAt }: Incident): Record<string, unknown> {
    return { driver: driver?.name ?? null, priority, pressedAt: pressedAt ?? receivedAt, livePosition: true }
  }

  /** Decided just now, in this transaction. The second time it is an update of the first. */
  told(handOff: HandOff, incident: Incident): void {
    this.send(handOff, incident, handOff.caps.length === 0 ? 'initial' : 'update', null)
    this.parts.books.timers.set(TRACE_TIMER, handOff.id, this.parts.books.ports.now() + TRACE_EVERY_MS)
  }

  /** What it was told is not so any more. */
  changed(handOff: HandOff, before: Incident, after: Incident): void {
    if (handOff.caps.length > 0 && mattersOutside(before, after)) this.send(handOff, after, 'update', null)
  }

  /** It is over. Why, in one line; a person's reason stays with us. */
  ended(handOff: HandOff, incident: Incident): void {
    if (handOff.caps.length === 0) return
    const why =
      incident.state === 'false_alarm' ? 'False alarm.' : incident.safeAt === null ? 'Closed.' : 'Confirmed safe.'
    this.send({ ...handOff, open: false }, incident, 'cancel', why)
  }

  /** Nothing is traced any more. */
  rest({ id }: HandOff): void {
    this.parts.books.timers.cancel(TRACE_TIMER, id)
  }

  /** Its timer rang, inside a transaction: where it is now, if that is news. */
  rang(handOffId: string): void {
    const { books } = this.parts
    const handOff = this.kept.get(handOffId)
    const incident = handOff && books.incidents.find(handOff.incidentId)
    if (!handOff?.open || !incident || !OPEN_STATES.includes(incident.state)) return
    books.timers.set(TRACE_TIMER, handOffId, books.ports.now() + TRACE_EVERY_MS)
    const fixedAt = Date.parse(placeOf(this.parts, incident)?.fixedAt ?? '')
    if (!(fixedAt > handOff.tracedAt)) return
    this.send(handOff, incident, 'trace', null)
  }

  status(handOffId: string, said: AgencyStatus): 'applied' | 'unchanged' | 'unknown' {
    const { books } = this.parts
    const handOff = this.kept.get(handOffId)
    const incident = handOff && books.incidents.find(handOff.incidentId)
    const leg = incident?.legs.find(({ id }) => id === handOff?.legId)
    if (!handOff || !incident || !leg) return 'unknown'
    if (leg.state === said.state && (said.etaMinutes === null || said.etaMinutes === leg.etaMinutes)) return 'unchanged'
    const actor = {
      ...SYSTEM,
      uid: `agency:${handOff.agency.id}`,
      name: handOff.agency.name,
      alias: handOff.agency.name,
    }
    const { now, newId } = books.ports
    const eta = said.etaMinutes === null ? {} : { etaMinutes: said.etaMinutes }
    return books.transact(() => {
      // As of any leg: never backwards, and of an incident that is over it is only written down.
      const outcome = decide(incident, { type: 'leg', legId: leg.id, state: said.state, ...eta }, actor, {
        now: now(),
        newId: newId(),
        nextFree: null,
      })
      const line: Line = {
        type: 'agency_status',
        body: { handOffId, agency: handOff.agency.name, ...said, applied: outcome.ok && outcome.lines.length > 0 },
      }
      if (said.ref !== null && said.ref !== handOff.ref) this.kept.save({ ...handOff, ref: said.ref })
      // What their machine does is no act of ours: the owner's own clocks run on.
      const { lastActAt, firstActAt, reactBy } = incident
      const after = outcome.ok ? { ...outcome.incident, lastActAt, firstActAt, reactBy } : incident
      books.save({ before: incident, after, lines: [line, ...(outcome.ok ? outcome.lines : [])], actor })
      return outcome.ok && outcome.lines.length > 0 ? 'applied' : 'unchanged'
    })
  }

  private send(handOff: HandOff, incident: Incident, message: HandOffMessage, note: string | null): void {
    const { books, pages } = this.parts
    const { ports } = books
    const url = books.directory.get('agency', handOff.agency.id)?.machine?.url
    const callback = ports.callbackOf?.(handOff.id)
    if (!url || !callback) return
    const now = ports.now()
    const n = handOff.sent + 1
    const place = placeOf(this.parts, incident)
    const made = handOffDocument({
      message,
      handOff,
      n,
      incident,
      place,
      placeInWords: place && (ports.placeOf?.({ ...place, fixedAt: now, batteryPct: null, doubts: [] }) ?? null),
      towerPhone: ports.towerPhone?.() ?? null,
      callback,
      note,
      now,
    })
    const traced = Date.parse(place?.fixedAt ?? '') || handOff.tracedAt
    this.kept.save({
      ...handOff,
      sent: n,
      caps: made.cap ? [...handOff.caps, made.cap] : handOff.caps,
      tracedAt: traced,
    })
    pages.send({
      id: pageIdOf('handoff', handOff.id, message, n),
      region: handOff.region,
      incidentId: handOff.incidentId,
      reason: 'agency',
      step: message,
      contact: { id: handOff.agency.id, name: handOff.agency.name, lang: 'en' },
      ladder: [[{ channel: 'webhook', to: url }]],
      priority: incident.priority,
      facts: factsOf(incident, ports, { ref: handOff.ref }),
      decidedAt: now,
      until: message === 'trace' ? now + TRACE_TURNS * TRACE_EVERY_MS : null,
      drill: false,
      document: made.document,
    })
  }
}

export const isAgencyState = (state: unknown): state is AgencyStatus['state'] =>
  (AGENCY_STATES as readonly unknown[]).includes(state)

/** What an agency would act differently for. Where it is goes out by traces; a new press says it anew. */
function mattersOutside(before: Incident, after: Incident): boolean {
  const of = ({ priority, kind, contactPolicy, duress, vehicle, driver, pressCount, state }: Incident) =>
    JSON.stringify([
      priority,
      kind,
      contactPolicy,
      duress,
      vehicle,
      driver?.name,
      pressCount,
      OPEN_STATES.includes(state),
    ])
  return of(before) !== of(after)
}
