// Welfare checks and areas without coverage through the real runtime: from positions and trackers' words to lifelines and
// screens. Silence is ten seconds here, or the test would wait for it as long as a street of drivers does.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import type { ToScreen } from '../../src/room/live'
import { startTestTower } from '../support/tower'
import { call, type Device, devicesOf, enrol, Lifeline, Person, Screen, until } from './people'

let tower: Awaited<ReturnType<typeof startTestTower>>
let ana: Person
let device: () => Device

beforeAll(async () => {
  tower = await startTestTower({ settings: { SILENT_AFTER_S: '10', FLEET_SHARDS: '2' } })
  ana = await Person.logIn(tower, { role: 'operator' })
  device = devicesOf(tower, 'NCR')
}, 120_000)

afterAll(() => tower?.stop(), 30_000)

type NoticesFrame = Extract<ToScreen, { t: 'notices' }>
const notices = (screen: Screen): NoticesFrame | undefined =>
  screen.got.filter((frame): frame is NoticesFrame => frame.t === 'notices').at(-1)

const report = (token: string, body: unknown) =>
  call(`${tower.url}/api/positions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })

/** A token of a device that nobody has enrolled: its positions count, and that is all that is needed here. */
const token = (deviceId: string) =>
  signDeviceToken(parseKeys(tower.secrets.DEVICE_KEYS), {
    deviceId,
    home: 'NCR',
    generation: 1,
    expiresAt: 4_000_000_000,
  })

const crashed = () => ({ lat: 14.62, lng: 121.05, fixedAt: Date.now(), event: 'crash' })

test('a crash hint asks the phone; OK ends it, help is an SOS, and none is a P2 check of which screens hear', async () => {
  const screen = await Screen.open(ana)
  const [fine, hurt, mute] = [device(), device(), ...(await enrol(tower, 1))] as [Device, Device, Device]
  const lines = await Promise.all([fine, hurt, mute].map((each) => Lifeline.open(tower, each)))
  for (const each of [fine, hurt, mute]) expect((await report(each.token, crashed())).status).toBeLessThan(300)
  const asked = await Promise.all(
    lines.map((line) => until(() => line.heard.find(({ t }) => t === 'welfare'), 10_000, 'the question')),
  )
  for (const question of asked) expect(question).toMatchObject({ question: 'are_you_ok', reason: 'crash' })
  const [ok, help] = asked.map(({ welfare }) => String(welfare)) as [string, string]
  // Answers go to their own question only.
  expect(await lines[1]?.ask({ welfare: ok, answer: 'ok' })).toMatchObject({ t: 'error', code: 'not_found' })
  expect(await lines[0]?.ask({ welfare: ok, answer: 'ok' })).toEqual({ t: 'welfare', welfare: ok, ok: true })
  const pressed = await lines[1]?.ask({ welfare: help, answer: 'help' })
  expect(pressed).toMatchObject({ t: 'received' })
  expect(await lines[1]?.ask({ welfare: help, answer: 'help' })).toMatchObject({ sosId: pressed?.sosId })
  const incidentOf = (each: Device) => [...screen.cards.values()].find(({ deviceId }) => deviceId === each.id)
  await until(() => incidentOf(hurt), 5_000, 'the SOS on the screen')
  expect(incidentOf(hurt)).toMatchObject({ priority: 'P1', door: 'lifeline', pressCount: 1 })
  expect(incidentOf(mute)).toBeUndefined()
  const check = await until(() => incidentOf(mute), 75_000, 'the unanswered check')
  expect(check).toMatchObject({ priority: 'P2', door: 'check', flags: ['check', 'hint_crash'], pressCount: 0 })
  expect(incidentOf(fine)).toBeUndefined()
  const file = await ana.get<{ events: { type: string }[] }>(`/api/incidents/${check.id}`)
  expect(file.body.events.map(({ type }) => type)).toContain('created')
  for (const line of lines) line.socket.close()
  screen.close()
}, 120_000)

test('a street that falls silent is one notice on every screen, after a reconnect too, and ends when it is heard', async () => {
  const screen = await Screen.open(ana)
  const before = (await ana.queue()).length
  const street = Array.from({ length: 30 }, (_, n) => [token(`street-${n}`), 14.5551 + n * 0.0002] as const)
  // The rest of the fleet is heard all the time: it is no outage of the region.
  const rest = Array.from({ length: 40 }, (_, n) => [token(`rest-${n}`), 14.4 + n * 0.0002] as const)
  const drive = (all: typeof street) =>
    Promise.all(all.map(([own, lat]) => report(own, { lat, lng: 121.0215, fixedAt: Date.now() })))
  await drive(street)
  const [notice, ...others] = await until(
    async () => {
      await drive(rest)
      await Bun.sleep(1_000)
      return notices(screen)?.notices[0]?.count === 30 ? notices(screen)?.notices : null
    },
    60_000,
    'the notice',
  )
  expect(others).toEqual([])
  expect(notice).toMatchObject({ area: { municipalities: ['Makati'] }, wide: false })
  const late = await Screen.open(ana)
  expect(notices(late)?.notices).toEqual(notices(screen)?.notices as NoticesFrame['notices'])
  const listed = await ana.get<{ notices: { id: string }[] }>('/api/regions/NCR/notices')
  expect(listed.body.notices.map(({ id }) => id)).toEqual([notice?.id ?? ''])
  expect((await ana.queue()).length).toBe(before)
  // The room that kept it has to have heard all of its shards before it lets one end.
  await until(
    async () => {
      await drive([...street, ...rest])
      await Bun.sleep(1_000)
      return notices(screen)?.notices.length === 0
    },
    90_000,
    'the end of the notice',
  )
  screen.close()
  late.close()
}, 180_000)
