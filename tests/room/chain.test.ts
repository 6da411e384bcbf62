import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { LogEvent } from '../../src/domain/event'
import { canonical, verifyChain } from '../../src/room/chain'
import { aPress, viewer } from '../support/made-up'
import { openRoom } from '../support/room'

function aLog(): LogEvent[] {
  const { room, send } = openRoom()
  for (let n = 0; n < 5; n++) send([aPress({ deviceId: `dev-${n}`, note: `note ${n}` })])
  room.act(room.queue(1)[0]?.id ?? '', { type: 'take' }, viewer('ana'))
  return room.log.from(1, 100)
}

test('a log that nobody touched verifies, from its first line on', () => {
  const events = aLog()
  expect(events[0]).toMatchObject({ seq: 1, type: 'epoch' })
  expect(verifyChain(events)).toEqual({ ok: true, count: 7, erased: 0 })
})

test('a body that was erased breaks nothing, one that was changed is named', () => {
  const events = aLog()
  const erased = events.map((event) => (event.seq === 3 ? { ...event, body: null, salt: null } : event))
  expect(verifyChain(erased)).toEqual({ ok: true, count: 7, erased: 1 })
  const changed = events.map((event) =>
    event.seq === 3 ? { ...event, body: { ...event.body, note: 'nothing happened' } } : event,
  )
  expect(verifyChain(changed)).toMatchObject({ ok: false, at: { seq: 3 }, why: 'its body was changed' })
})

test('a removed, doubled or swapped line is named', () => {
  const events = aLog()
  expect(verifyChain(events.filter((event) => event.seq !== 4))).toMatchObject({ ok: false, at: { seq: 5 } })
  expect(verifyChain([...events.slice(0, 3), ...events.slice(2)])).toMatchObject({ ok: false, at: { seq: 3 } })
  expect(verifyChain(events.toSpliced(2, 2, events[3] as LogEvent, events[2] as LogEvent))).toMatchObject({
    ok: false,
    at: { seq: 4 },
  })
})

test('any change to any field of any line is found', () => {
  const events = aLog()
  const fields = ['at', 'type', 'incident', 'bodyHash', 'prevHash', 'hash', 'room', 'epoch', 'salt'] as const
  fc.assert(
    fc.property(fc.integer({ min: 0, max: events.length - 1 }), fc.constantFrom(...fields), (index, field) => {
      const forged = events.map((event, at) =>
        at === index ? { ...event, [field]: field === 'at' ? event.at + 1 : 'forged' } : event,
      ) as LogEvent[]
      expect(verifyChain(forged).ok).toBe(false)
    }),
  )
})

test('the order of keys, as jsonb changes it, is no difference', () => {
  expect(canonical({ b: 1, a: [{ d: null, c: 'x' }] })).toBe(canonical({ a: [{ c: 'x', d: null }], b: 1 }))
  fc.assert(fc.property(fc.jsonValue(), (value) => canonical(JSON.parse(JSON.stringify(value))) === canonical(value)))
})
