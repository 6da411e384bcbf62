// What fleet shards are told of a device's pace after its press: in every end that an incident can take, from a real room.

import { describe, expect, test } from 'bun:test'
import type { CancelNote } from '../../src/room/contract'
import { tellFleets } from '../../src/room/departures'
import { aPress, crew, NOON, viewer } from '../support/made-up'
import { openRoom, type TestRoom } from '../support/room'

const MINUTE = 60_000
const HALF = 30 * MINUTE
const ana = viewer('ana')
const ben = viewer('ben')

type Told = { followed: string[]; open: string[]; until: Record<string, number> }

async function told(b: TestRoom): Promise<Told> {
  const said: Told[] = []
  await tellFleets(
    b.room,
    1,
    () => 0,
    async (_, followed, __, open, until) => {
      said.push({ followed, open, until })
      return { contacts: {} }
    },
  )
  return said[0] ?? expect.unreachable()
}

function pressed(
  kind: 'panic' | 'crash',
  pin?: CancelNote['verdict'],
  onward: (b: TestRoom, id: string) => void = () => {},
) {
  const b = openRoom()
  b.room.learn(crew('d', 1))
  const press = aPress({ deviceId: 'd', kind })
  b.send([press])
  if (pin) b.send([], { cancels: [{ sosId: press.sosId, deviceId: 'd', verdict: pin, at: NOON + 1, n: 1 }] })
  b.pass(2_000)
  onward(b, press.sosId)
  return b
}

const done = (b: TestRoom, id: string, ...acts: Parameters<TestRoom['room']['act']>[1][]) => {
  for (const act of acts) expect(b.room.act(id, act, ana).ok).toBe(true)
}

const ENDS: Record<string, () => TestRoom> = {
  'quiet and untouched': () => pressed('panic'),
  'quiet and taken': () => pressed('panic', undefined, (b, id) => done(b, id, { type: 'take' })),
  'quiet and closed by two': () =>
    pressed('panic', undefined, (b, id) => {
      done(b, id, { type: 'take' }, { type: 'safe', confirmedBy: 'police_there' }, { type: 'close' })
      expect(b.room.act(id, { type: 'close' }, ben)).toMatchObject({ ok: true, incident: { state: 'closed' } })
    }),
  'cancelled by the true PIN': () => pressed('panic', 'true'),
  'cancelled under duress': () => pressed('panic', 'duress'),
  'one that may talk': () => pressed('crash'),
  'one that may talk, cancelled by the true PIN': () => pressed('crash', 'true'),
  'one that may talk, cancelled under duress': () => pressed('crash', 'duress'),
  'one that may talk and was a false alarm': () =>
    pressed('crash', undefined, (b, id) => done(b, id, { type: 'false-alarm', reason: 'test' })),
}

describe('a device that pressed', () => {
  test.each(Object.entries(ENDS))(
    'and whose incident is %s is asked for faster fixes for half an hour',
    async (_, make) => {
      const b = make()
      expect((await told(b)).until).toEqual({ d: NOON + HALF })
      b.pass(NOON + HALF - 1 - b.clock.now)
      expect((await told(b)).until).toEqual({ d: NOON + HALF })
      b.pass(1)
      expect((await told(b)).until).toEqual({})
    },
  )

  test('is asked on after that only while its incident may talk and is open', async () => {
    const after: Record<string, string[]> = {}
    for (const [name, make] of Object.entries(ENDS)) {
      const b = make()
      b.pass(HALF)
      after[name] = (await told(b)).open
    }
    expect(Object.entries(after).filter(([, open]) => open.length > 0)).toEqual([['one that may talk', ['d']]])
  })

  test('and presses again has the half hour from its last press, also one that was only counted', async () => {
    const b = pressed('panic')
    b.pass(10 * MINUTE)
    const again = aPress({ deviceId: 'd', receivedAt: NOON + 10 * MINUTE })
    b.send([again])
    expect((await told(b)).until).toEqual({ d: NOON + 10 * MINUTE + HALF })
    const fold = { sosId: again.sosId, deviceId: 'd', count: 3, lastAt: NOON + 11 * MINUTE, position: null, note: null }
    b.send([], { folds: [fold] })
    expect((await told(b)).until).toEqual({ d: NOON + 11 * MINUTE + HALF })
  })

  test('is remembered by a room that was born anew, and a press that comes late has as much less', async () => {
    const b = pressed('panic', 'true')
    b.send([
      aPress({ deviceId: 'late', receivedAt: NOON - 20 * MINUTE }),
      aPress({ deviceId: 'old', receivedAt: NOON - HALF }),
    ])
    expect((await told(b.reborn())).until).toEqual({ d: NOON + HALF, late: NOON + 10 * MINUTE })
  })
})
