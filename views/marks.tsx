// Marks and icons: one sprite per page, used by name, so that the browser's templates and the server draw the same shapes.
// A mark is colour and shape and letter together; none of them stands alone.

import type { Priority } from '../src/domain/incident'

export type Mark = Priority | 'drill'

const SHAPES: Record<Mark, { points: string | null; letter: string; y: number; fill: string; on: string }> = {
  P1: { points: '8,1 16,1 23,8 23,16 16,23 8,23 1,16 1,8', letter: '1', y: 16.6, fill: 'p1-fill', on: 'p1-on' },
  P2: { points: '12,1 23.5,22 0.5,22', letter: '2', y: 19.2, fill: 'p2-fill', on: 'p2-on' },
  P3: { points: '2,2 22,2 22,22 2,22', letter: '3', y: 16.6, fill: 'p3-fill', on: 'p3-on' },
  P4: { points: null, letter: '4', y: 16.6, fill: 'p4-fill', on: 'p4-on' },
  drill: { points: null, letter: 'D', y: 16.6, fill: 'drill-fill', on: 'drill-on' },
}

const ICONS = {
  'phone-off': 'M4 5c0 8 7 15 15 15l2-4-5-2-2 2c-2-1-5-4-6-6l2-2-2-5zM3 21 21 3',
  phone: 'M4 4c0 9 7 16 16 16l1-5-5-2-2 2c-2-1-4-3-5-5l2-2-2-5z',
  pin: 'M12 21c4-5 7-8 7-12a7 7 0 1 0-14 0c0 4 3 7 7 12zM12 6.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-5 4-7 8-7s7 2 8 7',
  check: 'M4 13l5 5L20 6',
  plus: 'M12 4v16M4 12h16',
  find: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 21 21',
  close: 'M5 5l14 14M19 5 5 19',
  up: 'M5 15l7-7 7 7',
  down: 'M5 9l7 7 7-7',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  minus: 'M4 12h16',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  flag: 'M5 21V4h12l-2 4 2 4H5',
} as const

export type IconName = keyof typeof ICONS

export function Sprite() {
  return (
    <svg class="visually-hidden" aria-hidden="true" width="0" height="0">
      {Object.entries(SHAPES).map(([name, { points, letter, y, fill, on }]) => (
        <symbol id={`mark-${name}`} viewBox="0 0 24 24">
          {points ? (
            <polygon class="shape" points={points} fill={`var(--${fill})`} stroke={`var(--${fill})`} />
          ) : name === 'drill' ? (
            <circle
              class="shape"
              cx="12"
              cy="12"
              r="10.5"
              fill={`var(--${fill})`}
              stroke={`var(--${on})`}
              stroke-dasharray="3 2"
            />
          ) : (
            <circle class="shape" cx="12" cy="12" r="11" fill={`var(--${fill})`} stroke={`var(--${fill})`} />
          )}
          <text x="12" y={y} fill={`var(--${on})`} font-size="13" font-weight="700" text-anchor="middle">
            {letter}
          </text>
        </symbol>
      ))}
      {Object.entries(ICONS).map(([name, path]) => (
        <symbol id={`icon-${name}`} viewBox="0 0 24 24">
          <path d={path} />
        </symbol>
      ))}
      <symbol id="sign" viewBox="0 0 24 24">
        <path d="M3 3h6l3 5 3-5h6l-6 9 6 9h-6l-3-5-3 5H3l6-9z" fill="currentColor" />
      </symbol>
    </svg>
  )
}

/** `label` where the mark stands alone; without it the mark is an ornament of words beside it. */
export function PriorityMark({ of, label, slot }: { of: Mark; label?: string; slot?: string }) {
  const spoken = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' as const }
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: named by aria-label, or an ornament.
    <svg class="mark" viewBox="0 0 24 24" {...spoken}>
      <use href={`#mark-${of}`} data-slot={slot} />
    </svg>
  )
}

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <use href={`#icon-${name}`} />
    </svg>
  )
}
