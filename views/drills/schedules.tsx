// Drills that begin by themselves each week: which there are, and the form of a further one.

import { DRILL_KINDS } from '../../src/domain/drill'
import type { RegionId } from '../../src/domain/region'
import type { DrillBoard } from '../../src/room/drills-contract'
import { intoPage } from '../devices/office'
import { day, minute } from '../format'
import { type Lang, type Say, t } from '../words'

type Props = { lang: Lang; nonce: string; region: RegionId; board: DrillBoard; mayRun: boolean }

export const SHARES = [5, 10, 25, 100]
export const MINUTES = [5, 10, 15, 30]
const DAYS = [1, 2, 3, 4, 5, 6, 7] as const

export function Schedules({ lang, nonce, region, board, mayRun }: Props) {
  const say = t(lang)
  const { schedules } = board
  return (
    <section aria-labelledby="drill-schedules">
      <h2 id="drill-schedules">{say('drill.schedules')}</h2>
      {schedules.length === 0 ? (
        <p>{say('drill.schedules_none')}</p>
      ) : (
        <ul class="drill-list">
          {schedules.map(({ id, kind, day: weekday, time, share, everybody, nextAt }) => (
            <li data-schedule={id}>
              <span class="drill-of">
                {say(`drill.day.${weekday as 1}`)} <span class="figures">{time}</span>: {say(`drill.kind.${kind}`)}
                {(kind === 'driver' || kind === 'duty') &&
                  `, ${Math.round(share * 100)} %${everybody ? `, ${say('drill.everybody')}` : ''}`}
              </span>
              {nextAt !== null && (
                <span class="muted figures">
                  {say('drill.schedule_next', { when: `${day(nextAt)} ${minute(nextAt)}` })}
                </span>
              )}
              {mayRun && (
                <form hx-post={`/drills/schedules/${encodeURIComponent(id)}/away`} {...intoPage(nonce)}>
                  <input type="hidden" name="region" value={region} />
                  <button class="button" data-size="small" type="submit">
                    {say('drill.schedule_away')}
                  </button>
                </form>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayRun && (
        <details class="drill-add">
          <summary>{say('drill.schedule_add')}</summary>
          <ScheduleForm {...{ say, nonce, region, board }} />
        </details>
      )}
    </section>
  )
}

function ScheduleForm({ say, nonce, region, board }: { say: Say; nonce: string; region: RegionId; board: DrillBoard }) {
  return (
    <form class="drill-form" hx-post="/drills/schedules" {...intoPage(nonce)}>
      <input type="hidden" name="region" value={region} />
      <div class="field">
        <label for="w-kind">{say('drill.kind')}</label>
        <select class="input" id="w-kind" name="kind">
          {DRILL_KINDS.map((kind) => (
            <option value={kind}>{say(`drill.kind.${kind}`)}</option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="w-day">{say('drill.day')}</label>
        <select class="input" id="w-day" name="day">
          {DAYS.map((each) => (
            <option value={String(each)}>{say(`drill.day.${each}`)}</option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="w-time">{say('drill.time')}</label>
        <input class="input" id="w-time" name="time" type="time" value="09:30" required />
      </div>
      <div class="field">
        <label for="w-share">{say('drill.share')}</label>
        <ShareChoice id="w-share" chosen={5} />
      </div>
      <div class="field">
        <label for="w-contact">{say('drill.person')}</label>
        <PersonChoice id="w-contact" people={board.people} chosen="" none="–" />
      </div>
      <label class="drill-choice">
        <input type="checkbox" name="everybody" value="yes" checked />
        <span>{say('drill.everybody')}</span>
      </label>
      <button class="button" data-look="primary" type="submit">
        {say('drill.schedule_save')}
      </button>
    </form>
  )
}

export function ShareChoice({ id, chosen }: { id: string; chosen: number }) {
  return (
    <select class="input" id={id} name="share">
      {SHARES.map((each) => (
        <option value={String(each)} selected={each === chosen}>
          {each} %
        </option>
      ))}
    </select>
  )
}

type PersonProps = { id: string; people: DrillBoard['people']; chosen: string; none: string }

export function PersonChoice({ id, people, chosen, none }: PersonProps) {
  return (
    <select class="input" id={id} name="contact">
      <option value="" selected={chosen === ''}>
        {none}
      </option>
      {people.map((person) => (
        <option value={person.id} selected={person.id === chosen}>
          {person.name} ({person.channels.join(', ')})
        </option>
      ))}
    </select>
  )
}
