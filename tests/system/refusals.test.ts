// Who is refused what, by the running tower: roles and regions, foreign pages, guessers; and what it tells of people and
// secrets while it works.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tower } from '../../scripts/lib/tower'
import type { Role } from '../../src/domain/access'
import type { RegionId } from '../../src/domain/region'
import { startTestTower } from '../support/tower'
import { call, devicesOf, Person, press, Screen, until } from './people'

let tower: Tower
const people: Record<string, Person> = {}
let incident: string
let cebu: string

const WHO: Record<string, { role: Role; region: RegionId; nth?: number }> = {
  ana: { role: 'operator', region: 'NCR' },
  cris: { role: 'operator', region: 'CEB', nth: 1 },
  tina: { role: 'trainee', region: 'NCR' },
  oscar: { role: 'auditor', region: 'NCR' },
  susana: { role: 'supervisor', region: 'NCR' },
  alma: { role: 'admin', region: 'NCR' },
}
const who = (name: string): Person => {
  const person = people[name]
  if (!person) throw new Error(`nobody is called ${name}`)
  return person
}

beforeAll(async () => {
  tower = await startTestTower()
  await Promise.all(
    Object.entries(WHO).map(async ([name, wanted]) => {
      people[name] = await Person.logIn(tower, wanted)
    }),
  )
  // Where nobody watches, the neighbour's operators are called, and may then act.
  await Screen.open(who('ana'))
  await Screen.open(who('cris'), { region: 'CEB' })
  const first = async (region: RegionId) => {
    const { sosId } = (await press(tower, devicesOf(tower, region)(), { kind: 'crash' })).body
    await until(async () => (await who('alma').get(`/api/incidents/${sosId}`)).status === 200, 10_000, 'the incident')
    return sosId
  }
  ;[incident, cebu] = await Promise.all([first('NCR'), first('CEB')])
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

/** What people may do in NCR, told by hand and not read from the table of rights. */
const RULES: [method: 'GET' | 'POST', path: () => string, body: unknown, allowed: string[]][] = [
  ['GET', () => '/api/incidents?region=NCR', null, ['ana', 'tina', 'oscar', 'susana', 'alma']],
  ['GET', () => `/api/incidents/${incident}`, null, ['ana', 'tina', 'oscar', 'susana', 'alma']],
  ['GET', () => '/api/regions/NCR/unplaced', null, ['ana', 'tina', 'oscar', 'susana', 'alma']],
  ['GET', () => '/api/unverified?region=NCR', null, ['ana', 'tina', 'susana', 'alma']],
  ['GET', () => '/api/regions/NCR/log', null, ['oscar', 'susana', 'alma']],
  ['POST', () => '/api/incidents', { region: 'NCR', note: 'By phone' }, ['ana', 'susana', 'alma']],
  ['POST', () => `/api/incidents/${incident}/note`, { text: 'Seen' }, ['ana', 'susana', 'alma']],
  ['POST', () => `/api/incidents/${incident}/take`, {}, ['ana', 'susana', 'alma']],
  ['POST', () => `/api/incidents/${incident}/help`, {}, ['ana', 'susana', 'alma']],
  ['POST', () => `/api/incidents/${incident}/priority`, { priority: 'P1' }, ['ana', 'susana', 'alma']],
  ['POST', () => `/api/incidents/${incident}/legs`, { kind: 'rover', name: 'R1' }, ['ana', 'susana', 'alma']],
  ['POST', () => `/api/incidents/${incident}/merge`, () => ({ intoId: incident }), ['ana', 'susana', 'alma']],
  ['POST', () => `/api/incidents/${incident}/false-alarm`, { reason: 'test' }, ['ana', 'susana', 'alma']],
  ['POST', () => `/api/incidents/${incident}/lift-duress`, { reason: 'x' }, ['susana', 'alma']],
]

const ask = (person: Person, method: 'GET' | 'POST', path: string, body: unknown) =>
  method === 'GET'
    ? person.get<{ error?: { code: string; message: string } }>(path)
    : person.post<{ error?: { code: string; message: string } }>(path, body)

describe('rights', () => {
  for (const [method, path, body, allowed] of RULES) {
    const name = `${method} ${path().replaceAll('undefined', '{id}')}`
    test(`${name} is for ${allowed.join(', ')} alone`, async () => {
      for (const [name, person] of Object.entries(people)) {
        const { status, body: answer } = await ask(person, method, path(), typeof body === 'function' ? body() : body)
        if (allowed.includes(name)) expect([name, [200, 201, 409].includes(status)]).toEqual([name, true])
        else {
          expect([name, status]).toEqual([name, 403])
          expect(answer.error).toMatchObject({ code: expect.any(String), message: expect.any(String) })
        }
      }
      const nobody = await call(tower.url + path(), { method, ...(method === 'POST' ? { body: '{}' } : {}) })
      expect(nobody.status).toBe(401)
    })
  }

  test('an unknown incident is 404 to those who may look, and another region stays closed both ways', async () => {
    const unknown = `${incident.slice(0, -4)}0000`
    for (const path of [
      `/api/incidents/${unknown}`,
      '/api/incidents/nothing',
      '/api/nothing',
      '/api/regions/XYZ/unplaced',
    ])
      expect([path, (await who('ana').get(path)).status]).toEqual([path, 404])
    expect((await who('ana').act(unknown, 'take')).status).toBe(404)
    for (const path of [`/api/incidents/${cebu}`, '/api/incidents?region=CEB', '/api/regions/CEB/unplaced'])
      expect([path, (await who('ana').get(path)).status]).toEqual([path, 403])
    expect((await who('cris').get(`/api/incidents/${cebu}`)).status).toBe(200)
    expect((await who('ana').act(cebu, 'take')).status).toBe(403)
    expect((await who('ana').act(incident, 'link', { otherId: cebu })).status).not.toBe(200)
    // A search goes no further than a look.
    const found = await who('ana').get<{ incidents: { id: string }[] }>('/api/incidents?region=all&status=all')
    expect(found.body.incidents.map(({ id }) => id)).not.toContain(cebu)
  })

  test('live sockets: no session, a foreign region, a foreign page', async () => {
    const upgrade = { upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-version': '13' }
    const open = async (region: string, headers: Record<string, string>) =>
      (
        await fetch(`${tower.url}/api/regions/${region}/live`, {
          headers: { ...upgrade, 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', ...headers },
        })
      ).status
    const ana = { authorization: `Bearer ${who('ana').token}` }
    expect(await open('NCR', { authorization: 'Bearer nonsense' })).toBe(401)
    expect(await open('CEB', ana)).toBe(403)
    expect(await open('XYZ', ana)).toBe(404)
    const cookie = `xot=${who('ana').token}`
    expect(await open('NCR', { cookie, origin: 'https://elsewhere.example' })).toBe(403)
    expect(await open('NCR', { cookie })).toBe(403)
  })
})

describe('a session', () => {
  test('in a cookie acts only for our own pages, with their token', async () => {
    const cookie = `xot=${who('ana').token}`
    const me = await call<{ csrf: string }>(`${tower.url}/api/auth/me`, { headers: { cookie } })
    const note = (headers: Record<string, string>) =>
      call(`${tower.url}/api/incidents/${incident}/note`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: '{"text":"x"}',
      })
    const own = { origin: tower.url }
    expect((await note({})).status).toBe(403)
    expect((await note({ 'x-csrf-token': me.body.csrf })).status).toBe(403)
    expect((await note({ origin: 'https://elsewhere.example', 'x-csrf-token': me.body.csrf })).status).toBe(403)
    expect((await note({ 'sec-fetch-site': 'cross-site', 'x-csrf-token': me.body.csrf })).status).toBe(403)
    expect((await note({ ...own, 'x-csrf-token': 'x'.repeat(43) })).status).toBe(403)
    expect((await note(own)).status).toBe(403)
    const text = { ...own, 'content-type': 'text/plain' }
    expect((await note(text)).status).toBe(403)
    expect((await note({ ...own, 'x-csrf-token': me.body.csrf })).status).toBe(200)
  })

  test('ends with its log-out: the cookie is taken away, and pages ask to log in again', async () => {
    const cookie = `xot=${who('tina').token}`
    const page = (headers: Record<string, string>) => fetch(`${tower.url}/r/NCR`, { headers, redirect: 'manual' })
    expect((await page({ cookie })).status).toBe(200)
    const out = await fetch(`${tower.url}/logout`, {
      method: 'POST',
      headers: { cookie, origin: tower.url },
      redirect: 'manual',
    })
    expect([out.status, out.headers.get('location')]).toEqual([303, '/login'])
    const [left] = out.headers.getSetCookie()
    expect(left).toMatch(/^xot=; Max-Age=0;.*HttpOnly/)
    const after = await page({ cookie: 'xot=' })
    expect([after.status, after.headers.get('location')]).toEqual([303, '/login?next=%2Fr%2FNCR'])
  })

  test('that was changed by a letter, or is a device token, is none', async () => {
    const { token } = who('susana')
    const device = devicesOf(tower, 'NCR')().token
    const forged = [`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, device, '', 'null', token.slice(4)]
    for (const bad of forged) {
      const { status } = await call(`${tower.url}/api/auth/me`, { headers: { authorization: `Bearer ${bad}` } })
      expect([bad.length, status]).toEqual([bad.length, 401])
    }
    // And the other way round: an operator's session presses no SOS.
    const pressed = await call(`${tower.url}/api/sos`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: '{"kind":"panic"}',
    })
    expect(pressed.status).toBe(202)
  })
})

describe('logging in', () => {
  test('is slowed for guessers, says the same of unknown people, and stays open for the others', async () => {
    const logIn = (email: string, password: string) =>
      call<{ error: { code: string } }>(`${tower.url}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      })
    const wrong: unknown[] = []
    const throttled: Response['headers'][] = []
    for (const email of ['dina@tower.example', 'nobody@tower.example']) {
      for (let n = 0; n < 40 && throttled.length < (email.startsWith('dina') ? 1 : 2); n++) {
        const answer = await logIn(email, `guess-${n}`)
        if (answer.status === 401) wrong.push(answer.body)
        else if (answer.body.error.code === 'throttled') throttled.push(answer.headers)
        else await Bun.sleep(300)
      }
    }
    expect(throttled).toHaveLength(2)
    for (const headers of throttled) expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(new Set(wrong.map((each) => JSON.stringify(each))).size).toBe(1)
    // Person.logIn waits for its turn, as a person would.
    await Person.logIn(tower, { role: 'operator', region: 'ILO', nth: 0 })
  }, 60_000)
})

describe('headers', () => {
  const PATHS = ['/login', '/r/NCR', '/design', '/docs', '/openapi.json', '/api/health', '/api/incidents', '/nothing']
  test('are strict on every answer that is not a file', async () => {
    const cookie = `xot=${who('ana').token}`
    const nonces = new Set<string>()
    for (const path of PATHS) {
      const { headers } = await fetch(tower.url + path, { headers: { cookie, accept: 'text/html' } })
      const policy = headers.get('content-security-policy') ?? ''
      expect([path, policy.startsWith("default-src 'none'")]).toEqual([path, true])
      for (const weak of ['unsafe-', 'data:', ' *', 'http:'])
        expect([path, policy.includes(weak)]).toEqual([path, false])
      expect(policy).toContain("frame-ancestors 'none'")
      nonces.add(/'nonce-([\w-]+)'/.exec(policy)?.[1] ?? path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('same-origin')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      // Loopback speaks http: a promise of TLS would lock the browser out.
      expect(headers.get('strict-transport-security')).toBeNull()
      expect(headers.get('server')).toBeNull()
      expect(headers.get('x-powered-by')).toBeNull()
    }
    expect(nonces.size).toBe(PATHS.length)
  })

  test("every script and style of a page carries the page's own nonce or is a file of ours", async () => {
    const cookie = `xot=${who('ana').token}`
    for (const path of ['/login', '/r/NCR', '/design', '/docs']) {
      const response = await fetch(tower.url + path, { headers: { cookie, accept: 'text/html' } })
      const nonce = /'nonce-([\w-]+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1] as string
      const html = await response.text()
      for (const [tag] of html.matchAll(/<(?:script|style)\b[^>]*>/g)) {
        const own = / src="\/[^/]/.test(tag) || tag.includes(`nonce="${nonce}"`)
        expect([path, tag, own]).toEqual([path, tag, true])
      }
      expect([path, /\son[a-z]+="|\sstyle="|javascript:/.exec(html)?.[0]]).toEqual([path, undefined])
    }
  })
})

describe('the logs', () => {
  test('hold no person and no secret after a busy run in which much went wrong', async () => {
    const device = devicesOf(tower, 'NCR')()
    const canaries = ['Kanaryo-Reyes', '+639171234567', 'kanaryo@mail.example', 'canary-password-1', 'canary-note-9']
    const [name, phone, mail, password, note] = canaries as [string, string, string, string, string]
    await press(tower, device, { kind: 'medical', note: `${name} ${phone} ${note}`, position: { lat: 14.5, lng: 121 } })
    await press(tower, device, `{"note":"${name} ${note}`)
    await call(`${tower.url}/api/sos`, { method: 'POST', body: JSON.stringify({ note: `${name} ${phone}` }) })
    await call(`${tower.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: mail, password }),
    })
    await who('ana').act(incident, 'note', { text: `${name} ${phone} ${mail} ${note}` })
    await who('ana').post('/api/incidents', { region: 'NCR', note: `${name} ${note}`, phone, plate: 'KAN 4321' })
    await who('ana').get(`/api/incidents?q=${encodeURIComponent(name)}`)
    await fetch(`${tower.url}/login?next=/${name}`)
    const { pid } = tower.postgres ?? {}
    if (!pid) throw new Error('there is no Postgres of our own')
    await tower.postgres?.stop()
    await who('ana').act(incident, 'note', { text: `${name} ${note} while Postgres is away` })
    await press(tower, device, { kind: 'panic', note: `${name} ${note}` })
    await call(`${tower.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: mail, password }),
    })
    const log = () => readFileSync(join(tower.dataDir, 'workerd.log'), 'utf8')
    await until(() => log().includes('failed'), 20_000, 'a line in the log')
    await tower.postgres?.start()

    const { DEVICE_KEYS, SESSION_KEYS, PEPPER, postgres } = tower.secrets
    const secrets = [
      ...DEVICE_KEYS.split(','),
      ...SESSION_KEYS.split(','),
      PEPPER,
      ...Object.values(postgres),
      ...Object.values(people).map(({ token }) => token),
      ...(tower.demo?.operators ?? []).flatMap(({ email, password }) => [email, password]),
      ...(tower.demo?.devices ?? []).flatMap(({ token }) => [token, token.split('.').at(-1) as string]),
      'Dimaculangan',
      'ZQA 1041',
      'KAN 4321',
      'Ana Reyes',
    ]
    const database = readFileSync(join(tower.dataDir, 'postgres.log'), 'utf8')
    for (const secret of [...canaries, ...secrets]) {
      const where = [log(), database].findIndex((text) => text.includes(secret))
      expect([secret, where]).toEqual([secret, -1])
    }
  }, 60_000)
})
