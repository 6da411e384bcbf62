// What an operator sees of an emergency that drives: the age on its marker, the circle that grows, and two devices apart.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import postgres from 'postgres'
import { startTestTower } from '../support/tower'
import { call, type Device, enrol, press, roomHealth, until } from '../system/people'
import { Desk, openBrowser } from './desk'

const MANILA = { lat: 14.5547, lng: 121.0244 }

let tower: Awaited<ReturnType<typeof startTestTower>>
let browser: Browser
let phone: Device
let tracker: Device

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  const devices = await enrol(tower, 2)
  phone = devices[0] as Device
  tracker = devices[1] as Device
  const sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
  await sql`UPDATE device SET driver_id = NULL, vehicle_id = ${`veh-${phone.id}`},
    version = nextval('directory_version') WHERE id = ${tracker.id}`
  const [newest] = await sql`SELECT max(version)::int AS version FROM device`
  await sql.end()
  await until(
    async () => (await roomHealth(tower)).directoryVersion >= newest?.version,
    15_000,
    'the tracker in the room',
  )
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 60_000)

const report = (device: Device, place: { lat: number; lng: number }) =>
  call(`${tower.url}/api/positions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${device.token}` },
    body: JSON.stringify({ ...place, accuracyM: 8, speedMps: 6, fixedAt: new Date().toISOString() }),
  })

/** How wide the framed incident's circle is drawn. */
const circlePx = (desk: Desk) =>
  desk.ask<number>(`document.querySelector('.accuracy-framed')?.getBoundingClientRect().width ?? 0`)

test('a phone and its vehicle are drawn apart, each with its age, in a circle that grows, and the panel says when they part', async () => {
  const desk = await Desk.open(browser, tower)
  const { sosId } = (await press(tower, phone, { kind: 'panic', position: { ...MANILA, accuracyM: 8 } })).body
  await desk.card(sosId).click()
  await desk.awaitFrame(sosId)
  const label = () => desk.text('.pin[data-framed] .pin-label')
  await until(async () => /^NCR-\d+ \d+ s$/.test(await label()), 10_000, 'the age on the marker')
  // Near enough that some metres are some pixels.
  for (let zooms = 0; zooms < 3; zooms++) {
    await desk.page.locator('[data-map="in"]').click()
    await Bun.sleep(600)
  }
  const younger = await circlePx(desk)
  expect(younger).toBeGreaterThan(0)
  await until(async () => (await circlePx(desk)) > younger, 10_000, 'a circle that grows with age')

  const drive = async (n: number) => {
    await report(phone, MANILA)
    await report(tracker, { lat: MANILA.lat + 0.006 + n * 0.0002, lng: MANILA.lng + 0.004 })
  }
  await drive(0)
  const lines = desk.page.locator('#panel .panel-sources li')
  await until(async () => (await lines.count()) === 2, 15_000, 'a line for each device')
  expect(await lines.nth(0).getAttribute('data-source')).toBe('phone')
  expect(await lines.nth(1).textContent()).toMatch(/^Vehicle\d+ s ago.*within \d+ m · \d+ m away$/)
  await until(async () => (await desk.page.locator('.source-pin').count()) === 1, 10_000, 'the second mark on the map')
  expect(await desk.text('.source-label')).toMatch(/^(Vehicle|Phone) \d+ s$/)

  for (let n = 1; n < 25; n++) {
    if ((await desk.page.locator('#panel .panel-sources[data-separated]').count()) > 0) break
    await drive(n)
    await Bun.sleep(2_000)
  }
  expect(await desk.page.locator('#panel .panel-title .chip', { hasText: 'Phone and vehicle apart' }).count()).toBe(1)
  expect(await desk.page.locator('.source-line.source-apart').count()).toBe(1)
  await drive(25)
  await Bun.sleep(1_500)
  await desk.shoot('moving-target')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 150_000)
