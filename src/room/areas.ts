// Broadcasts to a region's own drivers in an area: what a supervisor counts and then confirms, who is told, and how it ends.
// Telling is in areas-telling.ts, answers in areas-roll.ts, what is on disk in areas-kept.ts.

import type { Viewer } from '../domain/access'
import {
  type AreaDraft,
  areaPageId,
  type Checked,
  checkDraft,
  DEVICES_MAX,
  PREVIEW_MS,
  type RollEntry,
  type ShownArea,
} from '../domain/area'
import { type Actor, type Refusal, SYSTEM } from '../domain/command'
import { pageIdOf } from '../domain/page-id'
import { mayReachPresser } from '../domain/phone-view'
import { personOf } from '../domain/presses'
import { type Acts, actorOf } from './acts'
import type { AreaAnswer, AreaPreviewed, GuestAsk } from './areas-contract'
import { countsOf } from './areas-count'
import { AreasGuests, allOf, type CountedGuests } from './areas-guests'
import { type Area, type Concerned, KeptAreas } from './areas-kept'
import { AreasMessages } from './areas-messages'
import { AreasOfDesks } from './areas-of-desks'
import { AreasRoll, type RollParts } from './areas-roll'
import { entriesOf, type Homes, shownArea } from './areas-shown'
import { AreasTelling } from './areas-telling'
import type { Change, Ledger } from './ledger'

export const AREA_TIMER = 'area'
const LISTED = 50
const OPEN_MAX = 20
const KEPT_MS = 8 * 24 * 60 * 60_000
const DAY_MS = 24 * 60 * 60_000
/** Days begin in Manila. */
const MANILA_MS = 8 * 60 * 60_000
/** A look at the same list by the same person is logged once in this time. */
const LOOK_LOGGED_EVERY_MS = 10 * 60_000

/** What a count has found: our own devices and people, and those whom other homes have counted. */
export type Counted = CountedGuests & {
  id: string
  draft: AreaDraft
  devices: number
  people: readonly Concerned[]
  lines: ReadonlySet<string>
}

export class Areas {
  readonly kept: KeptAreas
  readonly telling: AreasTelling
  readonly roll: AreasRoll
  readonly messages: AreasMessages
  /** Our area, people of other homes. */
  readonly guests: AreasGuests
  /** Our people, in an area of another region's desk. */
  readonly ofDesks: AreasOfDesks
  private readonly looks = new Map<string, number>()
  /** Somebody is still to be told something. False is certain, true may be one time too many. */
  private busy: boolean

  constructor(
    private readonly ledger: Ledger,
    private readonly acts: Pick<Acts, 'refuses'>,
    parts: RollParts,
  ) {
    this.kept = new KeptAreas(ledger.storage)
    this.telling = new AreasTelling(ledger, this.kept, (area) => this.log('told', area, SYSTEM))
    this.roll = new AreasRoll(ledger, this.kept, parts, this.telling)
    this.messages = new AreasMessages(ledger)
    this.guests = new AreasGuests(ledger, this.kept)
    this.ofDesks = new AreasOfDesks(ledger, this)
    ledger.followers.push((change) => this.changed(change))
    ledger.turnings.push(() => this.turned())
    this.busy = true
  }

  /** True where the drain has something to do. */
  get waits(): boolean {
    return this.busy
  }

  /** Nobody was left. */
  rested(): void {
    this.busy = this.telling.waits
  }

  /** Before anybody is asked where vehicles are. */
  checked(draft: AreaDraft, viewer: Viewer): Checked {
    const { region, now } = this.ledger.ports
    const refusal = this.acts.refuses(viewer, 'broadcast:send', [region])
    return refusal ? { ok: false, refusal } : checkDraft(draft, region, now())
  }

  /** What other homes are asked about it, under the name that it will have. */
  asking(draft: AreaDraft, viewer: Viewer): GuestAsk {
    const { region, newId } = this.ledger.ports
    return { id: pageIdOf('area preview', region, viewer.uid, newId()), from: region, draft, sender: viewer }
  }

  /** Step one. `lines`: devices with an open lifeline. Nobody is told anything by it. */
  previewed({ id, draft, devices, people, lines, guests, missing }: Counted, viewer: Viewer): AreaPreviewed {
    const { region, now } = this.ledger.ports
    const area: Area = {
      ...draft,
      ...{ id, region, state: 'previewed', ref: '', sender: viewer, told: 0, guests, missing },
      counts: countsOf(this.ledger, devices, people, lines),
      ...{ previewedAt: now(), sentAt: 0, endedAt: null, endedBy: null },
    }
    const counts = allOf(area)
    if (counts.devices > DEVICES_MAX) {
      const words = `There are ${counts.devices} devices in it; at most ${DEVICES_MAX} are told at once.`
      return conflict('area_too_many', words)
    }
    this.ledger.transact(() => {
      this.kept.forget(now() - 4 * PREVIEW_MS, now() - KEPT_MS)
      this.kept.save(area, people)
    })
    const ofOthers = guests.map((part) => ({ region: part.region, devices: part.counts.devices }))
    return { ok: true, preview: { id, counts, guests: ofOthers, missing, until: area.previewedAt + PREVIEW_MS } }
  }

  /** Step two. Whoever was counted is told, and nobody else: devices that enter later are not. */
  confirm(id: string, devices: number, viewer: Viewer): AreaAnswer {
    const { region, now } = this.ledger.ports
    const refusal = this.acts.refuses(viewer, 'broadcast:send', [region])
    if (refusal) return { ok: false, refusal }
    const area = this.kept.find(id)
    if (!area || area.from) return conflict('preview_gone', 'There is no such preview any more: count once more.')
    if (area.sender.uid !== viewer.uid)
      return conflict('preview_of_other', 'Somebody else has counted this: count for yourself.')
    if (area.state !== 'previewed') return { ok: true, area: this.shown(area) }
    if (now() > area.previewedAt + PREVIEW_MS)
      return conflict('preview_expired', 'It was counted more than 5 minutes ago: count once more.')
    const counts = allOf(area)
    if (devices !== counts.devices)
      return conflict('not_as_previewed', `Counted were ${counts.devices} devices, confirmed ${devices}.`)
    if (area.until <= now()) return conflict('area_over', 'It would be over before anybody reads it.')
    if (counts.lifeline + counts.text === 0)
      return conflict('nobody', 'Nobody in it can be reached: there is nobody to tell.')
    if (this.kept.inState('sending', 'open').filter(({ from }) => !from).length >= OPEN_MAX)
      return conflict('area_many_open', 'End a broadcast before you begin another.')
    const sent: Area = {
      ...area,
      ...{ state: 'sending', sentAt: now(), ref: this.nextRef(), sender: viewer },
      guests: (area.guests ?? []).map((part) => ({ ...part, due: 'send' })),
    }
    this.begin(sent)
    return { ok: true, area: this.shown(sent) }
  }

  /** From now on its people have their turn. */
  begin(sent: Area): void {
    this.ledger.transact(() => {
      this.kept.save(sent)
      this.ledger.timers.set(AREA_TIMER, sent.id, sent.until)
      const { kind, place, text, polygon, until, counts, from, missing } = sent
      const guests = (sent.guests ?? []).map((part) => ({ region: part.region, counts: part.counts }))
      const body = { kind, place, text, polygon, until, counts, guests, missing, ...(from && { from }) }
      this.log('sent', sent, actorOf(sent.sender), body)
    })
    this.busy = true
    this.guests.due()
  }

  cancel(id: string, reason: string | null, viewer: Viewer): AreaAnswer {
    const { region, now } = this.ledger.ports
    const refusal = this.acts.refuses(viewer, 'broadcast:send', [region])
    if (refusal) return { ok: false, refusal }
    const area = this.kept.find(id)
    if (!area || area.from || area.state === 'previewed') return { ok: false, refusal: UNKNOWN }
    if (area.state === 'cancelled') return { ok: true, area: this.shown(area) }
    if (area.state === 'expired') return conflict('area_over', 'It is over.')
    const cancelled: Area = {
      ...area,
      ...{ state: 'cancelled', endedAt: now(), endedBy: viewer.alias },
      guests: (area.guests ?? []).map((part) => ({ ...part, due: 'cancel' })),
    }
    this.end(cancelled, reason, viewer)
    return { ok: true, area: this.shown(cancelled) }
  }

  /** Whoever was told hears that it is not so. */
  end(cancelled: Area, reason: string | null, viewer: Viewer): void {
    const { id } = cancelled
    this.ledger.transact(() => {
      this.kept.save(cancelled)
      this.ledger.timers.cancel(AREA_TIMER, id)
      this.ledger.pages.stop({ pageIds: this.kept.textPages(id), why: 'cancelled' })
      this.kept.recall(id)
      this.log('cancelled', cancelled, actorOf(viewer), { reason, roll: this.kept.rollOf(cancelled) })
    })
    this.busy = true
    this.guests.due()
  }

  /** Of this region's desk, newest first. */
  listed(viewer: Viewer): { ok: true; areas: Area[] } | { ok: false; refusal: Refusal } {
    const refusal = this.acts.refuses(viewer, 'incident:see', [this.ledger.ports.region])
    return refusal ? { ok: false, refusal } : { ok: true, areas: this.kept.sent(LISTED) }
  }

  /** To be shown with names: who looks is in the log. */
  looked(id: string, viewer: Viewer): { ok: true; area: Area } | { ok: false; refusal: Refusal } {
    const refusal = this.acts.refuses(viewer, 'incident:see', [this.ledger.ports.region])
    if (refusal) return { ok: false, refusal }
    const area = this.kept.find(id)
    if (!area || area.from || area.state === 'previewed') return { ok: false, refusal: UNKNOWN }
    this.logLook(area, viewer)
    return { ok: true, area }
  }

  /** Ours among those whom it concerns. */
  peopleOf(id: string): RollEntry[] {
    return entriesOf(this.ledger, this.kept, id)
  }

  /** True where the timer was ours. Inside a transaction. */
  rang({ kind, key }: { kind: string; key: string }): boolean {
    if (kind !== AREA_TIMER) return false
    const area = this.kept.find(key)
    if (area?.state !== 'sending' && area?.state !== 'open') return true
    const expired: Area = { ...area, state: 'expired', endedAt: this.ledger.ports.now() }
    this.kept.save(expired)
    this.log('expired', expired, SYSTEM, { roll: this.kept.rollOf(expired) })
    return true
  }

  forget(): void {
    const now = this.ledger.ports.now()
    this.kept.forget(now - 4 * PREVIEW_MS, now - KEPT_MS)
  }

  /** Silence is kept at their side from now: what waits for them, or for who sits beside them, must not arrive. */
  private changed({ before, after: incident }: Change): void {
    if (mayReachPresser(incident, 'area') === 'open') return
    if (before && mayReachPresser(before, 'area') !== 'open') return
    const open = this.kept.pagingSince(this.ledger.ports.now() - 2 * DAY_MS)
    if (open.length === 0) return
    const { directory, pages } = this.ledger
    const beside = [incident.deviceId, ...incident.presses.map(({ deviceId }) => deviceId)].flatMap((id) =>
      id ? [id, ...directory.companionsOf(id)] : [],
    )
    const people = new Set([incident.person, ...(incident.driver ? [`driver:${incident.driver.id}`] : [])])
    for (const id of beside) people.add(personOf(directory.cardsOf(id).driver, id))
    const pageIds = open.flatMap((id) =>
      [...people].flatMap((person) => [areaPageId(id, person), pageIdOf('area cancelled', id, person)]),
    )
    pages.stop({ pageIds, why: 'quiet' })
  }

  // The clock was set back: what ends after so many minutes ends with its timer.
  private turned(): void {
    this.looks.clear()
    for (const area of this.kept.inState('sending', 'open')) {
      const until = this.ledger.timers.get(AREA_TIMER, area.id)
      if (until !== null && until !== area.until) this.kept.save({ ...area, until })
    }
  }

  /** `homes`: what the homes of its guests say of it. */
  shown(area: Area, homes?: Homes): ShownArea {
    return shownArea(area, this.kept.rollOf(area), homes)
  }

  private nextRef(): string {
    const now = this.ledger.ports.now()
    const midnight = Math.floor((now + MANILA_MS) / DAY_MS) * DAY_MS - MANILA_MS
    return `A-${this.kept.sentSince(midnight) + 1}`
  }

  private log(what: string, { id, ref }: Area, actor: Actor, more: Record<string, unknown> = {}): void {
    this.ledger.log.append([{ type: 'area', incident: null, body: { what, area: id, ref, ...more } }], actor)
  }

  logLook(area: Area, viewer: Viewer): void {
    const key = `${viewer.uid}\n${area.id}`
    const now = this.ledger.ports.now()
    if (now - (this.looks.get(key) ?? Number.NEGATIVE_INFINITY) < LOOK_LOGGED_EVERY_MS) return
    if (this.looks.size > 1_000) this.looks.clear()
    this.looks.set(key, now)
    const body = { by: viewer.uid, role: viewer.role, area: area.id, ref: area.ref }
    this.ledger.transact(() => this.ledger.log.append([{ type: 'looked', incident: null, body }], actorOf(viewer)))
  }
}

const UNKNOWN: Refusal = { code: 'not_found', reason: 'unknown_area', message: 'There is no such broadcast.' }
const conflict = (reason: string, message: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { code: 'conflict', reason, message },
})
