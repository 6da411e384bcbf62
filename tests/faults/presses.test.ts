// R29 to R33: what frightened people, bad networks and wrong clocks make of a press. One emergency stays one incident, nothing is
// refused, and the order is the tower's own.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import postgres from 'postgres'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import type { LogEvent } from '../../src/domain/event'
import { sosIdOf } from '../../src/ingest/press-id'
import { aPress, NOON } from '../support/made-up'
import { openRoom } from '../support/room'
import { startTestTower } from '../support/tower'
import { call, enrol, Lifeline, Person, press, Screen, until } from '../system/people'
import { accountFor, aStranger, wholeLog } from './phones'

let tower: Tower
let ana: Person
let screen: Screen

beforeAll(async () => {
  tower = await startTestTower()
  ana = await Person.logIn(tower, { role: 'operator' })
  screen = await Screen.open(ana)
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const HERE = { lat: 14.5547, lng: 121.0244 }
const onScreen = (id: string) => until(() => screen.cards.get(id), 10_000, `${id} on the screen`)

test('R29 the same SOS 50 times at once, by an id, by its fix, and over two lines, is one incident and one press', async () => {
  const TIMES = 50
  const began = performance.now()
  const named = aStranger(tower)
  const unnamed = aStranger(tower)
  const both = aStranger(tower)
  const id = crypto.randomUUID()
  const fixed = { kind: 'panic', position: { ...HERE, fixedAt: Date.now() - 2_000 } }
  const line = await Lifeline.open(tower, both)
  const twice = { id: crypto.randomUUID(), kind: 'fire' }
  const answers = await Promise.all([
    ...Array.from({ length: TIMES }, () => press(tower, named, { id, kind: 'panic', position: HERE })),
    ...Array.from({ length: TIMES }, () => press(tower, unnamed, fixed)),
    ...Array.from({ length: TIMES }, () => press(tower, both, twice)),
  ])
  const byLine = String((await line.ask(twice)).sosId)
  const ids = [0, 1, 2].map(
    (nth) => new Set(answers.slice(nth * TIMES, (nth + 1) * TIMES).map(({ body }) => body.sosId)),
  )
  expect(ids.map(({ size }) => size)).toEqual([1, 1, 1])
  expect(ids[2]?.has(byLine)).toBe(true)
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status !== 200 && status !== 201)).toEqual([])
  const sosIds = ids.flatMap((each) => [...each])
  for (const sosId of sosIds) expect((await onScreen(sosId)).pressCount).toBe(1)
  const shownMs = performance.now() - began
  const { lost, doubled, log } = await accountFor(
    tower,
    sosIds.map((sosId) => ({ sosId })),
  )
  expect([lost, doubled]).toEqual([0, 0])
  expect(log.filter(({ type, incident }) => type === 'pressed' && sosIds.includes(incident ?? ''))).toEqual([])
  line.socket.close()
  tell({
    fault: 'R29',
    did: `3 presses sent ${TIMES} times each at once, one also by lifeline`,
    ...{ answered: answers.length + 1, lost, doubled, convergedMs: shownMs },
    seen: `${statuses.filter((status) => status === 201).length} answers 201 and the others 200; 3 cards`,
  })
})

test('R30 a cancel, a location and a take before their press: the cancel counts, the location is its place, the take waits', async () => {
  const [calm, forced, early] = await enrol(tower, 3)
  if (!calm || !forced || !early) throw new Error('three devices were to be enrolled')
  const named = (device: string, clientId: string) =>
    sosIdOf({
      ...{ home: 'NCR', deviceId: device, clientId, alarm: 'panic', fixedAt: null, pressedAt: null },
      ...{ lat: null, lng: null, body: '', receivedAt: 0 },
    })
  const cancel = (device: typeof calm, sosId: string, pin: string) =>
    call(`${tower.url}/api/sos/${sosId}/cancel`, {
      method: 'POST',
      headers: { authorization: `Bearer ${device.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ pin }),
    })
  const began = performance.now()
  const [a, b] = [crypto.randomUUID(), crypto.randomUUID()]
  // The cancel overtakes its press on another connection.
  expect((await cancel(calm, named(calm.id, a), calm.pin)).status).toBe(200)
  expect((await cancel(forced, named(forced.id, b), forced.duressPin)).status).toBe(200)
  const first = (await press(tower, calm, { id: a, kind: 'panic' })).body.sosId
  const second = (await press(tower, forced, { id: b, kind: 'panic' })).body.sosId
  expect([first, second]).toEqual([named(calm.id, a), named(forced.id, b)])
  await until(async () => (await ana.get(`/api/incidents/${first}`)).status === 200)
  await until(async () => (await ana.incident(first)).state === 'cancelled', 10_000, 'the cancel of before')
  await until(async () => (await ana.incident(second)).flags.includes('duress'), 10_000, 'the duress of before')
  expect((await ana.incident(second)).state).toBe('new')

  // Where it is comes first, and nobody can take what is not there.
  const c = crypto.randomUUID()
  const third = named(early.id, c)
  const at = await call(`${tower.url}/api/positions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${early.token}` },
    body: JSON.stringify({ ...HERE, fixedAt: Date.now() }),
  })
  expect(at.status).toBe(200)
  expect((await ana.act(third, 'take')).status).toBe(404)
  const pressed = await press(tower, early, { id: c, kind: 'panic' })
  expect(pressed).toMatchObject({ status: 201, body: { sosId: third } })
  await until(async () => (await ana.act(third, 'take')).status === 200, 10_000, 'the take after the press')
  const { lost, doubled } = await accountFor(tower, [{ sosId: first }, { sosId: second }, { sosId: third }])
  expect([lost, doubled]).toEqual([0, 0])
  tell({
    fault: 'R30',
    did: 'the true PIN, the duress PIN, a location and a take, each before its press',
    ...{ answered: 3, lost, doubled, convergedMs: performance.now() - began },
    seen: 'one cancelled, one flagged as duress and still open, the early take refused with 404 and good after the press',
  })
})

test('R31 a press without a fix, at (0,0), with an old fix or one of another country is an incident, and says so', async () => {
  const old = Date.now() - 6 * 3_600_000
  const cases: [what: string, position: object | null][] = [
    ['no fix', null],
    ['(0,0)', { lat: 0, lng: 0, fixedAt: Date.now() }],
    ['six hours old', { ...HERE, fixedAt: old }],
    ['Tokyo', { lat: 35.68, lng: 139.76, fixedAt: Date.now() }],
    ['beyond the poles', { lat: 1e9, lng: -1e9, fixedAt: Date.now() }],
    ['mocked', { ...HERE, fixedAt: Date.now(), mocked: true }],
    ['no time of its own', { ...HERE }],
  ]
  const began = performance.now()
  const told: string[] = []
  const pressed: { sosId: string }[] = []
  for (const [what, position] of cases) {
    const { status, body } = await press(tower, aStranger(tower), { kind: 'panic', position })
    expect([what, status]).toEqual([what, 201])
    pressed.push(body)
    const card = await onScreen(body.sosId)
    expect(card.priority).toBe('P1')
    told.push(`${what}: ${[...card.flags, ...(card.position?.doubts ?? [])].join(' ') || 'plain'}`)
  }
  // What proves nothing is not drawn as a place.
  const cards = await Promise.all(pressed.map(({ sosId }) => ana.incident(sosId)))
  expect(cards[0]?.position).toBeNull()
  expect(cards[4]?.position).toBeNull()
  for (const at of [1, 2, 3, 5]) {
    const card = cards[at]
    expect([at, [...(card?.flags ?? []), ...(card?.position?.doubts ?? [])].length > 0]).toEqual([at, true])
  }
  const { lost, doubled } = await accountFor(tower, pressed)
  expect([lost, doubled]).toEqual([0, 0])
  tell({
    fault: 'R31',
    did: `${cases.length} presses with no place, a false or an old one`,
    ...{ answered: cases.length, lost, doubled, convergedMs: performance.now() - began },
    seen: told.join(', '),
  })
})

const YEAR_MS = 365 * 86_400_000

test('R32 phones’ clocks a year before and after, around midnight and the leap second change nothing about the order', async () => {
  const now = Date.now()
  const midnightInManila = new Date(Math.ceil((now + 8 * 3_600_000) / 86_400_000) * 86_400_000 - 8 * 3_600_000)
  const clocks: [string, string | number][] = [
    ['a year behind', now - YEAR_MS],
    ['a year ahead', now + YEAR_MS],
    ['1970', 0],
    ['2038', 2 ** 31 * 1_000],
    ['the leap second', '2016-12-31T23:59:60Z'],
    ['a second before Manila’s midnight', midnightInManila.getTime() - 1_000],
    ['Manila’s midnight', midnightInManila.getTime()],
    ['UTC’s midnight with an offset', '2026-11-24T08:00:00+08:00'],
    ['no time at all', 'yesterday, about noon'],
    ['five minutes behind', now - 300_000],
    ['five minutes ahead', now + 300_000],
  ]
  const before = (await wholeLog(tower)).at(-1)?.seq ?? 0
  const began = performance.now()
  const pressed: string[] = []
  for (const [what, pressedAt] of clocks) {
    const { status, body } = await press(tower, aStranger(tower), { id: crypto.randomUUID(), kind: 'crash', pressedAt })
    expect([what, status]).toEqual([what, 201])
    // Said by the server, not by the phone.
    expect(Math.abs(Date.parse(body.receivedAt) - Date.now())).toBeLessThan(10_000)
    pressed.push(body.sosId)
    await onScreen(body.sosId)
  }
  const created = (await wholeLog(tower)).filter(({ type, seq }) => type === 'created' && seq > before)
  expect(created.map(({ incident }) => incident)).toEqual(pressed)
  const { lost, doubled } = await accountFor(
    tower,
    pressed.map((sosId) => ({ sosId })),
  )
  expect([lost, doubled]).toEqual([0, 0])
  tell({
    fault: 'R32',
    did: `${clocks.length} phones whose clocks are wrong`,
    ...{ answered: pressed.length, lost, doubled, convergedMs: performance.now() - began },
    seen: 'cards in the order of their arrival, with the server’s time',
  })
})

test('R32 a server’s clock that is set by five minutes, ahead and back, keeps the order and the chain', () => {
  const { send, room, clock, heard } = openRoom()
  const steps = [0, 300_000, -300_000, -300_000, 300_000]
  const pressed = steps.map((step, nth) => {
    clock.now += step
    const own = aPress({ deviceId: `dev-${nth}`, receivedAt: clock.now, pressedAt: NOON })
    send([own])
    return own.sosId
  })
  const log: LogEvent[] = room.log.from(1, 1_000)
  const created = log.filter(({ type }) => type === 'created')
  expect(created.map(({ incident }) => incident)).toEqual(pressed)
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, at) => at + 1))
  expect(new Set(heard.map(({ id }) => id)).size).toBe(pressed.length)
  const missed = room.since(created[1]?.seq ?? 0, 100).map(({ id }) => id)
  expect(missed).toEqual(expect.arrayContaining(pressed.slice(2)))
  tell({
    fault: 'R32',
    did: 'the room’s clock set by 5 min four times',
    ...{ answered: pressed.length, lost: pressed.length - created.length, doubled: 0 },
    seen: 'one order of seq; a screen that was away gets what it missed',
  })
})

test('R33 phones that were away for a shift send 500 old positions and then an SOS: the SOS is seen first', async () => {
  const PHONES = sized(4, 10, 20)
  const backlog = (n: number) =>
    Array.from({ length: 500 }, (_, at) => ({
      timestamp: new Date(Date.now() - (600 - at) * 1_000).toISOString(),
      coords: { latitude: 14.6 + at / 10_000, longitude: 121.03 + n / 100 },
    }))
  const began = performance.now()
  const shownMs: number[] = []
  const flushes = Array.from({ length: PHONES }, async (_, n) => {
    const device = aStranger(tower, 'NCR', 'shift')
    const kept = backlog(n)
    // In one queue, as an app has it: first in, first out, and the SOS comes last.
    const first = await fetch(device.ingestUrl, { method: 'POST', body: JSON.stringify({ location: kept }) })
    expect(first.status).toBe(200)
    const at = performance.now()
    const last = { ...kept.at(-1), timestamp: new Date().toISOString(), extras: { alarm: 'sos' } }
    const answer = await fetch(device.ingestUrl, { method: 'POST', body: JSON.stringify({ location: last }) })
    expect(answer.status).toBe(200)
    const card = await until(() => [...screen.cards.values()].find(({ deviceId }) => deviceId === device.id))
    shownMs.push(performance.now() - at)
    return { sosId: card.id, device: device.id }
  })
  const pressed = await Promise.all(flushes)
  const seenMs = performance.now() - began
  const { lost, doubled } = await accountFor(tower, pressed)
  expect([lost, doubled]).toEqual([0, 0])
  // None of the old ones is lost for it.
  const sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
  const devices = pressed.map(({ device }) => device)
  const rows = async () =>
    Number((await sql`SELECT count(*)::int AS n FROM position WHERE device_id IN ${sql(devices)}`)[0]?.n)
  try {
    await until(async () => (await rows()) >= PHONES * 500, 30_000, 'all positions in Postgres')
  } finally {
    await sql.end()
  }
  const storedMs = performance.now() - began
  tell({
    fault: 'R33',
    did: `${PHONES} phones with 500 buffered positions and one SOS each`,
    ...{ answered: pressed.length, lost, doubled, convergedMs: storedMs },
    seen:
      `SOS to screen ${Math.round(Math.max(...shownMs))} ms at most, the last of them ${Math.round(seenMs)} ms after the phones were ` +
      `back; ${PHONES * 500} positions in Postgres after ${Math.round(storedMs)} ms`,
  })
})
