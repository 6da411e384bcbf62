// The form in which a geofence is drawn: map and text are twins, and either is enough. Without the right to change it, the
// same page shows it.

import type { Corner } from '../../src/domain/fence'
import type { RegionId } from '../../src/domain/region'
import { regionById } from '../../src/domain/region'
import { intoPage, RegionLinks } from '../devices/office'
import { Icon } from '../marks'
import { type Lang, type Say, t } from '../words'
import { BackToFences, KindChoice } from './office'

export type Tiles = { url: string; attribution: string } | null
/** Other fences of the region, drawn thin below: so that two need not overlap by chance. */
export type Outline = { name: string; polygon: readonly Corner[] }

export type Typed = { name: string; kind: string; corners: string }
export type Wrong = { words: string; field: 'name' | 'kind' | 'corners' | null }

export type FenceFieldsProps = {
  lang: Lang
  region: RegionId
  typed: Typed
  wrong: Wrong | null
  tiles: Tiles
  others: readonly Outline[]
  mayManage: boolean
}

export type NewFenceProps = FenceFieldsProps & { nonce: string; regions: readonly RegionId[] }

export function NewFence({ nonce, regions, ...fields }: NewFenceProps) {
  const { lang, region, wrong } = fields
  const say = t(lang)
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <BackToFences lang={lang} region={region} />
      <h1>{say('fence.new')}</h1>
      <RegionLinks lang={lang} regions={regions} here={region} to={(each) => `/geofences/new?region=${each}`} />
      <WrongWords wrong={wrong} />
      <form class="fence-form" hx-post="/geofences" {...intoPage(nonce)}>
        <input type="hidden" name="region" value={region} />
        <FenceFields {...fields} />
        <button class="button" data-look="primary" type="submit">
          {say('fence.save')}
        </button>
      </form>
    </main>
  )
}

export function WrongWords({ wrong }: { wrong: Wrong | null }) {
  if (!wrong) return null
  return (
    <p class="notice" data-tone="alarm" role="alert" id="wrong">
      {wrong.words}
    </p>
  )
}

export function FenceFields({ lang, region, typed, wrong, tiles, others, mayManage }: FenceFieldsProps) {
  const say = t(lang)
  const bad = (field: string) => (wrong?.field === field ? { 'aria-invalid': 'true' as const } : {})
  return (
    <>
      {mayManage && (
        <div class="fence-words">
          <div class="field">
            <label for="name">{say('fence.name')}</label>
            <input
              class="input"
              id="name"
              name="name"
              value={typed.name}
              required
              maxlength={80}
              autocomplete="off"
              aria-describedby="name-hint"
              {...bad('name')}
            />
            <p class="muted" id="name-hint">
              {say('fence.name_hint')}
            </p>
          </div>
          <KindChoice chosen={typed.kind} say={say} disabled={false} />
        </div>
      )}
      <DrawingBoard {...{ say, region, tiles, others, mayManage }} />
      {mayManage ? (
        <CornersField say={say} corners={typed.corners} wrong={wrong?.field === 'corners'} />
      ) : (
        <CornersShown say={say} corners={typed.corners} />
      )}
    </>
  )
}

/** The twin of what is drawn: a corner per line, and enough by itself. */
export function CornersField({ say, corners, wrong }: { say: Say; corners: string; wrong: boolean }) {
  return (
    <div class="field">
      <label for="corners">{say('fence.corners')}</label>
      <textarea
        class="input mono"
        id="corners"
        name="corners"
        rows={6}
        spellcheck={false}
        autocomplete="off"
        aria-describedby="corners-hint fence-said"
        data-corners
        {...(wrong ? { 'aria-invalid': 'true' as const } : {})}
      >
        {corners}
      </textarea>
      <p class="muted" id="corners-hint">
        {say('fence.corners_hint')}
      </p>
    </div>
  )
}

/** The same where nothing may be changed: the map reads it, and so does whoever cannot see the map. */
export const CornersShown = ({ say, corners }: { say: Say; corners: string }) => (
  <textarea class="visually-hidden" data-corners readonly tabindex={-1} aria-label={say('fence.corners')}>
    {corners}
  </textarea>
)

const TOOLS = [
  ['add', 'fence.add_here', 'plus'],
  ['undo', 'fence.undo', 'left'],
  ['close', 'fence.close', 'check'],
  ['clear', 'fence.clear', 'close'],
] as const

type BoardProps = { say: Say; region: RegionId; tiles: Tiles; others: readonly Outline[]; mayManage: boolean }

/** A map to draw on, or, without the right to, to look at: a text beside it with `data-corners` is its twin. */
export function DrawingBoard({ say, region, tiles, others, mayManage }: BoardProps) {
  const { centre, zoom } = regionById(region)
  return (
    <section class="fence-board" aria-label={say('fence.drawing')}>
      <div class="fence-map-box">
        <div
          // Without an id: htmx carries the style of an element over to the next of its id, which our policy refuses.
          class="fence-map"
          role="application"
          tabindex={0}
          aria-label={say('fence.map')}
          aria-describedby="fence-keys"
          hx-morph-skip
          data-lat={centre.lat}
          data-lng={centre.lng}
          data-zoom={zoom}
          data-tiles={tiles?.url}
          data-attribution={tiles?.attribution}
          data-others={JSON.stringify(others)}
          data-drawn={mayManage ? 'here' : 'shown'}
        />
        {mayManage && <span class="fence-cross" aria-hidden="true" />}
        <div class="fence-zoom">
          {(['in', 'out'] as const).map((what) => (
            <button type="button" class="button" data-fence-zoom={what} title={say(`map.${what}`)}>
              <Icon name={what === 'in' ? 'plus' : 'minus'} />
              <span class="visually-hidden">{say(`map.${what}`)}</span>
            </button>
          ))}
        </div>
      </div>
      {mayManage && (
        <>
          <div class="fence-tools">
            {TOOLS.map(([what, word, icon]) => (
              <button type="button" class="button" data-size="small" data-fence-tool={what}>
                <Icon name={icon} /> {say(word)}
              </button>
            ))}
          </div>
          <p class="fence-said" id="fence-said" role="status" />
          <p class="muted fence-keys" id="fence-keys">
            {say('fence.map_keys')}
          </p>
        </>
      )}
    </section>
  )
}
