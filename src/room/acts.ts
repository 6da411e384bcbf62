// What people at desks do: acts on incidents, and new incidents that they write down. Rights are asked here, last and for all.

import { type Action, may, type Viewer } from '../domain/access'
import type { Act, Actor, NewByPhone, Refusal } from '../domain/command'
import { decide } from '../domain/decide'
import { type Incident, type IncidentSummary, regionsOf } from '../domain/incident'
import { incidentIdFrom } from '../domain/incident-id'
import { link, merge, splitPress, unlink, unmerge } from '../domain/pairs'
import type { Press } from '../domain/press'
import { beginIncident, pressBody } from '../domain/presses'
import type { RegionId } from '../domain/region'
import type { Answer } from './contract'
import type { Ledger } from './ledger'
import { RIGHT_FOR } from './rights'

const UNKNOWN: Refusal = { code: 'not_found', reason: 'unknown_incident', message: 'There is no such incident.' }

export class Acts {
  constructor(private readonly ledger: Ledger) {}

  act(incidentId: string, act: Act, viewer: Viewer): Answer {
    const incident = this.ledger.incidents.find(incidentId)
    if (!incident) return { ok: false, refusal: UNKNOWN }
    const refusal = this.refuses(viewer, RIGHT_FOR[act.type], regionsOf(incident))
    if (refusal) return { ok: false, refusal }
    const actor = actorOf(viewer)
    const refused = this.ledger.transact(() =>
      isPairAct(act) ? this.actOnPair(incident, act, actor) : this.actAlone(incident, act, actor),
    )
    const summary = this.ledger.incidents.summary(incidentId) as IncidentSummary
    return refused ? { ok: false, refusal: refused, incident: summary } : { ok: true, incident: summary }
  }

  /** An incident that an operator writes down: a call, a walk-in. The same `requestId` gives the same incident. */
  create(input: NewByPhone, viewer: Viewer): Answer {
    const refusal = this.refuses(viewer, 'incident:create', [this.ledger.ports.region])
    if (refusal) return { ok: false, refusal }
    const id = incidentIdFrom(this.ledger.ports.region, `phone\n${viewer.uid}\n${input.requestId}`)
    const known = this.ledger.incidents.summary(id)
    if (known) return { ok: true, incident: known }
    const now = this.ledger.ports.now()
    const deviceId = input.deviceId ?? (input.plate ? this.ledger.directory.deviceOfPlate(input.plate) : null)
    const cards = deviceId ? this.ledger.directory.cardsOf(deviceId) : { driver: null, vehicle: null }
    const press: Press = {
      sosId: id,
      deviceId: deviceId ?? '',
      home: this.ledger.ports.region,
      tokenGeneration: 0,
      door: 'phone',
      reporter: input.reporter,
      kind: input.kind,
      position:
        input.lat === null || input.lng === null
          ? null
          : {
              lat: input.lat,
              lng: input.lng,
              accuracyM: null,
              headingDeg: null,
              speedMps: null,
              fixedAt: now,
              batteryPct: null,
              doubts: [],
            },
      safeToTalk: input.safeToTalk,
      note:
        [input.note, input.phone && `Caller ${input.phone}`, !deviceId && input.plate ? `Plate ${input.plate}` : null]
          .filter(Boolean)
          .join(' · ') || null,
      tripId: null,
      pressedAt: null,
      receivedAt: now,
      labels: [],
    }
    const begun = beginIncident({ press, ...cards, code: '', now })
    const incident: Incident = {
      ...begun,
      deviceId,
      person: deviceId ? begun.person : input.phone ? `phone:${input.phone}` : `incident:${id}`,
      flags: [...begun.flags, 'by_phone'],
    }
    // The person's own open incident stays what it is; the call joins it as a link, so that nothing is hidden in a merge.
    const open = deviceId ? this.ledger.incidents.ofPerson(incident.person) : null
    const actor = actorOf(viewer)
    this.ledger.transact(() => {
      const coded = { ...incident, code: this.ledger.nextCode() }
      this.ledger.save({
        before: null,
        after: coded,
        lines: [
          { type: 'created', body: { ...pressBody(press, 1), by: viewer.uid, phone: input.phone, plate: input.plate } },
        ],
        actor,
      })
      if (open) this.ledger.savePair(link(coded, open, now), coded, open, actor)
    })
    return { ok: true, incident: this.ledger.incidents.summary(id) as IncidentSummary }
  }

  /** A person at a desk makes an unverified press a real, quiet incident. */
  promote(source: string, receivedAt: number, viewer: Viewer): Answer {
    const refusal = this.refuses(viewer, 'unverified:promote', [this.ledger.ports.region])
    if (refusal) return { ok: false, refusal }
    const found = this.ledger.unverified
      .latest()
      .find((press) => press.source === source && press.receivedAt === receivedAt)
    if (!found)
      return {
        ok: false,
        refusal: { code: 'not_found', reason: 'unknown_press', message: 'There is no such unverified press any more.' },
      }
    const id = incidentIdFrom(this.ledger.ports.region, `unverified\n${source}\n${receivedAt}`)
    const known = this.ledger.incidents.summary(id)
    if (known) return { ok: true, incident: known }
    const now = this.ledger.ports.now()
    const press: Press = {
      ...found,
      sosId: id,
      deviceId: '',
      home: this.ledger.ports.region,
      tokenGeneration: 0,
      reporter: 'unenrolled',
      safeToTalk: null,
      tripId: null,
      pressedAt: null,
      labels: [],
    }
    const actor = actorOf(viewer)
    this.ledger.transact(() => {
      const begun = beginIncident({ press, driver: null, vehicle: null, code: this.ledger.nextCode(), now })
      const incident: Incident = {
        ...begun,
        deviceId: null,
        person: `incident:${id}`,
        flags: [...begun.flags, 'promoted'],
      }
      this.ledger.save({
        before: null,
        after: incident,
        lines: [
          { type: 'created', body: pressBody(press, 1) },
          { type: 'promoted', body: { source } },
        ],
        actor,
      })
    })
    return { ok: true, incident: this.ledger.incidents.summary(id) as IncidentSummary }
  }

  /** Null where the person may; the refusal otherwise. */
  refuses(viewer: Viewer, action: Action, regions: RegionId[]): Refusal | null {
    const user = this.ledger.directory.get('user', viewer.uid)
    if (user && (!user.active || user.sessionEpoch > viewer.epoch))
      return { code: 'forbidden', reason: 'session_ended', message: 'This session has ended. Log in again.' }
    if (!regions.some((region) => viewer.regions.includes(region)))
      return { code: 'forbidden', reason: 'foreign_region', message: 'You have no rights in this region.' }
    if (!may(viewer, action, regions))
      return { code: 'forbidden', reason: 'role', message: `The role ${viewer.role} may not do this.` }
    return null
  }

  private actAlone(incident: Incident, act: Exclude<Act, PairAct>, actor: Actor): Refusal | null {
    const outcome = decide(incident, act, actor, {
      now: this.ledger.ports.now(),
      newId: this.ledger.ports.newId(),
      nextFree: act.type === 'pass' ? this.ledger.ports.nextFree(actor.uid) : null,
    })
    return this.ledger.saveOutcome(incident, outcome, actor)
  }

  private actOnPair(incident: Incident, act: PairAct, actor: Actor): Refusal | null {
    const now = this.ledger.ports.now()
    if (act.type === 'unmerge' && act.sosId !== undefined && act.sosId !== incident.id) {
      const pair = splitPress(incident, act.sosId, this.ledger.nextCode(), now)
      if (pair.ok) this.ledger.pushes.movePress(act.sosId, act.sosId)
      return this.ledger.savePair(pair, incident, null, actor)
    }
    const otherId = act.type === 'merge' ? act.intoId : act.type === 'unmerge' ? incident.mergedInto : act.otherId
    const other = otherId ? this.ledger.incidents.find(otherId) : null
    if (!other)
      return act.type === 'unmerge'
        ? { code: 'conflict', reason: 'not_merged', message: `${incident.code} is not merged into another.` }
        : { ...UNKNOWN, message: 'There is no such other incident in this region.' }
    const pair = { link, unlink, merge, unmerge }[act.type](incident, other, now)
    return this.ledger.savePair(pair, incident, other, actor)
  }
}

type PairAct = Extract<Act, { type: 'link' | 'unlink' | 'merge' | 'unmerge' }>

const isPairAct = (act: Act): act is PairAct =>
  act.type === 'link' || act.type === 'unlink' || act.type === 'merge' || act.type === 'unmerge'

export const actorOf = ({ uid, name, alias, role }: Viewer): Actor => ({ uid, name, alias, role, kind: 'person' })
