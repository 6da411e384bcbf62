// A screen that was away gets exactly what it missed, by itself; a press that no room can take is on the screen all the same.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { type Device, enrol, Person, press, until } from '../system/people'
import { Desk, openBrowser } from './desk'

let tower: Tower
let browser: Browser
let ana: Desk
let api: Person
let devices: Device[]

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower({ settings: { FAULTS: 'on' } }), openBrowser()])
  devices = await enrol(tower, 8)
  ana = await Desk.open(browser, tower)
  api = await Person.logIn(tower, { role: 'supervisor' })
  await ana.unlockSound()
  // A room or a tower that is away is an error to the browser's console.
  ana.expect(/WebSocket connection to/, /Failed to load resource/, /htmx:error: Failed to fetch/)
  await ana.ask(`(() => {
    window.pageBornAt = performance.timeOrigin
  })()`)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

const cry = async (): Promise<string> => {
  const device = devices.shift()
  if (!device) throw new Error('all devices are used up')
  const sent = { id: crypto.randomUUID(), position: { lat: 14.58, lng: 121.01, accuracyM: 10 } }
  const { status, body } = await press(tower, device, sent)
  expect(status).toBe(201)
  return body.sosId
}
const drawn = (): Promise<string[]> =>
  ana.ask(`[...document.querySelectorAll('[data-queue-list] .card[data-id]')].map(({ dataset }) => dataset.id)`)
const isSamePage = () => ana.ask<boolean>('window.pageBornAt === performance.timeOrigin')

test('workerd is killed under an open screen: its lamp says so, and it comes back with what was pressed meanwhile', async () => {
  const before = await cry()
  await ana.awaitFrame(before)
  await ana.keys('a')
  await until(async () => (await ana.bodyData('sound')) === 'silent', 5_000, 'the take')

  await ana.context.setOffline(true)
  await tower.worker.kill('SIGKILL')
  await tower.worker.ready()
  const [one, two] = [await cry(), await cry()]
  await until(async () => (await ana.bodyData('link')) === 'late', 15_000, 'a late link')
  expect((await ana.lamp('link')).state).toBe('warn')
  await until(async () => (await ana.bodyData('link')) === 'lost', 15_000, 'a lost link')
  expect((await ana.lamp('link')).words).toMatch(/lost \d+ s/)
  expect(await ana.page.locator('[data-link-lost]').isVisible()).toBe(true)
  expect(await ana.bodyData('sound')).toBe('link')
  await ana.shoot('link-lost')

  await ana.context.setOffline(false)
  const backAt = Date.now()
  await until(async () => (await drawn()).includes(two), 15_000, 'what was missed')
  console.log(`network back: what was missed is drawn after ${Date.now() - backAt} ms`)
  expect((await drawn()).sort()).toEqual([before, one, two].sort())
  await ana.live()
  expect(await ana.page.locator('[data-link-lost]').isVisible()).toBe(false)
  expect(await ana.bodyData('sound')).toMatch(/^p1/)
  expect(await ana.text('[data-open-count]')).toBe('3 open')
  await until(async () => (await api.incident(two)).shownAt !== null, 5_000, 'its receipt')
  expect(await isSamePage()).toBe(true)
  for (const { id } of await api.queue()) {
    await api.act(id, 'take')
    await api.act(id, 'safe', { confirmedBy: 'own_voice' })
  }
}, 90_000)

test('workerd dies and stands up again at once: the screen is live again without a hand', async () => {
  await ana.live()
  await tower.worker.kill('SIGKILL')
  await tower.worker.ready()
  const id = await cry()
  const pressedAt = Date.now()
  await until(async () => (await drawn()).includes(id), 15_000, 'the card')
  console.log(`workerd killed: a press after it is drawn after ${Date.now() - pressedAt} ms`)
  expect(await drawn()).toEqual([id])
  expect(await isSamePage()).toBe(true)
  await api.act(id, 'take')
  await api.act(id, 'safe', { confirmedBy: 'own_voice' })
}, 60_000)

test('the room is dead: a press is on the screen within 6 s, with sound, and is one card when the room is back', async () => {
  await until(
    async () => (await drawn()).length === 0 && (await ana.bodyData('link')) === 'live',
    15_000,
    'a desk at rest',
  )
  const fault = (what: string) => fetch(`${tower.internalUrl}/faults/rooms/NCR/${what}`, { method: 'POST' })
  expect((await fault('dead')).ok).toBe(true)
  const pressedAt = Date.now()
  const id = await cry()
  await ana.card(id).waitFor({ timeout: 6_000 })
  console.log(`room dead: press to card ${Date.now() - pressedAt} ms`)
  expect(Date.now() - pressedAt).toBeLessThan(6_000)
  await until(async () => /^p1/.test((await ana.bodyData('sound')) ?? ''), 5_000, 'the sound')
  expect(await ana.text(`.card[data-id="${id}"] .card-foot`)).toContain('Not yet in the room')
  expect(await ana.text(`.card[data-id="${id}"] .card-plate`)).toBe('ZZZ 9999')
  await ana.shoot('room-dead')
  await ana.card(id).click()
  await until(async () => (await ana.framed()) === id, 5_000, 'the frame')
  expect(await ana.text('#panel .panel-quiet')).toBe('QUIET: DO NOT CALL')
  await ana.shoot('room-dead-panel')

  expect((await fault('alive')).ok).toBe(true)
  await until(async () => (await api.queue()).some((each) => each.id === id), 20_000, 'the incident in its room')
  await until(
    async () => /NCR-\d/.test(await ana.text(`.card[data-id="${id}"] .card-code`)),
    15_000,
    'the room’s own card',
  )
  expect(await drawn()).toEqual([id])
  await ana.live()
  await until(async () => (await ana.page.locator('#panel [data-key="a"]').count()) === 1, 10_000, 'the real panel')
  await ana.shoot('room-back')
  await ana.keys('a')
  await until(async () => (await api.incident(id)).owner !== null, 5_000, 'the take')
  expect(ana.unexpected).toEqual([])
}, 90_000)
