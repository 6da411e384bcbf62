// Beginning a drill in two steps: what is tried, and then, looked at once more, whom it takes and what they read.

import { DRILL_KINDS, type DrillKind } from '../../src/domain/drill'
import { askInWords } from '../../src/domain/drill-words'
import type { RegionId } from '../../src/domain/region'
import type { DrillBoard, DrillPlan } from '../../src/room/drills-contract'
import { intoPage, nameOf, OfficeNotice, RegionLinks } from '../devices/office'
import { type Lang, t } from '../words'
import { BackToDrills, DrillMark } from './office'
import { MINUTES, PersonChoice, ShareChoice } from './schedules'

const SHOWN = 20

/** As it was typed. */
export type WishTyped = { kind: DrillKind; devices: string; share: number; contact: string; minutes: number }

type StepProps = { lang: Lang; region: RegionId; typed: WishTyped; wrong: string | null }

export function NewDrill({
  lang,
  region,
  regions,
  typed,
  wrong,
  people,
}: StepProps & { regions: readonly RegionId[]; people: DrillBoard['people'] }) {
  const say = t(lang)
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <BackToDrills lang={lang} region={region} />
      <h1>{say('drill.new')}</h1>
      <RegionLinks lang={lang} regions={regions} here={region} to={(id) => `/drills/new?region=${id}`} />
      <OfficeNotice words={wrong} wrong />
      <form class="drill-form" action="/drills/check" method="get">
        <input type="hidden" name="region" value={region} />
        <fieldset class="drill-kinds">
          <legend class="label">{say('drill.kind')}</legend>
          {DRILL_KINDS.map((kind) => (
            <label class="drill-choice">
              <input type="radio" name="kind" value={kind} checked={kind === typed.kind} required />
              <span>
                {say(`drill.kind.${kind}`)} <span class="muted">{say(`drill.kind.${kind}.hint`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div class="field" data-for="driver">
          <label for="devices">{say('drill.devices')}</label>
          <input
            class="input mono"
            id="devices"
            name="devices"
            value={typed.devices}
            autocomplete="off"
            maxlength={2_000}
            aria-describedby="devices-hint"
          />
          <p class="muted" id="devices-hint">
            {say('drill.devices_hint')}
          </p>
        </div>
        <div class="field" data-for="driver">
          <label for="share">{say('drill.share')}</label>
          <ShareChoice id="share" chosen={typed.share} />
        </div>
        <div class="field" data-for="person">
          <label for="contact">{say('drill.person')}</label>
          <PersonChoice id="contact" people={people} chosen={typed.contact} none={say('drill.on_duty')} />
        </div>
        <div class="field">
          <label for="minutes">{say('drill.window')}</label>
          <select class="input" id="minutes" name="minutes">
            {MINUTES.map((n) => (
              <option value={String(n)} selected={n === typed.minutes}>
                {say('drill.minutes', { n })}
              </option>
            ))}
          </select>
        </div>
        <button class="button" data-look="primary" type="submit">
          {say('drill.check')}
        </button>
      </form>
    </main>
  )
}

type CheckProps = StepProps & { nonce: string; plan: DrillPlan; requestId: string; now: number }

export function CheckDrill({ lang, nonce, region, typed, wrong, plan, requestId, now }: CheckProps) {
  const say = t(lang)
  const { subjects, leftOut } = plan
  const { kind, devices, share, contact, minutes } = typed
  const whole = kind === 'region'
  const query = new URLSearchParams({ region, kind, devices, share: String(share), contact, minutes: String(minutes) })
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <BackToDrills lang={lang} region={region} />
      <h1 class="drill-name">
        <DrillMark /> {say('drill.check_title')}
      </h1>
      <OfficeNotice words={wrong} wrong />
      <div class="drill-plan" data-plan={whole ? 'region' : String(subjects.length)}>
        <p>
          <strong>{say(`drill.kind.${kind}`)}</strong> · {say('drill.minutes', { n: minutes })}
        </p>
        {whole ? (
          <p>{say('drill.region_plan', { region: nameOf(region, lang) })}</p>
        ) : subjects.length === 0 ? (
          <p>{say('drill.nobody')}</p>
        ) : (
          <>
            <p>{say('drill.tried_n', { n: subjects.length })}</p>
            <ul class="drill-names">
              {subjects.slice(0, SHOWN).map(({ subject, name }) => (
                <li>
                  {name} <span class="muted mono">{subject.slice(subject.indexOf(':') + 1)}</span>
                </li>
              ))}
            </ul>
            {subjects.length > SHOWN && <p class="muted">{say('drill.more', { n: subjects.length - SHOWN })}</p>}
          </>
        )}
        {kind === 'driver' && (
          <>
            <p>
              {say('drill.says')}: <q lang="fil">DRILL. {askInWords('fil', now + minutes * 60_000)}</q>
            </p>
            <p class="drill-warning">{say('drill.real')}</p>
          </>
        )}
        {leftOut.length > 0 && (
          <>
            <h2>{say('drill.left_out')}</h2>
            <ul class="drill-names">
              {leftOut.slice(0, SHOWN).map(({ subject, name, why }) => (
                <li>
                  {name} <span class="muted mono">{subject.slice(subject.indexOf(':') + 1)}</span>:{' '}
                  {say(`drill.left.${why}`)}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <form class="drill-buttons" hx-post="/drills" {...intoPage(nonce)}>
        <input type="hidden" name="region" value={region} />
        <input type="hidden" name="kind" value={kind} />
        <input type="hidden" name="devices" value={devices} />
        <input type="hidden" name="share" value={String(share)} />
        <input type="hidden" name="contact" value={contact} />
        <input type="hidden" name="minutes" value={String(minutes)} />
        <input type="hidden" name="requestId" value={requestId} />
        {(whole || subjects.length > 0) && (
          <button class="button" data-look="primary" type="submit" data-begin>
            {say('drill.begin')}
          </button>
        )}
        <a class="button" href={`/drills/new?${query}`}>
          {say('drill.change')}
        </a>
      </form>
    </main>
  )
}
