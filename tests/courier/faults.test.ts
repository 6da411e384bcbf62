import { expect, test } from 'bun:test'
import { courierWith, email, idOf, Provider, pageOf, sms, voice } from './kit'

const DAY_MS = 86_400_000

test('dead in the middle of sending: the row is found again, and the person is told at least once', async () => {
  const twilio = new Provider('twilio', 'sms')
  const kit = await courierWith([twilio])
  twilio.script = ['hang']
  await kit.courier.send([pageOf()])
  await kit.rebirth(1_000)
  expect(twilio.got).toHaveLength(1)
  await kit.turn(5_000)
  expect(twilio.got).toHaveLength(2)
  expect(await kit.story()).toEqual(['sms twilio failed lost', 'sms twilio accepted'])
})

test('dead before the queue had left: what waited leaves with the next life', async () => {
  const twilio = new Provider('twilio', 'sms')
  const kit = await courierWith([twilio], { atOnce: 1 })
  twilio.script = ['hang']
  await kit.courier.send([0, 1, 2].map((n) => pageOf({ reason: 'driver', ladder: [[sms(`+63917000000${n}`)]] })))
  await kit.rebirth()
  expect(twilio.got).toHaveLength(3)
})

test('what kills its courier again and again is put before a person, and then left alone', async () => {
  const twilio = new Provider('twilio', 'sms')
  const kit = await courierWith([twilio])
  twilio.always = 'hang'
  await kit.courier.send([pageOf()])
  for (let n = 0; n < 10; n++) {
    await kit.rebirth(6_000)
    kit.courier.fire()
  }
  expect(twilio.got).toHaveLength(5)
  expect(await kit.courier.parked()).toHaveLength(1)
})

test('a page that can never be sent is parked after five tries and said; its next way and everybody else go on', async () => {
  const twilio = new Provider('twilio', 'sms')
  const mail = new Provider('sendgrid', 'email')
  const kit = await courierWith([twilio, mail])
  twilio.always = ({ attemptId, page }) =>
    page.id === 'poison' ? 'throw' : { is: 'accepted', providerId: idOf(attemptId) }
  await kit.send(pageOf({ id: 'poison', priority: 'P2', ladder: [[sms()], [email()]] }), pageOf({ priority: 'P2' }))
  await kit.turn(10)
  expect(mail.got.map(({ page }) => page.id)).toEqual(['poison'])
  await kit.turn(30_000)
  expect(twilio.got.filter(({ page, with: more }) => page.id === 'poison' && more.length === 0)).toHaveLength(4)
  const [parked, ...others] = await kit.courier.parked()
  expect(others).toEqual([])
  expect(parked).toMatchObject({ pageId: 'poison', state: 'parked', error: 'cannot be rendered' })
  expect(kit.seen.reports.map(({ what }) => what)).toContain('parked')
  expect((await kit.story()).filter((line) => line === 'sms twilio accepted')).toHaveLength(1)
  expect((await kit.courier.tick()).parked).toBe(1)
})

test('a person sends what was parked again: a new attempt, once', async () => {
  const twilio = new Provider('twilio', 'sms')
  const kit = await courierWith([twilio])
  twilio.always = 'throw'
  await kit.send(pageOf())
  await kit.turn(30_000)
  const [parked] = await kit.courier.parked()
  const by = { uid: 'u1', alias: 'Desk 3' }
  twilio.always = ({ attemptId }) => ({ is: 'accepted', providerId: attemptId })
  expect(await kit.courier.resend(parked?.id ?? '', by)).toBe(true)
  expect(await kit.courier.resend(parked?.id ?? '', by)).toBe(false)
  await kit.turn(10)
  expect(await kit.story()).toEqual(['sms twilio stopped sent again by Desk 3', 'sms twilio accepted'])
  expect(await kit.courier.parked()).toEqual([])
})

test('an alarm that fires twice, an hour late, or by a clock that was set back repeats nothing and loses nothing', async () => {
  const calls = new Provider('twilio', 'voice')
  const mail = new Provider('sendgrid', 'email', 60_000)
  const kit = await courierWith([calls, mail])
  await kit.send(pageOf({ ladder: [[voice()], [email()]] }))
  kit.clock.now += 3_600_000
  kit.courier.fire()
  kit.courier.fire()
  await kit.turn()
  expect([calls.got.length, mail.got.length]).toEqual([1, 1])
  kit.clock.now -= 3_600_000
  await kit.courier.tick()
  await kit.turn(61_000)
  expect(kit.seen.reports.filter(({ what }) => what === 'exhausted')).toHaveLength(1)
})

test('an alarm or a timer that was lost is set again by the minute’s round', async () => {
  const calls = new Provider('twilio', 'voice')
  const mail = new Provider('sendgrid', 'email')
  const kit = await courierWith([calls, mail])
  await kit.send(pageOf({ ladder: [[voice()], [email()]] }))
  kit.storage.sql.exec('DELETE FROM timer')
  kit.clock.alarmAt = null
  await kit.courier.tick()
  await kit.turn(31_000)
  expect(mail.got).toHaveLength(1)
})

test('a timer whose work throws keeps no other from being done', async () => {
  const calls = new Provider('twilio', 'voice')
  const mail = new Provider('sendgrid', 'email')
  const kit = await courierWith([calls, mail])
  await kit.send(pageOf({ id: 'broken', ladder: [[voice()], [email()]] }))
  await kit.send(pageOf({ id: 'whole', ladder: [[voice()], [email()]] }))
  kit.storage.sql.exec("UPDATE page SET body = '{' WHERE id = 'broken'")
  await kit.turn(31_000)
  expect(mail.got.map(({ page }) => page.id)).toEqual(['whole'])
  expect(kit.seen.failures.some((line) => line.startsWith('timer page'))).toBe(true)
})

test('a page that makes no sense is refused, and those that came with it are taken', async () => {
  const twilio = new Provider('twilio', 'sms')
  const kit = await courierWith([twilio])
  const broken = { ...pageOf({ id: 'broken' }), ladder: [[{ channel: 'sms', to: { $: 1 } }]] }
  expect(await kit.send(broken as unknown as ReturnType<typeof pageOf>, pageOf({ id: 'whole' }))).toEqual(['whole'])
  expect(twilio.got.map(({ page }) => page.id)).toEqual(['whole'])
})

test('the room hears everything, in order, however long it was away, and each report until it has it', async () => {
  const twilio = new Provider('twilio', 'sms')
  const heard: number[] = []
  let away = true
  const kit = await courierWith([twilio], {
    report: async (reports) => {
      if (away) throw new Error('the room is away')
      // It writes down all but the last of each portion.
      const taken = reports.slice(0, Math.max(1, reports.length - 1)).map(({ n }) => n)
      heard.push(...taken)
      return taken
    },
  })
  await kit.send(pageOf({ reason: 'kin' }))
  await kit.receipt(twilio.last.attemptId, 'sent')
  await kit.receipt(twilio.last.attemptId, 'delivered')
  await kit.turn(60_000)
  expect((await kit.courier.tick()).unreported).toBe(3)
  away = false
  await kit.rebirth()
  await kit.turn(10_000)
  expect(heard).toEqual([1, 2, 3])
  expect((await kit.courier.tick()).unreported).toBe(0)
})

test('attempts reach the archive as they end, also after it was away, and a row that it cannot take holds up no other', async () => {
  const twilio = new Provider('twilio', 'sms')
  const kept = new Map<string, string>()
  let away = true
  const kit = await courierWith([twilio], {
    archive: async (attempts) => {
      if (away) throw new Error('away')
      if (attempts.some(({ contact }) => contact.id === 'bad')) throw new RangeError('class 22')
      for (const { id, state } of attempts) kept.set(id, state)
    },
    isRowFault: (cause) => cause instanceof RangeError,
  })
  const made = (id: string, n: number) =>
    pageOf({ reason: 'kin', contact: { id, name: id, lang: 'en' }, ladder: [[sms(`+63917000000${n}`)]] })
  await kit.send(made('good', 0), made('bad', 1), made('fine', 2))
  await kit.turn(10_000)
  away = false
  await kit.receipt(twilio.got[0]?.attemptId ?? '', 'delivered')
  await kit.turn(30_000)
  expect([...kept.values()].toSorted()).toEqual(['delivered', 'failed'])
})

test('after thirty days a page, its attempts and its receipts are forgotten', async () => {
  const twilio = new Provider('twilio', 'sms')
  const kit = await courierWith([twilio])
  await kit.send(pageOf({ reason: 'kin' }))
  await kit.receipt(twilio.last.attemptId, 'delivered')
  await kit.turn(29 * DAY_MS)
  expect(await kit.attempts()).toHaveLength(1)
  await kit.turn(2 * DAY_MS)
  for (const table of ['page', 'attempt', 'receipt'])
    expect(kit.storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n).toBe(0)
})

test('numbers are shortened wherever an attempt is shown', async () => {
  const twilio = new Provider('twilio', 'sms')
  const mail = new Provider('sendgrid', 'email')
  const kit = await courierWith([twilio, mail])
  await kit.send(pageOf({ ladder: [[sms(), email()]] }))
  expect((await kit.attempts()).map(({ to }) => to)).toEqual(['+63917•••4567', 'l•••@fleet.example'])
  await kit.turn(3_000)
  expect(JSON.stringify([kit.seen.reports, kit.seen.archived])).not.toContain('9171234567')
})
