// The ladder in a real browser, before a provider that rings and fails: nobody watches, a lead is called and texted at once,
// both fail, the next people are told, one of them presses 1, it is held, taken at a desk, and nobody more is told. And what
// the page of deliveries says of all that.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import type { LadderView } from '../../src/room/paging-contract'
import { noAnswer, pressing, startTwilio, type TwilioSimulator, undelivered } from '../simulators/twilio'
import { startTestTower } from '../support/tower'
import { devicesOf, Person, press, until } from '../system/people'
import { violations } from './axe'
import { Desk, openBrowser } from './desk'

const MANILA = { lat: 14.5995, lng: 120.9842, accuracyM: 12 }

let tower: Tower
let browser: Browser
let twilio: TwilioSimulator
let light: Desk
let dark: Desk
let phone: Desk
let api: Person

beforeAll(async () => {
  twilio = await startTwilio()
  ;[tower, browser] = await Promise.all([startTestTower({ settings: { ...twilio.settings } }), openBrowser()])
  api = await Person.logIn(tower, { role: 'supervisor' })
  light = await Desk.open(browser, tower)
  dark = await Desk.open(browser, tower, { nth: 1, theme: 'dark', lang: 'fil' })
  phone = await Desk.open(browser, tower, { role: 'supervisor', width: 390, height: 844 })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
  await twilio?.stop()
}, 30_000)

const tooWide = (desk: Desk): Promise<boolean> =>
  desk.ask('document.documentElement.scrollWidth > document.documentElement.clientWidth')
const shootLadder = async (desk: Desk, name: string): Promise<void> => {
  await desk.page.locator('.ladder').scrollIntoViewIfNeeded()
  await desk.shoot(`ladder-${name}`)
}
const ladderOf = async (id: string): Promise<LadderView> =>
  (await api.get<LadderView>(`/api/incidents/${id}/ladder`)).body

test('nobody watches: each try is seen, the next people follow, a key holds it, and a take ends it', async () => {
  twilio.messages.always(undelivered(1_000))
  // The one on duty does not pick up; whoever is told after that takes it.
  twilio.calls.always(pressing('1', 2_500)).next(noAnswer(1_500))
  const { body } = await press(tower, devicesOf(tower, 'NCR')(), { id: crypto.randomUUID(), position: MANILA })
  const id = body.sosId
  for (const desk of [light, dark, phone]) await desk.awaitFrame(id)

  const { page } = light
  const rung = (channel: string, state: string) =>
    page.locator(`.ladder-step[data-step="unwatched"] .rung[data-channel="${channel}"][data-state="${state}"]`)
  await page.locator('.ladder-step[data-step="unwatched"] .rung[data-channel="voice"]').first().waitFor()
  await page.locator('.ladder-step[data-step="unwatched"] .rung[data-channel="sms"]').first().waitFor()
  expect(await light.text('.ladder-step[data-step="unwatched"] .ladder-head')).toContain('nobody watches')
  await rung('sms', 'undelivered').first().waitFor()
  await rung('voice', 'undelivered').or(rung('voice', 'failed')).first().waitFor()
  expect(await light.text('.ladder-step[data-step="unwatched"] .rungs')).toContain('no answer')
  await shootLadder(light, 'failed-light')

  await until(async () => (await page.locator('.ladder-step').count()) > 1, 15_000, 'the next people')
  await page.locator('.ladder-held').waitFor()
  expect(await light.text('.ladder-held')).toMatch(/^Held by .+ \(phone\) [0-2]:\d\d$/)
  const before = await light.text('.ladder-held')
  await until(async () => (await light.text('.ladder-held')) !== before, 5_000, 'the countdown')
  const chip = light.card(id).locator('.chip[data-until]')
  expect(await chip.textContent()).toMatch(/^.+, phone, [0-2]:\d\d$/)
  expect(await chip.getAttribute('data-tone')).toBe('warn')

  await dark.page.locator('.ladder-held').waitFor()
  await phone.page.locator('.ladder-held').waitFor()
  await Promise.all([
    shootLadder(light, 'held-light'),
    shootLadder(dark, 'held-dark'),
    shootLadder(phone, 'held-phone'),
  ])
  expect(await dark.text('.ladder-held')).toMatch(/^Hawak ni .+ \(telepono\) [0-2]:\d\d$/)
  for (const desk of [light, dark, phone]) expect(await violations(desk, '.ladder')).toEqual([])
  expect(await tooWide(phone)).toBe(false)

  await light.keys('a')
  await page.locator('.ladder-now[data-state="over"]').waitFor()
  await dark.page.locator('.ladder-now[data-state="over"]').waitFor()
  expect(await page.locator('.ladder-held').count()).toBe(0)
  expect(await light.card(id).locator('.chip[data-until]').count()).toBe(0)
  const ended = await until(async () => {
    const ladder = await ladderOf(id)
    return ladder.pages.every(({ state }) => !['waiting', 'with', 'stopping'].includes(state)) ? ladder : null
  })
  expect(ended).toMatchObject({ state: 'over', next: [], held: null })
  await shootLadder(light, 'over-light')
  expect(twilio.violations).toEqual([])
  for (const desk of [light, dark, phone]) expect(desk.unexpected).toEqual([])
}, 90_000)

test('the page of deliveries says what became of it, what is off and why, and no secret', async () => {
  const path = '/delivery?region=NCR'
  await until(async () => {
    await light.goto(path)
    return (await light.page.locator('.delivery-row').count()) > 0
  }, 30_000)
  const { page } = light
  expect(await page.locator('[data-way="twilio sms"]').getAttribute('data-on')).toBe('yes')
  expect(await light.text('[data-way="sendgrid email"]')).toContain('SENDGRID_API_KEY')
  expect(await page.content()).not.toContain(String(twilio.settings.TWILIO_AUTH_TOKEN))
  await light.tabTo('.delivery-table summary')
  await light.keys('Enter')
  expect(await light.text('tr[data-way="sms"] th')).toBe('Text')
  await dark.goto(`${path}&period=week`)
  await phone.goto(path)
  for (const [desk, name] of [
    [light, 'light'],
    [dark, 'dark'],
    [phone, 'phone'],
  ] as const) {
    expect(await violations(desk, 'main')).toEqual([])
    expect(await tooWide(desk)).toBe(false)
    await desk.page.screenshot({ path: `artifacts/screen-delivery-${name}.png`, fullPage: true })
    expect(desk.unexpected).toEqual([])
  }
}, 60_000)

test('a provider that fails is seen on the strip of every screen, and on the page', async () => {
  twilio.messages.always({ does: 'fail' })
  twilio.calls.always({ does: 'fail' })
  await press(tower, devicesOf(tower, 'NCR')(), { id: crypto.randomUUID(), position: MANILA })
  await until(
    async () => {
      await tower.tick()
      const { body } = await api.get<{ ways: { circuit: { open: number } | null }[] }>('/api/regions/NCR/ways-out')
      return body.ways.some(({ circuit }) => (circuit?.open ?? 0) > 0)
    },
    90_000,
    'the open circuit in the sentinel’s report',
  )
  await light.goto('/r/NCR')
  await until(async () => /down/i.test((await light.lamp('ways')).words), 10_000, 'the lamp')
  expect((await light.lamp('ways')).state).toMatch(/warn|bad/)
  await light.page.locator('[data-lamp="ways"]').click()
  expect(await light.text('#ways ~ .delivery-ways')).toContain('DOWN')
  await light.shoot('ladder-ways-down')
}, 120_000)
