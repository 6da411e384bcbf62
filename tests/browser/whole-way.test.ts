// The whole way of an SOS on the operator's own screen, by keys alone: from each of the three apps in the field to a
// closed row in Postgres.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import type { IncidentSummary } from '../../src/domain/incident'
import { startTestTower } from '../support/tower'
import { type Device, devicesOf, Person, until } from '../system/people'
import { Desk, openBrowser } from './desk'

let tower: Tower
let browser: Browser
let ana: Desk
let ben: Desk
let api: Person
let next: () => Device

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  next = devicesOf(tower, 'NCR')
  ana = await Desk.open(browser, tower)
  ben = await Desk.open(browser, tower, { nth: 1, theme: 'dark', lang: 'fil', width: 1600, height: 900 })
  api = await Person.logIn(tower, { role: 'operator', nth: 2 })
  await ana.unlockSound()
  // Ben is at a call: his screen may not open anything by itself.
  await ben.page.locator('[data-on-call]').click()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

const at = { lat: '14.5547', lon: '121.0244' }
const seconds = () => String(Math.floor(Date.now() / 1_000))
const APPS: [name: string, send: (device: Device) => Promise<Response>][] = [
  [
    'Traccar Client 8',
    (device) => {
      const query = {
        id: '1',
        timestamp: seconds(),
        ...at,
        speed: '12.5',
        bearing: '90.0',
        accuracy: '8.0',
        batt: '41.0',
      }
      return fetch(`${device.ingestUrl}/?${new URLSearchParams({ ...query, alarm: 'sos' })}`, { method: 'POST' })
    },
  ],
  [
    'Traccar Client 9',
    (device) =>
      fetch(device.ingestUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          location: {
            timestamp: new Date().toISOString(),
            coords: { latitude: 14.5547, longitude: 121.0244, accuracy: 5, speed: 9, heading: 271, altitude: 5 },
            battery: { level: 0.5 },
            extras: { alarm: 'sos' },
          },
          device_id: '1',
        }),
      }),
  ],
  [
    'Traccar Client 10',
    (device) =>
      fetch(device.ingestUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
        body: new URLSearchParams({
          id: '1',
          timestamp: seconds(),
          ...at,
          accuracy: '8.0',
          batt: '41.0',
          alarm: 'sos',
        }),
      }),
  ],
]

for (const [name, send] of APPS) {
  test(`${name} presses: card, sound and receipt; then take, 911, a responder, safe and close, without a mouse`, async () => {
    const device = next()
    const file = name.replaceAll(' ', '-').toLowerCase()
    const { page } = ana
    expect(await ana.bodyData('sound')).toBe('silent')
    expect(await page.title()).toBe('NCR · Tower')
    if (name === 'Traccar Client 8') await ana.shoot('rest')

    const sentAt = Date.now()
    expect((await send(device)).status).toBe(200)

    // The card enters, and an idle screen opens it: panel, map, sound, title, icon.
    const card = await until(
      async () => (await api.queue()).find((each) => each.deviceId === device.id && each.shownAt),
      6_000,
      'the render receipt',
    )
    console.log(`${name}: press to painted card ${Date.parse(card.shownAt ?? '') - sentAt} ms`)
    await ana.awaitFrame(card.id)
    expect(await ana.card(card.id).isVisible()).toBe(true)
    expect(await ana.bodyData('sound')).toMatch(/^p1/)
    expect(await page.title()).toBe('(1) NCR · Tower')
    expect(await page.locator('#favicon').getAttribute('href')).toBe('/assets/icons/alarm.svg')
    expect(await ana.text('#panel .plate')).toContain(card.vehicle?.plate ?? card.vehicle?.conduction ?? 'no plate')
    expect(await ana.text('#panel .panel-quiet')).toBe('QUIET: DO NOT CALL')
    expect(await isPinInMiddle(ana)).toBe(true)
    await ana.shoot(`${file}-1-pressed`)

    await ana.keys('a')
    const taken = await stateOf(card, 'taken')
    expect(taken.owner?.name).toBe('Ana Reyes')
    await until(async () => (await ana.bodyData('sound')) === 'silent', 5_000, 'the sound to end')
    await until(async () => (await page.title()) === 'NCR · Tower', 5_000, 'the title at rest')
    await until(async () => (await page.locator('.panel-now [data-key="h"]').count()) > 0, 5_000, 'the next step: 911')
    await ana.shoot(`${file}-2-taken`)

    await ana.keys('h')
    await page.locator('#sheet-script:not([hidden])').waitFor()
    if (name === 'Traccar Client 8') await ana.shoot('script')
    await ana.keys('Enter')
    await until(async () => (await page.locator('.panel-now [data-key="s"]').count()) > 0, 5_000, 'the next step: send')
    await ana.keys('s', '1')
    // The hand-off has asked the agency already.
    await page.locator('.leg[data-state="asked"]:not([data-ref])').waitFor()
    const asked = await stateOf(card, 'help_asked')
    expect(asked.legs.map(({ kind, state }) => [kind, state])).toEqual([
      ['agency', 'asked'],
      ['rover', 'asked'],
    ])
    await ana.tabTo('.leg-acts button')
    await ana.keys('Enter')
    await page.locator('.leg[data-state="accepted"]').waitFor()
    await ana.keys('w')
    await page.locator('.leg[data-state="on_the_way"]').waitFor()
    await ana.keys('o')
    await page.locator('.leg[data-state="there"]').waitFor()
    expect((await api.incident(card.id)).furthestLeg).toBe('there')
    await ana.shoot(`${file}-3-helped`)

    await ana.keys('r')
    await page.locator('#sheet-safe:not([hidden])').waitFor()
    if (name === 'Traccar Client 8') await ana.shoot('safe-sheet')
    await ana.keys('1', 'Enter')
    const safe = await stateOf(card, 'safe')
    expect(safe.legs[0]?.state).toBe('there')

    // It is quiet: the first person's close only asks for a second one.
    await page.locator('.panel-now [data-opens="close"]').waitFor()
    await ana.tabTo('.panel-now [data-opens="close"]')
    await ana.keys('Enter')
    await page.locator('#sheet-close:not([hidden])').waitFor()
    await ana.keys('Enter')
    await until(
      async () => (await api.incident(card.id)).pending?.act === 'close',
      5_000,
      'the wait for a second person',
    )
    expect((await api.incident(card.id)).state).toBe('safe')
    await ana.shoot(`${file}-4-waits`)

    await ben.keys('/')
    await ben.page.locator('#drawer input[name="q"]').waitFor()
    await ben.page.keyboard.type(card.code)
    await ben.page.locator(`#found .card[data-id="${card.id}"]`).waitFor()
    await ben.tabTo(`#found .card[data-id="${card.id}"]`)
    await ben.keys('Enter')
    await ben.awaitFrame(card.id)
    await ben.shoot(`${file}-5-second-person`)
    await ben.tabTo('.panel-now [data-opens="close"]')
    await ben.keys('Enter')
    await ben.page.locator('#sheet-close:not([hidden])').waitFor()
    await ben.keys('Enter')
    await stateOf(card, 'closed')
    await until(
      async () =>
        (await ben.text('.panel-held')).length > 0 &&
        (await ben.page.locator('#panel .sheet:not([hidden])').count()) === 0,
      5_000,
      'nothing left to do',
    )
    await ben.shoot(`${file}-6-closed`)

    const sql = postgres(tower.databaseUrl, { max: 1 })
    try {
      const row = await until(
        async () =>
          (await sql`SELECT state, code, device_id FROM incident WHERE id = ${card.id} AND state = 'closed'`)[0],
        15_000,
        'the row in Postgres',
      )
      expect(row).toMatchObject({ state: 'closed', code: card.code })
      const events = await sql`SELECT type FROM incident_event WHERE incident = ${card.id} ORDER BY seq`
      expect(events.map(({ type }) => type).filter((type) => type !== 'looked')).toEqual([
        'created',
        'shown',
        'taken',
        'leg_asked',
        'handed_off',
        'disclosed',
        'leg_asked',
        'leg_moved',
        'leg_moved',
        'leg_moved',
        'safe',
        'second_asked',
        'closed',
      ])
    } finally {
      await sql.end()
    }
    expect(ana.unexpected).toEqual([])
    expect(ben.unexpected).toEqual([])
  }, 90_000)
}

const stateOf = (card: IncidentSummary, state: IncidentSummary['state']): Promise<IncidentSummary> =>
  until(
    async () => {
      const now = await api.incident(card.id)
      return now.state === state ? now : null
    },
    8_000,
    `the state ${state}`,
  )

/** The framed pin stands in the map's middle: the map has panned to it. */
async function isPinInMiddle({ page }: Desk): Promise<boolean> {
  const map = await page.locator('#map').boundingBox()
  const pin = await page.locator('.pin[data-framed]').boundingBox()
  if (!map || !pin) return false
  const off = [pin.x + pin.width / 2 - map.x - map.width / 2, pin.y + pin.height / 2 - map.y - map.height / 2]
  return off.every((px) => Math.abs(px) < 60)
}
