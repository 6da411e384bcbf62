// The list of disclosures in a real browser: narrowed by keyboard alone, taken as a file, on a phone, in both languages and themes.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import { manilaDay } from '../../src/domain/time'
import { startTestTower } from '../support/tower'
import { devicesOf, Person, press, until } from '../system/people'
import { violations } from './axe'
import { Desk, type DeskOptions, openBrowser } from './desk'

let tower: Tower
let browser: Browser

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  const ana = await Person.logIn(tower, { role: 'operator' })
  const [device] = [devicesOf(tower, 'NCR')()]
  const { sosId } = (await press(tower, device, { kind: 'crash' })).body
  await until(async () => (await ana.queue()).some(({ id }) => id === sosId), 10_000, 'the incident')
  await ana.act(sosId, 'take')
  expect((await ana.act(sosId, 'handoff', { agencyId: 'ncr-911' })).status).toBe(200)
  const cora = await Person.logIn(tower, { role: 'supervisor' })
  const told = async () => {
    const { body } = await cora.get<{ disclosures?: unknown[] }>('/api/regions/NCR/disclosures')
    return (body.disclosures ?? []).length > 0
  }
  await until(told, 20_000, 'the disclosure in the archive')
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

const office = (options: DeskOptions = {}) =>
  Desk.open(browser, tower, { role: 'supervisor', path: '/disclosures?region=NCR', ...options })

test('a supervisor comes from the tower’s menu, narrows the list by keyboard, and takes it as a file', async () => {
  const tab = await Desk.open(browser, tower, { role: 'supervisor' })
  await tab.page.locator('.menu > summary').click()
  await tab.page.locator('.menu-body a[href^="/disclosures"]').click()
  await tab.page.locator('[data-disclosure]').waitFor()
  await tab.close()

  const desk = await office()
  const { page } = desk
  expect(await desk.text('[data-disclosure]')).toContain('911')
  await desk.tabTo('#incident')
  await page.keyboard.type('NCR-99')
  await desk.keys('Enter')
  await page.locator('[role="status"]').waitFor()
  expect(await page.locator('[data-disclosure]').count()).toBe(0)
  await page.locator('#incident').fill('')
  await page.locator('#day').fill(manilaDay(Date.now()))
  await page.locator('#to').selectOption('agency:ncr-911')
  await desk.tabTo('.disclosed-narrow button')
  await desk.keys('Enter')
  await page.locator('[data-disclosure]').waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[download]').click()])
  expect(download.suggestedFilename()).toBe('disclosures-NCR.csv')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 90_000)

test('it fits a phone, in both languages and themes, and has no fault that axe finds', async () => {
  for (const [theme, lang] of [
    ['light', 'fil'],
    ['dark', 'en'],
  ] as const) {
    const desk = await office({ lang, theme, width: 390, height: 844 })
    await desk.page.locator('[data-disclosure]').waitFor()
    const wide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
    expect(await desk.ask<boolean>(wide)).toBe(false)
    await desk.page.screenshot({ path: `artifacts/screen-disclosures-phone-${theme}.png`, fullPage: true })
    expect(await violations(desk)).toEqual([])
    expect(desk.unexpected).toEqual([])
    await desk.close()
  }
}, 90_000)
