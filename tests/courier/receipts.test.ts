import { expect, test } from 'bun:test'
import { courierWith, email, idOf, Provider, pageOf, START, sms, voice } from './kit'

const DAY_MS = 86_400_000

const tower = async () => {
  const twilio = new Provider('twilio', 'sms')
  const sim = new Provider('sim', 'sms')
  const calls = new Provider('twilio', 'voice')
  const mail = new Provider('sendgrid', 'email', 60_000)
  return { twilio, sim, calls, mail, kit: await courierWith([twilio, sim, calls, mail]) }
}

const ignored = async ({ kit }: Awaited<ReturnType<typeof tower>>) => (await kit.courier.tick()).ignored

test('receipts five times, in any order and a day late leave what the last word made, and are counted', async () => {
  const all = await tower()
  const { kit, twilio } = all
  await kit.send(pageOf({ reason: 'kin' }))
  const { attemptId } = twilio.last
  expect(await kit.receipt(attemptId, 'delivered')).toBe('applied')
  for (let n = 0; n < 5; n++) expect(await kit.receipt(attemptId, 'delivered')).toBe('repeated')
  for (const state of ['sent', 'accepted', 'undelivered', 'failed'] as const)
    expect(await kit.receipt(attemptId, state)).toBe('late')
  await kit.turn(DAY_MS)
  expect(await kit.receipt(attemptId, 'failed')).toBe('repeated')
  expect(await kit.story()).toEqual(['sms twilio delivered'])
  expect(await ignored(all)).toEqual({ late: 4, repeated: 6, unknown: 0, forged: 0 })
})

test('a receipt of nothing that we sent, of another provider or of another message changes nothing', async () => {
  const all = await tower()
  const { kit, twilio } = all
  await kit.send(pageOf())
  const { attemptId } = twilio.last
  expect(await kit.receipt('NCR.0.00000000-0000-4000-8000-999999999999', 'delivered')).toBe('unknown')
  expect(await kit.receipt(attemptId, 'delivered', { provider: 'sim' })).toBe('unknown')
  expect(await kit.receipt(attemptId, 'delivered', { providerId: 'P-of-another' })).toBe('unknown')
  await kit.courier.forged('twilio')
  expect(await kit.story()).toEqual(['sms twilio accepted'])
  expect(await ignored(all)).toEqual({ late: 0, repeated: 0, unknown: 3, forged: 1 })
})

test('a receipt that is quicker than the answer to its own call counts, and the answer does not take it back', async () => {
  const { kit, twilio } = await tower()
  twilio.always = 'hang'
  await kit.courier.send([pageOf({ reason: 'kin' })])
  const { attemptId } = twilio.last
  expect(await kit.receipt(attemptId, 'delivered', { network: 'Smart' })).toBe('applied')
  await kit.turn(10_000)
  expect(await kit.story()).toEqual(['sms twilio delivered'])
  expect((await kit.attempts())[0]?.network).toBe('Smart')
})

test('a late "delivered" of a text that we gave up is recorded and stops nothing that rings', async () => {
  const { kit, twilio, calls, mail } = await tower()
  await kit.send(pageOf({ ladder: [[sms()], [voice()], [email()]] }))
  await kit.turn(30_100)
  expect(calls.got).toHaveLength(1)
  expect(await kit.receipt(twilio.last.attemptId, 'delivered')).toBe('applied')
  expect(await kit.story()).toEqual(['sms twilio delivered', 'voice twilio accepted'])
  await kit.receipt(calls.last.attemptId, 'failed', { error: 'no_answer' })
  expect(mail.got).toHaveLength(1)
})

test('times are the provider’s own, but never of the future', async () => {
  const { kit, twilio } = await tower()
  await kit.send(pageOf())
  await kit.turn(5_000)
  await kit.receipt(twilio.last.attemptId, 'sent', { at: START + 2_000 })
  await kit.receipt(twilio.last.attemptId, 'delivered', { at: START + DAY_MS })
  const [attempt] = await kit.attempts()
  expect(attempt?.at).toMatchObject({ queued: START, sending: START, sent: START + 2_000, delivered: kit.clock.now })
})

test('a provider’s "answered" is a call that was picked up, and no person’s answer', async () => {
  const { kit, calls, mail } = await tower()
  await kit.send(pageOf({ ladder: [[voice()], [email()]] }))
  expect(await kit.receipt(calls.last.attemptId, 'answered')).toBe('applied')
  expect(await kit.story()).toEqual(['voice twilio sent'])
  await kit.receipt(calls.last.attemptId, 'undelivered', { error: 'no_key' })
  expect(mail.got).toHaveLength(1)
})

test('an attempt that stays silent is asked for before its ladder gives it up, and what it says counts', async () => {
  const { kit, twilio, mail } = await tower()
  twilio.says({ state: 'delivered', error: null })
  await kit.send(pageOf({ ladder: [[sms()], [email()]] }))
  await kit.turn(14_900)
  expect(twilio.polls).toEqual([])
  await kit.turn(200)
  expect(twilio.polls).toEqual([idOf(twilio.last.attemptId)])
  expect(await kit.story()).toEqual(['sms twilio delivered'])
  await kit.turn(40_000)
  expect(mail.got).toHaveLength(0)
})

test('an attempt that a poll finds refused by the network begins the next way at once', async () => {
  const { kit, twilio, mail, sim } = await tower()
  twilio.says({ state: 'undelivered', error: '30005' })
  await kit.send(pageOf({ ladder: [[sms()], [email()]] }))
  await kit.turn(15_100)
  expect([mail.got.length, sim.got.length]).toEqual([1, 1])
  expect((await kit.story())[0]).toBe('sms twilio undelivered 30005')
})

test('a provider that never ends a poll holds nothing up', async () => {
  const { kit, twilio, mail } = await tower()
  twilio.poll = () => new Promise(() => {})
  await kit.send(pageOf({ ladder: [[sms()], [email()]] }))
  await kit.turn(30_100)
  expect(mail.got).toHaveLength(1)
})
