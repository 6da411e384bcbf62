import { expect, test } from 'bun:test'
import { courierWith, email, LEAD, Provider, pageOf, START, sms, voice } from './kit'

const tower = async () => {
  const twilio = new Provider('twilio', 'sms')
  const calls = new Provider('twilio', 'voice')
  const mail = new Provider('sendgrid', 'email', 60_000)
  return { twilio, calls, mail, kit: await courierWith([twilio, calls, mail]) }
}

type Tower = Awaited<ReturnType<typeof tower>>
const answers = ({ kit }: Tower) =>
  kit.seen.reports.flatMap(({ what, pageId, answer }) => (what === 'answered' ? [`${pageId} ${answer}`] : []))

test('a key of a call is the answer: the room hears it, the ladder ends, and the call says what is to be known', async () => {
  const all = await tower()
  const { kit, calls, mail } = all
  await kit.send(pageOf({ id: 'a', ladder: [[voice()], [email()]] }))
  const { attemptId } = calls.last
  const asked = await kit.courier.voice(attemptId, null)
  expect(asked.gather).toBe(true)
  expect(asked.say.join(' ')).not.toContain('N A B')
  expect(asked.say.join(' ')).not.toContain('Ortigas')
  const told = await kit.courier.voice(attemptId, '1')
  expect(told.say.join(' ')).toContain('Ortigas')
  expect(await kit.courier.voice(attemptId, '*')).toEqual(told)
  await kit.receipt(attemptId, 'undelivered', { error: 'no_key' })
  await kit.turn(600_000)
  expect(answers(all)).toEqual(['a take'])
  expect(mail.got).toHaveLength(0)
  expect(await kit.story()).toEqual(['voice twilio answered'])
})

test('two says cannot, nine says everyone, another key asks again', async () => {
  const all = await tower()
  const { kit, calls } = all
  await kit.send(pageOf({ id: 'a', ladder: [[voice()]] }))
  expect((await kit.courier.voice(calls.last.attemptId, '7')).gather).toBe(true)
  await kit.courier.voice(calls.last.attemptId, '2')
  await kit.send(pageOf({ id: 'b', ladder: [[voice('+639181234567')]] }))
  await kit.courier.voice(calls.last.attemptId, '9')
  await kit.turn(10)
  expect(answers(all)).toEqual(['a cannot', 'b everyone'])
})

test('the same key again is one answer; who changes their mind is heard again', async () => {
  const all = await tower()
  const { kit, calls } = all
  await kit.send(pageOf({ id: 'a', ladder: [[voice()]] }))
  const { attemptId } = calls.last
  const heard = (key: string) => kit.courier.heard({ attemptId, key, at: kit.clock.now })
  for (const key of ['1', '1', '2', '2']) expect(await heard(key)).toBe(true)
  await kit.turn(10)
  expect(answers(all)).toEqual(['a take', 'a cannot'])
})

test('a call or a key of no attempt of ours is answered by nothing', async () => {
  const { kit } = await tower()
  const none = 'NCR.0.00000000-0000-4000-8000-999999999999'
  expect(await kit.courier.voice(none, '1')).toEqual({ lang: 'en', say: [], gather: false, hangUp: true })
  expect(await kit.courier.heard({ attemptId: none, key: '1', at: kit.clock.now })).toBe(false)
})

test('an answer that comes after its page was stopped is still told to the room', async () => {
  const all = await tower()
  const { kit, calls } = all
  await kit.send(pageOf({ id: 'a', ladder: [[voice()]] }))
  await kit.courier.stop({ pageIds: ['a'], why: 'acknowledged' })
  await kit.courier.heard({ attemptId: calls.last.attemptId, key: '9', at: kit.clock.now })
  await kit.turn(10)
  expect(answers(all)).toEqual(['a everyone'])
})

test('a text that answers finds the newest text of its number that it can answer, within the hour', async () => {
  const { kit, twilio } = await tower()
  const contact = (id: string) => ({ id, name: id, lang: 'en' as const })
  await kit.send(pageOf({ ladder: [[sms()]], contact: contact('ana') }))
  await kit.turn(1_000)
  const asked = twilio.last.attemptId
  await kit.send(pageOf({ reason: 'kin', ladder: [[sms()]], contact: contact('kin') }))
  const at = kit.clock.now
  expect((await kit.courier.awaits({ from: LEAD, key: '1', at }))?.attemptId).toBeOneOf([asked, twilio.last.attemptId])
  expect(await kit.courier.awaits({ from: LEAD, key: '2', at })).toEqual({ attemptId: asked, sentAt: START })
  expect(await kit.courier.awaits({ from: '+639180000000', key: '2', at })).toBeNull()
  await kit.turn(3_600_000)
  expect(await kit.courier.awaits({ from: LEAD, key: '2', at })).toBeNull()
})

test('the state of a presser in line, and a roll-call, are answers of their own', async () => {
  const all = await tower()
  const { kit, twilio } = all
  await kit.send(pageOf({ id: 'q', reason: 'queue_question' }))
  await kit.courier.heard({ attemptId: twilio.last.attemptId, key: '2', at: kit.clock.now })
  await kit.send(pageOf({ id: 'r', reason: 'area', ladder: [[sms('+639189999999')]] }))
  await kit.courier.heard({ attemptId: twilio.last.attemptId, key: 'safe', at: kit.clock.now })
  await kit.turn(10)
  expect(answers(all)).toEqual(['q hurt', 'r safe'])
})
