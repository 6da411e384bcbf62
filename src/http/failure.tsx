// What the world hears of a failure: a status and a request id, never the cause. The cause goes to the log, without people in it.

import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { routePath } from 'hono/route'
import { TooLate } from '../durable/deadline'
import type { AppEnv, Lang } from './env'
import { failed } from './errors'

type Status = 404 | 413 | 500 | 503
/** A status that has words of its own for one cause. */
type Cause = Status | 'full'

const WORDS: Record<Cause, Record<Lang, string>> = {
  404: { en: 'There is nothing here.', fil: 'Walang ganito rito.' },
  413: { en: 'That was too long.', fil: 'Masyadong mahaba iyon.' },
  500: { en: 'Something went wrong here.', fil: 'May nasira rito.' },
  503: { en: 'A part of the tower does not answer. Try again.', fil: 'May bahaging hindi sumasagot. Subukan muli.' },
  full: {
    en: 'As many screens are open as this tower can serve. Those that are open go on. This page tries again by itself.',
    fil: 'Nakabukas na ang lahat ng screen na kaya ng tower na ito. Tuloy ang mga nakabukas na. Kusang susubok muli ang pahinang ito.',
  },
}
const BACK: Record<Lang, string> = { en: 'Back to the tower', fil: 'Bumalik sa tower' }
const CODES: Record<Cause, string> = {
  404: 'not_found',
  413: 'too_large',
  500: 'internal',
  503: 'away',
  full: 'too_many_sockets',
}

export const onError: ErrorHandler<AppEnv> = (error, c) => {
  if (error instanceof HTTPException && error.status < 500) return error.getResponse()
  const status = isAway(error) ? 503 : 500
  console.error(
    JSON.stringify({
      level: 'error',
      message: 'request failed',
      requestId: c.get('requestId'),
      method: c.req.method,
      // The pattern, not the address: addresses hold tokens and ids.
      route: routePath(c, -1),
      status,
      error: describe(error),
    }),
  )
  if (status === 503) c.header('Retry-After', '2')
  return answer(c, status)
}

export const onNotFound: NotFoundHandler<AppEnv> = (c) => answer(c, 404)

/** In the form that the caller reads: a page for a person, JSON for a program. A fragment's request swaps nothing. */
export function answer(c: Context<AppEnv>, status: Status, cause: Cause = status): Response {
  const lang = c.get('lang') ?? 'en'
  if (c.req.header('hx-request')) c.header('HX-Reswap', 'none')
  const wantsPage = !c.req.path.startsWith('/api/') && (c.req.header('accept') ?? '').includes('text/html')
  if (!wantsPage || c.req.header('hx-request')) return failed(c, status, CODES[cause], WORDS[cause].en)
  return c.html(
    `<!doctype html>${(
      <html lang={lang}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{`${status} · Xpress Ops Tower`}</title>
        </head>
        <body>
          <main>
            <h1>{WORDS[cause][lang]}</h1>
            <p>
              <a href="/">{BACK[lang]}</a>
            </p>
            <p>{c.get('requestId')}</p>
          </main>
        </body>
      </html>
    )}`,
    status,
  )
}

type Marks = { retryable?: boolean; overloaded?: boolean; durableObjectReset?: boolean }

/** The platform marks what will pass, and an object that has died; a deadline of ours says the same. */
function isAway(error: Error): boolean {
  const { retryable, overloaded, durableObjectReset } = error as Marks
  return error instanceof TooLate || retryable === true || overloaded === true || durableObjectReset === true
}

/** Name, message and place, without a query's values, e-mails, long numbers and long opaque texts. */
export function describe(error: unknown): { name: string; message: string; at: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, message: '', at: [] }
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trim().startsWith('at '))
    .slice(0, 6)
  return { name: error.name, message: scrub(error.message), at: frames.map((line) => line.trim()) }
}

export const scrub = (text: string): string =>
  text
    // Drizzle writes what was to be stored behind its statement: names, notes and purposes of people.
    .replace(/\nparams:[\s\S]*$/, '\nparams: <kept>')
    .slice(0, 500)
    .replace(/[^\s@,;"'<>()]+@[^\s@,;"'<>()]+/g, '<mail>')
    .replace(/\b(?=[\w-]*\d)[\w-]{24,}(\.[\w-]+)*/g, '<opaque>')
    .replace(/\+?\d(?:[\d\s().-]{5,})\d/g, '<number>')
