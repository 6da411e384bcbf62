// What pages and API do with broadcasts alike: the texts as phones will read them, whole or refused, and then the room.

import { renderPage } from '../courier/words'
import type { Viewer } from '../domain/access'
import { type AreaDraft, areaPage, checkDraft, type ShownArea } from '../domain/area'
import type { Refusal } from '../domain/command'
import type { PageLang } from '../domain/page'
import { noFacts } from '../domain/page-facts'
import type { RegionId } from '../domain/region'
import { within } from '../durable/deadline'
import type { AreaAnswer, AreaFile, AreaList, AreaPreview } from '../room/areas-contract'
import { ROOM_DEADLINE_MS } from './desk'
import type { Env } from './env'
import { roomOf } from './objects'

/**
 * What phones read: by language on an open line, and `sms`, one text in both languages where it holds them, else in Filipino.
 * The reference in them stands for the one that it will have.
 */
export type AreaTexts = Record<PageLang, string> & { sms: string }
export type Previewed = { ok: true; preview: AreaPreview; texts: AreaTexts } | { ok: false; refusal: Refusal }

const ANYBODY = { person: '', contactId: '', name: '', devices: [], phone: null }
const REF = 'A-00'

/** Step one: nobody is told anything. */
export async function previewArea(env: Env, viewer: Viewer, region: RegionId, draft: AreaDraft): Promise<Previewed> {
  const texts = areaTexts(draft, region)
  if (!texts.ok) return texts
  const made = await within(ROOM_DEADLINE_MS, roomOf(env, region).areas.preview(draft, viewer))
  return made.ok ? { ...made, texts: texts.texts } : made
}

export const confirmArea = (
  env: Env,
  viewer: Viewer,
  region: RegionId,
  id: string,
  devices: number,
): Promise<AreaAnswer> => within(ROOM_DEADLINE_MS, roomOf(env, region).areas.confirm(id, devices, viewer))

export const cancelArea = (
  env: Env,
  viewer: Viewer,
  region: RegionId,
  id: string,
  reason: string | null,
): Promise<AreaAnswer> => within(ROOM_DEADLINE_MS, roomOf(env, region).areas.cancel(id, reason, viewer))

export const listAreas = (env: Env, viewer: Viewer, region: RegionId): Promise<AreaList> =>
  within(ROOM_DEADLINE_MS, roomOf(env, region).areas.list(viewer))

export const fileOfArea = (env: Env, viewer: Viewer, region: RegionId, id: string): Promise<AreaFile> =>
  within(ROOM_DEADLINE_MS, roomOf(env, region).areas.file(id, viewer))

/** As it was sent. */
export const textsOf = (area: ShownArea): AreaTexts => {
  const { kind, place, text, polygon, region, ref } = area
  const draft = { kind, place, text, polygon, until: Date.parse(area.until) }
  const at = Date.parse(area.sentAt)
  return textsFor(draft, region, at, ref)
}

/** Refused where a text would not hold what was written, letter by letter: nobody confirms what nobody will read. */
export function areaTexts(
  said: AreaDraft,
  region: RegionId,
): { ok: true; texts: AreaTexts } | { ok: false; refusal: Refusal } {
  const now = Date.now()
  const checked = checkDraft(said, region, now)
  if (!checked.ok) return checked
  const { draft } = checked
  const texts = textsFor(draft, region, now)
  for (const lang of ['en', 'fil'] as const) {
    if (texts[lang].includes(draft.text?.[lang] ?? draft.place)) continue
    const message = 'A text cannot hold this as it is written: shorter, and in plain letters.'
    return {
      ok: false,
      refusal: { code: 'invalid', reason: draft.text ? 'area_text_form' : 'area_place_form', message },
    }
  }
  return { ok: true, texts }
}

function textsFor(draft: AreaDraft, region: RegionId, now: number, ref = REF): AreaTexts {
  const area = { ...draft, id: '', ref, region, sentAt: now }
  const page = (lang: PageLang) => areaPage(area, ANYBODY, noFacts({ region, now: () => now }), lang)
  const line = (lang: PageLang) => renderPage(page(lang), 'lifeline').text
  return { en: line('en'), fil: line('fil'), sms: renderPage(page('fil'), 'sms').text }
}
