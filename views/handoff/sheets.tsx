// The sheets of the panel for people outside, beside the one for 911: contacts, a message, a link.

import type { Child } from 'hono/jsx'
import type { IncidentSummary } from '../../src/domain/incident'
import { MESSAGE_MAX } from '../../src/domain/share'
import { Icon } from '../marks'
import type { Say } from '../words'
import { filledWhenOpen, postsPanel } from './posts'

type OutsideProps = {
  incident: IncidentSummary
  say: Say
  nonce: string
  /** As all sheets of the panel are framed. */
  sheet(name: string, title: string, content: Child): Child
}

export function OutsideSheets({ incident, say, nonce, sheet }: OutsideProps) {
  const on = { incidentId: incident.id, nonce }
  const quiet = incident.contactPolicy === 'quiet' || incident.flags.includes('duress')
  return (
    <>
      {sheet('kin', say('kin.title'), <div id="kin-slot" {...filledWhenOpen(on, 'kin')} />)}
      {sheet(
        'message',
        say('message.title'),
        quiet ? (
          <p class="notice" data-tone="alarm">
            <Icon name="phone-off" /> {say('message.quiet')}
          </p>
        ) : (
          <form class="sheet-form" {...postsPanel(on, 'message')}>
            <p class="muted">{say('message.how')}</p>
            <label class="field">
              <span class="label">{say('message.text')}</span>
              <input class="input" name="text" maxlength={MESSAGE_MAX} required autocomplete="off" data-first />
            </label>
            <button type="submit" class="button" data-look="primary" data-sheet-key="enter">
              {say('act.message')} <kbd>Enter</kbd>
            </button>
          </form>
        ),
      )}
      {sheet('share', say('share.sheet'), <div id="share-slot" {...filledWhenOpen(on, 'shares')} />)}
    </>
  )
}
