// An operator's desk as the tests play it: a real Chromium with a profile of its own, logged in through the page, and
// everything that its browser complained of.

import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import type { RegionId } from '../../src/domain/region'
import { DEAD_AFTER_FRAME_MS } from '../../views/client/desk/key-rules'
import type { Theme } from '../../views/layout'
import type { Lang } from '../../views/words'
import { until } from '../system/people'

const ARTIFACTS = join(import.meta.dir, '..', '..', 'artifacts')
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** Throws, and so fails the tests, where there is no Chromium: a screen that was not looked at is not proven. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH || '/usr/bin/chromium'
  if (!existsSync(executablePath)) {
    throw new Error(`The browser tests need Chromium: there is none at ${executablePath}. Set CHROMIUM_PATH.`)
  }
  mkdirSync(ARTIFACTS, { recursive: true })
  return chromium.launch({ executablePath, headless: true, args: ARGS })
}

export type DeskOptions = {
  role?: string
  nth?: number
  region?: RegionId
  lang?: Lang
  theme?: Theme
  width?: number
  height?: number
  /** What is opened after the log-in; the region's screen unless told. */
  path?: string
  /** Pages without a person: nobody logs in. */
  anonymous?: boolean
  /** Further options of the browser's context. */
  context?: BrowserContextOptions
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>
/** Sessions of people who have logged in through the page before: a second desk of theirs needs no password. */
const sessions = new Map<string, Cookies>()

export class Desk {
  /** Errors of the console, of scripts, and of the Content-Security-Policy. */
  readonly complaints: string[] = []
  private readonly expected: RegExp[] = []
  private constructor(
    readonly tower: Tower,
    readonly context: BrowserContext,
    readonly page: Page,
    readonly region: RegionId,
  ) {}

  /** Logs in through the page, and waits until the screen is live. The sound stays locked until the first key or click. */
  static async open(browser: Browser, tower: Tower, options: DeskOptions = {}): Promise<Desk> {
    const { lang = 'en', theme = 'light', width = 1920, height = 1080, region = 'NCR' } = options
    const context = await browser.newContext({ viewport: { width, height }, locale: 'en-PH', ...options.context })
    await context.addCookies([
      { name: 'lang', value: lang, url: tower.url },
      { name: 'theme', value: theme, url: tower.url },
    ])
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    const desk = new Desk(tower, context, page, region)
    await desk.listen()
    if (options.anonymous) return desk
    const screen = `/r/${region}`
    const path = options.path ?? screen
    await desk.logIn(options.role ?? 'operator', options.nth ?? 0, path)
    if (page.url() !== tower.url + path) await desk.goto(path)
    if (path === screen) await desk.live()
    return desk
  }

  async close(): Promise<void> {
    await this.context.close()
  }

  /** Complaints that this test provokes, as a refused act or a room that is away. */
  expect(...patterns: RegExp[]): void {
    this.expected.push(...patterns)
  }

  get unexpected(): string[] {
    return this.complaints.filter((line) => !this.expected.some((pattern) => pattern.test(line)))
  }

  goto(path: string): Promise<unknown> {
    return this.page.goto(this.tower.url + path)
  }

  async shoot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(ARTIFACTS, `screen-${name}.png`), animations: 'disabled' })
  }

  /** Keys as a hand presses them, one after the other. */
  async keys(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  /** Any key or click lets the browser sound; this one means nothing. */
  async unlockSound(): Promise<void> {
    await this.page.keyboard.press('Shift')
    await until(async () => (await this.lamp('sound')).state === 'good', 5_000, 'the sound lamp on')
  }

  bodyData(name: string): Promise<string | null> {
    return this.page.locator('body').getAttribute(`data-${name}`)
  }

  async lamp(name: string): Promise<{ state: string; words: string }> {
    const lamp = this.page.locator(`[data-lamp="${name}"]`)
    return { state: (await lamp.getAttribute('data-state')) ?? '', words: (await lamp.textContent())?.trim() ?? '' }
  }

  text(selector: string): Promise<string> {
    return this.page
      .locator(selector)
      .first()
      .textContent()
      .then((text) => text?.trim() ?? '')
  }

  async framed(): Promise<string> {
    return (await this.bodyData('framed')) ?? ''
  }

  /** An expression of the page, as its console would answer it. */
  ask<T>(expression: string): Promise<T> {
    return this.page.evaluate<T>(expression)
  }

  card(id: string) {
    return this.page.locator(`[data-queue-list] .card[data-id="${id}"]`)
  }

  /** The frame is on this incident, and its keys have woken. */
  async awaitFrame(id: string): Promise<void> {
    await until(async () => (await this.framed()) === id, 10_000, `the frame on ${id}`)
    await Bun.sleep(DEAD_AFTER_FRAME_MS + 50)
  }

  /** Goes to a control by Tab alone, as somebody without a mouse does. */
  async tabTo(selector: string): Promise<void> {
    for (let tries = 0; tries < 150; tries++) {
      if (await this.ask<boolean>(`document.activeElement.matches(${JSON.stringify(selector)})`)) return
      await this.page.keyboard.press('Tab')
    }
    throw new Error(`Tab never reaches ${selector}`)
  }

  /** `next`: where the log-in leads to. Whoever has logged in before is not yet there. */
  private async logIn(role: string, nth: number, next: string): Promise<void> {
    const found = (this.tower.demo?.operators ?? []).filter(
      (each) => each.role === role && each.regions.includes(this.region),
    )[nth]
    if (!found) throw new Error(`the demo has no ${role} ${nth} in ${this.region}`)
    const { page } = this
    const key = `${found.email} at ${this.tower.url}`
    const before = sessions.get(key)
    if (before) {
      await this.context.addCookies(before)
      return
    }
    // One hash a second is the rule of the door; several desks log in at once.
    for (let tries = 0; tries < 30; tries++) {
      await this.goto(`/login?next=${encodeURIComponent(next)}`)
      await page.locator('#email').fill(found.email)
      await page.locator('#password').fill(found.password)
      await page.keyboard.press('Enter')
      await page.waitForURL((url) => url.pathname !== '/login', { timeout: 4_000 }).catch(() => {})
      if (new URL(page.url()).pathname !== '/login') {
        sessions.set(
          key,
          (await this.context.cookies()).filter(({ httpOnly }) => httpOnly),
        )
        // Refused tries are an error of the console, and none of the screen's.
        this.complaints.length = 0
        return
      }
      await Bun.sleep(1_000)
    }
    throw new Error('never logged in')
  }

  live(): Promise<unknown> {
    return until(async () => (await this.bodyData('link')) === 'live', 15_000, 'the live link')
  }

  private async listen(): Promise<void> {
    const { page, complaints } = this
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`)
    })
    page.on('pageerror', (error) => complaints.push(`script: ${error.stack ?? error.message}`))
    await page.exposeFunction('tellViolation', (text: string) => {
      complaints.push(`csp: ${text}`)
    })
    await page.addInitScript({ content: TELL_VIOLATIONS })
  }
}

const TELL_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) => {
  void tellViolation([event.effectiveDirective, event.blockedURI, event.sourceFile, event.lineNumber].join(' '))
})`
