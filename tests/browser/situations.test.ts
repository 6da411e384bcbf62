// A storm as supervisor and operator see it: switched on by a hand, situations with their people, and who is looking at what.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import { DEAD_AFTER_FRAME_MS } from '../../views/client/desk/key-rules'
import { startTestTower } from '../support/tower'
import { type Device, press, until } from '../system/people'
import { Desk, openBrowser } from './desk'

let tower: Tower
let browser: Browser
let ana: Desk
let boss: Desk
let ids: string[] = []

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  ana = await Desk.open(browser, tower)
  boss = await Desk.open(browser, tower, { role: 'supervisor', lang: 'fil', theme: 'dark' })
  await ana.unlockSound()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

const devices = (): Device[] => (tower.demo?.devices ?? []).filter(({ region }) => region === 'NCR') as Device[]

async function flood(): Promise<void> {
  const sent = await Promise.all(
    devices()
      .slice(0, 4)
      .map(async (device, at) => {
        const position = { lat: 14.61 + at / 1_000, lng: 120.99, accuracyM: 10 }
        const answer = await press(tower, device, { id: crypto.randomUUID(), kind: 'flood', position })
        expect(answer.status).toBe(201)
        return answer.body.sosId
      }),
  )
  ids = sent
}

test('a supervisor begins a storm with two presses of one button, and every desk shows it', async () => {
  await flood()
  await until(async () => (await ana.text('[data-count="open"]')) === '4', 10_000, 'four open')
  await boss.page.locator('.menu > summary').click()
  const button = boss.page.locator('.menu [data-storm-switch]')
  await button.click()
  expect(await ana.bodyData('storm')).toBe('off')
  expect(await button.textContent()).toBe('Pindutin muli: may isang page sa lahat ng lead')
  await button.click()
  await until(async () => (await ana.bodyData('storm')) === 'on', 10_000, 'the storm on the other desk')
  expect(await ana.text('[data-storm-offer-words]')).toMatch(/^Storm since \d\d:\d\d, by /)
  expect(await ana.text('[data-band-title]')).toBe('STORM NCR')
  expect(await ana.page.locator('[data-storm-switch]').count()).toBe(0)
  await boss.page.locator('.menu > summary').click()
}, 60_000)

test('what is near each other is offered as one situation, whose people are a bar and words', async () => {
  const suggestion = boss.page.locator('[data-suggestion]')
  await suggestion.waitFor({ timeout: 15_000 })
  // What moved under the pointer is not to be hit by it.
  await Bun.sleep(DEAD_AFTER_FRAME_MS + 100)
  await suggestion.locator('button').click()
  await until(async () => (await ana.page.locator('[data-situation]').count()) === 1, 10_000, 'the situation')
  expect(await ana.text('[data-situation] [data-slot="people"]')).toBe('4')
  expect(await ana.text('[data-situation] [data-slot="words"]')).toBe('4 no answer')
  const answer = await fetch(`${tower.url}/api/sos/${ids[0]}/answer`, {
    method: 'POST',
    headers: { authorization: `Bearer ${devices()[0]?.token}` },
    body: JSON.stringify({ answer: 'trapped' }),
  })
  expect(answer.status).toBe(200)
  await until(
    async () => (await ana.text('[data-situation] [data-slot="words"]')) === '1 trapped · 3 no answer',
    10_000,
    'the answer in its count',
  )
  await until(
    async () => (await boss.text('[data-situation] [data-slot="words"]')).startsWith('1 naipit'),
    5_000,
    'fil',
  )
  expect(await ana.page.locator('[data-situation] [data-standing="trapped"]').getAttribute('width')).toBe('25')
  await until(async () => (await ana.text('[data-storm-count="p1"]')) === '1', 10_000, 'the trapped one among P1')
  expect(await ana.text('[data-storm-list="p1"] [data-slot="chips"]')).toContain('Says: trapped')
  await ana.shoot('situations-light')
  await boss.shoot('situations-dark')
}, 60_000)

test('NEXT opens the gravest here, says so on the other desk, and gives another one there', async () => {
  await ana.keys('n')
  await ana.awaitFrame(ids[0] as string)
  await until(
    async () => (await boss.text('[data-storm-list="p1"] [data-slot="chips"]')).includes('Tinitingnan ni'),
    10_000,
    'who is looking',
  )
  await boss.keys('Escape', 'n')
  await until(async () => (await boss.framed()) !== '', 10_000, 'another frame')
  expect(await boss.framed()).not.toBe(ids[0] as string)
}, 60_000)

test('a situation is renamed, its people are read and taken out, by keyboard alone, and it ends', async () => {
  await boss.page.locator('[data-closes-panel]').click()
  await until(async () => (await boss.framed()) === '', 5_000, 'nothing framed')
  await boss.tabTo('[data-situation] [data-situation-people] > summary')
  await boss.keys('Enter')
  await until(async () => (await boss.page.locator('[data-member]').count()) === 4, 10_000, 'its people')
  await boss.tabTo('[data-situation-rename] input')
  await boss.keys('Control+a')
  await boss.page.keyboard.type('Baha España 112')
  await boss.keys('Enter')
  await until(
    async () => (await ana.page.locator('[data-situation] [data-slot="name"]').textContent()) === 'Baha España 112',
    10_000,
    'its new name',
  )
  await boss.page.locator('[data-member] [data-situation-act="leave"]').last().click()
  await until(async () => (await boss.text('[data-situation] [data-slot="people"]')) === '3', 10_000, 'one less')
  await boss.tabTo('[data-situation-act="end"]')
  await boss.keys('Enter')
  await until(async () => (await ana.page.locator('[data-situation]').count()) === 0, 10_000, 'its end')
  expect(ana.unexpected).toEqual([])
  expect(boss.unexpected).toEqual([])
}, 60_000)
