// The frame of every page: head, styles, the sprite of marks, and the two switches for language and theme.

import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { Sprite } from './marks'
import { type Lang, t } from './words'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** What every page needs to know of its request. `nonce`: of the Content-Security-Policy; `path`: to come back to. */
export type Frame = { lang: Lang; theme: Theme; nonce: string; path: string }

type PageProps = Frame & {
  title: string
  styles?: readonly string[]
  /** Names of entry files of views/client. */
  scripts?: readonly string[]
  htmx?: boolean
  body?: Record<string, string | undefined>
  children?: Child
}

// Errors of the server never replace a part of the screen: client/desk/errors.ts says them instead.
const HTMX = {
  extensions: 'hx-csp',
  history: false,
  noSwap: [204, 304, '4xx', '5xx'],
  morphSkip: '[data-keep]',
  defaultTimeout: 10_000,
}

export function Page({
  lang,
  theme,
  nonce,
  title,
  styles = [],
  scripts = [],
  htmx = false,
  body = {},
  children,
}: PageProps) {
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={lang} data-theme={theme === 'auto' ? undefined : theme}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{title}</title>
          <link rel="icon" href="/assets/icons/rest.svg" type="image/svg+xml" id="favicon" />
          {['tokens', 'base', 'components', ...styles].map((name) => (
            <link rel="stylesheet" href={`/assets/${name}.css`} nonce={nonce} />
          ))}
          {htmx && <meta name="htmx-config" content={JSON.stringify(HTMX)} />}
          {/* Small, and before the first paint: no form is sent before somebody holds it. */}
          {htmx && <script type="module" src="/assets/forms.js" nonce={nonce} blocking="render" />}
          {htmx && <script src="/assets/htmx.min.js" nonce={nonce} defer />}
          {htmx && <script src="/assets/hx-csp.js" nonce={nonce} defer />}
          {scripts.map((name) => (
            <script type="module" src={`/assets/${name}.js`} nonce={nonce} />
          ))}
        </head>
        <body {...body}>
          <Sprite />
          {children}
        </body>
      </html>
    </>
  )
}

/** Language and theme, as links: they work before anybody has logged in and without script. */
export function Switches({ lang, theme, path }: Pick<Frame, 'lang' | 'theme' | 'path'>) {
  const say = t(lang)
  const to = (change: Record<string, string>) => `/prefs?${new URLSearchParams({ ...change, next: path })}`
  const [otherLang, otherName] = lang === 'en' ? (['fil', 'Filipino'] as const) : (['en', 'English'] as const)
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] as Theme
  return (
    <span class="switches">
      <a
        class="button"
        data-look="plain"
        data-size="small"
        href={to({ lang: otherLang })}
        hreflang={otherLang}
        lang={otherLang}
      >
        {otherName}
      </a>
      <a class="button" data-look="plain" data-size="small" href={to({ theme: next })} data-theme-next={next}>
        {say('app.theme')}: {say(`app.theme.${theme}`)}
      </a>
    </span>
  )
}

export function Wordmark() {
  return (
    <span class="wordmark">
      <svg class="wordmark-sign" viewBox="0 0 24 24" aria-hidden="true">
        <use href="#sign" />
      </svg>
      <strong>XPRESS</strong> Ops Tower
    </span>
  )
}
