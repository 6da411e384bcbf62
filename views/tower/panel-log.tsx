// The lower half of the panel: responders on their way, the facts of the incident, and its timeline.

import type { LogEvent } from '../../src/domain/event'
import type { IncidentSummary, LegState } from '../../src/domain/incident'
import { clock } from '../format'
import type { Say } from '../words'
import { ActButton, type ActContext } from './act-button'
import { eventLine } from './event-line'
import { keyOf } from './keys'

/** What a leg can become from where it is. */
const LEG_MOVES: Record<LegState, readonly LegState[]> = {
  asked: ['accepted', 'declined', 'on_the_way'],
  accepted: ['on_the_way', 'there', 'declined'],
  on_the_way: ['there', 'done'],
  there: ['done'],
  declined: [],
  done: [],
}

type LogProps = { incident: IncidentSummary; say: Say; on: ActContext; mayAct: boolean }

export function Legs({ incident, say, on, mayAct }: LogProps) {
  const { legs } = incident
  // W and O move the first leg for which that is the next way to go.
  const first = (state: LegState) => legs.find((leg) => LEG_MOVES[leg.state].includes(state))?.id
  const keyed: Partial<Record<LegState, { leg: string | undefined; key: string }>> = {
    on_the_way: { leg: first('on_the_way'), key: keyOf('leg_way') },
    there: { leg: first('there'), key: keyOf('leg_there') },
  }
  return (
    <section class="legs" aria-label={say('panel.legs')}>
      <h3>{say('panel.legs')}</h3>
      {legs.length === 0 && <p class="muted">{say('panel.legs_none')}</p>}
      <ul>
        {legs.map((leg) => (
          <li class="leg" data-state={leg.state} data-ref={leg.ref} data-words={say(`leg.${leg.state}`)}>
            <span class="leg-name">
              <strong>{leg.name}</strong> <span class="muted">{say(`responder.${leg.kind}`)}</span>
            </span>
            <span class="chip" data-tone={leg.state === 'declined' ? 'warn' : leg.state === 'asked' ? 'plain' : 'good'}>
              {say(`leg.${leg.state}`)}
              {leg.etaMinutes !== null && ` · ${say('panel.eta', { n: leg.etaMinutes })}`}
            </span>
            {mayAct && (
              <span class="leg-acts">
                {LEG_MOVES[leg.state].map((state) => (
                  <ActButton
                    on={on}
                    act="leg"
                    with={{ legId: leg.id, state }}
                    size="small"
                    keyName={keyed[state]?.leg === leg.id ? keyed[state]?.key : undefined}
                  >
                    {say(`act.${state as 'accepted'}`)}
                  </ActButton>
                ))}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

type FactsProps = LogProps & { events: readonly LogEvent[] }

export function Facts({ incident, events, say, on, mayAct }: FactsProps) {
  const presses = events.filter(({ type }) => type === 'created' || type === 'pressed')
  const codeOf = (id: string) =>
    String(events.find(({ body }) => body?.to === id || body?.from === id)?.body?.code ?? id.slice(0, 8))
  const steps = [
    ['receipt.received', incident.receivedAt],
    ['receipt.shown', incident.shownAt],
    ['receipt.taken', incident.takenAt],
    ['receipt.help', incident.helpOnTheWayAt],
  ] as const
  return (
    <section class="facts" aria-label={say('panel.facts')}>
      <h3>{say('panel.facts')}</h3>
      <ol class="receipts">
        {steps.map(([word, at]) => (
          <li data-done={at ? 'yes' : undefined}>
            <span class="label">{say(word)}</span>
            <span class="figures">{at ? clock(Date.parse(at)) : '–'}</span>
          </li>
        ))}
      </ol>
      <dl>
        {incident.note && (
          <>
            <dt>{say('panel.note')}</dt>
            <dd class="said">{incident.note}</dd>
          </>
        )}
        <dt>{say('panel.reporter')}</dt>
        <dd>
          {say(`reporter.${incident.reporter}`)}, {say(`door.${incident.door}`)}
        </dd>
        <dt>{say('panel.presses')}</dt>
        <dd class="figures">
          {incident.pressCount}:{' '}
          {presses
            .slice(-5)
            .map((press) => clock(press.at))
            .join(', ')}
        </dd>
        <dt>{say('panel.desk')}</dt>
        <dd>
          {incident.desk}
          {incident.desk !== incident.region && ` (${say('panel.home')}: ${incident.region})`}
        </dd>
        {incident.deviceId && (
          <>
            <dt>{say('panel.device')}</dt>
            <dd class="mono device">{incident.deviceId}</dd>
          </>
        )}
        {incident.links.length > 0 && (
          <>
            <dt>{say('panel.links')}</dt>
            <dd class="linked">
              {incident.links.map((id) => (
                <span>
                  <button type="button" class="button" data-size="small" data-frame={id}>
                    {codeOf(id)}
                  </button>
                  {mayAct && (
                    <ActButton on={on} act="unlink" with={{ otherId: id }} size="small" look="plain">
                      {say('act.unlink')}
                    </ActButton>
                  )}
                </span>
              ))}
            </dd>
          </>
        )}
        {(incident.merged.length > 0 || incident.mergedInto) && (
          <>
            <dt>{say(incident.mergedInto ? 'panel.merged_into' : 'panel.merged')}</dt>
            <dd class="linked">
              {[...incident.merged, ...(incident.mergedInto ? [incident.mergedInto] : [])].map((id) => (
                <button type="button" class="button" data-size="small" data-frame={id}>
                  {codeOf(id)}
                </button>
              ))}
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

/** Newest first: what happened last is what the next person needs. */
export function Timeline({ events, say }: { events: readonly LogEvent[]; say: Say }) {
  return (
    <section class="timeline" aria-label={say('panel.timeline')}>
      <h3>{say('panel.timeline')}</h3>
      <ol>
        {[...events]
          .filter(({ type }) => type !== 'looked')
          .sort((a, b) => b.seq - a.seq)
          .map((event) => {
            const line = eventLine(event, say)
            return (
              <li data-tone={line.tone} title={say('panel.log', { seq: event.seq })}>
                <time class="figures" datetime={new Date(event.at).toISOString()}>
                  {clock(event.at)}
                </time>
                <span>
                  <strong>{line.what}</strong>
                  {line.detail && <span class="detail"> {line.detail}</span>}
                  {line.by && <span class="muted"> {line.by}</span>}
                </span>
              </li>
            )
          })}
      </ol>
    </section>
  )
}
