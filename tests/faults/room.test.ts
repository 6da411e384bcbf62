// A room that is dead, an owner whose screen is gone, a session that has ended.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import postgres from 'postgres'
import { tell } from '../../scripts/faults/line'
import type { Tower } from '../../scripts/lib/tower'
import type { UnplacedCard } from '../../src/intake/contract'
import { startTestTower } from '../support/tower'
import { devicesOf, Lifeline, Person, press, roomHealth, Screen, until } from '../system/people'
import { campaign } from './campaign'
import { accountFor } from './phones'

let tower: Tower
let cris: Person
let ana: Person
let ben: Person

beforeAll(async () => {
  tower = await startTestTower({ settings: { FAULTS: 'on' } })
  ;[cris, ana, ben] = await Promise.all([
    Person.logIn(tower, { role: 'operator', region: 'CEB', nth: 1 }),
    Person.logIn(tower, { role: 'operator', nth: 0 }),
    Person.logIn(tower, { role: 'operator', nth: 1 }),
  ])
  await until(async () => (await roomHealth(tower, 'CEB')).directoryVersion > 0, 15_000, 'the directory in the room')
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const fault = (what: 'dead' | 'alive') => fetch(`${tower.internalUrl}/faults/rooms/CEB/${what}`, { method: 'POST' })

test('dead: presses are answered and on a screen within 6 s, and in the room exactly once when it lives again', async () => {
  const next = devicesOf(tower, 'CEB')
  const screen = await Screen.open(cris, { region: 'CEB' })
  const line = await Lifeline.open(tower, next())
  // The intakes know drivers and plates from an earlier reply of the room.
  const before = (await press(tower, next(), { kind: 'crash' })).body.sosId
  await until(() => screen.cards.get(before), 5_000, 'the card while it lives')

  expect((await fault('dead')).status).toBe(200)
  await until(() => screen.closed !== null, 5_000, 'the socket that says so')
  const device = next()
  const began = performance.now()
  const pressed = await press(tower, device, { kind: 'fire', position: { lat: 10.31, lng: 123.89 } })
  expect(pressed.status).toBe(201)
  const answeredMs = performance.now() - began
  const { sosId } = pressed.body
  const heard = String((await line.ask({ id: crypto.randomUUID(), kind: 'crash' })).sosId)
  expect((await cris.get('/api/incidents?region=CEB')).status).toBe(503)
  expect((await cris.act(before, 'take')).status).toBe(503)

  // As a screen does it: asked again every 2 s.
  const unplaced = async () =>
    (await cris.get<{ cards: UnplacedCard[]; missing: number }>('/api/regions/CEB/unplaced')).body
  const card = await until(
    async () => {
      await Bun.sleep(2_000)
      return (await unplaced()).cards.find((each) => each.sosId === sosId)
    },
    10_000,
    'the card without its room',
  )
  const shownMs = performance.now() - began
  expect(shownMs).toBeLessThan(6_000)
  expect(card).toMatchObject({ deviceId: device.id, kind: 'fire', driver: expect.any(String) })
  expect(card.plate).toBeTruthy()
  await until(async () => (await unplaced()).cards.some((each) => each.sosId === heard))
  // Other regions do not notice.
  expect((await ana.get('/api/incidents?region=NCR')).status).toBe(200)

  expect((await fault('alive')).status).toBe(200)
  const revived = performance.now()
  await until(async () => (await cris.get(`/api/incidents/${sosId}`)).status === 200, 15_000, 'the press in its room')
  const placedMs = performance.now() - revived
  await until(async () => (await unplaced()).cards.length === 0, 10_000, 'nothing left unplaced')
  for (const id of [sosId, heard]) {
    const { body } = await cris.get<{ incident: { pressCount: number }; events: { type: string }[] }>(
      `/api/incidents/${id}`,
    )
    expect(body.incident.pressCount).toBe(1)
    expect(body.events.filter(({ type }) => type === 'created')).toHaveLength(1)
  }
  expect((await cris.act(before, 'take')).status).toBe(200)
  console.log(
    `room dead: answered in ${answeredMs.toFixed(0)} ms, on a screen after ${shownMs.toFixed(0)} ms, ` +
      `in the room ${placedMs.toFixed(0)} ms after it lived again`,
  )
}, 90_000)

test("H1 an owner's last screen gone: back in the queue with sound after 20 s, and not while another is open", async () => {
  const next = devicesOf(tower, 'NCR')
  const [lost, kept] = await Promise.all(
    [next(), next()].map(async (device) => (await press(tower, device, { kind: 'panic' })).body.sosId),
  )
  if (!lost || !kept) throw new Error('not pressed')
  const watching = await Screen.open(ana)
  const second = await Screen.open(ana)
  const going = await Screen.open(ben)
  await until(async () => (await ben.act(lost, 'take')).status === 200)
  await until(async () => (await ana.act(kept, 'take')).status === 200)
  // An act, so that the clock of the first act has nothing to say in this.
  for (const [person, id] of [
    [ben, lost],
    [ana, kept],
  ] as const) {
    expect((await person.act(id, 'note', { text: 'I am on it' })).status).toBe(200)
  }
  // The answer of an act may be here before the frame that tells of it.
  await until(() => watching.cards.get(lost)?.state === 'taken', 5_000, 'the take on the screen')
  const ringBefore = (await ana.incident(lost)).ring.n
  going.socket.terminate()
  second.socket.terminate()
  const gone = performance.now()
  const back = await until(() => [watching.cards.get(lost)].find((card) => card?.state === 'new'), 30_000, 'the return')
  const afterMs = performance.now() - gone
  expect(Math.abs(afterMs - 20_000)).toBeLessThan(2_000)
  expect(back).toMatchObject({ owner: null, ring: { to: 'all' } })
  expect(back.ring.n).toBeGreaterThan(ringBefore)
  expect((await ana.incident(kept)).owner?.uid).toBeTruthy()
  watching.close()
  const account = await accountFor(tower, [{ sosId: lost }, { sosId: kept }])
  expect([account.lost, account.doubled]).toEqual([0, 0])
  tell({
    fault: 'H1',
    did: 'the last screen of the owner of a P1 is killed, and one of two of another owner',
    ...{ answered: 2, lost: account.lost, doubled: account.doubled, convergedMs: afterMs },
    seen: `back in the queue with sound after ${(afterMs / 1_000).toFixed(2)} s; the other stays with its owner`,
  })
}, 60_000)

campaign(
  'H1 whoever looks from another region keeps what they hold when its room is another object, and not when that screen is gone',
  async () => {
    const carla = await Person.logIn(tower, { role: 'operator', region: 'NCR', nth: 2 })
    const { sosId } = (await press(tower, devicesOf(tower, 'CEB')(), { kind: 'panic' })).body
    const screen = await Screen.open(carla)
    await until(async () => (await carla.act(sosId, 'take')).status === 200)
    expect((await carla.act(sosId, 'note', { text: 'I am on it' })).status).toBe(200)
    await fault('dead')
    await fault('alive')
    const standing = () => carla.incident(sosId)
    await until(async () => (await standing().catch(() => null)) !== null, 10_000, 'the room, born anew')
    await Bun.sleep(25_000)
    expect(await standing()).toMatchObject({ state: 'taken', owner: { name: expect.any(String) } })
    screen.socket.terminate()
    const gone = performance.now()
    await until(async () => (await standing()).state === 'new', 30_000, 'the return')
    expect(Math.abs(performance.now() - gone - 20_000)).toBeLessThan(2_000)
  },
  90_000,
)

test('a session that was ended in Postgres closes its sockets with 4401 and opens nothing any more', async () => {
  const screen = await Screen.open(ben)
  const stays = await Screen.open(ana)
  const uid = (await ben.get<{ uid: string }>('/api/auth/me')).body.uid
  const sql = postgres(tower.databaseUrls.owner, { max: 1 })
  try {
    await sql`UPDATE app_user SET session_epoch = session_epoch + 1 WHERE id = ${uid}`
  } finally {
    await sql.end()
  }
  // What the tower itself does once a minute: the room then asks Postgres for what is new.
  await tower.tick()
  const told = performance.now()
  await until(() => screen.closed !== null, 5_000, 'the closing of the socket')
  const closedMs = performance.now() - told
  expect(screen.closed).toBe(4401)
  await until(async () => (await ben.get('/api/auth/me')).status === 401, 6_000, 'the end of the session')
  expect((await ben.get('/api/incidents?region=NCR')).status).toBe(401)
  expect(stays.closed).toBeNull()
  // Logged in again, the same person is in.
  const again = await Person.logIn(tower, { role: 'operator', nth: 1 })
  expect((await again.get('/api/auth/me')).status).toBe(200)
  const reopened = await Screen.open(again)
  reopened.close()
  stays.close()
  console.log(`session ended: socket closed with 4401 after ${closedMs.toFixed(0)} ms`)
}, 60_000)
