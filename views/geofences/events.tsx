// What was entered and left, newest first; and the one way to see whose vehicles they were: saying what for.

import type { FenceEventRead } from '../../src/domain/fence-record'
import type { RegionId } from '../../src/domain/region'
import { clock, day } from '../format'
import type { Say } from '../words'
import { fenceAddress } from './office'

/** `deviceId` is null where nobody said what it is needed for. */
export type ShownEvent = Omit<FenceEventRead, 'deviceId'> & { deviceId: string | null }

type EventsProps = {
  say: Say
  events: readonly ShownEvent[]
  title: string
  /** On a fence's own page its name is said above. */
  named: boolean
  purpose: string | null
  now: number
}

export function FenceEventList({ say, events, title, named, purpose, now }: EventsProps) {
  return (
    <section class="office-part" id="fence-events" aria-labelledby="fence-events-title">
      <h2 id="fence-events-title">{title}</h2>
      {purpose !== null && <p role="status">{say('fence.shown_for', { purpose })}</p>}
      {events.length === 0 ? (
        <p class="muted">{say('fence.events_none')}</p>
      ) : (
        <ul class="fence-events">
          {events.map(({ at, event, fenceId, name, deviceId }) => (
            <li data-event={event}>
              <time class="figures" datetime={new Date(at).toISOString()}>
                {day(at) === day(now) ? clock(at) : `${day(at)}, ${clock(at)}`}
              </time>
              <span class="fence-event">{say(`fence.${event}`)}</span>
              {named && <a href={fenceAddress(fenceId)}>{name}</a>}
              {deviceId !== null && <span class="mono">{deviceId}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Only for those who may see tracks. */
export function PurposeForm({ say, action, region }: { say: Say; action: string; region: RegionId | null }) {
  return (
    <form class="office-search fence-purpose" method="get" action={action}>
      {region && <input type="hidden" name="region" value={region} />}
      <div class="field">
        <label for="purpose">{say('fence.purpose')}</label>
        <p class="muted" id="purpose-hint">
          {say('fence.purpose_hint')}
        </p>
        <input
          class="input"
          id="purpose"
          name="purpose"
          required
          minlength={3}
          maxlength={200}
          autocomplete="off"
          aria-describedby="purpose-hint"
        />
      </div>
      <button class="button" type="submit">
        {say('fence.show')}
      </button>
    </form>
  )
}
