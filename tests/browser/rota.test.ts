// The rota in a real browser: a gap that is made is warned of and closed again by keyboard, a hand-over is written and accepted,
// and all of it fits a phone, both languages and both themes.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { until } from '../system/people'
import { violations } from './axe'
import { Desk, type DeskOptions, openBrowser } from './desk'

let tower: Tower
let browser: Browser
let sql: postgres.Sql

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await sql?.end()
  await tower?.stop()
}, 30_000)

const office = (path: string, options: DeskOptions = {}) =>
  Desk.open(browser, tower, { role: 'supervisor', path, ...options })

const tooWide = (desk: Desk): Promise<boolean> =>
  desk.ask('document.documentElement.scrollWidth > document.documentElement.clientWidth')

test('a gap is warned of on the page and on the strip, and somebody who is put in it by keyboard closes it', async () => {
  const desk = await office('/rota?region=NCR')
  const { page } = desk
  expect(await page.locator('[data-rota-gap]').getAttribute('data-rota-gap')).toBe('none')
  await sql`UPDATE duty_shift SET retired = true WHERE region = 'NCR' AND duty = 'management'`
  await desk.goto('/rota?region=NCR')
  expect(await desk.text('[data-rota-gap="management"]')).toContain('Nobody on duty: Management')
  expect(await page.locator('[data-duty="management"] .rota-gap').count()).toBeGreaterThan(0)
  await page.screenshot({ path: 'artifacts/screen-rota-gap.png', fullPage: true })

  await desk.goto('/r/NCR')
  await until(async () => (await desk.text('.strip-rota')).includes('Management'), 10_000, 'the gap on the strip')
  await desk.goto('/rota?region=NCR')

  await desk.tabTo('.rota-forms details:first-of-type > summary')
  await desk.keys('Enter')
  await desk.tabTo('#s-duty')
  await page.keyboard.type('Man')
  await desk.tabTo('#s-contactId')
  await page.keyboard.type('Bing')
  await page.locator('#s-from').fill(localNow(-1))
  await page.locator('#s-until').fill(localNow(-2))
  await desk.tabTo('.rota-forms details:first-of-type button')
  await desk.keys('Enter')
  await page.locator('#s-until-wrong').waitFor()
  expect(await desk.text('#s-until-wrong')).toBe('It ends before it begins.')
  await page.locator('#s-until').fill(localNow(7 * 24 - 1))
  await page.locator('[name="weekly"]').check()
  await desk.tabTo('.rota-forms details:first-of-type button')
  await desk.keys('Enter')
  await page.locator('#done').waitFor()
  expect(await page.locator('[data-rota-gap]').getAttribute('data-rota-gap')).toBe('none')
  expect(await desk.text('[data-duty="management"] .rota-words')).toContain('Bing Carandang')
  // The first answer was a refusal, as the browser says of every 422.
  desk.expect(/422/)
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 120_000)

test('a gap that lies days ahead is shown before it happens, and somebody who stands in ends it', async () => {
  // Nobody follows after this week: the repetition that has begun is the last.
  await sql`UPDATE duty_shift SET weekly_until = now() + interval '1 second' WHERE region = 'NCR' AND duty = 'second_lead'`
  const desk = await office('/rota?region=NCR')
  const { page } = desk
  expect(await desk.text('[data-rota-gap="second_lead"]')).toContain('Nobody on duty: Second lead')
  expect(await desk.text('[data-duty="second_lead"] .rota-words')).not.toContain('Nobody on duty')
  await desk.goto('/r/NCR')
  await until(async () => (await desk.text('.strip-rota')).includes('Second lead'), 10_000, 'the gap on the strip')
  await page.locator('.strip-rota a').click()

  const standIn = page.locator('.rota-forms details').nth(1)
  await standIn.locator('summary').click()
  await page.locator('#o-duty').selectOption('second_lead')
  await page.locator('#o-contactId').selectOption({ label: 'Susana Lim' })
  await page.locator('#o-from').fill(localNow(-1))
  await page.locator('#o-until').fill(localNow(8 * 24))
  await standIn.locator('button').click()
  await page.locator('#done').waitFor()
  expect(await page.locator('[data-rota-gap]').getAttribute('data-rota-gap')).toBe('none')
  expect(await desk.text('[data-duty="second_lead"] .rota-words')).toContain('Susana Lim')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 60_000)

test('a hand-over is written by the one, and accepted by the other', async () => {
  const desk = await office('/rota?region=NCR')
  const { page } = desk
  await page.locator('#rota-handovers ~ details > summary').click()
  await page.locator('#h-from').selectOption({ label: 'Paolo Gatchalian' })
  await page.locator('#h-to').selectOption({ label: 'Susana Lim' })
  await page.locator('#h-note').fill('NCR-47 is open: rover asked, driver quiet')
  await page.locator('form[hx-post="/rota/handovers"] button').click()
  await page.locator('[data-handover]').waitFor()
  expect(await desk.text('[data-handover]')).toContain('Not accepted yet')
  await page.locator('[data-handover] button').click()
  await until(async () => (await desk.text('[data-handover]')).includes('Accepted'), 5_000, 'the hand-over accepted')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 60_000)

test('somebody is added who can be told, and the policy is changed, by its fields', async () => {
  const desk = await office('/rota/contacts/new?region=NCR')
  const { page } = desk
  await page.locator('#name').fill('Luningning Ágata')
  await page.locator('[name="to0"]').fill('911')
  await page.locator('main form button[type="submit"]').first().click()
  await page.locator('[id="addresses.0.to-wrong"]').waitFor()
  await page.locator('[name="to0"]').fill('0900 555 7001')
  await page.locator('main form button[type="submit"]').first().click()
  await page.locator('#done').waitFor()
  expect(await page.locator('[name="to0"]').inputValue()).toBe('+639005557001')

  await desk.goto('/rota/policy?region=NCR')
  await page.locator('details.office-part > summary').click()
  await page.locator('[id="steps.P1.0.afterS"]').fill('8')
  await page.locator('form.rota-policy button').click()
  await page.locator('#done').waitFor()
  expect(await desk.text('table[data-priority="P1"]')).toContain('00:08')
  await page.screenshot({ path: 'artifacts/screen-rota-policy.png', fullPage: true })
  desk.expect(/422/)
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 60_000)

const PATHS = [
  '/rota?region=NCR',
  '/rota/contacts?region=NCR',
  '/rota/contacts/new?region=NCR',
  '/rota/policy?region=NCR',
]
const LOOKS = [
  { lang: 'en', theme: 'dark', width: 1280 },
  { lang: 'fil', theme: 'light', width: 320 },
] as const
for (const look of LOOKS) {
  test(`the rota can be read in ${look.lang}, ${look.theme}, at ${look.width} px, with all of it open`, async () => {
    const desk = await office('/rota?region=NCR', { ...look, height: 800 })
    for (const path of PATHS) {
      await desk.goto(path)
      await desk.ask("document.querySelectorAll('main details').forEach((each) => { each.open = true })")
      expect([path, await violations(desk)]).toEqual([path, []])
      const name = path.replace(/\?.*/, '').replaceAll('/', '-')
      await desk.page.screenshot({ path: `artifacts/screen${name}-${look.width}.png`, fullPage: true })
      expect([path, await tooWide(desk)]).toEqual([path, false])
    }
    expect(desk.unexpected).toEqual([])
    await desk.close()
  }, 120_000)
}

/** So many hours from now, as a browser writes it, by the clock of Manila. */
const localNow = (hours: number) => new Date(Date.now() + (8 + hours) * 3_600_000).toISOString().slice(0, 16)
