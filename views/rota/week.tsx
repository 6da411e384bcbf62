// Seven days of a region's rota: each duty a row of days, each day a bar of its hours, in words, too. Gaps are hatched and named.

import type { Duty, DutyContact } from '../../src/domain/duty'
import type { Handover, KeptShift } from '../../src/domain/duty-record'
import type { EscalationPolicy } from '../../src/domain/escalation-policy'
import type { RegionId } from '../../src/domain/region'
import { onDuty, staffed } from '../../src/domain/rota'
import { dutiesOf, type Gap, watches } from '../../src/domain/rota-week'
import { nameOf } from '../devices/office'
import { day, minute } from '../format'
import { type Lang, type Say, t } from '../words'
import { BarPatterns, DayBar } from './day-bar'
import { Handovers, type HandoverTyped } from './handovers'
import { address, Done, dutyWords, Parts, span, WrongSummary, type Wrongs, weekday } from './office'
import { ShiftForms, type ShiftTyped } from './shift-form'
import { ShiftTable } from './shifts'

const DAY_MS = 86_400_000

export type WeekProps = {
  lang: Lang
  nonce: string
  region: RegionId
  regions: readonly RegionId[]
  /** Midnight in Manila, at which the first of the seven days begins. */
  from: number
  now: number
  contacts: readonly DutyContact[]
  shifts: readonly KeptShift[]
  handovers: readonly Handover[]
  policy: EscalationPolicy
  /** Within seven days from now. */
  gaps: readonly Gap[]
  mayManage: boolean
  /** Contacts as whom this person may hand over; those to whom they may accept. */
  own: readonly string[]
  typed: ShiftTyped | null
  handover: HandoverTyped | null
  wrongs: Wrongs
  done: string | null
}

export function RotaWeek(props: WeekProps) {
  const { lang, nonce, region, regions, from, now, contacts, shifts, handovers, policy, gaps, wrongs } = props
  const say = t(lang)
  const name = namesOf(contacts)
  const able = staffed(shifts, contacts)
  const duties = dutiesOf(policy, shifts)
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <div class="office-title">
        <div>
          <h1>{say('rota.of', { region: nameOf(region, lang) })}</h1>
          <p class="muted">{say('rota.lead', { region: nameOf(region, lang) })}</p>
        </div>
      </div>
      <Parts lang={lang} region={region} regions={regions} here="week" />
      <GapNotice gaps={gaps} say={say} />
      <Done words={props.done} />
      <WrongSummary wrongs={wrongs} say={say} />
      <section class="office-part" aria-labelledby="rota-now">
        <h2 id="rota-now">{say('rota.now')}</h2>
        <dl class="office-facts">
          {duties.map((duty) => {
            const ids = onDuty(able, duty, now)
            return (
              <>
                <dt>{dutyWords(duty, say)}</dt>
                <dd>{ids.length > 0 ? ids.map(name).join(', ') : <Nobody say={say} />}</dd>
              </>
            )
          })}
        </dl>
      </section>
      <Weeks {...{ region, from, now, say }} />
      <BarPatterns />
      <div class="rota-duties">
        {duties.map((duty) => (
          <DutyWeek {...{ duty, from, now, say, name, contacts }} shifts={able} />
        ))}
      </div>
      <Handovers
        {...{ nonce, region, handovers, contacts, say, name, wrongs }}
        mayManage={props.mayManage}
        own={props.own}
        typed={props.handover}
        onDutyNow={onDuty(able, 'lead', now)[0] ?? null}
      />
      {props.mayManage && <ShiftForms {...{ nonce, region, contacts, say, wrongs, now }} typed={props.typed} />}
      <ShiftTable {...{ nonce, region, shifts, say, name }} mayManage={props.mayManage} />
    </main>
  )
}

export const namesOf =
  (contacts: readonly DutyContact[]) =>
  (id: string): string =>
    contacts.find((contact) => contact.id === id)?.name ?? id

const NAMED_GAPS = 3

/** The next gaps in words, and how many follow. */
export function GapNotice({ gaps, say }: { gaps: readonly Gap[]; say: Say }) {
  const more = gaps.length - NAMED_GAPS
  if (gaps.length === 0)
    return (
      <p class="muted" role="status" data-rota-gap="none">
        {say('rota.no_gap')}
      </p>
    )
  return (
    <div class="notice" data-tone="alarm" role="status" data-rota-gap={gaps[0]?.duty}>
      <ul class="rota-gaps">
        {gaps.slice(0, NAMED_GAPS).map((gap) => (
          <li>
            <strong>{gapWords(gap, say)}</strong>
          </li>
        ))}
      </ul>
      {more > 0 && <p>{say('rota.gap_more', { n: more })}</p>}
    </div>
  )
}

/** "Nobody on duty: Lead, Sat 02:00–06:00". */
export const gapWords = ({ duty, from, until }: Gap, say: Say): string =>
  say('rota.gap', { duty: dutyWords(duty, say), when: span(from, until, say) })

function Nobody({ say }: { say: Say }) {
  return <strong class="rota-nobody">{say('rota.nobody')}</strong>
}

function Weeks({ region, from, now, say }: { region: RegionId; from: number; now: number; say: Say }) {
  const to = (at: number) =>
    `${address('week', region)}&from=${new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)}`
  const thisWeek = from <= now && now < from + DAY_MS
  return (
    <nav class="rota-weeks" aria-label={say('rota.week')}>
      <a class="button" data-size="small" href={to(from - 7 * DAY_MS)}>
        {say('rota.earlier')}
      </a>
      <span class="figures">
        {day(from)} – {day(from + 6 * DAY_MS)}
      </span>
      {!thisWeek && (
        <a class="button" data-size="small" href={address('week', region)}>
          {say('rota.this_week')}
        </a>
      )}
      <a class="button" data-size="small" href={to(from + 7 * DAY_MS)}>
        {say('rota.later')}
      </a>
    </nav>
  )
}

type DutyWeekProps = {
  duty: Duty
  from: number
  now: number
  say: Say
  name: (id: string) => string
  contacts: readonly DutyContact[]
  shifts: readonly KeptShift[] | ReturnType<typeof staffed>
}

function DutyWeek({ duty, from, now, say, name, contacts, shifts }: DutyWeekProps) {
  const toneOf = (id: string) => contacts.findIndex((contact) => contact.id === id)
  return (
    <section class="office-part rota-duty" aria-labelledby={`duty-${duty}`} data-duty={duty}>
      <h2 id={`duty-${duty}`}>{dutyWords(duty, say)}</h2>
      <ol class="rota-days">
        {Array.from({ length: 7 }, (_, n) => {
          const start = from + n * DAY_MS
          const own = watches(shifts, duty, start, start + DAY_MS)
          const today = start <= now && now < start + DAY_MS
          return (
            <li class="rota-day" data-today={today ? 'yes' : undefined}>
              <span class="rota-date figures">
                {weekday(start, say)} {day(start).replace(/ \d{4}$/, '')}
                {today && <span class="muted"> {say('rota.today')}</span>}
              </span>
              <DayBar watches={own} from={start} now={today ? now : null} toneOf={toneOf} />
              <ul class="rota-words">
                {own.map((watch) => (
                  <li>
                    <span class="figures">
                      {minute(watch.from)}–{watch.until === start + DAY_MS ? '24:00' : minute(watch.until)}
                    </span>{' '}
                    {watch.who.length > 0 ? watch.who.map(name).join(', ') : <Nobody say={say} />}
                    {watch.override && <span class="chip">{say('rota.override')}</span>}
                  </li>
                ))}
              </ul>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
