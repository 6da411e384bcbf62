import { describe, expect, test } from 'bun:test'
import { FULL, GATHER_MS, Gather } from '../../src/http/doors/gather'
import { aPress, NOON } from '../support/made-up'
import { bearer, setUp } from './doors-support'

const press = (n: number) => aPress({ sosId: `sos-${n}` })

describe('presses that come by the hundred', () => {
  test('go alone until there is a rush, and again after it', () => {
    const gather = new Gather()
    const calm = Array.from({ length: 200 }, (_, n) => gather.inRush(NOON + n))
    expect(calm.includes(true)).toBe(false)
    expect(gather.inRush(NOON + 201)).toBe(true)
    expect(gather.inRush(NOON + 1_200)).toBe(false)
  })

  test('are carried by the first of them, shard by shard, or at once by the one that makes them enough', () => {
    const gather = new Gather()
    expect(gather.add('NCR:0', press(1), NOON).carries).toBe('soon')
    expect(gather.add('NCR:1', press(2), NOON).carries).toBe('soon')
    const more = Array.from({ length: FULL - 1 }, (_, n) => gather.add('NCR:0', press(n + 3), NOON + 1).carries)
    expect<string[]>(more).toEqual([...Array.from({ length: FULL - 2 }, () => 'not'), 'now'])
    expect(gather.take('NCR:0')).toHaveLength(FULL)
    expect(gather.take('NCR:0')).toHaveLength(0)
    expect(gather.take('NCR:1')).toHaveLength(1)
    expect(gather.add('NCR:0', press(99), NOON + 2).carries).toBe('soon')
  })

  test('whose carrier is gone with its request are carried by a later one', () => {
    const gather = new Gather()
    gather.add('NCR:0', press(1), NOON)
    expect(gather.add('NCR:0', press(2), NOON + 199).carries).toBe('not')
    expect(gather.add('NCR:0', press(3), NOON + 200).carries).toBe('soon')
    expect(gather.take('NCR:0')).toHaveLength(3)
  })

  test('learn how long it takes, and look for their answer no sooner than that', () => {
    const gather = new Gather()
    expect(gather.expectedMs).toBe(GATHER_MS)
    for (let n = 0; n < 100; n++) gather.took(50)
    expect(gather.expectedMs).toBeGreaterThan(45)
    for (let n = 0; n < 100; n++) gather.took(1)
    expect(gather.expectedMs).toBe(GATHER_MS)
  })
})

describe('a rush at the door', () => {
  const rush = async (set: ReturnType<typeof setUp>, presses: number) =>
    await Promise.all(
      Array.from({ length: presses }, async (_, n) => {
        const answer = await set.ask('/api/sos', {
          method: 'POST',
          body: JSON.stringify({ id: `press-${n}-0123456789`, position: { lat: 14.55, lng: 121.02 } }),
          headers: bearer(set.token(`rushing-${n}`)),
        })
        return { status: answer.status, ...((await answer.json()) as { sosId: string }) }
      }),
    )

  test('each is answered with its own press, and each shard is called for many at once', async () => {
    const set = setUp({ INTAKE_SHARDS: '2' })
    const answers = await rush(set, 600)
    expect(answers.filter(({ status }) => status !== 201)).toEqual([])
    expect(set.heard).toHaveLength(600)
    expect(new Set(answers.map(({ sosId }) => sosId))).toEqual(new Set(set.heard.map(({ press: { sosId } }) => sosId)))
    expect(new Set(answers.map(({ sosId }) => sosId)).size).toBe(600)
    expect(set.gathered.length).toBeGreaterThan(10)
    expect(Math.max(...set.gathered)).toBe(FULL)
    // Its own answer and not its neighbour's: the status of each is read with its own address and token.
    for (const [n, { sosId }] of answers.entries()) {
      if (n % 50 !== 0) continue
      const status = await set.ask(`/api/sos/${sosId}`, { headers: bearer(set.token(`rushing-${n}`)) })
      expect(status.status).toBe(200)
    }
  })

  test('a shard that fails costs nobody: each goes alone, to the next shard', async () => {
    const set = setUp({ INTAKE_SHARDS: '2' })
    set.dead.add('NCR:0')
    const answers = await rush(set, 500)
    expect(answers.filter(({ status }) => status !== 201)).toEqual([])
    expect(new Set(set.heard.map(({ shard }) => shard))).toEqual(new Set(['NCR:1']))
  })
})
