// What others may ask of a room about broadcasts to an area, and about what phones say to messages of ours. Behind
// `RoomRpc.areas`. It only grows.

import type { Viewer } from '../domain/access'
import type { AreaCounts, AreaDraft, RollCall, RollEntry, ShownArea } from '../domain/area'
import type { Refusal } from '../domain/command'
import type { PhoneSaid, SaidHeard } from '../domain/phone-said'
import type { AnswerWay } from '../domain/queue-answer'
import type { RegionId } from '../domain/region'

type Refused = { ok: false; refusal: Refusal }

/**
 * Step one: nobody has been told anything. `until`: it may be confirmed until then, epoch ms. `counts` hold everybody; `guests`:
 * how many of these devices are at home elsewhere; `missing`: regions that did not answer, whose people are in no count.
 */
export type AreaPreview = {
  id: string
  counts: AreaCounts
  guests: { region: RegionId; devices: number }[]
  missing: RegionId[]
  until: number
}
export type AreaPreviewed = { ok: true; preview: AreaPreview } | Refused

export type AreaAnswer = { ok: true; area: ShownArea } | Refused
export type AreaList = { ok: true; areas: ShownArea[] } | Refused
/** Those who need help first, then those who have not answered. */
export type AreaFile = { ok: true; area: ShownArea; people: RollEntry[] } | Refused

/** What the room of a desk asks of a home's room, and orders there. Times are epoch ms. */
export type GuestAsk = { id: string; from: RegionId; draft: AreaDraft; sender: Viewer }
export type GuestOrder = { ref: string; sentAt: number; until: number; sender: Viewer }
export type GuestFile = { id: string; roll: RollCall; people: RollEntry[] }

/** Between rooms: people who are at home here and are in an area of another region's desk. All of it is safe to repeat. */
export interface AreasOfHome {
  countGuests(ask: GuestAsk): Promise<AreaCounts>
  sendGuests(id: string, order: GuestOrder): Promise<void>
  cancelGuests(id: string, by: string, sender: Viewer): Promise<void>
  /** `named`: who looks at the names, for the log; null where the figures alone are wanted. */
  guestFiles(ids: string[], named: Viewer | null): Promise<GuestFile[]>
}

/** As the driver's own page shows it. Times are epoch ms. */
export type DriverMessage = {
  id: string
  at: number
  from: 'tower' | 'driver'
  text: string
}

export interface AreasRpc extends AreasOfHome {
  preview(draft: AreaDraft, viewer: Viewer): Promise<AreaPreviewed>
  /** Step two, by whoever made the preview, with the number of devices that they saw. Repeats are the same broadcast. */
  confirm(previewId: string, devices: number, viewer: Viewer): Promise<AreaAnswer>
  cancel(id: string, reason: string | null, viewer: Viewer): Promise<AreaAnswer>
  list(viewer: Viewer): Promise<AreaList>
  /** With names: whoever looks is in the log. */
  file(id: string, viewer: Viewer): Promise<AreaFile>
  /** What this device says to a message of ours; `id`: of the message, or of its own press. */
  said(id: string, deviceId: string, said: PhoneSaid, via: AnswerWay): Promise<SaidHeard>
  /** Of its own press, oldest first; none where silence is kept. Null where there is no such press of this device. */
  messages(sosId: string, deviceId: string): Promise<DriverMessage[] | null>
}
