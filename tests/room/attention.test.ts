// Who watches a region that is looked after from another: its own people, and those of the other while they say so.

import { expect, test } from 'bun:test'
import { AttentionTold, LENT_FOR_MS, together } from '../../src/room/attention'
import { aPress, viewer } from '../support/made-up'
import { openDesk } from '../support/paging'
import { openRoom } from '../support/room'

const supervisor = viewer('sup', { role: 'supervisor', regions: ['CEB'] })

/** Nobody watches in NCR, which Cebu looks after. */
function lookedAfter() {
  const desk = openDesk({ attention: { watching: 0, free: 0 } })
  desk.room.takeOver.takeOver('CEB', 'power cut', supervisor)
  return {
    ...desk,
    hear: (watching: number, free: number, from: 'CEB' | 'DVO' = 'CEB', at = desk.clock.now) =>
      desk.room.lookedAfter.heard({ from, watching, free, at }),
    press() {
      const press = aPress({ deviceId: 'd1' })
      desk.send([press])
      return press.sosId
    },
  }
}

test('nobody is paged at once while the people who look after it watch; later steps come as ever', async () => {
  const at = lookedAfter()
  at.hear(2, 1)
  at.press()
  expect(await at.told()).toEqual([])
  for (let s = 0; s < 19; s += 5) {
    at.pass(5_000)
    at.hear(2, 1)
  }
  expect(await at.told()).toEqual(['lead ana'])
})

test('without a word for fifteen seconds nobody watches, and the leads are told', async () => {
  const at = lookedAfter()
  at.hear(2, 1)
  at.press()
  at.pass(LENT_FOR_MS - 1)
  expect(await at.told()).toEqual([])
  at.pass(1)
  expect(await at.told()).toEqual(['unwatched ana'])
})

test('words that go on hold it, whatever was heard when', async () => {
  const at = lookedAfter()
  at.press()
  expect(await at.told()).toEqual(['unwatched ana'])
  at.hear(2, 1)
  at.pass(10_000)
  at.hear(2, 1)
  at.pass(10_000)
  const second = aPress({ deviceId: 'd2' })
  at.send([second])
  expect(at.lines(second.sosId, 'escalated')).toEqual([])
})

test('people there who are all busy are nobody who is free', () => {
  const at = lookedAfter()
  at.hear(2, 0)
  const id = at.press()
  at.pass(5_000)
  expect(at.lines(id, 'escalated').map(({ body }) => body?.step)).toEqual(['none_free'])
})

test('that the last of them has gone is heard at once', async () => {
  const at = lookedAfter()
  at.hear(1, 1)
  at.press()
  at.hear(0, 0, 'CEB', at.clock.now + 1)
  at.pass(0)
  expect(await at.told()).toEqual(['unwatched ana'])
})

test('a word that was overtaken, or of a room that does not look after it, counts for nothing', async () => {
  const at = lookedAfter()
  at.hear(0, 0)
  at.hear(3, 3, 'CEB', at.clock.now - 1)
  at.hear(3, 3, 'DVO')
  at.press()
  expect(await at.told()).toEqual(['unwatched ana'])
})

test('a region that is given back counts on its own people alone, from then on', async () => {
  const at = lookedAfter()
  at.hear(2, 2)
  at.press()
  at.room.takeOver.giveBack(viewer('ncr', { role: 'supervisor' }))
  at.pass(0)
  expect(await at.told()).toEqual(['unwatched ana'])
  at.hear(2, 2)
  const next = aPress({ deviceId: 'd3' })
  at.send([next])
  expect(at.lines(next.sosId, 'escalated').map(({ body }) => body?.step)).toEqual(['unwatched'])
})

test('own people and those of the other count together', async () => {
  const at = lookedAfter()
  at.attend(1, 0)
  at.hear(1, 1)
  const id = at.press()
  at.pass(9_000)
  expect(at.lines(id, 'escalated')).toEqual([])
})

test('each tick is told, nothing between, and at once when somebody is there or nobody', () => {
  const told = new AttentionTold()
  const busy = { watching: 2, free: 0 }
  expect(told.due(['NCR', 'DVO'], busy, 0)).toEqual(['NCR', 'DVO'])
  expect(told.due(['NCR', 'DVO'], { watching: 1, free: 0 }, 600)).toEqual([])
  expect(told.due(['NCR'], { watching: 0, free: 0 }, 700)).toEqual(['NCR'])
  expect(told.due(['NCR'], { watching: 0, free: 0 }, 5_700)).toEqual(['NCR'])
  expect(told.due(['NCR', 'DVO'], { watching: 0, free: 0 }, 5_800)).toEqual(['DVO'])
})

test('whoever holds a P1 of the other region is not free in their own', () => {
  const home = openRoom()
  const there = openRoom({ region: 'CEB' })
  home.room.takeOver.takeOver('CEB', 'power cut', supervisor)
  const press = aPress({ deviceId: 'd1' })
  home.send([press])
  home.room.act(press.sosId, { type: 'take' }, viewer('op', { regions: ['CEB'] }))
  const card = home.room.incidents.summary(press.sosId)
  if (!card) throw new Error('no card')
  expect(there.room.mirrors.holdsP1('op')).toBe(false)
  there.room.takeMirrored([card])
  expect(there.room.mirrors.holdsP1('op')).toBe(true)
  expect(there.room.mirrors.holdsP1('other')).toBe(false)
})

test('whoever watches in both regions is one person, and on a call in one is free in neither', () => {
  const own = { watching: ['op', 'sue'], busy: ['sue'] }
  const at = openRoom({ ports: { attention: () => 2, free: () => 1, people: () => own } })
  at.room.takeOver.takeOver('CEB', 'power cut', supervisor)
  const hear = (busy: string[]) =>
    at.room.lookedAfter.heard({
      from: 'CEB',
      watching: 1,
      free: 1 - busy.length,
      at: at.clock.now,
      people: { watching: ['op'], busy },
    })
  const steps = (deviceId: string): unknown[] => {
    const press = aPress({ deviceId })
    at.send([press])
    at.pass(6_000)
    return at.room.log.ofIncident(press.sosId).flatMap(({ type, body }) => (type === 'escalated' ? [body?.step] : []))
  }
  hear([])
  expect(together([own, { watching: ['op'], busy: [] }])).toEqual({ watching: 2, free: 1 })
  expect(steps('d1')).toEqual([])
  hear(['op'])
  expect(steps('d2')).toEqual(['none_free'])
})

test('a room of an older version, which does not say who they are, is counted as before', () => {
  const at = openRoom({
    ports: { attention: () => 0, free: () => 0, people: () => ({ watching: [], busy: [] }) },
  })
  at.room.takeOver.takeOver('CEB', 'power cut', supervisor)
  at.room.lookedAfter.heard({ from: 'CEB', watching: 1, free: 1, at: at.clock.now })
  const press = aPress()
  at.send([press])
  at.pass(9_000)
  expect(at.room.log.ofIncident(press.sosId).filter(({ type }) => type === 'escalated')).toEqual([])
})
