// Disclosures as a page, over the API and as a file: for those who answer for the region alone, narrowed by day, recipient and
// incident, and whoever reads them is written down.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import postgres from 'postgres'
import type { Role } from '../../src/domain/access'
import type { Disclosure } from '../../src/domain/outward-record'
import type { RegionId } from '../../src/domain/region'
import { manilaDay } from '../../src/domain/time'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import type { Env } from '../../src/http/env'
import { recordDisclosure } from '../../src/store/disclosures'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { viewer } from '../support/made-up'
import { testDatabase } from '../support/postgres'
import { workerEnv } from '../support/worker-env'

const DAY_MS = 86_400_000
const INCIDENT = '01000001-0000-8000-8000-000000000001'
const today = Math.floor(Date.now() / 1000) * 1000 - 60_000

const made = (changes: Partial<Disclosure> = {}): Disclosure => ({
  id: crypto.randomUUID(),
  region: 'NCR',
  incidentId: INCIDENT,
  at: today,
  recipient: { kind: 'agency', id: 'ncr-911', name: 'Unified 911' },
  way: 'call',
  sent: { plate: 'NAB 1234', position: { lat: 14.6, lng: 121 }, doNotCall: true },
  by: { uid: 'ana', name: 'Ana Reyes' },
  ...changes,
})

const app = createApp()
let store: Postgres
let env: Env
let ownerUrl: string

beforeAll(async () => {
  const urls = await testDatabase()
  store = openPostgres(urls.writer)
  ownerUrl = urls.owner
  env = workerEnv({ room: () => ({ sessionHolds: async () => true }) }, { DATABASE_URL: urls.writer })
  const all = [
    made(),
    made({ recipient: { kind: 'kin', id: 'k1', name: '=Luz' }, way: 'sms', sent: { stage: 'pressed' } }),
    made({ recipient: { kind: 'agency', id: 'ncr-pnp', name: 'PNP <b>Makati</b>' }, at: today - 3 * DAY_MS }),
    made({ incidentId: INCIDENT.replace(/1$/, '2'), way: 'link', recipient: { kind: 'share', id: null, name: 'Ben' } }),
    made({ region: 'CEB', recipient: { kind: 'agency', id: 'ceb-911', name: 'Cebu 911' } }),
  ]
  for (const one of all) await recordDisclosure(store.db, one)
}, 60_000)
afterAll(() => store.close())

async function ask(path: string, who: { role?: Role; regions?: RegionId[]; lang?: string } = {}) {
  const person = viewer('someone', { role: who.role ?? 'auditor', regions: who.regions ?? ['NCR'] })
  const headers = {
    authorization: `Bearer ${openSession(env, person, Date.now()).token}`,
    cookie: `lang=${who.lang ?? 'en'}`,
  }
  const answer = await app.request(path, { headers }, env)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}
const list = async (query: string) => {
  const { status, text } = await ask(`/api/regions/NCR/disclosures${query}`)
  expect(status).toBe(200)
  return JSON.parse(text) as { disclosures: { recipient: { name: string }; at: string }[]; next: string | null }
}
const names = async (query: string) => (await list(query)).disclosures.map(({ recipient }) => recipient.name).sort()

test('auditors and supervisors of the region read them, operators and other regions do not', async () => {
  for (const role of ['auditor', 'supervisor', 'admin'] as const) {
    expect((await ask('/disclosures?region=NCR', { role })).status).toBe(200)
    expect((await ask('/api/regions/NCR/disclosures', { role })).status).toBe(200)
    expect((await ask('/disclosures?region=NCR', { role, regions: ['CEB'] })).status).toBe(404)
    expect((await ask('/api/regions/NCR/disclosures', { role, regions: ['CEB'] })).status).toBe(403)
  }
  for (const role of ['operator', 'trainee'] as const) {
    expect((await ask('/disclosures?region=NCR', { role })).status).toBe(403)
    expect((await ask('/api/regions/NCR/disclosures', { role })).status).toBe(403)
  }
})

test('the page says who told what to whom on whose decision, and writes nothing that somebody else wrote as HTML', async () => {
  const { text } = await ask('/disclosures?region=NCR')
  for (const words of ['Unified 911', 'by call', 'NAB 1234', 'lat 14.6, lng 121', 'do not call', 'Ana Reyes'])
    expect(text).toContain(words)
  expect(text).toContain('PNP &lt;b&gt;Makati')
  expect(text).not.toContain('Cebu 911')
  expect(text).not.toContain('style=')
  expect((await ask('/disclosures?region=NCR', { lang: 'fil' })).text).toContain('Mga ibinahagi sa labas')
})

test('the list is narrowed by day, by agency or kind, and by incident', async () => {
  expect(await names('')).toEqual(['=Luz', 'Ben', 'PNP <b>Makati</b>', 'Unified 911'])
  expect(await names('?agency=ncr-911')).toEqual(['Unified 911'])
  expect(await names('?kind=kin')).toEqual(['=Luz'])
  expect(await names(`?incident=${INCIDENT.replace(/1$/, '2')}`)).toEqual(['Ben'])
  expect(await names('?incident=ncr-47')).toEqual([])
  const page = async (query: string) => (await ask(`/disclosures?region=NCR&${query}`)).text
  const before = await page(`day=${manilaDay(today - 3 * DAY_MS)}`)
  expect(before).toContain('Makati')
  expect(before).not.toContain('Unified 911')
  const agency = await page('to=agency:ncr-pnp')
  expect(agency).toContain('Makati')
  expect(agency).not.toContain('Luz')
  expect(await page('incident=NCR-99')).toContain('Nothing was disclosed')
  // What nobody could have meant is no filter, and no error.
  expect(await page('day=2026-99-99&to=x')).toContain('Unified 911')
})

test('pages follow each other to the end', async () => {
  const first = await list('?limit=3')
  expect(first.disclosures).toHaveLength(3)
  const rest = await list(`?limit=3&after=${first.next}`)
  expect(rest).toMatchObject({ next: null })
  expect(rest.disclosures).toHaveLength(1)
  expect((await ask('/api/regions/NCR/disclosures?after=x')).status).toBe(422)
  expect((await ask('/api/regions/NCR/disclosures?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z')).status).toBe(
    422,
  )
})

test('as a file it is a table that no spreadsheet runs, of the same list as the page', async () => {
  const page = await ask('/disclosures?region=NCR&to=kin')
  const href = /href="(\/api\/regions\/NCR\/disclosures\?[^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const { headers, text } = await ask(href)
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(headers.get('content-disposition')).toContain('disclosures-NCR.csv')
  const lines = text.split('\r\n')
  expect(lines[0]).toContain('day (Manila)')
  expect(lines.slice(1).filter(Boolean)).toEqual([
    expect.stringContaining(`kin,'=Luz,k1,sms,Ana Reyes,ana,"{""stage"":`),
  ])
  expect((await ask('/api/regions/NCR/disclosures?format=csv&limit=1')).headers.get('x-next')).toMatch(/^\d+_/)
})

test('whoever reads them is written down, with what was asked for', async () => {
  await ask('/api/regions/NCR/disclosures?format=csv&agency=ncr-911', { role: 'supervisor' })
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => {} })
  const rows = await owner`
    SELECT actor_uid, purpose FROM access_log WHERE subject = 'disclosures' ORDER BY at DESC LIMIT 1`
  await owner.end()
  expect(rows[0]).toMatchObject({ actor_uid: 'someone', purpose: expect.stringMatching(/agency ncr-911; as csv$/) })
})

test('without Postgres the page says so, and the API is to be asked again', async () => {
  const without = workerEnv({ room: () => ({ sessionHolds: async () => true }) })
  const person = viewer('someone', { role: 'auditor' })
  const headers = { authorization: `Bearer ${openSession(without, person, Date.now()).token}` }
  const page = await app.request('/disclosures?region=NCR', { headers }, without)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('Postgres does not answer')
  expect((await app.request('/api/regions/NCR/disclosures', { headers }, without)).status).toBe(503)
})
