// Where an incident is, in words: filled at once from our own tables, and again when the provider has answered or the
// vehicle has moved. Beside it in the panel, the fix itself, which the browser keeps up to date.

import type { IncidentSummary } from '../../src/domain/incident'
import type { PositionSource } from '../../src/domain/position-source'
import type { AgencyAhead, Whereabouts } from '../../src/domain/whereabouts'
import { fixInWords } from '../fix'
import { age, coordinates, ms } from '../format'
import { areaAheadInWords, whereaboutsInWords } from '../whereabouts'
import { type Lang, type Say, t } from '../words'
import { placeOf } from './card-view'
import { Attribution } from './panel-nearest'

type Position = IncidentSummary['position']

type WordsProps = {
  position: Position
  where: Whereabouts | null
  ahead: AgencyAhead | null
  /** As a provider writes it, with who that is; null where our own tables say all. */
  address?: string | null
  by?: 'gazetteer' | 'google'
  say: Say
}

/** What the slot holds. `data-place` is what is read aloud on the phone. */
export function PlaceWords({ position, where, ahead, address = null, by = 'gazetteer', say }: WordsProps) {
  const place = placeInWords(position, where, say)
  return (
    <>
      <p class="panel-place" data-place={place}>
        {place}
      </p>
      {(address || by === 'google') && (
        <p class="panel-address label">
          {address && <span>{address}</span>} {by === 'google' && <Attribution />}
        </p>
      )}
      {ahead && <p class="panel-ahead">{areaAheadInWords(ahead, say)}</p>}
    </>
  )
}

export const placeInWords = (position: Position, where: Whereabouts | null, say: Say): string =>
  (where && whereaboutsInWords(where, say)) ?? placeOf(position, say)

type WhereProps = {
  incidentId: string
  position: Position
  source: PositionSource
  where: Whereabouts | null
  ahead: AgencyAhead | null
  /** Somebody outside knows more words than our tables: asked as soon as the panel is there. */
  asksProvider: boolean
  say: Say
  nonce: string
  now: number
}

export function Where({ incidentId, position, source, where, ahead, asksProvider, say, nonce, now }: WhereProps) {
  if (!position) return <p class="panel-place">{say('panel.no_place')}</p>
  const fixedAt = ms(position.fixedAt)
  return (
    <div class="panel-where">
      <div
        id="place"
        class="place-words"
        data-keep={asksProvider ? 'yes' : undefined}
        data-lat={position.lat}
        data-lng={position.lng}
        hx-get={`/desk/incidents/${incidentId}/place`}
        hx-trigger={asksProvider ? 'load, place-ask' : 'place-ask'}
        hx-target="this"
        hx-swap="innerHTML"
        hx-nonce={nonce}
      >
        <PlaceWords position={position} where={where} ahead={ahead} say={say} />
      </div>
      <p class="panel-fix" data-fix>
        <time data-fix-age data-since={fixedAt ?? undefined} data-as="age" data-words={say('panel.age')}>
          {fixedAt === null ? say('panel.no_time') : say('panel.age', { age: age(now - fixedAt) })}
        </time>
        <span data-fix-rest>{fixInWords(position, source, say)}</span>
      </p>
      <p class="label mono" data-fix-coordinates>
        {coordinates(position.lat, position.lng)}
      </p>
    </div>
  )
}

/** The fragment that refills the slot. */
export const PlaceFragment = ({ lang, ...words }: Omit<WordsProps, 'say'> & { lang: Lang }) => (
  <PlaceWords {...words} say={t(lang)} />
)
