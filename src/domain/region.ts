// The regions of the fleet, as data. A region is one room, one queue, one set of people.
// Adding one: append a row. `number` is written into the ids of incidents and never changes or is used again.

export type RegionId = 'NCR' | 'CEB' | 'DVO' | 'ILO'

export type Region = {
  id: RegionId
  /** Stands in the first byte of every incident id, so that an id alone says which room to ask. */
  number: number
  name: { en: string; fil: string }
  /** Other spellings that people and programs use in addresses. */
  aliases: readonly string[]
  centre: { lat: number; lng: number }
  zoom: number
  /** Rough boundary [south, west, north, east] in degrees, for "whose desk is this fix". */
  box: readonly [number, number, number, number]
}

export const REGIONS: readonly Region[] = [
  {
    id: 'NCR',
    number: 1,
    name: { en: 'NCR-Manila', fil: 'NCR-Maynila' },
    aliases: ['ncr-manila', 'manila'],
    centre: { lat: 14.5995, lng: 121.0 },
    zoom: 11,
    box: [13.2, 119.8, 19.0, 122.6],
  },
  {
    id: 'CEB',
    number: 2,
    name: { en: 'Cebu', fil: 'Cebu' },
    aliases: ['cebu'],
    centre: { lat: 10.3157, lng: 123.8854 },
    zoom: 11,
    box: [9.0, 123.25, 12.0, 126.2],
  },
  {
    id: 'DVO',
    number: 3,
    name: { en: 'Davao', fil: 'Davao' },
    aliases: ['davao'],
    centre: { lat: 7.1907, lng: 125.4553 },
    zoom: 10,
    box: [5.0, 121.5, 9.0, 127.0],
  },
  {
    id: 'ILO',
    number: 4,
    name: { en: 'Iloilo', fil: 'Iloilo' },
    aliases: ['iloilo'],
    centre: { lat: 10.7202, lng: 122.5621 },
    zoom: 11,
    box: [9.4, 121.5, 12.2, 123.25],
  },
]

export const REGION_IDS: readonly RegionId[] = REGIONS.map((region) => region.id)

/** The region of a name in an address or a body, in any case; null where there is none. */
export function findRegion(name: string): Region | null {
  const wanted = name.trim().toLowerCase()
  return REGIONS.find((region) => region.id.toLowerCase() === wanted || region.aliases.includes(wanted)) ?? null
}

export function regionById(id: RegionId): Region {
  const region = REGIONS.find((each) => each.id === id)
  if (!region) throw new Error(`no region ${id}`)
  return region
}

/** The region whose box holds this place, the nearest centre where several do; null outside all of them. */
export function regionAt(lat: number, lng: number): RegionId | null {
  let best: { id: RegionId; distance: number } | null = null
  for (const { id, box, centre } of REGIONS) {
    if (lat < box[0] || lat > box[2] || lng < box[1] || lng > box[3]) continue
    const distance = Math.hypot(lat - centre.lat, lng - centre.lng)
    if (!best || distance < best.distance) best = { id, distance }
  }
  return best?.id ?? null
}

/** Which room an incident lives in, from its id alone; null where the id names none. */
export function regionOfIncident(incidentId: string): RegionId | null {
  const number = Number.parseInt(incidentId.slice(0, 2), 16)
  return REGIONS.find((region) => region.number === number)?.id ?? null
}
