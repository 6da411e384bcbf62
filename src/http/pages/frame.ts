// What the pages read of a request: language, theme, nonce, and where its person may look.

import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { type Frame, THEMES, type Theme } from '../../../views/layout'
import { isWord, type Say, t } from '../../../views/words'
import type { Refusal } from '../../domain/command'
import type { IncidentSummary } from '../../domain/incident'
import { findRegion, type RegionId } from '../../domain/region'
import type { AppEnv } from '../env'

export function frameOf(c: Context<AppEnv>): Frame {
  const { pathname, search } = new URL(c.req.url)
  return { lang: c.get('lang') ?? 'en', theme: themeOf(c), nonce: c.get('nonce') ?? '', path: pathname + search }
}

export function themeOf(c: Context<AppEnv>): Theme {
  const chosen = getCookie(c, 'theme')
  return THEMES.find((theme) => theme === chosen) ?? 'auto'
}

export const sayOf = (c: Context<AppEnv>): Say => t(c.get('lang') ?? 'en')

/** The region that a query names, else the person's first; null where the name is none of ours. */
export function regionOf(c: Context<AppEnv>, name: string | undefined): RegionId | null {
  if (name === undefined) return c.var.viewer.regions[0] ?? null
  return findRegion(name)?.id ?? null
}

/** A refusal in the reader's language. */
export function refusalInWords(refusal: Refusal, incident: IncidentSummary | null, say: Say): string {
  const word = `refused.${refusal.reason}`
  if (!isWord(word)) return say('refused.by_room', { message: refusal.message })
  return say(word, {
    name: incident?.owner?.name ?? '',
    state: incident ? say(`state.${incident.state}`) : '',
    message: refusal.message,
  })
}
