// What the pages of geofences have in common: how a fence's kind is said, and why there may be nothing to see.

import { FENCE_KINDS, type FenceKind } from '../../src/domain/fence'
import type { KeptFence } from '../../src/domain/fence-record'
import type { RegionId } from '../../src/domain/region'
import { nameOf } from '../devices/office'
import { Icon } from '../marks'
import { type Lang, type Say, t } from '../words'

/** `inside`: vehicles in it now; null where not every shard answers. */
export type ShownFence = KeptFence & { inside: number | null }

export const fenceAddress = (id: string): string => `/geofences/${encodeURIComponent(id)}`

export function KindWords({ kind, say }: { kind: FenceKind; say: Say }) {
  return (
    <span class="fence-kind" data-kind={kind}>
      {say(`fence.${kind}`)}
    </span>
  )
}

export function StateWords({ active, say }: { active: boolean; say: Say }) {
  return (
    <span class="chip" data-tone={active ? 'good' : undefined}>
      {say(active ? 'fence.active' : 'fence.idle')}
    </span>
  )
}

export function KindChoice({ chosen, say, disabled }: { chosen: string; say: Say; disabled: boolean }) {
  return (
    <fieldset class="fence-kinds">
      <legend class="label">{say('fence.kind')}</legend>
      {FENCE_KINDS.map((kind) => (
        <label class="fence-choice">
          <input type="radio" name="kind" value={kind} checked={kind === chosen} required disabled={disabled} />
          <span>
            <KindWords kind={kind} say={say} /> <span class="muted">{say(`fence.${kind}.hint`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

export function BackToFences({ lang, region }: { lang: Lang; region: RegionId }) {
  return (
    <a class="office-back" href={`/geofences?region=${region}`}>
      <Icon name="left" /> {t(lang)('fence.list', { region: nameOf(region, lang) })}
    </a>
  )
}

/** Why there is nothing to see: Postgres is away, or the fence is another region's. */
export function FenceRefusal({ lang, why }: { lang: Lang; why: 'away' | 'foreign' | 'gone' }) {
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <h1>{t(lang)('fence.title')}</h1>
      <p class="notice" data-tone="alarm" role="alert">
        {t(lang)(`fence.${why}`)}
      </p>
    </main>
  )
}
