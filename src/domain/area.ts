// A broadcast to our own drivers in an area: what may be said, who is counted, and what they answer. Signed by us, in our own
// form, with its reference; never in the form of a government's alert.

import { imitates } from './area-imitation'
import type { Refusal } from './command'
import { contactPolicyOf } from './contact-policy'
import { checkFence } from './drawn-fence'
import type { Corner } from './fence'
import type { Page, PageFacts, PageLang } from './page'
import { pageIdOf } from './page-id'
import type { Kind } from './press'
import type { RegionId } from './region'

/** Those of a press that have words for an area (src/courier/words). */
export const AREA_KINDS = ['flood', 'fire', 'crash', 'security', 'other'] as const satisfies readonly Kind[]
export type AreaKind = (typeof AREA_KINDS)[number]

/**
 * What a supervisor wants to say. `place` as short as a text has room for. `text`: in their own words instead of the kind's
 * sentence, in both languages. `until`: epoch ms.
 */
export type AreaDraft = {
  kind: AreaKind
  place: string
  text: Record<PageLang, string> | null
  polygon: readonly Corner[]
  until: number
}

/** Whole in one segment beside sender, advice, time and reference. */
export const PLACE_MAX = 40
export const TEXT_MAX: Record<PageLang, number> = { en: 90, fil: 70 }
export const SHORTEST_MS = 5 * 60_000
export const LONGEST_MS = 24 * 60 * 60_000
/** So long a count is good enough to decide by. */
export const PREVIEW_MS = 5 * 60_000
/** More are a region, and whoever tells them all should do it in parts. */
export const DEVICES_MAX = 5_000

export const AREA_STATES = ['previewed', 'sending', 'open', 'expired', 'cancelled'] as const
export type AreaState = (typeof AREA_STATES)[number]

/** `devices` are vehicles; the others are people, each once. `quiet`: left out, for an incident of theirs must stay silent. */
export type AreaCounts = {
  devices: number
  people: number
  lifeline: number
  text: number
  none: number
  quiet: number
}

/** How those who were told stand. `waiting`: not yet told; `silent`: told, and has not answered; `unreached`: by no way. */
export const ROLL_STANDINGS = ['need_help', 'safe', 'silent', 'waiting', 'unreached'] as const
export type RollStanding = (typeof ROLL_STANDINGS)[number]
export type RollCall = Record<RollStanding, number> & { quiet: number }

export type Checked = { ok: true; draft: AreaDraft } | { ok: false; refusal: Refusal }

/** What is wrong with a draft, or the draft as it will be sent. */
export function checkDraft(draft: AreaDraft, region: RegionId, now: number): Checked {
  const place = draft.place.trim()
  if (!AREA_KINDS.includes(draft.kind)) return no('area_kind', `The kind must be one of ${AREA_KINDS.join(', ')}.`)
  if (place === '' || place.length > PLACE_MAX) return no('area_place', `The place has 1 to ${PLACE_MAX} characters.`)
  const text = draft.text && { en: draft.text.en.trim(), fil: draft.text.fil.trim() }
  for (const lang of ['en', 'fil'] as const) {
    const length = text?.[lang].length ?? 1
    if (length === 0) return no('area_text_both', 'In your own words: in English and in Filipino.')
    if (length > TEXT_MAX[lang])
      return no('area_text_long', `English has at most ${TEXT_MAX.en} characters, Filipino ${TEXT_MAX.fil}.`)
  }
  const said = [place, ...(text ? [text.en, text.fil] : [])]
  if (said.some((each) => LINK.test(each))) return no('area_link', 'No link: networks here drop texts with links.')
  for (const each of said) {
    const imitated = imitates(each)
    if (imitated)
      return no(
        'area_government',
        `“${imitated}” reads as a government’s alert. RA 10639 leaves those to the warning agencies: say it as us.`,
      )
  }
  if (!(draft.until - now >= SHORTEST_MS && draft.until - now <= LONGEST_MS))
    return no('area_until', 'It ends in 5 minutes at the earliest, and in 24 hours at the latest.')
  const drawn = checkFence({ id: '', region, name: '-', kind: 'notice', polygon: draft.polygon })
  if (!drawn.ok) return drawn
  return { ok: true, draft: { kind: draft.kind, place, text, polygon: drawn.fence.polygon, until: draft.until } }
}

const LINK = /https?:|www\.|\b[a-z0-9-]+\.(com|net|org|ph|ly|me|gov)\b/i

/** Somebody to be told, with all of their devices in it. `phone`: E.164, null where none may be texted. */
export type Told = { person: string; contactId: string; name: string; devices: readonly string[]; phone: string | null }

type Sent = AreaDraft & { id: string; ref: string; region: RegionId; sentAt: number }

/**
 * What one of them gets: by their lifeline as a frame, or as a text in both languages where that holds them, else in `lang`.
 * The same however often it is made.
 */
export function areaPage(area: Sent, told: Told, facts: PageFacts, lang: PageLang): Page {
  const { id, ref, region, kind, place, text, until, sentAt } = area
  return {
    id: areaPageId(id, told.person),
    region,
    incidentId: null,
    reason: 'area',
    step: `area ${id}`,
    contact: { id: told.contactId, name: told.name, lang },
    ladder: told.phone === null ? [] : [[{ channel: 'sms', to: told.phone }]],
    priority: 'P3',
    facts: { ...facts, region, kind, place, text: text?.[lang] ?? null, texts: text, ref, until },
    decidedAt: sentAt,
    until,
    drill: false,
  }
}

export const areaPageId = (areaId: string, person: string): string => pageIdOf('area', areaId, person)

/** That it is not so any more, to whoever was told that it is. */
export function cancelPage(area: Sent, told: Told, facts: PageFacts, lang: PageLang, now: number): Page {
  const page = areaPage(area, told, facts, lang)
  return {
    ...page,
    id: pageIdOf('area cancelled', area.id, told.person),
    step: `${CANCELLED} ${area.id}`,
    facts: { ...page.facts, text: takenBack(area.place, lang), texts: takenBackInBoth(area.place), until: null },
    decidedAt: now,
    until: now + LONGEST_MS,
  }
}

export const CANCELLED = 'area-cancelled'
const TAKEN_BACK: Record<PageLang, string> = {
  en: 'CANCELLED: our message on {place}.',
  fil: 'BINAWI: mensahe namin, {place}.',
}
const takenBack = (place: string, lang: PageLang): string => TAKEN_BACK[lang].replace('{place}', place)
const takenBackInBoth = (place: string): Record<PageLang, string> => ({
  en: takenBack(place, 'en'),
  fil: takenBack(place, 'fil'),
})

/**
 * What a cry that answers it says of talking: yes, where the cause is no person. Where it may be one, the table decides, which
 * keeps silence.
 */
export function mayTalk(kind: AreaKind): true | null {
  const { policy } = contactPolicyOf({ kind, reporter: 'driver', door: 'lifeline', safeToTalk: null })
  return policy === 'voice_ok' ? true : null
}

/** A circle that holds all of it, for a situation. */
export function circleOf(polygon: readonly Corner[]): { lat: number; lng: number; radiusM: number } {
  const lats = polygon.map(([lat]) => lat)
  const lngs = polygon.map(([, lng]) => lng)
  const [south, north] = [Math.min(...lats), Math.max(...lats)]
  const [west, east] = [Math.min(...lngs), Math.max(...lngs)]
  const at = { lat: (south + north) / 2, lng: (west + east) / 2 }
  const radiusM = Math.hypot((north - south) / 2, ((east - west) / 2) * Math.cos((at.lat * Math.PI) / 180)) * 111_195
  return { ...at, radiusM: Math.min(50_000, Math.max(1, Math.round(radiusM))) }
}

/** Newest first; the ones that are over go first of all when there are too many. Times are ISO 8601, UTC. */
export type ShownArea = {
  id: string
  ref: string
  region: RegionId
  state: Exclude<AreaState, 'previewed'>
  kind: AreaKind
  place: string
  text: Record<PageLang, string> | null
  polygon: readonly Corner[]
  until: string
  sentAt: string
  sentBy: string
  endedAt: string | null
  endedBy: string | null
  /** All of them, guests too. */
  counts: AreaCounts
  roll: RollCall
  /** People whose home is another region, and are in it. */
  guests: { region: RegionId; people: number }[]
  /** Homes that did not answer when it was counted: their people were told nothing. */
  missing: RegionId[]
  /** Homes that do not answer now: their guests stand as not told yet. */
  away: RegionId[]
}

/** One who was told, or could not be. `incidentId`: what their cry became. */
export type RollEntry = {
  name: string
  plate: string | null
  deviceId: string
  standing: RollStanding
  way: 'lifeline' | 'text' | null
  toldAt: string | null
  answeredAt: string | null
  incidentId: string | null
  /** Its speakable code, as NCR-47; null where there is none, or it is forgotten. */
  code: string | null
}

const no = (reason: string, message: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { code: 'invalid', reason, message },
})
