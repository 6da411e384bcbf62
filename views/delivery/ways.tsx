// The ways out of a tower: which are configured, what is missing for the others, and whose provider is down.

import type { Channel } from '../../src/domain/page'
import { clock } from '../format'
import { ChannelIcon } from '../tower/ladder-marks'
import type { Say } from '../words'

/** As src/http/ways-out.ts finds them. */
export type ShownWays = {
  ways: readonly {
    name: string
    provider: string
    channel: Channel
    on: boolean
    missing: readonly string[]
    circuit: { open: number; of: number; failures: number; since: number | null; until: number | null } | null
  }[]
  at: number | null
  queued: number
  underWay: number
}

type Shown = ShownWays['ways'][number]

export function Ways({ ways: { ways, at, queued, underWay }, say }: { ways: ShownWays; say: Say }) {
  return (
    <section aria-labelledby="ways">
      <h2 id="ways">{say('delivery.ways')}</h2>
      {at === null ? (
        <p class="notice" data-tone="warn" role="status">
          {say('delivery.ways_unseen')}
        </p>
      ) : (
        <p class="muted">
          {say('delivery.ways_lead', { time: clock(at) })} {say('delivery.queued', { queued, underway: underWay })}.
        </p>
      )}
      <ul class="delivery-ways">
        {ways.map((way) => (
          <li class="delivery-way" data-way={way.name} data-on={way.on ? 'yes' : 'no'}>
            <ChannelIcon of={way.channel} />
            <span>
              <strong>{say(`way.${way.channel}`)}</strong>{' '}
              {way.provider !== way.channel && <span class="muted">{way.provider}</span>}
            </span>
            <State way={way} say={say} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function State({ way: { on, missing, circuit }, say }: { way: Shown; say: Say }) {
  if (!on) return <span class="muted">{say('delivery.off', { names: missing.join(', ') })}</span>
  if (circuit === null)
    return (
      <span>
        <span class="chip">{say('delivery.configured')}</span>
      </span>
    )
  if (circuit.open === 0)
    return (
      <span>
        <span class="chip" data-tone="good">
          {say('delivery.on')}
        </span>{' '}
        {circuit.failures > 0 && <span class="label">{say('delivery.failures', { n: circuit.failures })}</span>}
      </span>
    )
  const details = [
    circuit.since === null ? null : say('delivery.down_since', { time: clock(circuit.since) }),
    circuit.until === null ? null : say('delivery.down_until', { time: clock(circuit.until) }),
    say('delivery.failures', { n: circuit.failures }),
    circuit.of > 1 ? say('delivery.shards', { n: circuit.open, all: circuit.of }) : null,
  ]
  return (
    <span>
      <span class="chip" data-tone="alarm">
        {say('delivery.down')}
      </span>{' '}
      <span class="label">{details.filter((each) => each !== null).join(', ')}</span>
    </span>
  )
}
