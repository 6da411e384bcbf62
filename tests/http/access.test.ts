// Who may do what, twice: the table of roles against a matrix written by hand, and the table of addresses against the app.

import { describe, expect, test } from 'bun:test'
import { type Action, may, ROLES, type Role, type Viewer } from '../../src/domain/access'
import { REGION_IDS } from '../../src/domain/region'
import { FAIR_WEATHER, shownStorm } from '../../src/domain/storm'
import { ACCESS_TABLE } from '../../src/http/access-table'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import { workerEnv } from '../support/worker-env'

const YES: Record<Action, readonly Role[]> = {
  'incident:see': ['operator', 'trainee', 'supervisor', 'admin', 'auditor'],
  'incident:create': ['operator', 'supervisor', 'admin'],
  'incident:take': ['operator', 'supervisor', 'admin'],
  'incident:act': ['operator', 'supervisor', 'admin'],
  'incident:end': ['operator', 'supervisor', 'admin'],
  'duress:lift': ['supervisor', 'admin'],
  'unverified:see': ['operator', 'trainee', 'supervisor', 'admin'],
  'unverified:promote': ['operator', 'supervisor', 'admin'],
  'log:read': ['supervisor', 'admin', 'auditor'],
  'directory:write': ['admin'],
  'track:read': ['operator', 'supervisor', 'admin', 'auditor'],
  'identity:read': ['operator', 'supervisor', 'admin', 'auditor'],
  'geofence:see': ['operator', 'trainee', 'supervisor', 'admin', 'auditor'],
  'geofence:manage': ['supervisor', 'admin'],
  'device:see': ['supervisor', 'admin'],
  'device:manage': ['admin'],
  'page:see': ['operator', 'trainee', 'supervisor', 'admin', 'auditor'],
  'page:resend': ['supervisor', 'admin'],
  'rota:see': ['operator', 'trainee', 'supervisor', 'admin', 'auditor'],
  'rota:manage': ['supervisor', 'admin'],
  'agency:see': ['operator', 'trainee', 'supervisor', 'admin', 'auditor'],
  'agency:manage': ['supervisor', 'admin'],
  'handoff:do': ['operator', 'supervisor', 'admin'],
  'storm:manage': ['supervisor', 'admin'],
  'region:take-over': ['supervisor', 'admin'],
  'broadcast:send': ['supervisor', 'admin'],
  'drill:see': ['operator', 'supervisor', 'admin', 'auditor'],
  'drill:run': ['supervisor', 'admin'],
}

describe('each action, by each role, at home and abroad', () => {
  for (const [action, roles] of Object.entries(YES) as [Action, readonly Role[]][]) {
    for (const role of ROLES) {
      test(`${role} ${roles.includes(role) ? 'may' : 'may not'} ${action}, and never in a foreign region`, () => {
        const viewer = { role, regions: ['NCR' as const, 'CEB' as const] }
        for (const region of REGION_IDS) {
          const own = viewer.regions.some((each) => each === region)
          expect(may(viewer, action, [region])).toBe(own && roles.includes(role))
        }
        expect(may(viewer, action, ['DVO', 'CEB'])).toBe(roles.includes(role))
        expect(may(viewer, action, [])).toBe(false)
        expect(may({ role, regions: [] }, action, REGION_IDS)).toBe(false)
      })
    }
  }
})

const app = createApp()
/** Handlers only: middleware is registered for all methods under a wildcard. */
const routes = [
  ...new Set(
    app.routes
      .filter(({ path, method }) => !(method === 'ALL' && path.includes('*')))
      .map((r) => `${r.method} ${r.path}`),
  ),
].sort()
const rows = ACCESS_TABLE.map(([method, path]) => `${method} ${path}`).sort()

test('every route has its row, and every row its route', () => {
  expect(routes.filter((route) => !rows.includes(route))).toEqual([])
  expect(rows.filter((row) => !routes.includes(row))).toEqual([])
  expect(new Set(rows).size).toBe(rows.length)
})

const here = (path: string) =>
  path.replaceAll(/:region\b/g, 'NCR').replaceAll(/:\w+(\{[^}]*\})?/g, '018f2c1e-7a40-8b6e-9c11-5d2f0a77c3e1')
const program = { 'content-type': 'application/json' }
const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
  app.request(
    here(path),
    { method, headers: { ...program, ...headers }, ...(method === 'GET' ? {} : { body: '{}' }) },
    env,
  )
const NO = { ok: false, refusal: { code: 'not_found', reason: 'unknown_incident', message: '' } } as const
const NOBODY = { open: 0, untaken: 0, waiting: 0, recent: 0, p1: 0, oldestAt: null }
const env = workerEnv({
  room: () => ({
    sessionHolds: async () => true,
    act: async () => NO,
    create: async () => NO,
    promote: async () => NO,
    file: async () => null,
    list: async () => ({ incidents: [], at: { epoch: 'e', seq: 0 } }),
    log: async () => [],
    unverified: async () => ({ count: 0, latest: [] }),
    notices: async () => ({ notices: [], checks: [], asking: 0 }),
    checkAct: async () => NO,
    outward: {
      desk: async () => null,
      handOff: async () => NO,
      tellKin: async () => NO,
      message: async () => NO,
      share: async () => NO,
      revokeShare: async () => NO,
      shareView: async () => ({ is: 'none' }),
      openByCode: async () => null,
      agencyStatus: async () => 'unknown',
    },
    paging: {
      reports: async () => [],
      ladder: async () => null,
      takeOver: async () => NO,
      giveBack: async () => ({ ok: true, takenOver: null }),
      lookAfter: async () => {},
      attentionThere: async () => {},
      saysGoodbye: async () => {},
    },
    drills: {
      board: async () => NO,
      file: async () => NO,
      plan: async () => NO,
      start: async () => NO,
      end: async () => NO,
      schedule: async () => NO,
      unschedule: async () => NO,
    },
    areas: {
      preview: async () => NO,
      confirm: async () => NO,
      cancel: async () => NO,
      list: async () => ({ ok: true, areas: [] }),
      file: async () => NO,
      said: async () => 'unknown',
      messages: async () => null,
      countGuests: async () => ({ devices: 0, people: 0, lifeline: 0, text: 0, none: 0, quiet: 0 }),
      sendGuests: async () => {},
      cancelGuests: async () => {},
      guestFiles: async () => [],
    },
    storm: {
      seen: async () => ({
        ok: true,
        seen: { storm: shownStorm(FAIR_WEATHER, NOBODY), situations: [], suggestions: [] },
      }),
      set: async () => NO,
      next: async () => ({ ok: true, incident: null, until: null }),
      lease: async () => ({ is: 'gone' as const }),
      unlease: async () => {},
      situation: async () => NO,
      situationFile: async () => NO,
      answered: async () => 'unknown',
    },
  }),
  intake: () => ({ unplaced: async () => [] }),
})
const viewer = (role: Role): Viewer => ({
  uid: `of-${role}`,
  name: 'A',
  alias: 'Desk',
  role,
  regions: ['NCR'],
  epoch: 1,
})
const tokenOf = (role: Role) => openSession(env, viewer(role), Date.now()).token

const guarded = ACCESS_TABLE.filter(([, , needs]) => !['public', 'device', 'socket'].includes(needs))

describe('without a session', () => {
  for (const [method, path] of guarded) {
    test(`${method} ${path} is refused`, async () => {
      const answer = await ask(method, path)
      expect(answer.status).toBe(path.startsWith('/api/') ? 401 : 303)
    })
  }
  test('a made-up, an unsigned and a device’s token are no session', async () => {
    for (const token of ['x', 'e30.e30', `d1.d1.${'A'.repeat(30)}.${'A'.repeat(22)}`]) {
      expect((await ask('GET', '/api/incidents', { authorization: `Bearer ${token}` })).status).toBe(401)
    }
  })
})

describe('with a session', () => {
  for (const [method, path, needs] of guarded) {
    if (needs === 'session') continue
    for (const role of ROLES) {
      const allowed = YES[needs as Action].includes(role)
      test(`${method} ${path} ${allowed ? 'lets' : 'refuses'} ${role}`, async () => {
        const answer = await ask(method, path, { authorization: `Bearer ${tokenOf(role)}` })
        // Here is no Postgres: pages that need it say so.
        if (allowed) expect([200, 404, 422, 503]).toContain(answer.status)
        else expect(answer.status).toBe(403)
      })
    }
  }
})

test('what is in no row is 404 for everybody, in the form that was asked for', async () => {
  const authorization = `Bearer ${tokenOf('admin')}`
  const api = await ask('GET', '/api/nothing', { authorization })
  expect(api.status).toBe(404)
  expect(await api.json()).toEqual({ error: { code: 'not_found', message: 'There is nothing here.' } })
  const page = await ask('GET', '/nothing', { accept: 'text/html', cookie: 'lang=fil' })
  expect(page.status).toBe(404)
  expect(await page.text()).toContain('Walang ganito rito.')
})

test('a body of more than 64 kB is refused before it is read, but never a press', async () => {
  const authorization = `Bearer ${tokenOf('operator')}`
  const answer = await app.request(
    '/api/incidents',
    { method: 'POST', headers: { ...program, authorization }, body: JSON.stringify({ note: 'x'.repeat(70_000) }) },
    env,
  )
  expect(answer.status).toBe(413)
})
