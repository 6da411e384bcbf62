// Who could be there soonest, on a real screen: a list to compare and to ask from, on the map beside it, and a place in the
// panel that drives along with the vehicle.

import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { call, type Device, devicesOf, Person, press, until } from '../system/people'
import { Desk, openBrowser } from './desk'

/** On EDSA, beside a mall that everybody knows. */
const HERE = { lat: 14.5846, lng: 121.0562 }

let tower: Tower
let browser: Browser
let ana: Desk
let api: Person
let own: Device
let helpers: Device[]
let id: string

const report = (device: Device, at: { lat: number; lng: number; speedMps?: number; headingDeg?: number }) =>
  call(`${tower.url}/api/positions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${device.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...at, accuracyM: 8, fixedAt: new Date().toISOString() }),
  })
const row = (device: Device) => `#nearest .near[data-ref="device:${device.id}"]`
const helper = (n: number): Device => helpers[n] as Device

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  const next = devicesOf(tower, 'NCR')
  own = next()
  helpers = [next(), next(), next(), next()]
  await report(helper(0), { lat: HERE.lat + 0.006, lng: HERE.lng + 0.004 })
  await report(helper(1), { lat: HERE.lat - 0.012, lng: HERE.lng - 0.01 })
  await report(helper(2), { lat: HERE.lat + 0.02, lng: HERE.lng - 0.018 })
  await report(helper(3), { lat: HERE.lat + 0.004, lng: HERE.lng + 0.036 })
  ana = await Desk.open(browser, tower)
  api = await Person.logIn(tower, { role: 'supervisor' })
  await ana.unlockSound()
  const pressed = await press(tower, own, {
    id: crypto.randomUUID(),
    kind: 'medical',
    position: { ...HERE, accuracyM: 12, fixedAt: new Date().toISOString() },
  })
  id = pressed.body.sosId
  await ana.page.locator(`.band-item[data-id="${id}"], .card[data-id="${id}"]`).first().click()
  await ana.awaitFrame(id)
}, 120_000)
afterEach(() => expect(ana.unexpected).toEqual([]))
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

test('the list comes after the panel: vehicles and stations, soonest first, numbered as on the map', async () => {
  await ana.page.locator(row(helper(0))).waitFor()
  const refs = await ana.ask<string[]>(
    `[...document.querySelectorAll('#nearest .near')].map((each) => each.dataset.ref)`,
  )
  const ours = refs.filter((ref) => ref.startsWith('device:'))
  expect(ours).toEqual(helpers.map((device) => `device:${device.id}`))
  expect(refs.some((ref) => ref.startsWith('station:'))).toBe(true)
  const widths = await ana.ask<number[]>(
    `[...document.querySelectorAll('#nearest .near-time')].map((bar) => bar.getBoundingClientRect().width)`,
  )
  expect(widths).toEqual(widths.toSorted((a, b) => a - b))
  expect(widths.at(-1)).toBeGreaterThan(100)
  const onMap = await ana.ask<string[]>(
    `[...document.querySelectorAll('#map .near-mark')].map((mark) => mark.textContent)`,
  )
  expect(onMap.toSorted()).toEqual(refs.map((_, n) => String(n + 1)).toSorted())
  expect(await ana.page.locator('#map .near-line').count()).toBe(refs.length)
  expect(await ana.text(row(helper(0)))).toMatch(/\d min.*estimated/s)
}, 30_000)

test('whoever was shown the list is in the log of accesses, once a look, with the vehicles and the incident', async () => {
  const sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
  try {
    const looks = await sql<{ subject: string; actor_uid: string }[]>`
      SELECT subject, actor_uid FROM access_log WHERE purpose = ${`nearest to incident ${id}`}`
    expect(looks).toHaveLength(1)
    expect(looks[0]?.actor_uid).not.toBe('')
    for (const device of helpers) expect(looks[0]?.subject).toContain(device.id)
  } finally {
    await sql.end()
  }
}, 30_000)

test('the list is drawn anew under a hand: the focus stays with whom it was on, and with the list where they have gone', async () => {
  const askAnew = () => ana.ask(`document.querySelector('#nearest').dispatchEvent(new CustomEvent('nearest-ask'))`)
  const focused = () =>
    ana.ask<string>(`document.activeElement.closest('.near')?.dataset.ref ?? document.activeElement.id`)
  const button = ana.page.locator(`${row(helper(1))} button`)
  await button.focus()
  const before = await button.elementHandle()
  await askAnew()
  await until(async () => !(await before?.evaluate((each) => each.isConnected)), 5_000, 'another list')
  expect(await focused()).toBe(`device:${helper(1).id}`)

  await ana.page.route('**/nearest', (route) => route.fulfill({ contentType: 'text/html', body: '<p>nobody</p>' }))
  await askAnew()
  await until(async () => (await ana.text('#nearest')) === 'nobody', 5_000, 'an empty list')
  expect(await focused()).toBe('nearest')
  await ana.page.unroute('**/nearest')
  await askAnew()
  await button.waitFor()
}, 30_000)

test('by keys alone: V goes to the list, Tab to the first, Enter asks it, once', async () => {
  // V asks anew; a hand that is quicker than the answer is another test's.
  await ana.ask(
    `document.addEventListener('htmx:after:swap', () => { document.body.dataset.swapped = 'yes' }, { once: true })`,
  )
  await ana.keys('v')
  await until(() => ana.ask<boolean>(`document.activeElement.id === 'nearest'`), 5_000, 'the focus on the list')
  await until(() => ana.ask<boolean>(`document.body.dataset.swapped === 'yes'`), 5_000, 'the list, drawn anew')
  await until(() => ana.ask<boolean>(`document.querySelector('#nearest .near') !== null`), 5_000, 'the list')
  const first = await ana.ask<string>(`document.querySelector('#nearest .near').dataset.ref`)
  await ana.keys('Tab', 'Enter')
  const { legs } = await until(
    async () => {
      const incident = await api.incident(id)
      return incident.legs.length > 0 ? incident : null
    },
    5_000,
    'the leg',
  )
  expect(legs).toMatchObject([{ ref: first, state: 'asked' }])
  expect(legs[0]?.name).not.toBe('')
  const asked = `#nearest .near[data-ref="${first}"]`
  await until(async () => (await ana.page.locator(`${asked}[data-asked]`).count()) === 1, 5_000, 'the mark')
  expect(await ana.page.locator(`${asked} form`).isVisible()).toBe(false)
  expect(await ana.text(`${asked} [data-near-asked]`)).toBe('Asked')
  await until(async () => (await ana.page.locator('#map .near-line.near-asked').count()) === 1, 5_000, 'its line')
  expect(await ana.text('.legs')).toContain(legs[0]?.name ?? '?')

  // What the leg becomes is said in the list, too.
  await api.act(id, 'legs', { legId: legs[0]?.id, state: 'on_the_way' })
  await until(async () => (await ana.text(`${asked} [data-near-asked]`)) === 'On the way', 5_000, 'the news')
}, 30_000)

test('a vehicle that has been asked is busy in another incident’s list, and a driver in danger is in none', async () => {
  type Near = { vehicles: { deviceId: string; busy: boolean }[] }
  const pressed = await press(tower, helper(3), {
    id: crypto.randomUUID(),
    kind: 'medical',
    position: { ...HERE, fixedAt: new Date().toISOString() },
  })
  const other = pressed.body.sosId
  const { vehicles } = (await api.get<Near>(`/api/incidents/${other}/nearest`)).body
  const asked = (await api.incident(id)).legs.map(({ ref }) => ref)
  expect(vehicles.map(({ deviceId }) => deviceId).toSorted()).toEqual(
    [helper(0), helper(1), helper(2)].map((device) => device.id).toSorted(),
  )
  expect(vehicles.filter(({ busy }) => busy).map(({ deviceId }) => `device:${deviceId}`)).toEqual(
    asked.filter((ref) => ref?.startsWith('device:')) as string[],
  )
}, 30_000)

test('the vehicle drives: place, age, coordinates and the script for 911 go along, and the list is asked again', async () => {
  const before = await ana.text('#place')
  expect(await ana.text('[data-fix-rest]')).toContain('from the press')
  const there = { lat: HERE.lat - 0.012, lng: HERE.lng - 0.0085, speedMps: 9, headingDeg: 220 }
  await report(own, there)
  await until(
    async () => (await ana.text('[data-fix-coordinates]')).startsWith(there.lat.toFixed(5)),
    15_000,
    'the new coordinates',
  )
  expect(await ana.text('[data-fix-rest]')).toMatch(/from the phone, ±8 m, heading south-west, 32 km\/h/)
  expect(await ana.text('[data-fix-age]')).toMatch(/^\d+ s ago$/)
  await until(async () => (await ana.text('#place')) !== before, 15_000, 'the new words')
  const place = (await ana.page.locator('#panel [data-place]').getAttribute('data-place')) ?? '?'
  await until(async () => (await ana.text('[data-script-where]')).includes(place), 5_000, 'the script')
  // The one that was the second before is nearest now.
  await until(
    () =>
      ana.ask<boolean>(`document.querySelector('#nearest .near[data-ours]')?.dataset.ref === 'device:${helper(1).id}'`),
    20_000,
    'the new order',
  )

  // Opened anew, it still is where it was heard last.
  await ana.page.locator('[data-closes-panel]').click()
  await until(async () => (await ana.framed()) === '', 5_000, 'the closed panel')
  expect(await ana.page.locator('#map .near-line').count()).toBe(0)
  await ana.page.locator(`.card[data-id="${id}"]`).first().click()
  await ana.awaitFrame(id)
  expect(await ana.text('[data-fix-coordinates]')).toStartWith(there.lat.toFixed(5))
  expect(await ana.text('[data-fix-rest]')).toContain('from the phone')
}, 60_000)

test('it looks as it should: light, dark, and on a phone', async () => {
  const shoot = async (desk: Desk, name: string) => {
    await desk.page.locator('#nearest .near').first().waitFor()
    await desk.page.locator('.nearest').scrollIntoViewIfNeeded()
    await desk.page.evaluate(`document.querySelector('.nearest').scrollIntoView({ block: 'center' })`)
    await desk.shoot(name)
    expect(await desk.ask<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  }
  await shoot(ana, 'nearest-light')
  const dark = await Desk.open(browser, tower, { nth: 1, theme: 'dark', lang: 'fil' })
  await dark.page.locator(`.card[data-id="${id}"]`).first().click()
  await shoot(dark, 'nearest-dark')
  // Whoever opens it later sees it where it is now: beside the nearest, and not where it was pressed.
  const apart = await dark.ask<number>(`(() => {
    const middle = (element) => {
      const { x, y, width, height } = element.getBoundingClientRect()
      return [x + width / 2, y + height / 2]
    }
    const [ax, ay] = middle(document.querySelector('#map .pin[data-framed] .mark'))
    const [bx, by] = middle([...document.querySelectorAll('#map .near-mark')].find((mark) => mark.textContent === '1'))
    return Math.hypot(ax - bx, ay - by)
  })()`)
  expect(apart).toBeLessThan(20)
  const phone = await Desk.open(browser, tower, { role: 'supervisor', width: 390, height: 844 })
  await phone.page.locator(`.card[data-id="${id}"]`).first().click()
  await shoot(phone, 'nearest-phone')
  for (const desk of [dark, phone]) {
    expect(desk.unexpected).toEqual([])
    await desk.close()
  }
}, 90_000)
