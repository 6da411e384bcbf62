// What leaves the tower by a person's decision, in a real browser: the 911 sheet by keys, the driver's contacts, a link made at
// the desk and opened on a phone without script, and the directory of agencies.

import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import { DEAD_AFTER_FRAME_MS } from '../../views/client/desk/key-rules'
import { startTestTower } from '../support/tower'
import { type Device, devicesOf, Person, press, until } from '../system/people'
import { Desk, openBrowser } from './desk'

let tower: Tower
let browser: Browser
let ana: Desk
let api: Person
let next: () => Device

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  next = devicesOf(tower, 'NCR')
  ana = await Desk.open(browser, tower, { lang: 'en' })
  api = await Person.logIn(tower, { role: 'supervisor' })
  await ana.unlockSound()
}, 120_000)
afterEach(() => expect(ana.unexpected).toEqual([]))
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

const PHONE = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  javaScriptEnabled: false,
} as const

const ask = async (id: string): Promise<false> => {
  await ana.ask(`document.dispatchEvent(new CustomEvent('tower:frame', { detail: '${id}' }))`)
  await Bun.sleep(1_000)
  return false
}

async function taken(kind: 'crash' | 'panic'): Promise<string> {
  const position = { lat: 14.5873, lng: 121.0565, accuracyM: 12 }
  const { body } = await press(tower, next(), { id: crypto.randomUUID(), kind, position })
  // She may hold another one: nothing is put before her eyes then, and she asks for it as from the map.
  await until(async () => (await ana.framed()) === body.sosId || ask(body.sosId), 10_000, 'the frame')
  await ana.awaitFrame(body.sosId)
  await ana.keys('a')
  await until(async () => (await api.incident(body.sosId)).owner !== null, 5_000, 'the take')
  await ana.page.locator('.panel-now [data-opens]').waitFor()
  // The band above has gone with the take, and what it pushed down has moved: clicks rest for a moment.
  await ana.page.waitForLoadState('networkidle')
  await Bun.sleep(DEAD_AFTER_FRAME_MS + 50)
  return body.sosId
}

test('the 911 sheet by keys: two languages, the agencies with their doubts, and a hand-off with its reference', async () => {
  const id = await taken('panic')
  await ana.page.locator('.panel-now [data-key="h"]').waitFor()
  await ana.keys('h')
  await ana.page.locator('#sheet-script:not([hidden])').waitFor()
  await ana.page.locator('#agencies .agency-choice').first().waitFor()
  expect(await ana.text('#sheet-script .script')).toContain('Do not call the driver')
  expect(await ana.page.locator('#sheet-script .script-other').textContent()).toContain('Huwag po')
  expect(await ana.page.locator('#agencies a[href^="tel:"]').count()).toBe(0)
  await ana.shoot('handoff-sheet')
  await ana.page.locator('#sheet-script input[name="ref"]').fill('CC-0815')
  await ana.page.locator('#sheet-script input[name="ref"]').press('Enter')
  await ana.page.locator('.leg[data-ref^="agency:"]').waitFor()
  const incident = await api.incident(id)
  expect(incident.state).toBe('help_asked')
  await until(async () => (await ana.text('.timeline')).includes('CC-0815'), 5_000, 'the hand-off in the timeline')
  // The next step is somebody of ours.
  await ana.page.locator('.panel-now [data-key="s"]').waitFor()
}, 60_000)

test('a link made at the desk opens on a phone without script, shows what was granted, and is closed again', async () => {
  const id = await taken('crash')
  await ana.page.locator('[data-opens="share"]').click()
  await ana.page.locator('#share-slot input[name="recipient"]').fill('Makati police')
  await ana.page.locator('#share-slot input[name="grant_vehicle"]').check()
  await ana.page.locator('#share-slot button[data-sheet-key="enter"]').click()
  const url = (await ana.page.locator('.share-url').textContent()) ?? ''
  const code = (await ana.page.locator('.share-code-said').textContent()) ?? ''
  await ana.shoot('share-made')

  const context = await browser.newContext(PHONE)
  const phone = await context.newPage()
  const opened = await phone.goto(url)
  expect(opened?.status()).toBe(200)
  await phone.locator('.share-map svg').waitFor()
  expect(await phone.locator('.share-main').textContent()).toContain('14.58730, 121.05650')
  expect(await phone.locator('.plate').count()).toBe(1)
  // Nothing is wider than the phone.
  expect(await phone.locator('body').evaluate((body) => body.scrollWidth)).toBeLessThanOrEqual(390)
  await phone.screenshot({ path: 'artifacts/screen-share-phone.png', fullPage: true })

  await phone.goto(`${tower.url}/s`)
  await phone.locator('input[name="code"]').fill(code.toLowerCase())
  await phone.locator('button[type="submit"]').click()
  await phone.locator('.share-map svg').waitFor()
  expect(phone.url()).not.toBe(url)

  await ana.page.locator('#share-slot [data-share] button').click()
  await until(async () => (await ana.text('#share-slot')).includes('closed'), 5_000, 'the link to be closed')
  expect((await phone.goto(url))?.status()).toBe(410)
  await context.close()

  // Postgres hears of all of it: what was given to whom, who opened it, and that it is closed.
  const sql = postgres(tower.databaseUrl, { max: 1 })
  try {
    const kept = await until(
      async () =>
        (
          await sql`SELECT link.recipient, link.granted, link.token_hash, (SELECT count(*)::int FROM share_view WHERE link_id = link.id) AS views,
            (SELECT count(*)::int FROM disclosure WHERE incident_id = ${id}) AS told
            FROM share_link AS link WHERE incident_id = ${id} AND revoked_at IS NOT NULL`
        )[0],
      15_000,
      'the link in Postgres',
    )
    expect(kept).toMatchObject({ recipient: 'Makati police', granted: ['position', 'vehicle'], told: 1 })
    expect(kept.views).toBeGreaterThan(0)
    expect(url).not.toContain(kept.token_hash)
  } finally {
    await sql.end()
  }
}, 60_000)

test('the driver’s contacts are told one by one, and a quiet incident says what the text will say', async () => {
  await taken('panic')
  await ana.page.locator('[data-opens="kin"]').click()
  await until(async () => (await ana.text('#kin-slot')).length > 0, 5_000, 'the contacts')
  expect(await ana.page.locator('[data-opens="message"]').count()).toBe(0)
  await ana.shoot('kin-sheet')
  const first = ana.page.locator('#kin-slot [data-contact] button').first()
  if ((await first.count()) > 0) {
    expect(await ana.text('#kin-slot')).toContain('DO NOT CALL OR TEXT')
    await first.click()
    await until(async () => (await ana.text('#kin-slot')).includes('told of the SOS'), 5_000, 'the contact to be told')
  }
}, 60_000)

test('contacts, a message and a link have their keys; where silence is kept there is none for a message', async () => {
  const quiet = await taken('panic')
  await taken('crash')
  const open = (sheet: string) => ana.page.locator(`#sheet-${sheet}:not([hidden])`)
  await ana.keys('f')
  await open('kin').waitFor()
  await ana.keys('Escape', 'j')
  await open('share').waitFor()
  await ana.page.locator('#share-slot input[name="recipient"]').waitFor()
  await ana.keys('Escape', 'd')
  await open('message').waitFor()
  await ana.page.keyboard.type('Dfj, nasaan ka?')
  await ana.keys('Enter')
  await until(
    async () => (await ana.text('.timeline')).includes('Dfj, nasaan ka?'),
    5_000,
    'the message in the timeline',
  )
  // Where silence is kept there is no message, and its key does nothing.
  await ana.page.locator(`[data-queue-list] .card[data-id="${quiet}"]`).click()
  await ana.awaitFrame(quiet)
  await ana.keys('d')
  expect(await ana.page.locator('#panel .sheet:not([hidden])').count()).toBe(0)
  await ana.keys('f')
  await open('kin').waitFor()
  await ana.keys('Escape', '?')
  const help = await ana.text('#keys')
  for (const words of ['D Write to driver', 'F Tell contacts', 'J Share location'])
    expect(help.replace(/\s+/g, ' ')).toContain(words)
  await ana.keys('Escape')
}, 60_000)

test('the directory of agencies, light and dark', async () => {
  for (const theme of ['light', 'dark'] as const) {
    const desk = await Desk.open(browser, tower, { role: 'supervisor', theme, path: '/agencies?region=NCR' })
    expect(await desk.text('main')).toContain('911')
    expect(await desk.page.locator('[data-confidence="low"]').count()).toBeGreaterThan(0)
    await desk.shoot(`agencies-${theme}`)
    await desk.page.locator('tbody th a').first().click()
    await desk.page.locator('.agency-fields').waitFor()
    await desk.shoot(`agency-${theme}`)
    expect(desk.unexpected).toEqual([])
  }
}, 60_000)
