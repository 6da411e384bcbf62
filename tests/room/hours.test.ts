// What comes due in a room together is rung in one transaction; one that cannot ring keeps no other waiting.

import { expect, test } from 'bun:test'
import { aPress } from '../support/made-up'
import { openRoom } from '../support/room'

const COUNT = 90

/** A room in which so many incidents have waited for half a minute, and their presses are to be told so. */
function crowd() {
  const at = openRoom()
  at.send(Array.from({ length: COUNT }, (_, n) => aPress({ sosId: `sos-${n}`, deviceId: `dev-${n}`, kind: 'medical' })))
  at.clock.now += 60_000
  return at
}

const told = ({ room }: ReturnType<typeof crowd>) =>
  room.log.from(1, 10_000).filter(({ type }) => type === 'untaken_told').length

test('a crowd that comes due together is rung some at a time, and all of it', () => {
  const at = crowd()
  const written: number[] = []
  for (let more = true; more; ) {
    more = at.room.fire()
    written.push(told(at))
  }
  expect(written.length).toBeGreaterThan(2)
  expect(written.at(-1)).toBe(COUNT)
})

test('one that cannot ring is put off and said, and the others of its turn ring all the same', () => {
  const at = crowd()
  const [, , third] = at.room.incidents.allLiving()
  if (!third) throw new Error('there are no incidents')
  at.storage.sql.exec("UPDATE timer SET key = 'broken' WHERE kind = 'untaken' AND key = ?", third.id)
  const find = at.room.incidents.find.bind(at.room.incidents)
  at.room.incidents.find = (id) => {
    if (id === 'broken') throw new Error('cannot be read')
    return find(id)
  }
  let failures = 0
  for (let more = true, turns = 0; more && turns < 20; turns++) {
    try {
      more = at.room.fire()
    } catch (error) {
      expect(String(error)).toContain('cannot be read')
      failures++
    }
  }
  expect(failures).toBe(1)
  expect(told(at)).toBe(COUNT - 1)
  const [due] = at.storage.sql.exec<{ due: number }>("SELECT due FROM timer WHERE key = 'broken'").toArray()
  expect(due?.due).toBe(at.clock.now + 1_000)
})
