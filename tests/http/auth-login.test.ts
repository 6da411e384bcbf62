import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import type { UserRow } from '../../src/domain/directory'
import { createAuth, pathAfterLogIn } from '../../src/http/auth'
import { logInParts } from '../../src/http/auth/log-in'
import { HashPace, hashPassword } from '../../src/http/auth/password'
import { BoundedAttempts, LogInThrottle } from '../../src/http/auth/throttle'
import type { AppEnv } from '../../src/http/env'
import { guard } from '../../src/http/guard'
import { language } from '../../src/http/language'
import { csrf } from '../../src/http/security/csrf'
import { securityHeaders } from '../../src/http/security/headers'
import { settingsOf } from '../../src/http/settings'
import { workerEnv } from '../support/worker-env'

const PASSWORD = 'sampaguita-9'
const pepper = settingsOf(workerEnv()).pepper
const ana: UserRow = {
  id: 'u-ana',
  email: 'ana@tower.example',
  name: 'Ana Reyes',
  alias: 'Desk 3',
  role: 'supervisor',
  regions: ['NCR'],
  passwordHash: await hashPassword(PASSWORD, pepper),
  sessionEpoch: 2,
  active: true,
}
const gone: UserRow = { ...ana, id: 'u-gone', email: 'gone@tower.example', active: false }
/** No Postgres, as when it is away: accounts come from the rooms' copies. */
const env = workerEnv({
  room: () => ({
    sessionHolds: async () => true,
    userByEmail: async (email) => [ana, gone].find((user) => user.email === email) ?? null,
  }),
})

/** For counting tries a moment that stands still: hashing takes a busy machine longer than the wait that is tested. */
const still = () => 1_800_000_000_000
const parts = () => ({
  ...logInParts(),
  pace: new HashPace(0),
  throttle: new LogInThrottle(new BoundedAttempts(), still),
})
function tower() {
  const app = new Hono<AppEnv>().use(securityHeaders).use(language).use(csrf).use(guard).route('/', createAuth(parts()))
  const logIn = (body: unknown, headers: Record<string, string> = {}) =>
    app.request(
      '/api/auth/login',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      },
      env,
    )
  const form = (
    fields: Record<string, string>,
    headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
  ) => app.request('/login', { method: 'POST', headers, body: new URLSearchParams(fields) }, env)
  return { app, logIn, form }
}

test('an e-mail in any case and its password open a session, while Postgres is away', async () => {
  const { app, logIn } = tower()
  const answer = await logIn({ email: ' Ana@Tower.example', password: PASSWORD })
  expect(answer.status).toBe(200)
  const { token, expiresAt } = (await answer.json()) as { token: string; expiresAt: string }
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(11.9 * 3_600_000)
  expect(answer.headers.get('set-cookie')).toContain(`__Host-xot=${token};`)
  const me = await app.request('/api/auth/me', { headers: { authorization: `Bearer ${token}` } }, env)
  expect(await me.json()).toEqual({
    uid: 'u-ana',
    name: 'Ana Reyes',
    alias: 'Desk 3',
    role: 'supervisor',
    regions: ['NCR'],
    csrf: null,
  })
  const renewed = await app.request(
    '/api/auth/renew',
    { method: 'POST', headers: { authorization: `Bearer ${token}` } },
    env,
  )
  expect(renewed.status).toBe(200)
})

test('a wrong password, an unknown account and a closed one are answered with the same words', async () => {
  const { logIn } = tower()
  const answers = await Promise.all(
    [
      { email: ana.email, password: 'wrong' },
      { email: 'nobody@tower.example', password: PASSWORD },
      { email: gone.email, password: PASSWORD },
    ].map((body) => logIn(body)),
  )
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
  expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1)
  expect(answers.some(({ headers }) => headers.has('set-cookie'))).toBe(false)
})

test('the fifth try in a row is 429 with the seconds to wait, before anything is hashed', async () => {
  const { logIn } = tower()
  const address = { 'cf-connecting-ip': '203.0.113.9' }
  for (let n = 0; n < 4; n++) expect((await logIn({ email: ana.email, password: 'x' }, address)).status).toBe(401)
  const refused = await logIn({ email: ana.email, password: PASSWORD }, address)
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await refused.json()).toMatchObject({ error: { code: 'throttled' } })
})

test('log-ins beyond the queue of hashes are 429, not a held thread', async () => {
  const app = new Hono<AppEnv>().route('/', createAuth({ ...logInParts(), pace: new HashPace(60_000, 0, still) }))
  const ask = (email: string) =>
    app.request('/api/auth/login', { method: 'POST', body: JSON.stringify({ email, password: 'x' }) }, env)
  expect((await ask('a@x.example')).status).toBe(401)
  const refused = await ask('b@x.example')
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('60')
})

test('with Postgres and every room away a log-in is 503, and nobody is called wrong', async () => {
  const { app } = tower()
  const body = JSON.stringify({ email: ana.email, password: PASSWORD })
  const answer = await app.request('/api/auth/login', { method: 'POST', body }, workerEnv())
  expect(answer.status).toBe(503)
})

test('bodies that are none are told so, and name the field', async () => {
  const { logIn } = tower()
  expect((await logIn('{')).status).toBe(400)
  expect((await logIn('[]')).status).toBe(400)
  expect(await (await logIn({ email: ana.email })).json()).toMatchObject({ error: { field: 'password' } })
  expect((await logIn({ email: 'a'.repeat(300), password: 'x' })).status).toBe(422)
  expect((await logIn({ email: ana.email, password: 'x'.repeat(300) })).status).toBe(422)
})

test('the form leads on to where the person wanted to go', async () => {
  const answer = await tower().form({ email: ana.email, password: PASSWORD, next: '/incidents/7?tab=log' })
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe('/incidents/7?tab=log')
  expect(answer.headers.get('set-cookie')).toMatch(/^__Host-xot=.+HttpOnly; Secure; SameSite=Lax$/)
})

test('a wrong password brings the form back with its words, and keeps neither password nor mail', async () => {
  const answer = await tower().form({ email: ana.email, password: 'not-the-one', next: '/' })
  expect(answer.status).toBe(401)
  const page = await answer.text()
  expect(page).toContain('E-mail or password is wrong.')
  expect(page).not.toContain('not-the-one')
})

test('the form of another site is refused', async () => {
  const { form } = tower()
  const fields = { email: ana.email, password: PASSWORD }
  expect((await form(fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await form(fields, { origin: 'https://evil.example' })).status).toBe(403)
})

test('who is logged in already is not asked again', async () => {
  const { app, logIn } = tower()
  const { token } = (await (await logIn({ email: ana.email, password: PASSWORD })).json()) as { token: string }
  const answer = await app.request('/login?next=/design', { headers: { cookie: `__Host-xot=${token}` } }, env)
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe('/design')
})

test('logging out takes the cookie away', async () => {
  const { app } = tower()
  const own = { 'sec-fetch-site': 'same-origin' }
  const page = await app.request('/logout', { method: 'POST', headers: own }, env)
  expect(page.status).toBe(303)
  expect(page.headers.get('set-cookie')).toStartWith('__Host-xot=; Max-Age=0; Path=/')
  const api = await app.request('/api/auth/logout', { method: 'POST', headers: own }, env)
  expect(api.status).toBe(204)
  expect(api.headers.get('set-cookie')).toStartWith('__Host-xot=; Max-Age=0; Path=/')
})

test('no address can make the log-in lead elsewhere', () => {
  for (const next of [
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    'https://evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '',
    null,
    {},
    '/login',
    '/login?next=/',
  ]) {
    expect(pathAfterLogIn(next)).toBe('/')
  }
  expect(pathAfterLogIn('/a/../b?q=1#x')).toBe('/b?q=1')
})
