// What a live-location link opens: for a phone, without log-in and without script. It shows what was granted and nothing else.

import type { Child } from 'hono/jsx'
import type { SharedView } from '../../src/domain/share'
import type { Whereabouts } from '../../src/domain/whereabouts'
import { age, coordinates, kmh, minute } from '../format'
import { type Frame, Page, Switches, Wordmark } from '../layout'
import { Icon } from '../marks'
import { directionInWords } from '../place'
import { whereaboutsInWords } from '../whereabouts'
import { type Say, t } from '../words'
import { LittleMap, type Surroundings } from './little-map'

const MOVING_MPS = 1

type ShareProps = {
  frame: Frame
  view: SharedView
  where: Whereabouts | null
  around: Surroundings | null
}

export function SharePage({ frame, view, where, around }: ShareProps) {
  const say = t(frame.lang)
  const { position, granted, vehicle, state, now } = view
  return (
    <Phone frame={frame} say={say}>
      <h1>{say('share.title')}</h1>
      <p class="muted">{say('share.for', { name: view.recipient, time: minute(view.expiresAt) })}</p>
      {view.doNotCall && (
        <p class="share-warning" role="alert">
          <Icon name="phone-off" /> {say('share.do_not_call')}
        </p>
      )}
      {state && (
        <section aria-labelledby="share-state">
          <h2 id="share-state">{say('share.state')}</h2>
          <p class="share-state" data-state={state}>
            {say(`share.state.${state}`)}
          </p>
        </section>
      )}
      {granted.includes('position') && (
        <section aria-labelledby="share-where">
          <h2 id="share-where">{say('share.where')}</h2>
          {position ? (
            <Place {...{ position, where, around, now, say }} />
          ) : (
            <p>{say(state === 'safe' ? 'share.not_now' : 'share.unknown_place')}</p>
          )}
        </section>
      )}
      {vehicle && (
        <section aria-labelledby="share-vehicle">
          <h2 id="share-vehicle">{say('share.vehicle')}</h2>
          {vehicle.plate && <p class="plate">{vehicle.plate}</p>}
          <p>
            {vehicle.colour} {vehicle.make} {vehicle.model}
          </p>
        </section>
      )}
      <p class="label">
        {say('share.again')} {say('share.seen')}
      </p>
    </Phone>
  )
}

type PlaceProps = {
  position: NonNullable<SharedView['position']>
  where: Whereabouts | null
  around: Surroundings | null
  now: number
  say: Say
}

function Place({ position, where, around, now, say }: PlaceProps) {
  const { lat, lng, accuracyM, headingDeg, speedMps, fixedAt } = position
  const moving = (speedMps ?? 0) >= MOVING_MPS
  const heading = moving ? headingDeg : null
  const words = where && whereaboutsInWords(where, say)
  return (
    <>
      {words && <p class="share-place-words">{words}</p>}
      <p>
        <strong>
          {fixedAt === null ? say('share.no_time') : say('share.age', { age: age(Math.max(0, now - fixedAt)) })}
        </strong>
        {accuracyM !== null && `, ±${Math.round(accuracyM)} m`}
        {heading !== null && `, ${say('heading', { dir: directionInWords(heading, say) })}`}
        {speedMps !== null && `, ${moving ? say('speed', { kmh: kmh(speedMps) }) : say('standing')}`}
      </p>
      {around && <LittleMap around={around} accuracyM={accuracyM} headingDeg={heading} say={say} />}
      <p class="mono">{coordinates(lat, lng)}</p>
      <p>
        <a class="button" href={`geo:${lat},${lng}?q=${lat},${lng}`}>
          <Icon name="pin" /> {say('share.open_maps')}
        </a>
      </p>
    </>
  )
}

type CodeProps = { frame: Frame; wrong: string | null }

export function CodePage({ frame, wrong }: CodeProps) {
  const say = t(frame.lang)
  return (
    <Phone frame={frame} say={say}>
      <h1>{say('share.title')}</h1>
      {wrong && (
        <p class="notice" data-tone="alarm" role="alert">
          {wrong}
        </p>
      )}
      <form method="post" action="/s" class="share-code">
        <label class="field">
          <span>{say('share.code_title')}</span>
          <input
            class="input mono"
            name="code"
            required
            maxlength={12}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            aria-describedby="code-hint"
          />
        </label>
        <p class="label" id="code-hint">
          {say('share.code_hint')}
        </p>
        <button class="button" data-look="primary" data-size="big" type="submit">
          {say('share.code_open')}
        </button>
      </form>
    </Phone>
  )
}

/** Why nothing is shown. `gone`: it was there. */
export function NoShare({ frame, why }: { frame: Frame; why: 'gone' | 'none' }) {
  const say = t(frame.lang)
  return (
    <Phone frame={frame} say={say}>
      <h1>{say(`share.${why}`)}</h1>
      {why === 'gone' && <p>{say('share.gone_why')}</p>}
      <p>
        <a href="/s">{say('share.code_title')}</a>
      </p>
    </Phone>
  )
}

// Nothing of the tower's own is linked here: whoever has a link has no business in it.
function Phone({ frame, say, children }: { frame: Frame; say: Say; children?: Child }) {
  const { lang, theme, path } = frame
  return (
    <Page {...frame} title={say('share.title')} styles={['share']} body={{ class: 'share' }}>
      <header class="share-head">
        <Wordmark />
        <Switches lang={lang} theme={theme} path={path} />
      </header>
      <main class="share-main">{children}</main>
    </Page>
  )
}
