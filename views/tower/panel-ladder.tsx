// Who is being told: a slot of the panel that is filled after it, and what fills it. What is due next counts down; below it
// each step as it came due, with the tries of each page drawn as rungs. The room's half stands also without the courier.

import { may, type Viewer } from '../../src/domain/access'
import { type IncidentSummary, regionsOf } from '../../src/domain/incident'
import type { Attempt } from '../../src/domain/page'
import type { LadderView } from '../../src/room/paging-contract'
import { clock } from '../format'
import { type Lang, type Say, t } from '../words'
import { ChannelIcon, RungShape } from './ladder-marks'
import { left, otherPages, RUNG_MARKS, type Rung, type ShownStep, shownSteps, type Told } from './ladder-view'
import { nobodyWords, stepWords, tryWords } from './ladder-words'

type SlotProps = { incident: IncidentSummary; viewer: Viewer; say: Say; nonce: string }

export function LadderSlot({ incident, viewer, say, nonce }: SlotProps) {
  if (!may(viewer, 'page:see', regionsOf(incident))) return null
  return (
    <section class="ladder" aria-labelledby="ladder-title">
      <h3 id="ladder-title">{say('ladder.title')}</h3>
      <div
        id="ladder"
        class="ladder-body"
        data-keep="yes"
        data-incident={incident.id}
        data-failed={say('ladder.failed')}
        hx-get={`/desk/incidents/${incident.id}/ladder`}
        hx-trigger="load, ladder-ask"
        hx-target="this"
        hx-swap="innerHTML"
        hx-nonce={nonce}
      >
        <p class="muted">{say('ladder.looking')}</p>
      </div>
    </section>
  )
}

export type LadderProps = {
  view: LadderView
  /** Null where the courier does not answer. */
  attempts: readonly Attempt[] | null
  mayResend: boolean
  /** What became of a resend. */
  told?: { ok: boolean } | null
  lang: Lang
  nonce: string
  now: number
}

export function Ladder({ view, attempts, mayResend, told = null, lang, nonce, now }: LadderProps) {
  const say = t(lang)
  const on: On = { incidentId: view.incidentId, mayResend, nonce, say }
  const steps = shownSteps(view, attempts)
  const others = otherPages(view, attempts)
  const nothing = steps.length + others.length === 0
  return (
    <div class="ladder-now" data-state={view.state} data-courier={attempts === null ? 'away' : 'here'}>
      {told && (
        <p class="notice" data-tone={told.ok ? undefined : 'alarm'} role={told.ok ? 'status' : 'alert'}>
          {say(told.ok ? 'ladder.resent' : 'ladder.not_resent')}
        </p>
      )}
      {attempts === null && !nothing && (
        <p class="notice" data-tone="warn" role="status">
          {say('ladder.courier_away')}
        </p>
      )}
      <Standing view={view} nothing={nothing} say={say} now={now} />
      {steps.length > 0 && (
        <ol class="ladder-steps">
          {steps.map((step) => (
            <Step step={step} on={on} />
          ))}
        </ol>
      )}
      {others.length > 0 && (
        <section class="ladder-others" aria-label={say('ladder.elsewhere')}>
          <h4>{say('ladder.elsewhere')}</h4>
          <ul class="ladder-people">
            {others.map((person) => (
              <Person person={person} reason on={on} />
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

type StandingProps = { view: LadderView; nothing: boolean; say: Say; now: number }

function Standing({ view, nothing, say, now }: StandingProps) {
  const [first, ...more] = view.next
  if (view.state === 'over')
    return <p class="muted ladder-standing">{say(nothing ? 'ladder.over_none' : 'ladder.over')}</p>
  return (
    <>
      {view.held && (
        <p class="ladder-standing">
          <span class="chip ladder-held" data-tone="warn">
            <span data-until={view.held.until} data-words={say('ladder.held', { name: view.held.name })}>
              {say('ladder.held', { name: view.held.name, left: left(view.held.until - now) })}
            </span>
          </span>{' '}
          <span class="label">{say('ladder.held_why')}</span>
        </p>
      )}
      {first ? (
        <p class="ladder-standing ladder-next">
          <strong
            data-until={first.at}
            data-words={say('ladder.next', { step: stepWords(first.step, say) })}
            data-over={say('ladder.due', { step: stepWords(first.step, say) })}
          >
            {first.at > now
              ? say('ladder.next', { step: stepWords(first.step, say), left: left(first.at - now) })
              : say('ladder.due', { step: stepWords(first.step, say) })}
          </strong>{' '}
          {more.length > 0 && (
            <span class="label">
              {say('ladder.then', {
                steps: more
                  .slice(0, 3)
                  .map(({ step, at }) => say('ladder.then_at', { step: stepWords(step, say), time: clock(at) }))
                  .join(', '),
              })}
            </span>
          )}
        </p>
      ) : (
        <p class="muted ladder-standing">{say('ladder.nothing_next')}</p>
      )}
      {nothing && <p class="muted">{say('ladder.none_yet')}</p>}
    </>
  )
}

type On = { incidentId: string; mayResend: boolean; nonce: string; say: Say }

function Step({ step, on }: { step: ShownStep; on: On }) {
  const { say } = on
  const why = `stepwhy.${step.why}`
  return (
    <li class="ladder-step" data-step={step.step}>
      <p class="ladder-head">
        <time class="figures">{clock(step.at)}</time>{' '}
        <strong>{step.erased ? say('ladder.erased') : stepWords(step.step, say)}</strong>{' '}
        <span class="label">
          {[
            step.why in WHY ? say(why as 'stepwhy.untaken') : step.why,
            step.round > 1 ? say('ladder.round', { n: step.round }) : '',
            step.n > 1 ? say('ladder.again', { n: step.n }) : '',
          ]
            .filter(Boolean)
            .join(', ')}
        </span>
      </p>
      {step.people.length > 0 && (
        <ul class="ladder-people">
          {step.people.map((person) => (
            <Person person={person} on={on} />
          ))}
        </ul>
      )}
      {step.nobody.map((each) => (
        <p class="ladder-nobody" data-tone="warn">
          {nobodyWords(each, say)}
        </p>
      ))}
      {step.kept.map(({ name, why }) => (
        <p class="label">{say(`kept.${why}`, { name })}</p>
      ))}
      {step.telling.length > 0 && (
        <p class="label">{say('ladder.telling', { names: step.telling.map(({ name }) => name).join(', ') })}</p>
      )}
      {step.consoles && <p class="label">{say('ladder.consoles')}</p>}
      {step.neighbour && <p class="label">{say('ladder.neighbour', { region: step.neighbour })}</p>}
    </li>
  )
}

const WHY: Record<string, true> = {
  unwatched: true,
  none_free: true,
  untaken: true,
  repeat: true,
  cannot: true,
  everyone: true,
  ack_expired: true,
  raised: true,
  storm_over: true,
}

const PAGE_TONES: Record<string, 'good' | 'warn' | 'alarm'> = {
  answered: 'good',
  exhausted: 'alarm',
  parked: 'alarm',
}

function Person({ person, reason = false, on }: { person: Told; reason?: boolean; on: On }) {
  const { page, rungs, name } = person
  const { say } = on
  const answer = page?.answer ? say(`pageanswer.${page.answer}`) : null
  const why = reason ? (page?.reason ?? rungs[0]?.reason) : undefined
  return (
    <li class="ladder-person" data-page={person.id} data-state={page?.state}>
      <span class="ladder-who">
        <strong>{name}</strong> {why && <span class="muted">{say(`pagereason.${why}`)} </span>}
        {page && (
          <span class="chip" data-tone={PAGE_TONES[page.state] ?? 'plain'}>
            {[say(`pagestate.${page.state}`), answer].filter(Boolean).join(': ')}
          </span>
        )}
      </span>
      {rungs.length > 0 && (
        <ol class="rungs">
          {rungs.map((rung) => (
            <RungLine rung={rung} name={name} on={on} />
          ))}
        </ol>
      )}
    </li>
  )
}

function RungLine({ rung, name, on }: { rung: Rung; name: string; on: On }) {
  const { say } = on
  const at = rung.at[rung.state]
  const where = [rung.to, rung.network ?? rung.provider].filter(Boolean).join(' · ')
  return (
    <li class="rung" data-channel={rung.channel} data-state={rung.state} data-tone={RUNG_MARKS[rung.state].tone}>
      <ChannelIcon of={rung.channel} />
      <RungShape of={rung.state} />
      <span class="rung-words">
        <span class="rung-way">{say(`way.${rung.channel}`)}</span> {tryWords(rung, say)}{' '}
        <span class="rung-where label mono">{where}</span>
      </span>
      {at !== undefined && <time class="rung-at label figures">{clock(at)}</time>}
      {rung.state === 'parked' && on.mayResend && (
        <form
          class="rung-again"
          hx-post={`/desk/incidents/${on.incidentId}/ladder/resend`}
          hx-target="#ladder"
          hx-swap="innerHTML"
          {...{ 'hx-status:409': 'swap:innerHTML' }}
          hx-disable="find button"
          hx-nonce={on.nonce}
        >
          <input type="hidden" name="attempt" value={rung.id} />
          <button
            type="submit"
            id={`resend-${rung.id}`}
            class="button"
            data-size="small"
            aria-label={say('ladder.resend_of', { name })}
          >
            {say('ladder.resend')}
          </button>
        </form>
      )}
    </li>
  )
}
