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

/** What a phone reads, by language. The reference in them stands for the one that it will have. */
export type AreaTexts = Record<PageLang, string>
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
  return { en: textOf(draft, region, 'en', at, ref), fil: textOf(draft, region, 'fil', at, ref) }
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
  const texts = { en: textOf(draft, region, 'en', now), fil: textOf(draft, region, 'fil', now) }
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

function textOf(draft: AreaDraft, region: RegionId, lang: PageLang, now: number, ref = REF): string {
  const area = { ...draft, id: '', ref, region, sentAt: now }
  return renderPage(areaPage(area, ANYBODY, noFacts({ region, now: () => now }), lang), 'sms').text
}
