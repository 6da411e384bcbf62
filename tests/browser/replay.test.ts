// Whose vehicle a dot is, and where it has been, in a real browser: asked with a purpose that is written down, replayed by
// keyboard, saved as a file; for an incident without a purpose; refused in clear words while Postgres is away.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { call, type Device, enrol, press, until } from '../system/people'
import { violations } from './axe'
import { Desk, type DeskOptions, openBrowser } from './desk'

const MINUTE_MS = 60_000
const WORDS = 'ticket 4471, a bag left behind'
const PURPOSE = `lost_item: ${WORDS}`

let tower: Tower
let browser: Browser
let sql: postgres.Sql
let driven: Device
let pressed: Device
let lastPlace: { lat: number; lng: number }

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
  ;[driven, pressed] = (await enrol(tower, 2)) as [Device, Device]
  await drive(driven, 14.45)
  lastPlace = await drive(pressed, 14.47)
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await sql?.end({ timeout: 1 }).catch(() => {})
  await tower?.stop()
}, 30_000)

/** Fifty minutes north-east along a crooked road, slow and fast, with eight minutes of silence, until a moment ago. */
async function drive(device: Device, lat: number): Promise<{ lat: number; lng: number }> {
  const now = Date.now()
  const positions = []
  let [north, east] = [lat, 121.02]
  for (let s = 50 * 60; s >= 5; s -= 15) {
    const minute = Math.floor(s / 60)
    const speedMps = [1, 4, 9, 16, 24][Math.floor(minute / 4) % 5] as number
    const headingDeg = 20 + 40 * Math.sin(minute / 3)
    const metres = speedMps * 15
    north += (metres * Math.cos((headingDeg * Math.PI) / 180)) / 111_200
    east += (metres * Math.sin((headingDeg * Math.PI) / 180)) / 107_600
    if (minute >= 20 && minute < 28) continue
    positions.push({ lat: north, lng: east, accuracyM: 8, speedMps, headingDeg, fixedAt: now - s * 1_000 })
  }
  const answer = await call<{ taken: number }>(`${tower.url}/api/positions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${device.token}` },
    body: JSON.stringify({ positions }),
  })
  expect([answer.status, answer.body.taken]).toEqual([200, positions.length])
  const stored = async () => {
    const [row] = await sql`SELECT count(*)::int AS n FROM position WHERE device_id = ${device.id}`
    return row?.n === positions.length
  }
  await until(stored, 20_000, 'the positions in Postgres')
  return { lat: north, lng: east }
}

const open = (options: DeskOptions = {}) => Desk.open(browser, tower, options)
const noted = (device: Device) =>
  sql<{ action: string; purpose: string }[]>`
    SELECT action, purpose FROM access_log WHERE subject = ${`device:${device.id}`} ORDER BY at`
const said = (desk: Desk, what: string) => desk.text(`[data-replay="${what}"]`)
const atOf = async (desk: Desk) => Number(await desk.page.locator('[data-replay-slider]').inputValue())
const markerAt = (desk: Desk) =>
  desk.ask<string>(`document.querySelector('.replay-vehicle').closest('.leaflet-marker-icon').style.transform`)

/** Chooses a vehicle without an incident in the list twin: of the two, the one that is not in danger. */
async function choose(desk: Desk): Promise<void> {
  const { page } = desk
  const list = page.locator('#vehicles-list')
  if ((await list.getAttribute('open')) === null) await list.locator('summary').first().click()
  // The one that drives farther south comes last or first; it is told by its place once it is chosen.
  const rows = page.locator('#vehicles-list tbody tr')
  await until(async () => (await rows.count()) >= 2, 20_000, 'the vehicles in the list')
  await rows.first().locator('button').click()
  await page.locator('#vehicle-card').waitFor()
  await list.locator('summary').first().click()
}

async function fillForm(desk: Desk): Promise<void> {
  const { page } = desk
  await page.locator('#who-purpose').selectOption('lost_item')
  await page.locator('#who-words').fill(WORDS)
  await page.keyboard.press('Enter')
}

test('a dot has no name until a purpose is written down; then its way is replayed by keyboard and saved', async () => {
  const desk = await open()
  const { page } = desk
  await choose(desk)
  expect(await page.locator('body').textContent()).not.toContain('Driver of test-')
  await desk.tabTo('[data-who-ask="identity"]')
  await page.keyboard.press('Enter')
  expect(await desk.ask<string>('document.activeElement.id')).toBe('who-purpose')
  // What says nothing is not sent.
  await page.locator('#who-purpose').selectOption('lost_item')
  await page.locator('#who-words').fill('     ')
  await page.keyboard.press('Enter')
  await until(async () => (await desk.text('[data-who-said]')).includes('5 letters'), 5_000, 'the refusal of blanks')
  expect([...(await noted(driven)), ...(await noted(pressed))]).toEqual([])
  await fillForm(desk)
  await page.locator('[data-who-found]:not([hidden])').waitFor()
  const name = await desk.text('[data-who-fact="driver"]')
  const device = [driven, pressed].find(({ id }) => name === `Driver of ${id}`) as Device
  expect(await desk.text('[data-who-fact="plate"]')).toBe('ZZZ 9999')
  expect(await desk.text('[data-who-fact="vehicle"]')).toBe('White Toyota Vios')
  expect(await desk.text('[data-who-fact="home"]')).toContain('NCR')
  expect(await desk.text('[data-who-fact="for"]')).toBe(`Lost item: ${WORDS}`)
  expect([...(await noted(device))]).toEqual([{ action: 'identity:read', purpose: PURPOSE }])
  await desk.shoot('who')

  // The same purpose opens its way, which is written down again.
  await page.locator('[data-who-ask="replay"]').click()
  await page.locator('[data-replay-body]:not([hidden])').waitFor()
  expect((await noted(device)).at(-1)).toEqual({ action: 'track:read', purpose: PURPOSE })
  expect(await desk.ask<number>(`document.querySelectorAll('path.trail').length`)).toBeGreaterThanOrEqual(4)
  await desk.tabTo('[data-replay-slider]')
  await page.keyboard.press('Home')
  const [first, clock, coordinates] = [await atOf(desk), await said(desk, 'clock'), await said(desk, 'place')]
  await desk.keys(...Array.from({ length: 60 }, () => 'ArrowRight'))
  expect(await atOf(desk)).toBe(first + 60 * 15_000)
  expect(await said(desk, 'clock')).not.toBe(clock)
  expect(await said(desk, 'place')).not.toBe(coordinates)
  expect(await said(desk, 'speed')).toContain('km/h')
  expect(await page.locator('[data-replay-slider]').getAttribute('aria-valuetext')).toContain(await said(desk, 'clock'))
  const before = await markerAt(desk)
  await page.keyboard.press('PageUp')
  expect(await markerAt(desk)).not.toBe(before)
  await desk.shoot('replay-light')

  // Space lets it run, and holds it.
  const held = await atOf(desk)
  await page.keyboard.press(' ')
  await until(async () => (await atOf(desk)) > held + 30_000, 10_000, 'the clock running')
  await page.keyboard.press(' ')
  const stopped = await atOf(desk)
  await Bun.sleep(300)
  expect(await atOf(desk)).toBe(stopped)

  // In the eight minutes without a fix it says so instead of gliding on.
  const lostAt = Date.now() - 24 * MINUTE_MS
  for (let tries = 0; tries < 200 && (await atOf(desk)) > lostAt; tries++) await page.keyboard.press('ArrowLeft')
  for (let tries = 0; tries < 200 && (await atOf(desk)) < lostAt; tries++) await page.keyboard.press('ArrowRight')
  expect(await said(desk, 'lost')).toMatch(/^No position since \d\d:\d\d:\d\d \(\d min\)$/)
  expect(await violations(desk, '#replay', '#vehicle-card')).toEqual([])

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('[data-replay-file="gpx"]').click(),
  ])
  expect(download.suggestedFilename()).toMatch(new RegExp(`^track-${device.id}-\\d{4}-\\d\\d-\\d\\d\\.gpx$`))
  const gpx = readFileSync((await download.path()) ?? '', 'utf8')
  expect(gpx.match(/<trkseg>/g)).toHaveLength(2)
  expect((await noted(device)).at(-1)?.purpose).toBe(`${PURPOSE}; as gpx`)

  // Nothing of the purpose has been in an address.
  const addresses = await desk.ask<string[]>(`performance.getEntriesByType('resource').map(({ name }) => name)`)
  expect(addresses.filter((address) => address.includes('purpose') || address.includes('4471'))).toEqual([])

  await page.keyboard.press('Escape')
  expect(await page.locator('#replay').isVisible()).toBe(false)
  expect(await page.locator('.replay-vehicle, path.trail').count()).toBe(0)
  // Another selection, another person.
  await page.locator('[data-vehicle-close]').click()
  expect(await page.locator('body').textContent()).not.toContain('Driver of test-')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 120_000)

test('its own times are Manila’s, and wrong ones are told', async () => {
  const desk = await open()
  const { page } = desk
  await choose(desk)
  await page.locator('[data-who-ask="replay"]').click()
  await fillForm(desk)
  await page.locator('[data-replay-body]:not([hidden])').waitFor()
  await page.locator('[data-span="own"]').click()
  const inManila = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16)
  const [from, to] = [Date.now() - 45 * MINUTE_MS, Date.now() - 35 * MINUTE_MS].map(inManila) as [string, string]
  await page.locator('#replay-from').fill(to)
  await page.locator('#replay-to').fill(from)
  await page.keyboard.press('Enter')
  await until(async () => (await said(desk, 'note')).includes('must be before'), 5_000, 'the wrong order told')
  await page.locator('#replay-from').fill(from)
  await page.locator('#replay-to').fill(to)
  await page.keyboard.press('Enter')
  await until(async () => (await said(desk, 'note')) === '', 10_000, 'the chosen time')
  await page.locator('[data-replay-slider]').focus()
  await page.keyboard.press('End')
  expect((await said(desk, 'clock')).slice(0, 5)).toBe(to.slice(11))
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 60_000)

test('an incident opens its own way without a purpose, with the press and what people did on it', async () => {
  const { body } = await press(tower, pressed, {
    kind: 'medical',
    position: { ...lastPlace, accuracyM: 8, fixedAt: new Date().toISOString() },
  })
  const desk = await open({ theme: 'dark' })
  const { page } = desk
  await desk.card(body.sosId).click()
  await desk.awaitFrame(body.sosId)
  await page.keyboard.press('a')
  await until(
    async () => {
      const [row] =
        await sql`SELECT count(*)::int AS n FROM incident_event WHERE incident = ${body.sosId} AND type = 'taken'`
      return row?.n === 1
    },
    15_000,
    'the take in Postgres',
  )
  // The band of what is not taken goes with the take, and for a moment after such a shift a click is not heard.
  await until(
    async () => {
      await page.locator('[data-replay-open]').click()
      return page.locator('#replay').isVisible()
    },
    5_000,
    'the replay',
  )
  await page.locator('[data-replay-body]:not([hidden])').waitFor()
  expect((await noted(pressed)).at(-1)).toEqual({ action: 'track:read', purpose: `incident ${body.sosId}` })
  expect(await page.locator('.replay-tick[data-kind="sos"]').count()).toBe(1)
  expect(await page.locator('.replay-pin[data-kind="sos"]').count()).toBe(1)
  await page.locator('[data-replay="events"]').click()
  const events = await page.locator('[data-replay-events] button').allTextContents()
  expect(events[0]).toMatch(/^\d\d:\d\d:\d\d SOS NCR-\d+ · Medical/)
  expect(events[1]).toContain('Taken by')
  await desk.shoot('replay-dark')
  await page.locator('[data-replay-events] button').first().click()
  expect(await said(desk, 'clock')).toBe(events[0]?.slice(0, 8) as string)
  expect(await violations(desk, '#replay', '#vehicle-card')).toEqual([])
  // A dot in danger needs no purpose either: its incident is one.
  await page.keyboard.press('Escape')
  await desk.close()
}, 90_000)

test('in Filipino on a phone it fits, and everything can be hit', async () => {
  const desk = await open({ lang: 'fil', width: 390, height: 844, theme: 'dark' })
  const { page } = desk
  await page.locator('#queue .card').first().click()
  await page.locator('[data-replay-open]').click()
  await page.locator('[data-replay-body]:not([hidden])').waitFor()
  await page.locator('#replay').scrollIntoViewIfNeeded()
  await desk.shoot('replay-phone')
  const wide = await desk.ask<number[]>(`[document.documentElement.scrollWidth, document.documentElement.clientWidth]`)
  expect(wide[0]).toBeLessThanOrEqual(wide[1] as number)
  const small = await desk.ask<
    string[]
  >(`[...document.querySelectorAll('#replay :is(button, summary, input:not([type=radio]))')]
    .filter((each) => each.checkVisibility())
    .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 24 || height < 24)
    .map(([what, { width, height }]) => what + ' ' + width + ' x ' + height)`)
  expect(small).toEqual([])
  expect(await violations(desk, '#replay', '#vehicle-card')).toEqual([])
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 90_000)

test('while Postgres is away a purpose shows nothing, an incident’s dot still has its name, and a replay says why it waits', async () => {
  const desk = await open()
  const { page } = desk
  desk.expect(/503/)
  await sql.end({ timeout: 1 })
  await tower.postgres?.stop()
  await page.locator('#queue .card').first().click()
  await page.locator('[data-replay-open]').click()
  await page.locator('[data-replay-again]:not([hidden])').waitFor({ timeout: 30_000 })
  expect(await said(desk, 'note')).toContain('history does not answer')
  await desk.shoot('replay-away')
  await page.keyboard.press('Escape')

  const list = page.locator('#vehicles-list')
  await list.locator('summary').first().click()
  await page.locator('#vehicles-list tbody tr').first().waitFor()
  const of = (letter: string) => page.locator('#vehicles-list tbody tr', { hasText: letter }).first().locator('button')
  await of('SOS').click()
  await until(async () => (await desk.text('[data-vehicle="status"]')) === 'SOS', 10_000, 'the vehicle in danger')
  await until(async () => (await desk.text('[data-vehicle="contact"]')) !== '–', 10_000, 'what its shard knows')
  await page.locator('[data-who-ask="identity"]').click()
  await page.locator('[data-who-found]:not([hidden])').waitFor({ timeout: 15_000 })
  expect(await desk.text('[data-who-fact="driver"]')).toBe(`Driver of ${pressed.id}`)
  expect(await desk.text('[data-who-fact="for"]')).toMatch(/^incident NCR-\d+$/)

  await page.locator('#vehicles-list tbody tr', { hasNotText: 'SOS' }).first().locator('button').click()
  expect(await desk.text('[data-who-fact="driver"]')).toBe('')
  await page.locator('[data-who-ask="identity"]').click()
  await fillForm(desk)
  await until(
    async () => (await desk.text('[data-who-said]')).includes('cannot be written down'),
    15_000,
    'the refusal',
  )
  expect(await page.locator('[data-who-found]').isVisible()).toBe(false)
  expect(await page.locator('#who-words').inputValue()).toBe(WORDS)
  await tower.postgres?.start()
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 120_000)
