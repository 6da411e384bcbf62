// What a room answers about broadcasts and about what phones say: the order of asking others and deciding.

import type { Viewer } from '../domain/access'
import type { AreaCounts, AreaDraft } from '../domain/area'
import type { Refusal } from '../domain/command'
import type { Corner } from '../domain/fence'
import { isSkip, type PhoneSaid, readRollAnswer, type SaidHeard } from '../domain/phone-said'
import { type AnswerWay, readAnswer } from '../domain/queue-answer'
import type {
  AreaAnswer,
  AreaFile,
  AreaList,
  AreaPreviewed,
  AreasRpc,
  DriverMessage,
  GuestAsk,
  GuestFile,
  GuestOrder,
} from './areas-contract'
import { concerned, type Inside } from './areas-count'
import { askHomes, countGuests, type OtherHome } from './areas-guests'
import { everybody } from './areas-shown'
import { DrillAnswers } from './drills-answers'
import type { Room } from './room'

export type AreasPorts = {
  /** Devices of the region that are in it now. Rejects where a fleet shard does not answer: a part is no count. */
  inside(polygon: readonly Corner[]): Promise<Inside[]>
  /** Those of them that have an open lifeline. */
  lifelines(deviceIds: readonly string[]): Promise<readonly string[]>
  /** Rooms of the other regions, whose people may be in it. */
  others?: readonly OtherHome[]
}

const AWAY: Refusal = {
  code: 'conflict',
  reason: 'fleet_away',
  message: 'Not every part of the fleet answers now: count once more in a moment.',
}

export class AreasDesk implements AreasRpc {
  constructor(
    private readonly room: Room,
    private readonly ports: AreasPorts,
  ) {}

  async preview(draft: AreaDraft, viewer: Viewer): Promise<AreaPreviewed> {
    const { areas } = this.room
    const checked = areas.checked(draft, viewer)
    if (!checked.ok) return checked
    const { draft: asked } = checked
    const ask = areas.asking(asked, viewer)
    const [own, others] = await Promise.all([
      // A part is no count: whoever is with the shard that is away would be missing, and nobody would know.
      this.counted(asked.polygon).catch(() => null),
      // A region that is away is said to be missing: what ours must know does not wait for it.
      countGuests(this.others, ask),
    ])
    if (own === null) return { ok: false, refusal: AWAY }
    return areas.previewed({ id: ask.id, draft: asked, ...own, ...others }, viewer)
  }

  async confirm(previewId: string, devices: number, viewer: Viewer): Promise<AreaAnswer> {
    return this.room.areas.confirm(previewId, devices, viewer)
  }

  async cancel(id: string, reason: string | null, viewer: Viewer): Promise<AreaAnswer> {
    return this.room.areas.cancel(id, reason, viewer)
  }

  async list(viewer: Viewer): Promise<AreaList> {
    const { areas } = this.room
    const found = areas.listed(viewer)
    if (!found.ok) return found
    const homes = await askHomes(this.others, found.areas, null)
    return { ok: true, areas: found.areas.map((area) => areas.shown(area, homes)) }
  }

  async file(id: string, viewer: Viewer): Promise<AreaFile> {
    const { areas } = this.room
    const found = areas.looked(id, viewer)
    if (!found.ok) return found
    const { area } = found
    const homes = await askHomes(this.others, [area], viewer)
    return { ok: true, area: areas.shown(area, homes), people: everybody(id, areas.peopleOf(id), homes) }
  }

  async countGuests(ask: GuestAsk): Promise<AreaCounts> {
    const { devices, people, lines } = await this.counted(ask.draft.polygon)
    return this.room.areas.ofDesks.counted(ask, devices, people, lines)
  }

  async sendGuests(id: string, order: GuestOrder): Promise<void> {
    this.room.areas.ofDesks.send(id, order)
  }

  async cancelGuests(id: string, by: string, sender: Viewer): Promise<void> {
    this.room.areas.ofDesks.cancel(id, by, sender)
  }

  async guestFiles(ids: string[], named: Viewer | null): Promise<GuestFile[]> {
    return this.room.areas.ofDesks.files(ids, named)
  }

  async said(id: string, deviceId: string, said: PhoneSaid, via: AnswerWay): Promise<SaidHeard> {
    const { areas, storm, drills } = this.room
    const { answer, text } = said
    const inDrill = new DrillAnswers(drills).said(id, deviceId, said, via)
    if (inDrill !== null) return inDrill
    // A word for drills alone, said to anything else, is no answer to it.
    if (isSkip(answer) && text === null && !isAnyAnswer(answer)) return 'press'
    const inLine = readAnswer(answer)
    if (answer !== null) {
      const rolled = areas.roll.said(id, deviceId, answer, via)
      if (rolled !== null) return rolled
      if (inLine !== null && text === null) {
        const heard = storm.questions.answeredByPhone(id, deviceId, inLine, via)
        if (heard !== 'unknown') return heard
      }
    }
    return areas.messages.said(id, deviceId, text ?? answer ?? '', via) ?? 'unknown'
  }

  async messages(sosId: string, deviceId: string): Promise<DriverMessage[] | null> {
    return this.room.areas.messages.of(sosId, deviceId)
  }

  private get others(): readonly OtherHome[] {
    return this.ports.others ?? []
  }

  private async counted(polygon: readonly Corner[]) {
    const inside = await this.ports.inside(polygon)
    const people = concerned(this.room, inside)
    const lines = await this.ports.lifelines(people.flatMap(({ devices }) => devices))
    return { devices: inside.length, people, lines: new Set(lines) }
  }
}

const isAnyAnswer = (said: string | null): boolean => readAnswer(said) !== null || readRollAnswer(said) !== null
