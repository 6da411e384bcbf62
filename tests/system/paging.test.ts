// Somebody is told though parts of the tower are away: Postgres, the process, the room itself.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { whileDead } from '../support/objects-on-disk'
import { figure, WaysOut } from '../support/ways-out'
import { until } from './people'

let ways: WaysOut
beforeAll(async () => {
  ways = await WaysOut.start({ settings: { FAULTS: 'on' } })
}, 120_000)
afterAll(() => ways?.stop(), 30_000)

test('killed between the provider’s yes and our note of it: a second call at most, and never none', async () => {
  const lead = await ways.lead('CEB', [['voice', 'sms'], ['email']])
  for (const plans of [ways.twilio.calls, ways.twilio.messages]) plans.to(lead.phone, { does: 'accept_and_hang' })
  const { id } = await ways.press('CEB')
  await until(() => ways.asked(lead.phone).length === 2, 5_000, 'both ways with the provider')
  const [first] = ways.asked(lead.phone)
  await whileDead(ways.tower, () => {})
  for (const plans of [ways.twilio.calls, ways.twilio.messages]) plans.to(lead.phone, { does: 'accept' })
  await ways.tower.tick()
  await until(() => ways.asked(lead.phone).length >= 4, 15_000, 'what died under way, again')
  await Bun.sleep(6_000)
  const asked = ways.asked(lead.phone)
  // Each way once more: by the provider that has none beside it for calls, by either for texts.
  expect(asked.filter(({ by }) => by === 'twilio call')).toHaveLength(2)
  expect(asked.filter(({ by }) => by !== 'twilio call')).toHaveLength(2)
  const ms = (asked[2]?.at ?? Number.NaN) - (first?.at ?? Number.NaN)
  expect(ms).toBeLessThan(12_000)
  await ways.taken('CEB', id)
  figure(
    'kill -9 between accept and write',
    `2 ways under way; each again once, after ${ms} ms; lost 0, extra messages 2`,
  )
}, 60_000)

test('Postgres stopped, workerd killed, nobody watching: the leads are told from the room’s own copy', async () => {
  const [one, two] = [ways.newLead('NCR'), ways.newLead('NCR')]
  await ways.policy('NCR', [
    { lead: one, by: [['voice', 'sms']], afterS: 0 },
    { lead: two, by: [['sms']], afterS: 5 },
  ])
  await ways.desk('NCR')
  await ways.tower.postgres?.stop()
  await whileDead(ways.tower, () => {})
  const { id, at } = await ways.press('NCR')
  await until(() => ways.asked(one.phone).length === 2, 10_000, 'the lead')
  const ms = (ways.asked(one.phone)[0]?.at ?? Number.NaN) - at
  await until(() => ways.asked(two.phone).length === 1, 15_000, 'the second lead')
  const secondMs = (ways.asked(two.phone)[0]?.at ?? Number.NaN) - at
  expect(ms).toBeLessThan(2_000)
  expect(Math.abs(secondMs - 5_000)).toBeLessThan(2_000)
  const [text = ''] = ways.twilio.requests.flatMap(({ kind, to, fields }) =>
    kind === 'message' && to === one.phone ? [fields.get('Body') ?? ''] : [],
  )
  // From the copy, too: plate and code of the vehicle.
  expect(text).toMatch(/NCR-\d+/)
  const { attempts } = await ways.told('NCR', id)
  expect(attempts.length).toBeGreaterThanOrEqual(3)
  await ways.taken('NCR', id)
  await ways.tower.postgres?.start()
  await until(async () => (await ways.report()).rooms.every((room) => 'outbox' in room && room.outbox === 0), 30_000)
  figure(
    'Postgres stopped, workerd killed',
    `SOS to provider ${ms} ms, second lead ${secondMs} ms (due 5000); lost 0, extra messages 0`,
  )
}, 90_000)

test('a dead room: its duty card is told past it, and once it is back nobody is told that again at once', async () => {
  const fault = (what: 'dead' | 'alive') =>
    fetch(`${ways.tower.internalUrl}/faults/rooms/DVO/${what}`, { method: 'POST' })
  const lead = await ways.lead('DVO', [['voice', 'sms']])
  // The intakes have the card from a reply of the room.
  const known = await ways.press('DVO')
  await until(() => ways.asked(lead.phone).length > 0)
  await ways.taken('DVO', known.id)
  const card = await ways.dutyCard('DVO')
  const toCard = () => ways.twilio.requests.filter(({ to, kind }) => kind !== 'poll' && card.includes(to))
  const before = toCard().length

  expect((await fault('dead')).status).toBe(200)
  const { id, at } = await ways.press('DVO')
  await until(() => toCard().length > before, 20_000, 'the duty card')
  const ms = (toCard()[before]?.at ?? Number.NaN) - at
  expect(ms).toBeGreaterThan(4_000)
  expect(ms).toBeLessThan(9_000)
  await Bun.sleep(500)
  const told = toCard()
    .slice(before)
    .map(({ to, kind }) => `${kind} ${to}`)
  expect(new Set(told).size).toBe(told.length)

  expect((await fault('alive')).status).toBe(200)
  const revived = Date.now()
  const desk = await ways.desk('DVO')
  await until(async () => (await desk.get(`/api/incidents/${id}`)).status === 200, 20_000, 'the press in its room')
  const placedMs = Date.now() - revived
  const adopted = await ways.told('DVO', id)
  expect(adopted.pages.filter(({ reason }) => reason === 'room_away').length).toBe(card.length)
  await Bun.sleep(3_000)
  const after = toCard()
    .slice(before)
    .map(({ to, kind }) => `${kind} ${to}`)
  expect(after.toSorted()).toEqual(told.toSorted())
  // It says who was told without it.
  expect(
    (await ways.events('DVO', id)).some(({ type, body }) => type === 'escalated' && body?.step === 'room_away'),
  ).toBe(true)
  await ways.taken('DVO', id)
  expect(ways.violations).toEqual([])
  figure(
    'room dead',
    `${card.length} phones of the card told ${told.length} times after ${ms} ms; in its room ${placedMs} ms after it lived again; ` +
      'lost 0, told twice for the step 0',
  )
}, 90_000)
