// The directory of agencies before a real Postgres: entered, changed, verified, taken out, by API and by page.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Role } from '../../src/domain/access'
import type { RegionId } from '../../src/domain/region'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import type { Env } from '../../src/http/env'
import { pullDirectory } from '../../src/store/directory'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { viewer } from '../support/made-up'
import { testDatabase } from '../support/postgres'
import { workerEnv } from '../support/worker-env'
import type { Body } from './api-support'

const app = createApp()
const PATH = '/api/regions/NCR/agencies'
const AGENCY = {
  kind: 'police',
  name: 'Made-up City Police',
  numbers: [
    { label: 'Desk', number: '(02) 8000-0000', confidence: 'medium' },
    { label: 'Emergency', number: '911', confidence: 'high' },
  ],
  languages: ['fil'],
  covers: 'Made-up City',
  source: 'their own page',
}

let env: Env
let store: Postgres
const woken: RegionId[] = []

beforeAll(async () => {
  const urls = await testDatabase()
  store = openPostgres(urls.writer)
  env = workerEnv(
    {
      room: (region) => ({
        sessionHolds: async () => true,
        tick: async () => {
          woken.push(region)
          throw new Error('only that it was asked matters')
        },
      }),
    },
    { DATABASE_URL: urls.writer },
  )
}, 60_000)
afterAll(() => store.close())

const tokenOf = (role: Role) => openSession(env, viewer(`of-${role}`, { role }), Date.now()).token

async function ask(method: string, path: string, body?: unknown, role: Role = 'supervisor') {
  const answer = await app.request(
    path,
    {
      method,
      headers: { authorization: `Bearer ${tokenOf(role)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    env,
  )
  const text = await answer.text()
  return { status: answer.status, body: (text ? JSON.parse(text) : null) as Body }
}

async function page(path: string, fields?: Record<string, string>, role: Role = 'supervisor') {
  const answer = await app.request(
    path,
    {
      method: fields ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${tokenOf(role)}`,
        accept: 'text/html',
        ...(fields && { 'content-type': 'application/x-www-form-urlencoded', 'hx-request': 'true' }),
      },
      ...(fields && { body: new URLSearchParams(fields).toString() }),
    },
    env,
  )
  return { status: answer.status, html: await answer.text() }
}

describe('the directory over the API', () => {
  test('an agency is entered, verified, and counts as not verified once its numbers change; its room hears each time', async () => {
    woken.length = 0
    const path = `${PATH}/ncr-made-up`
    const entered = await ask('PUT', path, AGENCY)
    expect(entered.status).toBe(200)
    expect(entered.body).toMatchObject({
      ...AGENCY,
      id: 'ncr-made-up',
      region: 'NCR',
      verifiedAt: null,
      verifyAgain: true,
    })
    const verified = await ask('POST', `${path}/verify`)
    expect(verified.body).toMatchObject({ verifiedBy: 'of-supervisor', verifyAgain: false })
    const { version } = verified.body
    const same = await ask('PUT', path, { ...AGENCY, note: 'ask for the desk', version })
    expect(same.body).toMatchObject({ verifiedBy: 'of-supervisor', note: 'ask for the desk' })
    const other = await ask('PUT', path, { ...AGENCY, numbers: AGENCY.numbers.slice(1) })
    expect(other.body).toMatchObject({ verifiedAt: null, verifyAgain: true })
    expect(woken).toEqual(['NCR', 'NCR', 'NCR', 'NCR'])
    const rows = await pullDirectory(store.db, 'NCR', 0, 1_000)
    expect(rows.find(({ kind, id }) => kind === 'agency' && id === 'ncr-made-up')?.body).toMatchObject({
      name: AGENCY.name,
    })
  })

  test('whoever saw an older version is told, and nothing is lost', async () => {
    const path = `${PATH}/ncr-older`
    const { version } = (await ask('PUT', path, AGENCY)).body
    await ask('PUT', path, { ...AGENCY, covers: 'more', version })
    const late = await ask('PUT', path, { ...AGENCY, covers: 'less', version })
    expect([late.status, late.body.error.field]).toEqual([409, 'version'])
    const { agencies } = (await ask('GET', PATH)).body
    expect(agencies.find(({ id }: Body) => id === 'ncr-older').covers).toBe('more')
  })

  test('is of one region, and what is wrong is named', async () => {
    await ask('PUT', `${PATH}/ncr-mine`, AGENCY)
    expect((await ask('PUT', '/api/regions/CEB/agencies/ncr-mine', AGENCY)).status).toBe(403)
    expect(
      (await ask('PUT', `${PATH}/x`, { ...AGENCY, numbers: [{ ...AGENCY.numbers[0], number: 'call me' }] })).status,
    ).toBe(422)
    expect(
      (await ask('PUT', `${PATH}/x`, { ...AGENCY, machine: { url: 'ftp://x', kind: 'handoff_v1' } })).body.error.field,
    ).toContain('machine')
    expect((await ask('POST', `${PATH}/none/verify`)).status).toBe(404)
    expect((await ask('PUT', `${PATH}/y`, AGENCY, 'operator')).status).toBe(403)
    expect((await ask('GET', PATH, undefined, 'trainee')).status).toBe(200)
  })

  test('is taken away, and its room has it no more', async () => {
    await ask('PUT', `${PATH}/ncr-away`, AGENCY)
    expect((await ask('DELETE', `${PATH}/ncr-away`)).status).toBe(204)
    expect((await ask('DELETE', `${PATH}/ncr-away`)).status).toBe(404)
    const rows = await pullDirectory(store.db, 'NCR', 0, 1_000)
    expect(rows.find(({ kind, id }) => kind === 'agency' && id === 'ncr-away')?.body).toBeNull()
  })
})

describe('the pages', () => {
  const FORM = {
    region: 'NCR',
    kind: 'rescue',
    name: 'Made-up Rescue',
    label_0: 'Desk',
    number_0: '+63 2 8000 0001',
    confidence_0: 'low',
    source: 'a poster',
    languages: 'en, fil',
    reverifyDays: '30',
    active: 'yes',
  }

  test('enter one, show its doubts, and verify it; typed things stay where they were wrong', async () => {
    const wrong = await page('/agencies', { ...FORM, number_0: 'call me' })
    expect(wrong.status).toBe(422)
    expect(wrong.html).toContain('value="call me"')
    const made = await page('/agencies', FORM)
    expect(made.status).toBe(200)
    expect(made.html).toContain('Saved.')
    const list = await page('/agencies?region=NCR')
    expect(list.html).toContain('Made-up Rescue')
    expect(list.html).toContain('number not certain')
    expect(list.html).toContain('to be verified again')
    const [, address = ''] = /href="(\/agencies\/ncr-[0-9a-f]{8})\?region=NCR">Made-up Rescue/.exec(list.html) ?? []
    expect((await page(`${address}/verify`, { region: 'NCR' })).html).toContain('Verified now.')
    expect((await page(`${address}/away`, { region: 'NCR' })).html).not.toContain('Made-up Rescue')
  })

  test('an operator reads it and can change nothing; no page has an inline style or script', async () => {
    await ask('PUT', `${PATH}/ncr-read`, AGENCY)
    const read = await page('/agencies/ncr-read?region=NCR', undefined, 'operator')
    expect(read.status).toBe(200)
    expect(read.html).toContain('disabled')
    expect(read.html).not.toContain('/verify')
    expect((await page('/agencies/ncr-read', { ...FORM }, 'operator')).status).toBe(403)
    expect((await page('/agencies?region=CEB')).status).toBe(403)
    for (const path of ['/agencies?region=NCR', '/agencies/new?region=NCR', '/agencies/ncr-read?region=NCR'])
      expect((await page(path)).html).not.toMatch(/\sstyle=|\son\w+=|javascript:/)
  })
})
