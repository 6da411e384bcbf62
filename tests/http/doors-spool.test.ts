// A press past a cluster: what the machine's own disk answers, and when. The inner door of the spool stands in for its process.

import { expect, test } from 'bun:test'
import type { Press } from '../../src/domain/press'
import { SPOOL_AFTER_MS } from '../../src/http/doors/spool'
import { bearer, setUp } from './doors-support'

const ID = '6b1f3c1e-0c0c-4b1e-9d55-3f2a6c1f0002'

function machine(spool: (press: Press) => Response | Promise<Response>) {
  const spooled: Press[] = []
  const SPOOL = {
    fetch: async (url: string, init: { method: string; body: string }) => {
      expect([url, init.method]).toEqual(['http://spool/presses', 'POST'])
      const press = JSON.parse(init.body) as Press
      spooled.push(press)
      return spool(press)
    },
  }
  const set = setUp({ SPOOL: SPOOL as unknown as Fetcher })
  const press = () =>
    set.ask('/api/sos', { method: 'POST', body: JSON.stringify({ id: ID }), headers: bearer(set.token()) })
  const allDead = () => {
    for (const shard of ['NCR:0', 'NCR:1']) set.dead.add(shard)
  }
  return { ...set, spooled, press, allDead }
}

const kept = ({ sosId, receivedAt }: Press) => Response.json({ sosId, receivedAt, known: false })

test('where the shards take a press, the spool hears nothing of it', async () => {
  const { press, spooled } = machine(kept)
  const answer = await press()
  expect(answer.status).toBe(201)
  expect(Object.keys((await answer.json()) as object)).toEqual(['sosId', 'receivedAt', 'statusUrl'])
  expect(spooled).toEqual([])
})

test('where they refuse it, the spool answers at once, and says that nobody has seen it yet', async () => {
  const { press, allDead, spooled, ask } = machine(kept)
  allDead()
  const answer = await press()
  expect(answer.status).toBe(201)
  const body = (await answer.json()) as { sosId: string; receivedAt: string; statusUrl: string; durability: string }
  expect(body.durability).toBe('local')
  expect(spooled.map(({ sosId }) => sosId)).toEqual([body.sosId])
  const status = await ask(body.statusUrl)
  expect([status.status, await status.json()]).toEqual([200, { state: 'received', receivedAt: body.receivedAt }])
})

test('once a shard has it, its status is what the shard says, by the same address', async () => {
  const { press, allDead, dead, ask, env, heard } = machine(kept)
  allDead()
  const { statusUrl } = (await (await press()).json()) as { statusUrl: string }
  dead.clear()
  const again = (await (await press()).json()) as { receivedAt: string; sosId: string }
  expect(heard.map(({ press: { sosId } }) => sosId)).toEqual([again.sosId])
  const status = (await (await ask(statusUrl.replace(env.PUBLIC_URL, ''))).json()) as { receivedAt: string }
  expect(status.receivedAt).toBe(again.receivedAt)
})

test('a status address that names a time of its own is none of ours', async () => {
  const { press, allDead, ask } = machine(kept)
  allDead()
  const { statusUrl } = (await (await press()).json()) as { statusUrl: string }
  expect((await ask(statusUrl.replace(/-\d{13}&/, '-1700000000000&'))).status).toBe(401)
})

test('where they are silent for a second, the spool answers, and they go on', async () => {
  const set = machine(kept)
  const silent = Promise.withResolvers<never>()
  const namespace = set.env.SOS_INTAKE as unknown as { get: (name: string) => object }
  const get = namespace.get
  namespace.get = () => ({ press: () => silent.promise })
  const began = performance.now()
  const body = (await (await set.press()).json()) as { durability?: string }
  expect(body.durability).toBe('local')
  expect(performance.now() - began).toBeGreaterThanOrEqual(SPOOL_AFTER_MS - 5)
  namespace.get = get
  silent.reject(new Error('gone'))
})

test('where neither takes it, whoever pressed is told to call 911', async () => {
  const { press, allDead } = machine(() => new Response(null, { status: 503 }))
  allDead()
  const answer = await press()
  expect(answer.status).toBe(503)
  expect(((await answer.json()) as { error: { code: string } }).error.code).toBe('not_received')
})
