// The lamp of the ways out, on the strip: whether providers answer, in words and shape. Asked for again once a minute.

import type { RegionId } from '../../src/domain/region'
import type { Say } from '../words'

/** As src/http/ways-out.ts decides it; null before anybody was asked. */
export type ShownLamp = { is: 'ok' | 'none' | 'unseen' | 'all_down' } | { is: 'down'; names: string[] } | null

const STATES = { ok: 'good', none: 'warn', unseen: 'warn', down: 'warn', all_down: 'bad' } as const

type LampProps = { region: RegionId; lamp: ShownLamp; say: Say; nonce: string }

export function WaysLamp({ region, lamp, say, nonce }: LampProps) {
  return (
    <a
      id="ways-lamp"
      class="lamp"
      href={`/delivery?region=${region}#ways`}
      data-lamp="ways"
      data-state={lamp ? STATES[lamp.is] : undefined}
      hx-get={`/delivery/lamp?region=${region}`}
      hx-trigger={lamp ? 'every 60s' : 'load, every 60s'}
      hx-target="this"
      hx-swap="outerHTML"
      hx-nonce={nonce}
    >
      {say('lamp.ways')}: <span data-lamp-words>{wordsOf(lamp, say)}</span>
    </a>
  )
}

function wordsOf(lamp: ShownLamp, say: Say): string {
  if (lamp === null) return '…'
  return lamp.is === 'down' ? say('lamp.ways.down', { name: lamp.names.join(', ') }) : say(`lamp.ways.${lamp.is}`)
}
