// The two forms that put somebody on duty: a shift, once or every week, and somebody instead of whoever has it otherwise.

import { DUTIES, type DutyContact } from '../../src/domain/duty'
import type { RegionId } from '../../src/domain/region'
import { intoPage } from '../devices/office'
import type { Say } from '../words'
import { dutyWords, Field, told, type Wrongs } from './office'

/** As it was typed; times as a browser writes them: 2026-11-23T06:00, by the clock of Manila. */
export type ShiftTyped = {
  duty: string
  contactId: string
  from: string
  until: string
  weekly: boolean
  weeklyUntil: string
  override: boolean
  note: string
}

type Props = {
  nonce: string
  region: RegionId
  contacts: readonly DutyContact[]
  say: Say
  wrongs: Wrongs
  now: number
  typed: ShiftTyped | null
}

export function ShiftForms({ typed, ...props }: Props) {
  return (
    <div class="rota-forms">
      <ShiftForm {...props} override={false} typed={typed && !typed.override ? typed : null} />
      <ShiftForm {...props} override typed={typed?.override ? typed : null} />
    </div>
  )
}

function ShiftForm({ nonce, region, contacts, say, wrongs, now, typed, override }: Props & { override: boolean }) {
  // Both forms are on the page at once: their fields need ids of their own, and only the one that was sent has faults.
  const key = override ? 'o-' : 's-'
  const own = typed ? Object.fromEntries(Object.entries(wrongs).map(([field, words]) => [key + field, words])) : {}
  const given = typed ?? { duty: 'lead', contactId: '', from: hour(now), until: '', weeklyUntil: '', note: '' }
  return (
    <details class="office-part" open={typed !== null}>
      <summary class="rota-summary">{say(override ? 'rota.override_add' : 'rota.shift_add')}</summary>
      {override && <p class="muted">{say('rota.override_lead')}</p>}
      <form class="office-form" hx-post="/rota/shifts" {...intoPage(nonce)}>
        <input type="hidden" name="region" value={region} />
        {override && <input type="hidden" name="override" value="yes" />}
        <Field id={`${key}duty`} label={say('rota.duty')} wrongs={own}>
          <select class="input" id={`${key}duty`} name="duty" {...told(`${key}duty`, own)}>
            {DUTIES.map((duty) => (
              <option value={duty} selected={duty === given.duty}>
                {dutyWords(duty, say)}
              </option>
            ))}
          </select>
        </Field>
        <Field id={`${key}contactId`} label={say('rota.who')} wrongs={own}>
          <select class="input" id={`${key}contactId`} name="contactId" required {...told(`${key}contactId`, own)}>
            <option value="" />
            {contacts
              .filter(({ active }) => active)
              .map(({ id, name }) => (
                <option value={id} selected={id === given.contactId}>
                  {name}
                </option>
              ))}
          </select>
        </Field>
        <Moment id={`${key}from`} name="from" label={say('rota.from')} value={given.from} wrongs={own} required />
        <Moment id={`${key}until`} name="until" label={say('rota.until')} value={given.until} wrongs={own} required />
        {!override && (
          <>
            <label class="rota-check">
              <input type="checkbox" name="weekly" value="yes" checked={typed?.weekly ?? false} />
              <span>{say('rota.repeat')}</span>
            </label>
            <Moment
              id={`${key}weeklyUntil`}
              name="weeklyUntil"
              label={say('rota.repeat_until')}
              value={given.weeklyUntil}
              wrongs={own}
            />
          </>
        )}
        <Field id={`${key}note`} label={say('rota.note')} wrongs={own}>
          <input class="input" id={`${key}note`} name="note" value={given.note} maxlength={500} autocomplete="off" />
        </Field>
        <button class="button" data-look="primary" type="submit">
          {say('rota.keep')}
        </button>
      </form>
    </details>
  )
}

type MomentProps = { id: string; name: string; label: string; value: string; wrongs: Wrongs; required?: boolean }

function Moment({ id, name, label, value, wrongs, required = false }: MomentProps) {
  return (
    <Field id={id} label={label} wrongs={wrongs}>
      <input
        class="input"
        type="datetime-local"
        id={id}
        name={name}
        value={value}
        required={required}
        {...told(id, wrongs)}
      />
    </Field>
  )
}

/** The next full hour in Manila, as a browser writes it. */
const hour = (now: number): string =>
  new Date(Math.ceil(now / 3_600_000) * 3_600_000 + 8 * 3_600_000).toISOString().slice(0, 16)
