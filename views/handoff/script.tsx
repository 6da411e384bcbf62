// The 911 sheet: the first ten seconds of the call in the reader's language, the same in the other, what to say then, the
// numbers, and one key that records it. Nothing here dials.

import type { Viewer } from '../../src/domain/access'
import { type HandoffScript, handoffScript } from '../../src/domain/handoff-script'
import type { IncidentSummary } from '../../src/domain/incident'
import { age, ms } from '../format'
import { isDrill } from '../tower/card-view'
import type { Lang, Say } from '../words'
import { filledWhenOpen, postsPanel } from './posts'

type ScriptProps = {
  incident: IncidentSummary
  viewer: Viewer
  lang: Lang
  say: Say
  now: number
  nonce: string
  /** Where it is, in words. */
  place: string
  /** The tower's own number; null where none is configured. */
  towerPhone: string | null
}

export function HandOffSheet(props: ScriptProps) {
  const { incident, lang, say, nonce } = props
  const own = scriptOf(props, lang)
  const other = scriptOf(props, lang === 'fil' ? 'en' : 'fil')
  const on = { incidentId: incident.id, nonce }
  return (
    <>
      <blockquote class="script" lang={lang}>
        {own.lines.map(({ id, text, strong }) =>
          id === 'where' ? <Where {...props} /> : <p>{strong ? <strong>{text}</strong> : text}</p>,
        )}
      </blockquote>
      <details class="script-other">
        <summary>{say('sheet.script.other')}</summary>
        <blockquote class="script" lang={other.lang}>
          {other.lines.map(({ text, strong }) => (
            <p>{strong ? <strong>{text}</strong> : text}</p>
          ))}
        </blockquote>
      </details>
      <details class="script-next">
        <summary>{say('sheet.script.next')}</summary>
        <ul>
          {own.next.map((each) => (
            <li>{each}</li>
          ))}
        </ul>
        <dl class="script-fields">
          {own.fields.map(({ label, value }) => (
            <>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
      </details>
      <p class="label">{say('sheet.script.follow')}</p>
      <form class="sheet-form" {...postsPanel(on, 'handoff')}>
        <div id="agencies" {...filledWhenOpen(on, 'agencies')}>
          <p class="muted">{say('sheet.script.looking')}</p>
        </div>
        <div class="sheet-row">
          <button type="submit" class="button" data-look="primary" data-sheet-key="enter">
            {say('act.called_911')} <kbd>Enter</kbd>
          </button>
          <button type="submit" class="button" name="outcome" value="answered">
            {say('sheet.script.answered')}
          </button>
          <label class="field grow">
            <span class="label">{say('sheet.script.ref')}</span>
            <input class="input" name="ref" maxlength={80} autocomplete="off" />
          </label>
        </div>
      </form>
    </>
  )
}

/** The browser keeps it up to date while the sheet is open. */
function Where({ incident, place, say, now }: ScriptProps) {
  const { position } = incident
  const fixedAt = ms(position?.fixedAt ?? null)
  return (
    <p data-script-where={position ? say('script.where') : undefined}>
      {position
        ? say('script.where', {
            place,
            age: fixedAt === null ? say('panel.no_time') : say('panel.age', { age: age(now - fixedAt) }),
          })
        : say('script.no_where')}
    </p>
  )
}

function scriptOf({ incident, viewer, now, place, towerPhone }: ScriptProps, lang: Lang): HandoffScript {
  const { position } = incident
  return handoffScript(
    {
      code: incident.code,
      alias: viewer.alias,
      callback: towerPhone,
      kind: incident.kind,
      nature: null,
      contactPolicy: incident.flags.includes('duress') ? 'quiet' : incident.contactPolicy,
      drill: isDrill(incident),
      vehicle: incident.vehicle,
      place: position ? place : null,
      position: position && {
        lat: position.lat,
        lng: position.lng,
        accuracyM: position.accuracyM,
        headingDeg: position.headingDeg,
        speedMps: position.speedMps,
        fixedAt: ms(position.fixedAt),
      },
      driver: incident.driver?.name ?? null,
      people: null,
      pressedAt: ms(incident.pressedAt),
      now,
    },
    lang,
  )
}
