// What the pages of drills have in common: rates as bars, results as words, and why there may be nothing to see.

import { type DrillOutcome, PASSED } from '../../src/domain/drill'
import type { Rate } from '../../src/domain/drill-report'
import type { RegionId } from '../../src/domain/region'
import type { DrillFile, ShownTrial } from '../../src/room/drills-contract'
import { nameOf } from '../devices/office'
import { minute } from '../format'
import { Icon, PriorityMark } from '../marks'
import { type Lang, type Say, t } from '../words'

export const drillAddress = (id: string, region: RegionId): string =>
  `/drills/${encodeURIComponent(id)}?region=${region}`

export const seconds = (ms: number, say: Say): string => say('drill.seconds', { n: Math.round(ms / 1000) })

/** Passed and tried as a bar; the words beside it say the same. */
export function RateBar({ rate }: { rate: Pick<Rate, 'tried' | 'passed'> }) {
  const share = rate.tried === 0 ? 0 : (rate.passed / rate.tried) * 100
  return (
    <svg class="drill-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      {rate.tried > 0 && <rect class="drill-bar-failed" x={share} y="0" width={100 - share} height="8" />}
      <rect class="drill-bar-passed" x="0" y="0" width={share} height="8" />
    </svg>
  )
}

export const rateWords = ({ tried, passed }: Rate, say: Say): string => say('drill.rate', { tried, passed })

export function OutcomeChip({ trial, say }: { trial: Pick<ShownTrial, 'outcome' | 'state'>; say: Say }) {
  const { outcome, state } = trial
  if (outcome === null) return <span class="chip">{say(`drill.state.${state}`)}</span>
  return (
    <span class="chip" data-tone={toneOf(outcome)} data-outcome={outcome}>
      {say(`drill.outcome.${outcome}`)}
    </span>
  )
}

const toneOf = (outcome: DrillOutcome): 'good' | 'warn' | 'alarm' | undefined =>
  outcome === 'became_real'
    ? 'warn'
    : PASSED[outcome] === true
      ? 'good'
      : PASSED[outcome] === false
        ? 'alarm'
        : undefined

export function VerdictChip({ file: { drill, passed }, say }: { file: DrillFile; say: Say }) {
  if (drill.endedAt === null)
    return (
      <span class="chip" data-tone="held" data-verdict="open">
        {say('drill.goes_on', { time: minute(drill.until) })}
      </span>
    )
  const verdict = passed === null ? 'no_result' : passed ? 'passed' : 'failed'
  return (
    <span class="chip" data-tone={passed === null ? undefined : passed ? 'good' : 'alarm'} data-verdict={verdict}>
      {say(`drill.${verdict}`)}
    </span>
  )
}

/** The ring that says what all of this is. */
export function DrillMark() {
  return <PriorityMark of="drill" />
}

export const begunBy = ({ drill }: DrillFile, say: Say): string =>
  drill.by.uid.startsWith('schedule:') ? say('drill.by_itself') : say('drill.by', { name: drill.by.name })

export function BackToDrills({ lang, region }: { lang: Lang; region: RegionId }) {
  return (
    <a class="office-back" href={`/drills?region=${region}`}>
      <Icon name="left" /> {t(lang)('drill.of', { region: nameOf(region, lang) })}
    </a>
  )
}

export function DrillRefusal({ lang, why }: { lang: Lang; why: 'away' | 'foreign' | 'gone' }) {
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <h1>{t(lang)('drill.title')}</h1>
      <p class="notice" data-tone="alarm" role="alert">
        {t(lang)(`drill.${why}`)}
      </p>
    </main>
  )
}
