// A region that is looked after from another, in a real browser and between two real rooms: both sides see by whom and why, each
// act is pressed twice, and while the others watch, nobody of the region is called out of bed.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { devicesOf, press, until } from '../system/people'
import { violations } from './axe'
import { Desk, openBrowser } from './desk'

let tower: Tower
let browser: Browser

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  // The demo's supervisor is Manila's; this one is of both, as its account will say when she logs in.
  const sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
  await sql`UPDATE app_user SET regions = '{NCR,CEB}' WHERE role = 'supervisor'`
  await sql.end()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

const band = '[data-takeover]'
const decided = async (desk: Desk, id: string): Promise<{ step: string }[]> =>
  (
    (await (await desk.page.request.get(`${tower.url}/api/incidents/${id}/ladder`)).json()) as {
      decided: { step: string }[]
    }
  ).decided

test('Cebu looks after Manila: both screens say so, presses there page nobody while Cebu watches, and it is given back', async () => {
  const cebu = await Desk.open(browser, tower, { role: 'supervisor', theme: 'dark' })
  await cebu.goto('/r/CEB')
  await cebu.live()
  await cebu.unlockSound()

  await cebu.page.locator('.strip-me summary').click()
  await cebu.page.locator('[data-takeover-open]').focus()
  await cebu.keys('Enter')
  await cebu.page.locator('[data-takeover-dialog]').waitFor({ state: 'visible' })
  expect(await violations(cebu, '[data-takeover-dialog]')).toEqual([])
  await cebu.page.locator('#takeover-region').selectOption('NCR')
  await cebu.page.locator('#takeover-reason').focus()
  // Letters that are keys of the desk outside of it.
  await cebu.page.keyboard.type('main power cut')
  await cebu.keys('Enter')
  const take = cebu.page.locator('[data-takeover-take]')
  expect(await take.textContent()).toBe('Press again: Cebu looks after NCR-Manila from now on')
  await cebu.shoot('takeover-form')
  expect(await cebu.page.locator(band).isHidden()).toBe(true)
  await cebu.keys('Enter')
  await cebu.page.locator(band).waitFor({ state: 'visible' })
  expect(await cebu.text(`${band} [data-slot="since"]`)).toMatch(/^Cebu looks after NCR-Manila since \d\d:\d\d$/)
  expect(await cebu.text(`${band} [data-slot="by"]`)).toBe('(Shift lead: main power cut)')
  expect(await violations(cebu, band)).toEqual([])
  await cebu.shoot('takeover')

  const incident = (await press(tower, devicesOf(tower, 'NCR')(), { id: crypto.randomUUID() })).body.sosId
  await until(async () => (await cebu.card(incident).count()) === 1, 10_000, 'its card in Cebu')
  await until(async () => (await decided(cebu, incident)).length > 0, 20_000, 'the first step')
  expect((await decided(cebu, incident)).map(({ step }) => step)).not.toContain('unwatched')

  const manila = await Desk.open(browser, tower, { lang: 'fil' })
  await manila.page.locator(band).waitFor({ state: 'visible' })
  expect(await manila.text(`${band} [data-slot="since"]`)).toMatch(
    /^Binabantayan ng Cebu ang NCR-Maynila mula \d\d:\d\d$/,
  )
  expect(await manila.page.locator('[data-takeover-give], [data-takeover-open]').count()).toBe(0)
  expect(await violations(manila, band)).toEqual([])

  // The last who watched is gone: Manila hears so at once, and its leads are told.
  await manila.close()
  await cebu.goto('/r/NCR')
  await until(
    async () => (await decided(cebu, incident)).some(({ step }) => step === 'unwatched'),
    20_000,
    'the leads told',
  )

  await cebu.tabTo('[data-takeover-give]')
  await cebu.keys('Enter')
  expect(await cebu.text('[data-takeover-give]')).toBe('Press again: NCR-Manila is on its own')
  await cebu.keys('Enter')
  await cebu.page.locator(band).waitFor({ state: 'hidden' })
  await cebu.goto('/r/CEB')
  await cebu.live()
  expect(await cebu.page.locator(band).isHidden()).toBe(true)
  expect(cebu.unexpected).toEqual([])
  await cebu.close()
}, 120_000)
