// A live-location link as a phone opens it: no log-in, no script, nothing but what was granted, and 410 when it is over.

import { describe, expect, test } from 'bun:test'
import { createApp } from '../../src/http/app'
import { aPress, crew } from '../support/made-up'
import { type Body, tower } from './api-support'

const app = createApp()

async function shared(wish: Record<string, unknown> = {}) {
  const at = tower()
  const room = at.roomOf('NCR')
  room.room.learn(crew('dev-1', 1))
  const press = aPress({ kind: 'crash' })
  room.send([press])
  const path = `/api/incidents/${press.sosId}/shares`
  const made = await at.ana.post(path, { kind: 'kin', recipient: 'Made-up Wife', granted: ['position'], ...wish })
  expect(made.status).toBe(201)
  const { share, url, code } = made.body as Body
  const phone = (to: string, init: RequestInit = {}) =>
    app.request(to, { ...init, headers: { accept: 'text/html', ...(init.headers as Record<string, string>) } }, at.env)
  const say = (typed: string, from = '203.0.113.9') =>
    phone('/s', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'cf-connecting-ip': from,
        origin: at.env.PUBLIC_URL,
      },
      body: `code=${encodeURIComponent(typed)}`,
    })
  return {
    ...at,
    room,
    id: press.sosId,
    path,
    share,
    url: String(url).replace(at.env.PUBLIC_URL, ''),
    code: String(code),
    phone,
    say,
  }
}

describe('the link', () => {
  test('opens on any phone, looks again by itself, runs no script and is found by no search engine', async () => {
    const at = await shared()
    const answer = await at.phone(at.url)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('refresh')).toBe('15')
    expect(answer.headers.get('x-robots-tag')).toContain('noindex')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).not.toContain('unsafe')
    const html = await answer.text()
    expect(html).not.toMatch(/<script|\sstyle=|\son\w+=|hx-/)
    expect(html).toContain('<svg viewBox="0 0 1000 1000"')
    expect(html).toContain('14.55470, 121.02440')
  })

  test('shows nothing but what was granted, in either language', async () => {
    const at = await shared()
    for (const lang of ['en', 'fil']) {
      const html = await (await at.phone(at.url, { headers: { cookie: `lang=${lang}` } })).text()
      for (const hidden of ['NAB 1234', 'Vios', 'Made-up R', '+6391700', 'NCR-1', at.id, 'dev-1'])
        expect(html).not.toContain(hidden)
    }
    const vehicle = await shared({ granted: ['vehicle', 'state'] })
    const html = await (await vehicle.phone(vehicle.url)).text()
    expect(html).toContain('NAB 1234')
    expect(html).toContain('Our team has the SOS.')
    for (const hidden of ['14.55', 'share-map', 'Made-up R', 'NCR-1']) expect(html).not.toContain(hidden)
  })

  test('answers 410 when it was revoked, 404 where it never was, and says to neither what it showed', async () => {
    const at = await shared()
    expect((await at.ana.del(`${at.path}/${at.share.id}`)).status).toBe(200)
    const gone = await at.phone(at.url)
    expect(gone.status).toBe(410)
    expect(await gone.text()).not.toContain('14.5547')
    expect((await at.phone(`/s/1${'A'.repeat(22)}`)).status).toBe(404)
    expect((await at.phone('/s/9nonsense')).status).toBe(404)
  })

  test('expires', async () => {
    const at = await shared({ minutes: 15 })
    at.room.clock.now += 15 * 60_000
    expect((await at.phone(at.url)).status).toBe(410)
  })

  test('who opened it, and how often, is on its list; what opens it is not', async () => {
    const at = await shared()
    await at.phone(at.url, { headers: { 'cf-connecting-ip': '203.0.113.9' } })
    await at.phone(at.url, { headers: { 'cf-connecting-ip': '203.0.113.77' } })
    await at.phone(at.url, { headers: { 'cf-connecting-ip': '198.51.100.1' } })
    const { body } = await at.ana.get(at.path)
    expect(body.shares).toMatchObject([{ id: at.share.id, open: true, seen: { count: 2 } }])
    expect(JSON.stringify(body)).not.toContain(at.url.slice(3))
    expect(JSON.stringify(body)).not.toContain(at.code)
  })

  test('a police officer is told on it not to call', async () => {
    const at = await shared({ kind: 'agency', recipient: 'Makati police' })
    await at.ana.post(`/api/incidents/${at.id}/contact-policy`, { policy: 'quiet', reason: 'a voice' })
    expect(await (await at.phone(at.url)).text()).toContain('DO NOT CALL OR TEXT THE DRIVER')
  })
})

describe('the spoken code', () => {
  test('is asked for at /s, and leads to the page under another address than the link', async () => {
    const at = await shared()
    const form = await at.phone('/s')
    expect(form.status).toBe(200)
    expect(await form.text()).not.toMatch(/<script|\sstyle=/)
    const opened = await at.say(at.code.toLowerCase())
    expect(opened.status).toBe(303)
    const to = opened.headers.get('location') ?? ''
    expect(to).toMatch(/^\/s\/1[\w-]{22}$/)
    expect(to).not.toBe(at.url)
    expect((await at.phone(to)).status).toBe(200)
  })

  test('a wrong one opens nothing, and after a few the address has to wait', async () => {
    const at = await shared()
    expect((await at.say('nonsense!!')).status).toBe(422)
    const from = '203.0.113.200'
    const tries: number[] = []
    for (let n = 0; n < 6; n++) tries.push((await at.say('222222', from)).status)
    expect(tries.slice(0, 4)).toEqual([404, 404, 404, 404])
    expect(tries.at(-1)).toBe(429)
    // The right one is not let through either: who guesses learns nothing.
    expect((await at.say(at.code, from)).status).toBe(429)
  })

  test('another site cannot send it, and a room that is away is said to be', async () => {
    const at = await shared()
    const foreign = await at.phone('/s', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' },
      body: 'code=222222',
    })
    expect(foreign.status).toBe(403)
    at.away.add('CEB')
    expect((await at.say('222222', '192.0.2.1')).status).toBe(503)
    expect((await at.say(at.code, '192.0.2.2')).status).toBe(303)
  })
})
