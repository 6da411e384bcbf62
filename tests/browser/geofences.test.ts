// Geofences in a real browser: drawn by keyboard and by pointer, a vehicle driven through them by real positions, and what
// it crossed seen by operators, on the page and in Postgres.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import { readCorners } from '../../src/domain/drawn-text'
import type { Corner } from '../../src/domain/fence'
import { startTestTower } from '../support/tower'
import { call, type Device, enrol, until } from '../system/people'
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

/** Of a page that is swapped afterwards: stopping carets and animations leaves style attributes, which htmx would carry over. */
const shootBefore = (desk: Desk, name: string) =>
  desk.page.screenshot({ path: `artifacts/screen-${name}.png`, animations: 'allow', caret: 'initial' })

const cornersOn = async (desk: Desk): Promise<Corner[]> => {
  const read = readCorners(await desk.page.locator('#corners').inputValue())
  return read.ok ? read.corners : []
}

/** Reports of now, the last of them just now, thirty seconds apart. */
async function drive(device: Device, places: readonly { lat: number; lng: number }[]): Promise<void> {
  const now = Date.now()
  for (const [at, place] of places.entries()) {
    const fixedAt = now - (places.length - 1 - at) * 30_000
    const answer = await call(`${tower.url}/api/positions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${device.token}` },
      body: JSON.stringify({ ...place, fixedAt, accuracyM: 8, speedMps: 10 }),
    })
    expect(answer.status).toBe(200)
  }
}

const rowsOf = (device: Device) => sql<{ event: string; name: string }[]>`
  SELECT e.event, f.name FROM geofence_event AS e JOIN geofence AS f ON f.id = e.geofence_id
  WHERE e.device_id = ${device.id} ORDER BY e.at`

/** A place so many metres east of the middle of a fence's western side. */
function besideWest(corners: readonly Corner[], metres: number): { lat: number; lng: number } {
  const west = Math.min(...corners.map(([, lng]) => lng))
  const lats = corners.map(([lat]) => lat)
  const lat = (Math.min(...lats) + Math.max(...lats)) / 2
  return { lat, lng: west + metres / (111_195 * Math.cos((lat * Math.PI) / 180)) }
}

test('a fence is drawn by keyboard alone, and a vehicle that leaves and comes back is seen by everybody', async () => {
  const desk = await office('/geofences?region=NCR')
  const { page } = desk
  await desk.tabTo('a[href="/geofences/new?region=NCR"]')
  await desk.keys('Enter')
  await page.locator('.leaflet-container').waitFor()
  await desk.tabTo('#name')
  await page.keyboard.type('Pasig yard')
  await desk.tabTo('[name="kind"]')
  await desk.keys('ArrowUp')
  expect(await page.locator('[name="kind"]:checked').inputValue()).toBe('keep_out')
  await desk.tabTo('.fence-map')
  const side = (key: string) => Array.from({ length: 3 }, () => key)
  await desk.keys('Enter', ...side('ArrowRight'), 'Enter', ...side('ArrowDown'), 'Enter', ...side('ArrowLeft'), 'Enter')
  await desk.keys('ArrowLeft', 'Enter')
  expect(await cornersOn(desk)).toHaveLength(5)
  await desk.keys('Backspace')
  expect(await cornersOn(desk)).toHaveLength(4)
  expect(await desk.text('#fence-said')).toMatch(/^4 corners, [\d.]+ km²\. Not closed yet\.$/)
  await desk.keys('c')
  expect(await desk.text('#fence-said')).toMatch(/^Closed: 4 corners/)
  await shootBefore(desk, 'geofence-drawing')

  // A corner is moved by its own arrow keys, and the text follows.
  const before = await cornersOn(desk)
  await desk.tabTo('.fence-corner')
  await desk.keys('ArrowDown')
  const corners = await cornersOn(desk)
  expect(corners[0]?.[0]).toBeLessThan(before[0]?.[0] ?? 0)
  expect(corners.slice(1)).toEqual(before.slice(1))
  await desk.tabTo('.fence-form > button[type="submit"]')
  await desk.keys('Enter')
  await page.locator('#done').waitFor()
  expect(new URL(page.url()).pathname).toMatch(/^\/geofences\/[0-9a-f-]{36}$/)
  expect((await violations(desk)).filter((each) => !each.includes('leaflet'))).toEqual([])

  const operator = await Desk.open(browser, tower)
  await operator.page.locator('path.fence-outline').first().waitFor({ state: 'attached' })
  const [device] = await enrol(tower, 1)
  if (!device) throw new Error('no device')
  await drive(device, [besideWest(corners, 150), besideWest(corners, -150), besideWest(corners, 150)])
  await until(async () => (await rowsOf(device)).length === 2, 10_000, 'both events in Postgres')
  expect([...(await rowsOf(device))]).toEqual([
    { event: 'exit', name: 'Pasig yard' },
    { event: 'enter', name: 'Pasig yard' },
  ])
  await until(
    async () => (await operator.text('[data-fence-latest]')).includes('entered Pasig yard'),
    10_000,
    'the map says so',
  )
  await until(async () => (await operator.text('#fence-said')) !== '', 10_000, 'it is said')
  await operator.page.locator('#map-fences > summary').click()
  const news = await operator.page.locator('[data-fence-news] li').allTextContents()
  expect(news.map((line) => line.replace(/^\d\d:\d\d /, ''))).toEqual(['entered Pasig yard', 'left Pasig yard'])
  expect(await operator.page.locator('body').textContent()).not.toContain(device.id)
  await operator.shoot('geofence-tower')
  const layer = operator.page.locator('[data-fence-layer]')
  await layer.click()
  expect(await operator.page.locator('path.fence-outline').count()).toBe(0)
  await layer.click()
  expect(await operator.page.locator('path.fence-outline').count()).toBe(1)

  await desk.goto('/geofences?region=NCR')
  await until(async () => (await desk.text('[data-inside]')) === '1', 15_000, 'one vehicle inside')
  const events = await page.locator('#fence-events li').allTextContents()
  expect(events.map((line) => line.replace(/^[\d:]+/, ''))).toEqual(['enteredPasig yard', 'leftPasig yard'])
  expect(await page.locator('#fence-now').textContent()).not.toContain(device.id)
  await desk.shoot('geofence-list')
  // Whose it was is shown for a purpose, and only then.
  await page.locator('#purpose').fill('complaint of the yard')
  await desk.keys('Enter')
  await page.locator('#fence-events .mono').first().waitFor()
  expect(await page.locator('#fence-events').textContent()).toContain(device.id)
  const [noted] = await sql`SELECT subject, purpose FROM access_log ORDER BY at DESC LIMIT 1`
  expect(noted).toEqual({ subject: 'geofences:NCR', purpose: 'complaint of the yard' })
  expect([...desk.unexpected, ...operator.unexpected]).toEqual([])
  await operator.close()
  await desk.close()
}, 180_000)

test('a fence is drawn by pointer, changed by text, turned off and taken away', async () => {
  const desk = await office('/geofences/new?region=CEB', {
    region: 'CEB',
    theme: 'dark',
    width: 1366,
    height: 900,
    role: 'admin',
  })
  const { page } = desk
  await page.locator('.leaflet-container').waitFor()
  await page.locator('#name').fill('Port area')
  const box = await page.locator('.fence-map').boundingBox()
  if (!box) throw new Error('no map')
  const at = (x: number, y: number): [number, number] => [box.x + box.width * x, box.y + box.height * y]
  for (const [x, y] of [
    [0.3, 0.3],
    [0.6, 0.3],
    [0.6, 0.7],
    [0.3, 0.7],
  ] as const)
    await page.mouse.click(...at(x, y))
  expect(await cornersOn(desk)).toHaveLength(4)
  // The first corner closes; afterwards nothing is added, and a corner can be dragged.
  await page.mouse.click(...at(0.3, 0.3))
  expect(await desk.text('#fence-said')).toMatch(/^Closed: 4 corners/)
  await page.mouse.click(...at(0.5, 0.5))
  expect(await cornersOn(desk)).toHaveLength(4)
  await page.mouse.move(...at(0.6, 0.7))
  await page.mouse.down()
  await page.mouse.move(...at(0.65, 0.75), { steps: 4 })
  await page.mouse.up()
  const dragged = await cornersOn(desk)
  await shootBefore(desk, 'geofence-pointer-dark')
  await page.locator('.fence-form > button[type="submit"]').click()
  await page.locator('#done').waitFor()
  const [row] = await sql`SELECT name, active, rings FROM geofence WHERE region = 'CEB'`
  expect([row?.name, row?.active, row?.rings[0].length]).toEqual(['Port area', true, 4])
  expect(row?.rings[0][2][0]).toBeCloseTo(dragged[2]?.[0] ?? 0, 5)

  // A border that crosses itself is refused in words, and what was typed stays.
  const crossing = '10.30, 123.88\n10.32, 123.90\n10.30, 123.90\n10.32, 123.88'
  await page.locator('#corners').fill(crossing)
  expect(await desk.text('#fence-said')).toContain('crosses or touches itself')
  desk.expect(/status of 422/)
  await page.locator('.fence-form > button[type="submit"]').click()
  await page.locator('#wrong').waitFor()
  expect(await page.locator('#corners').inputValue()).toBe(crossing)
  await page
    .locator('#corners')
    .fill('{"type":"Polygon","coordinates":[[[123.88,10.30],[123.90,10.30],[123.90,10.32],[123.88,10.30]]]}')
  expect(await desk.text('#fence-said')).toMatch(/^Closed: 3 corners/)
  await page.locator('.fence-form > button[type="submit"]').click()
  await page.locator('#done').waitFor()
  await page.locator('button[name="active"]').click()
  await until(
    async () => (await sql`SELECT FROM geofence WHERE name = 'Port area' AND NOT active`).length === 1,
    5_000,
    'off',
  )
  await page.locator('button[name="active"][value="yes"]').waitFor()
  await page.locator('.sure > summary').click()
  await page.locator('.fence-sure button').click()
  await until(
    async () => (await sql`SELECT FROM geofence WHERE name = 'Port area' AND retired`).length === 1,
    5_000,
    'away',
  )
  expect(await desk.text('#fence-now')).toContain('No geofence yet.')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 120_000)

test('the pages fit a phone, in both languages and themes, and are read without complaint', async () => {
  for (const [theme, lang] of [
    ['light', 'fil'],
    ['dark', 'en'],
  ] as const) {
    const desk = await office('/geofences?region=NCR', { theme, lang, width: 360, height: 740 })
    expect(await violations(desk)).toEqual([])
    expect(await tooWide(desk)).toBe(false)
    await desk.shoot(`geofence-list-phone-${theme}`)
    await desk.goto('/geofences/new?region=NCR')
    await desk.page.locator('.leaflet-container').waitFor()
    expect((await violations(desk)).filter((each) => !each.includes('leaflet'))).toEqual([])
    expect(await tooWide(desk)).toBe(false)
    await desk.page.screenshot({ path: `artifacts/screen-geofence-new-phone-${theme}.png`, fullPage: true })
    expect(desk.unexpected).toEqual([])
    await desk.close()
  }
}, 120_000)
