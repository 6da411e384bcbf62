// A region's geofences: how many vehicles are in each now, and what was entered and left. Looks again by itself, calmly.

import type { RegionId } from '../../src/domain/region'
import { nameOf, RegionLinks } from '../devices/office'
import { age } from '../format'
import { type Lang, type Say, t } from '../words'
import { FenceEventList, PurposeForm, type ShownEvent } from './events'
import { fenceAddress, KindWords, type ShownFence, StateWords } from './office'

export type GeofenceListProps = {
  lang: Lang
  nonce: string
  region: RegionId
  regions: readonly RegionId[]
  fences: readonly ShownFence[]
  events: readonly ShownEvent[]
  /** What devices are shown for; null where they are not. */
  purpose: string | null
  mayManage: boolean
  mayAsk: boolean
  now: number
}

export function GeofenceList(props: GeofenceListProps) {
  const { lang, region, regions, purpose, mayManage, mayAsk } = props
  const say = t(lang)
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <div class="office-title">
        <div>
          <h1>{say('fence.title')}</h1>
          <p class="muted">{say('fence.lead', { region: nameOf(region, lang) })}</p>
        </div>
        {mayManage && (
          <a class="button" data-look="primary" href={`/geofences/new?region=${region}`}>
            {say('fence.new')}
          </a>
        )}
      </div>
      <RegionLinks lang={lang} regions={regions} here={region} to={(id) => `/geofences?region=${id}`} />
      <FencesNow {...props} />
      {mayAsk && purpose === null && <PurposeForm say={say} action="/geofences" region={region} />}
    </main>
  )
}

/** Asked for every ten seconds, but for the list that was opened for a purpose: each look at that is written down. */
export function FencesNow({ lang, nonce, region, fences, events, purpose, now }: GeofenceListProps) {
  const say = t(lang)
  const again = {
    'hx-get': `/geofences/now?region=${region}`,
    'hx-trigger': 'every 10s',
    'hx-target': 'this',
    'hx-swap': 'outerMorph',
    'hx-nonce': nonce,
  }
  return (
    <div class="fence-now" id="fence-now" {...(purpose === null ? again : {})}>
      {fences.length === 0 ? (
        <p role="status">{say('fence.none')}</p>
      ) : (
        <FenceTable {...{ say, fences, events, now }} label={say('fence.list', { region: nameOf(region, lang) })} />
      )}
      <FenceEventList {...{ say, events, purpose, now }} title={say('fence.events')} named />
    </div>
  )
}

type TableProps = Pick<GeofenceListProps, 'fences' | 'events' | 'now'> & { say: Say; label: string }

function FenceTable({ say, label, fences, events, now }: TableProps) {
  return (
    <section class="table-scroll" tabindex={0} aria-label={label}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{say('fence.name')}</th>
            <th scope="col">{say('fence.kind')}</th>
            <th scope="col">{say('fence.inside')}</th>
            <th scope="col">{say('fence.last')}</th>
            <th scope="col">{say('fence.state')}</th>
          </tr>
        </thead>
        <tbody>
          {fences.map((fence) => {
            const last = events.find(({ fenceId }) => fenceId === fence.id)
            return (
              <tr data-fence={fence.id}>
                <th scope="row">
                  <a class="fence-name" href={fenceAddress(fence.id)}>
                    {fence.name}
                  </a>
                </th>
                <td>
                  <KindWords kind={fence.kind} say={say} />
                </td>
                <td class="figures" data-inside>
                  {!fence.active ? '–' : (fence.inside ?? <span class="muted">{say('fence.unknown')}</span>)}
                </td>
                <td class="figures">
                  {last
                    ? `${say(`fence.${last.event}`)}, ${say('device.heard_ago', { age: age(now - last.at) })}`
                    : '–'}
                </td>
                <td>
                  <StateWords active={fence.active} say={say} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}
