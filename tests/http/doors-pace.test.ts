import { describe, expect, test } from 'bun:test'
import type { Pace } from '../../src/domain/pace'
import type { PaceSaid } from '../../src/fleet/contract'
import { COLLECT_MS } from '../../src/http/doors/collect'
import { Paces } from '../../src/http/doors/pace'
import { bearer, setUp } from './doors-support'

/** A fleet shard as far as its binding goes: what it wants devices to be told, and what it heard that they were. */
function door() {
  const state: { pace: Record<string, Pace> } = { pace: {} }
  const said: PaceSaid[] = []
  const set = setUp(
    {},
    {
      fleet: () => ({
        async report(_reports, _malformed = {}, told = {}) {
          if (Object.keys(told).length > 0) said.push(told)
          return { queued: 0, pace: state.pace }
        },
      }),
    },
  )
  const carried = () => Bun.sleep(COLLECT_MS * 4)
  const own = async (id: string) => {
    const body = JSON.stringify({ lat: 14.55, lng: 121.02 })
    const answer = await set.ask('/api/positions', { method: 'POST', headers: bearer(set.token(id)), body })
    await carried()
    return answer.json()
  }
  const app = async (id: string, record: object | string) => {
    const body = typeof record === 'string' ? record : JSON.stringify(record)
    const answer = await set.ask(`/i/${set.token(id)}`, { method: 'POST', body })
    await carried()
    return answer.text()
  }
  return { state, said, own, app }
}

const owntracks = (more = {}) => ({
  _type: 'location',
  lat: 14.55,
  lon: 121.02,
  tst: Math.floor(Date.now() / 1000),
  ...more,
})
const command = (seconds: [number, number]) => [
  {
    _type: 'cmd',
    action: 'setConfiguration',
    configuration: { _type: 'configuration', locatorInterval: seconds[0], moveModeLocatorInterval: seconds[1] },
  },
]

describe('a device under an open incident', () => {
  test('of our own is asked with every answer, until it is over', async () => {
    const { state, own } = door()
    state.pace = { 'pace-1': 'faster' }
    expect(await own('pace-1')).toEqual({ taken: 1, malformed: [] })
    expect(await own('pace-1')).toEqual({ taken: 1, malformed: [], fixEveryS: 5 })
    state.pace = {}
    expect(await own('pace-1')).toMatchObject({ fixEveryS: 5 })
    expect(await own('pace-1')).toEqual({ taken: 1, malformed: [] })
  })

  test('with OwnTracks is commanded once, told back when it is over, and its shard hears of both', async () => {
    const { state, said, app } = door()
    state.pace = { 'pace-2': 'faster' }
    expect(await app('pace-2', owntracks())).toBe('[]')
    expect(JSON.parse(await app('pace-2', owntracks()))).toEqual(command([5, 5]))
    expect(await app('pace-2', owntracks())).toBe('[]')
    state.pace = { 'pace-2': 'normal' }
    await app('pace-2', owntracks())
    expect(JSON.parse(await app('pace-2', owntracks()))).toEqual(command([30, 10]))
    expect(said).toEqual([{ 'pace-2': 'faster' }, { 'pace-2': 'normal' }])
  })

  test('with Overland is told how often to send, beside what it must always hear, and told back', async () => {
    const { state, said, app } = door()
    const feature = () => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [121.02, 14.55] },
      properties: { timestamp: new Date().toISOString(), horizontal_accuracy: 8 },
    })
    const overland = () => app('pace-4', { locations: [feature()] })
    state.pace = { 'pace-4': 'faster' }
    expect(await overland()).toBe('{"result":"ok"}')
    expect(await app('pace-4', { locations: [] })).toBe('{"result":"ok"}')
    expect(await overland()).toBe('{"result":"ok","set":{"send_interval":"5s"}}')
    expect(await overland()).toBe('{"result":"ok"}')
    state.pace = { 'pace-4': 'normal' }
    await overland()
    expect(await overland()).toBe('{"result":"ok","set":{"send_interval":"30s"}}')
    expect(said).toEqual([{ 'pace-4': 'faster' }, { 'pace-4': 'normal' }])
  })

  test('hears nothing of it in the answer to a cry', async () => {
    const { state, app } = door()
    state.pace = { 'pace-3': 'faster' }
    await app('pace-3', owntracks())
    expect(await app('pace-3', owntracks({ poi: 'SOS' }))).toBe('[]')
  })

  test.each([['Traccar Client', 'id=1&lat=14.55&lon=121.02&timestamp=1755930000', '']])(
    'with %s, which has no ear for it, is answered as ever',
    async (name, body, answer) => {
      const { state, app, said } = door()
      state.pace = { [name]: 'faster' }
      await app(name, body)
      expect(await app(name, body)).toBe(answer)
      expect(said).toEqual([])
    },
  )
})

test('what was asked is forgotten in three minutes, and by others not at all', () => {
  const paces = new Paces()
  paces.heard(['a'], { a: 'faster' }, 0)
  paces.heard(['b'], {}, 1)
  expect(paces.field('a', 179_999)).toEqual({ fixEveryS: 5 })
  expect(paces.field('a', 180_000)).toEqual({})
  expect(paces.field('b', 2)).toEqual({})
})

test('a command is repeated after a minute, for one may be lost', () => {
  const paces = new Paces()
  const ask = (now: number) => {
    paces.heard(['a'], { a: 'faster' }, now)
    return paces.command('a', now)
  }
  expect([ask(0), ask(59_999), ask(60_000), ask(60_001)]).toEqual(['faster', null, 'faster', null])
})
