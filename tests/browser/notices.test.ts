// The band beside the queue in a real browser: an area without coverage, and checks that were more than the desk can take,
// with their buttons: put aside, take that back, open as incident. By pointer and by keyboard, read by axe.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser, Locator } from 'playwright-core'
import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import { startTestTower } from '../support/tower'
import { call, until } from '../system/people'
import { violations } from './axe'
import { Desk, openBrowser } from './desk'

/** With one screen, six of them are raised in an hour, and the rest are listed. */
const CRASHES = 9
const LISTED = 3

let tower: Awaited<ReturnType<typeof startTestTower>>
let browser: Browser
let ana: Desk

/** Of a device that nobody has enrolled: what it says counts, and that is all that is needed here. */
const report = (deviceId: string, body: object) => {
  const keys = parseKeys(tower.secrets.DEVICE_KEYS)
  const token = signDeviceToken(keys, { deviceId, home: 'NCR', generation: 1, expiresAt: 4_000_000_000 })
  return call(`${tower.url}/api/positions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ fixedAt: Date.now(), ...body }),
  })
}

const band = (desk: Desk): Locator => desk.page.locator('[data-notices]')
const rows = (desk: Desk): Locator => desk.page.locator('[data-checks-list] .check-row')
const row = (desk: Desk, id: string): Locator => desk.page.locator(`.check-row[data-id="${id}"]`)
const count = (desk: Desk) => desk.text('[data-checks-count]')
const act = (of: Locator, name: 'raise' | 'aside' | 'undo'): Locator => of.locator(`[data-check-act="${name}"]`)
const shown = async (of: Locator) => {
  const seen = await Promise.all((['raise', 'aside', 'undo'] as const).map((name) => act(of, name).isVisible()))
  return seen.join()
}
const idOf = async (desk: Desk, nth: number): Promise<string> =>
  (await rows(desk).nth(nth).getAttribute('data-id')) ?? expect.unreachable()

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower({ settings: { SILENT_AFTER_S: '10' } }), openBrowser()])
  ana = await Desk.open(browser, tower)
  for (let n = 0; n < CRASHES; n++) await report(`crash-${n}`, { lat: 14.62 + n * 0.05, lng: 121.05, event: 'crash' })
  for (let n = 0; n < 30; n++) await report(`street-${n}`, { lat: 14.5551 + n * 0.0002, lng: 121.0215 })
  await until(async () => (await rows(ana).count()) === LISTED, 100_000, 'the checks beyond the hour')
  await ana.page.locator('[data-checks] summary').click()
}, 240_000)

afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 60_000)

test('a check is put aside and taken back, by pointer and by keyboard, on every screen', async () => {
  const other = await Desk.open(browser, tower, { nth: 1, lang: 'fil', theme: 'dark' })
  await other.page.locator('[data-checks] summary').click()
  expect(await count(ana)).toBe(`Unanswered checks (${LISTED})`)
  const [first, second] = [await idOf(ana, 0), await idOf(ana, 1)] as const
  expect(await shown(row(ana, first))).toBe('true,true,false')
  expect(await violations(ana, '[data-notices]')).toEqual([])

  await act(row(ana, first), 'aside').click()
  await until(async () => (await shown(row(ana, first))) === 'false,false,true', 10_000, 'the check put aside')
  expect(await row(ana, first).locator('[data-slot="aside"]').textContent()).toMatch(/^Put aside by \S/)
  expect(await count(ana)).toBe(`Unanswered checks (${LISTED - 1})`)
  expect(await shown(row(ana, second))).toBe('true,true,false')
  await until(
    async () => (await shown(row(other, first))) === 'false,false,true',
    10_000,
    'the same on the other screen',
  )
  expect(await row(other, first).locator('[data-slot="aside"]').textContent()).toMatch(/^Isinantabi ni \S/)
  for (const desk of [ana, other]) expect(await violations(desk, '[data-notices]')).toEqual([])

  await act(row(ana, first), 'undo').focus()
  await ana.keys('Enter')
  await until(async () => (await shown(row(ana, first))) === 'true,true,false', 10_000, 'the check back in the list')
  expect(await row(ana, first).locator('[data-slot="aside"]').textContent()).toBe('')
  expect(await count(ana)).toBe(`Unanswered checks (${LISTED})`)
  await until(async () => (await shown(row(other, first))) === 'true,true,false', 10_000, 'back on the other screen')

  await act(row(other, second), 'aside').focus()
  await other.keys('Space')
  await until(async () => (await shown(row(ana, second))) === 'false,false,true', 10_000, 'put aside by the other')
  await act(row(ana, second), 'undo').click()
  await until(async () => (await count(ana)) === `Unanswered checks (${LISTED})`, 10_000, 'all of them listed again')
  expect(other.unexpected).toEqual([])
  await other.close()
}, 90_000)

test('one that is opened as an incident leaves the band and is framed', async () => {
  const before = await ana.page.locator('[data-queue-list] .card').count()
  const id = await idOf(ana, 0)
  await act(row(ana, id), 'raise').click()
  await until(async () => (await row(ana, id).count()) === 0, 10_000, 'the check out of the band')
  expect(await count(ana)).toBe(`Unanswered checks (${LISTED - 1})`)
  await until(
    async () => (await ana.page.locator('[data-queue-list] .card').count()) === before + 1,
    10_000,
    'its card',
  )
  const framed = await until(() => ana.framed(), 10_000, 'its frame')
  await until(async () => (await ana.text('#panel')).includes('Check, not an SOS'), 10_000, 'its panel')
  expect(await ana.card(framed).count()).toBe(1)
}, 60_000)

test('what the tower refuses is said, stays as it was, and may be tried again', async () => {
  const id = await idOf(ana, 0)
  ana.expect(/503/)
  await ana.page.route('**/checks/**', (route) => route.fulfill({ status: 503, body: '' }))
  await act(row(ana, id), 'aside').click()
  const failed = ana.page.locator('[data-checks-failed]')
  await failed.waitFor({ state: 'visible' })
  expect(await failed.getAttribute('role')).toBe('alert')
  expect(await violations(ana, '[data-notices]')).toEqual([])
  expect(await shown(row(ana, id))).toBe('true,true,false')
  expect(await act(row(ana, id), 'aside').isEnabled()).toBe(true)
  await ana.page.unroute('**/checks/**')
  await act(row(ana, id), 'aside').click()
  await failed.waitFor({ state: 'hidden' })
  await until(async () => (await shown(row(ana, id))) === 'false,false,true', 10_000, 'the check put aside')
}, 60_000)

test('all who are silent at once are one row, whose button moves the map to them', async () => {
  const notice = ana.page.locator('[data-notices-list] .notice-row')
  await until(async () => (await notice.count()) === 1, 30_000, 'the notice')
  expect(await notice.locator('[data-slot="what"]').textContent()).toBe(`No word from ${CRASHES + 30} vehicles`)
  expect(await notice.locator('[data-slot="place"]').textContent()).toStartWith('the whole region')
  const drawn = () => ana.page.locator('path.coverage-wash').getAttribute('d')
  const before = await drawn()
  await notice.locator('[data-notice-show]').focus()
  await ana.keys('Enter')
  await until(async () => (await drawn()) !== before, 5_000, 'the map on the area')
  await ana.shoot('notices')
  expect(await violations(ana, '[data-notices]')).toEqual([])
}, 60_000)

test('whoever may not act sees the checks without their buttons', async () => {
  const trainee = await Desk.open(browser, tower, { role: 'trainee' })
  await trainee.page.locator('[data-checks] summary').click()
  expect(await rows(trainee).count()).toBeGreaterThan(0)
  expect(await band(trainee).locator('[data-check-act]').count()).toBe(0)
  expect(await violations(trainee, '[data-notices]')).toEqual([])
  expect([...trainee.unexpected, ...ana.unexpected]).toEqual([])
  await trainee.close()
}, 60_000)
