// What a device reported last, as the tower understood it: the page on which somebody finds out why a phone is not heard.

import type { Position } from '../../src/domain/position'
import type { ReportEvent } from '../../src/domain/report'
import { age, clock, coordinates, day, kmh } from '../format'
import { type Lang, type Say, t } from '../words'
import { addressOf } from './list'

export type ShownReport = {
  receivedAt: number
  protocol: string
  verdict: 'taken' | 'older' | 'duplicate' | 'jump' | 'no_fix'
  position: Position | null
  event: ReportEvent | null
  charging: boolean | null
  ignition: boolean | null
}

export type ReportsProps = {
  lang: Lang
  nonce: string
  deviceId: string
  /** Newest first; null where whoever knows does not answer. */
  reports: readonly ShownReport[] | null
  now: number
}

/** Looks by itself until something was heard, and then only when asked: nothing moves under a reader. */
export function Reports({ lang, nonce, deviceId, reports, now }: ReportsProps) {
  const say = t(lang)
  const address = `${addressOf(deviceId)}/reports`
  const [newest] = reports ?? []
  const swap = { 'hx-get': address, 'hx-target': '#reports', 'hx-swap': 'outerMorph', 'hx-nonce': nonce }
  return (
    <section
      id="reports"
      class="office-part"
      aria-labelledby="reports-title"
      {...(newest ? {} : { ...swap, 'hx-trigger': 'every 4s' })}
    >
      <div class="office-title">
        <h2 id="reports-title">{say('reports.title')}</h2>
        <button type="button" class="button" data-size="small" id="look-again" {...swap}>
          {say('reports.refresh')}
        </button>
      </div>
      <p role="status" id="reports-status">
        {newest && reports
          ? say('reports.heard', { n: reports.length, age: age(now - newest.receivedAt) })
          : say(reports ? 'reports.none' : 'reports.away')}
      </p>
      {!newest && <p class="muted">{say('reports.waiting')}</p>}
      {newest && reports && (
        <section class="table-scroll" tabindex={0} aria-label={say('reports.table')}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{say('reports.at')}</th>
                <th scope="col">{say('reports.protocol')}</th>
                <th scope="col">{say('reports.verdict')}</th>
                <th scope="col">{say('reports.where')}</th>
                <th scope="col">{say('reports.fixed')}</th>
                <th scope="col">{say('reports.speed')}</th>
                <th scope="col">{say('reports.power')}</th>
              </tr>
            </thead>
            <tbody>
              {reports.map((report) => (
                <Row report={report} say={say} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  )
}

function Row({ report, say }: { report: ShownReport; say: Say }) {
  const { receivedAt, protocol, verdict, position, event, charging, ignition } = report
  const odd = verdict === 'jump' || (position !== null && position.doubts.length > 0)
  return (
    <tr>
      <td class="figures">{when(receivedAt)}</td>
      <td>{protocol}</td>
      <td>
        {[event ? say(`report.${event}`) : null, say(`verdict.${verdict}`)].filter(Boolean).join(', ')}
        {odd &&
          position?.doubts.map((doubt) => (
            <>
              {' '}
              <span class="chip" data-tone="warn">
                {say(`doubt.${doubt}`)}
              </span>
            </>
          ))}
      </td>
      <td class="figures">{position ? placeWords(position, say) : '–'}</td>
      <td class="figures">{position?.fixedAt == null ? '–' : when(position.fixedAt)}</td>
      <td class="figures">{position?.speedMps == null ? '–' : `${kmh(position.speedMps)} km/h`}</td>
      <td class="figures">{powerWords(position, charging, ignition, say) || '–'}</td>
    </tr>
  )
}

/** With the day: a phone that was away sends what is long past. */
const when = (at: number): string => `${day(at)} ${clock(at)}`

function placeWords({ lat, lng, accuracyM }: Position, say: Say): string {
  const within = accuracyM === null ? '' : `, ${say('reports.within', { m: Math.round(accuracyM) })}`
  return coordinates(lat, lng) + within
}

function powerWords(position: Position | null, charging: boolean | null, ignition: boolean | null, say: Say): string {
  return [
    position?.batteryPct == null ? '' : `${Math.round(position.batteryPct)} %`,
    charging ? say('reports.charging') : '',
    ignition === null ? '' : say(ignition ? 'reports.ignition_on' : 'reports.ignition_off'),
  ]
    .filter(Boolean)
    .join(', ')
}
