// Addresses from the Google Geocoding API, laid over what the gazetteer knows: its road and city, our landmarks.

import { z } from 'zod'
import type { LandmarkNear, RoadNear, Whereabouts } from '../domain/whereabouts'
import { itAnswered, itFailed, mayAsk } from '../durable/circuit'
import { askJson } from './ask'
import { bearing, haversine, isPlace, type Point, windOf } from './distance'
import type { Moving } from './gazetteer'
import { GAZETTEER } from './gazetteer-data'
import { type GoogleOptions, PROVIDER_DEADLINE_MS } from './google-routes'
import { byGazetteer, type Reversed, type ReverseProvider } from './reverse'

export const GEOCODE_ORIGIN = 'https://maps.googleapis.com'

/** A place that it names must be near to say where somebody is. */
const LANDMARK_MAX_M = 300
const ROAD_ON_M = 60
/** A result farther off is an answer to another question. */
const RESULT_MAX_M = 2_000
const TEXT_MAX = 160

const Component = z.object({ long_name: z.string(), types: z.array(z.string()) })
const Result = z.object({
  address_components: z.array(Component),
  formatted_address: z.string(),
  types: z.array(z.string()).default([]),
  geometry: z.object({ location: z.object({ lat: z.number(), lng: z.number() }) }),
})
const Answer = z.object({ status: z.string(), results: z.array(z.unknown()).default([]) })

type Found = { distanceM: number; address: string; at: Point; part(...types: string[]): string | null }

/** Statuses that come with 200: what a provider that is well says no with. */
const REFUSALS = ['OVER_DAILY_LIMIT', 'OVER_QUERY_LIMIT', 'REQUEST_DENIED']

export const googleReverse = (options: GoogleOptions): ReverseProvider => ({
  async reverse(at, lang, signal) {
    const { circuit, now } = options
    const own = byGazetteer(at)
    if (!isPlace(at) || signal?.aborted || !mayAsk(circuit, now())) return own
    const query = new URLSearchParams({
      latlng: `${at.lat.toFixed(5)},${at.lng.toFixed(5)}`,
      language: lang,
      key: options.key,
    })
    const answer = await askJson(
      `${options.origin ?? GEOCODE_ORIGIN}/maps/api/geocode/json?${query}`,
      { method: 'GET', headers: { accept: 'application/json' } },
      { fetch: options.fetch, deadlineMs: options.deadlineMs ?? PROVIDER_DEADLINE_MS, signal },
    )
    if (!answer.ok) {
      if (answer.why !== 'stopped') itFailed(circuit, answer.why, now())
      return own
    }
    const read = Answer.safeParse(answer.body)
    const status = read.success ? read.data.status : null
    if (status === 'ZERO_RESULTS') {
      itAnswered(circuit)
      return own
    }
    const found = read.success && status === 'OK' ? readResults(read.data.results, at) : []
    if (found.length === 0) {
      itFailed(circuit, status !== null && REFUSALS.includes(status) ? 'refused' : 'garbage', now())
      return own
    }
    itAnswered(circuit)
    return laidOver(own, found, at)
  },
})

function readResults(results: readonly unknown[], at: Point): Found[] {
  const found: Found[] = []
  for (const item of results.slice(0, 20)) {
    const read = Result.safeParse(item)
    if (!read.success || !isPlace(read.data.geometry.location)) continue
    const { geometry, formatted_address, address_components } = read.data
    const part = (...types: string[]) => {
      const text = address_components.find((each) => each.types.some((type) => types.includes(type)))?.long_name
      return text ? clean(text) || null : null
    }
    const distanceM = haversine(geometry.location, at)
    found.push({ distanceM, address: clean(formatted_address), at: geometry.location, part })
  }
  return found
}

function laidOver(own: Reversed, found: readonly Found[], at: Moving): Reversed {
  const near = found.filter(({ distanceM }) => distanceM <= RESULT_MAX_M)
  const [best] = near
  if (!best) return own
  const city = municipalityOf(near)
  const where: Whereabouts = {
    landmark: landmarkOf(near, at, own.where.landmark),
    road: roadOf(near, at, own.where.road),
    municipality: city ?? own.where.municipality,
    orElse: city ? null : own.where.orElse,
  }
  return { where, address: best.address || null, source: 'google' }
}

function landmarkOf(near: readonly Found[], at: Point, own: LandmarkNear | null): LandmarkNear | null {
  const nearest = near
    .map((each) => ({ ...each, name: each.part('point_of_interest', 'establishment', 'airport', 'transit_station') }))
    .filter(({ name, distanceM }) => name !== null && distanceM <= LANDMARK_MAX_M)
    .sort((a, b) => a.distanceM - b.distanceM)[0]
  // Ours are what people know; theirs may be anybody's shop.
  if (!nearest?.name || (own && own.distanceM <= LANDMARK_MAX_M)) return own
  const way = bearing(nearest.at, at)
  const distanceM = Math.round(nearest.distanceM)
  return { name: nearest.name, kind: 'landmark', distanceM, bearing: Math.round(way) % 360, wind: windOf(way) }
}

function roadOf(near: readonly Found[], at: Moving, own: RoadNear | null): RoadNear | null {
  const first = near
    .map(({ part, distanceM }) => ({ name: part('route'), distanceM }))
    .find(({ name }) => name !== null && !/^unnamed/i.test(name))
  if (!first?.name) return own
  const on = first.distanceM <= ROAD_ON_M
  const heading = (at.speedMps ?? 0) >= 1 ? (at.headingDeg ?? null) : null
  // Our own lines know which carriageway a bend belongs to; elsewhere the compass must do.
  const direction = own?.on ? own.direction : heading === null ? null : windOf(heading)
  return { name: first.name, distanceM: Math.round(first.distanceM), on, direction: on ? direction : null }
}

const OURS = new Set(GAZETTEER.map(({ municipality }) => municipality))

/** As we write it where we know it ("City of Makati" is Makati, Quezon City stays). */
function municipalityOf(near: readonly Found[]): string | null {
  for (const { part } of near) {
    const name = part('locality')
    if (!name) continue
    const short = name.replace(/^City of /i, '').replace(/ City$/i, '')
    return OURS.has(name) || !OURS.has(short) ? name : short
  }
  return null
}

/** One line without what is not text. */
const clean = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, TEXT_MAX)
