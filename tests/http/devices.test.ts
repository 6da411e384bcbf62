// The pages of devices through the whole app, on a real PostgreSQL; rooms and fleet shards answer what a test says.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Role, Viewer } from '../../src/domain/access'
import type { RegionId } from '../../src/domain/region'
import type { UnderstoodReport } from '../../src/fleet/contract'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import type { Env } from '../../src/http/env'
import { parseKeys, verifyDeviceToken } from '../../src/ingest/device-token'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { inManila } from '../support/made-up'
import { testDatabase } from '../support/postgres'
import { workerEnv } from '../support/worker-env'

const app = createApp()
let store: Postgres
let env: Env
let recent: UnderstoodReport[] | 'away' = []
const ticked: string[] = []

const NOW = Date.now()
const REPORT: UnderstoodReport = {
  receivedAt: NOW,
  protocol: 'osmand',
  verdict: 'taken',
  position: { ...inManila, fixedAt: NOW - 2_000, doubts: ['mocked'] },
  event: 'moving',
  charging: true,
  ignition: null,
}

beforeAll(async () => {
  const { writer } = await testDatabase()
  store = openPostgres(writer)
  env = tower({ DATABASE_URL: writer })
  const { sql } = store
  await sql`INSERT INTO driver (id, region, name, phone) VALUES
    ('d1', 'NCR', 'Ramon <b>Dima</b>', '+639005550001'), ('d2', 'CEB', 'Nonoy Cabahug', null)`
  await sql`INSERT INTO vehicle (id, region, plate, make, model, colour) VALUES ('v1', 'NCR', 'ZQA 1041', 'Toyota', 'Vios', 'White')`
  await sql`INSERT INTO device (id, region, driver_id, vehicle_id) VALUES
    ('ncr-01', 'NCR', 'd1', 'v1'), ('ceb-01', 'CEB', 'd2', null)`
}, 60_000)
afterAll(() => store.close())
beforeEach(() => {
  recent = []
  ticked.length = 0
})

const tower = (settings: Partial<Env>): Env =>
  workerEnv(
    {
      room: (region) => ({
        sessionHolds: async () => true,
        tick: async () => {
          ticked.push(region)
          throw new Error('no health here')
        },
      }),
      fleet: () => ({
        recent: async () => {
          if (recent === 'away') throw new Error('away')
          return recent
        },
        lastOf: async (ids) =>
          ids.includes('ncr-01')
            ? [
                {
                  deviceId: 'ncr-01',
                  position: inManila,
                  jumped: false,
                  charging: null,
                  ignition: null,
                  lastContactAt: Date.now() - 90_000,
                  silent: true,
                },
              ]
            : [],
      }),
    },
    settings,
  )

const person = (role: Role, regions: RegionId[] = ['NCR']): Viewer => ({
  uid: `of-${role}`,
  name: 'Alma',
  alias: 'Admin',
  role,
  regions,
  epoch: 1,
})
const admin = person('admin')

type Asked = { who?: Viewer; in?: Env; form?: Record<string, string>; lang?: string; headers?: Record<string, string> }

/** As a page of ours asks: with its cookie, and for forms with the signs that only our own scripts can give. */
async function ask(path: string, { who = admin, in: at = env, form, lang = 'en', headers = {} }: Asked = {}) {
  const { token } = openSession(at, who, Date.now())
  const own = { 'sec-fetch-site': 'same-origin', 'hx-request': 'true' }
  const answer = await app.request(
    path,
    {
      method: form ? 'POST' : 'GET',
      headers: {
        accept: 'text/html',
        cookie: `lang=${lang}; xot=${token}; __Host-xot=${token}`,
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded', ...own } : {}),
        ...headers,
      },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    },
    at,
  )
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

const rowOf = async (id: string) =>
  (await store.sql`SELECT region, driver_id, vehicle_id, generation, min_generation FROM device WHERE id = ${id}`)[0]
const tokenIn = (html: string): string => /data-token[^>]*>([^<]+)</.exec(html)?.[1] ?? ''
const claimsOf = (token: string) => verifyDeviceToken(parseKeys(env.DEVICE_KEYS), token, Date.now())

describe('the list', () => {
  test('has the devices of the region with their crew and when they were last heard, all of it escaped', async () => {
    const { status, text, headers } = await ask('/devices')
    expect(status).toBe(200)
    expect(text).toContain('href="/devices/ncr-01"')
    expect(text).toContain('Ramon &lt;b&gt;Dima&lt;/b&gt;')
    expect(text).toContain('ZQA 1041')
    expect(text).toContain('1 min ago')
    expect(text).toContain('silent')
    expect(text).not.toContain('ceb-01')
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('is searched, and says so where nothing is found', async () => {
    expect((await ask('/devices?q=zqa-10')).text).toContain('ncr-01')
    const none = await ask(`/devices?q=${encodeURIComponent('<script>')}`)
    expect(none.text).toContain('No device found for “&lt;script&gt;”.')
    expect((await ask('/devices?q=%00')).status).toBe(200)
  })

  test('speaks Filipino', async () => {
    const { text } = await ask('/devices', { lang: 'fil' })
    expect(text).toContain('<html lang="fil"')
    expect(text).toContain('Mga device')
  })

  test('is shown to supervisors without a way to change anything, and to operators not at all', async () => {
    const seen = await ask('/devices', { who: person('supervisor') })
    expect(seen.status).toBe(200)
    expect(seen.text).not.toContain('/devices/new')
    for (const role of ['operator', 'trainee', 'auditor'] as const) {
      expect((await ask('/devices', { who: person(role) })).status).toBe(403)
    }
  })
})

describe('a new device', () => {
  test('has a form with the crew of its region', async () => {
    const { status, text } = await ask('/devices/new?region=NCR')
    expect(status).toBe(200)
    expect(text).toContain('Ramon &lt;b&gt;Dima&lt;/b&gt;, +639005550001 (has ncr-01)')
    expect(text).toContain('ZQA 1041, White Toyota Vios')
    expect(text).not.toContain('Cabahug')
  })

  test('is in the directory, and its page shows the token, the address and two codes', async () => {
    const form = { region: 'NCR', id: 'phone-7', driver: 'd1', vehicle: 'v1' }
    const { status, text } = await ask('/devices', { form })
    expect(status).toBe(200)
    expect(await rowOf('phone-7')).toMatchObject({ region: 'NCR', driver_id: 'd1', vehicle_id: 'v1', generation: 1 })
    const token = tokenIn(text)
    expect(claimsOf(token)).toEqual({
      genuine: true,
      deviceId: 'phone-7',
      home: 'NCR',
      generation: 1,
      expired: false,
    })
    expect(text).toContain(`https://tower.example/i/${token}<`)
    expect(text.match(/<svg class="qr"/g)).toHaveLength(2)
    expect(text).not.toContain('data-loopback')
    expect(text).toContain('Nothing heard yet.')
    expect(ticked).toEqual(['NCR'])
  })

  test('shows its token that once: no page has it afterwards', async () => {
    const { text } = await ask('/devices/phone-7')
    expect(text).toContain('phone-7')
    expect(text).not.toContain('d1.d1.')
    expect((await ask('/devices')).text).not.toContain('d1.d1.')
  })

  test('may be without driver and vehicle', async () => {
    expect((await ask('/devices', { form: { region: 'NCR', id: 'bare', driver: '', vehicle: '' } })).status).toBe(200)
    expect(await rowOf('bare')).toMatchObject({ driver_id: null, vehicle_id: null })
  })

  test('is refused in words where its name is taken or cannot be one, and what was chosen stays', async () => {
    const taken = await ask('/devices', { form: { region: 'NCR', id: 'ncr-01', vehicle: 'v1' } })
    expect(taken.status).toBe(409)
    expect(taken.text).toContain('There is, or was, a device of this name.')
    expect(taken.text).toContain('value="v1" selected')
    for (const id of ['', '../x', 'a b', '<i>', 'ñ', 'x'.repeat(41), '~', '-a', 'new']) {
      const bad = await ask('/devices', { form: { region: 'NCR', id } })
      expect(bad.status).toBe(422)
      expect(bad.text).not.toContain('<i>')
    }
  })

  test('takes no crew of another region', async () => {
    const { status, text } = await ask('/devices', { form: { region: 'NCR', id: 'mixed', driver: 'd2' } })
    expect(status).toBe(422)
    expect(text).toContain('This driver is not in this region.')
    expect(await rowOf('mixed')).toBeUndefined()
  })

  test('finds crew by what is typed', async () => {
    const driver = await ask('/devices/new/crew?region=NCR&of=driver&q=ramon')
    expect(driver.text).toContain('value="d1"')
    const vehicle = await ask('/devices/new/crew?region=NCR&of=vehicle&q=nothing')
    expect(vehicle.text).toContain('0 to choose from')
  })

  test('says on loopback why a phone cannot reach it', async () => {
    const local = { ...env, PUBLIC_URL: 'http://127.0.0.1:8787' } as Env
    const { status, text } = await ask('/devices', { in: local, form: { region: 'NCR', id: 'local-1' } })
    expect(status).toBe(200)
    expect(text).toContain('data-loopback')
    expect(text).toContain('http://127.0.0.1:8787')
  })
})

describe('a Traccar server', () => {
  test('gets one token for its fleet, and what its configuration needs', async () => {
    expect((await ask('/devices/new?region=NCR')).text).toContain('value="gateway"')
    const form = { region: 'NCR', kind: 'gateway', id: 'traccar', driver: 'd1', vehicle: 'v1' }
    const { status, text } = await ask('/devices', { form })
    expect(status).toBe(200)
    expect(await rowOf('gw-traccar')).toMatchObject({ region: 'NCR', driver_id: null, vehicle_id: null })
    const token = tokenIn(text)
    expect(claimsOf(token)).toMatchObject({ genuine: true, deviceId: 'gw-traccar', gateway: true })
    expect(text).toContain(`forward.url&#39;&gt;https://tower.example/i/${token}&lt;`)
    expect(text).not.toContain('<svg class="qr"')
    const page = await ask('/devices/gw-traccar')
    expect(page.text).toContain('/devices/new?region=NCR&amp;gateway=gw-traccar')
    expect(claimsOf(tokenIn((await ask('/devices/gw-traccar/token', { form: {} })).text))).toMatchObject({
      generation: 2,
      gateway: true,
    })
  })

  test('has trackers, enrolled under the name that its reports will have, without tokens', async () => {
    const blank = await ask('/devices/new?region=NCR&gateway=gw-traccar')
    expect(blank.text).toContain('name="gateway" value="gw-traccar"')
    const form = { region: 'NCR', gateway: 'gw-traccar', id: '353861053849681', driver: 'd1', vehicle: 'v1' }
    const made = await ask('/devices', { form })
    expect(made.status).toBe(200)
    expect(tokenIn(made.text)).toBe('')
    expect(made.text).toContain('It needs no token.')
    expect(await rowOf('gw-traccar.353861053849681')).toMatchObject({ driver_id: 'd1', vehicle_id: 'v1' })
    expect((await ask('/devices', { form })).status).toBe(409)

    const page = await ask('/devices/gw-traccar.353861053849681')
    expect(page.text).toContain('href="/devices/gw-traccar"')
    expect(page.text).not.toContain('/token"')
    for (const act of ['token', 'revoke'])
      expect((await ask(`/devices/gw-traccar.353861053849681/${act}`, { form: {} })).status).toBe(404)
    expect(await rowOf('gw-traccar.353861053849681')).toMatchObject({ generation: 1, min_generation: 0 })
  })

  test('keeps its names to itself, and its trackers in its region', async () => {
    for (const id of ['gw-mine', 'gw-traccar.1']) {
      const { status, text } = await ask('/devices', { form: { region: 'NCR', id } })
      expect([status, text.includes('belong to Traccar servers')]).toEqual([422, true])
    }
    for (const id of ['', 'a.b', 'x'.repeat(18)])
      expect((await ask('/devices', { form: { region: 'NCR', kind: 'gateway', id } })).status).toBe(422)
    expect((await ask('/devices', { form: { region: 'NCR', gateway: 'gw-none', id: '1' } })).status).toBe(404)
    const elsewhere = { region: 'CEB', gateway: 'gw-traccar', id: '1' }
    expect((await ask('/devices', { who: person('admin', ['CEB']), form: elsewhere })).status).toBe(404)
  })
})

describe('a device', () => {
  test('shows its last reports as they were understood', async () => {
    recent = [REPORT, { ...REPORT, position: null, verdict: 'no_fix', event: 'heartbeat', protocol: '<img>' }]
    const { text } = await ask('/devices/ncr-01')
    for (const words of [
      'osmand',
      'moving, its place',
      'may be faked',
      '14.55470, 121.02440, within 8 m',
      '61 %, charging',
      'alive, without a fix',
      '&lt;img&gt;',
    ]) {
      expect(text).toContain(words)
    }
    expect(text).not.toContain('every 4s')
  })

  test('looks for its first report by itself, and says where nobody can tell', async () => {
    const nothing = await ask('/devices/ncr-01/reports')
    expect(nothing.text).toContain('Nothing heard yet.')
    expect(nothing.text).toContain('hx-trigger="every 4s"')
    recent = 'away'
    expect((await ask('/devices/ncr-01')).text).toContain('does not answer now')
  })

  test('gets a further token, of the next generation', async () => {
    const { status, text } = await ask('/devices/ncr-01/token', { form: {} })
    expect(status).toBe(200)
    expect(claimsOf(tokenIn(text))).toMatchObject({ deviceId: 'ncr-01', generation: 2 })
    expect(await rowOf('ncr-01')).toMatchObject({ generation: 2, min_generation: 0 })
  })

  test('loses its older tokens, or all of them; then a new one is good again', async () => {
    const older = await ask('/devices/ncr-01/revoke', { form: { keep: 'newest' } })
    expect(older.text).toContain('Tokens below no. 2 are revoked.')
    const all = await ask('/devices/ncr-01/revoke', { form: { keep: 'none' } })
    expect(all.status).toBe(200)
    expect(all.text).toContain('All its tokens are revoked')
    expect(await rowOf('ncr-01')).toMatchObject({ generation: 2, min_generation: 3 })
    expect((await ask('/devices')).text).toContain('revoked')
    const next = await ask('/devices/ncr-01/token', { form: {} })
    expect(claimsOf(tokenIn(next.text))).toMatchObject({ generation: 3 })
    expect(ticked).toEqual(['NCR', 'NCR', 'NCR'])
  })

  test('is shown to supervisors, who change nothing', async () => {
    const who = person('supervisor')
    const seen = await ask('/devices/ncr-01', { who })
    expect(seen.status).toBe(200)
    expect(seen.text).not.toContain('hx-post')
    for (const path of ['/devices/ncr-01/token', '/devices/ncr-01/revoke', '/devices']) {
      expect((await ask(path, { who, form: { region: 'NCR', id: 'by-super' } })).status).toBe(403)
    }
    expect(await rowOf('ncr-01')).toMatchObject({ generation: 3, min_generation: 3 })
  })

  test('that nobody made is nowhere', async () => {
    expect((await ask('/devices/nothing')).status).toBe(404)
    expect((await ask('/devices/nothing/token', { form: {} })).status).toBe(404)
    expect((await ask('/devices?region=XYZ')).status).toBe(404)
  })
})

describe('another region', () => {
  test('is refused in all its parts, and nothing of it changes', async () => {
    for (const path of [
      '/devices?region=CEB',
      '/devices/new?region=CEB',
      '/devices/new/crew?region=CEB&of=driver',
      '/devices/ceb-01',
      '/devices/ceb-01/reports',
    ]) {
      const { status, text } = await ask(path)
      expect({ path, status }).toEqual({ path, status: 403 })
      expect(text).not.toContain('Cabahug')
    }
    for (const path of ['/devices/ceb-01/token', '/devices/ceb-01/revoke']) {
      expect((await ask(path, { form: {} })).status).toBe(403)
    }
    expect((await ask('/devices', { form: { region: 'CEB', id: 'ceb-99' } })).status).toBe(403)
    expect(await rowOf('ceb-01')).toMatchObject({ generation: 1, min_generation: 0 })
    expect(await rowOf('ceb-99')).toBeUndefined()
  })

  test('is open to whoever has rights there', async () => {
    const both = person('admin', ['NCR', 'CEB'])
    expect((await ask('/devices?region=CEB', { who: both })).text).toContain('ceb-01')
  })
})

test('another site cannot make or revoke, whatever it sends', async () => {
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'hx-request': '' }]) {
    for (const path of ['/devices', '/devices/ncr-01/token', '/devices/ncr-01/revoke']) {
      expect((await ask(path, { form: { region: 'NCR', id: 'forged' }, headers })).status).toBe(403)
    }
  }
  expect(await rowOf('forged')).toBeUndefined()
})

describe('without Postgres', () => {
  const away = [
    ['none configured', () => tower({})],
    ['one that refuses', () => tower({ DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' })],
  ] as const
  for (const [name, make] of away) {
    test(`${name}: every page says that devices cannot be changed now, in a page that stays usable`, async () => {
      for (const path of ['/devices', '/devices/new', '/devices/ncr-01']) {
        const { status, text } = await ask(path, { in: make() })
        expect(status).toBe(503)
        expect(text).toContain('devices cannot be shown or changed now')
        expect(text).toContain('href="/devices"')
      }
      const form = await ask('/devices', { in: make(), form: { region: 'NCR', id: 'x' } })
      expect(form.status).toBe(503)
      expect(form.text).not.toContain('<main')
    })
  }
})
