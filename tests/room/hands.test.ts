// Who has a P1 in hand: remembered, and the same as asking all incidents.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Incident } from '../../src/domain/incident'
import { Hands } from '../../src/room/hands'
import { anIncident, aPress, person, viewer } from '../support/made-up'
import { openRoom } from '../support/room'

const PEOPLE = ['ana', 'ben', 'cora']

const change = fc.record({
  id: fc.constantFrom('i1', 'i2', 'i3', 'i4'),
  owner: fc.constantFrom(...PEOPLE, null),
  priority: fc.constantFrom<Incident['priority']>('P1', 'P2'),
  state: fc.constantFrom<Incident['state']>('new', 'taken', 'help_asked', 'closed'),
})

test('whatever becomes of incidents, whoever has an open P1 has their hands full, and nobody else', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const hands = new Hands()
      const last = new Map<string, (typeof changes)[number]>()
      for (const each of changes) {
        const owner = each.owner === null ? null : { ...person(each.owner), at: 1 }
        hands.note(anIncident({ ...each, owner } as Partial<Incident>))
        last.set(each.id, each)
        const busy = [...last.values()].filter(({ priority, state }) => priority === 'P1' && state !== 'closed')
        for (const uid of PEOPLE) expect(hands.holdsP1(uid)).toBe(busy.some(({ owner }) => owner === uid))
      }
    }),
  )
})

test('a room that was born anew knows it from its disk', () => {
  const at = openRoom()
  const press = aPress({ kind: 'panic' })
  at.send([press])
  at.screens.add('u1')
  at.room.act(press.sosId, { type: 'take' }, viewer('u1'))
  expect(at.room.incidents.holdsP1('u1')).toBe(true)
  const anew = at.reborn()
  expect(anew.room.incidents.holdsP1('u1')).toBe(true)
  expect(anew.room.incidents.holdsP1('u2')).toBe(false)
})
