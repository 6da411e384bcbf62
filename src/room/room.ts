// One region's live incidents: every change is one transaction of incident, log and outbox, in one order.
// Knows nothing of the platform: needs SQLite, a clock and ports, so tests give it bun:sqlite. What leaves is in departures.ts.

import { createHash } from 'node:crypto'
import { may, type Viewer } from '../domain/access'
import { clocksOf, OWNER_SCREEN_MS, TIMER_KINDS } from '../domain/clocks'
import { type Act, type Actor, type NewByPhone, PRESSER, type Refusal, SYSTEM } from '../domain/command'
import { decide, release } from '../domain/decide'
import type { DirectoryRow } from '../domain/directory'
import type { Incident, IncidentSummary } from '../domain/incident'
import { summarize } from '../domain/incident'
import { accept, type Line, type Outcome, ring } from '../domain/outcome'
import { link, merge, type Pair, splitPress, unlink, unmerge } from '../domain/pairs'
import { phoneViewOf } from '../domain/phone-view'
import { decidePin } from '../domain/pins'
import type { Press } from '../domain/press'
import { beginIncident, foldPresses, mergePress, personOf, pressBody, takesPress } from '../domain/presses'
import { type RegionId, regionById } from '../domain/region'
import { manilaDay } from '../domain/time'
import type { Storage } from '../durable/storage'
import { type Timer, Timers } from '../durable/timers'
import type {
  Answer,
  BatchReply,
  CancelNote,
  Fold,
  IncidentFile,
  IntakeBatch,
  Listing,
  ListQuery,
  StatusPush,
} from './contract'
import { Directory } from './directory'
import { Incidents } from './incidents'
import { Log } from './log'
import { Mirrors } from './mirrors'
import { Pushes } from './pushes'
import { RIGHT_FOR } from './rights'
import { Unverified } from './unverified'

const DIRECTORY_ROWS_PER_REPLY = 400
/** A cancel may come before its SOS; this long it waits. */
const CANCEL_HELD_MS = 10 * 60_000
/** A look at the same incident by the same person is logged once in this time. */
const LOOK_LOGGED_EVERY_MS = 10 * 60_000
/** Intakes forget a cancel after 8 days, and cannot repeat it then. */
const JUDGED_KEPT_MS = 9 * 24 * 60 * 60_000
const FORGET_AFTER_MS = 24 * 60 * 60_000

export type RoomPorts = {
  region: RegionId
  now(): number
  newId(): string
  nextFree(exceptUid: string): { uid: string; name: string } | null
  hasScreen(uid: string): boolean
  /** After the transaction: what changed, for the screens. */
  changed(summary: IncidentSummary): void
}

type Change = { before: Incident | null; after: Incident; lines: Line[]; actor: Actor }

const UNKNOWN: Refusal = { code: 'not_found', reason: 'unknown_incident', message: 'There is no such incident.' }

export class Room {
  readonly incidents: Incidents
  readonly directory: Directory
  readonly log: Log
  readonly timers: Timers
  readonly pushes: Pushes
  readonly mirrors: Mirrors
  readonly unverified: Unverified
  canaryAt: number | null = null
  private readonly looks = new Map<string, number>()
  private news: IncidentSummary[] = []

  constructor(
    private readonly storage: Storage,
    private readonly ports: RoomPorts,
  ) {
    this.incidents = new Incidents(storage)
    this.directory = new Directory(storage)
    this.timers = new Timers(storage, ports.now)
    this.pushes = new Pushes(storage)
    this.mirrors = new Mirrors(storage, ports.region)
    this.unverified = new Unverified(storage)
    this.log = new Log(storage, ports.region, ports.now, ports.newId)
    this.screensVanished()
  }

  /** Takes an intake's batch: presses, judged cancels, counts of unverified ones. Repeating it changes nothing. */
  receive(batch: IntakeBatch): BatchReply {
    if (batch.canary !== null) this.canaryAt = this.ports.now()
    this.transact(() => {
      for (const press of batch.presses) this.takePress(press, batch.intake)
      for (const fold of batch.folds ?? []) this.takeFold(fold)
      for (const cancel of batch.cancels) this.takeCancel(cancel)
      if (batch.unverified) this.unverified.put(batch.intake, batch.unverified)
    })
    const directory = this.directory.newerForIntakes(batch.directoryVersion, DIRECTORY_ROWS_PER_REPLY)
    const touched = [...batch.presses.map((press) => press.sosId), ...batch.cancels.map((cancel) => cancel.sosId)]
    return {
      confirmed: batch.presses.map((press) => press.sosId),
      cancels: batch.cancels.map((cancel) => cancel.n),
      statuses: this.statuses([...new Set(touched)]),
      directory: directory.rows,
      directoryVersion: directory.rows.at(-1)?.version ?? batch.directoryVersion,
      more: directory.more,
      canary: batch.canary,
    }
  }

  act(incidentId: string, act: Act, viewer: Viewer): Answer {
    const incident = this.incidents.find(incidentId)
    if (!incident) return { ok: false, refusal: UNKNOWN }
    const refusal = this.refuses(viewer, RIGHT_FOR[act.type], [incident.desk, incident.region])
    if (refusal) return { ok: false, refusal }
    const actor: Actor = { uid: viewer.uid, name: viewer.name, alias: viewer.alias, role: viewer.role, kind: 'person' }
    const refused = this.transact(() =>
      isPairAct(act) ? this.actOnPair(incident, act, actor) : this.actAlone(incident, act, actor),
    )
    const summary = this.incidents.summary(incidentId) as IncidentSummary
    return refused ? { ok: false, refusal: refused, incident: summary } : { ok: true, incident: summary }
  }

  /** An incident that an operator writes down: a call, a walk-in. The same `requestId` gives the same incident. */
  create(input: NewByPhone, viewer: Viewer): Answer {
    const refusal = this.refuses(viewer, 'incident:create', [this.ports.region])
    if (refusal) return { ok: false, refusal }
    const id = idFrom(this.ports.region, `phone\n${viewer.uid}\n${input.requestId}`)
    const known = this.incidents.summary(id)
    if (known) return { ok: true, incident: known }
    const now = this.ports.now()
    const deviceId = input.deviceId ?? (input.plate ? this.directory.deviceOfPlate(input.plate) : null)
    const cards = deviceId ? this.directory.cardsOf(deviceId) : { driver: null, vehicle: null }
    const press: Press = {
      sosId: id,
      deviceId: deviceId ?? '',
      home: this.ports.region,
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
    const open = deviceId ? this.incidents.ofPerson(incident.person) : null
    const actor: Actor = { uid: viewer.uid, name: viewer.name, alias: viewer.alias, role: viewer.role, kind: 'person' }
    this.transact(() => {
      const coded = { ...incident, code: this.nextCode() }
      this.save({
        before: null,
        after: coded,
        lines: [
          { type: 'created', body: { ...pressBody(press, 1), by: viewer.uid, phone: input.phone, plate: input.plate } },
        ],
        actor,
      })
      if (open) this.savePair(link(coded, open, now), coded, open, actor)
    })
    return { ok: true, incident: this.incidents.summary(id) as IncidentSummary }
  }

  /** A person at a desk makes an unverified press a real, quiet incident. */
  promote(source: string, receivedAt: number, viewer: Viewer): Answer {
    const refusal = this.refuses(viewer, 'unverified:promote', [this.ports.region])
    if (refusal) return { ok: false, refusal }
    const found = this.unverified.latest().find((press) => press.source === source && press.receivedAt === receivedAt)
    if (!found)
      return {
        ok: false,
        refusal: { code: 'not_found', reason: 'unknown_press', message: 'There is no such unverified press any more.' },
      }
    const id = idFrom(this.ports.region, `unverified\n${source}\n${receivedAt}`)
    const known = this.incidents.summary(id)
    if (known) return { ok: true, incident: known }
    const now = this.ports.now()
    const press: Press = {
      ...found,
      sosId: id,
      deviceId: '',
      home: this.ports.region,
      tokenGeneration: 0,
      reporter: 'unenrolled',
      safeToTalk: null,
      tripId: null,
      pressedAt: null,
      labels: [],
    }
    const actor: Actor = { uid: viewer.uid, name: viewer.name, alias: viewer.alias, role: viewer.role, kind: 'person' }
    this.transact(() => {
      const begun = beginIncident({ press, driver: null, vehicle: null, code: this.nextCode(), now })
      const incident: Incident = {
        ...begun,
        deviceId: null,
        person: `incident:${id}`,
        flags: [...begun.flags, 'promoted'],
      }
      this.save({
        before: null,
        after: incident,
        lines: [
          { type: 'created', body: pressBody(press, 1) },
          { type: 'promoted', body: { source } },
        ],
        actor,
      })
    })
    return { ok: true, incident: this.incidents.summary(id) as IncidentSummary }
  }

  list(query: ListQuery, viewer: Viewer): Listing {
    const at = { epoch: this.log.epoch, seq: this.log.seq }
    if (!may(viewer, 'incident:see', [this.ports.region])) return { incidents: [], at }
    const own = this.incidents.list(query)
    const guests = this.mirrors.list(query)
    const all = guests.length === 0 ? own : [...own, ...guests].sort(queueOrder).slice(0, query.limit)
    return { incidents: all, at }
  }

  /** The whole file of an incident. Whoever looked is in the log. */
  file(incidentId: string, viewer: Viewer): IncidentFile | null {
    const incident = this.incidents.find(incidentId)
    if (!incident) return null
    if (may(viewer, 'incident:see', [incident.desk, incident.region])) this.logLook(incident, viewer)
    return {
      incident: this.incidents.summary(incidentId) as IncidentSummary,
      events: this.log.ofIncident(incidentId),
      at: { epoch: this.log.epoch, seq: this.log.seq },
    }
  }

  /** Painted on a visible screen, by the seqs of the cards drawn. Only an incident's first receipt is written. */
  shown(seqs: readonly number[], viewer: Viewer): void {
    this.markShown(
      seqs.flatMap((seq) => this.incidents.unseenAt(seq) ?? []),
      viewer.uid,
    )
  }

  /** The same, of cards that another region's desk has painted. */
  cardsShown(incidentIds: readonly string[], uid: string): void {
    this.markShown(
      incidentIds.flatMap((id) => this.incidents.find(id) ?? []).filter((incident) => incident.shownAt === null),
      uid,
    )
  }

  private markShown(unseen: Incident[], uid: string): void {
    if (unseen.length === 0) return
    this.transact(() => {
      for (const incident of unseen) {
        const after = { ...incident, shownAt: this.ports.now() }
        this.save({ before: incident, after, lines: [{ type: 'shown', body: { to: uid } }], actor: SYSTEM })
      }
    })
  }

  /** The rows that a screen begins with, in queue order: own incidents and guests. */
  queue(limit: number): IncidentSummary[] {
    const guests = this.mirrors.queue()
    const own = this.incidents.queue(limit)
    return guests.length === 0 ? own : [...own, ...guests].sort(queueOrder).slice(0, limit)
  }

  /** What changed after `seq`, ascending. */
  since(seq: number, limit: number): IncidentSummary[] {
    const guests = this.mirrors.since(seq, limit)
    const own = this.incidents.since(seq, limit)
    return guests.length === 0 ? own : [...own, ...guests].sort((a, b) => a.seq - b.seq).slice(0, limit)
  }

  counts(): { open: number; untaken: number; queued: number } {
    const own = this.incidents.counts()
    const guests = this.mirrors.queue()
    return {
      open: own.open + guests.length,
      untaken: own.untaken + guests.filter((card) => card.owner === null).length,
      queued: own.queued + guests.length,
    }
  }

  /** This person's first screen has come, or the last has gone: then what they hold goes back to the queue in a while. */
  screenUser(uid: string, present: boolean): void {
    this.transact(() => {
      if (present) this.storage.sql.exec('INSERT OR IGNORE INTO screen_user (uid) VALUES (?)', uid)
      else this.storage.sql.exec('DELETE FROM screen_user WHERE uid = ?', uid)
      for (const incident of this.incidents.ownedBy(uid)) {
        if (present) this.timers.cancel('owner_screen', incident.id)
        else this.timers.set('owner_screen', incident.id, this.ports.now() + OWNER_SCREEN_MS[incident.priority])
      }
    })
  }

  /** Cards of incidents that live in another room and whose desk is, or was, here. */
  takeMirrored(cards: readonly IncidentSummary[]): void {
    this.transact(() => {
      for (const card of cards) {
        if (card.seq <= this.mirrors.homeSeq(card.id)) continue
        const seq = this.log.append(
          [{ type: 'mirrored', incident: card.id, body: { from: card.region, seq: card.seq, state: card.state } }],
          SYSTEM,
        )
        this.mirrors.put(card, seq)
        this.news.push({ ...card, seq })
      }
    })
  }

  learn(rows: readonly DirectoryRow[]): DirectoryRow[] {
    return this.transact(() => {
      const learned = this.directory.learn(rows)
      for (const row of learned) if (row.kind === 'device') this.refreshCards(row.id)
      return learned
    })
  }

  /** Fires what is due, at most `limit` at once. Gives whether more is due. */
  fire(limit = 100): boolean {
    const due = this.timers.due(limit)
    for (const timer of due) {
      this.transact(() => {
        this.timers.remove(timer)
        this.ring(timer)
      })
    }
    return due.length === limit
  }

  statuses(sosIds: readonly string[]): StatusPush[] {
    return sosIds.flatMap((sosId) => {
      const press = this.pushes.press(sosId)
      const incident = press && this.incidents.find(press.incident)
      if (!press || !incident) return []
      return [
        {
          sosId,
          deviceId: press.device,
          view: phoneViewOf(incident, press),
          version: this.log.seq,
          epoch: this.log.epoch,
          duress: incident.duress,
        },
      ]
    })
  }

  /** Null where the person may; the refusal otherwise. */
  private refuses(viewer: Viewer, action: Parameters<typeof may>[1], regions: RegionId[]): Refusal | null {
    const user = this.directory.get('user', viewer.uid)
    if (user && (!user.active || user.sessionEpoch > viewer.epoch))
      return { code: 'forbidden', reason: 'session_ended', message: 'This session has ended. Log in again.' }
    if (!regions.some((region) => viewer.regions.includes(region)))
      return { code: 'forbidden', reason: 'foreign_region', message: 'You have no rights in this region.' }
    if (!may(viewer, action, regions))
      return { code: 'forbidden', reason: 'role', message: `The role ${viewer.role} may not do this.` }
    return null
  }

  private takePress(press: Press, intake: string): void {
    if (this.pushes.press(press.sosId)) return
    const now = this.ports.now()
    const { driver, vehicle } = this.directory.cardsOf(press.deviceId)
    const open = this.incidents.ofPerson(personOf(driver, press.deviceId))
    if (open && takesPress(open, now)) {
      const merged = mergePress(open, { press, now })
      if (merged.ok) this.save({ before: open, after: merged.incident, lines: merged.lines, actor: PRESSER })
      this.pushes.addPress(press, merged.ok ? merged.incident : open, intake)
    } else {
      const incident = beginIncident({ press, driver, vehicle, code: this.nextCode(), now })
      this.save({
        before: null,
        after: incident,
        lines: [{ type: 'created', body: pressBody(press, 1) }],
        actor: PRESSER,
      })
      this.pushes.addPress(press, incident, intake)
    }
    this.takeHeldCancel(press)
  }

  private takeFold(fold: Fold): void {
    const fresh = this.pushes.fold(fold.sosId, fold.count)
    const press = this.pushes.press(fold.sosId)
    const incident = press && this.livingTarget(press.incident)
    if (!incident || fresh === 0) return
    const outcome = foldPresses(incident, { ...fold, fresh, now: this.ports.now() })
    if (outcome.ok) this.save({ before: incident, after: outcome.incident, lines: outcome.lines, actor: PRESSER })
  }

  private takeHeldCancel(press: Press): void {
    const [held] = this.storage.sql
      .exec<{ body: string }>(
        'SELECT body FROM held_cancel WHERE sos_id = ? AND device = ? AND until > ?',
        press.sosId,
        press.deviceId,
        this.ports.now(),
      )
      .toArray()
    if (!held) return
    this.storage.sql.exec('DELETE FROM held_cancel WHERE sos_id = ? AND device = ?', press.sosId, press.deviceId)
    // It was judged before the press arrived, and is meant for it all the same.
    this.takeCancel({ ...(JSON.parse(held.body) as CancelNote), at: Math.max(press.receivedAt, this.ports.now()) })
  }

  private takeCancel(cancel: CancelNote): void {
    const press = this.pushes.press(cancel.sosId)
    if (!press) {
      const until = this.ports.now() + CANCEL_HELD_MS
      this.storage.sql.exec(
        'INSERT OR REPLACE INTO held_cancel (sos_id, device, body, until) VALUES (?, ?, ?, ?)',
        cancel.sosId,
        cancel.deviceId,
        JSON.stringify(cancel),
        until,
      )
      return
    }
    if (press.device !== cancel.deviceId || !this.pushes.firstOf(cancel)) return
    const incident = this.livingTarget(press.incident)
    if (!incident) return
    const outcome = decidePin(incident, cancel, this.ports.now())
    if (outcome.ok && outcome.lines.length > 0)
      this.save({ before: incident, after: outcome.incident, lines: outcome.lines, actor: PRESSER })
    if (cancel.verdict === 'true' && !incident.duress)
      this.pushes.cancelPresses(incident.id, cancel.deviceId, cancel.at)
  }

  // A duplicate has no life of its own: what concerns it concerns the incident it was merged into.
  private livingTarget(id: string): Incident | null {
    let incident = this.incidents.find(id)
    for (let hops = 0; incident?.mergedInto && hops < 10; hops++) incident = this.incidents.find(incident.mergedInto)
    return incident
  }

  private actAlone(incident: Incident, act: Exclude<Act, PairAct>, actor: Actor): Refusal | null {
    const outcome = decide(incident, act, actor, {
      now: this.ports.now(),
      newId: this.ports.newId(),
      nextFree: act.type === 'pass' ? this.ports.nextFree(actor.uid) : null,
    })
    return this.saveOutcome(incident, outcome, actor)
  }

  private actOnPair(incident: Incident, act: PairAct, actor: Actor): Refusal | null {
    const now = this.ports.now()
    if (act.type === 'unmerge' && act.sosId !== undefined && act.sosId !== incident.id) {
      const pair = splitPress(incident, act.sosId, this.nextCode(), now)
      if (pair.ok) this.pushes.movePress(act.sosId, act.sosId)
      return this.savePair(pair, incident, null, actor)
    }
    const otherId = act.type === 'merge' ? act.intoId : act.type === 'unmerge' ? incident.mergedInto : act.otherId
    const other = otherId ? this.incidents.find(otherId) : null
    if (!other)
      return act.type === 'unmerge'
        ? { code: 'conflict', reason: 'not_merged', message: `${incident.code} is not merged into another.` }
        : { ...UNKNOWN, message: 'There is no such other incident in this region.' }
    const pair = { link, unlink, merge, unmerge }[act.type](incident, other, now)
    return this.savePair(pair, incident, other, actor)
  }

  private saveOutcome(before: Incident, outcome: Outcome, actor: Actor): Refusal | null {
    if (!outcome.ok) return outcome.refusal
    if (outcome.lines.length > 0) this.save({ before, after: outcome.incident, lines: outcome.lines, actor })
    return null
  }

  private savePair(pair: Pair, one: Incident | null, other: Incident | null, actor: Actor): Refusal | null {
    if (!pair.ok) return pair.refusal
    if (pair.oneLines.length > 0) this.save({ before: one, after: pair.one, lines: pair.oneLines, actor })
    if (pair.otherLines.length > 0) this.save({ before: other, after: pair.other, lines: pair.otherLines, actor })
    return null
  }

  private ring({ kind, key }: Timer): void {
    if (kind === 'forget') {
      this.forgetOld()
      return
    }
    const incident = this.incidents.find(key)
    if (!incident) return
    const now = this.ports.now()
    const outcome = ((): Outcome | null => {
      switch (kind) {
        case 'untaken':
          return accept(
            { ...incident, offered911At: now },
            { type: 'untaken_told', body: { told: incident.contactPolicy === 'voice_ok' && !incident.duress } },
          )
        case 'first_act':
          return release(incident, 'no_first_act', now)
        case 'owner_screen':
          return incident.owner && !this.ports.hasScreen(incident.owner.uid)
            ? release(incident, 'owner_screen_gone', now)
            : null
        case 'reaction':
          return accept(
            { ...incident, reactBy: null, ring: ring(incident, 'all', 'no_reaction', now) },
            { type: 'realarmed', body: { why: 'no reaction to a re-press' } },
          )
        case 'cancel_verify':
          return accept(
            { ...incident, flags: incident.flags.filter((flag) => flag !== 'cancel_verify'), closedAt: now },
            { type: 'cancel_verified', body: { by: 'time' } },
          )
        default:
          return null
      }
    })()
    if (outcome) this.saveOutcome(incident, outcome, SYSTEM)
  }

  private save({ before, after, lines, actor }: Change): void {
    const seq = this.log.append(
      lines.map((line) => ({ ...line, incident: after.id })),
      actor,
    )
    this.incidents.save(after, seq)
    this.setClocks(before, after)
    this.pushes.incidentChanged(after)
    this.mirrors.incidentChanged(after, before)
    this.news.push(summarize(after, seq))
  }

  private setClocks(before: Incident | null, after: Incident): void {
    const due = clocksOf(after)
    const had = before ? clocksOf(before) : {}
    for (const kind of TIMER_KINDS) {
      const at = due[kind]
      if (at === had[kind]) continue
      if (at === undefined) this.timers.cancel(kind, after.id)
      else this.timers.set(kind, after.id, at)
    }
    if (before?.owner && before.owner.uid !== after.owner?.uid) this.timers.cancel('owner_screen', after.id)
  }

  private refreshCards(deviceId: string): void {
    const { driver, vehicle } = this.directory.cardsOf(deviceId)
    for (const incident of this.incidents.liveOfDevice(deviceId)) {
      if (JSON.stringify([driver, vehicle]) === JSON.stringify([incident.driver, incident.vehicle])) continue
      const person = incident.person.startsWith('device:') ? personOf(driver, deviceId) : incident.person
      const lines: Line[] = [
        { type: 'position', body: { cards: { driver: driver?.id ?? null, vehicle: vehicle?.id ?? null } } },
      ]
      this.save({ before: incident, after: { ...incident, driver, vehicle, person }, lines, actor: SYSTEM })
    }
  }

  private logLook(incident: Incident, viewer: Viewer): void {
    if (incident.owner?.uid === viewer.uid) return
    const key = `${viewer.uid}\n${incident.id}`
    const now = this.ports.now()
    if (now - (this.looks.get(key) ?? Number.NEGATIVE_INFINITY) < LOOK_LOGGED_EVERY_MS) return
    if (this.looks.size > 5_000) this.looks.clear()
    this.looks.set(key, now)
    this.transact(() => {
      this.log.append([{ type: 'looked', incident: incident.id, body: { by: viewer.uid, role: viewer.role } }], {
        uid: viewer.uid,
        alias: viewer.alias,
        kind: 'person',
      })
    })
  }

  private forgetOld(): void {
    const now = this.ports.now()
    for (const id of this.incidents.forgettable(now - FORGET_AFTER_MS, 500)) this.incidents.forget(id)
    this.mirrors.forgetEnded(500)
    this.storage.sql.exec('DELETE FROM held_cancel WHERE until <= ?', now)
    this.storage.sql.exec('DELETE FROM judged WHERE at < ?', now - JUDGED_KEPT_MS)
    this.timers.set('forget', '', now + 60 * 60_000)
  }

  // Born anew after a crash: nobody's screen is connected, so whoever had one gets the time that a lost screen gets.
  private screensVanished(): void {
    const users = this.storage.sql.exec<{ uid: string }>('SELECT uid FROM screen_user').toArray()
    for (const { uid } of users) this.screenUser(uid, false)
    if (this.timers.get('forget', '') === null) this.timers.set('forget', '', this.ports.now() + 60 * 60_000)
  }

  private nextCode(): string {
    const day = manilaDay(this.ports.now())
    const [row] = this.storage.sql.exec<{ value: string }>("SELECT value FROM meta WHERE key = 'code'").toArray()
    const known = row ? (JSON.parse(row.value) as { day: string; n: number }) : null
    const n = known?.day === day ? known.n + 1 : 1
    this.storage.sql.exec("INSERT OR REPLACE INTO meta (key, value) VALUES ('code', ?)", JSON.stringify({ day, n }))
    return `${this.ports.region}-${n}`
  }

  // Screens hear of a change only after its transaction; of one that failed, never.
  private transact<T>(run: () => T): T {
    try {
      const result = this.storage.transactionSync(run)
      const { news } = this
      this.news = []
      for (const summary of news) this.ports.changed(summary)
      return result
    } catch (error) {
      this.news = []
      this.log.reload()
      throw error
    }
  }
}

type PairAct = Extract<Act, { type: 'link' | 'unlink' | 'merge' | 'unmerge' }>

const isPairAct = (act: Act): act is PairAct =>
  act.type === 'link' || act.type === 'unlink' || act.type === 'merge' || act.type === 'unmerge'

/** The order of the queue: priority, not taken, oldest. */
export function queueOrder(a: IncidentSummary, b: IncidentSummary): number {
  return (
    a.priority.localeCompare(b.priority) ||
    Number(a.owner !== null) - Number(b.owner !== null) ||
    a.alarmedAt.localeCompare(b.alarmedAt)
  )
}

/** An incident's id from what makes it unique here: a UUIDv8 whose first byte names the room. */
function idFrom(region: RegionId, what: string): string {
  const bytes = createHash('sha256').update(what).digest().subarray(0, 16)
  bytes[0] = regionById(region).number
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
