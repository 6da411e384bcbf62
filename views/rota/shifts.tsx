// Every shift of a region as it was written, and taking one away.

import type { KeptShift } from '../../src/domain/duty-record'
import type { RegionId } from '../../src/domain/region'
import { intoPage } from '../devices/office'
import { day, minute } from '../format'
import type { Say } from '../words'
import { dutyWords, span, weekday } from './office'

type Props = {
  nonce: string
  region: RegionId
  shifts: readonly KeptShift[]
  say: Say
  name: (id: string) => string
  mayManage: boolean
}

export function ShiftTable({ nonce, region, shifts, say, name, mayManage }: Props) {
  return (
    <details class="rota-all">
      <summary class="rota-summary">{say('rota.shifts', { n: shifts.length })}</summary>
      <section class="table-scroll" tabindex={0} aria-label={say('rota.shifts', { n: shifts.length })}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{say('rota.duty')}</th>
              <th scope="col">{say('rota.who')}</th>
              <th scope="col">{say('rota.when')}</th>
              <th scope="col">{say('rota.note')}</th>
              {mayManage && (
                <th scope="col">
                  <span class="visually-hidden">{say('rota.remove')}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shifts.map((shift) => (
              <tr data-shift={shift.id}>
                <td>{dutyWords(shift.duty, say)}</td>
                <th scope="row">{name(shift.contactId)}</th>
                <td class="figures">
                  {whenOf(shift, say)}
                  {shift.override && <span class="chip">{say('rota.override')}</span>}
                </td>
                <td>{shift.note ?? ''}</td>
                {mayManage && (
                  <td>
                    <details class="sure">
                      <summary
                        class="button"
                        data-size="small"
                        aria-label={say('rota.remove_of', { what: `${name(shift.contactId)}, ${whenOf(shift, say)}` })}
                      >
                        {say('rota.remove')}
                      </summary>
                      <form hx-post={`/rota/shifts/${encodeURIComponent(shift.id)}/away`} {...intoPage(nonce)}>
                        <input type="hidden" name="region" value={region} />
                        {shift.weekly && <p>{say('rota.remove_sure')}</p>}
                        <button class="button" data-look="alarm" data-size="small" type="submit">
                          {say('rota.remove_now')}
                        </button>
                      </form>
                    </details>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}

function whenOf({ from, until, weekly, weeklyUntil }: KeptShift, say: Say): string {
  if (weekly) {
    const repeat = weeklyUntil === null ? say('rota.weekly') : say('rota.weekly_until', { day: day(weeklyUntil) })
    return `${span(from, until, say)}, ${repeat}`
  }
  return `${weekday(from, say)} ${day(from)} ${minute(from)} – ${weekday(until, say)} ${day(until)} ${minute(until)}`
}
