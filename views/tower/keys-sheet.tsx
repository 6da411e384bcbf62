// The page of keys (?), with the switch that turns them off.

import type { Say } from '../words'
import { KEYS } from './keys'

export function KeysSheet({ say }: { say: Say }) {
  return (
    <dialog class="keys" id="keys" aria-labelledby="keys-title">
      <div class="sheet-head">
        <h2 id="keys-title">{say('keys.title')}</h2>
        <button type="button" class="button" data-size="small" data-keys-close>
          {say('keys.close')} <kbd>Esc</kbd>
        </button>
      </div>
      <p class="muted">{say('keys.lead')}</p>
      <ul class="keys-list">
        {KEYS.map(({ key, word }) => (
          <li>
            <kbd>{key.toUpperCase()}</kbd> {say(word)}
          </li>
        ))}
        <li>
          <kbd>1–9</kbd> {say('key.digits')}
        </li>
        <li>
          <kbd>Enter</kbd> {say('key.enter')}
        </li>
        <li>
          <kbd>Esc</kbd> {say('key.esc')}
        </li>
      </ul>
      <label class="switch">
        <input type="checkbox" data-keys-switch checked /> {say('keys.switch')}
      </label>
    </dialog>
  )
}
