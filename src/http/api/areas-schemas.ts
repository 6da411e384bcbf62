// Broadcasts to an area as the API takes and tells them.

import {
  AREA_KINDS,
  AREA_STATES,
  type AreaDraft,
  PLACE_MAX,
  ROLL_STANDINGS,
  type RollEntry,
  type ShownArea,
  TEXT_MAX,
} from '../../domain/area'
import type { AreaPreview } from '../../room/areas-contract'
import type { AreaTexts } from '../areas'
import { MaybeTime, orNull, RegionIdSchema, Time, words } from './schemas/common'
import { z } from './schemas/zod'

const count = z.number().int()
const Corner = z.object({ lat: z.number(), lng: z.number() })
const CORNERS = 'In order around it, not closed: the last is joined to the first. 3 to 200, in degrees.'

export const AreaBody = z
  .object({
    kind: z.enum(AREA_KINDS).openapi({ description: 'Each has its own sentence and advice, unless `text` is given.' }),
    place: words(PLACE_MAX).openapi({
      description: 'As short as a text has room for.',
      example: 'Espana Blvd, Manila',
    }),
    text: z
      .object({ en: words(TEXT_MAX.en), fil: words(TEXT_MAX.fil) })
      .optional()
      .openapi({ description: 'Own words in place of the kind’s, in both languages, without a link.' }),
    corners: z.array(Corner).max(201).openapi({ description: CORNERS }),
    until: z.iso
      .datetime({ offset: true })
      .transform((text) => Date.parse(text))
      .openapi({ type: 'string', format: 'date-time', description: 'In 5 minutes to 24 hours.' }),
  })
  .openapi('AreaDrawn')

export const draftOf = ({ kind, place, text, corners, until }: z.infer<typeof AreaBody>): AreaDraft => ({
  kind,
  place,
  text: text ?? null,
  polygon: corners.map(({ lat, lng }) => [lat, lng] as const),
  until,
})

const CountsSchema = z
  .object({
    devices: count.openapi({ description: 'In the area when it was counted.' }),
    people: count.openapi({ description: 'Behind them, each once.' }),
    lifeline: count.openapi({ description: 'Reachable by the driver’s open socket.' }),
    text: count.openapi({ description: 'Else by text.' }),
    none: count.openapi({ description: 'By no way.' }),
    quiet: count.openapi({ description: 'Left out: an incident at their side must stay silent.' }),
  })
  .openapi('AreaCounts')

const Missing = z.array(RegionIdSchema).openapi({
  description: 'Regions that did not answer when it was counted: their vehicles are in no count, and are not told.',
})

export const PreviewSchema = z
  .object({
    id: z.string().openapi({ description: 'Confirm it with this, and with the number of devices that you saw.' }),
    until: Time.openapi({ description: 'It may be confirmed until then.' }),
    counts: CountsSchema,
    guests: z
      .array(z.object({ region: RegionIdSchema, devices: count }))
      .openapi({ description: 'Of these devices, those that are at home elsewhere; their own room tells them.' }),
    missing: Missing,
    texts: z
      .object({
        en: z.string(),
        fil: z.string(),
        sms: z.string().openapi({ description: 'One text in both languages where it holds them, else in Filipino.' }),
      })
      .openapi({ description: 'As phones will read it; its reference is given when it is confirmed.' }),
  })
  .openapi('AreaPreview')

export const previewOf = ({ until, ...preview }: AreaPreview, texts: AreaTexts): z.infer<typeof PreviewSchema> => ({
  ...preview,
  until: new Date(until).toISOString(),
  texts,
})

const RollSchema = z
  .object({
    need_help: count,
    safe: count,
    silent: count.openapi({ description: 'Told, and have not answered.' }),
    waiting: count.openapi({ description: 'Not told yet.' }),
    unreached: count.openapi({ description: 'By no way.' }),
    quiet: count.openapi({ description: 'Left out.' }),
  })
  .openapi('RollCall')

export const AreaSchema = z
  .object({
    id: z.string(),
    ref: z.string().openapi({ example: 'A-12' }),
    region: RegionIdSchema,
    state: z.enum(AREA_STATES).exclude(['previewed']),
    kind: z.enum(AREA_KINDS),
    place: z.string(),
    text: orNull(z.object({ en: z.string(), fil: z.string() })),
    corners: z.array(Corner).openapi({ description: CORNERS }),
    until: Time,
    sentAt: Time,
    sentBy: z.string(),
    endedAt: MaybeTime,
    endedBy: z.string().nullable().openapi({ description: 'Who cancelled it.' }),
    counts: CountsSchema,
    roll: RollSchema,
    guests: z
      .array(z.object({ region: RegionIdSchema, people: count }))
      .openapi({ description: 'Of these people, those who are at home elsewhere.' }),
    missing: Missing,
    away: z.array(RegionIdSchema).openapi({
      description: 'Homes of guests that do not answer now: those stand as not told yet.',
    }),
  })
  .openapi('Area')

export const areaOf = ({ polygon, ...area }: ShownArea): z.infer<typeof AreaSchema> => ({
  ...area,
  corners: polygon.map(([lat, lng]) => ({ lat, lng })),
})

export const EntrySchema = z
  .object({
    name: z.string(),
    plate: z.string().nullable(),
    deviceId: z.string(),
    standing: z.enum(ROLL_STANDINGS),
    way: z.enum(['lifeline', 'text']).nullable(),
    toldAt: MaybeTime,
    answeredAt: MaybeTime,
    incidentId: z.string().nullable().openapi({ description: 'What their cry for help became.' }),
    code: z.string().nullable().openapi({ description: 'Of that incident, as NCR-47.' }),
  })
  .openapi('RollEntry')

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
true satisfies Same<z.infer<typeof EntrySchema>, RollEntry>
