// Quiet until proven, as the operator sees it: a duress PIN cancels for the phone alone, and the screen offers no way to ring it.

import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { call, type Device, devicesOf, Person, type Pressed, press, until } from '../system/people'
import { Desk, openBrowser } from './desk'

let tower: Tower
let browser: Browser
let ana: Desk
let api: Person
let next: () => Device

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  next = devicesOf(tower, 'NCR')
  ana = await Desk.open(browser, tower, { lang: 'fil' })
  api = await Person.logIn(tower, { role: 'supervisor' })
  await ana.unlockSound()
}, 120_000)
afterEach(() => expect(ana.unexpected).toEqual([]))
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

const bearer = (device: Device) => ({ authorization: `Bearer ${device.token}` })
const stateAtPhone = async (device: Device, { statusUrl }: Pressed): Promise<string> =>
  (await call<{ state: string }>(statusUrl, { headers: bearer(device) })).body.state
const enterPin = (device: Device, { sosId }: Pressed, pin: string) =>
  call(`${tower.url}/api/sos/${sosId}/cancel`, {
    method: 'POST',
    headers: { ...bearer(device), 'content-type': 'application/json' },
    body: JSON.stringify({ pin }),
  })
/** Whatever on the panel could make the driver's phone ring. */
const waysToRing = async (): Promise<string[]> =>
  ana.ask(`[
    ...[...document.querySelectorAll('#panel a[href^="tel:"]')].map((link) => link.href),
    ...[...document.querySelectorAll('#sheet-contact input[name="to"]')].map(({ value }) => value).filter((to) => to !== 'agency'),
  ]`)

test('a crash may be called; the duress PIN makes its screen loud and its phone blind', async () => {
  const device = next()
  const position = { lat: 14.676, lng: 121.0437, accuracyM: 6 }
  const { body: pressed } = await press(tower, device, { id: crypto.randomUUID(), kind: 'crash', position })
  await ana.awaitFrame(pressed.sosId)
  expect(await ana.page.locator('.panel-quiet').count()).toBe(0)
  expect(await waysToRing()).toEqual([expect.stringMatching(/^tel:\+63/), 'driver', 'contact'])

  await enterPin(device, pressed, device.duressPin)
  await until(async () => (await stateAtPhone(device, pressed)) === 'cancelled', 5_000, 'cancelled, at the phone')
  await until(async () => (await ana.page.locator('.panel-quiet').count()) === 1, 5_000, 'the quiet band')
  expect(await ana.text('.panel-quiet')).toBe('TAHIMIK: HUWAG TAWAGAN')
  expect(await ana.text('.panel-head')).toContain('Pinilit (duress)')
  expect(await ana.text(`.card[data-id="${pressed.sosId}"] [data-slot="quiet"]`)).toBe('TAHIMIK: HUWAG TAWAGAN')
  expect(await waysToRing()).toEqual([])
  expect(await ana.bodyData('sound')).toMatch(/^p1/)
  const incident = await api.incident(pressed.sosId)
  expect([incident.state, incident.priority, incident.contactPolicy]).toEqual(['new', 'P1', 'quiet'])
  expect(incident.flags).toContain('duress')
  await ana.shoot('duress')

  await ana.keys('a')
  await until(async () => (await api.incident(pressed.sosId)).owner !== null, 5_000, 'the take')
  await ana.page.locator('.panel-now [data-key="h"]').waitFor()
  await ana.keys('k')
  await ana.page.locator('#sheet-contact:not([hidden])').waitFor()
  expect(await ana.text('#sheet-contact .notice')).toContain('huwag tawagan')
  await ana.shoot('duress-contact')
  await ana.keys('Escape')
  expect(await stateAtPhone(device, pressed)).toBe('cancelled')
  await api.act(pressed.sosId, 'safe', { confirmedBy: 'police_there' })
}, 60_000)

test('a quiet SOS has no way to ring until it is made voice-ok, with a reason', async () => {
  const { body: pressed } = await press(tower, next(), {
    id: crypto.randomUUID(),
    kind: 'panic',
    position: { lat: 14.6, lng: 121 },
  })
  await ana.page.locator(`.card[data-id="${pressed.sosId}"]`).waitFor()
  await ana.keys('n')
  await ana.awaitFrame(pressed.sosId)
  expect(await waysToRing()).toEqual([])
  await ana.keys('a')
  await until(async () => (await api.incident(pressed.sosId)).owner !== null, 5_000, 'the take')
  await ana.page.locator('.panel-now [data-key="h"]').waitFor()
  await ana.keys('q')
  await ana.page.locator('#sheet-policy:not([hidden])').waitFor()
  await ana.shoot('policy-sheet')
  // Without a reason nothing is sent.
  await ana.keys('Enter')
  await Bun.sleep(300)
  expect((await api.incident(pressed.sosId)).contactPolicy).toBe('quiet')
  await ana.keys('1', 'Enter')
  await until(async () => (await api.incident(pressed.sosId)).contactPolicy === 'voice_ok', 5_000, 'voice-ok')
  await until(async () => (await waysToRing()).length === 3, 5_000, 'the ways to call')
  expect(await ana.page.locator('.panel-quiet').count()).toBe(0)
}, 60_000)

test('the true PIN leaves it in the queue, to be verified, without sound', async () => {
  const device = next()
  const { body: pressed } = await press(tower, device, {
    id: crypto.randomUUID(),
    kind: 'panic',
    position: { lat: 14.6, lng: 121 },
  })
  await ana.page.locator(`.card[data-id="${pressed.sosId}"]`).waitFor()
  await enterPin(device, pressed, device.pin)
  await until(async () => (await api.incident(pressed.sosId)).state === 'cancelled', 5_000, 'the cancel')
  await until(
    async () => (await ana.text(`.card[data-id="${pressed.sosId}"] .card-foot`)).includes('Kinansela, tiyakin'),
    5_000,
    'the card to be verified',
  )
  await until(async () => (await ana.bodyData('sound')) === 'silent', 5_000, 'silence')
  expect(await ana.page.locator('.band').isVisible()).toBe(false)
  await ana.shoot('cancel-verify')
}, 30_000)
