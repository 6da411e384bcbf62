import { expect, test } from 'bun:test'
import type { Priority } from '../../src/domain/incident'
import { courierWith, email, LEAD, Provider, pageOf, sms, voice } from './kit'

const phone = (n: number): string => `+63917${String(n).padStart(7, '0')}`

/** Texts leave one at a time here, so that their order is seen. */
const oneByOne = async () => {
  const twilio = new Provider('twilio', 'sms')
  const kit = await courierWith([twilio], { atOnce: 1 })
  return { twilio, kit }
}

const order = ({ got }: Provider) => got.map(({ page }) => page.id)

test('P1 overtakes, and within one gravity each incident has its turn', async () => {
  const { twilio, kit } = await oneByOne()
  twilio.always = 'hang'
  const made = (id: string, incidentId: string, priority: Priority, n: number) =>
    pageOf({ id, incidentId, priority, reason: 'driver', ladder: [[sms(phone(n))]] })
  await kit.courier.send([made('first', 'x', 'P3', 0)])
  await kit.courier.send([
    ...[1, 2, 3, 4].map((n) => made(`a${n}`, 'a', 'P3', n)),
    ...[1, 2].map((n) => made(`b${n}`, 'b', 'P3', 10 + n)),
    made('grave', 'c', 'P1', 20),
  ])
  twilio.always = ({ attemptId }) => ({ is: 'accepted', providerId: attemptId })
  await kit.turn(5_000)
  expect(order(twilio)).toEqual(['first', 'grave', 'a1', 'b1', 'a2', 'b2', 'a3', 'a4'])
})

test('an incident that comes behind a thousand pages of another does not wait for them', async () => {
  const { twilio, kit } = await oneByOne()
  twilio.script = ['hang', 'hang']
  const of = (incidentId: string, n: number) =>
    pageOf({ id: `${incidentId}${n}`, incidentId, reason: 'driver', ladder: [[sms(phone(n))]] })
  await kit.courier.send(Array.from({ length: 1_000 }, (_, n) => of('a', n)))
  await kit.turn(4_500)
  await kit.courier.send([of('b', 5_000)])
  await kit.turn(60_000)
  expect(order(twilio)).toHaveLength(1_001)
  expect(order(twilio).indexOf('b5000')).toBeLessThan(5)
})

test('so many at once for each way of a provider, and some of these places are kept for P1', async () => {
  const twilio = new Provider('twilio', 'sms')
  const calls = new Provider('twilio', 'voice')
  twilio.always = calls.always = 'hang'
  const kit = await courierWith([twilio, calls], { atOnce: 20 })
  const ladder = (n: number) => [[sms(phone(n)), voice(phone(n))]]
  await kit.courier.send(
    Array.from({ length: 50 }, (_, n) => pageOf({ reason: 'driver', priority: 'P3', ladder: ladder(n) })),
  )
  expect([twilio.got.length, calls.got.length]).toEqual([15, 15])
  await kit.courier.send(Array.from({ length: 10 }, (_, n) => pageOf({ reason: 'driver', ladder: ladder(100 + n) })))
  expect([twilio.got.length, calls.got.length]).toEqual([20, 20])
  expect(twilio.got.slice(15).every(({ page }) => page.priority === 'P1')).toBe(true)
})

test('a P1 that waits ten seconds for a free line begins its next way', async () => {
  const twilio = new Provider('twilio', 'sms')
  const mail = new Provider('sendgrid', 'email')
  twilio.always = 'hang'
  const kit = await courierWith([twilio, mail], { atOnce: 1 })
  await kit.courier.send(
    Array.from({ length: 5 }, (_, n) => pageOf({ id: `p${n}`, ladder: [[sms(phone(n))], [email(`${n}@x.example`)]] })),
  )
  await kit.turn(10_100)
  expect(order(mail)).toContain('p4')
})

test('while a text is younger than a minute, further incidents of the same person join its next text', async () => {
  const twilio = new Provider('twilio', 'sms')
  const kit = await courierWith([twilio])
  const page = (id: string) => pageOf({ id, priority: 'P2' })
  await kit.send(page('a'))
  await kit.receipt(twilio.last.attemptId, 'delivered')
  await kit.turn(5_000)
  await kit.send(page('b'), page('c'))
  await kit.turn(54_000)
  await kit.send(page('d'))
  expect(order(twilio)).toEqual(['a'])
  await kit.turn(2_000)
  expect(order(twilio)).toEqual(['a', 'b'])
  expect(twilio.last.with.map(({ id }) => id)).toEqual(['c', 'd'])
  await kit.receipt(twilio.last.attemptId, 'delivered', { network: 'Globe' })
  expect(await kit.story()).toEqual(Array(4).fill('sms twilio delivered'))
  expect((await kit.attempts()).map(({ pageId }) => pageId)).toEqual(['a', 'b', 'c', 'd'])
})

test('pages that wait together leave in one text; who cannot, cannot for all; who takes, takes the one it is about', async () => {
  const twilio = new Provider('twilio', 'sms')
  const kit = await courierWith([twilio])
  await kit.send(pageOf({ id: 'a', priority: 'P3' }), pageOf({ id: 'b', priority: 'P2' }))
  expect(order(twilio)).toEqual(['b'])
  await kit.courier.heard({ attemptId: twilio.last.attemptId, key: '1', at: kit.clock.now })
  await kit.courier.heard({ attemptId: twilio.last.attemptId, key: '2', at: kit.clock.now })
  await kit.turn(10)
  const answers = kit.seen.reports.filter(({ what }) => what === 'answered').map((r) => `${r.pageId} ${r.answer}`)
  expect(answers).toEqual(['b take', 'b cannot', 'a cannot'])
})

test('a text that did not get through holds nobody, and each of those that it told of goes its own way', async () => {
  const twilio = new Provider('twilio', 'sms')
  const mail = new Provider('sendgrid', 'email')
  const kit = await courierWith([twilio, mail])
  const page = (id: string) => pageOf({ id, priority: 'P2', ladder: [[sms()], [email()]] })
  await kit.send(page('a'), page('b'))
  await kit.turn(1_000)
  await kit.send(page('c'))
  await kit.receipt(twilio.got[0]?.attemptId ?? '', 'undelivered')
  expect(order(twilio)).toEqual(['a', 'c'])
  expect(order(mail)).toEqual(['a', 'b'])
})

test('a P1 is rung for by itself, waits with its text only where it rings, and never behind a lesser one', async () => {
  const twilio = new Provider('twilio', 'sms')
  const calls = new Provider('twilio', 'voice')
  const kit = await courierWith([twilio, calls])
  await kit.send(pageOf({ id: 'lesser', priority: 'P2' }))
  await kit.send(pageOf({ id: 'a', ladder: [[voice(), sms()]] }))
  await kit.send(pageOf({ id: 'b', ladder: [[voice(), sms()]] }))
  await kit.send(pageOf({ id: 'c', ladder: [[sms()]] }))
  expect(order(calls)).toEqual(['a', 'b'])
  expect(order(twilio)).toEqual(['lesser', 'a', 'c'])
  await kit.turn(60_000)
  expect(order(twilio)).toEqual(['lesser', 'a', 'c', 'b'])
})

test('of another person, address or reason nothing is told together', async () => {
  const twilio = new Provider('twilio', 'sms')
  const kit = await courierWith([twilio])
  await kit.send(
    pageOf({ priority: 'P2' }),
    pageOf({ priority: 'P2', contact: { id: 'ben', name: 'Ben', lang: 'fil' } }),
    pageOf({ priority: 'P2', ladder: [[sms('+639180000000')]] }),
    pageOf({ priority: 'P2', reason: 'storm' }),
    pageOf({ priority: 'P2', drill: true }),
  )
  expect(twilio.got.map((each) => each.with.length)).toEqual([0, 0, 0, 0, 0])
})

test('beyond its hour’s budget an address is passed over for the next way; a P1 is told all the same', async () => {
  const twilio = new Provider('twilio', 'sms')
  const mail = new Provider('sendgrid', 'email')
  const kit = await courierWith([twilio, mail], { hourlyBudget: 2 })
  const page = (change = {}) => pageOf({ reason: 'storm', priority: 'P2', ladder: [[sms()], [email()]], ...change })
  await kit.send(page(), page(), page({ id: 'third' }))
  expect(twilio.got).toHaveLength(2)
  expect(order(mail)).toEqual(['third'])
  expect(await kit.story()).toContain('sms twilio stopped budget')
  await kit.send(page({ reason: 'escalation', priority: 'P1' }))
  expect(twilio.got).toHaveLength(3)
  await kit.turn(3_601_000)
  await kit.send(page())
  expect(twilio.last.to).toBe(LEAD)
  expect(twilio.got).toHaveLength(4)
})
