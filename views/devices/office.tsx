// The frame of the pages on which devices are looked after: a calm office beside the tower, nothing live in it.

import type { Child } from 'hono/jsx'
import { REGIONS, type RegionId } from '../../src/domain/region'
import { type Frame, Page, Switches, Wordmark } from '../layout'
import { Icon } from '../marks'
import { type Lang, t } from '../words'

type OfficeProps = {
  frame: Frame
  title: string
  /** Which of its pages this is: the devices', unless told. */
  section?: { href: string; words: string }
  /** Beside its own. */
  styles?: readonly string[]
  scripts?: readonly string[]
  children?: Child
}

export function Office({ frame, title, section, styles = [], scripts = [], children }: OfficeProps) {
  const say = t(frame.lang)
  const { href, words } = section ?? { href: '/devices', words: say('device.title') }
  return (
    <Page
      {...frame}
      title={`${title} · Tower`}
      styles={['devices', ...styles]}
      scripts={['devices', ...scripts]}
      htmx
      body={{ class: 'office' }}
    >
      <a class="skip" href="#page">
        {say('device.skip')}
      </a>
      <header class="office-head">
        <a class="office-home" href="/">
          <Wordmark />
        </a>
        <nav aria-label={words}>
          <a class="button" data-look="plain" data-size="small" href={href}>
            {words}
          </a>
        </nav>
        <Switches lang={frame.lang} theme={frame.theme} path={frame.path} />
      </header>
      {/* Refusals that leave the form as it is, and answers that never came. */}
      <div class="office-notice" role="alert" id="refusal">
        <p class="notice" data-tone="alarm" data-not-sent hidden>
          {say('device.not_sent')}
        </p>
      </div>
      {children}
    </Page>
  )
}

/** What was done, or why it was not; nothing where there is nothing to say. */
export function OfficeNotice({ words, wrong = false }: { words: string | null; wrong?: boolean }) {
  if (words === null) return null
  return wrong ? (
    <p class="notice" data-tone="alarm" role="alert" id="wrong">
      {words}
    </p>
  ) : (
    <p class="notice" role="status" id="done">
      {words}
    </p>
  )
}

/** What a form or a link of these pages swaps. Refusals come with the page that shows them. */
export const intoPage = (nonce: string) => ({
  // Should the browser ever send it by itself: what is written in it belongs into no address.
  method: 'post' as const,
  'hx-target': '#page',
  'hx-swap': 'outerHTML show:top',
  'hx-status:403': 'swap:outerHTML',
  'hx-status:404': 'swap:outerHTML',
  'hx-status:409': 'swap:outerHTML',
  'hx-status:422': 'swap:outerHTML',
  // What was typed stays where it is.
  'hx-status:503': 'swap:innerHTML target:#refusal',
  'hx-nonce': nonce,
})

/** Only where there is something to choose. */
export function RegionLinks({
  lang,
  regions,
  here,
  to,
}: {
  lang: Lang
  regions: readonly RegionId[]
  here: RegionId
  to: (region: RegionId) => string
}) {
  if (regions.length < 2) return null
  return (
    <nav class="office-regions" aria-label={t(lang)('device.regions')}>
      {regions.map((id) => (
        <a class="button" data-size="small" href={to(id)} aria-current={id === here ? 'page' : undefined}>
          {nameOf(id, lang)}
        </a>
      ))}
    </nav>
  )
}

export const nameOf = (id: RegionId, lang: Lang): string => REGIONS.find((each) => each.id === id)?.name[lang] ?? id

export function BackToList({ lang, region }: { lang: Lang; region: RegionId }) {
  return (
    <a class="office-back" href={`/devices?region=${region}`}>
      <Icon name="left" /> {t(lang)('device.list', { region: nameOf(region, lang) })}
    </a>
  )
}

/** Why there is nothing to see: Postgres is away, or the device is another region's. */
export function Refusal({ lang, why }: { lang: Lang; why: 'away' | 'foreign' | 'gone' }) {
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <h1>{t(lang)('device.title')}</h1>
      <p class="notice" data-tone="alarm" role="alert">
        {t(lang)(`device.${why}`)}
      </p>
    </main>
  )
}
