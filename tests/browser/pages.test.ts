// Every page in both languages (the API's reference is English), both themes, on a phone and at 200 % zoom: readable by axe, never wider than its window,
// and without a word of complaint from the browser or its Content-Security-Policy.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import { DEAD_AFTER_FRAME_MS } from '../../views/client/desk/key-rules'
import type { Theme } from '../../views/layout'
import type { Lang } from '../../views/words'
import { startTestTower } from '../support/tower'
import { devicesOf, Person, type Pressed, press, until } from '../system/people'
import { violations, violationsWithout } from './axe'
import { Desk, openBrowser } from './desk'

let tower: Tower
let browser: Browser
let held: Pressed

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower(), openBrowser()])
  const next = devicesOf(tower, 'NCR')
  const api = await Person.logIn(tower, { role: 'supervisor' })
  const at = (lat: number, lng: number) => ({ position: { lat, lng, accuracyM: 9, fixedAt: new Date().toISOString() } })
  held = (await press(tower, next(), { kind: 'panic', note: 'May tao sa likod', ...at(14.55, 121.02) })).body
  await until(async () => (await api.act(held.sosId, 'take')).status === 200, 5_000, 'the take')
  const asked = await api.act(held.sosId, 'legs', { kind: 'police', name: 'PS-7' })
  await api.act(held.sosId, 'legs', { legId: asked.body.incident.legs[0]?.id, state: 'accepted' })
  await api.act(held.sosId, 'contact-attempts', { to: 'agency', channel: 'call', outcome: 'called', ref: '911-0042' })
  await press(tower, next(), { kind: 'flood', ...at(14.61, 120.99) })
  await press(tower, next(), { kind: 'crash', ...at(14.65, 121.05) })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
}, 30_000)

const PAGES = ['/login', '/r/NCR', '/design', '/docs'] as const
const THEMES = ['light', 'dark'] as const satisfies Theme[]
const LANGS = ['en', 'fil'] as const satisfies Lang[]

const open = (options: Parameters<typeof Desk.open>[2], page: string): Promise<Desk> =>
  Desk.open(browser, tower, { ...options, path: page, anonymous: page === '/login' })

/** Shows the page as people mostly see it; the tower with an incident framed. */
async function show(desk: Desk, page: string): Promise<void> {
  if (page === '/login') await desk.goto(page)
  if (page !== '/r/NCR') return
  // Clicks rest while the band comes.
  await Bun.sleep(DEAD_AFTER_FRAME_MS + 100)
  await desk.card(held.sosId).click()
  await desk.awaitFrame(held.sosId)
  await desk.page.locator('.pin[data-framed]').waitFor()
}

/**
 * The reference has some hundred entries of a few shapes, and the light theme has proven names, roles and order of them all: the
 * dark one, which differs in nothing but its colours, is read with one entry of each shape.
 */
async function colourViolations(desk: Desk): Promise<string[]> {
  const [read, all] = await desk.ask<[number, number]>(`(() => {
    const entries = [...document.querySelectorAll('article')]
    const seen = new Set()
    for (const entry of entries) {
      const shapes = [entry, ...entry.querySelectorAll('*')].map((each) => {
        const { dataset, tagName, className, parentElement } = each
        return [parentElement.tagName, tagName, className, ...Object.values(dataset)].join(' ')
      })
      entry.toggleAttribute('data-alike', shapes.every((shape) => seen.has(shape)))
      for (const shape of shapes) seen.add(shape)
    }
    return [entries.filter((each) => !each.matches('[data-alike]')).length, entries.length]
  })()`)
  // How many shapes there are is the page's business; that they are those of the whole reference is ours.
  expect([read > 0, all > 100]).toEqual([true, true])
  console.log(`/docs, dark: ${read} of ${all} entries`)
  return violationsWithout(desk, '[data-alike]')
}

/** What makes the page wider than its window: nothing may. */
const tooWide = (desk: Desk): Promise<string[]> =>
  desk.ask(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const wide = [...document.body.querySelectorAll('*')].filter((each) => each.getBoundingClientRect().right > clientWidth + 1)
    return [scrollWidth + ' > ' + clientWidth, ...wide.slice(0, 8).map((each) => each.tagName + '.' + each.className)]
  })()`)

/** The reference of the API is as long as the API: axe reads all of it. */
const PAGE_MS = 150_000

for (const page of PAGES) {
  const name = page === '/r/NCR' ? 'tower' : page.slice(1)
  describe(page, () => {
    for (const theme of THEMES) {
      const lang = theme === 'light' ? 'en' : 'fil'
      test(
        `${theme}, ${lang}: axe finds nothing, and the browser complains of nothing`,
        async () => {
          const desk = await open({ theme, lang, nth: THEMES.indexOf(theme) }, page)
          await show(desk, page)
          expect(await desk.page.locator('html').getAttribute('lang')).toBe(page === '/docs' ? 'en' : lang)
          expect(await desk.page.locator('html').getAttribute('data-theme')).toBe(theme)
          await desk.shoot(`${name}-${theme}`)
          expect(await (page === '/docs' && theme === 'dark' ? colourViolations(desk) : violations(desk))).toEqual([])
          expect(await tooWide(desk)).toEqual([])
          expect(desk.unexpected).toEqual([])
          await desk.close()
        },
        PAGE_MS,
      )
    }

    for (const [size, options] of [
      ['a phone of 390 px', { width: 390, height: 844, context: { deviceScaleFactor: 2, hasTouch: true } }],
      ['200 % zoom', { width: 960, height: 540, context: { deviceScaleFactor: 2 } }],
    ] as const) {
      // Filipino words are the longer ones.
      const langs = page === '/r/NCR' ? LANGS : (['fil'] as const)
      test(
        `at ${size} it is no wider than the window`,
        async () => {
          for (const lang of langs) {
            const desk = await open({ ...options, lang, theme: lang === 'en' ? 'light' : 'dark', nth: 2 }, page)
            await show(desk, page)
            await desk.shoot(`${name}-${options.width}-${lang}`)
            if (page === '/r/NCR')
              expect((await desk.page.locator('#panel').boundingBox())?.y).toBeLessThan(options.height / 2)
            expect(await tooWide(desk)).toEqual([])
            expect(desk.unexpected).toEqual([])
            await desk.close()
          }
        },
        PAGE_MS,
      )
    }
  })
}

test('the switches change language and theme, and keep them', async () => {
  const desk = await open({ lang: 'en', theme: 'light' }, '/r/NCR')
  const { page } = desk
  await page.locator('.menu > summary').click()
  await desk.shoot('menu')
  await page.locator('[data-theme-next]').click()
  await until(async () => (await page.locator('html').getAttribute('data-theme')) === 'dark', 5_000, 'the dark theme')
  await page.locator('.menu a[hreflang="fil"]').click()
  await desk.live()
  expect(await page.locator('html').getAttribute('lang')).toBe('fil')
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
  expect(await desk.text('#queue h2')).toBe('Pila')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 30_000)

test('every sheet, drawer and the page of keys pass axe in both themes', async () => {
  for (const theme of THEMES) {
    const desk = await open({ theme, lang: theme === 'light' ? 'fil' : 'en', nth: 1 }, '/r/NCR')
    await show(desk, '/r/NCR')
    // Both themes share what the first has proven of names and roles; the second is there for its colours.
    const sheets = [
      ['k', '#sheet-contact'],
      ['h', '#sheet-script'],
      ['s', '#sheet-send'],
      ['r', '#sheet-safe'],
      ['x', '#sheet-false'],
      ['i', '#sheet-priority'],
      ['q', '#sheet-policy'],
      ['t', '#sheet-note'],
      ['l', '#sheet-link'],
      ['c', '#drawer'],
      ['/', '#drawer'],
      ['?', '#keys'],
    ] as const
    for (const [key, what] of sheets.filter((_, n) => theme === 'light' || n % 3 === 0)) {
      await desk.keys(key)
      await desk.page.locator(`${what}:not([hidden])`).waitFor()
      if (key === 'l') await desk.page.locator('#sheet-link .others').waitFor()
      if (what === '#drawer') await desk.page.locator('#drawer [data-first]').waitFor()
      await desk.shoot(`open-${key === '/' ? 'find' : key === '?' ? 'keys' : key}-${theme}`)
      expect({ key, found: await violations(desk, what) }).toEqual({ key, found: [] })
      await desk.keys('Escape', 'Escape')
      await desk.page.locator(`${what}:not([hidden])`).waitFor({ state: 'hidden' })
    }
    expect(desk.unexpected).toEqual([])
    await desk.close()
  }
}, 120_000)
