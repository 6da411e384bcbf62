// Whom a region tells in which order: read as rows, changed in seconds and ways. Who is told in a step is not changed here.

import type { DutyContact } from '../../src/domain/duty'
import type { EscalationPolicy, EscalationStep, Target } from '../../src/domain/escalation-policy'
import { PRIORITIES, type Priority } from '../../src/domain/incident'
import { CHANNELS, type Channel } from '../../src/domain/page'
import { explain } from '../../src/domain/policy-check'
import { REGION_IDS, type RegionId } from '../../src/domain/region'
import { intoPage, nameOf } from '../devices/office'
import { day, elapsed, minute } from '../format'
import { type Lang, type Say, t } from '../words'
import { Done, dutyWords, Field, Parts, told, WrongSummary, type Wrongs } from './office'
import { namesOf } from './week'

export const WAYS = CHANNELS.filter((channel) => channel !== 'lifeline')
export const FIGURES = [
  'ackHoldsS',
  'bundleS',
  'hourlyBudget',
  'towerDownS',
  'storm.offeredAt',
  'storm.ownAt',
  'storm.withinS',
  'storm.repeatS',
] as const
export type Figure = (typeof FIGURES)[number]

type Props = {
  lang: Lang
  nonce: string
  region: RegionId
  regions: readonly RegionId[]
  policy: EscalationPolicy
  /** 0 for the built-in one. */
  version: number
  changedAt: number | null
  contacts: readonly DutyContact[]
  mayManage: boolean
  /** As it was typed, by field; null where nothing was. */
  typed: Readonly<Record<string, string>> | null
  wrongs: Wrongs
  done: string | null
}

export function PolicyPage(props: Props) {
  const { lang, region, regions, policy, version, changedAt, contacts, mayManage, wrongs, done } = props
  const say = t(lang)
  const changed = changedAt === null ? null : `${day(changedAt)}, ${minute(changedAt)}`
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <h1>{say('rota.policy_of', { region: nameOf(region, lang) })}</h1>
      <Parts lang={lang} region={region} regions={regions} here="policy" />
      <p class="muted">
        {version === 0 || changed === null ? say('rota.policy_built_in') : say('rota.policy_changed', { at: changed })}
      </p>
      <Done words={done} />
      <WrongSummary wrongs={wrongs} say={say} />
      {PRIORITIES.map((priority) => (
        <Steps {...{ lang, policy, priority, contacts, say }} />
      ))}
      {mayManage && <PolicyForm {...props} />}
    </main>
  )
}

type StepsProps = {
  lang: Lang
  policy: EscalationPolicy
  priority: Priority
  contacts: readonly DutyContact[]
  say: Say
}

function Steps({ lang, policy, priority, contacts, say }: StepsProps) {
  const rows = explain(policy, priority)
  const title = say('rota.policy_of_priority', { priority })
  return (
    <div class="office-part">
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p class="muted">{say('rota.policy_none')}</p>
      ) : (
        <section class="table-scroll" tabindex={0} aria-label={title}>
          <table class="table" data-priority={priority}>
            <thead>
              <tr>
                <th scope="col">{say('rota.step.after')}</th>
                <th scope="col">{say('rota.step.condition')}</th>
                <th scope="col">{say('rota.step.who')}</th>
                <th scope="col">{say('rota.step.by')}</th>
                <th scope="col">{say('rota.step.every')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr>
                  <th scope="row" class="figures">
                    {elapsed(row.afterS * 1_000)}
                  </th>
                  <td>
                    {say(`rota.step.when.${row.when}`)}
                    {row.builtIn && <span class="chip">{say('rota.step.built_in')}</span>}
                  </td>
                  <td>{row.who.map((target) => targetWords(target, policy, contacts, lang, say)).join(', ')}</td>
                  <td>{waysWords(row.by, say)}</td>
                  <td class="figures">
                    {row.everyS === null
                      ? say('rota.step.once')
                      : say('rota.step.every_n', { time: elapsed(row.everyS * 1_000) })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  )
}

export function targetWords(
  target: Target,
  policy: EscalationPolicy,
  contacts: readonly DutyContact[],
  lang: Lang,
  say: Say,
): string {
  switch (target.kind) {
    case 'duty':
      return dutyWords(target.duty, say)
    case 'person': {
      const known = contacts.some(({ id }) => id === target.contactId)
      return known ? namesOf(contacts)(target.contactId) : say('rota.target.unknown')
    }
    case 'team':
      return say('rota.target.team', { team: target.team })
    case 'neighbour':
      return say('rota.target.neighbour', { region: nameOf(policy.neighbour, lang) })
    default:
      return say(`rota.target.${target.kind}`)
  }
}

/** "Call + Text, then E-mail". */
const waysWords = (by: readonly (readonly Channel[])[], say: Say): string =>
  by
    .map((group) => group.map((channel) => say(`rota.channel.${channel}`)).join(' + '))
    .reduce((first, next) => (first === '' ? next : say('rota.step.then', { first, next })), '')

function PolicyForm({ lang, nonce, region, policy, version, contacts, typed, wrongs }: Props) {
  const say = t(lang)
  const value = (field: string, kept: string) => typed?.[field] ?? kept
  return (
    <>
      <details class="office-part" open={typed !== null}>
        <summary class="rota-summary">{say('rota.policy_edit')}</summary>
        <form class="office-form rota-policy" hx-post="/rota/policy" {...intoPage(nonce)}>
          <input type="hidden" name="region" value={region} />
          <input type="hidden" name="version" value={String(version)} />
          {PRIORITIES.map((priority) =>
            policy.steps[priority].map((step, n) => (
              <StepFields
                {...{ step, say, value, wrongs }}
                field={`steps.${priority}.${n}`}
                title={`${priority}: ${say(`rota.step.when.${step.when}`)}: ${step.who
                  .map((target) => targetWords(target, policy, contacts, lang, say))
                  .join(', ')}`}
              />
            )),
          )}
          <fieldset class="rota-step">
            <legend>{say('rota.figures')}</legend>
            {FIGURES.map((figure) => (
              <Field id={figure} label={say(`rota.figure.${figure}`)} wrongs={wrongs}>
                <Figures id={figure} value={value(figure, String(figureOf(policy, figure)))} wrongs={wrongs} required />
              </Field>
            ))}
            <Field id="neighbour" label={say('rota.neighbour')} wrongs={wrongs}>
              <select class="input" id="neighbour" name="neighbour" {...told('neighbour', wrongs)}>
                {REGION_IDS.map((id) => (
                  <option value={id} selected={id === value('neighbour', policy.neighbour)}>
                    {nameOf(id, lang)}
                  </option>
                ))}
              </select>
            </Field>
          </fieldset>
          <button class="button" data-look="primary" type="submit">
            {say('rota.keep')}
          </button>
        </form>
      </details>
      {version > 0 && (
        <details class="sure">
          <summary class="button">{say('rota.policy_reset')}</summary>
          <form hx-post="/rota/policy" {...intoPage(nonce)}>
            <input type="hidden" name="region" value={region} />
            <input type="hidden" name="version" value={String(version)} />
            <input type="hidden" name="builtin" value="yes" />
            <p>{say('rota.policy_reset_sure')}</p>
            <button class="button" data-look="alarm" type="submit">
              {say('rota.policy_reset')}
            </button>
          </form>
        </details>
      )}
    </>
  )
}

type StepFieldsProps = {
  step: EscalationStep
  field: string
  title: string
  say: Say
  value: (field: string, kept: string) => string
  wrongs: Wrongs
}

function StepFields({ step, field, title, say, value, wrongs }: StepFieldsProps) {
  return (
    <fieldset class="rota-step" data-step={field}>
      <legend>{title}</legend>
      <Field id={`${field}.afterS`} label={say('rota.step.after_s')} wrongs={wrongs}>
        <Figures
          id={`${field}.afterS`}
          value={value(`${field}.afterS`, String(step.afterS))}
          wrongs={wrongs}
          required
        />
      </Field>
      <Field id={`${field}.everyS`} label={say('rota.step.every_s')} wrongs={wrongs}>
        <Figures id={`${field}.everyS`} value={value(`${field}.everyS`, String(step.everyS ?? ''))} wrongs={wrongs} />
      </Field>
      {step.by.length > 0 && (
        <div class="rota-by">
          {WAYS.map((channel) => {
            const kept = step.by.findIndex((group) => group.includes(channel)) + 1
            const chosen = value(`${field}.by.${channel}`, kept === 0 ? '' : String(kept))
            const id = `${field}.by.${channel}`
            return (
              <div class="field">
                <label for={id}>{say(`rota.channel.${channel}`)}</label>
                <select class="input" id={id} name={id}>
                  <option value="none">{say('rota.order.none')}</option>
                  {([1, 2, 3, 4] as const).map((order) => (
                    <option value={String(order)} selected={String(order) === chosen}>
                      {say(`rota.order.${order}`)}
                    </option>
                  ))}
                </select>
              </div>
            )
          })}
          {wrongs[`${field}.by`] && <p class="rota-wrong">{wrongs[`${field}.by`]}</p>}
        </div>
      )}
    </fieldset>
  )
}

/** Text, so that what was typed comes back as it was, and is judged in one place. */
function Figures({
  id,
  value,
  wrongs,
  required = false,
}: {
  id: string
  value: string
  wrongs: Wrongs
  required?: boolean
}) {
  return (
    <input
      class="input figures"
      id={id}
      name={id}
      value={value}
      inputmode="numeric"
      maxlength={6}
      autocomplete="off"
      required={required}
      {...told(id, wrongs)}
    />
  )
}

export function figureOf(policy: EscalationPolicy, figure: Figure): number {
  switch (figure) {
    case 'storm.offeredAt':
      return policy.storm.offeredAt
    case 'storm.ownAt':
      return policy.storm.ownAt
    case 'storm.withinS':
      return policy.storm.withinS
    case 'storm.repeatS':
      return policy.storm.repeatS
    default:
      return policy[figure]
  }
}
