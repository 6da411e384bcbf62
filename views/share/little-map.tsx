// A map that needs no script, no tiles and nobody else's server: the vehicle in the middle, and the roads that we know around it.

import type { Say } from '../words'

/** Metres east and north of the middle. */
export type Spot = { x: number; y: number }
export type Surroundings = {
  /** Half the map's width, metres. */
  reachM: number
  roads: { name: string; line: Spot[] }[]
  places: (Spot & { name: string })[]
}

type MapProps = {
  around: Surroundings
  accuracyM: number | null
  /** Where it is heading; null standing. */
  headingDeg: number | null
  say: Say
}

/** Of the drawing: text stays readable on a phone. */
const SIZE = 1_000

export function LittleMap({ around, accuracyM, headingDeg, say }: MapProps) {
  const { reachM, roads, places } = around
  const at = ({ x, y }: Spot) => ({
    x: round(((x + reachM) * SIZE) / (2 * reachM)),
    y: round(((reachM - y) * SIZE) / (2 * reachM)),
  })
  const radius = accuracyM === null ? 0 : Math.min(SIZE / 2, (accuracyM * SIZE) / (2 * reachM))
  return (
    <figure class="share-map">
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label={say('share.map')}>
        {roads.map(({ line }) => (
          <polyline
            class="share-road"
            points={line
              .map(at)
              .map(({ x, y }) => `${x},${y}`)
              .join(' ')}
          />
        ))}
        {roads.map(({ name, line }) => {
          const middle = nearestOf(line)
          const { x, y } = at(middle)
          return (
            <text class="share-road-name" x={x} y={y - 14} text-anchor="middle">
              {name}
            </text>
          )
        })}
        {places.map((place) => {
          const { x, y } = at(place)
          return (
            <g class="share-place">
              <circle cx={x} cy={y} r="9" />
              <text x={x} y={y + 36} text-anchor="middle">
                {place.name}
              </text>
            </g>
          )
        })}
        {radius > 0 && <circle class="share-doubt" cx={SIZE / 2} cy={SIZE / 2} r={round(radius)} />}
        <g class="share-vehicle" transform={`rotate(${round(headingDeg ?? 0)} ${SIZE / 2} ${SIZE / 2})`}>
          {headingDeg === null ? (
            <circle cx={SIZE / 2} cy={SIZE / 2} r="24" />
          ) : (
            <path d={`M${SIZE / 2} ${SIZE / 2 - 42} l28 70 l-28 -18 l-28 18 z`} />
          )}
        </g>
      </svg>
      <figcaption class="label">{say('share.map_width', { km: round((2 * reachM) / 1_000) })}</figcaption>
    </figure>
  )
}

const round = (value: number): number => Math.round(value * 10) / 10

/** Where a road's name is written: nearest to the middle. */
const nearestOf = (line: readonly Spot[]): Spot =>
  line.reduce((best, spot) => (Math.hypot(spot.x, spot.y) < Math.hypot(best.x, best.y) ? spot : best))
