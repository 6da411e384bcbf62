// Whom a region tells in which order: read as rows, changed in seconds and ways. Who is told in a step is not changed here.

import type { DutyContact } from '../../src/domain/duty'
import type { EscalationPolicy } from '../../src/domain/escalation-policy'
import { PRIORITIES, type Priority } from '../../src/domain/incident'
import { explain } from '../../src/domain/policy-check'
import type { RegionId } from '../../src/domain/region'
import { nameOf } from '../devices/office'
import { day, elapsed, minute } from '../format'
import { type Lang, type Say, t } from '../words'
import { Done, Parts, WrongSummary } from './office'
import { PolicyForm, type PolicyFormProps } from './policy-form'
import { targetWords, waysWords } from './policy-words'

type Props = PolicyFormProps & {
  regions: readonly RegionId[]
  changedAt: number | null
  mayManage: boolean
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
