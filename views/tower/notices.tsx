// What stands beside the queue and is no alarm: areas without coverage as a calm band, and welfare checks that were more than
// the desk can take. Drawn anew by client/notices.ts from the same rows.

import type { ShownNotice } from '../../src/domain/coverage'
import type { RegionId } from '../../src/domain/region'
import type { ShownCheck } from '../../src/domain/welfare'
import type { Say } from '../words'
import { type CheckView, checkView, type NoticeView, noticeView } from './notice-view'

type NoticesProps = {
  say: Say
  region: RegionId
  notices?: readonly ShownNotice[]
  checks?: readonly ShownCheck[]
  /** May put checks aside and raise them. */
  mayAct: boolean
}

export function Notices({ say, region, notices = [], checks = [], mayAct }: NoticesProps) {
  return (
    <>
      <section
        class="notices"
        aria-label={say('notices.title')}
        data-notices
        data-region={region}
        data-rows={notices.length + checks.length > 0 ? JSON.stringify({ notices, checks }) : undefined}
        hidden={notices.length + checks.length === 0}
      >
        <ul class="notices-list" data-notices-list aria-live="polite">
          {notices.map((notice) => (
            <NoticeRow view={noticeView(notice, say)} say={say} />
          ))}
        </ul>
        <details class="checks" data-checks hidden={checks.length === 0}>
          <summary>
            <span data-checks-count>
              {say('checks.listed', { n: checks.filter(({ state }) => state === 'listed').length })}
            </span>
          </summary>
          <p class="checks-why">{say('checks.why')}</p>
          <p class="checks-failed" role="alert" data-checks-failed hidden>
            {say('checks.failed')}
          </p>
          <ul class="checks-list" data-checks-list>
            {checks.map((check) => (
              <CheckRow view={checkView(check, say)} say={say} mayAct={mayAct} />
            ))}
          </ul>
        </details>
      </section>
      <template id="notice-template">
        <NoticeRow view={null} say={say} />
      </template>
      <template id="check-template">
        <CheckRow view={null} say={say} mayAct={mayAct} />
      </template>
    </>
  )
}

function NoticeRow({ view, say }: { view: NoticeView | null; say: Say }) {
  return (
    <li class="notice-row" data-id={view?.id}>
      <Mast />
      <p class="notice-words">
        <strong data-slot="what">{view?.what}</strong>
        <span class="notice-place" data-slot="place">
          {view?.place}
        </span>
        <span class="notice-since figures" data-slot="since">
          {view?.since}
        </span>
        <small class="notice-why">{say('notice.why')}</small>
      </p>
      <button type="button" class="button" data-size="small" data-notice-show>
        {say('notice.show')}
      </button>
    </li>
  )
}

function CheckRow({ view, say, mayAct }: { view: CheckView | null; say: Say; mayAct: boolean }) {
  return (
    <li class="check-row" data-id={view?.id} data-aside={view?.isAside ? 'yes' : undefined}>
      <p class="check-words">
        <strong data-slot="reason">{view?.reason}</strong>
        <span data-slot="place">{view?.place}</span>
        <span class="figures" data-slot="since">
          {view?.since}
        </span>
        <em data-slot="aside">{view?.aside}</em>
      </p>
      {mayAct && (
        <p class="check-acts">
          <button type="button" class="button" data-size="small" data-check-act="raise">
            {say('checks.raise')}
          </button>
          <button type="button" class="button" data-size="small" data-look="plain" data-check-act="aside">
            {say('checks.aside')}
          </button>
          <button type="button" class="button" data-size="small" data-check-act="undo">
            {say('checks.undo')}
          </button>
        </p>
      )}
    </li>
  )
}

/** A mast that is heard on one side only: the waves of the other are broken. An ornament of the words beside it. */
function Mast() {
  return (
    <svg class="mast" viewBox="0 0 48 40" aria-hidden="true">
      <path class="mast-ground" d="M5 37h38" />
      <path class="mast-frame" d="M24 13 16.5 37M24 13l7.5 24M18.6 30h10.8M20.9 23h6.2M18.6 30l8.5-7M29.4 30l-8.5-7" />
      <circle class="mast-tip" cx="24" cy="10" r="3" />
      <path class="mast-wave" d="M17.4 16a8.6 8.6 0 0 1 0-12M12.8 20a14.4 14.4 0 0 1 0-20" />
      <path class="mast-lost" d="M30.6 16a8.6 8.6 0 0 0 0-12M35.2 20a14.4 14.4 0 0 0 0-20" />
    </svg>
  )
}
