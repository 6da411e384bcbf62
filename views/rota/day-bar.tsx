// The hours of one day as a bar: people in tones, gaps hatched. The words beside it say the same, so it is for the eye alone.

import type { Watch } from '../../src/domain/rota-week'

const MINUTE_MS = 60_000
const WIDTH = 1_440
const HEIGHT = 24
const TONES = 6

/** Once on a page: what gaps are filled with. */
export function BarPatterns() {
  return (
    <svg class="rota-patterns" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="rota-hatch" width="36" height="24" patternUnits="userSpaceOnUse">
          <path class="rota-hatch-line" d="M-9 18 L9 -6 M0 30 L36 -18 M27 42 L45 18" />
        </pattern>
      </defs>
    </svg>
  )
}

export function DayBar({
  watches,
  from,
  now,
  toneOf,
}: {
  watches: readonly Watch[]
  from: number
  /** Where it lies in this day. */
  now: number | null
  toneOf: (contactId: string) => number
}) {
  const at = (time: number) => Math.round((time - from) / MINUTE_MS)
  return (
    <svg
      class="rota-bar"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {watches.map((watch) => {
        const place = { x: at(watch.from), y: 0, width: at(watch.until) - at(watch.from), height: HEIGHT }
        const [first] = watch.who
        return first === undefined ? (
          <>
            <rect class="rota-gap" {...place} />
            <rect fill="url(#rota-hatch)" {...place} />
          </>
        ) : (
          <rect
            class="rota-watch"
            data-tone={String(Math.max(0, toneOf(first)) % TONES)}
            data-override={watch.override ? 'yes' : undefined}
            {...place}
          />
        )
      })}
      {[6, 12, 18].map((hour) => (
        <line class="rota-hour" x1={hour * 60} x2={hour * 60} y1="0" y2={HEIGHT} />
      ))}
      {now !== null && <line class="rota-now" x1={at(now)} x2={at(now)} y1="0" y2={HEIGHT} />}
    </svg>
  )
}
