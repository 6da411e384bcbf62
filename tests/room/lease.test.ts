import { describe, expect, test } from 'bun:test'
import { LEASE_MS } from '../../src/room/storm-next'
import { aPress, viewer } from '../support/made-up'
import { openRoom, type TestRoom } from '../support/room'

const [ana, ben] = [viewer('ana'), viewer('ben')]
let n = 0
const press = (at: TestRoom, kind: 'crash' | 'flood' = 'flood'): string => {
  const one = aPress({ deviceId: `dev-${++n}`, kind })
  at.send([one])
  at.clock.now += 1_000
  return one.sosId
}
const next = (at: TestRoom, who = ana): string | null => {
  const answer = at.room.storm.leases.next(who)
  if (!answer.ok) throw new Error(answer.refusal.reason)
  return answer.incident?.id ?? null
}

describe('NEXT', () => {
  test('gives the gravest and oldest, and to the next person the one after it', () => {
    const at = openRoom()
    const [flood, crash, later] = [press(at), press(at, 'crash'), press(at, 'crash')]
    expect([next(at, ana), next(at, ben), next(at, viewer('cy')), next(at, viewer('dy'))]).toEqual([
      crash,
      later,
      flood,
      null,
    ])
  })

  test('shows on the card who looks at it and until when, and lets anybody take it all the same', () => {
    const at = openRoom()
    const id = press(at)
    next(at, ana)
    expect(at.heard.at(-1)).toMatchObject({ id, leased: { uid: 'ana', name: 'ana Santos' } })
    expect(at.room.act(id, { type: 'take' }, ben)).toMatchObject({ ok: true })
    expect(at.heard.at(-1)?.leased).toBeUndefined()
    expect(at.room.log.from(1, 100).filter(({ type }) => type === 'leased')).toMatchObject([
      { incident: id, actor: { uid: 'ana' }, body: { to: 'ana' } },
    ])
  })

  test('ends by itself after 30 s', () => {
    const at = openRoom()
    const id = press(at)
    next(at, ana)
    at.clock.now += LEASE_MS - 1
    expect(next(at, ben)).toBeNull()
    at.clock.now += 1
    expect(next(at, ben)).toBe(id)
  })

  test('asked again gives the one after it and frees the one before; after the last it begins anew', () => {
    const at = openRoom()
    const [first, second] = [press(at), press(at)]
    expect(next(at, ana)).toBe(first)
    expect(next(at, ana)).toBe(second)
    expect(next(at, ben)).toBe(first)
    expect(next(at, ben)).toBe(first)
    at.room.act(first, { type: 'take' }, ben)
    expect(next(at, ana)).toBe(second)
  })

  test('holds over a restart', () => {
    const at = openRoom()
    const [first, second] = [press(at), press(at)]
    next(at, ana)
    const again = at.reborn()
    expect(next(again, ben)).toBe(second)
    expect(next(again, viewer('cy'))).toBeNull()
    expect(next(again, ana)).toBe(first)
  })

  test('is for those who may take', () => {
    const at = openRoom()
    press(at)
    expect(at.room.storm.leases.next(viewer('t', { role: 'trainee' }))).toMatchObject({ ok: false })
    expect(at.room.storm.leases.next(viewer('x', { regions: ['CEB'] }))).toMatchObject({ ok: false })
  })

  test('leads to the cards of other rooms that wait at this desk, one person each', () => {
    const home = openRoom({ region: 'CEB' })
    home.send([aPress({ deviceId: 'guest', home: 'CEB', kind: 'crash' })])
    const card = home.room.queue(1)[0]
    if (!card) throw new Error('no card')
    const desk = openRoom()
    const own = press(desk)
    desk.room.takeMirrored([{ ...card, desk: 'NCR' }])
    expect(next(desk, ana)).toBe(card.id)
    expect(next(desk, ben)).toBe(own)
    expect(next(desk, viewer('cy'))).toBeNull()
  })

  test('two hundred people who press it at once never get the same', () => {
    const at = openRoom()
    at.send(Array.from({ length: 150 }, () => aPress({ deviceId: `dev-${++n}`, kind: 'flood' })))
    const given = Array.from({ length: 200 }, (_, who) => next(at, viewer(`u${who}`)))
    const ids = given.filter((id) => id !== null)
    expect(ids).toHaveLength(150)
    expect(new Set(ids).size).toBe(150)
  })
})
