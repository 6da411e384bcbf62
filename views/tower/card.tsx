// One incident in the queue, as a button that frames it. With a view it is a card; without, the <template> that
// client/queue/draw.ts fills: the slots and data attributes here are its contract.

import { elapsed } from '../format'
import { Icon, PriorityMark } from '../marks'
import type { Say } from '../words'
import type { CardView } from './card-view'

const yes = (it: boolean | undefined): 'yes' | undefined => (it ? 'yes' : undefined)

export function Card({ view, say, now, framed }: { view: CardView | null; say: Say; now: number; framed?: boolean }) {
  return (
    <button
      type="button"
      class="card"
      data-id={view?.id}
      data-seq={view?.seq}
      data-priority={view?.priority}
      data-untaken={yes(view?.untaken)}
      data-mine={yes(view?.mine)}
      data-quiet={yes(view?.quiet)}
      data-drill={yes(view !== null && view.drill !== '')}
      aria-current={framed ? 'true' : undefined}
    >
      <span class="card-mark">
        <PriorityMark of={view?.drill ? 'drill' : (view?.priority ?? 'P1')} slot="mark" />
      </span>
      <span class="card-head">
        <span class="drill-word" data-slot="drill">
          {view?.drill}
        </span>
        <span class="visually-hidden" data-slot="priority">
          {view?.priority}
        </span>
        <span class="card-code" data-slot="code">
          {view?.code}
        </span>
        <span class="card-kind" data-slot="kind">
          {view?.kind}
        </span>
      </span>
      <span class="card-age figures" data-slot="age" data-since={view?.since} data-as="elapsed">
        {view ? elapsed(now - view.since) : ''}
      </span>
      <span class="card-line">
        <span class="card-plate" data-slot="plate">
          {view?.plate}
        </span>{' '}
        <span data-slot="vehicle">{view?.vehicle}</span>
      </span>
      <span class="card-line card-who">
        <span data-slot="place">{view?.place}</span> · <span data-slot="who">{view?.who}</span>
      </span>
      <span class="card-foot" data-slot="chips">
        {view?.chips.map((chip) => (
          <span class="chip" data-tone={chip.tone} data-until={chip.until?.at} data-words={chip.until?.words}>
            {chip.text}
          </span>
        ))}
      </span>
      <span class="card-quiet hatch" data-slot="quiet" hidden={view ? !view.quiet : true}>
        <span>
          <Icon name="phone-off" />
          {say('policy.quiet')}
        </span>
      </span>
    </button>
  )
}

/** A P1 of the band. Same rule: with a view it is an item, without it the template. */
export function BandItem({ view, now, framed }: { view: CardView | null; now: number; framed?: boolean }) {
  return (
    <button
      type="button"
      class="band-item"
      data-id={view?.id}
      data-drill={yes(view !== null && view.drill !== '')}
      aria-current={framed ? 'true' : undefined}
    >
      <PriorityMark of={view?.drill ? 'drill' : 'P1'} slot="mark" />
      <span class="drill-word" data-slot="drill">
        {view?.drill}
      </span>
      <strong data-slot="code">{view?.code}</strong>
      <span class="mono" data-slot="plate">
        {view?.plate}
      </span>
      <span data-slot="place">{view?.place}</span>
      <span class="figures" data-slot="age" data-since={view?.since} data-as="elapsed">
        {view ? elapsed(now - view.since) : ''}
      </span>
      <span data-slot="quiet" hidden={view ? !view.quiet : true}>
        <Icon name="phone-off" />
      </span>
    </button>
  )
}
