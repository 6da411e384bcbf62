// The counts of the whole country: one question to a room for all screens, and the rooms themselves where Redis is no help.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Viewer } from '../../src/domain/access'
import type { RegionId } from '../../src/domain/region'
import { overviewOf } from '../../src/http/overview'
import type { Listing } from '../../src/room/contract'
import { viewer } from '../support/made-up'
import { workerEnv } from '../support/worker-env'
import { HAS_REDIS, type RedisServer, startRedis, TOKEN } from './server'

let server: RedisServer
const ana: Viewer = viewer('ana', { regions: ['NCR', 'CEB'] })

function tower(url: string | null) {
  const open: Partial<Record<RegionId, number | 'away'>> = { NCR: 4, CEB: 0 }
  const asked: RegionId[] = []
  const env = workerEnv(
    {
      room: (region) => ({
        async list(): Promise<Listing> {
          asked.push(region)
          const count = open[region] ?? 0
          if (count === 'away') throw new Error('network connection lost')
          return { incidents: [], at: { epoch: 'e', seq: 1 }, open: count, untaken: Math.min(count, 1) }
        },
      }),
    },
    url ? { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: TOKEN } : {},
  )
  const after: Promise<unknown>[] = []
  const life = { waitUntil: (work: Promise<unknown>) => void after.push(work) }
  const look = async (now?: number, as = ana) => {
    const rows = await overviewOf(env, as, life, now)
    await Promise.all(after.splice(0))
    return rows
  }
  return { env, open, asked, look }
}

const counts = (rows: Awaited<ReturnType<typeof overviewOf>>) => rows.map(({ region, open }) => [region, open])

describe.skipIf(!HAS_REDIS)('the overview with Redis', () => {
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server?.stop())
  beforeEach(() => server.flush())

  test('asks each room once in ten seconds, however many look', async () => {
    const { look, open, asked } = tower(server.bridge.url)
    const at = Date.now()
    expect(await look(at)).toEqual([
      { region: 'NCR', open: 4, untaken: 1, at },
      { region: 'CEB', open: 0, untaken: 0, at },
    ])
    open.NCR = 5
    for (let n = 0; n < 20; n++)
      expect(counts(await look(at + 10_000))).toEqual([
        ['NCR', 4],
        ['CEB', 0],
      ])
    expect(asked).toEqual(['NCR', 'CEB'])
    expect(counts(await look(at + 10_001))).toEqual([
      ['NCR', 5],
      ['CEB', 0],
    ])
    expect(asked).toHaveLength(4)
  })

  test('tells the last count of a room that is away, with its age, for a minute', async () => {
    const { look, open } = tower(server.bridge.url)
    const at = Date.now()
    await look(at)
    open.NCR = 'away'
    expect((await look(at + 55_000))[0]).toEqual({ region: 'NCR', open: 4, untaken: 1, at })
    expect((await look(at + 61_000))[0]).toEqual({ region: 'NCR', open: null, untaken: null, at: null })
  })

  test('tells nobody of a region that is not theirs, also where Redis has its count', async () => {
    const { look } = tower(server.bridge.url)
    await look()
    expect(counts(await look(undefined, viewer('cy', { regions: ['CEB'] })))).toEqual([['CEB', 0]])
    expect(await look(undefined, viewer('nobody', { regions: [] }))).toEqual([])
  })

  test.each<[string, unknown]>([
    ['no counts', 'hello'],
    ['negative counts', { open: -1, untaken: 0, at: 0 }],
    ['half of it', { open: 1 }],
    ['counts of tomorrow', { open: 99, untaken: 0, at: 4_000_000_000_000 }],
    ['counts of last year', { open: 99, untaken: 0, at: 1_700_000_000_000 }],
  ])('asks the room where Redis has %s', async (_, value) => {
    const { look, env } = tower(server.bridge.url)
    const key = encodeURIComponent(`xot:${env.PUBLIC_URL}:counts:NCR`)
    await fetch(`${server.bridge.url}/set/${key}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify(value),
    })
    expect(counts(await look())).toEqual([
      ['NCR', 4],
      ['CEB', 0],
    ])
  })
})

test.each([
  ['is not configured', null],
  ['is away', 'http://127.0.0.1:9'],
])('the overview comes from the rooms where Redis %s', async (_, url) => {
  const { look, open, asked } = tower(url)
  expect(counts(await look())).toEqual([
    ['NCR', 4],
    ['CEB', 0],
  ])
  open.CEB = 'away'
  expect(counts(await look())).toEqual([
    ['NCR', 4],
    ['CEB', null],
  ])
  expect(asked).toHaveLength(4)
})
