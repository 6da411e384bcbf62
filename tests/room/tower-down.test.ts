import { describe, expect, test } from 'bun:test'
import { CLOSE } from '../../src/room/live'
import { Screens } from '../../src/room/screens'
import { aPress, viewer } from '../support/made-up'
import { openDesk } from '../support/paging'

type Desk = ReturnType<typeof openDesk>
const downs = (at: Desk) => at.room.log.from(1, 1_000).filter(({ type }) => type === 'tower_down')

function manned(...people: string[]): Desk {
  const at = openDesk({ attention: { watching: people.length, free: 1 } })
  for (const uid of people) at.room.towerDown.came('manila', uid)
  return at
}

describe('a site that loses its screens', () => {
  test('is one page to everybody who leads, with what is open and who had it', async () => {
    const at = manned('u1', 'u2', 'u3')
    at.send([aPress()])
    at.room.act(at.room.queue(1)[0]?.id ?? '', { type: 'take' }, viewer('u1'))
    at.screens.add('u1')
    at.room.towerDown.left('manila', 'u1', false)
    at.room.towerDown.left('manila', 'u2', false)
    at.room.towerDown.left('manila', 'u3', false)
    at.pass(29_999)
    expect(downs(at)).toEqual([])
    at.pass(1)
    expect((await at.told()).map((each) => each.split(' ').at(-1))).toEqual(['ana', 'ben', 'cora'])
    expect(at.ear.pages[0]).toMatchObject({ reason: 'tower_down', facts: { counts: { waiting: 1, p1: 1 } } })
    expect(downs(at)).toMatchObject([{ body: { site: 'manila', people: ['u1', 'u2', 'u3'], open: 1 } }])
    at.pass(600_000)
    expect(downs(at)).toHaveLength(1)
  })

  test('is told of by a room that was let go meanwhile, for it had nothing left to do, and called off by it', () => {
    const at = manned('u1', 'u2')
    at.room.towerDown.left('manila', 'u1', false)
    at.room.towerDown.left('manila', 'u2', false)
    const later = at.reborn()
    later.pass(30_000)
    const lines = () => later.room.log.from(1, 1_000).filter(({ type }) => type === 'tower_down')
    expect(lines()).toMatchObject([{ body: { site: 'manila', people: ['u1', 'u2'] } }])
    const again = later.reborn()
    again.room.towerDown.came('manila', 'u1')
    expect(lines().at(-1)?.body).toMatchObject({ back: true })
  })

  test('and gets them back in time is none', () => {
    const at = manned('u1', 'u2')
    at.room.towerDown.left('manila', 'u1', false)
    at.room.towerDown.left('manila', 'u2', false)
    at.pass(10_000)
    at.room.towerDown.came('manila', 'u1')
    at.room.towerDown.came('manila', 'u2')
    at.pass(60_000)
    expect(downs(at)).toEqual([])
  })

  test('for one person of many, or to a log-out, is none', () => {
    const at = manned('u1', 'u2', 'u3')
    at.room.towerDown.left('manila', 'u1', false)
    at.room.towerDown.saysGoodbye('u2')
    at.room.towerDown.left('manila', 'u2', false)
    at.pass(60_000)
    expect(downs(at)).toEqual([])
    at.room.towerDown.left('manila', 'u3', true)
    at.pass(60_000)
    expect(downs(at)).toEqual([])
  })

  test('whose last person vanishes while nobody else looks at the region is down', () => {
    const at = manned('u1')
    at.room.towerDown.left('manila', 'u1', false)
    at.pass(30_000)
    expect(downs(at)).toHaveLength(1)
  })

  test('whose last person vanishes while another site looks is none', () => {
    const at = manned('u1')
    at.room.towerDown.came('cebu', 'u2')
    at.room.towerDown.left('manila', 'u1', false)
    at.pass(60_000)
    expect(downs(at)).toEqual([])
  })

  test('that comes back calls back what still rings, and says so', async () => {
    const at = manned('u1', 'u2')
    at.room.towerDown.left('manila', 'u1', false)
    at.room.towerDown.left('manila', 'u2', false)
    at.pass(30_000)
    await at.told()
    at.room.towerDown.came('manila', 'u1')
    await at.told()
    expect(at.ear.stops.flatMap(({ pageIds, why }) => pageIds.map(() => why))).toEqual(['back', 'back', 'back'])
    expect(downs(at).at(-1)?.body).toMatchObject({ back: true })
  })
})

test('screens say at which site they came and went, and whether their person was logged out', () => {
  const said: string[] = []
  const screens = new Screens(
    {
      region: 'NCR',
      epoch: () => 'e',
      now: () => 0,
      after: () => {},
      newId: () => 'id',
      queue: () => [],
      since: () => [],
      counts: () => ({ open: 0, untaken: 0, queued: 0 }),
      holdsP1: () => false,
      canaryAt: () => null,
      unverified: () => 0,
      shown: () => {},
      present: () => {},
      came: (site, uid) => said.push(`${uid} came ${site}`),
      gone: (site, uid, goodbye) => said.push(`${uid} gone ${site} ${goodbye}`),
    },
    0,
  )
  const closed: number[] = []
  const socket = () => ({ send: () => {}, close: (code: number) => void closed.push(code) })
  const [one, two] = [socket(), socket()]
  screens.join(one, viewer('u1'), 'manila')
  screens.join(two, viewer('u2'), 'manila')
  screens.leave(one)
  screens.endSessions('u2', 9)
  expect(said).toEqual(['u1 came manila', 'u2 came manila', 'u1 gone manila false', 'u2 gone manila true'])
  expect(closed).toEqual([CLOSE.sessionEnded])
})
