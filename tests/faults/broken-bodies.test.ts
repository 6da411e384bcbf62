// R34: presses whose bodies break off, never end, are too long, or are no text. The address is the cry: each is an incident.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import type { IncidentSummary } from '../../src/domain/incident'
import { startTestTower } from '../support/tower'
import { type Device, Person, until } from '../system/people'
import { accountFor, aStranger, pressing, quantile } from './phones'
import { beginRequest, type RawPress, rawPress } from './raw'

let tower: Tower
let ana: Person

beforeAll(async () => {
  tower = await startTestTower()
  ana = await Person.logIn(tower, { role: 'operator' })
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const bytes = (text: string) => new TextEncoder().encode(text)
const whole = '{"kind":"panic","position":{"lat":14.55,"lng":121.02},"note":"Tulong"}'
const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(whole, 'utf16le')])
const TEN_MB = 10 * 1024 * 1024
const MEGABYTE = new Uint8Array(1024 * 1024).fill(0x20)
const tenMegabytes = [bytes(whole.slice(0, -1)), ...Array.from({ length: 10 }, () => MEGABYTE)]

const CASES: [what: string, press: RawPress][] = [
  ['cut off, and hung up', { length: 500, pieces: [bytes(whole.slice(0, 40))], hangsUp: true }],
  ['cut off before the first byte', { length: 500, pieces: [], hangsUp: true }],
  ['10 MB with its length', { length: TEN_MB + whole.length - 1, pieces: tenMegabytes }],
  ['10 MB in pieces', { length: null, pieces: tenMegabytes }],
  ['invalid UTF-8', { length: 6, pieces: [new Uint8Array([0xc3, 0x28, 0xff, 0xfe, 0x80, 0x00])] }],
  ['a BOM', { length: whole.length + 3, pieces: [new Uint8Array([0xef, 0xbb, 0xbf]), bytes(whole)] }],
  ['UTF-16 with a BOM', { length: utf16.length, pieces: [utf16] }],
  ['NUL in a note', { length: 24, pieces: [bytes('{"note":"a\\u0000b\\ud800"}')] }],
  ['a brace', { length: 1, pieces: [bytes('{')] }],
  ['nothing', { length: 0, pieces: [] }],
]

test('R34 presses that are cut off, of 10 MB, not UTF-8 or with a BOM are incidents, answered or not', async () => {
  const began = performance.now()
  const devices: Device[] = []
  const said: string[] = []
  let answered = 0
  for (const [what, press] of CASES) {
    const device = aStranger(tower, 'NCR', 'broken')
    devices.push(device)
    const { status, ms } = await rawPress(tower, device, press)
    if (!press.hangsUp) {
      expect([what, status]).toEqual([what, 201])
      answered++
    }
    if (!press.hangsUp) said.push(`${what} ${Math.round(ms)}`)
  }
  const incidents = await until(
    async () => {
      const url = '/api/incidents?region=NCR&status=all&limit=500&q=broken-'
      const { incidents: found } = (await ana.get<{ incidents: IncidentSummary[] }>(url)).body
      return devices.every(({ id }) => found.some(({ deviceId }) => deviceId === id)) ? found : null
    },
    15_000,
    'an incident of each',
  )
  const own = incidents.filter(({ deviceId }) => devices.some(({ id }) => id === deviceId))
  expect(own).toHaveLength(CASES.length)
  // What could be read was read, and what could not is said.
  const of = (what: string) =>
    own.find(({ deviceId }) => deviceId === devices[CASES.findIndex(([w]) => w === what)]?.id)
  expect(of('a BOM')).toMatchObject({ note: 'Tulong', position: { lat: 14.55 } })
  expect(of('10 MB with its length')?.position?.lat).toBe(14.55)
  for (const what of ['invalid UTF-8', 'a brace']) expect(of(what)?.flags).toContain('garbled')
  tell({
    fault: 'R34',
    did: `${CASES.length} presses with broken bodies`,
    ...{ answered, lost: CASES.length - own.length, doubled: 0, convergedMs: performance.now() - began },
    seen: `an incident of each, also of the two that hung up; the others were answered after ms: ${said.join(', ')}`,
  })
}, 90_000)

test('R34 presses that come a byte at a time are answered after 4 s, and those beside them wait for nobody', async () => {
  const SLOW = sized(40, 100, 200)
  const stream = pressing(tower, 20, { name: 'beside' })
  await Bun.sleep(2_000)
  const unfinished = await Promise.all(Array.from({ length: SLOW }, () => beginRequest(tower)))
  const slow = await Promise.all(
    Array.from({ length: SLOW }, () =>
      rawPress(tower, aStranger(tower, 'NCR', 'slow'), {
        length: whole.length,
        pieces: [...bytes(whole)].map((byte) => new Uint8Array([byte])),
        everyMs: 250,
      }),
    ),
  )
  const beside = await stream.stop()
  for (const socket of unfinished) socket.destroy()
  expect(slow.map(({ status }) => status).filter((status) => status !== 201)).toEqual([])
  expect(Math.max(...slow.map(({ ms }) => ms))).toBeLessThan(15_000)
  const slowIds = slow.map(({ body }) => JSON.parse(body) as { sosId: string })
  const { lost, doubled } = await accountFor(tower, [...beside, ...slowIds])
  expect([lost, doubled]).toEqual([0, 0])
  tell({
    fault: 'R34',
    did: `${SLOW} presses a byte every 250 ms and ${SLOW} requests that never end, 20 presses a second beside them`,
    ...{ answered: slow.length + beside.length, lost, doubled },
    seen:
      `slow ones answered after ${Math.round(
        quantile(
          slow.map(({ ms }) => ms),
          0.99,
        ),
      )} ms, the others p99 ` +
      `${Math.round(
        quantile(
          beside.map(({ ms }) => ms),
          0.99,
        ),
      )} ms`,
  })
}, 90_000)
