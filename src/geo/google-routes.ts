// Ways and times from Google Routes v2 (computeRouteMatrix), with live traffic. What it does not answer, offline does.

import { z } from 'zod'
import { type Circuit, itAnswered, itFailed, mayAsk } from '../durable/circuit'
import { askJson, type Fetch } from './ask'
import { haversine, isPlace, type Point } from './distance'
import { offlineRoute, type RouteProvider, type RouteTime } from './travel'

export type GoogleOptions = {
  key: string
  fetch: Fetch
  circuit: Circuit
  now: () => number
  /** Another address in tests. */
  origin?: string
  deadlineMs?: number
}

export const ROUTES_ORIGIN = 'https://routes.googleapis.com'
export const PROVIDER_DEADLINE_MS = 1_500
/** Google bills by element and takes 625; an operator looks at the nearest few. */
export const MAX_ORIGINS = 25

/** Without `status` in the mask, an element that failed looks like one that is well. */
const FIELD_MASK = 'originIndex,destinationIndex,status,condition,distanceMeters,duration'

/** As JSON of protobuf: a zero may be left out, also the index of the first. */
const Element = z.object({
  originIndex: z.int().nonnegative().default(0),
  destinationIndex: z.int().nonnegative().default(0),
  status: z.object({ code: z.int().default(0) }).optional(),
  condition: z.string().optional(),
  distanceMeters: z.number().nonnegative().default(0),
  duration: z
    .string()
    .regex(/^\d{1,6}(\.\d{1,9})?s$/)
    .optional(),
})

export const googleRoutes = (options: GoogleOptions): RouteProvider => ({
  async matrix(from, to, signal) {
    const { circuit, now } = options
    const offline = from.map((each) => offlineRoute(each, to, now()))
    const asked = nearest(offline).filter((at) => isPlace(from[at] as Point))
    if (!isPlace(to) || asked.length === 0 || signal?.aborted || !mayAsk(circuit, now())) return offline
    const origins = asked.map((at) => from[at] as Point)
    const answer = await askJson(
      `${options.origin ?? ROUTES_ORIGIN}/distanceMatrix/v2:computeRouteMatrix`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-goog-api-key': options.key,
          'x-goog-fieldmask': FIELD_MASK,
        },
        body: JSON.stringify({
          origins: origins.map(waypoint),
          destinations: [waypoint(to)],
          travelMode: 'DRIVE',
          routingPreference: 'TRAFFIC_AWARE',
        }),
      },
      { fetch: options.fetch, deadlineMs: options.deadlineMs ?? PROVIDER_DEADLINE_MS, signal },
    )
    if (!answer.ok) {
      if (answer.why !== 'stopped') itFailed(circuit, answer.why, now())
      return offline
    }
    const told = readMatrix(answer.body, origins, to)
    if (!told) {
      itFailed(circuit, 'garbage', now())
      return offline
    }
    itAnswered(circuit)
    const place = new Map(asked.map((at, index) => [at, told[index] ?? null]))
    return offline.map((each, at) => place.get(at) ?? each)
  },
})

const waypoint = ({ lat, lng }: Point) => ({ waypoint: { location: { latLng: { latitude: lat, longitude: lng } } } })

/** The indexes of the nearest, at most as many as are asked for, in the order in which they came. */
const nearest = (routes: readonly RouteTime[]): number[] =>
  routes
    .map(({ distanceM }, at) => ({ distanceM, at }))
    .sort((a, b) => a.distanceM - b.distanceM)
    .slice(0, MAX_ORIGINS)
    .map(({ at }) => at)
    .sort((a, b) => a - b)

/** One per origin, null where there is no believable way; null altogether where it is no matrix. Elements come unordered. */
function readMatrix(body: unknown, origins: readonly Point[], to: Point): (RouteTime | null)[] | null {
  if (!Array.isArray(body)) return null
  const told: (RouteTime | null)[] = origins.map(() => null)
  let understood = 0
  for (const item of body) {
    const read = Element.safeParse(item)
    if (!read.success) continue
    const { originIndex, destinationIndex, status, condition, distanceMeters, duration } = read.data
    const origin = origins[originIndex]
    if (!origin || destinationIndex !== 0 || condition === undefined) continue
    understood++
    if (status?.code || condition !== 'ROUTE_EXISTS' || duration === undefined) continue
    // No way is shorter than the straight line; half a kilometre is for the nearest road to each end.
    if (distanceMeters < haversine(origin, to) - 500) continue
    told[originIndex] = {
      distanceM: distanceMeters,
      seconds: Math.round(Number.parseFloat(duration)),
      source: 'google',
    }
  }
  return understood > 0 ? told : null
}
