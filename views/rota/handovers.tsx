// What one shift leaves to the next: written by the outgoing, accepted by the incoming, and kept.

import { DUTIES, type DutyContact } from '../../src/domain/duty'
import type { Handover } from '../../src/domain/duty-record'
import type { RegionId } from '../../src/domain/region'
import { intoPage } from '../devices/office'
import { day, minute } from '../format'
import type { Say } from '../words'
import { dutyWords, Field, told, type Wrongs } from './office'

export type HandoverTyped = { duty: string; from: string; to: string; note: string }

type Props = {
  nonce: string
  region: RegionId
  handovers: readonly Handover[]
  contacts: readonly DutyContact[]
  say: Say
  name: (id: string) => string
  wrongs: Wrongs
  mayManage: boolean
  /** Contacts that this person is. */
  own: readonly string[]
  typed: HandoverTyped | null
  onDutyNow: string | null
}

export function Handovers(props: Props) {
  const { nonce, region, handovers, say, name, mayManage, own } = props
  return (
    <section class="office-part" aria-labelledby="rota-handovers">
      <h2 id="rota-handovers">{say('rota.handovers')}</h2>
      {handovers.length === 0 && <p class="muted">{say('rota.handover_none')}</p>}
      <ol class="rota-handovers">
        {handovers.map(({ id, duty, from, to, note, at, acceptedAt }) => (
          <li data-handover={id}>
            <p>
              <strong>
                {say('rota.handover_from_to', { from: name(from), to: name(to), duty: dutyWords(duty, say) })}
              </strong>{' '}
              <time class="muted figures">{when(at)}</time>
            </p>
            <p class="rota-note">{note}</p>
            {acceptedAt !== null ? (
              <p class="chip" data-tone="good">
                {say('rota.handover_accepted', { at: when(acceptedAt) })}
              </p>
            ) : (
              <p class="chip" data-tone="warn">
                {say('rota.handover_waits')}
              </p>
            )}
            {acceptedAt === null && (mayManage || own.includes(to)) && (
              <form hx-post={`/rota/handovers/${id}/accept`} {...intoPage(nonce)}>
                <input type="hidden" name="region" value={region} />
                <button
                  class="button"
                  data-look="primary"
                  type="submit"
                  aria-label={say('rota.handover_accept_of', { from: name(from) })}
                >
                  {say('rota.handover_accept')}
                </button>
              </form>
            )}
          </li>
        ))}
      </ol>
      {(mayManage || own.length > 0) && <HandoverForm {...props} />}
    </section>
  )
}

function HandoverForm({ nonce, region, contacts, say, wrongs, mayManage, own, typed, onDutyNow }: Props) {
  const out = contacts.filter(({ id }) => mayManage || own.includes(id))
  const faults = typed ? Object.fromEntries(Object.entries(wrongs).map(([field, words]) => [`h-${field}`, words])) : {}
  const first = own[0] ?? onDutyNow ?? ''
  const person = (field: 'from' | 'to', label: string, choices: readonly DutyContact[], chosen: string) => (
    <Field id={`h-${field}`} label={label} wrongs={faults}>
      <select class="input" id={`h-${field}`} name={field} required {...told(`h-${field}`, faults)}>
        <option value="" />
        {choices.map(({ id, name }) => (
          <option value={id} selected={id === chosen}>
            {name}
          </option>
        ))}
      </select>
    </Field>
  )
  return (
    <details open={typed !== null}>
      <summary class="rota-summary">{say('rota.handover_write')}</summary>
      <form class="office-form" hx-post="/rota/handovers" {...intoPage(nonce)}>
        <input type="hidden" name="region" value={region} />
        <Field id="h-duty" label={say('rota.duty')} wrongs={faults}>
          <select class="input" id="h-duty" name="duty">
            {DUTIES.map((duty) => (
              <option value={duty} selected={duty === (typed?.duty ?? 'lead')}>
                {dutyWords(duty, say)}
              </option>
            ))}
          </select>
        </Field>
        {person('from', say('rota.handover_outgoing'), out, typed?.from ?? first)}
        {person('to', say('rota.handover_incoming'), contacts, typed?.to ?? '')}
        <Field id="h-note" label={say('rota.handover_note')} wrongs={faults}>
          <textarea
            class="input"
            id="h-note"
            name="note"
            rows={4}
            maxlength={2000}
            required
            {...told('h-note', faults)}
          >
            {typed?.note ?? ''}
          </textarea>
        </Field>
        <button class="button" data-look="primary" type="submit">
          {say('rota.handover_write')}
        </button>
      </form>
    </details>
  )
}

const when = (at: number): string => `${day(at)}, ${minute(at)}`
