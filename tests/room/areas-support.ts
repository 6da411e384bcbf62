// A room with drivers in an area: where vehicles are and which lifelines are open stands at the platform's edge, the rest is ours.

import type { Viewer } from '../../src/domain/access'
import type { AreaDraft, ShownArea } from '../../src/domain/area'
import type { DirectoryRow } from '../../src/domain/directory'
import type { Page } from '../../src/domain/page'
import { AreasDesk } from '../../src/room/areas-desk'
import type { OtherHome } from '../../src/room/areas-guests'
import { type Lot, type ToSay, tellAreas } from '../../src/room/areas-telling'
import type { RoomPorts } from '../../src/room/ledger'
import { crew, NOON, viewer } from '../support/made-up'
import { openRoom } from '../support/room'

export const boss = viewer('boss', { role: 'supervisor' })
export const ana = viewer('ana')

/** What a lot says to each of its devices. */
export const eachOf = ({ page, to }: Lot): ToSay[] =>
  to.map(({ deviceId, id }) => ({ deviceId, page: { ...page, id } }))

/** Around Espana Boulevard. */
export const ESPANA: AreaDraft['polygon'] = [
  [14.6, 120.98],
  [14.6, 121],
  [14.62, 121],
  [14.62, 120.98],
]

export const draft = (changes: Partial<AreaDraft> = {}): AreaDraft => ({
  kind: 'flood',
  place: 'Espana Blvd, Manila',
  text: null,
  polygon: ESPANA,
  until: NOON + 4 * 3_600_000,
  ...changes,
})

let version = 10_000
/** Each with a driver of their own, whose number is told by `n`. */
export function drivers(...ids: string[]): DirectoryRow[] {
  return ids.flatMap((id, n) => {
    version += 10
    const rows = crew(id, version)
    const [driver] = rows
    if (driver?.kind === 'driver' && driver.body) {
      driver.body.phone = `+63917000${String(1000 + n).slice(-4)}`
      driver.body.name = `Driver ${id}`
    }
    return rows
  })
}

export function areaDesk(
  options: {
    inside?: string[]
    lines?: string[]
    ports?: Partial<RoomPorts>
    rows?: DirectoryRow[]
    others?: readonly OtherHome[]
  } = {},
) {
  const at = openRoom({ ports: options.ports ?? {} })
  const inside = options.inside ?? ['dev-1', 'dev-2', 'dev-3']
  const lines = new Set(options.lines ?? [])
  at.room.learn(options.rows ?? drivers(...inside))
  const said: ToSay[] = []
  const desk = new AreasDesk(at.room, {
    inside: async () =>
      inside.map((deviceId) => ({ deviceId, lat: 14.61, lng: 120.99, accuracyM: 8, fixedAt: at.clock.now - 5_000 })),
    lifelines: async (ids) => ids.filter((id) => lines.has(id)),
    others: options.others ?? [],
  })
  return {
    ...at,
    desk,
    inside,
    lines,
    said,
    async preview(changes: Partial<AreaDraft> = {}, who: Viewer = boss) {
      const made = await desk.preview(draft(changes), who)
      if (!made.ok) throw new Error(made.refusal.reason)
      return made.preview
    },
    /** Counted, confirmed, and everybody told. */
    async send(changes: Partial<AreaDraft> = {}, who: Viewer = boss): Promise<ShownArea> {
      const { id, counts } = await this.preview(changes, who)
      const sent = await desk.confirm(id, counts.devices, who)
      if (!sent.ok) throw new Error(sent.refusal.reason)
      await this.tell()
      return this.shown(id)
    },
    /** Portions of telling until nobody is left. `onSay`: what happens while phones are spoken to. */
    async tell(onSay: (what: ToSay[]) => void = () => {}): Promise<number> {
      let portions = 0
      const say = async (what: ToSay[]) => {
        said.push(...what)
        onSay(what)
        return what.map(({ deviceId }) => deviceId).filter((id) => lines.has(id))
      }
      while ((await tellAreas(at.room.areas.telling, (lot) => say(eachOf(lot)), say)) !== 'idle') portions++
      at.room.areas.rested()
      return portions
    },
    async shown(id: string): Promise<ShownArea> {
      const file = await desk.file(id, boss)
      if (!file.ok) throw new Error(file.refusal.reason)
      return file.area
    },
    async people(id: string) {
      const file = await desk.file(id, boss)
      if (!file.ok) throw new Error(file.refusal.reason)
      return file.people
    },
    /** Texts that wait for the courier. */
    texts: (): Page[] => at.room.pages.waiting(0, 100_000).filter(({ reason }) => reason === 'area'),
    events: (type: string) => at.room.log.from(1, 100_000).filter((event) => event.type === type),
  }
}
