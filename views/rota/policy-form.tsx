// Changing a policy: the seconds and ways of each of its steps, and its figures. Who is told in a step is not changed here.

import type { DutyContact } from '../../src/domain/duty'
import type { EscalationPolicy, EscalationStep } from '../../src/domain/escalation-policy'
import { PRIORITIES } from '../../src/domain/incident'
import { CHANNELS } from '../../src/domain/page'
import { REGION_IDS, type RegionId } from '../../src/domain/region'
import { intoPage, nameOf } from '../devices/office'
import { type Lang, type Say, t } from '../words'
import { Field, told, type Wrongs } from './office'
import { targetWords } from './policy-words'

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

export type PolicyFormProps = {
  lang: Lang
  nonce: string
  region: RegionId
  policy: EscalationPolicy
  /** 0 for the built-in one. */
  version: number
  contacts: readonly DutyContact[]
  /** As it was typed, by field; null where nothing was. */
  typed: Readonly<Record<string, string>> | null
  wrongs: Wrongs
}

export function PolicyForm({ lang, nonce, region, policy, version, contacts, typed, wrongs }: PolicyFormProps) {
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
