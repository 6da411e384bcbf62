// The courier on the real runtime: a press that nobody watches rings a duty lead through the provider's own API, and the key
// that the lead presses holds the ladder.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Tower } from '../../scripts/lib/tower'
import type { LadderView } from '../../src/room/paging-contract'
import { pressing, startTwilio, type TwilioSimulator, undelivered } from '../simulators/twilio'
import { startTestTower } from '../support/tower'
import { devicesOf, Person, press, roomHealth, until } from '../system/people'

let tower: Tower
let twilio: TwilioSimulator
beforeAll(async () => {
  twilio = await startTwilio()
  tower = await startTestTower({ settings: { ...twilio.settings } })
  // Who is on duty is known from the first pull of the directory on.
  await until(async () => (await roomHealth(tower)).directoryVersion > 0)
}, 120_000)
afterAll(async () => {
  await tower?.stop()
  await twilio?.stop()
}, 30_000)

test('a press that nobody watches calls the lead at once, and the key that the lead presses holds the ladder', async () => {
  twilio.messages.always(undelivered(50))
  twilio.calls.always(pressing('1', 100))
  const device = devicesOf(tower, 'NCR')
  for (const each of [device(), device()]) {
    const before = twilio.requests.length
    const at = Date.now()
    const { body } = await press(tower, each)
    await until(async () => twilio.requests.slice(before).find(({ kind }) => kind === 'call'))
    const firstMs = Math.min(...twilio.requests.slice(before).map((request) => request.at)) - at
    console.log(`press → provider: ${firstMs} ms`)
    const lead = await Person.logIn(tower, { role: 'operator', nth: 0 })
    const ladder = await until(async () => {
      const { body: view } = await lead.get<LadderView>(`/api/incidents/${body.sosId}/ladder`)
      return view.state === 'held' ? view : null
    })
    expect(ladder.pages.some(({ state, answer }) => state === 'answered' && answer === 'take')).toBe(true)
  }
  expect(twilio.violations).toEqual([])
}, 40_000)
