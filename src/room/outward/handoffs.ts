// Agencies that were told of an incident: by a person, who confirms it, and by our machine where theirs takes it. What they
// know is followed: told again in time, traced, and called off. Nothing here dials.

import type { Viewer } from '../../domain/access'
import type { Agency } from '../../domain/agency'
import { type Refusal, SYSTEM } from '../../domain/command'
import { decide } from '../../domain/decide'
import {
  FOLLOW_UP_MS,
  type HandOff,
  type HandOffTold,
  type Here,
  isLegUnderWay,
  legRefOf,
  looksAgainAt,
  RESPONDER_OF,
  type TellAgain,
  tellAgain,
} from '../../domain/handoff'
import { type Incident, OPEN_STATES } from '../../domain/incident'
import { type Line, type Outcome, ring, withFlag, withoutFlag } from '../../domain/outcome'
import { pageIdOf } from '../../domain/page-id'
import { actorOf } from '../acts'
import { notAhead } from '../clock-turned'
import type { Answer } from '../contract'
import type { Change } from '../ledger'
import type { Moved } from '../moving'
import { decideOn, invalid, type OutwardParts, placeOf } from './books'
import { disclose, saidInCall } from './disclosed'
import type { KeptHandOffs } from './kept-handoffs'
import type { Machines } from './machines'
import type { Records } from './records'

/** The kind of its timer; the key is the hand-off. */
export const FOLLOW_TIMER = 'handoff_follow'
/** Heard, and not told again: so much later it sounds once more. */
const RINGS_AGAIN_MS = FOLLOW_UP_MS.P1 ?? 300_000

export class HandOffs {
  constructor(
    private readonly parts: OutwardParts,
    private readonly kept: KeptHandOffs,
    private readonly records: Records,
    private readonly machines: Machines,
  ) {
    parts.books.turnings.push((byMs) => {
      for (const handOff of kept.open()) {
        const at = notAhead(handOff.told.at, byMs, parts.books.ports.now())
        if (at !== handOff.told.at) kept.save({ ...handOff, told: { ...handOff.told, at } })
      }
    })
  }

  handOff(incidentId: string, told: HandOffTold, viewer: Viewer): Answer {
    return decideOn(this.parts, incidentId, viewer, (incident) => this.told(incident, told, viewer))
  }

  /** Vehicles of incidents have moved: an agency that believes them elsewhere is to be told. */
  moved(moved: readonly Moved[]): void {
    for (const { id } of moved) {
      const waits = this.kept.openOf(id).filter(({ by, due }) => by === 'call' && due === null)
      if (waits.length === 0) continue
      const incident = this.parts.books.incidents.find(id)
      if (!incident || !OPEN_STATES.includes(incident.state)) continue
      const here = this.here(incident)
      const { now } = this.parts.books.ports
      if (waits.some(({ told }) => tellAgain(told, incident.priority, here, now()) !== null))
        this.parts.books.transact(() => {
          for (const each of waits) this.look(each)
        })
    }
  }

  /** Its timer rang, inside a transaction. */
  rang(handOffId: string): void {
    const handOff = this.kept.get(handOffId)
    if (handOff) this.look(handOff)
  }

  /** An incident has changed, inside its transaction. */
  changed({ before, after }: Change): void {
    if (!before) return
    for (const handOff of this.kept.openOf(after.id)) {
      if (after.state === 'duplicate' && after.mergedInto !== null) {
        // Whoever goes there goes there for the one that lives on.
        this.kept.save({ ...handOff, incidentId: after.mergedInto })
        continue
      }
      const over = !OPEN_STATES.includes(after.state) && !after.flags.includes('cancel_verify')
      const leg = after.legs.find(({ id }) => id === handOff.legId)
      if (over) this.end(handOff, after)
      else if (leg && !isLegUnderWay(leg)) this.rest(handOff, after)
      else if (handOff.by === 'machine') this.machines.changed(handOff, before, after)
    }
  }

  private told(incident: Incident, told: HandOffTold, viewer: Viewer): Refusal | null {
    const { books } = this.parts
    const agency = books.directory.get('agency', told.agencyId)
    if (!agency?.active) return invalid('unknown_agency', 'There is no such agency in the directory of this region.')
    const refusal = told.byMachine ? this.machines.refuses(agency) : null
    if (refusal) return refusal
    const by = told.byMachine ? 'machine' : 'call'
    const underWay = incident.legs.find((leg) => leg.ref === legRefOf(agency) && isLegUnderWay(leg))
    const outcome = this.asked(incident, agency, told, underWay !== undefined, viewer)
    if (!outcome.ok) return outcome.refusal
    const leg = underWay ?? outcome.incident.legs.at(-1)
    if (!leg) throw new Error('a hand-off without its leg')

    const now = books.ports.now()
    const place = placeOf(this.parts, incident)
    const here = this.here(incident)
    const known = this.kept.ofIncident(incident.id).find((each) => each.open && each.legId === leg.id && each.by === by)
    const handOff: HandOff = {
      id: known?.id ?? `${books.ports.region}.${pageIdOf('handoff', incident.id, agency.id, by, books.ports.newId())}`,
      region: books.ports.region,
      incidentId: incident.id,
      agency: { id: agency.id, name: agency.name, kind: agency.kind },
      by,
      ref: told.ref ?? known?.ref ?? null,
      legId: leg.id,
      at: known?.at ?? now,
      open: true,
      told: { at: now, lat: here?.lat ?? null, lng: here?.lng ?? null, municipality: here?.municipality ?? null },
      due: null,
      sent: known?.sent ?? 0,
      caps: known?.caps ?? [],
      tracedAt: known?.tracedAt ?? 0,
    }
    const disclosed = disclose(this.parts, this.records, incident, viewer, {
      recipient: { kind: 'agency', id: agency.id, name: agency.name },
      way: told.byMachine ? 'webhook' : 'call',
      sent: { ...saidInCall(this.parts, incident, place), ...(told.byMachine ? this.machines.alsoSent(incident) : {}) },
    })
    this.kept.save(handOff)
    const after = this.withoutDue(outcome.incident)
    const lines = outcome.lines.filter(({ type }) => type !== 'contact_tried')
    lines.push({ type: 'handed_off', body: bodyOf(handOff, told, known !== undefined) }, disclosed)
    books.save({ before: incident, after, lines, actor: actorOf(viewer) })
    if (by === 'machine') this.machines.told(handOff, after)
    else this.followUp(handOff, after, here)
    return null
  }

  // Asks the agency as a responder, or says that it was told once more. Which of both it was, the line tells.
  private asked(
    incident: Incident,
    agency: Agency,
    { ref, answeredAt, byMachine }: HandOffTold,
    again: boolean,
    viewer: Viewer,
  ): Outcome {
    const { now, newId } = this.parts.books.ports
    const at = { now: now(), newId: newId(), nextFree: null }
    const actor = actorOf(viewer)
    if (!again) {
      const kind = RESPONDER_OF[agency.kind]
      return decide(incident, { type: 'leg', kind, name: agency.name, ref: legRefOf(agency) }, actor, at)
    }
    const channel = byMachine ? 'other' : 'call'
    const outcome = answeredAt === null ? 'called' : 'answered'
    return decide(
      incident,
      { type: 'contact-attempt', to: 'agency', channel, outcome, ...(ref === null ? {} : { ref }) },
      actor,
      at,
    )
  }

  private followUp(handOff: HandOff, incident: Incident, here: Here | null): void {
    const { books } = this.parts
    const now = books.ports.now()
    const at = looksAgainAt(handOff.told, incident.priority, here, now)
    if (at === null) books.timers.cancel(FOLLOW_TIMER, handOff.id)
    else books.timers.set(FOLLOW_TIMER, handOff.id, Math.max(at, now + 1_000))
  }

  // Inside a transaction. What the agency knows is too old: said once, and again when nobody has heeded it.
  private look(handOff: HandOff): void {
    const { books } = this.parts
    const incident = books.incidents.find(handOff.incidentId)
    if (!handOff.open || !incident || !OPEN_STATES.includes(incident.state)) return
    const here = this.here(incident)
    const now = books.ports.now()
    const why = handOff.due?.why ?? tellAgain(handOff.told, incident.priority, here, now)
    if (why === null) {
      this.followUp(handOff, incident, here)
      return
    }
    this.kept.save({ ...handOff, due: { why, since: handOff.due?.since ?? now } })
    books.timers.set(FOLLOW_TIMER, handOff.id, now + RINGS_AGAIN_MS)
    books.save({
      before: incident,
      after: {
        ...incident,
        flags: withFlag(incident, 'tell_again'),
        ring: ring(incident, incident.owner ? 'owner' : 'all', 'tell_again', now),
        changedAt: now,
      },
      lines: [againLine(handOff, why, handOff.due !== null)],
      actor: SYSTEM,
    })
  }

  /** Its leg is done or declined: it is not called off, and not told again. */
  private rest(handOff: HandOff, incident: Incident): void {
    this.close(handOff)
    this.clearDue(incident)
  }

  private end(handOff: HandOff, incident: Incident): void {
    this.close(handOff)
    if (handOff.by === 'machine') this.machines.ended(handOff, incident)
    this.clearDue(incident)
  }

  private close(handOff: HandOff): void {
    this.kept.save({ ...handOff, open: false, due: null })
    this.parts.books.timers.cancel(FOLLOW_TIMER, handOff.id)
    if (handOff.by === 'machine') this.machines.rest(handOff)
  }

  private clearDue(incident: Incident): void {
    const now = this.parts.books.incidents.find(incident.id) ?? incident
    const after = this.withoutDue(now)
    if (after === now) return
    const lines: Line[] = [{ type: 'tell_again', body: { over: true } }]
    this.parts.books.save({ before: now, after, lines, actor: SYSTEM })
  }

  private withoutDue(incident: Incident): Incident {
    if (!incident.flags.includes('tell_again')) return incident
    return this.kept.openOf(incident.id).some(({ due }) => due !== null)
      ? incident
      : { ...incident, flags: withoutFlag(incident, 'tell_again') }
  }

  private here(incident: Incident): Here | null {
    const place = placeOf(this.parts, incident)
    if (!place) return null
    const { lat, lng, speedMps } = place
    return { lat, lng, speedMps, municipality: this.parts.books.ports.municipalityOf?.(place) ?? null }
  }
}

const bodyOf = (handOff: HandOff, told: HandOffTold, again: boolean): Record<string, unknown> => ({
  handOffId: handOff.id,
  agencyId: handOff.agency.id,
  agency: handOff.agency.name,
  kind: handOff.agency.kind,
  by: handOff.by,
  number: told.number,
  ref: told.ref,
  calledAt: told.calledAt,
  answeredAt: told.answeredAt,
  note: told.note,
  again,
})

const againLine = ({ agency, told }: HandOff, why: TellAgain, repeated: boolean): Line => ({
  type: 'tell_again',
  body: { agencyId: agency.id, agency: agency.name, why, toldAt: told.at, repeated },
})
