import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import type { AppEnv } from '../../src/http/env'
import { answer, onError, onNotFound } from '../../src/http/failure'
import { contentPolicy, securityHeaders } from '../../src/http/security/headers'
import { settingsOf } from '../../src/http/settings'
import { workerEnv } from '../support/worker-env'

const immutable = Response.redirect('https://tower.example/', 302)
const app = new Hono<AppEnv>()
  .use(securityHeaders)
  .get('/', (c) => c.html(`<script nonce="${c.var.nonce}"></script>`))
  .get('/cached', (c) => c.text('x', 200, { 'cache-control': 'max-age=60' }))
  .get('/immutable', () => immutable)
  .get('/fails', () => {
    throw new Error('duplicate key of ana@tower.example, +63 917 555 0101')
  })
  .get('/long', (c) => answer(c, 413))
app.onError(onError)
app.notFound(onNotFound)

const https = workerEnv()

test('the policy refuses everything that it does not name, and has nothing unsafe', async () => {
  const answer = await app.request('/', {}, https)
  const nonce = /nonce="([\w-]+)"/.exec(await answer.text())?.[1] ?? ''
  expect(nonce).toHaveLength(22)
  expect(answer.headers.get('content-security-policy')).toBe(
    `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' blob:; font-src 'self'; connect-src 'self' wss://tower.example; worker-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'`,
  )
})

test('no two answers have the same nonce', async () => {
  const seen = new Set<string>()
  for (let n = 0; n < 50; n++)
    seen.add((await app.request('/', {}, https)).headers.get('content-security-policy') ?? '')
  expect(seen.size).toBe(50)
})

test('tiles from elsewhere enter img-src by their origin, and then foreign images need no CORP', async () => {
  const tiles = workerEnv({}, { TILE_URL: 'https://{s}.tiles.example/{z}/{x}/{y}.png?key=secret' })
  const answer = await app.request('/', {}, tiles)
  expect(answer.headers.get('content-security-policy')).toContain(`img-src 'self' blob: https://*.tiles.example;`)
  expect(answer.headers.has('cross-origin-embedder-policy')).toBe(false)
  const own = await app.request('/', {}, workerEnv({}, { TILE_URL: '/tiles/{z}/{x}/{y}' }))
  expect(own.headers.get('content-security-policy')).toContain(`img-src 'self' blob:;`)
  expect(own.headers.get('cross-origin-embedder-policy')).toBe('require-corp')
})

test('HSTS of two years is sent under https, and never on plain loopback', async () => {
  const secure = await app.request('/', {}, https)
  expect(secure.headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains; preload')
  const local = await app.request('/', {}, workerEnv({}, { PUBLIC_URL: 'http://127.0.0.1:8787' }))
  expect(local.headers.has('strict-transport-security')).toBe(false)
  expect(local.headers.get('content-security-policy')).toContain(`connect-src 'self' ws://127.0.0.1:8787;`)
})

test('every answer has them: pages, failures, and answers whose headers cannot be written', async () => {
  for (const [path, status] of [
    ['/', 200],
    ['/immutable', 302],
    ['/fails', 500],
    ['/long', 413],
    ['/nothing', 404],
  ] as const) {
    const { status: got, headers } = await app.request(path, {}, https)
    expect([path, got]).toEqual([path, status])
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
    expect(headers.get('permissions-policy')).toContain('geolocation=(self)')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  }
})

test('an answer that says how long it keeps is left to it', async () => {
  expect((await app.request('/cached', {}, https)).headers.get('cache-control')).toBe('max-age=60')
})

test('an upgrade is handed through without a header of ours', async () => {
  const answer = await app.request('/cached', { headers: { upgrade: 'websocket' } }, https)
  expect(answer.headers.has('content-security-policy')).toBe(false)
})

test('the policy of a page does not depend on what the request says of its host', () => {
  expect(contentPolicy(settingsOf(https), 'R')).not.toContain('localhost')
})

test('a failure tells the world a status and a request id; the log names no person', async () => {
  const lines: string[] = []
  const { error } = console
  console.error = (line: string) => void lines.push(line)
  const answer = await app.request('/fails', { headers: { accept: 'text/html' } }, https)
  console.error = error
  const page = await answer.text()
  expect(page).toContain('Something went wrong here.')
  expect(page).not.toContain('duplicate key')
  expect(lines).toHaveLength(1)
  const line = lines[0] ?? ''
  expect(JSON.parse(line)).toMatchObject({
    level: 'error',
    route: '/fails',
    status: 500,
    requestId: answer.headers.get('x-request-id'),
    error: { name: 'Error', message: 'duplicate key of <mail>, <number>' },
  })
  expect(line).not.toContain('ana@')
  expect(line).not.toContain('917 555')
})

test('a fragment that fails swaps nothing into the screen', async () => {
  const answer = await app.request('/nothing', { headers: { 'hx-request': 'true', accept: 'text/html' } }, https)
  expect(answer.headers.get('hx-reswap')).toBe('none')
})
