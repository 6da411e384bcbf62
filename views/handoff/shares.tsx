// Live-location links of an incident: making one, what was made (once), and who has opened them.

import { GRANTS, SHARE_KINDS, SHARE_MINUTES, type ShareShown } from '../../src/domain/share'
import { clock } from '../format'
import type { Say } from '../words'
import { postsSheet } from './posts'

const MINUTES = [SHARE_MINUTES.least, SHARE_MINUTES.usual, 4 * 60, SHARE_MINUTES.most]
const SLOT = 'share-slot'

type SharesProps = {
  incidentId: string
  shares: readonly ShareShown[]
  /** Just made: shown this once. */
  made: { url: string; code: string } | null
  quiet: boolean
  refusal: string | null
  nonce: string
  say: Say
}

export function ShareList({ incidentId, shares, made, quiet, refusal, nonce, say }: SharesProps) {
  const on = { incidentId, nonce }
  return (
    <>
      {refusal && (
        <p class="notice" data-tone="alarm" role="alert">
          {refusal}
        </p>
      )}
      {made && (
        <div class="notice share-made" role="status">
          <p>{say('share.made')}</p>
          <p class="share-code-said mono">{made.code}</p>
          <p class="mono share-url">{made.url}</p>
          <p class="label">{say('share.say_code')}</p>
        </div>
      )}
      <form class="sheet-form" {...postsSheet(on, 'shares', SLOT)}>
        <label class="field">
          <span class="label">{say('share.whom')}</span>
          <input class="input" name="recipient" maxlength={120} required autocomplete="off" />
        </label>
        <fieldset class="choices">
          <legend class="label">{say('share.kind')}</legend>
          {SHARE_KINDS.map((kind, at) => (
            <label class="choice">
              <input
                type="radio"
                name="kind"
                value={kind}
                data-digit={at + 1}
                checked={at === 0}
                disabled={quiet && kind !== 'agency'}
              />
              <span>
                <kbd>{at + 1}</kbd> {say(`share.kind.${kind}`)}
              </span>
            </label>
          ))}
        </fieldset>
        <fieldset class="choices">
          <legend class="label">{say('share.grants')}</legend>
          {GRANTS.map((grant) => (
            <label class="choice">
              <input type="checkbox" name={`grant_${grant}`} value="yes" checked={grant === 'position'} />
              <span>{say(`share.grant.${grant}`)}</span>
            </label>
          ))}
        </fieldset>
        <div class="sheet-row">
          <label class="field">
            <span class="label">{say('share.minutes')}</span>
            <select class="input" name="minutes">
              {MINUTES.map((minutes) => (
                <option value={minutes} selected={minutes === SHARE_MINUTES.usual}>
                  {minutes < 60 ? `${minutes} min` : `${minutes / 60} h`}
                </option>
              ))}
            </select>
          </label>
          <label class="field grow">
            <span class="label">{say('share.phone')}</span>
            <input class="input" name="phone" type="tel" maxlength={40} autocomplete="off" />
          </label>
          <button type="submit" class="button" data-look="primary" data-sheet-key="enter">
            {say('act.share')} <kbd>Enter</kbd>
          </button>
        </div>
      </form>
      <h4>{say('share.list')}</h4>
      {shares.length === 0 && <p class="muted">{say('share.none_yet')}</p>}
      <ul class="share-list">
        {shares.map(({ id, recipient, kind, granted, expiresAt, open, seen }) => (
          <li data-share={id}>
            <span>
              <strong>{recipient}</strong> <span class="muted">{say(`share.kind.${kind}`)}</span>{' '}
              {granted.map((each) => say(`share.grant.${each}`)).join(', ')} ·{' '}
              {open ? say('share.until', { time: clock(expiresAt) }) : say('share.closed')} ·{' '}
              {say('share.seen_n', { n: seen.count })}
            </span>
            {open && (
              <form {...postsSheet(on, 'revoke', SLOT)}>
                <input type="hidden" name="share" value={id} />
                <button type="submit" class="button" data-size="small" hx-disable="this">
                  {say('act.revoke')}
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
