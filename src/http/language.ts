// In which of our languages a person is answered: what they chose, else what their browser prefers.

import type { MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import type { AppEnv, Lang } from './env'

export const language: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set('lang', chooseLanguage(getCookie(c, 'lang'), c.req.header('accept-language')))
  await next()
}

/** `accepted` as in Accept-Language; `tl` is what older browsers say for Filipino. */
export function chooseLanguage(chosen: string | undefined, accepted: string | undefined): Lang {
  if (chosen === 'en' || chosen === 'fil') return chosen
  const wanted = (accepted ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...rules] = part.trim().toLowerCase().split(';')
      const q = rules.map((rule) => /^\s*q=([\d.]+)$/.exec(rule)?.[1]).find((value) => value !== undefined)
      return { tag: tag.split('-')[0], q: q === undefined ? 1 : Number(q) }
    })
    .filter(({ tag, q }) => q > 0 && (tag === 'en' || tag === 'fil' || tag === 'tl'))
    .sort((a, b) => b.q - a.q)
  const [first] = wanted
  return first && first.tag !== 'en' ? 'fil' : 'en'
}
