// A clock that is set back by an hour while a room waits for something: each kind of wait ends when it would have, and not an
// hour later. Also over a restart, which is when clocks are set.

import { describe, expect, test } from 'bun:test'
import { LENT_FOR_MS } from '../../src/room/attention'
import { LEASE_MS } from '../../src/room/storm-next'
import { aPress, NOON, viewer } from '../support/made-up'
import { openDesk } from '../support/paging'
import { openRoom, type TestRoom } from '../support/room'
import { areaDesk } from './areas-support'
import { drillRoom } from './drills-support'
import { ana as agent, desk, told } from './outward-support'

const S = 1_000
const MIN = 60 * S
const HOUR = 60 * MIN
const ana = viewer('ana')

/** The room has looked at the clock, as it does with each tick, and then the clock is set. */
function setBack(at: Pick<TestRoom, 'room' | 'clock'>, ms = HOUR): void {
  at.room.heedClock()
  at.clock.now -= ms
  at.room.heedClock()
}

function pressed(at: TestRoom, kind: 'crash' | 'panic' = 'crash'): string {
  const press = aPress({ kind, receivedAt: at.clock.now })
  at.send([press])
  return press.sosId
}
const incident = (at: Pick<TestRoom, 'room'>, id: string) => at.room.incidents.find(id) ?? expect.unreachable()
const has = (at: Pick<TestRoom, 'room'>, type: string) =>
  at.room.log.from(1, 10_000).some((event) => event.type === type)

/** What waits for `ms` after `begin`: how it is begun, and whether it has come. */
type Wait = { name: string; ms: number; begin: (at: TestRoom) => () => boolean }

const WAITS: Wait[] = [
  {
    name: 'a phone that is told that nobody has taken it, after 30 s',
    ms: 30 * S,
    begin: (at) => {
      const id = pressed(at)
      return () => incident(at, id).offered911At !== null
    },
  },
  {
    name: 'an owner of a P1 who does nothing for 60 s',
    ms: 60 * S,
    begin: (at) => {
      const id = pressed(at)
      at.screens.add('ana')
      at.room.act(id, { type: 'take' }, ana)
      return () => incident(at, id).owner === null
    },
  },
  {
    name: 'an owner whose screen is gone for 20 s',
    ms: 20 * S,
    begin: (at) => {
      const id = pressed(at)
      at.room.act(id, { type: 'take' }, ana)
      at.room.screenUser('ana', false)
      return () => incident(at, id).owner === null
    },
  },
  {
    name: 'a cancel to be verified, for 120 s',
    ms: 120 * S,
    begin: (at) => {
      const id = pressed(at)
      at.send([], { cancels: [{ sosId: id, deviceId: 'dev-1', verdict: 'true', at: at.clock.now, n: 1 }] })
      return () => !incident(at, id).flags.includes('cancel_verify')
    },
  },
  {
    name: 'an owner who is to react to a re-press, for 15 s',
    ms: 15 * S,
    begin: (at) => {
      const id = pressed(at)
      at.screens.add('ana')
      at.room.act(id, { type: 'take' }, ana)
      at.send([aPress({ kind: 'crash', receivedAt: at.clock.now })])
      return () => incident(at, id).ring.reason === 'no_reaction'
    },
  },
  {
    name: 'a question after welfare, for 60 s',
    ms: 60 * S,
    begin: (at) => {
      const hint = { deviceId: 'd0', reason: 'crash' as const, at: at.clock.now, position: null, onShift: true }
      at.room.welfare.heard({ hints: [hint], words: [], moved: [] })
      at.room.welfare.asked(
        at.room.welfare.questions().map(({ id }) => id),
        at.room.welfare.questions().map(({ id }) => id),
      )
      return () => at.room.queue(5).length === 1
    },
  },
  {
    name: 'a phone that is not heard after its press, for 40 s',
    ms: 40 * S,
    begin: (at) => {
      const id = pressed(at)
      at.room.silence.contacts({ 'dev-1': [at.clock.now, at.clock.now - 5 * S] })
      return () => incident(at, id).flags.includes('phone_silent')
    },
  },
  {
    name: 'a card that is shown to one person, for 30 s',
    ms: LEASE_MS,
    begin: (at) => {
      const id = pressed(at)
      at.room.storm.leases.next(ana)
      return () => {
        const next = at.room.storm.leases.next(viewer('ben'))
        return next.ok && next.incident?.id === id
      }
    },
  },
]

describe('a clock that was set back makes nobody wait for the difference', () => {
  for (const { name, ms, begin } of WAITS)
    test(name, () => {
      const at = openRoom()
      const came = begin(at)
      at.pass(ms - 5 * S)
      setBack(at)
      expect(came()).toBe(false)
      at.pass(4 * S)
      expect(came()).toBe(false)
      at.pass(1 * S)
      expect(came()).toBe(true)
    })

  test('nor by less than the wait itself', () => {
    const at = openRoom()
    const id = pressed(at)
    at.pass(25 * S)
    setBack(at, 20 * S)
    at.pass(5 * S)
    expect(incident(at, id).offered911At).not.toBeNull()
  })

  test('nor where it was set while the room was dead', () => {
    const at = openRoom()
    const id = pressed(at)
    at.pass(10 * S)
    at.clock.now -= HOUR
    const again = at.reborn()
    again.pass(30 * S)
    expect(incident(again, id).offered911At).not.toBeNull()
  })

  test('a correction of a few seconds moves nothing', () => {
    const at = openRoom()
    const id = pressed(at)
    at.pass(10 * S)
    setBack(at, 4 * S)
    expect(at.room.timers.get('untaken', id)).toBe(NOON + 30 * S)
  })

  test('the alarm is set anew', () => {
    const at = openRoom()
    pressed(at)
    at.pass(10 * S)
    at.room.heedClock()
    const armed = at.room.timers.nextAlarm(null)
    at.room.timers.touched = false
    at.clock.now -= HOUR
    at.room.heedClock()
    expect(at.room.timers.touched).toBe(true)
    expect(at.room.timers.nextAlarm(armed)).toBeLessThan(at.clock.now + 60 * S)
  })
})

describe('who works on an incident while the clock is set back', () => {
  function atWork() {
    const at = openRoom()
    at.screens.add('ana')
    const id = pressed(at)
    at.room.act(id, { type: 'take' }, ana)
    at.pass(10 * S)
    setBack(at)
    return { ...at, id }
  }

  test('keeps it by acting', () => {
    const at = atWork()
    at.room.act(at.id, { type: 'note', text: 'calling 911' }, ana)
    at.pass(10 * MIN)
    expect(incident(at, at.id).owner?.uid).toBe('ana')
  })

  test('and whoever takes it afterwards has a minute for a first act, and no more', () => {
    const at = openRoom()
    for (const uid of ['ana', 'ben']) at.screens.add(uid)
    const id = pressed(at)
    at.room.act(id, { type: 'take' }, ana)
    at.room.act(id, { type: 'note', text: 'calling 911' }, ana)
    setBack(at)
    at.pass(10 * S)
    at.screens.delete('ana')
    at.room.screenUser('ana', false)
    at.pass(20 * S)
    at.room.act(id, { type: 'take' }, viewer('ben'))
    at.pass(60 * S - 1)
    expect(incident(at, id).owner?.uid).toBe('ben')
    at.pass(1)
    expect(incident(at, id).owner).toBeNull()
  })

  test('a look at its file is logged, as ever', () => {
    const at = atWork()
    const looks = () => at.room.log.from(1, 1_000).filter(({ type }) => type === 'looked').length
    at.room.file(at.id, viewer('cy'))
    setBack(at)
    at.room.file(at.id, viewer('cy'))
    expect(looks()).toBe(2)
  })
})

test('people of the region that looks after this one count on by their next word, and no longer than without the step', () => {
  const at = openDesk({ attention: { watching: 0, free: 0 } })
  at.room.takeOver.takeOver('CEB', 'power cut', viewer('sup', { role: 'supervisor', regions: ['CEB'] }))
  const hear = (watching: number) =>
    at.room.lookedAfter.heard({ from: 'CEB', watching, free: watching, at: at.clock.now })
  hear(2)
  setBack(at)
  const one = aPress({ deviceId: 'd1' })
  at.send([one])
  expect(at.lines(one.sosId, 'escalated')).toEqual([])
  hear(1)
  const steps = () => at.lines(one.sosId, 'escalated').map(({ body }) => body?.step)
  at.pass(LENT_FOR_MS - 1)
  expect(steps()).not.toContain('unwatched')
  at.pass(1)
  expect(steps()).toContain('unwatched')
})

test('a region that is looked after from another is its own again when it would have been', () => {
  const at = openRoom()
  at.room.takeOver.takeOver('CEB', 'power cut', viewer('sup', { role: 'supervisor', regions: ['CEB'] }))
  at.pass(10 * MIN)
  setBack(at)
  at.pass(12 * HOUR - 10 * MIN - 1)
  expect(at.room.takeOver.now?.from).toBe('CEB')
  at.pass(1)
  expect(at.room.takeOver.now).toBeNull()
})

test('a site whose screens were lost before the step is down when its time is over', () => {
  const at = openDesk({ attention: { watching: 0, free: 0 } })
  for (const uid of ['u1', 'u2']) at.room.towerDown.came('manila', uid)
  for (const uid of ['u1', 'u2']) at.room.towerDown.left('manila', uid, false)
  at.pass(20 * S)
  setBack(at)
  at.pass(9 * S)
  expect(has(at, 'tower_down')).toBe(false)
  at.pass(1 * S)
  expect(has(at, 'tower_down')).toBe(true)
})

test('a broadcast ends when it would have, and says so', async () => {
  const at = areaDesk()
  const { id } = await at.send({ until: NOON + 2 * HOUR })
  at.pass(10 * MIN)
  setBack(at)
  expect((await at.shown(id)).until).toBe(new Date(NOON + HOUR).toISOString())
  at.pass(HOUR + 50 * MIN - 1)
  expect((await at.shown(id)).state).toBe('open')
  at.pass(1)
  expect((await at.shown(id)).state).toBe('expired')
})

test('a drill takes the press that it asked for, and ends when it would have', async () => {
  const at = drillRoom()
  const drill = await at.asked()
  const other = await at.asked({ devices: ['dev-2'] })
  at.pass(MIN)
  setBack(at)
  at.pass(MIN)
  at.send([at.press()])
  expect(at.trials(drill.id)).toMatchObject([{ outcome: 'passed', tookMs: 2 * MIN }])
  expect(at.incidents()).toEqual([])
  at.pass(drill.until - drill.at - 2 * MIN - 1)
  expect(at.trials(other.id)).toMatchObject([{ outcome: null }])
  at.pass(1)
  await at.errands()
  expect(at.trials(other.id)).not.toMatchObject([{ outcome: null }])
})

test('a schedule of drills stays at its hour of the week', () => {
  const at = drillRoom()
  const schedule = {
    ...{ id: 's1', kind: 'driver' as const, day: 1, time: '09:00', share: 1, everybody: true, contactId: null },
    ...{ windowMs: 10 * MIN, active: true },
  }
  const boss = viewer('cora', { role: 'supervisor' })
  expect(at.room.drillsDesk.schedule(schedule, boss)).toMatchObject({ ok: true })
  const due = at.room.timers.get('drill', 'schedule s1')
  setBack(at)
  expect(at.room.timers.get('drill', 'schedule s1')).toBe(due)
})

test('an agency is told again when it would have been', () => {
  const [at, plain] = [desk(), desk()]
  for (const each of [at, plain]) each.room.outward.handOff(each.id, told(), agent)
  const due = plain.room.timers.get('handoff_follow', handOffOf(plain)) ?? expect.unreachable()
  at.pass(due - NOON - 5 * S)
  setBack(at)
  at.pass(4 * S)
  expect(at.incident().flags).not.toContain('tell_again')
  at.pass(1 * S)
  expect(at.incident().flags).toContain('tell_again')
})

const handOffOf = (at: ReturnType<typeof desk>): string =>
  at.storage.sql.exec<{ id: string }>('SELECT id FROM handoff').one().id

test('a screen that was away when the clock was set back hears of every card that was turned', () => {
  const at = openRoom()
  const first = pressed(at)
  at.pass(1 * S)
  expect(at.room.act(first, { type: 'take' }, ana).ok).toBe(true)
  at.send([aPress({ deviceId: 'dev-2', receivedAt: at.clock.now })])
  const { seq } = at.room.log
  const before = at.room.incidents.summary(first)
  setBack(at)
  expect(at.room.incidents.summary(first)?.owner?.at).not.toBe(before?.owner?.at)
  expect(at.room.since(seq, 10).map(({ id }) => id)).toContain(first)
  expect(has(at, 'clock_set_back')).toBe(true)
})
