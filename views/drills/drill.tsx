// One drill and what each of those that are tried did. While it goes on it looks again by itself.

import type { RegionId } from '../../src/domain/region'
import type { DrillFile, ShownTrial } from '../../src/room/drills-contract'
import { intoPage, OfficeNotice } from '../devices/office'
import { clock, day, minute } from '../format'
import { type Lang, t } from '../words'
import { BackToDrills, begunBy, DrillMark, drillAddress, OutcomeChip, seconds, VerdictChip } from './office'

export type DrillPageProps = {
  lang: Lang
  nonce: string
  region: RegionId
  file: DrillFile
  mayRun: boolean
  done: string | null
}

export function DrillPage({ lang, nonce, region, file, mayRun, done }: DrillPageProps) {
  const say = t(lang)
  const { drill, trials } = file
  const open = drill.endedAt === null
  const address = drillAddress(drill.id, region)
  const again = open
    ? { 'hx-get': address, 'hx-trigger': 'every 4s', 'hx-target': '#page', 'hx-swap': 'outerMorph', 'hx-nonce': nonce }
    : {}
  return (
    <main class="office-main" id="page" tabindex={-1} data-drill={drill.id} data-address={address}>
      <BackToDrills lang={lang} region={region} />
      <div class="office-title">
        <div>
          <h1 class="drill-name">
            <DrillMark /> {say('drill.first')} {region}-{drill.ref}
          </h1>
          <p class="muted">
            {say(`drill.kind.${drill.kind}`)} · {day(drill.at)} {minute(drill.at)} · {begunBy(file, say)}
          </p>
        </div>
        <VerdictChip file={file} say={say} />
      </div>
      <OfficeNotice words={done} />
      <div id="drill-now" {...again} />
      {drill.note && <p>{drill.note}</p>}
      {drill.incidentId && open && (
        <p>
          <a href={`/r/${region}?incident=${drill.incidentId}`}>
            {say('drill.first')} {region}-{drill.ref}
          </a>
        </p>
      )}
      <TrialTable {...{ lang, nonce, region, drillId: drill.id, trials, mayEnd: mayRun && open }} />
      {mayRun && open && (
        <form hx-post={`/drills/${drill.id}/end`} {...intoPage(nonce)}>
          <input type="hidden" name="region" value={region} />
          <button class="button" type="submit" data-end>
            {say('drill.end')}
          </button>
        </form>
      )}
    </main>
  )
}

type TableProps = {
  lang: Lang
  nonce: string
  region: RegionId
  drillId: string
  trials: readonly ShownTrial[]
  mayEnd: boolean
}

function TrialTable({ lang, nonce, region, drillId, trials, mayEnd }: TableProps) {
  const say = t(lang)
  return (
    <section class="table-scroll" tabindex={0} aria-label={say('drill.result')}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{say('drill.who')}</th>
            <th scope="col">{say('drill.result')}</th>
            <th scope="col">{say('drill.took')}</th>
            <th scope="col">{say('drill.app')}</th>
            <th scope="col">{say('drill.when')}</th>
          </tr>
        </thead>
        <tbody>
          {trials.map((trial) => (
            <tr data-subject={trial.subject}>
              <th scope="row">
                {trial.name} <span class="muted mono">{trial.subject.slice(trial.subject.indexOf(':') + 1)}</span>
              </th>
              <td>
                <OutcomeChip trial={trial} say={say} />
                {mayEnd && trial.kind === 'driver' && trial.outcome === null && (
                  <form class="drill-declined" hx-post={`/drills/${drillId}/end`} {...intoPage(nonce)}>
                    <input type="hidden" name="region" value={region} />
                    <input type="hidden" name="subject" value={trial.subject} />
                    <button class="button" data-size="small" type="submit">
                      {say('drill.declined_mark')}
                    </button>
                  </form>
                )}
              </td>
              <td class="figures">{trial.tookMs === null ? '–' : seconds(trial.tookMs, say)}</td>
              <td>{waysOf(trial)}</td>
              <td class="figures">{clock(trial.endedAt ?? trial.at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const waysOf = ({ app, client, channel, provider }: ShownTrial): string =>
  [app ?? client, channel, provider].filter(Boolean).join(' · ') || '–'
