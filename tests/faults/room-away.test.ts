// A dead room on the real runtime: the intake rings the duty card through the courier, past the room, which takes it over.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Tower } from '../../scripts/lib/tower'
import type { LadderView } from '../../src/room/paging-contract'
import { pressing, startTwilio, type TwilioSimulator, undelivered } from '../simulators/twilio'
import { startTestTower } from '../support/tower'
import { devicesOf, Person, press, roomHealth, until } from '../system/people'

let tower: Tower
let twilio: TwilioSimulator
let cris: Person

beforeAll(async () => {
  twilio = await startTwilio()
  tower = await startTestTower({ settings: { ...twilio.settings, FAULTS: 'on' } })
  cris = await Person.logIn(tower, { role: 'operator', region: 'CEB', nth: 1 })
  await until(async () => (await roomHealth(tower, 'CEB')).directoryVersion > 0, 15_000, 'the directory in the room')
}, 120_000)
afterAll(async () => {
  await tower?.stop()
  await twilio?.stop()
}, 30_000)

const fault = (what: 'dead' | 'alive') => fetch(`${tower.internalUrl}/faults/rooms/CEB/${what}`, { method: 'POST' })

test('a press whose room is dead rings the duty card soon after 5 s, once; the room that lives again shows who was told', async () => {
  twilio.messages.always(undelivered(50))
  twilio.calls.always(pressing('1', 100))
  const next = devicesOf(tower, 'CEB')
  // The intakes know the duty card from an earlier reply of the room.
  const first = (await press(tower, next())).body.sosId
  await until(async () => (await cris.get(`/api/incidents/${first}`)).status === 200, 5_000, 'the first in the room')
  await cris.act(first, 'take')
  expect((await fault('dead')).status).toBe(200)
  const before = twilio.requests.length
  const began = performance.now()
  const { sosId } = (await press(tower, next(), { kind: 'fire' })).body
  await until(async () => twilio.requests.slice(before).find(({ kind }) => kind === 'call'), 10_000, 'a call')
  const rangMs = performance.now() - began
  console.log(`press → call past a dead room: ${Math.round(rangMs)} ms`)
  expect(rangMs).toBeGreaterThan(4_900)
  expect(rangMs).toBeLessThan(8_000)

  expect((await fault('alive')).status).toBe(200)
  const ladder = await until(
    async () => {
      const { status, body } = await cris.get<LadderView>(`/api/incidents/${sosId}/ladder`)
      return status === 200 && body.state === 'held' ? body : null
    },
    20_000,
    'the ladder, held by the phone that answered',
  )
  expect(ladder.pages.filter(({ reason }) => reason === 'room_away').length).toBeGreaterThan(0)
  // Whoever else was told when the room came back is not told any more: somebody holds it.
  const others = ladder.pages.filter(({ reason }) => reason === 'escalation')
  expect(others.filter(({ state }) => state !== 'stopped' && state !== 'stopping')).toEqual([])
  expect(ladder.decided.map(({ step }) => step)).toContain('room_away')
}, 60_000)
