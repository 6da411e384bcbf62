// The third column of a storm: situations as cards with their people as a bar, and what seems to belong together.
// Drawn anew by client/storm.ts from the same views: the slots and data attributes here are its contract.

import { KINDS } from '../../src/domain/press'
import { type ShownSituation, STANDINGS, type Suggestion } from '../../src/domain/situation'
import { PriorityMark } from '../marks'
import type { Say } from '../words'
import { type SituationView, type SuggestionView, situationView, suggestionView } from './situation-view'

export type SituationsProps = {
  say: Say
  situations?: readonly ShownSituation[]
  suggestions?: readonly Suggestion[]
  /** Say who belongs to one; make, rename and end them. */
  mayAct: boolean
  mayManage: boolean
}

export function Situations({ say, situations = [], suggestions = [], mayAct, mayManage }: SituationsProps) {
  return (
    <div class="situations" data-situations-box>
      <p class="muted situations-none" data-situations-none hidden={situations.length > 0}>
        {say('situation.none')}
      </p>
      <ul class="situations-list" data-situations>
        {situations.map((each) => (
          <SituationCard view={situationView(each, say)} {...{ say, mayAct, mayManage }} />
        ))}
      </ul>
      <ul class="situations-list" data-suggestions aria-live="polite">
        {suggestions.map((each) => (
          <SuggestionRow view={suggestionView(each, situations, say)} may={each.situationId ? mayAct : mayManage} />
        ))}
      </ul>
      {mayManage && (
        <details class="situation-new">
          <summary class="button" data-size="small">
            {say('situation.new')}
          </summary>
          <form class="situation-form" data-situation-make>
            <label class="field">
              <span class="label">{say('situation.name')}</span>
              <input class="input" name="name" required maxlength={80} autocomplete="off" />
            </label>
            <label class="field">
              <span class="label">{say('new.kind')}</span>
              <select class="input" name="kind">
                <option value="">–</option>
                {KINDS.map((kind) => (
                  <option value={kind}>{say(`kind.${kind}`)}</option>
                ))}
              </select>
            </label>
            <button type="submit" class="button" data-size="small">
              {say('situation.make')}
            </button>
          </form>
        </details>
      )}
      <p class="notice" data-tone="alarm" role="alert" data-storm-failed hidden>
        {say('storm.failed')}
      </p>
      <template id="situation-template">
        <SituationCard view={null} {...{ say, mayAct, mayManage }} />
      </template>
      <template id="suggestion-template">
        <SuggestionRow view={null} may={mayAct} />
      </template>
      <template id="member-template">
        <li class="situation-member">
          <button type="button" class="button" data-look="plain" data-size="small" data-slot="who" />
          <span data-slot="says" />
          {mayAct && (
            <button type="button" class="button" data-size="small" data-situation-act="leave">
              {say('situation.leave')}
            </button>
          )}
        </li>
      </template>
    </div>
  )
}

type CardProps = { view: SituationView | null; say: Say; mayAct: boolean; mayManage: boolean }

function SituationCard({ view, say, mayAct, mayManage }: CardProps) {
  return (
    <li class="situation-card" data-situation={view?.id}>
      <p class="situation-head">
        <PriorityMark of={view?.worst ?? 'P1'} slot="worst" />
        <strong data-slot="name">{view?.name}</strong>
        <span class="situation-count figures" data-slot="people">
          {view?.people}
        </span>
      </p>
      <Bar view={view} />
      <p class="situation-words">
        <span data-slot="words">{view?.words}</span> <em data-slot="untaken">{view?.untaken}</em>
      </p>
      <div class="situation-acts">
        {mayAct && (
          <button type="button" class="button" data-size="small" data-situation-act="join">
            {say('situation.join')}
          </button>
        )}
        <details data-situation-people>
          <summary class="button" data-look="plain" data-size="small">
            {say('situation.people')}
          </summary>
          <ul class="situation-members" data-members />
          {mayManage && (
            <form class="situation-form" data-situation-rename>
              <label class="field">
                <span class="label">{say('situation.name')}</span>
                <input class="input" name="name" required maxlength={80} autocomplete="off" value={view?.name ?? ''} />
              </label>
              <button type="submit" class="button" data-size="small">
                {say('situation.rename')}
              </button>
              <button type="button" class="button" data-size="small" data-situation-act="end">
                {say('situation.end')}
              </button>
            </form>
          )}
        </details>
      </div>
    </li>
  )
}

/** What it shows, the words beside it say. */
const Bar = ({ view }: { view: SituationView | null }) => (
  <svg class="situation-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    {STANDINGS.map((standing, at) => (
      <rect data-standing={standing} x={view?.bar[at]?.x ?? 0} y="0" width={view?.bar[at]?.width ?? 0} height="8" />
    ))}
  </svg>
)

function SuggestionRow({ view, may }: { view: SuggestionView | null; may: boolean }) {
  return (
    <li class="suggestion" data-suggestion={view?.key}>
      <span data-slot="words">{view?.words}</span>
      <button type="button" class="button" data-size="small" data-slot="button" data-suggestion-take hidden={!may}>
        {view?.button}
      </button>
    </li>
  )
}
