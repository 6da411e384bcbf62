// The driver's contacts, each with a button of its own: nobody is told unless a person presses it.

import { clock } from '../format'
import { Icon } from '../marks'
import { isWord, type Say } from '../words'
import { postsSheet } from './posts'

type Contact = {
  id: string
  name: string
  relation: string
  phone: string
  told: readonly { stage: 'pressed' | 'safe'; at: number }[]
  mayTell: { reason: string; message: string } | null
}

type KinProps = {
  incidentId: string
  contacts: readonly Contact[]
  stage: 'pressed' | 'safe'
  quiet: boolean
  refusal: string | null
  nonce: string
  say: Say
}

export function KinList({ incidentId, contacts, stage, quiet, refusal, nonce, say }: KinProps) {
  if (contacts.length === 0) return <p class="muted">{say('kin.none')}</p>
  return (
    <>
      {quiet && (
        <p class="notice" data-tone="alarm">
          <Icon name="phone-off" /> {say('kin.quiet')}
        </p>
      )}
      {refusal && (
        <p class="notice" data-tone="alarm" role="alert">
          {refusal}
        </p>
      )}
      <p class="muted">
        {say('kin.lead')} {say(`kin.stage_${stage}`)}
      </p>
      <ul class="kin-list">
        {contacts.map(({ id, name, relation, phone, told, mayTell }, at) => (
          <li data-contact={id}>
            <span>
              <strong>{name}</strong> <span class="muted">{relation}</span> <span class="mono">{phone}</span>
              {told.map((each) => (
                <span class="chip" data-tone="good">
                  {say(`kin.${each.stage}`, { time: clock(each.at) })}
                </span>
              ))}
            </span>
            {mayTell ? (
              <span class="muted">{inWords(mayTell, say)}</span>
            ) : (
              <form {...postsSheet({ incidentId, nonce }, 'kin', 'kin-slot')}>
                <input type="hidden" name="contact" value={id} />
                <input type="hidden" name="stage" value={stage} />
                <button type="submit" class="button" data-size="small" data-digit={at + 1} hx-disable="this">
                  <kbd>{at + 1}</kbd> {say('act.tell')}
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

const inWords = ({ reason, message }: { reason: string; message: string }, say: Say): string => {
  const word = `refused.${reason}`
  return isWord(word) ? say(word) : message
}
