import { describe, expect, test } from 'bun:test'
import { aPress, viewer } from '../support/made-up'
import { openRoom } from '../support/room'

const supervisor = viewer('sup', { role: 'supervisor', regions: ['CEB'] })
const HOUR = 3_600_000
const newPress = (at: ReturnType<typeof openRoom>, deviceId: string): string => {
  const press = aPress({ deviceId })
  at.send([press])
  return press.sosId
}

describe('a region that is looked after from another', () => {
  test('shows its waiting cards there, with sound, and those that come; people there may act', () => {
    const at = openRoom()
    const before = newPress(at, 'd1')
    expect(at.room.act(before, { type: 'take' }, viewer('op', { regions: ['CEB'] }))).toMatchObject({ ok: false })
    expect(at.room.takeOver.takeOver('CEB', 'power cut in Manila', supervisor)).toMatchObject({ ok: true })
    const after = newPress(at, 'd2')
    for (const id of [before, after]) {
      expect(at.room.incidents.find(id)).toMatchObject({ alsoIn: ['CEB'], ring: { to: 'all' } })
      expect(at.room.mirrors.waiting(10)).toContainEqual({ incident: id, region: 'CEB' })
    }
    expect(at.room.act(before, { type: 'take' }, viewer('op', { regions: ['CEB'] }))).toMatchObject({ ok: true })
    expect(at.room.noticesShown().takenOver).toMatchObject({ from: 'CEB', reason: 'power cut in Manila' })
  })

  test('needs a supervisor of another region, and is one at a time', () => {
    const at = openRoom()
    expect(at.room.takeOver.takeOver('CEB', 'because', viewer('op', { regions: ['CEB'] }))).toMatchObject({
      ok: false,
      refusal: { reason: 'role' },
    })
    expect(at.room.takeOver.takeOver('DVO', 'because', supervisor)).toMatchObject({
      ok: false,
      refusal: { reason: 'foreign_region' },
    })
    expect(at.room.takeOver.takeOver('NCR', 'because', supervisor)).toMatchObject({ refusal: { reason: 'own_region' } })
    at.room.takeOver.takeOver('CEB', 'because', supervisor)
    const davao = viewer('dav', { role: 'supervisor', regions: ['DVO'] })
    expect(at.room.takeOver.takeOver('DVO', 'because', davao)).toMatchObject({ refusal: { code: 'conflict' } })
  })

  test('is given back: what waits is its own again, what is in hand there stays', () => {
    const at = openRoom()
    at.room.takeOver.takeOver('CEB', 'because', supervisor)
    const [waits, held] = [newPress(at, 'd1'), newPress(at, 'd2')]
    at.room.act(held, { type: 'take' }, viewer('op', { regions: ['CEB'] }))
    const own = viewer('ncr', { role: 'supervisor' })
    expect(at.room.takeOver.giveBack(own)).toEqual({ ok: true, takenOver: null })
    expect(at.room.incidents.find(waits)?.alsoIn).toEqual([])
    expect(at.room.incidents.find(held)?.alsoIn).toEqual(['CEB'])
    const next = newPress(at, 'd3')
    expect(at.room.incidents.find(next)?.alsoIn).toBeUndefined()
    const said = at.room.log.from(1, 1_000).filter(({ type, incident }) => type === 'taken_over' && incident === null)
    expect(said.map(({ actor, body }) => [actor.uid, body?.ended ?? null])).toEqual([
      ['sup', null],
      ['ncr', 'given_back'],
    ])
  })

  test('ends by itself after twelve hours, over a restart, too', () => {
    const at = openRoom()
    at.room.takeOver.takeOver('CEB', 'because', supervisor)
    const again = at.reborn()
    again.pass(12 * HOUR - 1)
    expect(again.room.takeOver.now?.from).toBe('CEB')
    again.pass(1)
    expect(again.room.takeOver.now).toBeNull()
    expect(again.room.noticesShown().takenOver).toBeNull()
  })

  test('is known in the room that looks after it', () => {
    const at = openRoom({ region: 'CEB' })
    const other = openRoom()
    other.room.takeOver.takeOver('CEB', 'because', supervisor)
    at.room.takeOver.heard('NCR', other.room.takeOver.now)
    expect(at.reborn().room.noticesShown().lookingAfter).toMatchObject([{ region: 'NCR', by: { uid: 'sup' } }])
    at.room.takeOver.heard('NCR', null)
    expect(at.room.noticesShown().lookingAfter).toEqual([])
  })
})
