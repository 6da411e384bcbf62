// The demo's rota, its people and drivers' kin. As made up as the rest: numbers with a prefix that no network has.

import type { DutyContact, Kin, Shift } from '../../src/domain/duty'
import { REGION_IDS, type RegionId } from '../../src/domain/region'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MANILA_MS = 8 * HOUR_MS

/** No network has 0900: a call to one of these reaches nobody. */
export const phone = (n: number): string => `+63900555${String(n).padStart(4, '0')}`

const PEOPLE: Record<RegionId, readonly string[]> = {
  NCR: ['Susana Lim', 'Paolo Gatchalian', 'Nena Ocampo', 'Rey Tolentino', 'Bing Carandang', 'Lito Abueva'],
  CEB: ['Junrey Sanchez', 'Marivic Omega', 'Toto Alegado', 'Gina Cuizon', 'Boyet Lao-lao'],
  DVO: ['Edwin Malinao', 'Fatima Sulayman', 'Rica Lumayag', 'Noel Abrea', 'Ompong Dalisay'],
  ILO: ['Jessa Palmares', 'Mario Sumbilla', 'Luz Panizales', 'Kiko Peña-Uy', 'Dodie Gallego'],
}

/** All but the last three of a region lead in turns. */
const leadersOf = (region: RegionId): number => PEOPLE[region].length - 3
const idOf = (region: RegionId, n: number): string => `demo-duty-${region.toLowerCase()}-${n + 1}`

/** Of each region: those who lead in turns, then a second lead, somebody of the management, and a responder. */
export const DEMO_CONTACTS: readonly DutyContact[] = REGION_IDS.flatMap((region, at) =>
  PEOPLE[region].map((name, n) => {
    const to = phone(9_200 + at * 10 + n)
    const ways = [
      { channel: 'voice' as const, to },
      { channel: 'sms' as const, to },
      { channel: 'email' as const, to: `${idOf(region, n)}@tower.example` },
    ]
    const leads = leadersOf(region)
    return {
      id: idOf(region, n),
      region,
      name,
      lang: n % 2 === 0 ? ('fil' as const) : ('en' as const),
      addresses: ways,
      teams: n < leads ? ['leads'] : n === leads + 2 ? ['moto-responders'] : n === leads + 1 ? ['management'] : [],
      uid: name === 'Susana Lim' ? 'demo-user-4' : null,
      active: true,
    }
  }),
)

/** Every hour of every week has somebody of each duty. `now`, epoch ms: the rota begins with the Monday before it. */
export function demoShifts(now: number): Shift[] {
  const today = Math.floor((now + MANILA_MS) / DAY_MS) * DAY_MS - MANILA_MS
  const monday = today - ((new Date(today + MANILA_MS).getUTCDay() + 6) % 7) * DAY_MS
  return REGION_IDS.flatMap((region) => {
    const leads = leadersOf(region)
    const hours = 24 / leads
    const shift = (duty: Shift['duty'], n: number, from: number, until: number): Shift => ({
      id: `demo-shift-${region.toLowerCase()}-${duty}-${(from - monday) / HOUR_MS}`,
      region,
      duty,
      contactId: idOf(region, n),
      from,
      until,
      weekly: true,
      weeklyUntil: null,
      override: false,
      note: null,
    })
    const turns = Array.from({ length: 7 * leads }, (_, turn) => {
      // Shifts change at 06:00, 14:00 and 22:00, or at 06:00 and 18:00; each has the same one every day.
      const from = monday + 6 * HOUR_MS + turn * hours * HOUR_MS
      return shift('lead', turn % leads, from, from + hours * HOUR_MS)
    })
    const week = (duty: Shift['duty'], n: number) => shift(duty, n, monday, monday + 7 * DAY_MS)
    // What reaches over the end of the week has begun in the week before.
    const sooner = (each: Shift): Shift => ({ ...each, from: each.from - 7 * DAY_MS, until: each.until - 7 * DAY_MS })
    return [...turns, week('second_lead', leads), week('management', leads + 1), week('responder', leads + 2)].map(
      sooner,
    )
  })
}

const RELATIONS = ['Spouse', 'Sister', 'Brother', 'Mother', 'Father']

/** Two of each driver, told apart from the tower's other people by their numbers. */
export const demoKin = (drivers: readonly { id: string; region: RegionId; name: string }[]): Kin[] =>
  drivers.map(({ id, region, name }, at) => ({
    id,
    region,
    contacts: [0, 1].map((n) => ({
      id: `${id}-kin-${n + 1}`,
      name: `${n === 0 ? 'Luz' : 'Jose'} ${name.split(' ').at(-1) ?? name}`,
      relation: RELATIONS[(at + n * 2) % RELATIONS.length] ?? 'Friend',
      phone: phone(5_000 + at * 2 + n),
      lang: n === 0 ? 'fil' : 'en',
    })),
  }))
