// Above the queue: who looks after this region, and which ones are looked after from here. And the supervisor's form, by which
// a region is. Drawn anew by client/takeover.ts from what the room says.

import { may, type Viewer } from '../../src/domain/access'
import { REGIONS, type RegionId } from '../../src/domain/region'
import type { TakenOver } from '../../src/room/paging-contract'
import type { Lang, Say } from '../words'
import { type TakeOverView, takeOverView } from './take-over-view'

type Shown = { say: Say; region: RegionId; viewer: Viewer }

/** A supervisor of either side gives a region back: whoever sees the band is of one of them. */
export function TakeOverBand({
  say,
  region,
  viewer,
  lang,
  rows = [],
}: Shown & { lang: Lang; rows?: readonly TakenOver[] }) {
  const mayManage = may(viewer, 'region:take-over', [region])
  return (
    <>
      <section class="takeover" aria-label={say('takeover.title')} data-takeover hidden={rows.length === 0}>
        <ul data-takeover-list aria-live="polite">
          {rows.map((each) => (
            <Row view={takeOverView(each, region, lang, say)} {...{ say, mayManage }} />
          ))}
        </ul>
        <p class="takeover-failed" role="alert" data-takeover-failed hidden>
          {say('takeover.failed')}
        </p>
      </section>
      <template id="takeover-template">
        <Row view={null} {...{ say, mayManage }} />
      </template>
    </>
  )
}

function Row({ view, say, mayManage }: { view: TakeOverView | null; say: Say; mayManage: boolean }) {
  return (
    <li class="takeover-row" data-looked-after={view?.region}>
      <p class="takeover-words">
        <strong data-slot="since">{view?.since}</strong>
        <span data-slot="by">{view?.by}</span>
        <small data-slot="what">{view?.what}</small>
      </p>
      {mayManage && (
        <button type="button" class="button" data-size="small" data-takeover-give>
          {say('takeover.give')}
        </button>
      )}
    </li>
  )
}

/** In the menu of whoever may. */
export const TakeOverButton = ({ say }: { say: Say }) => (
  <button type="button" class="button" data-size="small" data-takeover-open>
    {say('takeover.open')}
  </button>
)

export function TakeOverForm({ say, region, viewer, lang }: Shown & { lang: Lang }) {
  if (!may(viewer, 'region:take-over', [region])) return null
  return (
    <dialog class="keys takeover-form" aria-labelledby="takeover-title" data-takeover-dialog>
      <form method="dialog" data-takeover-form>
        <div class="sheet-head">
          <h2 id="takeover-title">{say('takeover.open')}</h2>
          <button type="button" class="button" data-size="small" data-takeover-close>
            {say('takeover.close')} <kbd>Esc</kbd>
          </button>
        </div>
        <p class="muted">{say('takeover.lead')}</p>
        <p class="field">
          <label for="takeover-region">{say('takeover.region')}</label>
          <select class="input" id="takeover-region" name="region">
            {REGIONS.filter(({ id }) => id !== region).map(({ id, name }) => (
              <option value={id}>{name[lang]}</option>
            ))}
          </select>
        </p>
        <p class="field">
          <label for="takeover-reason">{say('takeover.reason')}</label>
          <input
            class="input"
            id="takeover-reason"
            name="reason"
            required
            maxlength={300}
            autocomplete="off"
            aria-describedby="takeover-reason-hint"
          />
          <small class="muted" id="takeover-reason-hint">
            {say('takeover.reason_hint')}
          </small>
        </p>
        <p class="takeover-failed" role="alert" data-takeover-refused hidden />
        <button type="submit" class="button" data-look="primary" data-takeover-take>
          {say('takeover.take')}
        </button>
      </form>
    </dialog>
  )
}
