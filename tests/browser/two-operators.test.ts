// Two operators at two screens: one takes, the other sees who has it; a lost screen gives back; muting is not taking.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { type Device, devicesOf, Person, press, until } from '../system/people'
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
  ana = await Desk.open(browser, tower, { lang: 'fil' })
  ben = await Desk.open(browser, tower, { nth: 1, theme: 'dark' })
  api = await Person.logIn(tower, { role: 'supervisor' })
  await Promise.all([ana.unlockSound(), ben.unlockSound()])
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

const cry = async (): Promise<string> =>
  (await press(tower, next(), { id: crypto.randomUUID(), position: { lat: 14.5995, lng: 120.9842, accuracyM: 12 } }))
    .body.sosId

let shared: string

test('both press Take in one moment: one owns it, the other reads who has it, and both are silent', async () => {
  shared = await cry()
  await Promise.all([ana.awaitFrame(shared), ben.awaitFrame(shared)])
  for (const desk of [ana, ben]) expect(await desk.bodyData('sound')).toMatch(/^p1/)
  expect(await ana.text('[data-watching]')).toBe('2 nakabantay, 2 libre')
  // The slower of the two is refused, and browsers note a refusal.
  for (const desk of [ana, ben]) desk.expect(/status of 409/)

  await Promise.all([ana.keys('a'), ben.keys('a')])
  const { owner } = await until(
    async () => {
      const incident = await api.incident(shared)
      return incident.owner && incident
    },
    5_000,
    'the take',
  )
  const [first, second] = owner?.name === 'Ana Reyes' ? [ana, ben] : [ben, ana]
  await until(
    async () => (await second.text('.panel-head')).includes(`${owner?.name} (${owner?.alias})`),
    5_000,
    'who has it, on the other screen',
  )
  expect(await first.text('.card .chip')).toMatch(/^(Yours|Sa iyo)/)
  expect(await second.text('.card .chip')).toMatch(new RegExp(`^(Taken by|HAWAK ni) ${owner?.initials}$`))
  expect(await second.page.locator('.panel-now [data-key="a"]').count()).toBe(0)
  for (const desk of [ana, ben]) {
    await until(async () => (await desk.bodyData('sound')) === 'silent', 5_000, 'silence')
  }
  const { events } = (await api.get<{ events: { type: string }[] }>(`/api/incidents/${shared}`)).body
  expect(events.filter(({ type }) => type === 'taken')).toHaveLength(1)
  await first.shoot('two-the-owner')
  await second.shoot('two-the-other')
}, 60_000)

test('muting silences this desk alone and takes nothing; a new P1 ends it', async () => {
  const one = await cry()
  for (const desk of [ana, ben]) {
    await until(async () => /^p1/.test((await desk.bodyData('sound')) ?? ''), 5_000, 'the sound of a P1')
  }
  await ana.keys('m')
  await until(async () => (await ana.bodyData('sound')) === 'silent', 5_000, 'the mute')
  expect(await ana.bodyData('muted')).toBe('yes')
  expect((await ana.lamp('sound')).words).toMatch(/tahimik \d+ s/)
  expect(await ben.bodyData('sound')).toMatch(/^p1/)
  const untaken = await api.incident(one)
  expect([untaken.state, untaken.owner]).toEqual(['new', null])
  await ana.shoot('muted')

  await cry()
  await until(async () => /^p1/.test((await ana.bodyData('sound')) ?? ''), 5_000, 'the sound of the next P1')
  expect(await ana.bodyData('muted')).toBe('no')
}, 30_000)

test('the owner’s browser is gone: after 20 s the incident is back on the other screen, with sound', async () => {
  for (const { id } of (await api.queue()).filter(({ owner }) => owner === null)) {
    await api.act(id, 'take')
    await api.act(id, 'safe', { confirmedBy: 'own_voice' })
  }
  const { owner } = await api.incident(shared)
  const [first, second] = owner?.name === 'Ana Reyes' ? [ana, ben] : [ben, ana]
  await until(async () => (await second.bodyData('sound')) === 'silent', 5_000, 'silence')
  const closedAt = Date.now()
  await first.close()
  await until(async () => (await api.incident(shared)).owner === null, 26_000, 'the incident without an owner')
  console.log(`owner's screen gone: back in the queue after ${((Date.now() - closedAt) / 1_000).toFixed(1)} s`)
  await until(async () => /^p1/.test((await second.bodyData('sound')) ?? ''), 5_000, 'the sound')
  await until(async () => (await second.page.locator('.panel-now [data-key="a"]').count()) === 1, 5_000, 'Take')
  await second.shoot('owner-lost')
  expect(await second.text('.timeline')).not.toMatch(/owner_screen|usr/)

  await second.keys('n')
  await second.awaitFrame(shared)
  await second.keys('a')
  await until(async () => (await api.incident(shared)).owner !== null, 5_000, 'the take')
  expect(ana.unexpected).toEqual([])
  expect(ben.unexpected).toEqual([])
}, 60_000)
