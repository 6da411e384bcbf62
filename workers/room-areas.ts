// RPC of broadcasts to an area, and of what phones say: `roomOf(env, region).areas.preview(…)` is one pipelined call. What is
// decided is in src/room/areas-desk.ts; here is whom it asks, and how the driver's phone is reached.

import { RpcTarget } from 'cloudflare:workers'
import { messageFrame } from '../src/courier/words'
import type { Viewer } from '../src/domain/access'
import { type AreaCounts, type AreaDraft, CANCELLED } from '../src/domain/area'
import type { Page } from '../src/domain/page'
import type { PhoneSaid, SaidHeard } from '../src/domain/phone-said'
import type { AnswerWay } from '../src/domain/queue-answer'
import { REGION_IDS, type RegionId } from '../src/domain/region'
import type { Env } from '../src/http/env'
import { openLifelines, sayOnLifelines } from '../src/http/lifelines'
import { fleetOf, fleetShardCount, roomOf } from '../src/http/objects'
import type {
  AreaAnswer,
  AreaFile,
  AreaList,
  AreaPreviewed,
  AreasOfHome,
  AreasRpc,
  DriverMessage,
  GuestAsk,
  GuestFile,
  GuestOrder,
} from '../src/room/areas-contract'
import { AreasDesk, type AreasPorts } from '../src/room/areas-desk'
import { type AreasGuests, tellHomes } from '../src/room/areas-guests'
import { type AreasTelling, tellAreas } from '../src/room/areas-telling'
import type { Room } from '../src/room/room'

/** As sos-intake.ts: whoever said nothing for longer may not be there any more. */
const LINE_QUIET_MS = 10 * 60_000
/** Between two portions that are written down, presses and screens have their turn. */
const BREATH_MS = 25

export const areasPorts = (env: Env, region: RegionId): AreasPorts => ({
  inside: async (polygon) => {
    const shards = Array.from({ length: fleetShardCount(env) }, (_, shard) => fleetOf(env, region, shard))
    return (await Promise.all(shards.map((shard) => shard.inside([...polygon])))).flat()
  },
  lifelines: (deviceIds) => openLifelines(env, region, deviceIds, Date.now() - LINE_QUIET_MS),
  others: REGION_IDS.filter((each) => each !== region).map((each) => ({ region: each, areas: homeOf(env, each) })),
})

/** A fresh stub each time: one that has failed stays broken. */
const homeOf = (env: Env, region: RegionId): AreasOfHome => ({
  countGuests: async (ask) => roomOf(env, region).areas.countGuests(ask),
  sendGuests: async (id, order) => roomOf(env, region).areas.sendGuests(id, order),
  cancelGuests: async (id, by, sender) => roomOf(env, region).areas.cancelGuests(id, by, sender),
  guestFiles: async (ids, named) => roomOf(env, region).areas.guestFiles(ids, named),
})

/** One portion of a drain: homes of guests hear what was decided here. */
export const tellAreaHomes = (env: Env, guests: AreasGuests): Promise<'idle'> =>
  tellHomes(guests, (region) => homeOf(env, region))

/** Whether texts have a way out of this tower. */
export const textsLeave = (env: Env): boolean =>
  Boolean(env.SIM_GATEWAY_URL) || (Boolean(env.TWILIO_ACCOUNT_SID) && Boolean(env.TWILIO_SMS_FROM))

/** One portion of a drain: what waits goes to open lifelines, one call to each intake shard. Whoever is told waits for no breath. */
export async function sayAreas(env: Env, region: RegionId, telling: AreasTelling): Promise<'idle' | 'more'> {
  const went = await tellAreas(
    telling,
    ({ page, to }) => {
      const frame = areaFrame(page)
      return sayOnLifelines(
        env,
        region,
        to.map(({ deviceId, id }) => ({ deviceId, frame, id })),
      )
    },
    (what) =>
      sayOnLifelines(
        env,
        region,
        what.map(({ deviceId, page }) => ({ deviceId, frame: areaFrame(page) })),
      ),
  )
  if (went === 'written') await new Promise<void>((resolve) => setTimeout(resolve, BREATH_MS))
  return went === 'idle' ? 'idle' : 'more'
}

/** In both languages, for a phone knows which its driver reads. What was taken back asks for no answer. */
function areaFrame(page: Page) {
  const frame = messageFrame(page)
  const english = messageFrame({ ...page, contact: { ...page.contact, lang: 'en' } })
  const takenBack = page.step.startsWith(CANCELLED)
  return { ...frame, answers: takenBack ? [] : frame.answers, texts: { fil: frame.text, en: english.text } }
}

export class RoomAreas extends RpcTarget implements AreasRpc {
  readonly #desk: AreasDesk
  readonly #changed: () => void

  /** `changed`: something may have to leave, to be shown, or to ring. */
  constructor(room: Room, ports: AreasPorts, changed: () => void) {
    super()
    this.#desk = new AreasDesk(room, ports)
    this.#changed = changed
  }

  async preview(draft: AreaDraft, viewer: Viewer): Promise<AreaPreviewed> {
    return this.#desk.preview(draft, viewer)
  }

  async confirm(previewId: string, devices: number, viewer: Viewer): Promise<AreaAnswer> {
    return this.#after(this.#desk.confirm(previewId, devices, viewer))
  }

  async cancel(id: string, reason: string | null, viewer: Viewer): Promise<AreaAnswer> {
    return this.#after(this.#desk.cancel(id, reason, viewer))
  }

  async list(viewer: Viewer): Promise<AreaList> {
    return this.#desk.list(viewer)
  }

  async file(id: string, viewer: Viewer): Promise<AreaFile> {
    return this.#after(this.#desk.file(id, viewer))
  }

  async said(id: string, deviceId: string, said: PhoneSaid, via: AnswerWay): Promise<SaidHeard> {
    return this.#after(this.#desk.said(id, deviceId, said, via))
  }

  async messages(sosId: string, deviceId: string): Promise<DriverMessage[] | null> {
    return this.#desk.messages(sosId, deviceId)
  }

  async countGuests(ask: GuestAsk): Promise<AreaCounts> {
    return this.#desk.countGuests(ask)
  }

  async sendGuests(id: string, order: GuestOrder): Promise<void> {
    return this.#after(this.#desk.sendGuests(id, order))
  }

  async cancelGuests(id: string, by: string, sender: Viewer): Promise<void> {
    return this.#after(this.#desk.cancelGuests(id, by, sender))
  }

  async guestFiles(ids: string[], named: Viewer | null): Promise<GuestFile[]> {
    return this.#after(this.#desk.guestFiles(ids, named))
  }

  async #after<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } finally {
      this.#changed()
    }
  }
}
