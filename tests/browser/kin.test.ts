// Whom a driver wants told, in a real browser: reached from the device, written by keyboard, wrong and then right, both languages
// and both themes, on a phone, too.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { violations } from './axe'
import { Desk, openBrowser } from './desk'

let tower: Tower
let browser: Browser

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

const tooWide = (desk: Desk): Promise<boolean> =>
  desk.ask('document.documentElement.scrollWidth > document.documentElement.clientWidth')

test('an admin writes down somebody by keyboard; what is wrong is said beside its field, and what is kept stays', async () => {
  const device = tower.demo?.devices.find(({ region }) => region === 'NCR')?.id ?? expect.unreachable()
  const desk = await Desk.open(browser, tower, { role: 'admin', path: `/devices/${device}` })
  await desk.tabTo('a[href$="/kin"]')
  await desk.keys('Enter')
  await desk.page.locator('#name0').waitFor()
  const address = new URL(desk.page.url()).pathname
  const n = 2
  await desk.page.locator(`#name${n}`).focus()
  await desk.page.keyboard.type('Luz Dima')
  await desk.keys('Tab')
  await desk.page.keyboard.type('wife')
  await desk.keys('Tab')
  await desk.page.keyboard.type('911')
  desk.expect(/422/)
  await desk.keys('Enter')
  await desk.page.locator(`#phone${n}-wrong`).waitFor()
  expect(await desk.text(`#phone${n}-wrong`)).toBe('Write a number of the Philippines, as 0917 123 4567.')
  expect(await desk.page.locator(`#name${n}`).inputValue()).toBe('Luz Dima')
  expect(await violations(desk)).toEqual([])
  await desk.page.locator(`#phone${n}`).fill('0900 555 7777')
  await desk.tabTo('main button[type="submit"]')
  await desk.keys('Enter')
  await desk.page.locator('#done').waitFor()
  expect(await desk.text('#done')).toBe('Kept. The desks of NCR-Manila have it within a minute.')
  expect(await desk.page.content()).toContain('+639005557777')
  await desk.shoot('kin')
  expect(desk.unexpected).toEqual([])
  await desk.close()

  const phone = await Desk.open(browser, tower, {
    role: 'admin',
    path: address,
    lang: 'fil',
    theme: 'dark',
    width: 390,
    height: 844,
  })
  expect(await phone.text('h1')).toStartWith('Mga contact sa emergency ni')
  expect(await violations(phone)).toEqual([])
  expect(await tooWide(phone)).toBe(false)
  expect(phone.unexpected).toEqual([])
  await phone.close()
}, 90_000)

test('a form that is sent before htmx is there waits for it, and what is written in it stands in no address', async () => {
  const device = tower.demo?.devices.find(({ region }) => region === 'NCR')?.id ?? expect.unreachable()
  const desk = await Desk.open(browser, tower, { role: 'admin', path: `/devices/${device}` })
  const address = await desk.page.locator('a[href$="/kin"]').first().getAttribute('href')
  let there = () => {}
  const late = new Promise<void>((resolve) => {
    there = resolve
  })
  await desk.page.route('**/assets/htmx.min.js', async (route) => {
    await late
    await route.continue()
  })
  // The page is never done while its script is held back.
  await desk.page.goto(tower.url + address, { waitUntil: 'commit' })
  await desk.page.locator('#name0').waitFor()
  await desk.page.locator('#name0').fill('Luz Dimaculangan-Reyes')
  await desk.page.locator('#name0').press('Enter')
  await Bun.sleep(300)
  expect(desk.page.url()).toBe(tower.url + address)
  there()
  await desk.page.locator('#done').waitFor()
  expect(desk.page.url()).toBe(tower.url + address)
  expect(await desk.page.locator('#name0').inputValue()).toBe('Luz Dimaculangan-Reyes')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 60_000)
