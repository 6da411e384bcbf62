// Logging in and out, for pages and for programs. Who may see the rest is in access-table.ts.

import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { LoginPage } from '../../../views/login'
import { REGION_IDS } from '../../domain/region'
import { userByEmail } from '../../store/directory'
import { withPostgres } from '../../store/postgres'
import { lifeOf } from '../doors/take'
import type { AppEnv, Env } from '../env'
import { failed } from '../errors'
import { roomOf } from '../objects'
import { ownPath } from '../own-path'
import { themeOf } from '../pages/frame'
import { sayGoodbye } from '../paging'
import { sharedTries } from '../redis'
import { clientAddress } from '../security/origin'
import { postgresUrl, settingsOf } from '../settings'
import { type Directories, POSTGRES_DEADLINE_MS } from './account'
import { elsewhere } from './chain-elsewhere'
import { type LogInAnswer, type LogInParts, logIn, logInParts } from './log-in'
import { cookieSession, dropCookie, openSession, putCookie, renewSession, viewerOf } from './session'
import { csrfToken } from './session-token'

const Credentials = z.object({
  email: z.string().trim().min(3).max(254),
  password: z.string().min(1).max(256),
})

/** `parts`: what counts tries and paces hashes; one set per process. */
export function createAuth(parts: LogInParts = logInParts()) {
  return (
    new Hono<AppEnv>()
      .post('/api/auth/login', async (c) => {
        const body: unknown = await c.req.json().catch(() => null)
        const credentials = Credentials.safeParse(body)
        if (!credentials.success) {
          const field = credentials.error.issues[0]?.path[0]
          return field === undefined
            ? failed(c, 400, 'unreadable', 'A JSON object with email and password is expected.')
            : failed(c, 422, 'invalid', `The field ${String(field)} is missing or has a wrong form.`, String(field))
        }
        const answer = await attempt(c, parts, credentials.data)
        if (!answer.ok) return refuse(c, answer)
        const { token, expiresAt } = openSession(c.env, answer.viewer, Date.now())
        putCookie(c, token)
        return c.json({ token, expiresAt: new Date(expiresAt).toISOString() })
      })
      .post('/api/auth/logout', (c) => {
        lifeOf(c)?.waitUntil(goodbye(c))
        dropCookie(c)
        return c.body(null, 204)
      })
      /** Who this session is, and the token that scripts of our own pages send as X-CSRF-Token. */
      .get('/api/auth/me', (c) => {
        const { uid, name, alias, role, regions } = c.var.viewer
        const session = cookieSession(c)
        const csrf = session && session.uid === uid ? csrfToken(session, settingsOf(c.env).sessionKeys) : null
        return c.json({ uid, name, alias, role, regions, csrf })
      })
      .post('/api/auth/renew', (c) => {
        const { token, expiresAt } = renewSession(c, Date.now())
        return c.json({ token, expiresAt: new Date(expiresAt).toISOString() })
      })
      .get('/login', async (c) => {
        const next = pathAfterLogIn(c.req.query('next'))
        if (await viewerOf(c)) return c.redirect(next, 303)
        return page(c, next, c.req.query('ended') === undefined ? null : 'ended', 200)
      })
      .post('/login', async (c) => {
        const form: Record<string, unknown> = await c.req.parseBody().catch(() => ({}))
        const next = pathAfterLogIn(form.next)
        const credentials = Credentials.safeParse(form)
        if (!credentials.success) return page(c, next, 'wrong', 401)
        const answer = await attempt(c, parts, credentials.data)
        if (!answer.ok) return refusePage(c, next, answer)
        putCookie(c, openSession(c.env, answer.viewer, Date.now()).token)
        return c.redirect(next, 303)
      })
      .post('/logout', (c) => {
        lifeOf(c)?.waitUntil(goodbye(c))
        dropCookie(c)
        return c.redirect('/login', 303)
      })
  )
}

/** Rooms hear that this person's screens close on purpose; the answer does not wait for it. */
async function goodbye(c: Context<AppEnv>): Promise<void> {
  const viewer = await viewerOf(c).catch(() => null)
  if (viewer) await sayGoodbye(c.env, viewer)
}

type Refused = Exclude<LogInAnswer, { ok: true }>

const attempt = (
  c: Context<AppEnv>,
  parts: LogInParts,
  { email, password }: z.infer<typeof Credentials>,
): Promise<LogInAnswer> =>
  logIn(
    parts,
    directories(c.env),
    settingsOf(c.env).pepper,
    { email, password, address: clientAddress(c.req.raw) },
    { shared: sharedTries(c.env), elsewhere: elsewhere(c.env.PASSWORDS, c.env.PASSWORDS_KEY) },
  )

const directories = (env: Env): Directories => ({
  postgres: async (email) => {
    const url = postgresUrl(env)
    if (!url) throw new Error('no Postgres is configured')
    return withPostgres(url, POSTGRES_DEADLINE_MS, (db) => userByEmail(db, email))
  },
  rooms: REGION_IDS.map((region) => (email: string) => roomOf(env, region).userByEmail(email)),
})

function refuse(c: Context<AppEnv>, answer: Refused) {
  if (answer.why === 'wrong') return failed(c, 401, 'wrong_credentials', 'E-mail or password is wrong.')
  if (answer.why === 'away') return failed(c, 503, 'away', 'Nobody who knows the accounts answers now. Try again.')
  c.header('Retry-After', String(answer.retryAfterS))
  return failed(c, 429, answer.why, `Too many tries. Try again in ${answer.retryAfterS} s.`)
}

function refusePage(c: Context<AppEnv>, next: string, answer: Refused) {
  if (answer.why === 'wrong') return page(c, next, 'wrong', 401)
  if (answer.why === 'away') return page(c, next, 'away', 503)
  c.header('Retry-After', String(answer.retryAfterS))
  return page(c, next, 'throttled', 429)
}

const page = (
  c: Context<AppEnv>,
  next: string,
  error: 'wrong' | 'throttled' | 'away' | 'ended' | null,
  status: 200 | 401 | 429 | 503,
) => c.html(<LoginPage lang={c.var.lang} theme={themeOf(c)} error={error} next={next} nonce={c.var.nonce} />, status)

/** Where to go after, which is never the log-in again. */
export function pathAfterLogIn(next: unknown): string {
  const path = ownPath(next)
  return path.startsWith('/login') ? '/' : path
}
