// No theft of focus: who types goes on typing, keys never act on something that has just come, rows stay under the pointer.

import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import type { LogEvent } from '../../src/domain/event'
import { DEAD_AFTER_FRAME_MS } from '../../views/client/desk/key-rules'
import { startTestTower } from '../support/tower'
import { type Device, enrol, Person, press, until } from '../system/people'
import { Desk, openBrowser } from './desk'

let tower: Tower
let browser: Browser
let ana: Desk
let api: Person
let devices: Device[]

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  devices = await enrol(tower, 20)
  ana = await Desk.open(browser, tower)
  api = await Person.logIn(tower, { role: 'supervisor' })
  await ana.unlockSound()
}, 120_000)
afterEach(() => expect(ana.unexpected).toEqual([]))
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

const next = (): Device => {
  const device = devices.shift()
  if (!device) throw new Error('all devices are used up')
  return device
}
const position = () => ({ lat: 14.5 + Math.random() / 5, lng: 120.95 + Math.random() / 8, accuracyM: 8 })
const cry = async (kind: string): Promise<string> =>
  (await press(tower, next(), { id: crypto.randomUUID(), kind, position: position() })).body.sosId

async function end(id: string): Promise<void> {
  await api.act(id, 'take')
  await api.act(id, 'safe', { confirmedBy: 'own_voice' })
}

test('an operator types a note while ten SOS arrive: the text is whole, nothing is framed, taken or asked for anew', async () => {
  const own = await cry('crash')
  await ana.awaitFrame(own)
  await ana.keys('a')
  await until(async () => (await api.incident(own)).owner !== null, 5_000, 'the take')
  await ana.page.locator('.panel-now [data-key="k"]').waitFor()
  await ana.keys('t')
  const field = ana.page.locator('#sheet-note textarea')
  await until(
    async () => ana.ask<boolean>('document.activeElement.matches("#sheet-note textarea")'),
    5_000,
    'the field',
  )

  // Every letter of it is a key of the screen.
  const text = 'Nap aso, pecking 123 hot sewer? Quick: tall grexim zoo / now'
  const arriving = Promise.all(Array.from({ length: 10 }, () => cry('panic')))
  for (const letter of text) {
    await ana.page.keyboard.type(letter)
    await Bun.sleep(20)
  }
  const ten = await arriving
  await until(async () => (await ana.text('[data-band-figures]')) === '10', 10_000, 'ten in the band')

  expect(await field.inputValue()).toBe(text)
  expect(await ana.ask<boolean>('document.activeElement.matches("#sheet-note textarea")')).toBe(true)
  expect(await ana.framed()).toBe(own)
  expect(await ana.page.locator('#panel').getAttribute('data-id')).toBe(own)
  expect(await ana.page.locator('#panel .sheet:not([hidden])').count()).toBe(1)
  expect(await ana.page.locator('#drawer:not([hidden])').count()).toBe(0)
  const inBand = await ana.ask<number>(`(() => {
    const { bottom } = document.querySelector('[data-band-list]').getBoundingClientRect()
    const items = [...document.querySelectorAll('[data-band-list] .band-item')]
    return items.filter((item) => item.getBoundingClientRect().bottom <= bottom + 1).length
  })()`)
  expect(inBand).toBeGreaterThan(2)
  expect(await ana.text('[data-band-more]')).toBe(`${10 - inBand} more`)
  expect(await ana.bodyData('sound')).toMatch(/^p1/)
  await ana.shoot('ten-while-typing')
  for (const id of ten) {
    const { events } = (await api.get<{ events: LogEvent[] }>(`/api/incidents/${id}`)).body
    // What the room does by itself, as calling a lead after a while, is no act of hers; that a screen has shown it is none, either.
    const acts = events.filter(({ actor, type }) => actor.kind === 'person' && type !== 'looked' && type !== 'shown')
    expect(acts).toEqual([])
  }

  await ana.tabTo('#sheet-note [type="submit"]')
  await ana.keys('Enter')
  await until(
    async () =>
      (
        await api.get<{ events: { type: string; body: { text?: string } | null }[] }>(`/api/incidents/${own}`)
      ).body.events.some(({ type, body }) => type === 'noted' && body?.text === text),
    5_000,
    'the note in the log',
  )
}, 60_000)

test('keys are dead for a moment after the framed incident changes, then they act on it', async () => {
  const before = await ana.framed()
  // Pressed in the very moment of the change: what a finger does that was already on its way.
  await ana.ask(`new MutationObserver((_, observer) => {
    observer.disconnect()
    for (const key of ['a', 'e', 's']) document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  }).observe(document.body, { attributeFilter: ['data-framed'] })`)
  await ana.keys('n')
  await until(async () => (await ana.framed()) !== before, 5_000, 'the next one framed')
  const framed = await ana.framed()
  await ana.awaitFrame(framed)
  expect(await ana.page.locator('#panel .sheet:not([hidden])').count()).toBe(0)
  const untouched = await api.incident(framed)
  expect(untouched.owner).toBe(null)
  // Ten seconds without a taker sound louder by themselves; a dead key has called nobody.
  expect(['new', 'louder']).toContain(untouched.ring.reason)

  await ana.keys('a')
  await until(async () => (await api.incident(framed)).owner?.name === 'Ana Reyes', 5_000, 'the take')
})

test('letters that follow the key for finding go into its field, whatever it takes to open', async () => {
  const framed = await ana.framed()
  const { code } = await api.incident(framed)
  await ana.keys('/', ...code)
  await until(
    async () => (await ana.page.locator('#drawer input[name="q"]').inputValue()) === code,
    5_000,
    'the code typed',
  )
  await ana.page.locator(`#found .card[data-id="${framed}"]`).waitFor()
  expect(await ana.framed()).toBe(framed)
  await ana.shoot('find')
  await ana.keys('Escape', 'Escape')
  await until(async () => (await ana.page.locator('#drawer:not([hidden])').count()) === 0, 5_000, 'the drawer closed')
  expect(await ana.framed()).toBe(framed)
})

test('rows stay where they are under the pointer: what is new waits behind a count, a P1 enters the band', async () => {
  const [, , , , ...rest] = await api.queue()
  for (const { id } of rest) await end(id)
  await until(async () => (await ana.text('[data-open-count]')) === '4 open', 5_000, 'four left')
  const band = await ana.text('[data-band-figures]')
  const row = ana.page.locator('[data-queue-list] li').nth(2)
  await row.hover()
  const order = () =>
    ana.ask<string[]>(`[...document.querySelectorAll('[data-queue-list] .card')].map(({ dataset }) => dataset.id)`)
  const [rows, box] = [await order(), await row.boundingBox()]
  const late = await cry('flood')
  await until(async () => (await ana.text('[data-queue-waiting]')) === '1 new ↑', 5_000, 'the count of what waits')
  expect(await order()).toEqual(rows)
  expect(await row.boundingBox()).toEqual(box)
  const p1 = await cry('panic')
  await until(async () => (await ana.text('[data-queue-waiting]')) === '2 new ↑', 5_000, 'the P1 counted, too')
  expect(await ana.text('[data-band-figures]')).toBe(String(Number(band) + 1))
  expect(await order()).toEqual(rows)
  expect(await row.boundingBox()).toEqual(box)
  await ana.shoot('rows-held')

  await ana.page.mouse.move(900, 20)
  await until(async () => (await order()).includes(late) && (await order()).includes(p1), 5_000, 'the true order')
  expect(await ana.page.locator('[data-queue-waiting]').isVisible()).toBe(false)
})

test('a click that was on its way while the band came does nothing, however slow the page is to draw it', async () => {
  for (const { id } of await api.queue()) await end(id)
  await until(async () => (await ana.page.locator('.band').isVisible()) === false, 5_000, 'no band')
  const p2 = await cry('flood')
  await ana.card(p2).waitFor()
  const before = await ana.framed()
  await ana.ask(`(() => {
    const above = document.querySelector('.above')
    const height = above.offsetHeight
    new ResizeObserver((_, observer) => {
      if (above.offsetHeight === height) return
      observer.disconnect()
      const drawn = performance.now() + ${DEAD_AFTER_FRAME_MS + 100}
      while (performance.now() < drawn);
      document.querySelector('[data-queue-list] .card[data-id="${p2}"]')
        .dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 }))
      document.body.dataset.clicked = 'yes'
    }).observe(above)
  })()`)
  await ana.page.locator('[data-on-call]').click()
  await cry('panic')
  await until(async () => (await ana.bodyData('clicked')) === 'yes', 5_000, 'the click')
  await Bun.sleep(500)
  expect(await ana.framed()).toBe(before)
  await ana.card(p2).click()
  await ana.awaitFrame(p2)
})
