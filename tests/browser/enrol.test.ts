// An admin enrols a phone, the phone's camera reads the codes from the screen, and what they say is enough to report and to
// cry for help. The pages on the way are read by axe in both languages and themes, down to 320 px.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import jsQR from 'jsqr'
import type { Browser, Locator } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import type { IncidentSummary } from '../../src/domain/incident'
import { startTestTower } from '../support/tower'
import { call, Person, until } from '../system/people'
import { violations } from './axe'
import { Desk, type DeskOptions, openBrowser } from './desk'

let tower: Tower
let browser: Browser

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

const office = (path: string, options: DeskOptions = {}) =>
  Desk.open(browser, tower, { role: 'admin', path, ...options })

/** What a camera before this code reads, from the picture alone. */
async function scan(code: Locator): Promise<string> {
  const png = (await code.screenshot()).toString('base64')
  const picture = await code.page().evaluate<{ width: number; height: number; pixels: number[] }>(`(async () => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(png)}), (each) => each.charCodeAt(0))
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const sheet = new OffscreenCanvas(image.width, image.height).getContext('2d')
    sheet.drawImage(image, 0, 0)
    const { data, width, height } = sheet.getImageData(0, 0, image.width, image.height)
    return { width, height, pixels: Array.from(data) }
  })()`)
  const read = jsQR(Uint8ClampedArray.from(picture.pixels), picture.width, picture.height)
  if (!read) throw new Error('no camera could read this code')
  return read.data
}

const tooWide = (desk: Desk): Promise<string[]> =>
  desk.ask(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth > clientWidth ? [scrollWidth + ' > ' + clientWidth] : []
  })()`)

/** Without an area to speak of, a finger misses it. */
const tooSmall = (desk: Desk): Promise<string[]> =>
  desk.ask(`[...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
    .filter((each) => each.checkVisibility() && !each.matches('.skip'))
    .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 24 || height < 24)
    .map(([what, { width, height }]) => what + ' ' + width + ' x ' + height)`)

const incidentOf = async (deviceId: string): Promise<IncidentSummary | undefined> =>
  (await (await Person.logIn(tower, { role: 'supervisor' })).queue()).find((each) => each.deviceId === deviceId)

test('a phone is enrolled by keyboard, its codes are scanned, and it reports and cries for help', async () => {
  const desk = await office('/devices?region=NCR')
  const { page } = desk
  await desk.tabTo('a[href="/devices/new?region=NCR"]')
  await desk.keys('Enter')
  await page.locator('#id').waitFor()
  // The name has the focus; crew is found by typing.
  await page.keyboard.type('enrol-1')
  await desk.tabTo('#find-driver')
  await page.keyboard.type('editha')
  await until(async () => (await page.locator('#driver option').count()) === 2, 5_000, 'the driver that was typed')
  await desk.tabTo('#driver')
  await page.keyboard.press('ArrowDown')
  await desk.tabTo('#find-vehicle')
  await page.keyboard.type('zqd5562')
  await until(async () => (await page.locator('#vehicle option').count()) === 2, 5_000, 'the vehicle that was typed')
  await desk.tabTo('#vehicle')
  await page.keyboard.press('ArrowDown')
  await desk.tabTo('button[type="submit"]')
  await page.keyboard.press('Enter')
  await page.locator('.qr').first().waitFor()
  expect(await desk.ask<string>('document.activeElement.tagName')).toBe('H1')
  expect(await page.locator('[data-loopback]').textContent()).toContain(tower.url)
  expect(new URL(page.url()).pathname).toBe('/devices/enrol-1')
  await desk.shoot('enrolled')

  const ingestUrl = (await page.locator('[data-ingest-url]').textContent())?.trim() ?? ''
  const traccar = new URL(await scan(page.locator('[data-app="traccar"] .qr')))
  expect(traccar.origin + traccar.pathname).toBe(ingestUrl)
  expect(Object.fromEntries(traccar.searchParams)).toEqual({
    id: 'enrol-1',
    interval: '30',
    distance: '50',
    accuracy: 'high',
    heartbeat: '120',
    buffer: 'true',
  })
  const ownTracks = new URL(await scan(page.locator('[data-app="owntracks"] .qr')))
  expect(ownTracks.protocol + ownTracks.pathname).toBe('owntracks:/config')
  expect(JSON.parse(atob(ownTracks.searchParams.get('inline') ?? ''))).toEqual({
    _type: 'configuration',
    mode: 3,
    url: ingestUrl,
    deviceId: 'enrol-1',
    monitoring: 2,
    locatorInterval: 30,
    moveModeLocatorInterval: 10,
    cmd: true,
    remoteConfiguration: true,
  })

  // As Traccar Client 10 does: origin and path of the code are its server.
  const send = (fields: Record<string, string>) =>
    call(traccar.origin + traccar.pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
      body: new URLSearchParams({
        id: traccar.searchParams.get('id') ?? '',
        lat: '14.5547',
        lon: '121.0244',
        timestamp: String(Math.floor(Date.now() / 1000)),
        accuracy: '8.0',
        ...fields,
      }),
    })
  expect((await send({ speed: '12.5', batt: '41.0' })).status).toBe(200)
  // The page still waits for the first report, and shows it without being asked.
  await page.locator('#reports tbody tr').first().waitFor({ timeout: 15_000 })
  expect(await desk.text('#reports tbody tr')).toContain('14.55470, 121.02440, within 8 m')

  expect((await send({ alarm: 'sos' })).status).toBe(200)
  const incident = await until(() => incidentOf('enrol-1'), 15_000, 'the incident of the new phone')
  expect(incident).toMatchObject({ driver: { name: 'Editha Macaraeg' }, vehicle: { plate: 'ZQD 5562' } })
  expect(incident.flags).not.toContain('revoked_token')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 180_000)

test('a token that was revoked still raises an SOS, labelled; a refused name keeps what was typed', async () => {
  const desk = await office('/devices/new?region=CEB')
  const { page } = desk
  await page.locator('#id').fill('enrol-2')
  await page.keyboard.press('Enter')
  const address = (await page.locator('[data-ingest-url]').textContent())?.trim() ?? ''
  await desk.goto('/devices/enrol-2')
  await page.locator('[data-revoke="none"] > summary').click()
  await page.locator('[data-revoke="none"] button').click()
  await page.locator('#page .notice[data-tone="alarm"]').waitFor()
  expect(await page.locator('[data-revoke]').count()).toBe(0)
  const person = await Person.logIn(tower, { role: 'operator', region: 'CEB' })
  const flags = async (nth: number) => {
    expect((await call(`${address}?lat=10.3157&lon=123.8854&alarm=sos&id=${nth}`, { method: 'POST' })).status).toBe(200)
    await Bun.sleep(500)
    return (await person.queue()).find((each) => each.deviceId === 'enrol-2')?.flags.includes('revoked_token')
  }
  let nth = 0
  await until(() => flags(++nth), 20_000, 'the label of a revoked token')

  desk.expect(/409/)
  await desk.goto('/devices/new?region=CEB')
  await page.locator('#id').fill('enrol-2')
  await page.keyboard.press('Enter')
  await page.locator('#wrong').waitFor()
  expect(await page.locator('#id').inputValue()).toBe('enrol-2')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 180_000)

test('what was chosen stays chosen when the answer to a later letter comes', async () => {
  const desk = await office('/devices/new?region=NCR')
  const { page } = desk
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route('**/devices/new/crew?**', async (route) => {
    if (!route.request().url().includes('edit')) await held
    await route.continue()
  })
  await page.locator('#find-driver').pressSequentially('edit')
  await until(async () => (await page.locator('#driver option').count()) === 2, 5_000, 'the one driver')
  const list = await page.locator('#driver').elementHandle()
  const late = page.waitForRequest('**/devices/new/crew?**')
  await page.locator('#find-driver').fill('ramon')
  await late
  await page.locator('#driver').selectOption({ index: 1 })
  const driver = await page.locator('#driver').inputValue()
  answer()
  await until(async () => !(await list?.evaluate((each) => each.isConnected)), 5_000, 'the later answer')
  expect(await page.locator('#driver').inputValue()).toBe(driver)
  expect(await desk.text('#driver option:checked')).toContain('Editha')
  expect(await desk.text('#driver')).toContain('Ramon')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 60_000)

test('an answer that never comes is told, and the form stays as it is', async () => {
  const desk = await office('/devices/new?region=NCR')
  desk.expect(/ERR_FAILED|Failed to fetch|htmx|500/i)
  const { page } = desk
  await page.locator('#id').fill('enrol-3')
  for (const answer of ['abort', '500'] as const) {
    await page.route('**/devices', (route) =>
      route.request().method() === 'POST'
        ? answer === 'abort'
          ? route.abort()
          : route.fulfill({ status: 500, body: '{}' })
        : route.continue(),
    )
    await page.locator('button[type="submit"]').click()
    await page.locator('[data-not-sent]:not([hidden])').waitFor()
    expect(await page.locator('#id').inputValue()).toBe('enrol-3')
    await page.unroute('**/devices')
  }
  await page.route('**/devices', (route) =>
    route.fulfill({ status: 503, contentType: 'text/html', body: '<p class="notice" id="away">away</p>' }),
  )
  await page.locator('button[type="submit"]').click()
  await page.locator('#refusal #away').waitFor()
  expect(await page.locator('#id').inputValue()).toBe('enrol-3')
  await desk.close()
}, 60_000)

const LOOKS = [
  { lang: 'en', theme: 'light', width: 1280, height: 800 },
  { lang: 'fil', theme: 'dark', width: 320, height: 640 },
] as const

for (const look of LOOKS) {
  test(`${look.lang}, ${look.theme}, ${look.width} px: every page is read by axe, fits, and has targets to hit`, async () => {
    const device = tower.demo?.devices.find(({ region }) => region === 'NCR')
    if (!device) throw new Error('the demo has no device')
    const desk = await office('/devices?region=NCR', look)
    const check = async (name: string) => {
      await desk.shoot(`${name}-${look.width}`)
      expect({ name, found: await violations(desk) }).toEqual({ name, found: [] })
      expect({ name, wide: await tooWide(desk) }).toEqual({ name, wide: [] })
      expect({ name, small: await tooSmall(desk) }).toEqual({ name, small: [] })
    }
    await check('devices')
    await desk.goto('/devices/new?region=NCR')
    await check('device-new')
    await desk.page.locator('#id').fill(`look-${look.lang}`)
    await desk.page.locator('#id').press('Enter')
    await desk.page.locator('.qr').first().waitFor()
    await check('device-issued')
    expect(await scan(desk.page.locator('[data-app="owntracks"] .qr'))).toStartWith('owntracks:///config?inline=')
    await desk.goto('/devices/new?region=NCR')
    await desk.page.locator('input[name="kind"][value="gateway"]').check()
    await desk.page.locator('#id').fill(`srv-${look.lang}`)
    await desk.page.locator('#id').press('Enter')
    await desk.page.locator('[data-traccar-config]').waitFor()
    await check('gateway-issued')
    await desk.page.locator('[data-trackers] a[data-look="primary"]').click()
    await desk.page.locator('input[name="gateway"]').waitFor({ state: 'attached' })
    await check('tracker-new')
    await desk.page.locator('#id').fill('353861053849681')
    await desk.page.locator('#id').press('Enter')
    await desk.page.locator('[data-behind]').waitFor()
    await check('tracker')
    await desk.goto(`/devices/${device.id}`)
    await call(`${device.ingestUrl}?lat=14.6&lon=121&timestamp=${Date.now()}&mock=true`, { method: 'POST' })
    await desk.page.locator('#reports tbody tr').first().waitFor()
    await check('device')
    expect(desk.unexpected).toEqual([])
    await desk.close()
  }, 180_000)
}
