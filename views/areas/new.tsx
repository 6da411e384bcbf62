// Alerting an area in two steps: what and where, and then, with everybody counted, the words as phones will read them.

import { AREA_KINDS, type AreaCounts, PLACE_MAX, TEXT_MAX } from '../../src/domain/area'
import type { RegionId } from '../../src/domain/region'
import type { AreaPreview } from '../../src/room/areas-contract'
import { intoPage, nameOf, OfficeNotice, RegionLinks } from '../devices/office'
import { minute } from '../format'
import { CornersField, DrawingBoard, type Outline, type Tiles } from '../geofences/editor'
import { type Lang, type Say, t } from '../words'
import { AreaTexts, BackToAreas, MissingHomes, type ShownTexts } from './office'

/** As it was typed. */
export type AreaTyped = { kind: string; place: string; en: string; fil: string; corners: string; minutes: number }
export type AreaWrong = { words: string; field: 'kind' | 'place' | 'text' | 'corners' | 'minutes' | null }

export const LASTS_MIN = [30, 60, 120, 240, 480, 720, 1440] as const

type NewProps = {
  lang: Lang
  nonce: string
  region: RegionId
  regions: readonly RegionId[]
  typed: AreaTyped
  wrong: AreaWrong | null
  tiles: Tiles
  others: readonly Outline[]
}

export function NewArea({ lang, nonce, region, regions, typed, wrong, tiles, others }: NewProps) {
  const say = t(lang)
  const bad = (field: AreaWrong['field']) => (wrong?.field === field ? { 'aria-invalid': 'true' as const } : {})
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <BackToAreas lang={lang} region={region} />
      <h1>{say('area.new')}</h1>
      <RegionLinks lang={lang} regions={regions} here={region} to={(id) => `/areas/new?region=${id}`} />
      <OfficeNotice words={wrong?.words ?? null} wrong />
      <form class="fence-form" hx-post="/areas/preview" {...intoPage(nonce)}>
        <input type="hidden" name="region" value={region} />
        <fieldset class="fence-kinds">
          <legend class="label">{say('area.kind')}</legend>
          {AREA_KINDS.map((kind) => (
            <label class="fence-choice">
              <input type="radio" name="kind" value={kind} checked={kind === typed.kind} required />
              <span>
                {say(`area.kind.${kind}`)} <span class="muted">{say(`area.kind.${kind}.hint`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div class="field">
          <label for="place">{say('area.place')}</label>
          <input
            class="input"
            id="place"
            name="place"
            value={typed.place}
            required
            maxlength={PLACE_MAX}
            autocomplete="off"
            aria-describedby="place-hint"
            {...bad('place')}
          />
          <p class="muted" id="place-hint">
            {say('area.place_hint')}
          </p>
        </div>
        <OwnWords {...{ say, typed }} invalid={wrong?.field === 'text'} />
        <div class="field">
          <label for="minutes">{say('area.lasts')}</label>
          <select class="input" id="minutes" name="minutes" {...bad('minutes')}>
            {LASTS_MIN.map((n) => (
              <option value={String(n)} selected={n === typed.minutes}>
                {n < 60 ? say('area.minutes', { n }) : say('area.hours', { n: n / 60 })}
              </option>
            ))}
          </select>
        </div>
        <DrawingBoard {...{ say, region, tiles, others }} mayManage />
        <CornersField say={say} corners={typed.corners} wrong={wrong?.field === 'corners'} />
        <button class="button" data-look="primary" type="submit">
          {say('area.count')}
        </button>
      </form>
    </main>
  )
}

function OwnWords({ say, typed, invalid }: { say: Say; typed: AreaTyped; invalid: boolean }) {
  return (
    <details class="area-own" open={typed.en !== '' || typed.fil !== ''}>
      <summary class="button" data-size="small">
        {say('area.own_words')}
      </summary>
      <p class="muted" id="own-hint">
        {say('area.own_hint')}
      </p>
      {(['en', 'fil'] as const).map((lang) => (
        <div class="field">
          <label for={`text-${lang}`}>{say(`area.text_${lang}`)}</label>
          <input
            class="input"
            id={`text-${lang}`}
            name={lang}
            lang={lang}
            value={typed[lang]}
            maxlength={TEXT_MAX[lang]}
            autocomplete="off"
            aria-describedby="own-hint"
            {...(invalid ? { 'aria-invalid': 'true' as const } : {})}
          />
        </div>
      ))}
    </details>
  )
}

type CheckProps = {
  lang: Lang
  nonce: string
  region: RegionId
  typed: AreaTyped
  preview: AreaPreview
  texts: ShownTexts
}

/** Step two. Whatever was typed goes back with it, for whoever changes their mind. */
export function CheckArea({ lang, nonce, region, typed, preview, texts }: CheckProps) {
  const say = t(lang)
  const { counts } = preview
  const reached = counts.lifeline + counts.text
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <BackToAreas lang={lang} region={region} />
      <h1>{say('area.counted')}</h1>
      <section class="area-counted" data-devices={String(counts.devices)}>
        <p class="area-many figures">{say('area.devices_n', { n: counts.devices })}</p>
        <Ways {...{ counts, say }} />
        {preview.guests.map(({ region: home, devices }) => (
          <p class="figures" data-guests={home}>
            {say('area.guests_n', { n: devices, region: nameOf(home, lang) })}
          </p>
        ))}
        <MissingHomes homes={preview.missing} {...{ lang, say }} />
        <AreaTexts texts={texts} say={say} />
        <p>{say('area.later')}</p>
        <p class="muted figures">{say('area.valid', { time: minute(preview.until) })}</p>
      </section>
      {reached === 0 && <p role="status">{say('area.nobody')}</p>}
      <div class="office-acts">
        {reached > 0 && (
          <form hx-post="/areas" {...intoPage(nonce)}>
            <input type="hidden" name="region" value={region} />
            <input type="hidden" name="preview" value={preview.id} />
            <input type="hidden" name="devices" value={String(counts.devices)} />
            <button class="button" data-look="alarm" type="submit">
              {say('area.confirm_n', { n: reached })}
            </button>
          </form>
        )}
        <form hx-post="/areas/preview" {...intoPage(nonce)}>
          <input type="hidden" name="region" value={region} />
          <input type="hidden" name="change" value="yes" />
          {Object.entries(typed).map(([name, value]) => (
            <input type="hidden" name={name} value={String(value)} />
          ))}
          <button class="button" type="submit">
            {say('area.change')}
          </button>
        </form>
      </div>
    </main>
  )
}

function Ways({ counts, say }: { counts: AreaCounts; say: Say }) {
  const rows = [
    ['lifeline', 'area.by_line'],
    ['text', 'area.by_text'],
    ['none', 'area.by_none'],
    ['quiet', 'area.left_quiet'],
  ] as const
  return (
    <ul class="area-ways">
      {rows.map(([way, word]) => (
        <li data-way={way}>
          <strong class="figures">{counts[way]}</strong> {say('area.people')} {say(word)}
        </li>
      ))}
    </ul>
  )
}
