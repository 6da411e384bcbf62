// Language and theme, kept in cookies. A link that sets nothing but a taste, so it may be a GET and needs no log-in.

import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { THEMES } from '../../../views/layout'
import { isLang } from '../../../views/words'
import type { AppEnv } from '../env'
import { ownPath } from '../own-path'

const YEAR_S = 31_536_000

export const prefs = new Hono<AppEnv>().get('/prefs', (c) => {
  const { lang, theme, next } = c.req.query()
  const rules = {
    path: '/',
    maxAge: YEAR_S,
    sameSite: 'Lax',
    secure: new URL(c.req.url).protocol === 'https:',
  } as const
  if (isLang(lang)) setCookie(c, 'lang', lang, rules)
  const chosen = THEMES.find((each) => each === theme)
  if (chosen) setCookie(c, 'theme', chosen, rules)
  return c.redirect(ownPath(next), 303)
})
