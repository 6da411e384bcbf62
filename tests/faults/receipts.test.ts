// R24: what providers say afterwards comes five times, out of order, a day late, of messages that nobody sent, under signatures that
// do not hold, and again. Only the first true word moves anything.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { CourierHealth } from '../../src/courier/contract'
import { silent, undelivered } from '../simulators/twilio'
import { figure, WaysOut } from '../support/ways-out'
import { until } from '../system/people'

const DAY_MS = 86_400_000

let ways: WaysOut
beforeAll(async () => {
  ways = await WaysOut.start()
}, 120_000)
afterAll(() => ways?.stop(), 30_000)

const ignored = async (): Promise<CourierHealth['ignored']> => {
  const { couriers } = await ways.report()
  const sum = { late: 0, repeated: 0, unknown: 0, forged: 0 }
  for (const each of couriers)
    if (!('failed' in each)) for (const why of Object.keys(sum) as (keyof typeof sum)[]) sum[why] += each.ignored[why]
  return sum
}
/** The timeline's lines of attempts: "sms delivered". */
const lines = async (id: string): Promise<string[]> =>
  (await ways.events('NCR', id)).flatMap(({ type, body }) =>
    type === 'paged' && body ? [`${String(body.channel)} ${String(body.state)}`] : [],
  )

test('R24 a text: five times, reordered, contradicted, unknown, forged and replayed, it is delivered once and starts nothing', async () => {
  const lead = await ways.lead('NCR', [['sms'], ['email']])
  ways.twilio.messages.to(lead.phone, {
    does: 'accept',
    follows: [
      { status: 'undelivered', errorCode: 30008, afterMs: 10, forged: true, times: 5 },
      { status: 'undelivered', errorCode: 30008, afterMs: 40, unknown: true, times: 5 },
      { status: 'delivered', afterMs: 100, times: 5 },
      { status: 'sent', afterMs: 300, times: 5 },
      { status: 'queued', afterMs: 400, times: 5 },
      { status: 'failed', errorCode: 30003, afterMs: 500, times: 5 },
    ],
  })
  const before = await ignored()
  const { id } = await ways.press('NCR')
  await until(() => ways.twilio.callbacks.length >= 30 && ways.twilio.callbacks.every(({ status }) => status !== 0))
  // All of it again, as whoever has listened could send it.
  const made = [...ways.twilio.callbacks]
  for (const { url, params, forged } of made) await ways.twilio.callback(url, Object.fromEntries(params), forged)
  await Bun.sleep(300)
  const after = await ignored()
  const turned = made.filter(({ forged }) => forged).map(({ status }) => status)
  expect(turned).toEqual([403, 403, 403, 403, 403])
  expect(made.filter(({ forged }) => !forged).every(({ status }) => status < 300)).toBe(true)
  expect(await ways.story('NCR', id)).toEqual(['sms twilio delivered'])
  expect((await lines(id)).toSorted()).toEqual(['sms accepted', 'sms delivered'])
  expect(ways.asked(lead.mail)).toEqual([])
  expect(ways.asked(lead.phone)).toHaveLength(1)
  const counted = Object.fromEntries(
    Object.entries(after).map(([why, n]) => [why, n - before[why as keyof typeof before]]),
  )
  // 60 callbacks: one moved it. `sent` may be noted where it came before the answer to the call itself.
  expect(Object.values(counted).reduce((sum, n) => sum + n, 0)).toBe(59)
  expect(counted).toMatchObject({ forged: 10, unknown: 10 })
  await ways.taken('NCR', id)
  figure('R24 callbacks of a text', `60 callbacks, 1 believed, ${JSON.stringify(counted)}; next channels begun 0`)
}, 60_000)

test('R24 a mail: a signature of yesterday is none, and the same event twice is one', async () => {
  const lead = await ways.lead('CEB', [['email'], ['sms']])
  ways.sendgrid.plans.to(lead.mail, {
    does: 'accept',
    follows: [
      { event: 'bounce', afterMs: 10, forged: true, status: '5.1.1' },
      { event: 'bounce', afterMs: 20, lateMs: DAY_MS, status: '5.1.1' },
      { event: 'bounce', afterMs: 30, unknown: true, status: '5.1.1' },
      { event: 'delivered', afterMs: 60, times: 5 },
      { event: 'processed', afterMs: 120, times: 5 },
      { event: 'dropped', afterMs: 200, reason: 'Bounced Address' },
    ],
  })
  const { id } = await ways.press('CEB')
  await until(() => ways.sendgrid.answers.length >= 14)
  expect(ways.sendgrid.answers.filter(({ status }) => status === 403)).toHaveLength(2)
  expect(await ways.story('CEB', id)).toEqual(['email sendgrid delivered'])
  expect(ways.asked(lead.phone)).toEqual([])
  await ways.taken('CEB', id)
  figure('R24 events of a mail', '14 events, 1 believed, 2 refused by their signatures; next channels begun 0')
}, 60_000)

test('R24 a SIM whose clock is a day behind is not believed, and what it says in time is', async () => {
  const lead = await ways.lead('DVO', [['sms'], ['email']])
  ways.twilio.messages.to(lead.phone, { does: 'fail', status: 500 })
  ways.sim.plans.to(lead.phone, {
    does: 'accept',
    follows: [
      { event: 'sms:failed', afterMs: 10, clockMs: -DAY_MS, times: 5 },
      { event: 'sms:failed', afterMs: 30, forged: true, times: 5 },
      { event: 'sms:failed', afterMs: 50, unknown: true, times: 5 },
      { event: 'sms:delivered', afterMs: 200, times: 5 },
      { event: 'sms:sent', afterMs: 300, times: 5 },
    ],
  })
  const { id } = await ways.press('DVO')
  await until(() => ways.sim.answers.length >= 25)
  expect(ways.sim.answers.filter(({ status }) => status === 403)).toHaveLength(5)
  expect(await ways.story('DVO', id)).toEqual(['sms twilio failed 20500', 'sms sim delivered'])
  expect(ways.asked(lead.mail)).toEqual([])
  await ways.taken('DVO', id)
  figure('R24 events of a SIM', '25 events, 1 believed, 5 forged; next channels begun 0')
}, 60_000)

test('R24 the true word is heard at once: undelivered, and the next channel is on the wire', async () => {
  const taken: number[] = []
  for (let n = 0; n < 5; n++) {
    const lead = await ways.lead('NCR', [['sms'], ['email']])
    ways.twilio.messages.to(lead.phone, undelivered(60))
    ways.sim.plans.to(lead.phone, { does: 'accept', follows: [{ event: 'sms:failed', afterMs: 40 }] })
    const { id } = await ways.press('NCR')
    await until(() => ways.asked(lead.mail).length > 0, 5_000, 'the mail')
    const told = ways.twilio.callbacks.findLast(({ params }) => params.get('MessageStatus') === 'undelivered')
    taken.push((ways.asked(lead.mail)[0]?.at ?? Number.NaN) - (told?.at ?? 0))
    await ways.taken('NCR', id)
  }
  expect(Math.max(...taken)).toBeLessThan(2_000)
  figure('R24 undelivered', `5 texts; receipt to the next channel on the wire ${taken.join(', ')} ms; lost 0`)
}, 60_000)

test('R24 a delivery that is told after we gave the text up is written down, and takes nothing back', async () => {
  const lead = await ways.lead('CEB', [['voice'], ['email']])
  // Nobody picks up, and says so; a minute later the network says that it had been the other way round.
  ways.twilio.calls.to(lead.phone, { does: 'accept', follows: [{ status: 'no-answer', afterMs: 30 }] })
  ways.twilio.messages.to(lead.phone, silent())
  const { id } = await ways.press('CEB')
  await until(() => ways.asked(lead.mail).length > 0, 5_000, 'the mail')
  const call = ways.twilio.requests.find(({ kind, to }) => kind === 'call' && to === lead.phone)
  const url = call?.fields.get('StatusCallback') ?? ''
  const said = { CallSid: call?.sid ?? '', CallStatus: 'in-progress', Timestamp: new Date().toUTCString() }
  expect((await ways.twilio.callback(url, said)).status).toBeLessThan(300)
  expect(await ways.story('CEB', id)).toContain('voice twilio failed no_answer')
  expect(ways.asked(lead.phone)).toHaveLength(1)
  await ways.taken('CEB', id)
  expect(ways.violations).toEqual([])
}, 60_000)
