// PostgreSQL swallows packets: worse than being dead, for whoever waits for it waits for ever. Nobody may.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import postgres from 'postgres'
import { tell } from '../../scripts/faults/line'
import type { Tower } from '../../scripts/lib/tower'
import type { EventType } from '../../src/domain/event'
import { verifyChain } from '../../src/room/chain'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy'
import { testDatabase, testServer } from '../support/postgres'
import { startTestTower } from '../support/tower'
import { archivedLog, type Device, devicesOf, Person, press, roomHealth, Screen, until } from '../system/people'
import { accountFor } from './phones'

let tower: Tower
let proxy: FaultProxy
let ana: Person
let ben: Person
let next: () => Device

afterAll(async () => {
  await tower?.stop()
  await proxy?.stop()
}, 30_000)
beforeAll(async () => {
  const direct = await testDatabase()
  proxy = await startFaultProxy(await testServer())
  const database = { owner: direct.owner, writer: proxy.through(direct.writer), reader: proxy.through(direct.reader) }
  tower = await startTestTower({ database, demo: true })
  next = devicesOf(tower, 'NCR')
  ;[ana, ben] = await Promise.all([
    Person.logIn(tower, { role: 'operator', nth: 0 }),
    Person.logIn(tower, { role: 'operator', nth: 1 }),
  ])
  await until(async () => (await roomHealth(tower)).directoryVersion > 0, 15_000, 'the directory in the room')
}, 120_000)

type File = { events: { type: EventType; at: string }[] }
const eventAt = async (id: string, type: EventType): Promise<number | null> => {
  const event = (await ana.get<File>(`/api/incidents/${id}`)).body.events.find((each) => each.type === type)
  return event ? Date.parse(event.at) : null
}

test('R14 behind a black hole clocks keep time, presses are answered, people act and log in', async () => {
  const screens = [await Screen.open(ana), await Screen.open(ben)]
  proxy.set('drop')
  const [taken, untaken] = await Promise.all(
    // The second one may be told that nobody has taken it: only then does its clock of 30 s run.
    ['panic', 'crash'].map(async (kind) => (await press(tower, next(), { kind })).body.sosId),
  )
  if (!taken || !untaken) throw new Error('not pressed')
  await until(async () => (await ana.act(taken, 'take')).status === 200)

  // Presses all the while: work for the outbox, which hangs.
  const device = next()
  const waits: number[] = []
  let pressing = true
  const stream = (async () => {
    while (pressing) {
      const began = performance.now()
      expect((await press(tower, device, { id: crypto.randomUUID() })).status).toBe(201)
      waits.push(performance.now() - began)
      await Bun.sleep(200)
    }
  })()
  await Person.logIn(tower, { role: 'supervisor' })

  const released = await until(() => eventAt(taken, 'released'), 75_000, 'the return to the queue')
  pressing = false
  await stream
  const errorOfRelease = released - ((await eventAt(taken, 'taken')) ?? 0) - 60_000
  const errorOfUntaken =
    ((await eventAt(untaken, 'untaken_told')) ?? 0) - ((await eventAt(untaken, 'created')) ?? 0) - 30_000
  expect(Math.abs(errorOfRelease)).toBeLessThan(2_000)
  expect(Math.abs(errorOfUntaken)).toBeLessThan(2_000)
  const card = await ana.incident(taken)
  expect(card).toMatchObject({ state: 'new', owner: null, ring: { to: 'all' } })
  for (const screen of screens) expect(screen.cards.get(taken)).toMatchObject({ state: 'new', ring: { to: 'all' } })
  expect(Math.max(...waits)).toBeLessThan(5_000)
  const [slowest = 0] = waits.sort((a, b) => b - a)
  const account = await accountFor(tower, [{ sosId: taken }, { sosId: untaken }])
  expect([account.lost, account.doubled]).toEqual([0, 0])
  tell({
    fault: 'R14',
    did: 'packets to Postgres vanish while people act and log in',
    ...{ answered: waits.length + 2, lost: account.lost, doubled: account.doubled },
    seen:
      `clocks off by ${errorOfRelease} ms at 60 s and ${errorOfUntaken} ms at 30 s; the slowest answer ${slowest.toFixed(0)} ms; ` +
      `${proxy.connections} connections tried`,
  })
  for (const screen of screens) screen.close()
}, 120_000)

test('R14 a wire that breaks or crawls delays only the archive, and mended it catches up', async () => {
  const pressed: { sosId: string }[] = []
  for (const fault of ['reset', 'delay'] as const) {
    proxy.delayMs = 1_500
    proxy.set(fault)
    const { status, body } = await press(tower, next(), { kind: 'crash' })
    expect(status).toBe(201)
    pressed.push(body)
    await until(async () => (await ana.act(body.sosId, 'take')).status === 200, 5_000, 'the take')
  }
  proxy.set('pass')
  const mended = performance.now()
  const account = await accountFor(tower, pressed)
  expect([account.lost, account.doubled]).toEqual([0, 0])
  await until(async () => (await roomHealth(tower)).outbox === 0, 40_000, 'the catching up')
  const sql = postgres(tower.databaseUrls.owner, { max: 1 })
  try {
    const archived = await archivedLog(sql, 'NCR')
    expect(verifyChain(archived)).toMatchObject({ ok: true })
    tell({
      fault: 'R14',
      did: 'the wire to Postgres resets and crawls',
      ...{
        answered: pressed.length,
        lost: account.lost,
        doubled: account.doubled,
        convergedMs: performance.now() - mended,
      },
      seen: `${archived.length} lines there, one chain`,
    })
  } finally {
    await sql.end()
  }
}, 90_000)
