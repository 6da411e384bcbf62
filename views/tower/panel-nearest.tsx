// Who could be there soonest: a slot of the panel that is filled after it, and what fills it. Bars are of one scale, so
// that they can be compared at a glance; each row has its number on the map.

import { may, type Viewer } from '../../src/domain/access'
import { type IncidentSummary, regionsOf } from '../../src/domain/incident'
import { MOVES } from '../../src/domain/moves'
import { age, clock } from '../format'
import { etaInWords, type NearestView, type NearRow, nearRows } from '../nearness'
import { distanceInWords } from '../whereabouts'
import { type Lang, type Say, t } from '../words'
import { type ActContext, posts } from './act-button'
import { keyOf } from './keys'

type SlotProps = { incident: IncidentSummary; viewer: Viewer; say: Say; nonce: string }

/** Empty where nobody could be asked: no right, no place, or an incident that is over. */
export function NearestSlot({ incident, viewer, say, nonce }: SlotProps) {
  const asks = MOVES.leg.from.includes(incident.state) && may(viewer, 'identity:read', regionsOf(incident))
  if (!asks || !incident.position) return null
  const { lat, lng } = incident.position
  return (
    <section class="nearest" aria-labelledby="nearest-title">
      <div class="nearest-head">
        <h3 id="nearest-title">{say('nearest.title')}</h3>
        <button
          type="button"
          class="button"
          data-size="small"
          data-look="plain"
          data-nearest="go"
          data-key={keyOf('nearest')}
        >
          {say('nearest.refresh')} <kbd>{keyOf('nearest').toUpperCase()}</kbd>
        </button>
      </div>
      <div
        id="nearest"
        class="nearest-list"
        tabindex={-1}
        data-keep="yes"
        data-incident={incident.id}
        data-lat={lat}
        data-lng={lng}
        hx-get={`/desk/incidents/${incident.id}/nearest`}
        hx-trigger="load, nearest-ask"
        hx-target="this"
        hx-swap="innerHTML"
        hx-nonce={nonce}
      >
        <p class="muted">{say('nearest.looking')}</p>
      </div>
    </section>
  )
}

type NearestProps = {
  nearest: NearestView
  incident: IncidentSummary
  viewer: Viewer
  lang: Lang
  nonce: string
  now: number
  roadFactor: number
}

export function NearestList({ nearest, incident, viewer, lang, nonce, now, roadFactor }: NearestProps) {
  const say = t(lang)
  const rows = nearRows(nearest, say)
  const mayAsk = may(viewer, 'incident:act', regionsOf(incident))
  const longest = Math.max(60, ...rows.map(({ etaS }) => etaS))
  const unarmed = incident.kind === 'panic' || incident.kind === 'security'
  return (
    <>
      {nearest.away.length > 0 && <p class="notice">{say('nearest.away', { regions: nearest.away.join(', ') })}</p>}
      {rows.length === 0 && <p class="muted">{say('nearest.none')}</p>}
      {rows.length > 0 && nearest.vehicles.length === 0 && <p class="muted">{say('nearest.no_vehicles')}</p>}
      {unarmed && nearest.vehicles.length > 0 && <p class="notice">{say('sheet.send.unarmed')}</p>}
      <ol
        class="near-rows"
        data-from-lat={nearest.from?.lat}
        data-from-lng={nearest.from?.lng}
        aria-label={say('nearest.lead')}
      >
        {rows.map((row, at) => (
          <Row
            row={row}
            n={at + 1}
            longest={longest}
            say={say}
            now={now}
            on={{ incidentId: incident.id, nonce }}
            mayAsk={mayAsk}
          />
        ))}
      </ol>
      {rows.length > 0 && <Footer rows={rows} at={nearest.at} say={say} roadFactor={roadFactor} />}
    </>
  )
}

type RowProps = { row: NearRow; n: number; longest: number; say: Say; now: number; on: ActContext; mayAsk: boolean }

function Row({ row, n, longest, say, now, on, mayAsk }: RowProps) {
  const { ref, kind, name, detail, heardAt, busy, asked } = row
  const ours = heardAt !== null
  return (
    <li
      class="near"
      data-ref={ref}
      data-ours={ours ? 'yes' : undefined}
      data-n={n}
      data-lat={row.lat}
      data-lng={row.lng}
      data-by={row.by}
    >
      <span class="near-n figures" aria-hidden="true">
        {n}
      </span>
      <span class="near-who">
        <strong>{name}</strong> <span class="muted">{ours ? detail : say(`responder.${kind}`)}</span>
        <span class="near-detail label">
          {distanceInWords(row.distanceM, say)}
          {', '}
          {heardAt === null ? (
            detail
          ) : (
            <time data-since={heardAt} data-as="age" data-words={say('nearest.heard')}>
              {say('nearest.heard', { age: age(now - heardAt) })}
            </time>
          )}
          {busy && (
            <>
              {' '}
              <span class="chip" data-tone="warn">
                {say('nearest.busy')}
              </span>
            </>
          )}
        </span>
      </span>
      <span class="near-eta">
        <span class="figures">{etaInWords(row.etaS, say)}</span>
        {row.by === 'google' ? <Attribution /> : <span class="label">{say('nearest.estimated')}</span>}
      </span>
      <span class="near-ask">
        <span class="chip" data-tone="good" data-near-asked hidden={asked === null}>
          {asked && say(`leg.${asked}`)}
        </span>
        {mayAsk && (
          <form {...posts(on, 'leg')} hx-disable="find button" hidden={asked !== null && asked !== 'declined'}>
            <input type="hidden" name="kind" value={kind} />
            <input type="hidden" name="name" value={ours ? `${name} ${detail}` : name} />
            <input type="hidden" name="ref" value={ref} />
            <button
              type="submit"
              // By its name the focus finds it again when the list is drawn anew under a hand that is about to press Enter.
              id={`near-ask-${ref}`}
              class="button"
              data-size="small"
              aria-label={say('nearest.ask_whom', { name })}
            >
              {say('nearest.ask')}
            </button>
          </form>
        )}
      </span>
      <svg class="near-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="near-track" x="0" y="0" width="100" height="4" />
        <rect class="near-time" x="0" y="0" width={Math.max(1, Math.round((row.etaS / longest) * 100))} height="4" />
      </svg>
    </li>
  )
}

type FooterProps = { rows: readonly NearRow[]; at: number; say: Say; roadFactor: number }

const Footer = ({ rows, at, say, roadFactor }: FooterProps) => (
  <p class="near-foot label">
    {say('nearest.as_of', { time: clock(at) })}
    {'. '}
    {rows.some(({ by }) => by === 'road_factor') && <>{say('nearest.road_factor', { factor: roadFactor })} </>}
    {rows.some(({ heardAt }) => heardAt === null) && say('nearest.stations')}
  </p>
)

/** Google asks to be named, in these letters, beside whatever of its content is shown without its map. */
export const Attribution = () => (
  <span class="by-google" translate="no">
    Google Maps
  </span>
)
