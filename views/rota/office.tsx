// What the rota's pages have in common: their three parts, how times are said, notices, and why there may be nothing to see.

import type { Child } from 'hono/jsx'
import type { Duty } from '../../src/domain/duty'
import type { RegionId } from '../../src/domain/region'
import { RegionLinks } from '../devices/office'
import { day, minute } from '../format'
import { type Lang, type Say, t, type Word } from '../words'

export type Part = 'week' | 'contacts' | 'policy'

/** In whole words, by the name of the field that is wrong. */
export type Wrongs = Readonly<Record<string, string>>

export const address = (part: Part, region: RegionId): string =>
  `${part === 'week' ? '/rota' : `/rota/${part}`}?region=${region}`

export function Parts({
  lang,
  region,
  regions,
  here,
}: {
  lang: Lang
  region: RegionId
  regions: readonly RegionId[]
  here: Part
}) {
  const say = t(lang)
  const parts: readonly [Part, Word][] = [
    ['week', 'rota.week'],
    ['contacts', 'rota.contacts'],
    ['policy', 'rota.policy'],
  ]
  return (
    <>
      <nav class="office-regions" aria-label={say('rota.parts')}>
        {parts.map(([part, word]) => (
          <a
            class="button"
            data-size="small"
            href={address(part, region)}
            aria-current={part === here ? 'page' : undefined}
          >
            {say(word)}
          </a>
        ))}
      </nav>
      <RegionLinks lang={lang} regions={regions} here={region} to={(id) => address(here, id)} />
    </>
  )
}

export const dutyWords = (duty: Duty, say: Say): string => say(`rota.duty.${duty}`)

const MANILA_MS = 8 * 3_600_000

export const weekday = (at: number, say: Say): string =>
  say(`rota.day.${new Date(at + MANILA_MS).getUTCDay() as 0 | 1 | 2 | 3 | 4 | 5 | 6}`)

/** "Sat 02:00–06:00", "Sat 22:00–Sun 06:00": what ends at midnight ends at 24:00 of its day. */
export function span(from: number, until: number, say: Say): string {
  const midnight = (until + MANILA_MS) % 86_400_000 === 0
  const lastDay = midnight ? until - 1 : until
  const end = midnight ? '24:00' : minute(until)
  const far = until - from >= 6 * 86_400_000
  const name = (at: number) => (far ? `${weekday(at, say)} ${day(at)}` : weekday(at, say))
  const sameDay = day(from) === day(lastDay)
  return `${name(from)} ${minute(from)}–${sameDay ? '' : `${name(lastDay)} `}${end}`
}

export function Done({ words }: { words: string | null }) {
  return words === null ? null : (
    <p class="notice" role="status" id="done">
      {words}
    </p>
  )
}

/** What is wrong and belongs to no field stands here; what belongs to one is counted, and stands beside it. */
export function WrongSummary({ wrongs, say }: { wrongs: Wrongs; say: Say }) {
  const n = Object.keys(wrongs).length
  if (n === 0) return null
  return (
    <p class="notice" data-tone="alarm" role="alert" id="wrong">
      {wrongs.form ?? say('rota.wrong.summary', { n })}
    </p>
  )
}

/** `id` is also the name by which a fault finds it. */
export function Field({
  id,
  label,
  hint,
  wrongs,
  children,
}: {
  id: string
  label: string
  hint?: string
  wrongs: Wrongs
  children: Child
}) {
  const wrong = wrongs[id]
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint && (
        <p class="muted" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong && (
        <p class="rota-wrong" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  )
}

/** For the input of a field: what is wrong with it, for screen readers, too. */
export const told = (id: string, wrongs: Wrongs, hint = false) => ({
  ...(wrongs[id] ? { 'aria-invalid': 'true' as const } : {}),
  ...(wrongs[id] || hint
    ? { 'aria-describedby': [hint && `${id}-hint`, wrongs[id] && `${id}-wrong`].filter(Boolean).join(' ') }
    : {}),
})

export function RotaRefusal({ lang, why }: { lang: Lang; why: 'away' | 'foreign' | 'gone' }) {
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <h1>{t(lang)('rota.title')}</h1>
      <p class="notice" data-tone="alarm" role="alert">
        {t(lang)(`rota.${why}`)}
      </p>
    </main>
  )
}
