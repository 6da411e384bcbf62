// The small drawings of the ladder: a way out, and how far a try came. Shape, letter and colour say the same.

import type { AttemptState, Channel } from '../../src/domain/page'
import { RUNG_MARKS, type RungMark } from './ladder-view'

const CHANNELS: Record<Channel, string> = {
  voice: 'M4 4c0 9 7 16 16 16l1-5-5-2-2 2c-2-1-4-3-5-5l2-2-2-5z',
  sms: 'M3 5h18v11H11l-5 4v-4H3zM7 9h10M7 12h6',
  email: 'M3 6h18v12H3zM3 7l9 7 9-7',
  webhook: 'M8 6l-5 6 5 6M16 6l5 6-5 6M14 4l-4 16',
  lifeline: 'M8 3h8v18H8zM11 18h2',
}

export function ChannelIcon({ of }: { of: Channel }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={CHANNELS[of]} />
    </svg>
  )
}

const SHAPES: Record<RungMark['shape'], string> = {
  ring: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z',
  disc: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z',
  triangle: 'M12 1 23.5 22H.5z',
  octagon: 'M8 1h8l7 7v8l-7 7H8l-7-7V8z',
  square: 'M3 3h18v18H3z',
}

/** The words beside it say the state. */
export function RungShape({ of }: { of: AttemptState }) {
  const { shape, letter, tone } = RUNG_MARKS[of]
  return (
    <svg class="rung-mark" viewBox="0 0 24 24" data-shape={shape} data-tone={tone} aria-hidden="true">
      <path d={SHAPES[shape]} />
      <text x="12" y={shape === 'triangle' ? 19.5 : 16.8} text-anchor="middle" font-size="13" font-weight="700">
        {letter}
      </text>
    </svg>
  )
}
