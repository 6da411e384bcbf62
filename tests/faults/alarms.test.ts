// R44 and R45: clocks that die, are lost, ring twice, too early, too late or by a clock that was set back. What the runtime can be
// made to do is done to it; time itself it takes from nobody, so that part turns a clock of its own under the same code.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { defaultPolicy } from '../../src/domain/escalation-policy'
import { courierWith, email, Provider, pageOf, voice } from '../courier/kit'
import { aPress } from '../support/made-up'
import { forgetAlarms, type OpenObject, roomOfIncident, whileDead } from '../support/objects-on-disk'
import { openDesk } from '../support/paging'
import { figure, WaysOut } from '../support/ways-out'
import { until } from '../system/people'

const HOUR_MS = 3_600_000

describe('on the real runtime', () => {
  let ways: WaysOut
  beforeAll(async () => {
    ways = await WaysOut.start()
  }, 120_000)
  afterAll(() => ways?.stop(), 30_000)

  const first = (to: string) => ways.asked(to)[0]?.at ?? Number.NaN

  test('R44 killed with -9 in the middle of a ladder: the next step comes in its own time', async () => {
    const [one, two] = [ways.newLead('NCR'), ways.newLead('NCR')]
    await ways.policy('NCR', [
      { lead: one, by: [['sms']], afterS: 0 },
      { lead: two, by: [['sms']], afterS: 7 },
    ])
    const { id } = await ways.press('NCR')
    await until(async () => (await ways.story('NCR', id)).includes('sms twilio delivered'))
    // Nobody asks the room for anything until then: its own alarm must ring in the next life.
    await whileDead(ways.tower, () => {})
    await until(() => ways.asked(two.phone).length > 0, 20_000, 'the second step')
    const ms = first(two.phone) - first(one.phone)
    await Bun.sleep(500)
    expect([ways.asked(one.phone).length, ways.asked(two.phone).length]).toEqual([1, 1])
    expect(Math.abs(ms - 7_000)).toBeLessThan(2_000)
    await ways.taken('NCR', id)
    figure('R44 kill -9 in mid-ladder', `step due at 7000 ms came at ${ms} ms; lost 0, extra messages 0`)
  }, 60_000)

  test('R44 every timer and alarm of rooms and couriers is gone: the minute’s round sets them again', async () => {
    const [one, two] = [ways.newLead('CEB'), ways.newLead('CEB')]
    await ways.policy('CEB', [
      { lead: one, by: [['sms'], ['email']], afterS: 0 },
      { lead: two, by: [['sms']], afterS: 10 },
    ])
    // Under way while it dies: only its row knows of it.
    ways.twilio.messages.to(one.phone, { does: 'hang' })
    const { id } = await ways.press('CEB')
    await until(() => ways.asked(one.phone).length > 0)
    ways.twilio.messages.to(one.phone, { does: 'accept', follows: [{ status: 'delivered', afterMs: 20 }] })
    let forgotten = 0
    await whileDead(ways.tower, (open) => {
      forgotten = timersOf(open, id, (db) => db.run('DELETE FROM timer').changes)
      forgotten += forgetAlarms(ways.tower, 'SosRoom') + forgetAlarms(ways.tower, 'Courier')
    })
    expect(forgotten).toBeGreaterThan(2)
    await Bun.sleep(1_500)
    expect(ways.asked(one.phone)).toHaveLength(1)
    // As the supervisor does it once a minute.
    const at = Date.now()
    await ways.tower.tick()
    await until(() => ways.asked(one.phone).length > 1, 10_000, 'the text that died under way')
    const againMs = (ways.asked(one.phone)[1]?.at ?? Number.NaN) - at
    await until(() => ways.asked(two.phone).length > 0, 20_000, 'the second step')
    const ms = first(two.phone) - first(one.phone)
    expect(ways.asked(one.phone)).toHaveLength(2)
    expect(ways.asked(two.phone)).toHaveLength(1)
    expect(Math.abs(ms - 10_000)).toBeLessThan(3_000)
    await ways.taken('CEB', id)
    figure(
      'R44 timers and alarms gone',
      `${forgotten} rows; after the round (each 60 s) the lost text again in ${againMs} ms, step due at 10000 ms at ${ms} ms; ` +
        'lost 0, extra messages 1',
    )
  }, 60_000)

  test('R45 alarms that ring again, and too early, tell nobody twice and nobody before their time', async () => {
    const [one, two] = [ways.newLead('DVO'), ways.newLead('DVO')]
    await ways.policy('DVO', [
      { lead: one, by: [['sms'], ['email']], afterS: 0 },
      { lead: two, by: [['sms']], afterS: 8 },
    ])
    const { id } = await ways.press('DVO')
    await until(async () => (await ways.story('DVO', id)).includes('sms twilio delivered'))
    let rung = 0
    await whileDead(ways.tower, (open) => {
      // All that is due later rings now, and what has rung rings again.
      rung = timersOf(open, id, (db, isRoom) => {
        const moved = db.run('UPDATE timer SET due = due - ?', [HOUR_MS]).changes
        const again = isRoom
          ? db.run("INSERT OR IGNORE INTO timer (kind, key, due) VALUES ('escalate', ?, ?)", [id, Date.now() - HOUR_MS])
          : db.run("INSERT OR IGNORE INTO timer (kind, key, due) SELECT 'page', id, ? FROM page", [
              Date.now() - HOUR_MS,
            ])
        return moved + again.changes
      })
    })
    await ways.tower.tick()
    await ways.tower.tick()
    await until(() => ways.asked(two.phone).length > 0, 20_000, 'the second step')
    const ms = first(two.phone) - first(one.phone)
    await Bun.sleep(500)
    expect([ways.asked(one.phone).length, ways.asked(one.mail).length, ways.asked(two.phone).length]).toEqual([1, 0, 1])
    expect(Math.abs(ms - 8_000)).toBeLessThan(2_500)
    expect(rung).toBeGreaterThan(2)
    await ways.taken('DVO', id)
    expect(ways.violations).toEqual([])
    figure(
      'R45 alarms twice and early',
      `${rung} timers rung; step due at 8000 ms came at ${ms} ms; lost 0, extra messages 0`,
    )
  }, 60_000)

  /** The room of an incident and the courier that tells of it. Gives the sum of what was changed. */
  function timersOf(
    open: OpenObject,
    id: string,
    change: (db: ReturnType<OpenObject>, isRoom: boolean) => number,
  ): number {
    const courier = open('Courier', (db) => db.query('SELECT 1 FROM page WHERE incident = ?').get(id) !== null)
    return change(open('SosRoom', roomOfIncident(id)), true) + change(courier, false)
  }
})

describe('under a clock that is turned', () => {
  test('R45 a room whose alarm rings twice, an hour late, and by a clock that was set back tells each person once a step', async () => {
    const { send, told, room, clock, pass } = openDesk()
    send([aPress()])
    const last = defaultPolicy('NCR').steps.P1.at(-1)
    clock.now += HOUR_MS
    for (let n = 0; n < 3; n++) room.fire()
    const late = await told()
    expect(new Set(late).size).toBe(late.length)
    expect(late.map((line) => line.split(' ')[1]).toSorted()).toEqual(['ana', 'ben', 'cora', 'dina'])
    clock.now -= 2 * HOUR_MS
    room.fire()
    expect(await told()).toEqual([])
    // The minute's round sees that the clock is another; then nobody waits for the two hours that it lost.
    expect(room.escalation.rearm()).toBe(1)
    const everyMs = (last?.everyS ?? 0) * 1_000
    pass(everyMs - 1_000)
    expect(await told()).toEqual([])
    pass(2_000)
    expect(await told()).toContain('management dina')
    expect(room.escalation.rearm()).toBe(0)
    figure(
      'R45 a room’s alarm 3 times, 1 h late, then 2 h back',
      `${late.length} people told once each; told again ${last?.everyS} s after the clock was set back; lost 0, extra messages 0`,
    )
  })

  test('R44 a courier’s alarm whose work throws ten times is set anew each time, and others’ pages go on', async () => {
    const calls = new Provider('twilio', 'voice')
    const mail = new Provider('sendgrid', 'email')
    const kit = await courierWith([calls, mail])
    await kit.send(pageOf({ id: 'broken', ladder: [[voice()], [email()]] }))
    kit.storage.sql.exec("UPDATE page SET body = '{' WHERE id = 'broken'")
    let armed = 0
    for (let n = 0; n < 10; n++) {
      await kit.send(pageOf({ id: `whole-${n}`, ladder: [[voice()], [email(`lead-${n}@fleet.example`)]] }))
      await kit.turn(31_000)
      if (kit.clock.alarmAt !== null) armed++
    }
    const threw = kit.seen.failures.filter((line) => line.startsWith('timer page')).length
    expect(threw).toBeGreaterThanOrEqual(10)
    expect(armed).toBe(10)
    expect(new Set(mail.got.map(({ page }) => page.id)).size).toBe(10)
    figure('R44 an alarm that throws', `${threw} throws, armed again ${armed} of 10 times; others lost 0`)
  })

  test('R45 a courier whose alarm rings twice, an hour late and an hour early tries each way once', async () => {
    const calls = new Provider('twilio', 'voice')
    const mail = new Provider('sendgrid', 'email', 60_000)
    const kit = await courierWith([calls, mail])
    const ladder = [[voice()], [email()]]
    for (let n = 0; n < 50; n++) await kit.send(pageOf({ id: `page-${n}`, ladder }))
    kit.courier.fire()
    kit.clock.now += HOUR_MS
    kit.courier.fire()
    kit.courier.fire()
    await kit.turn()
    kit.clock.now -= HOUR_MS
    await kit.courier.tick()
    await kit.turn(10_000)
    const tried = [calls, mail].map(({ got }) => [got.length, new Set(got.map(({ page }) => page.id)).size])
    expect(tried).toEqual([
      [50, 50],
      [50, 50],
    ])
    figure(
      'R45 a courier’s alarm twice, 1 h late, then 1 h back',
      '50 pages of 2 ways, 100 attempts; lost 0, extra messages 0',
    )
  })
})
