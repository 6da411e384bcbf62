// A broadcast as desks see it: everybody together, our own and the guests whom other homes look after.

import { ROLL_STANDINGS, type RollCall, type RollEntry, type ShownArea } from '../domain/area'
import type { RegionId } from '../domain/region'
import type { GuestFile } from './areas-contract'
import { allOf } from './areas-guests'
import type { Area, KeptAreas } from './areas-kept'
import type { Ledger } from './ledger'

/** What the homes of guests have said; one that does not answer is not in it. */
export type Homes = ReadonlyMap<RegionId, readonly GuestFile[]>

/** `roll`: of our own people. */
export function shownArea(area: Area, roll: RollCall, homes: Homes = new Map()): ShownArea {
  const { id, ref, region, kind, place, text, polygon, guests = [], missing = [] } = area
  const all = joined(area, roll, homes)
  return {
    ...{ id, ref, region, kind, place, text, polygon, missing, ...all },
    counts: allOf(area),
    guests: guests.map((part) => ({ region: part.region, people: part.counts.people })),
    state: area.state as ShownArea['state'],
    until: new Date(area.until).toISOString(),
    sentAt: new Date(area.sentAt).toISOString(),
    sentBy: area.sender.alias,
    endedAt: iso(area.endedAt),
    endedBy: area.endedBy,
  }
}

/** Those of a home that did not answer count as not told yet: nobody here knows better. */
function joined({ id, guests = [] }: Area, own: RollCall, homes: Homes): { roll: RollCall; away: RegionId[] } {
  const roll = { ...own }
  const away: RegionId[] = []
  for (const { region, counts } of guests) {
    const file = homes.get(region)?.find((each) => each.id === id)
    if (file) for (const standing of [...ROLL_STANDINGS, 'quiet'] as const) roll[standing] += file.roll[standing]
    else {
      roll.waiting += counts.people - counts.quiet
      roll.quiet += counts.quiet
      away.push(region)
    }
  }
  return { roll, away }
}

/** Who needs help first. `own`: of this room. */
export const everybody = (id: string, own: readonly RollEntry[], homes: Homes): RollEntry[] =>
  [...own, ...[...homes.values()].flatMap((files) => files.find((each) => each.id === id)?.people ?? [])].sort(
    (a, b) => rank(a) - rank(b),
  )

const GRAVER_FIRST = ['need_help', 'silent', 'waiting', 'unreached', 'safe'] as const
const rank = ({ standing }: RollEntry): number => GRAVER_FIRST.indexOf(standing)

/** Ours among them, by name, all but those who were left out. */
export function entriesOf(ledger: Pick<Ledger, 'directory' | 'living'>, kept: KeptAreas, id: string): RollEntry[] {
  return kept.everybody(id).map((each): RollEntry => {
    const [deviceId = ''] = each.who.devices
    const { vehicle } = ledger.directory.cardsOf(deviceId)
    return {
      name: each.who.name,
      plate: vehicle?.plate ?? vehicle?.conduction ?? null,
      deviceId,
      standing: each.standing,
      way: each.way === 'quiet' ? null : each.way,
      toldAt: iso(each.toldAt),
      answeredAt: iso(each.answeredAt),
      incidentId: each.incident,
      code: each.incident ? (ledger.living(each.incident)?.code ?? null) : null,
    }
  })
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
