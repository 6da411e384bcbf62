// 400 open incidents on one screen: it draws what helps, counts the rest, leads to the gravest, and stays at hand.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import { KINDS, type Kind } from '../../src/domain/press'
import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import { startTestTower } from '../support/tower'
import { type Device, Person, press, until } from '../system/people'
import { Desk, openBrowser } from './desk'

const OPEN = 400
const AT_ONCE = 40

let tower: Tower
let browser: Browser
let ana: Desk
let api: Person

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  ana = await Desk.open(browser, tower)
  api = await Person.logIn(tower, { role: 'supervisor' })
  await ana.unlockSound()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

/** A flood of one part of the city, and the other troubles of such a night. */
const kindOf = (n: number): Kind => (n % 4 !== 0 ? 'flood' : (KINDS[(n / 4) % KINDS.length] as Kind))

async function flood(): Promise<void> {
  const keys = parseKeys(tower.secrets.DEVICE_KEYS)
  const expiresAt = Math.floor(Date.now() / 1_000) + 3_600
  const one = async (n: number) => {
    const id = `storm-${n}`
    const token = signDeviceToken(keys, { deviceId: id, home: 'NCR', generation: 1, expiresAt })
    const device: Device = {
      id,
      region: 'NCR',
      token,
      ingestUrl: `${tower.url}/i/${token}`,
      pin: '1234',
      duressPin: '8765',
    }
    // Round about the city, as sunflower seeds lie.
    const [far, turn] = [Math.sqrt(n / OPEN) * 0.12, n * 2.4]
    const position = { lat: 14.6 + far * Math.cos(turn), lng: 121.03 + far * Math.sin(turn), accuracyM: 15 }
    expect((await press(tower, device, { id: crypto.randomUUID(), kind: kindOf(n), position })).status).toBe(201)
  }
  for (let from = 0; from < OPEN; from += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => one(from + n)))
  }
}

const count = (selector: string): Promise<number> => ana.page.locator(selector).count()

test('400 SOS put the screen into its storm view: figures, three columns, and the queue’s count', async () => {
  const began = Date.now()
  await flood()
  const answered = Date.now()
  await until(async () => (await api.queue()).length === OPEN, 20_000, 'all of them in the room')
  await until(
    async () => (await ana.text('[data-band-figures]')).startsWith(`${OPEN} open`),
    15_000,
    'all of them on the screen',
  )
  console.log(`${OPEN} presses answered in ${answered - began} ms, all on the screen after ${Date.now() - began} ms`)

  expect(await ana.bodyData('storm')).toBe('on')
  const p1 = (await api.queue()).filter(({ priority }) => priority === 'P1').length
  expect(await ana.text('[data-band-title]')).toBe('STORM NCR')
  expect(await ana.text('[data-band-figures]')).toMatch(
    new RegExp(`^400 open · ${p1} P1 · 400 not taken · oldest \\d\\d:\\d\\d$`),
  )
  expect(await ana.text('[data-next-count]')).toBe('400')
  expect(await ana.page.title()).toBe('(400) NCR · Tower')
  expect(await ana.text('[data-count="open"]')).toBe('400')
  expect(await ana.bodyData('sound')).toBe('storm')
  // The first of them has opened on a desk at rest; put aside, it leaves its place to all three columns.
  await ana.page.locator('[data-closes-panel]').click()
  await until(async () => (await ana.framed()) === '', 5_000, 'nothing framed')
  const columns = ana.page.locator('[data-storm-columns] > section')
  expect(await columns.count()).toBe(3)
  for (const column of await columns.all()) expect(await column.isVisible()).toBe(true)
  // Every P1 is drawn, and no row stands for more than one.
  expect(await count('[data-storm-list="p1"] .card')).toBe(p1)
  expect(await ana.text('[data-storm-count="p1"]')).toBe(String(p1))
  expect(await count('[data-storm-kinds] .situation:not([hidden])')).toBe(KINDS.length)
  await ana.shoot('storm-light')
}, 90_000)

test('NEXT leads from one P1 that nobody holds to the next, and what is mine has its column', async () => {
  await ana.ask(`(() => {
    window.slowest = 0
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) if (name === 'keydown') window.slowest = Math.max(window.slowest, duration)
    }).observe({ type: 'event', durationThreshold: 16 })
  })()`)
  const seen: string[] = []
  for (let n = 0; n < 4; n++) {
    const before = await ana.framed()
    await ana.keys('n')
    await until(async () => (await ana.framed()) !== before, 5_000, 'the next frame')
    const framed = await ana.framed()
    seen.push(framed)
    expect(await api.incident(framed)).toMatchObject({ priority: 'P1', owner: null })
  }
  expect(new Set(seen).size).toBe(4)
  const last = seen.at(-1) as string
  await ana.awaitFrame(last)
  await ana.keys('a')
  await until(async () => (await ana.text('[data-storm-count="mine"]')) === '1', 5_000, 'mine')
  expect(await ana.page.locator('[data-storm-list="mine"] .card').getAttribute('data-id')).toBe(last)
  await until(async () => (await ana.text('[data-next-count]')) === '399', 5_000, 'one less')
  console.log(`400 open: slowest key to paint ${await ana.ask<number>('window.slowest')} ms`)
  await ana.shoot('storm-mine')
}, 60_000)

test('out of the storm view the queue draws 200 rows and says how many more there are', async () => {
  await ana.page.locator('[data-storm-toggle]').click()
  await until(async () => (await ana.bodyData('storm')) === 'off', 5_000, 'the queue')
  expect(await count('[data-queue-list] .card')).toBe(200)
  expect(await ana.text('[data-open-count]')).toBe('400 open')
  expect(await ana.text('[data-queue-more]')).toBe('and 200 more')
  expect(await count('.pin')).toBeLessThan(200)
  await ana.shoot('storm-off')
  await ana.page.locator('[data-storm-toggle]').click()
  await until(async () => (await ana.bodyData('storm')) === 'on', 5_000, 'the storm view')
}, 30_000)

test('another desk that opens now has all of it, in its own language and theme', async () => {
  const ben = await Desk.open(browser, tower, { nth: 1, theme: 'dark', lang: 'fil' })
  await until(async () => (await ben.text('[data-band-figures]')).startsWith('400 bukas'), 15_000, 'the figures')
  expect(await ben.text('[data-band-title]')).toBe('DAGSA NG SOS NCR')
  expect(await ben.framed()).toBe('')
  await ben.shoot('storm-dark')
  expect(await ben.text('[data-count="open"]')).toBe('400')
  const overflow = await ben.ask<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth')
  expect(overflow).toBe(false)
  expect(ben.unexpected).toEqual([])
  expect(ana.unexpected).toEqual([])
}, 60_000)
