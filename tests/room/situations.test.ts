import { describe, expect, test } from 'bun:test'
import type { SituationAct } from '../../src/room/storm-contract'
import { aPress, inManila, viewer } from '../support/made-up'
import { openRoom, type TestRoom } from '../support/room'

const ana = viewer('ana')
const boss = viewer('boss', { role: 'supervisor' })
let n = 0
const press = (at: TestRoom, changes: Parameters<typeof aPress>[0] = {}): string => {
  const one = aPress({ deviceId: `dev-${++n}`, kind: 'flood', receivedAt: at.clock.now, ...changes })
  at.send([one])
  return one.sosId
}
const make = (
  at: TestRoom,
  incidentIds: string[] = [],
  changes: Partial<Extract<SituationAct, { type: 'make' }>> = {},
) => {
  const answer = at.room.situations.act(
    { type: 'make', requestId: 'r1', name: 'Flood España 112', kind: 'flood', area: null, incidentIds, ...changes },
    boss,
  )
  if (!answer.ok) throw new Error(answer.refusal.reason)
  return answer.situation
}
const shown = ({ room }: TestRoom) => room.situations.shown()

describe('a situation', () => {
  test('is made once of incidents of one cause, whose timelines say so, and changes none of them', () => {
    const at = openRoom()
    const [one, two] = [press(at), press(at)]
    const before = at.room.queue(10)
    const made = make(at, [one, two, 'nobody'])
    expect(make(at, [one]).id).toBe(made.id)
    expect(shown(at)).toMatchObject([{ name: 'Flood España 112', madeBy: 'Desk boss', counts: { people: 2, none: 2 } }])
    expect(at.room.queue(10)).toEqual(before)
    expect(at.room.log.ofIncident(one).at(-1)).toMatchObject({ type: 'situation', body: { what: 'joined' } })
  })

  test('counts its people as they answer and are taken, one by one', () => {
    const at = openRoom()
    const ids = [press(at), press(at), press(at), press(at)]
    make(at, ids)
    at.room.storm.answered(ids[0] ?? '', 'trapped', 'sms')
    at.room.storm.answered(ids[1] ?? '', 'stuck', 'sms')
    at.room.act(ids[2] ?? '', { type: 'safe', confirmedBy: 'own_voice' }, ana)
    at.room.act(ids[3] ?? '', { type: 'take' }, ana)
    expect(shown(at)[0]?.counts).toEqual({
      trapped: 1,
      hurt: 0,
      stuck: 1,
      safe: 1,
      none: 1,
      people: 4,
      untaken: 2,
      worst: 'P1',
    })
    expect(at.room.situations.file(shown(at)[0]?.id ?? '')).toMatchObject({
      ok: true,
      members: [{ standing: 'trapped' }, { standing: 'stuck' }, { standing: 'safe' }, { standing: 'none' }],
    })
  })

  test('an incident is in one at most, and leaves it again', () => {
    const at = openRoom()
    const one = press(at)
    const first = make(at, [one])
    const second = make(at, [], { requestId: 'r2', name: 'Fire' })
    at.room.situations.act({ type: 'join', id: second.id, incidentIds: [one] }, ana)
    expect(at.room.situations.of(one)?.id).toBe(second.id)
    expect(shown(at).find(({ id }) => id === first.id)?.counts.people).toBe(0)
    at.room.situations.act({ type: 'leave', id: first.id, incidentIds: [one] }, ana)
    expect(at.room.situations.of(one)?.id).toBe(second.id)
    at.room.situations.act({ type: 'leave', id: second.id, incidentIds: [one] }, ana)
    expect(at.room.situations.of(one)).toBeNull()
  })

  test('is renamed and ended by a supervisor, and then takes nobody in', () => {
    const at = openRoom()
    const one = press(at)
    const { id } = make(at, [one])
    expect(at.room.situations.act({ type: 'end', id }, ana)).toMatchObject({
      ok: false,
      refusal: { code: 'forbidden' },
    })
    expect(at.room.situations.act({ type: 'rename', id, name: 'Flood Lacson' }, boss)).toMatchObject({
      situation: { name: 'Flood Lacson' },
    })
    at.room.situations.act({ type: 'end', id }, boss)
    expect(at.room.situations.act({ type: 'end', id }, boss)).toMatchObject({ ok: true })
    expect(shown(at)).toEqual([])
    expect(at.room.situations.of(one)).toBeNull()
    expect(at.room.incidents.find(one)?.state).toBe('new')
    expect(at.room.situations.act({ type: 'join', id, incidentIds: [one] }, ana)).toMatchObject({
      refusal: { reason: 'ended' },
    })
    expect(at.room.situations.act({ type: 'join', id: 'x', incidentIds: [one] }, ana)).toMatchObject({
      refusal: { reason: 'unknown_situation' },
    })
  })

  test('is there again after a restart, with its people as they are', () => {
    const at = openRoom()
    const one = press(at)
    make(at, [one])
    at.room.storm.answered(one, 'hurt', 'sms')
    expect(shown(at.reborn())).toEqual(shown(at))
  })
})

describe('a suggestion', () => {
  const places = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ ...inManila, lat: inManila.lat + (at % 5) / 1_000 }))

  test('is there in a storm, joins what is near to a situation, and is gone when that was done', () => {
    const at = openRoom()
    const ids = places(40).map((position) => press(at, { position }))
    at.pass(6_000)
    expect(at.room.situations.suggestions()).toMatchObject([{ kind: 'flood', situationId: null, incidentIds: ids }])
    const { id } = make(at, ids.slice(0, 30))
    expect(at.room.situations.suggestions()).toMatchObject([{ situationId: id, incidentIds: ids.slice(30) }])
    at.room.situations.act({ type: 'join', id, incidentIds: ids.slice(30) }, ana)
    expect(at.room.situations.suggestions()).toEqual([])
  })

  test('is not there on a calm day', () => {
    const at = openRoom()
    for (const position of places(5)) press(at, { position })
    at.pass(6_000)
    expect(at.room.situations.suggestions()).toEqual([])
  })
})
