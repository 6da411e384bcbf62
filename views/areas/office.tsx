// What the pages of broadcasts have in common: their notices, the way back, the bar of a roll-call, and why there may be nothing.

import { type AreaState, ROLL_STANDINGS, type RollCall } from '../../src/domain/area'
import type { RegionId } from '../../src/domain/region'
import { nameOf } from '../devices/office'
import { Icon } from '../marks'
import { type Lang, type Say, t } from '../words'

export const areaAddress = (id: string, region: RegionId): string => `/areas/${encodeURIComponent(id)}?region=${region}`

export function BackToAreas({ lang, region }: { lang: Lang; region: RegionId }) {
  return (
    <a class="office-back" href={`/areas?region=${region}`}>
      <Icon name="left" /> {t(lang)('area.of', { region: nameOf(region, lang) })}
    </a>
  )
}

/** Nobody may think that everybody was counted. */
export function MissingHomes({ homes, lang, say }: { homes: readonly RegionId[]; lang: Lang; say: Say }) {
  if (homes.length === 0) return null
  return (
    <p class="notice" data-tone="warn" role="status" data-missing>
      {say('area.missing', { regions: homes.map((home) => nameOf(home, lang)).join(', ') })}
    </p>
  )
}

/** As phones read it: on an open line in each language, and as a text. */
export type ShownTexts = { en: string; fil: string; sms: string }

export function AreaTexts({ texts, say }: { texts: ShownTexts; say: Say }) {
  return (
    <>
      <h2 class="label">{say('area.reads_text')}</h2>
      <blockquote class="area-text" data-reads="sms">
        {texts.sms}
      </blockquote>
      {texts.sms === texts.fil && <p role="status">{say('area.one_language')}</p>}
      <h2 class="label">{say('area.reads_line')}</h2>
      <blockquote class="area-text" lang="fil" data-reads="fil">
        {texts.fil}
      </blockquote>
      <blockquote class="area-text" lang="en" data-reads="en">
        {texts.en}
      </blockquote>
    </>
  )
}

export function StateChip({ state, say }: { state: Exclude<AreaState, 'previewed'>; say: Say }) {
  const holds = state === 'sending' || state === 'open'
  return (
    <span class="chip" data-tone={holds ? 'good' : undefined}>
      {say(`area.state.${state}`)}
    </span>
  )
}

/** Parts of a bar as wide as they are many, and the same in figures: colour, pattern and words. */
export function RollBar({ roll, say }: { roll: RollCall; say: Say }) {
  const parts = ROLL_STANDINGS.map((standing) => ({ standing, n: roll[standing] }))
  const all = parts.reduce((sum, { n }) => sum + n, 0)
  let from = 0
  return (
    <div class="area-roll">
      <svg
        class="area-bar"
        viewBox="0 0 100 10"
        preserveAspectRatio="none"
        role="img"
        aria-label={parts.map(({ standing, n }) => `${n} ${say(`area.roll.${standing}`)}`).join(', ')}
      >
        <rect class="area-part" data-standing="none" x="0" y="0" width="100" height="10" />
        {parts.map(({ standing, n }) => {
          const x = from
          const width = all === 0 ? 0 : (100 * n) / all
          from += width
          return width === 0 ? null : (
            <rect
              class="area-part"
              data-standing={standing}
              x={x.toFixed(2)}
              y="0"
              width={width.toFixed(2)}
              height="10"
            />
          )
        })}
      </svg>
      <ul class="area-legend">
        {parts.map(({ standing, n }) => (
          <li data-standing={standing} data-any={n > 0 ? 'yes' : undefined}>
            <span class="area-sign" aria-hidden="true" />
            <strong class="figures" data-count={standing}>
              {n}
            </strong>{' '}
            {say(`area.roll.${standing}`)}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Why there is nothing to see: the room is away, or the broadcast is another region's. */
export function AreaRefusal({ lang, why }: { lang: Lang; why: 'away' | 'foreign' | 'gone' }) {
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <h1>{t(lang)('area.title')}</h1>
      <p class="notice" data-tone="alarm" role="alert">
        {t(lang)(`area.${why}`)}
      </p>
    </main>
  )
}
