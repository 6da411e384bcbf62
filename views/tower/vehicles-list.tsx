// The vehicles beside the map: the card of the selected one, and the list twin for those who do not use a map. Both are
// filled by the browser; both know status and place, and nobody's name.

import type { Child } from 'hono/jsx'
import { DOT_STATUS } from '../../src/domain/map-frame'
import { Icon } from '../marks'
import type { Say, Word } from '../words'

const CARD = ['age', 'contact', 'heading', 'speed', 'battery', 'charging', 'accuracy', 'doubts'] as const
const COLUMNS = ['status', 'heading', 'speed', 'age'] as const

export function VehicleCard({ say, children }: { say: Say; children?: Child }) {
  return (
    <>
      <section class="vehicle-card" id="vehicle-card" aria-label={say('vehicle.title')} hidden>
        <header class="vehicle-card-head">
          <DotMark slot />
          <strong data-vehicle="status">–</strong>
          <button type="button" class="button" data-look="plain" data-size="small" data-vehicle-close>
            <Icon name="close" />
            <span class="visually-hidden">{say('vehicle.close')}</span>
          </button>
        </header>
        <dl class="vehicle-facts">
          {CARD.map((what) => (
            <div>
              <dt>{say(`vehicle.${what}` satisfies Word)}</dt>
              <dd class="figures" data-vehicle={what}>
                –
              </dd>
            </div>
          ))}
        </dl>
        {children}
      </section>
      <p class="visually-hidden" id="vehicle-said" role="status" />
    </>
  )
}

/** `mapShards` or not, it stands there: that there is no link is a thing to know. */
export function VehiclesList({ say }: { say: Say }) {
  return (
    <details class="vehicles-list" id="vehicles-list">
      <summary class="button" data-size="small">
        {say('vehicles.title')}: <span data-vehicles-lamp>{say('vehicles.no_link')}</span>
      </summary>
      <DotSprite say={say} />
      <div class="vehicles-body">
        <ul class="vehicles-key">
          {DOT_STATUS.map((status) => (
            <li>
              <DotMark of={status} /> {say(`dot.${status}`)}
            </li>
          ))}
        </ul>
        <div class="vehicles-filter">
          <label for="vehicles-filter">{say('vehicles.filter')}</label>
          <select class="input" id="vehicles-filter" data-vehicles-filter autocomplete="off">
            <option value="">{say('vehicles.every')}</option>
            {DOT_STATUS.map((status) => (
              <option value={status}>{say(`dot.${status}`)}</option>
            ))}
          </select>
          <p class="muted" data-vehicles-note />
        </div>
        <p class="vehicles-rests">
          <span class="muted">{say('vehicles.rests')}</span>
          <button type="button" class="button" data-size="small" data-vehicles-refresh>
            {say('vehicles.refresh')}
          </button>
        </p>
        <section class="vehicles-scroll" tabindex={0} aria-label={say('vehicles.list')}>
          <table>
            <thead>
              <tr>
                {COLUMNS.map((what) => (
                  <th scope="col">{say(`vehicle.${what}` satisfies Word)}</th>
                ))}
              </tr>
            </thead>
            <tbody />
          </table>
        </section>
      </div>
      <template id="vehicle-row">
        <tr>
          <th scope="row">
            <button type="button" class="button" data-look="plain" data-size="small" aria-pressed="false">
              <DotMark slot />
              <span data-cell="words" />
            </button>
          </th>
          <td data-cell="heading" />
          <td class="figures" data-cell="speed" />
          <td class="figures" data-cell="age" />
        </tr>
      </template>
    </details>
  )
}

function DotMark({ of = 'moving', slot = false }: { of?: (typeof DOT_STATUS)[number]; slot?: boolean }) {
  return (
    <svg class="dot-mark" viewBox="0 0 24 24" aria-hidden="true">
      <use href={`#dot-${of}`} data-mark={slot ? '' : undefined} />
    </svg>
  )
}

const SHAPES: Record<(typeof DOT_STATUS)[number], { points: string; y: number }> = {
  moving: { points: '12,1 22,21 12,17.5 2,21', y: 16.4 },
  standing: { points: '3,3 21,3 21,21 3,21', y: 16.4 },
  silent: { points: '12,1 23,12 12,23 1,12', y: 16.4 },
  sos: { points: '8,1 16,1 23,8 23,16 16,23 8,23 1,16 1,8', y: 16.4 },
}

/** The shapes of the canvas, once more for words beside it. */
function DotSprite({ say }: { say: Say }) {
  return (
    <svg class="visually-hidden" aria-hidden="true" width="0" height="0">
      {DOT_STATUS.map((status) => (
        <symbol id={`dot-${status}`} viewBox="0 0 24 24">
          <polygon
            points={SHAPES[status].points}
            fill={status === 'silent' ? 'none' : `var(--vehicle-${status})`}
            stroke={`var(--vehicle-${status})`}
            stroke-width="2"
            stroke-linejoin="round"
          />
          <text
            x="12"
            y={SHAPES[status].y}
            fill={
              status === 'silent' ? 'var(--vehicle-silent)' : status === 'sos' ? 'var(--p1-on)' : 'var(--vehicle-on)'
            }
            font-size="12"
            font-weight="700"
            text-anchor="middle"
          >
            {say(`dot.${status}.letter` satisfies Word)}
          </text>
        </symbol>
      ))}
    </svg>
  )
}
