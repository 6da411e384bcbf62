// People of other regions who are in an area of ours: each home's room counts its own, tells them, and keeps what they say, for it
// alone knows whose incident must stay silent. Here is what those rooms are still to be told, and what they said of it.

import type { Viewer } from '../domain/access'
import type { AreaCounts } from '../domain/area'
import type { RegionId } from '../domain/region'
import { within } from '../durable/deadline'
import type { AreasOfHome, GuestFile } from './areas-contract'
import type { Area, GuestPart, KeptAreas } from './areas-kept'
import type { Ledger } from './ledger'

/** Whose own people wait for the answer, so longer than that nobody waits for a region that is away. */
export const GUESTS_WITHIN_MS = 2_500

export type OtherHome = { region: RegionId; areas: AreasOfHome }
export type CountedGuests = { guests: GuestPart[]; missing: RegionId[] }
export type GuestErrand = { area: Area; part: GuestPart }

export const sumOf = (all: readonly AreaCounts[]): AreaCounts =>
  all.reduce(
    (sum, each) => ({
      devices: sum.devices + each.devices,
      people: sum.people + each.people,
      lifeline: sum.lifeline + each.lifeline,
      text: sum.text + each.text,
      none: sum.none + each.none,
      quiet: sum.quiet + each.quiet,
    }),
    { devices: 0, people: 0, lifeline: 0, text: 0, none: 0, quiet: 0 },
  )

/** Everybody in it, whoever's they are. */
export const allOf = ({ counts, guests = [] }: Pick<Area, 'counts' | 'guests'>): AreaCounts =>
  sumOf([counts, ...guests.map((part) => part.counts)])

/** A region that does not answer is named: its people are in no count. */
export async function countGuests(
  others: readonly OtherHome[],
  ask: Parameters<AreasOfHome['countGuests']>[0],
): Promise<CountedGuests> {
  const found = await Promise.allSettled(others.map(({ areas }) => within(GUESTS_WITHIN_MS, areas.countGuests(ask))))
  const counted: CountedGuests = { guests: [], missing: [] }
  for (const [at, { region }] of others.entries()) {
    const answer = found[at]
    if (answer?.status !== 'fulfilled') counted.missing.push(region)
    else if (answer.value.devices > 0) counted.guests.push({ region, counts: answer.value, due: null })
  }
  return counted
}

/** Telling home rooms what was decided: again and again until it is over, for a broadcast that is late is still one. */
export class AreasGuests {
  /** False is certain, true may be one time too many. */
  private busy = true

  constructor(
    private readonly ledger: Ledger,
    private readonly kept: KeptAreas,
  ) {}

  /** Some home has something to hear. */
  get waits(): boolean {
    return this.busy
  }

  /** Of a broadcast that was just begun or taken back. */
  due(): void {
    this.busy = true
  }

  errands(): GuestErrand[] {
    const found = this.kept
      .withDueGuests()
      .flatMap((area) => (area.guests ?? []).filter(({ due }) => due !== null).map((part) => ({ area, part })))
    this.busy = found.length > 0
    return found
  }

  /** That room has heard it. What was decided meanwhile is still due. */
  done({ area: { id }, part: { region, due } }: GuestErrand): void {
    this.ledger.transact(() => {
      const area = this.kept.find(id)
      if (!area) return
      const guests = (area.guests ?? []).map((part) =>
        part.region === region && part.due === due ? { ...part, due: null } : part,
      )
      this.kept.save({ ...area, guests })
    })
  }
}

/** One round of the drain; rejects where somebody did not answer, so that it comes again. */
export async function tellHomes(guests: AreasGuests, homeOf: (region: RegionId) => AreasOfHome): Promise<'idle'> {
  const told = await Promise.allSettled(
    guests.errands().map(async (errand) => {
      const { area, part } = errand
      const home = homeOf(part.region)
      const { id, ref, sentAt, until, sender, endedBy } = area
      if (part.due === 'send') await home.sendGuests(id, { ref, sentAt, until, sender })
      else await home.cancelGuests(id, endedBy ?? sender.alias, sender)
      guests.done(errand)
    }),
  )
  const failed = told.find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
  // Nothing is left, unless it was decided meanwhile.
  guests.errands()
  return 'idle'
}

/** What the homes of guests say of these broadcasts, by region; a home that does not answer is not in it. */
export async function askHomes(
  others: readonly OtherHome[],
  areas: readonly Area[],
  named: Viewer | null,
): Promise<Map<RegionId, GuestFile[]>> {
  const said = await Promise.all(
    others.map(async ({ region, areas: home }) => {
      const ids = areas.filter(({ guests = [] }) => guests.some((part) => part.region === region)).map(({ id }) => id)
      if (ids.length === 0) return null
      const files = await within(GUESTS_WITHIN_MS, home.guestFiles(ids, named)).catch(() => null)
      return files && ([region, files] as const)
    }),
  )
  return new Map(said.filter((each) => each !== null))
}
