// Whom to call: the agencies of the region with their numbers, how sure those are, and who was told already.

import type { Agency } from '../../src/domain/agency'
import type { HandOff } from '../../src/domain/handoff'
import { dueAgain } from '../../src/domain/verified'
import { clock } from '../format'
import type { Say } from '../words'

type AgenciesProps = { agencies: readonly Agency[]; handOffs: readonly HandOff[]; now: number; say: Say }

/** Digits choose as in every sheet; the first nine have one. */
export function AgencyChoices({ agencies, handOffs, now, say }: AgenciesProps) {
  const sorted = agencies.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
  const choices = sorted.flatMap((agency) => [
    { agency, value: agency.id, machine: false },
    ...(agency.machine ? [{ agency, value: `${agency.id} machine`, machine: true }] : []),
  ])
  return (
    <>
      <fieldset class="agency-choices">
        <legend class="label">{say('sheet.script.whom')}</legend>
        {choices.map(({ agency, value, machine }, at) => (
          <label class="agency-choice">
            <input
              type="radio"
              name="agency"
              value={value}
              checked={at === 0}
              {...(at < 9 ? { 'data-digit': at + 1 } : {})}
            />
            <span>
              {at < 9 && <kbd>{at + 1}</kbd>} <strong>{agency.name}</strong>{' '}
              {machine ? (
                <span class="chip">{say('sheet.script.machine')}</span>
              ) : (
                <Numbers agency={agency} now={now} say={say} />
              )}
            </span>
          </label>
        ))}
      </fieldset>
      {handOffs.length > 0 && (
        <p class="label">
          {say('sheet.script.told')}:{' '}
          {handOffs
            .map(({ agency, at, told, ref }) =>
              [
                `${agency.name} ${clock(at)}`,
                ref,
                told.at > at ? say('sheet.script.again', { time: clock(told.at) }) : null,
              ]
                .filter(Boolean)
                .join(', '),
            )
            .join(' · ')}
        </p>
      )}
    </>
  )
}

/** As one dials them. Text, and no link: a person dials. */
export function Numbers({ agency, now, say }: { agency: Agency; now: number; say: Say }) {
  return (
    <>
      {agency.numbers.map(({ label, number, confidence }) => (
        <span class="agency-number">
          <span class="muted">{label}</span> <span class="mono">{number}</span>{' '}
          {confidence !== 'high' && (
            <span class="chip" data-tone="warn" data-confidence={confidence}>
              {say(`agency.${confidence}`)}
            </span>
          )}
        </span>
      ))}
      {dueAgain(agency, now) && (
        <span class="chip" data-tone="warn">
          {say('agency.verify_again')}
        </span>
      )}
    </>
  )
}

/** Unified 911 first: it sends the others. */
const rank = ({ kind }: Agency): number => (kind === 'unified_911' ? 0 : 1)
