// What became of what left the tower: for each way, provider and network four bars of one scale, and the same as a table.

import type { Channel } from '../../src/domain/page'
import { ChannelIcon } from '../tower/ladder-marks'
import type { Say } from '../words'

/** As src/store/attempts.ts counts them. */
export type Delivered = {
  channel: Channel
  provider: string | null
  network: string | null
  sent: number
  delivered: number
  undelivered: number
  failed: number
  answered: number
  p50Ms: number | null
  p99Ms: number | null
}

const MEASURES = ['delivered', 'answered', 'undelivered', 'failed'] as const

/** What failed before any provider was asked counts as tried, too; answered ones may or may not be delivered ones. */
const triedOf = ({ sent, delivered, undelivered, failed, answered }: Delivered): number =>
  Math.max(sent, undelivered + failed + Math.max(delivered, answered))

const shareOf = (n: number, of: number): number => (of === 0 ? 0 : Math.round((n / of) * 100))

export function DeliveryReport({ rows, say }: { rows: readonly Delivered[]; say: Say }) {
  if (rows.length === 0) return <p role="status">{say('delivery.none')}</p>
  return (
    <>
      <ul class="delivery-rows">
        {rows.map((row) => (
          <Bars row={row} say={say} />
        ))}
      </ul>
      <details class="delivery-table">
        <summary>{say('delivery.table')}</summary>
        <section class="table-scroll" tabindex={0} aria-label={say('delivery.table')}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{say('delivery.way')}</th>
                <th scope="col">{say('delivery.provider')}</th>
                <th scope="col">{say('delivery.network')}</th>
                <th scope="col">{say('delivery.sent')}</th>
                {MEASURES.map((measure) => (
                  <th scope="col">{say(`delivery.${measure}`)}</th>
                ))}
                <th scope="col">{say('delivery.p50')}</th>
                <th scope="col">{say('delivery.p99')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr data-way={row.channel} data-provider={row.provider ?? ''}>
                  <th scope="row">{say(`way.${row.channel}`)}</th>
                  <td>{row.provider ?? say('delivery.no_provider')}</td>
                  <td>{row.network ?? '–'}</td>
                  <td class="figures">{triedOf(row)}</td>
                  {MEASURES.map((measure) => (
                    <td class="figures">
                      {say('delivery.share', { n: row[measure], share: shareOf(row[measure], triedOf(row)) })}
                    </td>
                  ))}
                  <td class="figures">{seconds(row.p50Ms, say)}</td>
                  <td class="figures">{seconds(row.p99Ms, say)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </>
  )
}

function Bars({ row, say }: { row: Delivered; say: Say }) {
  const tried = triedOf(row)
  return (
    <li class="delivery-row">
      <p class="delivery-name">
        <ChannelIcon of={row.channel} /> <strong>{say(`way.${row.channel}`)}</strong>{' '}
        <span>{row.provider ?? say('delivery.no_provider')}</span>
        {row.network && <span class="muted">{row.network}</span>}
        <span class="label figures">{say('delivery.sent_n', { n: tried })}</span>
      </p>
      <dl class="delivery-bars">
        {MEASURES.map((measure) => (
          <div class="delivery-measure" data-measure={measure}>
            <dt>{say(`delivery.${measure}`)}</dt>
            <dd>
              <svg class="delivery-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect class="delivery-track" x="0" y="0" width="100" height="8" />
                <rect class="delivery-part" x="0" y="0" width={shareOf(row[measure], tried)} height="8" />
              </svg>
              <span class="figures">
                {say('delivery.share', { n: row[measure], share: shareOf(row[measure], tried) })}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      {row.p50Ms !== null && (
        <p class="label">{say('delivery.took', { p50: seconds(row.p50Ms, say), p99: seconds(row.p99Ms, say) })}</p>
      )}
    </li>
  )
}

const seconds = (ms: number | null, say: Say): string =>
  ms === null ? '–' : say('delivery.seconds', { s: ms < 10_000 ? (ms / 1_000).toFixed(1) : Math.round(ms / 1_000) })
