import { expect, test } from 'bun:test'
import { courierWith, email, LEAD, Provider, pageOf, START, sms, voice } from './kit'

const ways = () => ({
  twilio: new Provider('twilio', 'sms'),
  sim: new Provider('sim', 'sms', 20_000),
  calls: new Provider('twilio', 'voice', 40_000),
  mail: new Provider('sendgrid', 'email', 60_000),
})

const tower = async () => {
  const providers = ways()
  const { twilio, sim, calls, mail } = providers
  return { ...providers, kit: await courierWith([twilio, sim, calls, mail]) }
}

test('a page is with its provider in the turn in which it came, its row written before', async () => {
  const { kit, twilio } = await tower()
  let stateAtCall: unknown
  twilio.always = ({ attemptId }) => {
    stateAtCall = kit.storage.sql.exec('SELECT state FROM attempt WHERE id = ?', attemptId).one()
    return { is: 'accepted', providerId: 'SM1' }
  }
  expect(await kit.courier.send([pageOf({ id: 'a' })])).toEqual(['a'])
  expect(twilio.got).toHaveLength(1)
  expect(stateAtCall).toEqual({ state: 'sending' })
  expect(kit.clock.now).toBe(START)
  await kit.turn()
  expect(await kit.story()).toEqual(['sms twilio accepted'])
})

test('the same page given again is the same page, also after a restart', async () => {
  const { kit, twilio } = await tower()
  await kit.send(pageOf({ id: 'a' }))
  expect(await kit.send(pageOf({ id: 'a' }))).toEqual(['a'])
  await kit.rebirth()
  await kit.send(pageOf({ id: 'a' }))
  expect(twilio.got).toHaveLength(1)
})

test('a group is tried at once, the next when all of it has ended badly, in the same turn', async () => {
  const { kit, twilio, calls, mail, sim } = await tower()
  sim.always = { is: 'refused', error: 'http_400' }
  await kit.send(pageOf({ ladder: [[voice(), sms()], [email()]] }))
  expect([twilio.got.length, calls.got.length, mail.got.length]).toEqual([1, 1, 0])
  await kit.receipt(twilio.last.attemptId, 'undelivered', { error: '30008' })
  expect(mail.got).toHaveLength(0)
  await kit.receipt(calls.last.attemptId, 'failed', { error: 'no_answer' })
  expect(mail.got).toHaveLength(1)
  expect(await kit.story()).toContain('voice twilio failed no_answer')
})

for (const [state, error] of [
  ['undelivered', '30008'],
  ['failed', 'busy'],
  ['failed', 'no_answer'],
] as const) {
  test(`${error} begins the next group within the turn of its receipt`, async () => {
    const { kit, calls, mail } = await tower()
    await kit.send(pageOf({ ladder: [[voice()], [email()]] }))
    await kit.turn(5_000)
    const before = kit.clock.now
    await kit.receipt(calls.last.attemptId, state, { error })
    expect(mail.got).toHaveLength(1)
    expect(kit.clock.now).toBe(before)
  })
}

test('silence after it was accepted begins the next group when the channel’s patience is over, and not before', async () => {
  const { kit, mail } = await tower()
  await kit.send(pageOf({ ladder: [[voice()], [email()]] }))
  await kit.turn(39_900)
  expect(mail.got).toHaveLength(0)
  await kit.turn(200)
  expect(mail.got).toHaveLength(1)
  expect(await kit.story()).toEqual(['voice twilio failed timeout', 'email sendgrid accepted'])
})

test('delivered is no answer: after a minute the next group begins, once, and the page goes on', async () => {
  const { kit, twilio, mail } = await tower()
  await kit.send(pageOf({ ladder: [[sms()], [email()]] }))
  await kit.receipt(twilio.last.attemptId, 'delivered')
  await kit.turn(59_900)
  expect(mail.got).toHaveLength(0)
  await kit.turn(200)
  expect(mail.got).toHaveLength(1)
  await kit.turn(300_000)
  expect([twilio.got.length, mail.got.length]).toEqual([1, 1])
  expect(kit.seen.reports.filter(({ what }) => what === 'answered')).toEqual([])
  expect(kit.seen.reports.filter(({ what }) => what === 'exhausted')).toHaveLength(1)
})

test('what only has to arrive is over when it has arrived', async () => {
  const { kit, twilio, mail } = await tower()
  await kit.send(pageOf({ reason: 'kin', ladder: [[sms()], [email()]] }))
  await kit.receipt(twilio.last.attemptId, 'delivered')
  await kit.turn(600_000)
  expect(mail.got).toHaveLength(0)
  expect(kit.seen.reports.filter(({ what }) => what === 'exhausted')).toEqual([])
})

test('a provider that answers 500, is out of quota or hangs is followed by the other one in less than ten seconds', async () => {
  for (const trouble of [
    { is: 'failed', error: 'http_500' } as const,
    { is: 'busy', error: 'http_429', retryAfterMs: 30_000 } as const,
    'hang' as const,
  ]) {
    const { kit, twilio, sim } = await tower()
    twilio.always = trouble
    await kit.send(pageOf())
    await kit.turn(5_000)
    expect(sim.got).toHaveLength(1)
    expect(sim.last.to).toBe(LEAD)
    expect((await kit.story()).at(-1)).toBe('sms sim accepted')
  }
})

test('with a circuit that has opened nobody waits for that provider, and after its pause one attempt tries it', async () => {
  const { kit, twilio, sim } = await tower()
  twilio.always = { is: 'failed', error: 'http_500' }
  for (let n = 0; n < 3; n++) await kit.send(pageOf({ contact: { id: `c${n}`, name: 'C', lang: 'en' } }))
  expect(twilio.got).toHaveLength(3)
  await kit.send(pageOf({ contact: { id: 'd', name: 'D', lang: 'en' } }))
  expect([twilio.got.length, sim.got.length]).toEqual([3, 4])
  const health = await kit.courier.tick()
  expect(health.circuits).toContainEqual(expect.objectContaining({ provider: 'twilio sms', open: true, failures: 3 }))
  expect(health.circuits).toContainEqual(
    expect.objectContaining({ provider: 'twilio voice', open: false, failures: 0 }),
  )
  await kit.rebirth()
  await kit.send(pageOf({ contact: { id: 'e', name: 'E', lang: 'en' } }))
  expect(twilio.got).toHaveLength(3)
  twilio.always = 'hang'
  await kit.turn(6_000)
  await kit.send(pageOf({ contact: { id: 'f', name: 'F', lang: 'en' } }))
  await kit.send(pageOf({ contact: { id: 'g', name: 'G', lang: 'en' } }))
  expect([twilio.got.length, sim.got.length]).toEqual([4, 6])
})

test('every way in trouble is said at once, and tried again until somebody answers or the page is of no use', async () => {
  const { kit, calls } = await tower()
  calls.always = { is: 'failed', error: 'http_503' }
  await kit.send(pageOf({ ladder: [[voice()]] }))
  await kit.turn(20)
  expect(kit.seen.reports.map(({ what }) => what)).toContain('exhausted')
  calls.always = ({ attemptId }) => ({ is: 'accepted', providerId: attemptId })
  await kit.turn(6_000)
  expect(calls.got).toHaveLength(2)
  expect(await kit.story()).toEqual(['voice twilio failed http_503', 'voice twilio accepted'])
})

test('what may have gone through is followed by one more text, never by two', async () => {
  const { kit, twilio, sim } = await tower()
  twilio.always = 'hang'
  sim.always = 'hang'
  await kit.send(pageOf())
  await kit.turn(3_600_000)
  expect([twilio.got.length, sim.got.length]).toEqual([1, 1])
  const alone = new Provider('twilio', 'sms')
  const other = await courierWith([alone])
  alone.always = 'hang'
  await other.send(pageOf())
  await other.turn(3_600_000)
  expect(alone.got).toHaveLength(1)
})

test('a channel that is not configured is an attempt that says so, and the next group begins', async () => {
  const mail = new Provider('sendgrid', 'email')
  const kit = await courierWith([mail])
  await kit.send(pageOf({ ladder: [[voice(), sms()], [email()]] }))
  expect(mail.got).toHaveLength(1)
  expect(await kit.story()).toEqual([
    'voice - failed not_configured',
    'sms - failed not_configured',
    'email sendgrid accepted',
  ])
})

test('a page that nobody can be told by is exhausted in the turn in which it came', async () => {
  const kit = await courierWith([])
  await kit.send(pageOf(), pageOf({ ladder: [] }))
  await kit.turn(10)
  expect(kit.seen.reports.filter(({ what }) => what === 'exhausted')).toHaveLength(2)
})

test('after its time nothing of a page begins, and the room hears that it expired', async () => {
  const { kit, twilio, mail } = await tower()
  await kit.send(pageOf({ ladder: [[sms()], [email()]], until: START + 10_000 }))
  await kit.turn(9_000)
  expect(twilio.got).toHaveLength(1)
  await kit.turn(60_000)
  expect(mail.got).toHaveLength(0)
  expect(kit.seen.reports.at(-1)?.what).toBe('expired')
})

test('stopped: what is queued does not leave, the ladder ends, and a call that rings is left to ring', async () => {
  const { kit, calls, twilio, mail } = await tower()
  const page = pageOf({ ladder: [[voice()], [email()]] })
  await kit.send(page)
  await kit.courier.stop({ pageIds: [page.id], why: 'taken' })
  await kit.receipt(calls.last.attemptId, 'failed', { error: 'busy' })
  await kit.turn(600_000)
  expect(mail.got).toHaveLength(0)
  expect(await kit.story()).toEqual(['voice twilio failed busy'])
  await kit.courier.stop({ pageIds: ['later'], why: 'taken' })
  expect(await kit.send(pageOf({ id: 'later' }))).toEqual(['later'])
  expect(twilio.got).toHaveLength(0)
})
