// The page of deliveries: what became of what left the tower, what is parked and may be sent again, and the ways out with
// what is missing for those that are off.

import type { Attempt } from '../../src/domain/page'
import type { RegionId } from '../../src/domain/region'
import { intoPage, nameOf, RegionLinks } from '../devices/office'
import { clock, day } from '../format'
import { ChannelIcon } from '../tower/ladder-marks'
import { errorWords } from '../tower/ladder-words'
import { type Lang, type Say, t } from '../words'
import { type Delivered, DeliveryReport } from './report'
import { type ShownWays, Ways } from './ways'

export const PERIODS = ['day', 'week', 'month'] as const
export type Period = (typeof PERIODS)[number]

export type DeliveryProps = {
  lang: Lang
  nonce: string
  region: RegionId
  regions: readonly RegionId[]
  period: Period
  /** Null without Postgres. */
  rows: readonly Delivered[] | null
  parked: { attempts: readonly Attempt[]; away: number }
  ways: ShownWays
  mayResend: boolean
  /** What became of a resend. */
  told: { ok: boolean } | null
}

const address = (region: RegionId, period: Period): string => `/delivery?region=${region}&period=${period}`

export function DeliveryPage(props: DeliveryProps) {
  const { lang, nonce, region, regions, period, rows, parked, ways, mayResend, told } = props
  const say = t(lang)
  const name = nameOf(region, lang)
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <div class="office-title">
        <div>
          <h1>{say('delivery.title')}</h1>
          <p class="muted">{say('delivery.lead', { region: name })}</p>
        </div>
      </div>
      <RegionLinks lang={lang} regions={regions} here={region} to={(id) => address(id, period)} />
      {told && (
        <p class="notice" data-tone={told.ok ? undefined : 'alarm'} role={told.ok ? 'status' : 'alert'} id="done">
          {say(told.ok ? 'delivery.resent' : 'delivery.not_resent')}
        </p>
      )}
      <ParkedList {...{ parked, mayResend, region, period, nonce, say }} />
      <section aria-labelledby="report">
        <h2 id="report">{say('delivery.report')}</h2>
        <nav class="office-regions" aria-label={say('delivery.period')}>
          {PERIODS.map((each) => (
            <a
              class="button"
              data-size="small"
              href={address(region, each)}
              aria-current={each === period ? 'page' : undefined}
            >
              {say(`delivery.period.${each}`)}
            </a>
          ))}
        </nav>
        {rows === null ? (
          <p class="notice" data-tone="warn" role="status">
            {say('delivery.away')}
          </p>
        ) : (
          <DeliveryReport rows={rows} say={say} />
        )}
      </section>
      <Ways ways={ways} say={say} />
    </main>
  )
}

type ParkedProps = Pick<DeliveryProps, 'parked' | 'mayResend' | 'region' | 'period' | 'nonce'> & { say: Say }

function ParkedList({ parked: { attempts, away }, mayResend, region, period, nonce, say }: ParkedProps) {
  return (
    <section aria-labelledby="parked">
      <h2 id="parked">
        {attempts.length === 0 ? say('delivery.parked') : say('delivery.parked_n', { n: attempts.length })}
      </h2>
      {away > 0 && (
        <p class="notice" data-tone="warn" role="status">
          {say('delivery.parked_away', { n: away })}
        </p>
      )}
      {attempts.length === 0 ? (
        <p class="muted">{say('delivery.parked_none')}</p>
      ) : (
        <>
          <p class="muted">{say('delivery.parked_lead')}</p>
          <section class="table-scroll" tabindex={0} aria-label={say('delivery.parked')}>
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">{say('delivery.whom')}</th>
                  <th scope="col">{say('delivery.way')}</th>
                  <th scope="col">{say('delivery.about')}</th>
                  <th scope="col">{say('delivery.why')}</th>
                  <th scope="col">{say('delivery.since')}</th>
                  {mayResend && (
                    <th scope="col">
                      <span class="visually-hidden">{say('ladder.resend')}</span>
                    </th>
                  )}
                </tr>
              </thead>
              <tbody>
                {attempts.map((each) => (
                  <tr data-attempt={each.id}>
                    <th scope="row">{each.contact.name}</th>
                    <td>
                      <ChannelIcon of={each.channel} /> {say(`way.${each.channel}`)} <span class="mono">{each.to}</span>
                    </td>
                    <td>{say(`pagereason.${each.reason}`)}</td>
                    <td>{each.error === null ? '–' : errorWords(each.error, say)}</td>
                    <td class="figures">{each.at.parked === undefined ? '–' : moment(each.at.parked)}</td>
                    {mayResend && (
                      <td>
                        <form
                          action="/delivery/resend"
                          hx-post="/delivery/resend"
                          hx-disable="find button"
                          {...intoPage(nonce)}
                        >
                          <input type="hidden" name="region" value={region} />
                          <input type="hidden" name="period" value={period} />
                          <input type="hidden" name="attempt" value={each.id} />
                          <button
                            type="submit"
                            class="button"
                            data-size="small"
                            aria-label={say('ladder.resend_of', { name: each.contact.name })}
                          >
                            {say('ladder.resend')}
                          </button>
                        </form>
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
    </section>
  )
}

const moment = (at: number): string => `${day(at)} ${clock(at)}`
