import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import type { Viewer } from '../../src/domain/access'
import { openSession } from '../../src/http/auth/session'
import { csrfToken, readSession } from '../../src/http/auth/session-token'
import type { AppEnv } from '../../src/http/env'
import { csrf } from '../../src/http/security/csrf'
import { isOwnSocket } from '../../src/http/security/origin'
import { settingsOf } from '../../src/http/settings'
import { workerEnv } from '../support/worker-env'

const env = workerEnv()
const ana: Viewer = { uid: 'u1', name: 'Ana', alias: 'Desk 1', role: 'operator', regions: ['NCR'], epoch: 1 }
const { token } = openSession(env, ana, Date.now())
const cookie = `lang=fil; __Host-xot=${token}`
const app = new Hono<AppEnv>().use(csrf).all('*', (c) => c.text('done'))
const ask = async (method: string, headers: Record<string, string>, path = '/api/incidents/1/take') =>
  (await app.request(path, { method, headers }, env)).status

const own = { 'sec-fetch-site': 'same-origin' }
const htmx = { 'hx-request': 'true' }

test('our own page acts with its cookie and the header that only a script of ours can add', async () => {
  expect(await ask('POST', { cookie, ...own, ...htmx })).toBe(200)
  expect(await ask('POST', { cookie, origin: 'https://tower.example', ...htmx })).toBe(200)
})

test('a foreign site acts on nothing, whatever else it sends', async () => {
  for (const site of ['cross-site', 'same-site', 'none']) {
    expect(await ask('POST', { cookie, 'sec-fetch-site': site, ...htmx })).toBe(403)
    expect(await ask('POST', { cookie, 'sec-fetch-site': site, origin: 'https://tower.example', ...htmx })).toBe(403)
  }
  for (const origin of [
    'https://evil.example',
    'null',
    'http://tower.example',
    'https://tower.example.evil.example',
    'https://tower.example:444',
  ]) {
    expect(await ask('POST', { cookie, origin, ...htmx })).toBe(403)
  }
})

test('one of the two signs alone is not enough', async () => {
  expect(await ask('POST', { cookie, ...own })).toBe(403)
  expect(await ask('POST', { cookie, ...htmx })).toBe(403)
})

test('every method that changes something is asked, none that reads', async () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'QUERY', 'post']) {
    expect(await ask(method, { cookie, 'sec-fetch-site': 'cross-site' })).toBe(403)
  }
  for (const method of ['GET', 'HEAD', 'OPTIONS']) {
    expect(await ask(method, { cookie, 'sec-fetch-site': 'cross-site' })).toBe(200)
  }
})

test('the token of the log-in does in place of the header, that of another does not', async () => {
  const { sessionKeys } = settingsOf(env)
  const session = readSession(token, sessionKeys)
  if (!session) throw new Error('unreadable')
  expect(await ask('POST', { cookie, ...own, 'x-csrf-token': csrfToken(session, sessionKeys) })).toBe(200)
  const other = csrfToken({ ...session, uid: 'u2' }, sessionKeys)
  expect(await ask('POST', { cookie, ...own, 'x-csrf-token': other })).toBe(403)
  expect(
    await ask('POST', { cookie, 'sec-fetch-site': 'cross-site', 'x-csrf-token': csrfToken(session, sessionKeys) }),
  ).toBe(403)
})

test('a program with a Bearer needs none of it, for no page can make a browser send one', async () => {
  expect(await ask('POST', { authorization: `Bearer ${token}` })).toBe(200)
})

test('a program without a cookie has nothing to borrow, and is left to the access table', async () => {
  expect(await ask('POST', {})).toBe(200)
})

test('the log-in form works without script, but not from another site', async () => {
  for (const path of ['/login', '/logout', '/api/auth/login', '/api/auth/logout']) {
    expect(await ask('POST', own, path)).toBe(200)
    expect(await ask('POST', { origin: 'https://tower.example', cookie }, path)).toBe(200)
    expect(await ask('POST', { origin: 'https://evil.example' }, path)).toBe(403)
    expect(await ask('POST', { 'sec-fetch-site': 'cross-site', cookie }, path)).toBe(403)
  }
})

test('on loopback every name of this machine is our own, elsewhere only the public address', () => {
  const local = workerEnv({}, { PUBLIC_URL: 'http://127.0.0.1:8787' })
  const from = (origin: string) => new Request('http://x', { headers: { origin } })
  expect(isOwnSocket(from('http://localhost:8787'), local)).toBe(true)
  expect(isOwnSocket(from('http://127.0.0.1:8787'), local)).toBe(true)
  expect(isOwnSocket(from('http://localhost:8788'), local)).toBe(false)
  expect(isOwnSocket(from('https://localhost:8787'), local)).toBe(false)
  expect(isOwnSocket(from('http://localhost.evil.example:8787'), local)).toBe(false)
  expect(isOwnSocket(from('http://localhost:443'), env)).toBe(false)
  expect(isOwnSocket(new Request('http://x'), env)).toBe(false)
})
