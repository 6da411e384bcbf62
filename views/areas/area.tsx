// One broadcast: how everybody stands now, what they read, its border, and taking it back. Looks again by itself while it holds.

import type { RollEntry, ShownArea } from '../../src/domain/area'
import type { RegionId } from '../../src/domain/region'
import { intoPage, nameOf, OfficeNotice } from '../devices/office'
import { minute } from '../format'
import { CornersShown, DrawingBoard, type Tiles } from '../geofences/editor'
import { type Lang, type Say, t } from '../words'
import { AreaTexts, areaAddress, BackToAreas, MissingHomes, RollBar, type ShownTexts, StateChip } from './office'

export type AreaPageProps = {
  lang: Lang
  nonce: string
  region: RegionId
  area: ShownArea
  people: readonly RollEntry[]
  texts: ShownTexts
  /** A corner per line. */
  corners: string
  tiles: Tiles
  maySend: boolean
  done: string | null
  wrong: string | null
}

export function AreaPage(props: AreaPageProps) {
  const { lang, nonce, region, area, texts, corners, tiles, maySend, done, wrong } = props
  const say = t(lang)
  const holds = area.state === 'sending' || area.state === 'open'
  return (
    <main class="office-main" id="page" tabindex={-1} data-area={area.id} data-address={areaAddress(area.id, region)}>
      <BackToAreas lang={lang} region={region} />
      <h1>
        <span class="mono">{area.ref}</span> {say(`area.kind.${area.kind}`)}, {area.place}
      </h1>
      <OfficeNotice words={done} />
      <OfficeNotice words={wrong} wrong />
      <AreaNow {...props} />
      <section>
        <AreaTexts texts={texts} say={say} />
        <p class="muted">{say('area.later')}</p>
      </section>
      {maySend && holds && (
        <details class="sure">
          <summary class="button">{say('area.cancel')}</summary>
          <form class="fence-sure" hx-post={`/areas/${area.id}/cancel`} {...intoPage(nonce)}>
            <input type="hidden" name="region" value={region} />
            <p>{say('area.cancel_sure')}</p>
            <div class="field">
              <label for="reason">{say('area.reason')}</label>
              <input class="input" id="reason" name="reason" maxlength={200} autocomplete="off" />
            </div>
            <button class="button" data-look="alarm" type="submit">
              {say('area.cancel_now')}
            </button>
          </form>
        </details>
      )}
      <section>
        <h2 class="label">{say('area.border')}</h2>
        <DrawingBoard {...{ say, region, tiles }} others={[]} mayManage={false} />
        <CornersShown say={say} corners={corners} />
      </section>
    </main>
  )
}

/** Asked for again while it holds. */
export function AreaNow({
  lang,
  nonce,
  region,
  area,
  people,
}: Pick<AreaPageProps, 'lang' | 'nonce' | 'region' | 'area' | 'people'>) {
  const say = t(lang)
  const holds = area.state === 'sending' || area.state === 'open'
  const again = {
    'hx-get': `/areas/${area.id}/now?region=${region}`,
    'hx-trigger': area.state === 'sending' ? 'every 2s' : 'every 5s',
    'hx-target': 'this',
    'hx-swap': 'outerMorph',
    'hx-nonce': nonce,
  }
  const { endedAt, endedBy } = area
  return (
    <div class="area-now" id="area-now" data-state={area.state} {...(holds ? again : {})}>
      <p class="area-facts figures">
        <StateChip state={area.state} say={say} />{' '}
        {say('area.sent_by', { time: minute(Date.parse(area.sentAt)), by: area.sentBy })} ·{' '}
        {endedAt && endedBy
          ? say('area.ended_by', { time: minute(Date.parse(endedAt)), by: endedBy })
          : say('area.until', { time: minute(Date.parse(area.until)) })}
      </p>
      <h2 class="label">{say('area.roll')}</h2>
      <RollBar roll={area.roll} say={say} />
      {area.roll.quiet > 0 && (
        <p class="muted figures" data-count="quiet">
          {area.roll.quiet} {say('area.people')} {say('area.left_quiet')}
        </p>
      )}
      {area.guests.map(({ region: home, people: n }) => (
        <p class="muted figures" data-guests={home}>
          {say(area.away.includes(home) ? 'area.guests_away' : 'area.guests_people', { n, region: nameOf(home, lang) })}
        </p>
      ))}
      <MissingHomes homes={area.missing} {...{ lang, say }} />
      {people.length > 0 && <People {...{ say, region, people }} />}
    </div>
  )
}

function People({ say, region, people }: { say: Say; region: RegionId; people: readonly RollEntry[] }) {
  return (
    <>
      <section class="table-scroll" tabindex={0} aria-label={say('area.roll')}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{say('area.name')}</th>
              <th scope="col">{say('area.plate')}</th>
              <th scope="col">{say('area.says')}</th>
              <th scope="col">{say('area.at')}</th>
              <th scope="col">{say('area.incident')}</th>
            </tr>
          </thead>
          <tbody>
            {people.map((each) => (
              <tr data-standing={each.standing} data-device={each.deviceId}>
                <th scope="row">{each.name}</th>
                <td class="mono">{each.plate ?? '–'}</td>
                <td>
                  {say(`area.roll.${each.standing}`)}
                  {each.way && (
                    <span class="muted">, {say(each.way === 'lifeline' ? 'area.by_line' : 'area.by_text')}</span>
                  )}
                </td>
                <td class="figures">{timeOf(each.answeredAt ?? each.toldAt)}</td>
                <td class="mono">{each.code ? <a href={`/r/${region}`}>{each.code}</a> : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="muted">{say('area.looked')}</p>
    </>
  )
}

const timeOf = (iso: string | null): string => (iso === null ? '–' : minute(Date.parse(iso)))
