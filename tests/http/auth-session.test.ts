import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { Hono } from 'hono'
import type { Viewer } from '../../src/domain/access'
import { allow, cookieName, openSession, requireSession } from '../../src/http/auth/session'
import {
  csrfHolds,
  csrfToken,
  issue,
  readSession,
  SESSION_LIFE_MS,
  SESSION_SPAN_MS,
  signSession,
  wantsRenewal,
} from '../../src/http/auth/session-token'
import type { AppEnv, Env } from '../../src/http/env'
import { parseKeys } from '../../src/ingest/device-token'
import type { RoomRpc } from '../../src/room/contract'
import { workerEnv } from '../support/worker-env'

const HOUR_MS = 3_600_000
const keys = parseKeys(`s1:${'S'.repeat(43)}`)

let people = 0
/** Somebody whom no earlier test has asked a room about. */
const somebody = (change: Partial<Viewer> = {}): Viewer => ({
  uid: `u${++people}`,
  name: 'Ana Reyes',
  alias: 'Desk 3',
  role: 'operator',
  regions: ['NCR'],
  epoch: 3,
  ...change,
})
const holding = (rpc: Partial<RoomRpc> = {}) =>
  workerEnv({ room: () => ({ sessionHolds: async () => true, holdsIncident: async () => false, ...rpc }) })

const app = new Hono<AppEnv>()
  .use(requireSession)
  .get('/', (c) => c.text(c.var.viewer.uid))
  .get('/incidents/:id', (c) => c.text(c.var.viewer.uid))
  .get('/api/x', (c) => c.json(c.var.viewer))
  .post('/api/take', allow('incident:take'), (c) => c.text('taken'))

const asBearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const asCookie = (token: string, env: Env) => ({ headers: { cookie: `${cookieName(env)}=${token}` } })
const tokenUntil = (viewer: Viewer, exp: number, since = exp - SESSION_LIFE_MS) =>
  signSession({ ...viewer, since, exp }, keys)

test('a session reads as it was signed, and any changed letter makes it nobody', () => {
  const viewer = somebody()
  const token = signSession(issue(viewer, 1_000, 1_000), keys)
  expect(readSession(token, keys)).toMatchObject({ ...viewer, since: 1_000, exp: 1_000 + SESSION_LIFE_MS, kid: 's1' })
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'b', '0', '.', '-', '='), (at, letter) => {
      fc.pre(token[at] !== letter)
      expect(readSession(token.slice(0, at) + letter + token.slice(at + 1), keys)).toBeNull()
    }),
  )
})

test('no text whatever is taken for a session', () => {
  fc.assert(fc.property(fc.string(), (text) => expect(readSession(text, keys)).toBeNull()))
  const forged = Buffer.from(JSON.stringify({ ...issue(somebody({ role: 'admin' }), 0, 0), kid: 's1' })).toString(
    'base64url',
  )
  expect(readSession(`${forged}.`, keys)).toBeNull()
  expect(readSession(`${forged}.${'A'.repeat(43)}`, keys)).toBeNull()
})

test('an older key still reads what it signed, a removed one does not', () => {
  const token = signSession(issue(somebody(), 0, 0), keys)
  const rotated = parseKeys(`s2:${'T'.repeat(43)},s1:${'S'.repeat(43)}`)
  expect(readSession(token, rotated)?.kid).toBe('s1')
  expect(readSession(token, rotated.slice(0, 1))).toBeNull()
})

test('a role or region that is no more is no session', () => {
  const odd = { ...issue(somebody(), 0, 0), role: 'root' } as unknown as ReturnType<typeof issue>
  expect(readSession(signSession(odd, keys), keys)).toBeNull()
  const gone = { ...issue(somebody(), 0, 0), regions: ['ATL'] } as unknown as ReturnType<typeof issue>
  expect(readSession(signSession(gone, keys), keys)).toBeNull()
})

test('a token of a log-in proves the page that holds it, and no other log-in', () => {
  const mine = { uid: 'u1', since: 5 }
  const token = csrfToken(mine, keys)
  expect(csrfHolds(mine, token, keys)).toBe(true)
  expect(csrfHolds({ uid: 'u2', since: 5 }, token, keys)).toBe(false)
  expect(csrfHolds({ uid: 'u1', since: 6 }, token, keys)).toBe(false)
})

test('renewals come in the last third of a session and end a day after the log-in', () => {
  const session = issue(somebody(), 0, 0)
  expect(wantsRenewal(session, 7.9 * HOUR_MS)).toBe(false)
  expect(wantsRenewal(session, 8.1 * HOUR_MS)).toBe(true)
  let now = 0
  let latest = session
  for (; now < 40 * HOUR_MS; now += HOUR_MS) if (wantsRenewal(latest, now)) latest = issue(somebody(), 0, now)
  expect(latest.exp).toBe(SESSION_SPAN_MS)
})

test('without a session a page leads to the log-in and back, and the API answers 401 in JSON', async () => {
  const page = await app.request('/incidents/7?tab=log', {}, holding())
  expect(page.status).toBe(303)
  expect(page.headers.get('location')).toBe('/login?next=%2Fincidents%2F7%3Ftab%3Dlog')
  const api = await app.request('/api/x', {}, holding())
  expect(api.status).toBe(401)
  expect(await api.json()).toEqual({ error: { code: 'no_session', message: 'Log in first.' } })
})

test('a fragment without a session sends the whole screen to the log-in, not the page into the fragment', async () => {
  const headers = { 'hx-request': 'true', 'hx-current-url': 'https://tower.example/?incident=9' }
  const answer = await app.request('/incidents/7', { headers }, holding())
  expect(answer.status).toBe(401)
  expect(answer.headers.get('hx-redirect')).toBe('/login?next=%2F%3Fincident%3D9')
  expect(await answer.text()).toBe('')
})

test('a cookie and a Bearer both say who it is', async () => {
  const env = holding()
  const viewer = somebody()
  const { token } = openSession(env, viewer, Date.now())
  expect(await (await app.request('/', asCookie(token, env), env)).text()).toBe(viewer.uid)
  expect(await (await app.request('/api/x', asBearer(token), env)).json()).toEqual(viewer)
})

test('beside a Bearer the cookie is not read: a false one is 401', async () => {
  const env = holding()
  const { token } = openSession(env, somebody(), Date.now())
  const headers = { authorization: 'Bearer nonsense', cookie: `${cookieName(env)}=${token}` }
  expect((await app.request('/api/x', { headers }, env)).status).toBe(401)
})

test('a session whose epoch the room calls old is ended', async () => {
  const asked: [string, number][] = []
  const env = holding({
    sessionHolds: async (uid, epoch) => {
      asked.push([uid, epoch])
      return epoch >= 4
    },
  })
  const old = somebody()
  expect((await app.request('/api/x', asBearer(openSession(env, old, Date.now()).token), env)).status).toBe(401)
  expect((await app.request('/api/x', asBearer(openSession(env, old, Date.now()).token), env)).status).toBe(401)
  expect(asked).toEqual([[old.uid, 3]])
})

test('with every room away the signature alone lets a person work on', async () => {
  const env = workerEnv()
  const { token } = openSession(env, somebody({ regions: ['NCR', 'CEB'] }), Date.now())
  expect((await app.request('/api/x', asBearer(token), env)).status).toBe(200)
})

test('an ended session is no session', async () => {
  const env = holding()
  expect((await app.request('/api/x', asBearer(tokenUntil(somebody(), Date.now() - 1)), env)).status).toBe(401)
})

test('while its person holds an incident in any room, a session past its end goes on and gets a new cookie', async () => {
  const env = workerEnv({
    room: (region) => ({ sessionHolds: async () => true, holdsIncident: async () => region === 'DVO' }),
  })
  const viewer = somebody()
  const answer = await app.request('/', asCookie(tokenUntil(viewer, Date.now() - HOUR_MS), env), env)
  expect(await answer.text()).toBe(viewer.uid)
  const renewed = /__Host-xot=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? ''
  expect(readSession(renewed, keys)?.exp).toBeGreaterThan(Date.now() + HOUR_MS / 2)
})

test('an ended epoch ends a session also while its person holds an incident', async () => {
  const env = holding({ sessionHolds: async () => false, holdsIncident: async () => true })
  expect((await app.request('/api/x', asBearer(tokenUntil(somebody(), Date.now() - 1)), env)).status).toBe(401)
})

test('rooms that cannot say who holds what do not log anybody out', async () => {
  const token = tokenUntil(somebody(), Date.now() - HOUR_MS)
  expect((await app.request('/api/x', asBearer(token), workerEnv())).status).toBe(200)
})

test('a session found again half a day after its end is over, whatever is held', async () => {
  const env = holding({ holdsIncident: async () => true })
  expect((await app.request('/api/x', asBearer(tokenUntil(somebody(), Date.now() - 13 * HOUR_MS)), env)).status).toBe(
    401,
  )
})

test('any request in the last third of its life renews the cookie, an earlier one does not', async () => {
  const env = holding()
  const late = await app.request('/', asCookie(tokenUntil(somebody(), Date.now() + 3 * HOUR_MS), env), env)
  expect(late.headers.get('set-cookie')).toStartWith('__Host-xot=')
  const early = await app.request('/', asCookie(tokenUntil(somebody(), Date.now() + 9 * HOUR_MS), env), env)
  expect(early.headers.get('set-cookie')).toBeNull()
})

test('the cookie is __Host- and Secure under https, and plain on loopback', async () => {
  const late = (env: Env) => asCookie(tokenUntil(somebody(), Date.now() + HOUR_MS), env)
  const rooms = { room: () => ({ sessionHolds: async () => true }) }
  const secure = workerEnv(rooms)
  expect((await app.request('/', late(secure), secure)).headers.get('set-cookie')).toMatch(
    /^__Host-xot=[^;]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  const local = workerEnv(rooms, { PUBLIC_URL: 'http://127.0.0.1:8787' })
  expect((await app.request('/', late(local), local)).headers.get('set-cookie')).toMatch(
    /^xot=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/,
  )
})

test('a trainee is refused what a trainee may only watch', async () => {
  const env = holding()
  const post = (viewer: Viewer) =>
    app.request('/api/take', { method: 'POST', ...asBearer(openSession(env, viewer, Date.now()).token) }, env)
  expect((await post(somebody())).status).toBe(200)
  const refused = await post(somebody({ role: 'trainee' }))
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({ error: { code: 'not_allowed' } })
})
