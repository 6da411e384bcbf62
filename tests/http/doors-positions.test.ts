import { describe, expect, test } from 'bun:test'
import type { Pace } from '../../src/domain/pace'
import type { Report } from '../../src/domain/report'
import { COLLECT_MS } from '../../src/http/doors/collect'
import { reportsOf } from '../../src/http/doors/own-load'
import { shed } from '../../src/http/doors/positions'
import { bearer, setUp } from './doors-support'

/** A fleet shard as far as its binding goes: what came, and whether it answers. */
function door() {
  const calls: { shard: string; reports: Report[]; malformed: Record<string, number> }[] = []
  const state: { dead: boolean; queued: number; pace: Record<string, Pace> } = { dead: false, queued: 0, pace: {} }
  const set = setUp(
    {},
    {
      fleet: (shard) => ({
        async report(reports, malformed = {}) {
          if (state.dead) throw new Error('internal error; reference = 0')
          calls.push({ shard, reports: reportsOf(reports), malformed })
          return { queued: state.queued, pace: state.pace }
        },
      }),
    },
  )
  const post = (body: unknown, token = set.token()) =>
    set.ask('/api/positions', {
      method: 'POST',
      headers: bearer(token),
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return { ...set, calls, state, post, carried: () => Bun.sleep(COLLECT_MS * 4) }
}

const here = { lat: 14.5547, lng: 121.0244, speedMps: 4.2, headingDeg: 90, batteryPct: 55 }

describe('POST /api/positions', () => {
  test('one position is taken and goes to the shard of its device', async () => {
    const { post, calls, carried } = door()
    const answer = await post({ ...here, fixedAt: new Date().toISOString() })
    expect([answer.status, await answer.json()]).toEqual([200, { taken: 1, malformed: [] }])
    await carried()
    expect(calls).toHaveLength(1)
    expect(calls[0]).toMatchObject({ shard: 'NCR:0', malformed: {} })
    expect(calls[0]?.reports[0]).toMatchObject({
      deviceId: 'NCR-1',
      home: 'NCR',
      protocol: 'own',
      position: { lat: 14.5547, lng: 121.0244, speedMps: 4.2 },
    })
  })

  test('what comes within 20 ms goes in one call, in the order in which it came', async () => {
    const { post, calls, token, carried } = door()
    await Promise.all(['NCR-1', 'NCR-2', 'NCR-3'].map((id) => post(here, token(id))))
    await carried()
    expect(calls.map(({ reports }) => reports.map(({ deviceId }) => deviceId))).toEqual([['NCR-1', 'NCR-2', 'NCR-3']])
  })

  test('many in one message come as many, in their order and among what came before and after', async () => {
    const { post, calls, carried } = door()
    const at = (n: number) => ({ ...here, fixedAt: Date.now() - 60_000 + n })
    const messages = [at(0), { positions: Array.from({ length: 50 }, (_, n) => at(1 + n)) }, at(51)]
    for (const message of messages) await post(message)
    await carried()
    const reports = calls.flatMap((call) => call.reports)
    expect(reports).toHaveLength(52)
    expect(reports.every(({ deviceId, protocol }) => deviceId === 'NCR-1' && protocol === 'own')).toBe(true)
    const times = reports.map(({ position }) => position?.fixedAt as number)
    expect(times).toEqual(times.toSorted())
  })

  test('a position that cannot be read costs no other of its message, is named, and is counted', async () => {
    const { post, calls, carried } = door()
    const answer = await post({ positions: [here, { lat: 91, lng: 0 }, here] })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ taken: 2, malformed: [{ index: 1 }] })
    await carried()
    expect(calls[0]?.malformed).toEqual({ 'NCR-1': 1 })
  })

  test.each([
    ['no token of ours', here, 401, 'bad_token', 'forged'],
    ['no JSON', '{', 422, 'invalid', undefined],
    ['an empty list', { positions: [] }, 422, 'invalid', undefined],
  ])('%s is refused in words', async (_, body, status, code, forged) => {
    const { post, token } = door()
    const answer = await post(body, forged ?? token())
    expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([status, code])
  })

  test('a dead shard costs the positions, and no vehicle hears of it', async () => {
    const { post, calls, state, carried } = door()
    state.dead = true
    expect((await post(here)).status).toBe(200)
    await carried()
    state.dead = false
    await post(here)
    await carried()
    expect(calls).toHaveLength(1)
  })
})

describe('while Postgres is behind by a hundred thousand positions', () => {
  test('all are taken: maps and SOS need where everybody is, and the shard drops the oldest by itself', async () => {
    const { ask, post, state, token, calls, carried } = door()
    const id = 'NCR-behind'
    state.queued = 150_000
    expect((await post(here, token(id))).status).toBe(200)
    await carried()
    expect((await post(here, token(id))).status).toBe(200)
    expect((await ask(`/i/${token(id)}?id=1&lat=14.5&lon=121&timestamp=1755930000`)).status).toBe(200)
    await carried()
    expect(calls.flatMap(({ reports }) => reports)).toHaveLength(3)
  })
})

describe('while the thread is behind', () => {
  test('positions are answered 2xx unread and counted, those of whoever has pressed are read, and all are again after it', async () => {
    const { post, token, calls, state, carried } = door()
    state.pace = { 'NCR-pressed': 'faster' }
    await post(here, token('NCR-pressed'))
    await carried()
    const before = shed().messages
    await post(here, token('NCR-late'))
    const until = Date.now() + COLLECT_MS + 250
    while (Date.now() < until) {} // Nobody else has a turn.
    await Bun.sleep(5)
    calls.length = 0
    const dropped = await post(here, token('NCR-2'))
    expect([dropped.status, await dropped.json()]).toEqual([200, { taken: 0, malformed: [], shed: true }])
    expect(await (await post(here, token('NCR-pressed'))).json()).toMatchObject({ taken: 1 })
    expect(shed().messages).toBe(before + 1)
    await Bun.sleep(300)
    expect(await (await post(here, token('NCR-2'))).json()).toEqual({ taken: 1, malformed: [] })
    await carried()
    expect(calls.flatMap(({ reports }) => reports.map(({ deviceId }) => deviceId))).toEqual(['NCR-pressed', 'NCR-2'])
  })
})

describe('a position at /i/<token>', () => {
  test('is answered as its app needs it and goes to the fleet, not to an intake', async () => {
    const { ask, token, calls, heard, carried } = door()
    const answer = await ask(`/i/${token()}?id=1&lat=14.5&lon=121&timestamp=${Math.floor(Date.now() / 1000)}&speed=10`)
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    await carried()
    expect(heard).toHaveLength(0)
    expect(calls[0]?.reports[0]).toMatchObject({ deviceId: 'NCR-1', position: { lat: 14.5, lng: 121 } })
  })

  test('that cries goes to the intake first, and moves its dot too', async () => {
    const { ask, token, calls, heard, carried } = door()
    await ask(`/i/${token()}?id=1&lat=14.5&lon=121&timestamp=${Math.floor(Date.now() / 1000)}&alarm=sos`)
    expect(heard).toHaveLength(1)
    await carried()
    expect(calls[0]?.reports).toHaveLength(1)
  })

  test('of a stranger moves nothing', async () => {
    const { ask, calls, carried } = door()
    expect((await ask('/i/forged?id=1&lat=14.5&lon=121&timestamp=1755930000')).status).toBe(200)
    await carried()
    expect(calls).toHaveLength(0)
  })
})
