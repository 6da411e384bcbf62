// The live map and its list twin in a real browser: vehicles that report through the real doors become dots, move, fade,
// gather into crowds and are chosen by hand or by keyboard. The map outlives a workerd that was killed.

import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import type { Tower } from '../../scripts/lib/tower'
import { type Box, type Dot, decodeFrame, type FromMap, type MapFrame } from '../../src/domain/map-frame'
import { regionById } from '../../src/domain/region'
import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import { mercatorX, mercatorY, worldPx } from '../../views/client/map/vehicles/mercator'
import { leaveNothing } from '../support/leave-nothing'
import { startTestTower } from '../support/tower'
import { call, type Device, devicesOf, enrol, Person, press, until } from '../system/people'
import { violations } from './axe'
import { Desk, type DeskOptions, openBrowser } from './desk'

const MINUTE_MS = 60_000
const HOME = regionById('NCR')
type Place = { lat: number; lng: number }
type Said = Partial<{ speedMps: number; headingDeg: number; batteryPct: number; fixedAt: number; charging: boolean }>

const dataDir = mkdtempSync(join(tmpdir(), 'xot-map-'))
leaveNothing(dataDir)
let tower: Tower
let browser: Browser

beforeAll(async () => {
  ;[tower, browser] = await Promise.all([startTestTower({ dataDir }), openBrowser()])
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await tower?.stop()
  await rm(dataDir, { recursive: true, force: true })
}, 30_000)

const tokenOf = (deviceId: string) =>
  signDeviceToken(parseKeys(tower.secrets.DEVICE_KEYS), { deviceId, home: 'NCR', generation: 1, expiresAt: 4e9 })

async function drives(deviceId: string, at: Place, said: Said = {}): Promise<void> {
  const answer = await call(`${tower.url}/api/positions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf(deviceId)}` },
    body: JSON.stringify({ ...at, accuracyM: 8, fixedAt: Date.now(), ...said }),
  })
  expect(answer).toMatchObject({ status: 200 })
}

/** All frames of the map's sockets, and the viewports that were asked for. */
class Wire {
  readonly frames: MapFrame[] = []
  readonly boxes: Box[] = []
  constructor(desk: Desk) {
    desk.page.on('websocket', (socket) => {
      if (!socket.url().includes('/map?')) return
      socket.on('framereceived', ({ payload }) => {
        const frame = typeof payload === 'string' ? null : decodeFrame(new Uint8Array(payload).buffer)
        if (frame) this.frames.push(frame)
      })
      socket.on('framesent', ({ payload }) => {
        const word = JSON.parse(String(payload)) as FromMap
        if (word.t === 'view') this.boxes.push(word.box)
      })
    })
  }

  get dots(): Dot[] {
    return this.frames.flatMap((frame) => (frame.t === 'gone' ? [] : frame.dots))
  }

  has({ lat, lng }: Place): boolean {
    return this.dots.some((dot) => Math.abs(dot.lat - lat) < 1e-4 && Math.abs(dot.lng - lng) < 1e-4)
  }
}

async function open(options: DeskOptions = {}): Promise<{ desk: Desk; wire: Wire }> {
  // Opened elsewhere first: the sockets of the map must be heard from their first frame on.
  const desk = await Desk.open(browser, tower, { path: '/docs', width: 1440, height: 900, ...options })
  const wire = new Wire(desk)
  await desk.goto('/r/NCR')
  await desk.live()
  await desk.page.locator('[data-vehicles-lamp]').waitFor()
  return { desk, wire }
}

/** Where a place lies in the window, as long as nobody has panned. */
async function pixelOf(desk: Desk, { lat, lng }: Place, zoom: number): Promise<{ x: number; y: number }> {
  const box = await desk.page.locator('#map').boundingBox()
  if (!box) throw new Error('there is no map')
  const scale = worldPx(zoom)
  return {
    x: box.x + box.width / 2 + (mercatorX(lng) - mercatorX(HOME.centre.lng)) * scale,
    y: box.y + box.height / 2 + (mercatorY(lat) - mercatorY(HOME.centre.lat)) * scale,
  }
}

/** True where the map would answer a click there. */
async function isDotAt(desk: Desk, place: Place, zoom: number = HOME.zoom): Promise<boolean> {
  const { x, y } = await pixelOf(desk, place, zoom)
  await desk.page.mouse.move(x + 60, y + 60)
  await desk.page.mouse.move(x, y)
  await Bun.sleep(60)
  return desk.ask<boolean>(`document.querySelector('#map').classList.contains('over-vehicle')`)
}

async function clickAt(desk: Desk, place: Place, zoom: number = HOME.zoom): Promise<void> {
  const { x, y } = await pixelOf(desk, place, zoom)
  await desk.page.mouse.click(x, y)
}

/** True where the very middle of a dot has the ink of a halted vehicle: a hollow one has not. */
async function isInkAt(desk: Desk, place: Place, zoom: number = HOME.zoom): Promise<boolean> {
  const { x, y } = await pixelOf(desk, place, zoom)
  return desk.ask<boolean>(`(() => {
    const canvas = document.querySelector('.vehicles-canvas')
    const box = canvas.getBoundingClientRect()
    const ratio = canvas.width / box.width
    const seen = canvas.getContext('2d').getImageData((${x} - box.left) * ratio, (${y} - box.top) * ratio, 1, 1).data
    const sheet = new OffscreenCanvas(1, 1).getContext('2d')
    sheet.fillStyle = getComputedStyle(document.querySelector('#dot-standing polygon')).fill
    sheet.fillRect(0, 0, 1, 1)
    const ink = sheet.getImageData(0, 0, 1, 1).data
    return seen[3] === 255 && [0, 1, 2].every((n) => Math.abs(seen[n] - ink[n]) < 12)
  })()`)
}

const card = (desk: Desk) => desk.page.locator('#vehicle-card')
const fact = (desk: Desk, what: string) => desk.text(`#vehicle-card [data-vehicle="${what}"]`)
const rows = (desk: Desk) => desk.page.locator('#vehicles-list tbody tr')
const lamp = (desk: Desk) => desk.text('[data-vehicles-lamp]')
const inView = async (desk: Desk): Promise<number> => Number(/^\d+/.exec(await lamp(desk))?.[0] ?? -1)
const scaleWords = (desk: Desk) => desk.text('.leaflet-control-scale-line')

const ALPHA = { lat: 14.62, lng: 121.03 }
const BETA = { lat: 14.57, lng: 120.98 }
const OLD = { lat: 14.64, lng: 120.96 }
const FAR = { lat: 18.19, lng: 120.59 }

test('a vehicle is a dot that moves where it reports; a click opens its card, which names nobody', async () => {
  const { desk, wire } = await open()
  await drives('map-alpha', ALPHA, { speedMps: 10, headingDeg: 90, batteryPct: 64, charging: true })
  await until(() => wire.has(ALPHA), 10_000, 'the dot in a frame')
  await until(() => isDotAt(desk, ALPHA), 5_000, 'the dot on the map')
  const further = { lat: ALPHA.lat, lng: ALPHA.lng + 0.03 }
  await drives('map-alpha', further, { speedMps: 10, headingDeg: 90, batteryPct: 63, fixedAt: Date.now() + 1 })
  // Farther than a vehicle drives in a moment: shown only when a second fix agrees.
  await drives('map-alpha', further, {
    speedMps: 10,
    headingDeg: 90,
    batteryPct: 63,
    charging: true,
    fixedAt: Date.now() + 2,
  })
  await until(() => isDotAt(desk, further), 10_000, 'the dot at its new place')
  expect(await isDotAt(desk, ALPHA)).toBe(false)

  await clickAt(desk, further)
  await card(desk).waitFor()
  await until(async () => (await fact(desk, 'battery')) === '63 %', 5_000, 'the battery')
  expect(await fact(desk, 'status')).toBe('moving')
  expect(await fact(desk, 'contact')).toMatch(/^\d+ s$|^0:\d\d$/)
  expect(await fact(desk, 'charging')).toBe('yes')
  expect(await fact(desk, 'accuracy')).toBe('within 8 m')
  expect(await desk.text('#vehicle-said')).toStartWith('Selected: moving')
  const shown = await desk.ask<string>(`document.querySelector('.map-area').innerHTML`)
  expect(shown).not.toMatch(/map-alpha|Driver of|ZZZ 9999/)
  await desk.shoot('map-card')
  expect(await violations(desk, '.map-area')).toEqual([])
  // Elsewhere on the map: nothing is chosen.
  await clickAt(desk, { lat: 14.5, lng: 120.9 })
  await card(desk).waitFor({ state: 'hidden' })
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 90_000)

test('a position that grew old looks it, on the map and on its card', async () => {
  const { desk } = await open()
  await drives('map-beta', BETA, { speedMps: 0 })
  await drives('map-old', OLD, { speedMps: 0, fixedAt: Date.now() - 3 * MINUTE_MS })
  await until(() => isDotAt(desk, OLD), 10_000, 'the old dot')
  await until(() => isInkAt(desk, BETA), 5_000, 'a solid dot')
  expect(await isInkAt(desk, OLD)).toBe(false)
  await clickAt(desk, OLD)
  await card(desk).waitFor()
  expect(await fact(desk, 'age')).toMatch(/3/)
  await until(async () => /stale|old/i.test(await fact(desk, 'doubts')), 5_000, 'the doubt')
  await desk.shoot('map-stale')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 60_000)

test('seen from afar vehicles are a crowd: a click goes nearer and chooses nobody', async () => {
  const { desk } = await open()
  const crowd = Array.from({ length: 12 }, (_, n) => ({
    lat: HOME.centre.lat + n * 4e-4,
    lng: HOME.centre.lng + n * 3e-4,
  }))
  await Promise.all(crowd.map((at, n) => drives(`map-crowd-${n}`, at, { speedMps: 5, headingDeg: n * 30 })))
  await until(() => isDotAt(desk, crowd[0] as Place), 10_000, 'the first of them')
  await clickAt(desk, crowd[11] as Place)
  await card(desk).waitFor()
  await desk.page.locator('[data-vehicle-close]').click()
  const near = await scaleWords(desk)
  for (const zoom of [10, 9, 8]) {
    await desk.page.locator('[data-map="out"]').click()
    await until(async () => (await scaleWords(desk)) !== near, 5_000, `zoom ${zoom}`)
    await Bun.sleep(500)
  }
  const far = await scaleWords(desk)
  expect(await isDotAt(desk, HOME.centre, 8)).toBe(true)
  // All of Metro Manila is one square of this zoom or two, and what stands in them is a disc, not twelve dots.
  await desk.shoot('map-crowds')
  await clickAt(desk, HOME.centre, 8)
  await until(async () => (await scaleWords(desk)) !== far, 5_000, 'the map nearer')
  expect(await card(desk).isHidden()).toBe(true)
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 60_000)

test('what is outside of the view is not sent; it comes when the view does', async () => {
  const { desk, wire } = await open()
  await drives('map-far', FAR, { speedMps: 5 })
  await drives('map-gamma', { lat: 14.59, lng: 121.05 }, { speedMps: 5 })
  await until(() => wire.has({ lat: 14.59, lng: 121.05 }), 10_000, 'the near one')
  await Bun.sleep(2_500)
  expect(wire.has(FAR)).toBe(false)
  const [south = 0, west = 0, north = 0, east = 0] = wire.boxes.at(-1) ?? []
  expect(wire.dots.length).toBeGreaterThan(0)
  for (const { lat, lng } of wire.dots) {
    expect(lat).toBeWithin(south, north)
    expect(lng).toBeWithin(west, east)
  }
  for (let n = 0; n < 4; n++) {
    await desk.page.locator('[data-map="out"]').click()
    await Bun.sleep(400)
  }
  await until(() => wire.has(FAR), 10_000, 'the far one')
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 60_000)

test('the list twin: by keyboard alone, the nearest first, by status, and the focus stays while vehicles move', async () => {
  const { desk } = await open()
  const { page } = desk
  await drives('map-list-1', { lat: HOME.centre.lat + 0.001, lng: HOME.centre.lng }, { speedMps: 0, batteryPct: 11 })
  await drives('map-list-2', { lat: HOME.centre.lat + 0.02, lng: HOME.centre.lng }, { speedMps: 0, batteryPct: 22 })
  await drives('map-list-3', { lat: HOME.centre.lat + 0.04, lng: HOME.centre.lng }, { speedMps: 8, batteryPct: 33 })
  await until(async () => (await inView(desk)) >= 3, 10_000, 'three in view')
  await desk.tabTo('#vehicles-list > summary')
  await desk.keys('Enter')
  await until(async () => (await rows(desk).count()) === (await inView(desk)), 5_000, 'a row for each in view')

  await desk.tabTo('#vehicles-filter')
  await page.keyboard.type('halted')
  await until(
    async () =>
      (await page.locator('#vehicles-list tbody [data-cell="words"]').allTextContents()).every(
        (each) => each === 'halted',
      ),
    5_000,
    'the halted alone',
  )
  const halted = await rows(desk).count()
  expect(halted).toBeGreaterThanOrEqual(2)
  expect(halted).toBeLessThan(await inView(desk))

  // The first row is the nearest to the middle of the map.
  await desk.tabTo('#vehicles-list tbody button')
  const first = await desk.ask<string>(
    'document.activeElement.dataset.shard + ":" + document.activeElement.dataset.index',
  )
  await desk.keys('Enter')
  await until(async () => (await fact(desk, 'battery')) === '11 %', 5_000, 'the card of the nearest')
  expect(await page.locator('#vehicles-list tbody [aria-pressed="true"]').count()).toBe(1)
  expect(await violations(desk, '.map-area')).toEqual([])
  for (let n = 1; n <= 3; n++) {
    await drives('map-list-3', { lat: HOME.centre.lat + 0.04 - n * 0.0005, lng: HOME.centre.lng }, { speedMps: 8 })
    await Bun.sleep(1_000)
  }
  expect(
    await desk.ask<string>('document.activeElement.dataset.shard + ":" + document.activeElement.dataset.index'),
  ).toBe(first)
  await desk.shoot('map-list')
  // The next row, by Tab and Enter; Escape on the card gives the focus back to where it came from.
  await desk.keys('Tab', 'Enter')
  await until(async () => (await fact(desk, 'battery')) !== '11 %', 5_000, 'the card of the next')
  await page.locator('[data-vehicle-close]').focus()
  await desk.keys('Escape')
  await card(desk).waitFor({ state: 'hidden' })
  expect(await desk.ask<boolean>(`document.activeElement.matches('#vehicles-list tbody tr:nth-child(2) button')`)).toBe(
    true,
  )
  await desk.keys('Escape')
  expect(await desk.ask<boolean>(`document.activeElement.matches('#vehicles-list > summary')`)).toBe(true)
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 90_000)

const LOOKS = [
  { name: 'light', lang: 'en', theme: 'light', width: 1440, height: 900 },
  { name: 'dark', lang: 'fil', theme: 'dark', width: 1440, height: 900 },
  { name: 'phone-light', lang: 'en', theme: 'light', width: 390, height: 844 },
  { name: 'phone-dark', lang: 'fil', theme: 'dark', width: 360, height: 740 },
] as const

test('light, dark and on a phone: card, list and the inset of a framed incident lie beside each other, read by axe', async () => {
  const device = devicesOf(tower, 'NCR')()
  const api = await Person.logIn(tower, { role: 'supervisor' })
  const at = { lat: 14.61, lng: 121.01, accuracyM: 12 }
  const { body } = await press(tower, device, { kind: 'panic', position: at })
  await until(async () => (await api.act(body.sosId, 'take')).status === 200, 5_000, 'the take')
  for (const [n, look] of LOOKS.entries()) {
    const { desk } = await open({ ...look, nth: n % 2 })
    await Bun.sleep(1_100)
    await desk.card(body.sosId).click()
    await desk.awaitFrame(body.sosId)
    await desk.page.locator('#inset').waitFor()
    await drives(
      `map-look-${n}`,
      { lat: at.lat + 0.004, lng: at.lng + 0.004 },
      { speedMps: 9, headingDeg: 45, batteryPct: 71 },
    )
    await until(async () => (await inView(desk)) > 0, 10_000, 'vehicles in view')
    await desk.page.locator('#vehicles-list > summary').click()
    await rows(desk).first().waitFor()
    await rows(desk).first().locator('button').click()
    await card(desk).waitFor()
    await desk.page.locator('.map-area').scrollIntoViewIfNeeded()
    await Bun.sleep(400)
    await desk.shoot(`map-${look.name}`)
    if (look.width < 600)
      await desk.page.locator('.map-area').screenshot({ path: `artifacts/screen-map-${look.name}-area.png` })
    expect({ look: look.name, lies: await overlaps(desk) }).toEqual({ look: look.name, lies: [] })
    expect({ look: look.name, found: await violations(desk, '.map-area') }).toEqual({ look: look.name, found: [] })
    expect(desk.unexpected).toEqual([])
    await desk.close()
  }
  await api.act(body.sosId, 'safe', { confirmedBy: 'own_voice' })
}, 180_000)

/** Which of the things on the map lie on each other. */
const overlaps = (desk: Desk): Promise<string[]> =>
  desk.ask(`(() => {
    const boxes = ['.pin[data-framed]', '#vehicle-card', '#inset', '#vehicles-list .vehicles-body', '.map-buttons']
      .map((name) => [name, document.querySelector(name)])
      .filter(([, each]) => each?.checkVisibility())
      .map(([name, each]) => [name, each.getBoundingClientRect()])
    const lie = []
    for (const [a, p] of boxes) for (const [b, q] of boxes)
      if (a < b && p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom) lie.push(a + ' on ' + b)
    return lie
  })()`)

test('workerd is killed and stands up again: the map goes on by itself, and its card with it', async () => {
  const { desk, wire } = await open()
  desk.expect(/WebSocket connection to/, /Failed to load resource/, /htmx:error/)
  await desk.ask('window.pageBornAt = performance.timeOrigin')
  const before = { lat: 14.56, lng: 121.06 }
  await drives('map-killed', before, { speedMps: 9, headingDeg: 0, batteryPct: 50 })
  await until(() => isDotAt(desk, before), 10_000, 'the dot')
  await tower.worker.kill('SIGKILL')
  await until(async () => /no link|of \d+ links/.test(await lamp(desk)), 10_000, 'a lamp that says so')
  await tower.worker.ready()
  const frames = wire.frames.length
  await until(async () => /^\d+ in view$/.test(await lamp(desk)), 30_000, 'all links back')
  const after = { lat: 14.561, lng: 121.06 }
  await drives('map-killed', after, { speedMps: 9, headingDeg: 0, batteryPct: 49 })
  await until(() => wire.frames.length > frames && wire.has(after), 15_000, 'frames of the new process')
  await until(() => isDotAt(desk, after), 10_000, 'the dot again')
  await clickAt(desk, after)
  await until(async () => (await fact(desk, 'battery')) === '49 %', 10_000, 'its card')
  expect(await desk.ask<boolean>('window.pageBornAt === performance.timeOrigin')).toBe(true)
  expect(desk.unexpected).toEqual([])
  await desk.close()
}, 90_000)

test('a driver who went off shift is on no map, neither after a restart, unless an incident of theirs is open', async () => {
  const [off, inDanger] = (await enrol(tower, 2)) as [Device, Device]
  const [gone, stays] = [
    // West: beside a panel that opens the map is narrower.
    { lat: 14.53, lng: 120.94 },
    { lat: 14.53, lng: 120.98 },
  ]
  const { desk, wire } = await open()
  await drives(off.id, gone, { speedMps: 7 })
  await drives(inDanger.id, stays, { speedMps: 7 })
  const api = await Person.logIn(tower, { role: 'supervisor', nth: 0 })
  const { body } = await press(tower, inDanger, { kind: 'panic' })
  await until(() => wire.has(gone) && wire.has(stays), 10_000, 'both')
  await until(() => wire.dots.some((dot) => dot.status === 'sos'), 30_000, 'the one in danger')
  await desk.close()

  // Half an hour passes: the shards' own checkpoints are told so while nothing runs.
  await Bun.sleep(5_000)
  await tower.stop()
  expect(await ageCheckpoints(31 * MINUTE_MS)).toBeGreaterThan(0)
  tower = await startTestTower({ dataDir })
  const later = await open()
  await until(() => later.wire.has(stays), 20_000, 'the one in danger')
  await Bun.sleep(2_500)
  expect(later.wire.has(gone)).toBe(false)
  // Back on shift.
  await drives(off.id, gone, { speedMps: 7 })
  await until(() => later.wire.has(gone), 10_000, 'the one who is back')
  const again = await Person.logIn(tower, { role: 'supervisor', nth: 0 })
  await again.act(body.sosId, 'take')
  await again.act(body.sosId, 'safe', { confirmedBy: 'own_voice' })
  expect(api.region).toBe('NCR')
  expect(later.desk.unexpected).toEqual([])
  await later.desk.close()
}, 150_000)

/** Makes every last contact in the fleet's checkpoints older. Says in how many devices. */
async function ageCheckpoints(ms: number): Promise<number> {
  let aged = 0
  for (const name of await readdir(dataDir, { recursive: true })) {
    if (!name.endsWith('.sqlite')) continue
    const db = new Database(join(dataDir, name))
    try {
      const [table] = db.query(`SELECT 1 FROM sqlite_master WHERE name = 'checkpoint'`).all()
      if (!table) continue
      for (const { part, body } of db
        .query<{ part: number; body: Uint8Array }, []>('SELECT part, body FROM checkpoint')
        .all()) {
        const read = JSON.parse(inflateRawSync(body).toString('utf8')) as { v: number; devices: unknown[][] }
        for (const fields of read.devices) fields[2] = (fields[2] as number) - ms
        aged += read.devices.length
        db.query('UPDATE checkpoint SET body = ?1 WHERE part = ?2').run(deflateRawSync(JSON.stringify(read)), part)
      }
    } finally {
      db.close()
    }
  }
  return aged
}
