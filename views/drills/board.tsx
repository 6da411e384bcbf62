// Drills of a region: what they have shown, who was not tried for too long, the last of them, and when they begin by themselves.

import type { DrillReport, Rate } from '../../src/domain/drill-report'
import type { RegionId } from '../../src/domain/region'
import type { DrillBoard, DrillFile } from '../../src/room/drills-contract'
import { nameOf, OfficeNotice, RegionLinks } from '../devices/office'
import { age, day, minute } from '../format'
import { type Lang, type Say, t, type Word } from '../words'
import { begunBy, drillAddress, RateBar, rateWords, seconds, VerdictChip } from './office'
import { Schedules } from './schedules'

const UNTESTED_SHOWN = 20

export type BoardProps = {
  lang: Lang
  nonce: string
  region: RegionId
  regions: readonly RegionId[]
  board: DrillBoard
  mayRun: boolean
  now: number
  done: string | null
  wrong: string | null
}

export function Board({ lang, nonce, region, regions, board, mayRun, now, done, wrong }: BoardProps) {
  const say = t(lang)
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <div class="office-title">
        <div>
          <h1>{say('drill.of', { region: nameOf(region, lang) })}</h1>
          <p class="muted">{say('drill.lead')}</p>
        </div>
        {mayRun && (
          <a class="button" data-look="primary" href={`/drills/new?region=${region}`}>
            {say('drill.new')}
          </a>
        )}
      </div>
      <RegionLinks lang={lang} regions={regions} here={region} to={(id) => `/drills?region=${id}`} />
      <OfficeNotice words={done} />
      <OfficeNotice words={wrong} wrong />
      <Report report={board.report} say={say} />
      <NotTried {...{ report: board.report, say, region, mayRun, now }} />
      <Last drills={board.drills} say={say} region={region} />
      <Schedules {...{ lang, nonce, region, board, mayRun }} />
    </main>
  )
}

function Report({ report, say }: { report: DrillReport; say: Say }) {
  const { all, weeks, apps, people, channels } = report
  return (
    <section class="drill-report" aria-labelledby="drill-report">
      <h2 id="drill-report">{say('drill.report')}</h2>
      {all.tried === 0 ? (
        <p role="status">{say('drill.none')}</p>
      ) : (
        <>
          <p class="drill-all" data-rate="all">
            <strong>{rateWords(all, say)}</strong>
            {all.medianMs !== null && (
              <span class="muted">, {say('drill.median', { n: Math.round(all.medianMs / 1000) })}</span>
            )}
          </p>
          <div class="drill-rates">
            <Rates title="drill.by_week" rates={weeks} say={say} />
            <Rates title="drill.by_app" rates={apps} say={say} apps />
            <Rates title="drill.by_person" rates={people} say={say} />
            <Rates title="drill.by_channel" rates={channels} say={say} />
          </div>
        </>
      )}
    </section>
  )
}

function Rates({ title, rates, say, apps = false }: { title: Word; rates: readonly Rate[]; say: Say; apps?: boolean }) {
  if (rates.length === 0) return null
  return (
    <section class="drill-group" data-group={title}>
      <h3>{say(title)}</h3>
      <ol class="drill-list">
        {rates.map((rate) => (
          <li data-rate={rate.key}>
            <span class="drill-of">{rate.name}</span>
            <RateBar rate={rate} />
            <span class="drill-figures figures">{rate.tried === 0 ? '–' : rateWords(rate, say)}</span>
            <FailWords rate={rate} say={say} />
            {apps && rate.passed === 0 && (rate.fails.no_alarm ?? 0) > 0 && (
              <strong class="drill-warning">{say('drill.no_alarm_app')}</strong>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

function FailWords({ rate, say }: { rate: Rate; say: Say }) {
  const fails = Object.entries(rate.fails) as [keyof Rate['fails'], number][]
  if (fails.length === 0) return null
  return (
    <span class="drill-fails muted">
      {fails.map(([outcome, n]) => `${say(`drill.outcome.${outcome}`)} ${n}`).join(' · ')}
    </span>
  )
}

type NotTriedProps = { report: DrillReport; say: Say; region: RegionId; mayRun: boolean; now: number }

function NotTried({ report: { untested, testable }, say, region, mayRun, now }: NotTriedProps) {
  if (testable === 0) return null
  if (untested.length === 0) return <p role="status">{say('drill.untested_none')}</p>
  return (
    <details class="drill-untested">
      <summary>{say('drill.untested', { n: untested.length, all: testable })}</summary>
      <ul class="drill-list">
        {untested.slice(0, UNTESTED_SHOWN).map(({ kind, id, name, testedAt }) => (
          <li data-untested={id}>
            <span class="drill-of">
              {name} <span class="muted mono">{id}</span>
            </span>
            <span class="figures">{testedAt === null ? say('drill.never') : age(now - testedAt)}</span>
            {mayRun && (
              <a
                class="button"
                data-size="small"
                href={`/drills/new?region=${region}&kind=${kind}&${kind === 'driver' ? 'devices' : 'contact'}=${encodeURIComponent(id)}`}
              >
                {say('drill.try_now')}
                <span class="visually-hidden">: {name}</span>
              </a>
            )}
          </li>
        ))}
      </ul>
      {untested.length > UNTESTED_SHOWN && (
        <p class="muted">{say('drill.more', { n: untested.length - UNTESTED_SHOWN })}</p>
      )}
    </details>
  )
}

function Last({ drills, say, region }: { drills: readonly DrillFile[]; say: Say; region: RegionId }) {
  if (drills.length === 0) return null
  return (
    <section class="table-scroll" tabindex={0} aria-label={say('drill.last')}>
      <table class="table">
        <caption class="drill-caption">{say('drill.last')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('drill.when')}</th>
            <th scope="col">{say('drill.kind')}</th>
            <th scope="col">{say('drill.who')}</th>
            <th scope="col">{say('drill.result')}</th>
            <th scope="col">{say('drill.took')}</th>
          </tr>
        </thead>
        <tbody>
          {drills.map((file) => (
            <tr data-drill={file.drill.id}>
              <th scope="row">
                <a href={drillAddress(file.drill.id, region)}>
                  {region}-{file.drill.ref}
                </a>{' '}
                <span class="figures">
                  {day(file.drill.at)} {minute(file.drill.at)}
                </span>
                <br />
                <span class="muted">{begunBy(file, say)}</span>
              </th>
              <td>{say(`drill.kind.${file.drill.kind}`)}</td>
              <td>{whoOf(file)}</td>
              <td>
                <VerdictChip file={file} say={say} />
              </td>
              <td class="figures">{tookOf(file, say)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const whoOf = ({ trials }: DrillFile): string =>
  trials.length === 1 ? (trials[0]?.name ?? '') : `${trials[0]?.name ?? ''} + ${trials.length - 1}`

function tookOf({ trials }: DrillFile, say: Say): string {
  const took = trials.flatMap(({ tookMs }) => tookMs ?? [])
  return took.length === 0 ? '–' : seconds(Math.max(...took), say)
}
