// Alerting an area in a real browser: by the key of the tower, drawn by text, counted, confirmed, answered and taken back; and
// the same pages on a phone, in Filipino and dark.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { call, type Device, enrol, Lifeline, until } from '../system/people'
import { violations } from './axe'
import { Desk, openBrowser } from './desk'

let tower: Tower
let browser: Browser
let device: Device
let line: Lifeline

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  ;[device] = (await enrol(tower, 1)) as [Device]
  line = await Lifeline.open(tower, device)
  const answer = await call(`${tower.url}/api/positions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${device.token}` },
    body: JSON.stringify({ lat: 14.705, lng: 121.055, accuracyM: 8, fixedAt: Date.now() }),
  })
  expect(answer.status).toBe(200)
}, 150_000)
afterAll(async () => {
  line?.socket.close()
  await browser?.close()
  await tower?.stop()
}, 30_000)

const CORNERS = '14.70, 121.05\n14.70, 121.06\n14.71, 121.06\n14.71, 121.05'

const tooWide = (desk: Desk): Promise<boolean> =>
  desk.ask('document.documentElement.scrollWidth > document.documentElement.clientWidth')

test('a supervisor alerts an area from the tower by key, in two steps, and sees who answers', async () => {
  const desk = await Desk.open(browser, tower, { role: 'supervisor' })
  const opened = desk.context.waitForEvent('page')
  await desk.keys('b')
  const page = await opened
  page.setDefaultTimeout(15_000)
  await page.locator('.leaflet-container').waitFor()
  expect(new URL(page.url()).pathname).toBe('/areas/new')

  await page.locator('[name="kind"][value="flood"]').check()
  await page.fill('#place', 'PAGASA, Fairview')
  await page.fill('#corners', CORNERS)
  expect(await page.locator('#fence-said').textContent()).toMatch(/^Closed: 4 corners/)
  await page.click('.fence-form > button[type="submit"]')
  await page.locator('#wrong').waitFor()
  expect(await page.locator('#wrong').textContent()).toContain('RA 10639')
  await page.fill('#place', 'Regalado Ave, Fairview')
  await page.click('.fence-form > button[type="submit"]')
  await page.locator('[data-devices="1"]').waitFor()
  expect(await page.locator('[data-reads="fil"]').first().textContent()).toContain('BAHA sa Regalado Ave, Fairview.')
  expect(line.heard.filter(({ t }) => t === 'message')).toHaveLength(0)
  await page.click('form[hx-post="/areas"] button')
  await page.locator('#area-now').waitFor()
  expect(new URL(page.url()).pathname).toMatch(/^\/areas\/[0-9a-f-]{36}$/)

  const [message] = await until(() => {
    const heard = line.heard.filter(({ t }) => t === 'message')
    return heard.length > 0 ? heard : null
  })
  line.socket.send(JSON.stringify({ t: 'answer', id: message?.id, answer: 'safe' }))
  // The page looks again by itself.
  await page.locator('tr[data-standing="safe"]').waitFor()
  expect(await page.locator('[data-count="safe"]').textContent()).toBe('1')
  await page.screenshot({ path: 'artifacts/screen-area.png', fullPage: true, animations: 'allow', caret: 'initial' })

  await page.click('details.sure summary')
  await page.click('details.sure button')
  await page.locator('#area-now[data-state="cancelled"]').waitFor()
  await until(() => line.heard.filter(({ t }) => t === 'message').length === 2, 10_000, 'that it is cancelled')
  expect(desk.complaints).toEqual([])
  await desk.context.close()
}, 120_000)

test('the key does nothing at an operator’s desk, who sees broadcasts and alerts nobody', async () => {
  const desk = await Desk.open(browser, tower, { role: 'operator' })
  await desk.keys('b')
  expect(await desk.page.locator('[data-broadcast]').count()).toBe(0)
  await desk.page.goto(`${tower.url}/areas?region=NCR`)
  expect(await desk.page.locator('a[href^="/areas/new"]').count()).toBe(0)
  expect(await desk.page.locator('[data-area]').count()).toBe(1)
  expect(desk.context.pages()).toHaveLength(1)
  await desk.context.close()
}, 60_000)

for (const [lang, theme] of [
  ['fil', 'dark'],
  ['en', 'light'],
] as const)
  test(`every page fits a phone and can be read by everybody: ${lang}, ${theme}`, async () => {
    const options = { role: 'supervisor', lang, theme, width: 390, height: 800 } as const
    const desk = await Desk.open(browser, tower, { ...options, path: '/areas/new?region=NCR' })
    const { page } = desk
    await page.locator('.leaflet-container').waitFor()
    expect(await tooWide(desk)).toBe(false)
    expect(await violations(desk)).toEqual([])
    await page.locator('[name="kind"][value="fire"]').check()
    await page.fill('#place', 'Regalado Ave, Fairview')
    await page.fill('#corners', CORNERS)
    await page.click('.fence-form > button[type="submit"]')
    await page.locator('.area-counted').waitFor()
    expect(await tooWide(desk)).toBe(false)
    expect(await violations(desk)).toEqual([])
    await page.screenshot({
      path: `artifacts/screen-area-count-${theme}.png`,
      fullPage: true,
      animations: 'allow',
      caret: 'initial',
    })
    await page.goto(`${tower.url}/areas?region=NCR`)
    expect(await tooWide(desk)).toBe(false)
    expect(await violations(desk)).toEqual([])
    await page.click('.area-name a')
    await page.locator('#area-now').waitFor()
    expect(await tooWide(desk)).toBe(false)
    expect(await violations(desk)).toEqual([])
    await page.screenshot({
      path: `artifacts/screen-area-${theme}.png`,
      fullPage: true,
      animations: 'allow',
      caret: 'initial',
    })
    expect(desk.complaints).toEqual([])
    await desk.context.close()
  }, 90_000)
