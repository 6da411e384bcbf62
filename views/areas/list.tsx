// A region's broadcasts of the last days, each with its roll-call.

import type { ShownArea } from '../../src/domain/area'
import type { RegionId } from '../../src/domain/region'
import { nameOf, RegionLinks } from '../devices/office'
import { minute } from '../format'
import { type Lang, t } from '../words'
import { areaAddress, RollBar, StateChip } from './office'

type AreaListProps = {
  lang: Lang
  region: RegionId
  regions: readonly RegionId[]
  areas: readonly ShownArea[]
  maySend: boolean
}

export function AreaList({ lang, region, regions, areas, maySend }: AreaListProps) {
  const say = t(lang)
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <div class="office-title">
        <div>
          <h1>{say('area.title')}</h1>
          <p class="muted">{say('area.lead', { region: nameOf(region, lang) })}</p>
        </div>
        {maySend && (
          <a class="button" data-look="primary" href={`/areas/new?region=${region}`}>
            {say('area.new')}
          </a>
        )}
      </div>
      <RegionLinks lang={lang} regions={regions} here={region} to={(id) => `/areas?region=${id}`} />
      {areas.length === 0 ? (
        <p role="status">{say('area.none')}</p>
      ) : (
        <ul class="area-list">
          {areas.map((area) => (
            <li class="area-item" data-area={area.id}>
              <h2 class="area-name">
                <a href={areaAddress(area.id, region)}>
                  <span class="mono">{area.ref}</span> {say(`area.kind.${area.kind}`)}, {area.place}
                </a>{' '}
                <StateChip state={area.state} say={say} />
              </h2>
              <p class="muted figures">
                {say('area.sent_by', { time: minute(Date.parse(area.sentAt)), by: area.sentBy })} ·{' '}
                {say('area.until', { time: minute(Date.parse(area.until)) })}
              </p>
              <RollBar roll={area.roll} say={say} />
            </li>
          ))}
        </ul>
      )}
    </main>
  )
}
