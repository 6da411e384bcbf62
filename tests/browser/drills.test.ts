// Drills in a real browser: one is begun in two steps by keyboard, a passed and a failed one stand in the report, a region's drill
// is marked on the desks, and all of it fits a phone, both languages and both themes.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { type Device, enrol, Lifeline, Person, press, until } from '../system/people'
import { violations } from './axe'
import { Desk, type DeskOptions, openBrowser } from './desk'

let tower: Tower
let browser: Browser
let device: Device
let line: Lifeline
let cora: Person

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  cora = await Person.logIn(tower, { role: 'supervisor' })
  ;[device] = (await enrol(tower, 1)) as [Device]
  line = await Lifeline.open(tower, device)
}, 120_000)
afterAll(async () => {
  line?.socket.close()
  await browser?.close()
  await tower?.stop()
}, 30_000)

const office = (path: string, options: DeskOptions = {}) =>
  Desk.open(browser, tower, { role: 'supervisor', path, ...options })
const tooWide = (desk: Desk): Promise<boolean> =>
  desk.ask('document.documentElement.scrollWidth > document.documentElement.clientWidth')

test('a driver’s drill is begun in two steps by keyboard, and passes when the phone is pressed', async () => {
  const desk = await office('/drills?region=NCR')
  const { page } = desk
  expect(await desk.text('h1')).toContain('Drills of NCR')
  await desk.tabTo('.office-title .button')
  await desk.keys('Enter')
  await page.locator('#devices').waitFor()
  await desk.tabTo('#devices')
  await page.keyboard.type(device.id)
  await desk.keys('Enter')
  await page.locator('[data-plan="1"]').waitFor()
  expect(await desk.text('[data-plan]')).toContain('pindutin ang SOS nang isang beses')
  await desk.tabTo('[data-begin]')
  await desk.keys('Enter')
  await page.locator('[data-drill] [data-verdict="open"]').waitFor()
  // Its own address: loading the page again shows it.
  expect(new URL(page.url()).pathname).toMatch(/^\/drills\/[0-9a-f-]{36}$/)
  await page.reload()
  await page.locator('[data-drill] [data-verdict="open"]').waitFor()
  await until(() => line.heard.some(({ t }) => t === 'message'), 10_000, 'the phone asked')
  await press(tower, device, {
    position: { lat: 14.5547, lng: 121.0244, accuracyM: 9, speedMps: 0, fixedAt: new Date().toISOString() },
  })
  // It looks again by itself.
  await page.locator('[data-outcome="passed"]').waitFor()
  await page.screenshot({ path: 'artifacts/screen-drill-passed.png', fullPage: true })
  await desk.tabTo('[data-end]')
  await desk.keys('Enter')
  await page.locator('[data-verdict="passed"]').waitFor()
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 120_000)

test('the report has the passed and the failed drill as bars, and who was not tried', async () => {
  // No channel is configured here: nobody on duty can be reached.
  await cora.post('/api/regions/NCR/drills', { kind: 'duty', requestId: crypto.randomUUID() })
  const desk = await office('/drills?region=NCR')
  const { page } = desk
  await until(
    async () => {
      await page.reload()
      return (await page.locator('[data-verdict="failed"]').count()) === 1
    },
    20_000,
    'the failed drill',
  )
  expect(await page.locator('[data-verdict="passed"]').count()).toBe(1)
  expect(await desk.text('[data-rate="all"]')).toMatch(/^1 of \d passed/)
  expect(await page.locator('[data-group="drill.by_app"] .drill-bar rect').count()).toBeGreaterThan(0)
  expect(await page.locator('[data-group="drill.by_person"] [data-rate]').count()).toBeGreaterThan(0)
  expect(await page.locator('[data-group="drill.by_week"] [data-rate]').count()).toBe(8)
  await page.locator('.drill-untested summary').click()
  expect(await page.locator('[data-untested]').count()).toBeGreaterThan(0)

  await page.locator('.drill-add summary').click()
  await page.locator('#w-time').fill('08:15')
  await page.locator('.drill-add button').click()
  await page.locator('#done').waitFor()
  expect(await desk.text('[data-schedule]')).toContain('08:15')
  expect(desk.unexpected).toEqual([])
  // Last, for a screenshot and an audit leave marks of their own in the page.
  await page.screenshot({ path: 'artifacts/screen-drill-report.png', fullPage: true })
  expect(await violations(desk)).toEqual([])
  await desk.close()
}, 120_000)

test('it fits a phone in Filipino and at night, and the form shows only what its kind needs', async () => {
  for (const theme of ['light', 'dark'] as const) {
    const desk = await office('/drills?region=NCR', { lang: 'fil', theme, width: 390, height: 844 })
    expect(await desk.text('h1')).toContain('Mga drill')
    expect(await tooWide(desk)).toBe(false)
    expect(await violations(desk)).toEqual([])
    await desk.page.screenshot({ path: `artifacts/screen-drill-phone-${theme}.png`, fullPage: true })
    await desk.goto('/drills/new?region=NCR')
    expect(await tooWide(desk)).toBe(false)
    expect(await desk.page.locator('#devices').isVisible()).toBe(true)
    expect(await desk.page.locator('#contact').isVisible()).toBe(false)
    await desk.page.locator('[name="kind"][value="channel"]').check()
    expect(await desk.page.locator('#devices').isVisible()).toBe(false)
    expect(await desk.page.locator('#contact').isVisible()).toBe(true)
    expect(await violations(desk)).toEqual([])
    await desk.goto(`/drills/check?region=NCR&kind=driver&devices=${device.id}`)
    await desk.page.locator('[data-plan]').waitFor()
    expect(await tooWide(desk)).toBe(false)
    expect(await violations(desk)).toEqual([])
    expect(desk.unexpected).toEqual([])
    await desk.close()
  }
}, 120_000)

/** What a hidden desk would have shown and said, kept in the page. */
const LISTENING = `
  window.told = []
  window.spoken = []
  window.Notification = class {
    static permission = 'granted'
    constructor(title) { window.told.push(title) }
    close() {}
  }
  speechSynthesis.speak = ({ text }) => window.spoken.push(text)
  Object.defineProperty(document, 'visibilityState', { get: () => window.away ? 'hidden' : 'visible' })
`

test('a region’s drill stands on the desks with its ring and a dashed frame, and DRILL is the first word of all of it', async () => {
  const desk = await Desk.open(browser, tower)
  await desk.page.addInitScript({ content: LISTENING })
  await desk.page.reload()
  await desk.live()
  await desk.unlockSound()
  expect((await desk.lamp('sound')).words).toStartWith('Sound')
  await desk.ask('window.away = true')
  const begun = await cora.post<{ incidentId: string; ref: string }>('/api/regions/NCR/drills', {
    kind: 'region',
    requestId: crypto.randomUUID(),
  })
  const { incidentId } = begun.body
  const card = desk.card(incidentId)
  await card.waitFor()
  expect(await card.getAttribute('data-drill')).toBe('yes')
  expect(await card.locator('[data-slot="mark"]').getAttribute('href')).toBe('#mark-drill')
  expect((await card.textContent())?.trim()).toStartWith('DRILL')
  expect(await desk.text(`.band-item[data-id="${incidentId}"]`)).toStartWith('DRILL')
  expect(await desk.text('[data-band-title]')).toStartWith('DRILL')
  expect(await desk.ask<string[]>('window.told')).toEqual([expect.stringMatching(/^DRILL: SOS NCR-D\d\d$/)])
  expect((await desk.lamp('sound')).words).toStartWith('DRILL')
  expect(await desk.text('[data-open-count]')).toBe('0 open')
  await desk.ask('window.away = false')
  await card.click()
  const drawn = `getComputedStyle(document.querySelector('[data-queue-list] .card[data-drill]')).borderTopStyle`
  expect(await desk.ask<string>(drawn)).toBe('dashed')
  await desk.page.locator('.panel-drill').waitFor()
  expect(await desk.text('.panel-drill')).toStartWith('DRILL / PAGSASANAY')
  expect(await desk.text('#panel-code')).toStartWith('DRILL')
  const pin = desk.page.locator('.pin[data-framed="yes"]')
  expect((await pin.textContent())?.trim()).toMatch(/^DRILL NCR-D\d\d/)
  expect(await pin.locator('use').getAttribute('href')).toBe('#mark-drill')
  await until(async () => (await desk.ask<string[]>('window.spoken')).length > 0, 25_000, 'the spoken word')
  expect((await desk.ask<string[]>('window.spoken'))[0]).toStartWith('Drill.')
  expect(await desk.text('[data-count="open"]')).toBe('0')
  await desk.shoot('drill-region')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 60_000)
