// The replay below the map: the time, its slider with what happened, and what was so at that moment. And the part of the
// vehicle's card that asks whose it is. Both are filled by client/map/replay.

import type { IncidentSummary } from '../../src/domain/incident'
import { Icon, type IconName } from '../marks'
import type { Say, Word } from '../words'
import { BANDS, FILES, PACES, PURPOSES, SPANS, WORDS_MAX, WORDS_MIN } from './replay-choices'

const NOW = ['speed', 'heading', 'place'] as const

export function Replay({ say }: { say: Say }) {
  return (
    <section class="replay" id="replay" aria-labelledby="replay-title" tabindex={-1} hidden>
      <header class="replay-head">
        <h2 id="replay-title" data-replay="title">
          {say('replay.title')}
        </h2>
        <span class="muted" data-replay="reason" />
        <button type="button" class="button" data-look="plain" data-size="small" data-replay-close>
          <Icon name="close" />
          <span class="visually-hidden">{say('replay.close')}</span>
        </button>
      </header>
      <SpanForm say={say} />
      <p class="replay-note" role="status">
        <span data-replay="note" />
        <button type="button" class="button" data-size="small" data-replay-again hidden>
          {say('replay.again')}
        </button>
      </p>
      <div class="replay-body" data-replay-body hidden>
        <div class="replay-now">
          <p class="replay-time figures">
            <strong data-replay="clock" /> <span class="muted" data-replay="day" />
          </p>
          <dl class="replay-facts">
            {NOW.map((what) => (
              <div>
                <dt class="label">{say(`replay.${what}` satisfies Word)}</dt>
                <dd class="figures" data-replay={what} />
              </div>
            ))}
          </dl>
          <p class="replay-lost" data-replay="lost" hidden />
        </div>
        <div class="replay-line">
          <div class="replay-ticks" data-replay-ticks aria-hidden="true" />
          <input type="range" class="replay-slider" data-replay-slider aria-label={say('replay.slider')} />
        </div>
        <div class="replay-hands">
          <span class="replay-play">
            <Hand does="previous" icon="left" say={say} />
            <button type="button" class="button" data-look="primary" data-replay-act="play">
              <span data-replay="play">{say('replay.play')}</span>
            </button>
            <Hand does="next" icon="right" say={say} />
          </span>
          <fieldset class="choices replay-paces">
            <legend class="visually-hidden">{say('replay.pace')}</legend>
            {PACES.map((pace) => (
              <label class="choice">
                <input type="radio" name="replay-pace" value={pace} checked={pace === 60} />
                <span>{pace}×</span>
              </label>
            ))}
          </fieldset>
          <details class="replay-events">
            <summary class="button" data-size="small" data-replay="events" />
            <ol data-replay-events />
          </details>
          <span class="replay-files">
            <span class="label">{say('replay.export')}</span>
            {FILES.map((format) => (
              <button type="button" class="button" data-size="small" data-replay-file={format}>
                {format === 'geojson' ? 'GeoJSON' : format.toUpperCase()}
              </button>
            ))}
          </span>
        </div>
        <ul class="replay-legend" aria-label={say('replay.legend')}>
          {BANDS.map(({ name }) => (
            <li data-band={name}>
              <svg viewBox="0 0 28 8" aria-hidden="true">
                <line class={`trail trail-${name}`} x1="2" y1="4" x2="26" y2="4" />
              </svg>
              {say(`replay.band.${name}` satisfies Word)}
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}

function SpanForm({ say }: { say: Say }) {
  return (
    <form class="replay-span" data-replay-span>
      <fieldset class="choices">
        <legend class="visually-hidden">{say('replay.span')}</legend>
        {SPANS.map((choice) => (
          <label class="choice" data-span={choice}>
            <input type="radio" name="replay-span" value={choice} />
            <span>{say(`replay.span.${choice}` satisfies Word)}</span>
          </label>
        ))}
      </fieldset>
      <div class="replay-own" data-replay-own hidden>
        {(['from', 'to'] as const).map((end) => (
          <div class="field">
            <label for={`replay-${end}`}>{say(`replay.${end}` satisfies Word)}</label>
            <input class="input" id={`replay-${end}`} name={end} type="datetime-local" required />
          </div>
        ))}
        <button type="submit" class="button">
          {say('replay.show')}
        </button>
      </div>
    </form>
  )
}

function Hand({ does, icon, say }: { does: 'previous' | 'next'; icon: IconName; say: Say }) {
  return (
    <button type="button" class="button" data-replay-act={does} title={say(`replay.${does}` satisfies Word)}>
      <Icon name={icon} />
      <span class="visually-hidden">{say(`replay.${does}` satisfies Word)}</span>
    </button>
  )
}

const FACTS = ['driver', 'plate', 'vehicle', 'home', 'device', 'for'] as const

/** Inside the card of the selected vehicle, for those who may know whose it is. */
export function Who({ say }: { say: Say }) {
  return (
    <div class="who" data-who>
      <p class="who-acts">
        <button type="button" class="button" data-size="small" data-who-ask="identity" aria-expanded="false">
          {say('who.ask')}
        </button>
        <button type="button" class="button" data-size="small" data-who-ask="replay" aria-expanded="false">
          {say('replay.open')}
        </button>
      </p>
      <form class="who-form" data-who-form aria-label={say('who.form')} hidden>
        <div class="field">
          <label for="who-purpose">{say('who.purpose')}</label>
          <select class="input" id="who-purpose" name="purpose" required>
            <option value="">{say('who.choose')}</option>
            {PURPOSES.map((purpose) => (
              <option value={purpose}>{say(`purpose.${purpose}` satisfies Word)}</option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="who-words">{say('who.words')}</label>
          <input
            class="input"
            id="who-words"
            name="words"
            required
            minlength={WORDS_MIN}
            maxlength={WORDS_MAX}
            autocomplete="off"
          />
        </div>
        <p class="muted">{say('who.logged')}</p>
        <p class="who-acts">
          <button type="submit" class="button" data-look="primary" data-size="small">
            {say('who.show')}
          </button>
          <button type="button" class="button" data-size="small" data-who-cancel>
            {say('who.cancel')}
          </button>
        </p>
      </form>
      <p class="who-said" role="status" data-who-said />
      <section class="who-found" aria-label={say('who.title')} tabindex={-1} data-who-found hidden>
        <dl class="vehicle-facts">
          {FACTS.map((what) => (
            <div>
              <dt>{say(`who.${what}` satisfies Word)}</dt>
              <dd data-who-fact={what} />
            </div>
          ))}
        </dl>
      </section>
    </div>
  )
}

type OpenerProps = {
  incident: Pick<IncidentSummary, 'id' | 'code' | 'region' | 'deviceId' | 'receivedAt' | 'closedAt'>
  say: Say
}

/** From the incident's panel: the incident is what it is opened for. Nothing where it came from no device. */
export function ReplayOpener({ incident, say }: OpenerProps) {
  const { id, code, region, deviceId, receivedAt, closedAt } = incident
  if (deviceId === null) return null
  return (
    <button
      type="button"
      class="button replay-opener"
      data-size="small"
      data-replay-open={id}
      data-code={code}
      data-home={region}
      data-device={deviceId}
      data-received={Date.parse(receivedAt)}
      data-ended={closedAt === null ? undefined : Date.parse(closedAt)}
    >
      <Icon name="pin" />
      {say('replay.open')}
    </button>
  )
}
