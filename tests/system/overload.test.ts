// More than a process can hold: a tower that may open a thousand files, on the real runtime.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Socket } from 'bun'
import { gone } from '../../scripts/lib/processes'
import { socketsWithin } from '../../scripts/lib/workerd'
import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import type { SmallTower } from './small-tower'

const DESCRIPTORS = 1_000
const LIMIT = socketsWithin(DESCRIPTORS)

let child: Bun.Subprocess<'pipe', 'pipe', 'inherit'>
let tower: SmallTower
let token = ''
const sockets: WebSocket[] = []

beforeAll(async () => {
  const file = join(import.meta.dir, 'small-tower.ts')
  child = Bun.spawn(['sh', '-c', `ulimit -n ${DESCRIPTORS} && exec "$0" "$1"`, process.execPath, file], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  tower = JSON.parse(await firstLine(child.stdout)) as SmallTower
  const answer = await fetch(`${tower.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: tower.url },
    body: JSON.stringify(tower.admin),
  })
  token = ((await answer.json()) as { token: string }).token
}, 90_000)

afterAll(async () => {
  for (const socket of sockets) socket.close()
  child.stdin.end()
  await child.exited
}, 30_000)

async function firstLine(output: ReadableStream<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of output) {
    text += new TextDecoder().decode(chunk)
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'))
  }
  throw new Error(`the tower did not start: ${text}`)
}

const device = (n: number): Record<string, string> => {
  const expiresAt = Math.floor(Date.now() / 1_000) + 3_600
  const claims = { deviceId: `crowd-${n}`, home: 'NCR' as const, generation: 1, expiresAt }
  return { authorization: `Bearer ${signDeviceToken(parseKeys(tower.deviceKeys), claims)}` }
}
const person = (): Record<string, string> => ({ authorization: `Bearer ${token}` })

/** Bun's own can also vanish without a close frame, as phones do. */
type Line = WebSocket & { terminate(): void }

/** True where it opened. */
function opens(path: string, headers: Record<string, string>): Promise<boolean> {
  const socket = new WebSocket(tower.url.replace('http', 'ws') + path, { headers } as unknown as string[])
  return new Promise((resolve) => {
    socket.onopen = () => {
      sockets.push(socket)
      resolve(true)
    }
    socket.onclose = () => resolve(false)
  })
}

async function opened(count: number, path: string, headers: (n: number) => Record<string, string>): Promise<number> {
  let open = 0
  for (let n = 0; n < count; n += 20) {
    const some = Array.from({ length: Math.min(20, count - n) }, (_, k) => opens(path, headers(n + k)))
    open += (await Promise.all(some)).filter(Boolean).length
  }
  return open
}

/** What the upgrade is answered, in words. */
const refusal = (path: string, headers: Record<string, string>): Promise<Response> =>
  fetch(tower.url + path, {
    headers: {
      ...headers,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  })
const press = (n: number): Promise<Response> =>
  fetch(`${tower.url}/api/sos`, { method: 'POST', headers: device(n), body: '{"kind":"panic"}' })

const LIVE = '/api/regions/NCR/live'
const LIFELINE = '/api/drivers/lifeline'

/** Of the process; null where the system does not tell. */
const descriptors = (): number | null =>
  existsSync(`/proc/${tower.workerd}/fd`) ? readdirSync(`/proc/${tower.workerd}/fd`).length : null

describe('a tower whose process may open a thousand files', () => {
  test('gets its descriptors back from lines that end, with a word or without', async () => {
    const before = descriptors()
    if (before === null) return
    for (const end of ['close', 'terminate'] as const) {
      expect(await opened(100, LIFELINE, (n) => device(8_000 + n))).toBe(100)
      for (const line of sockets.splice(-100)) end === 'close' ? line.close() : (line as Line).terminate()
      const until = Date.now() + 5_000
      while ((descriptors() ?? 0) > before + 50 && Date.now() < until) await Bun.sleep(100)
      expect([end, (descriptors() ?? 0) - before < 50]).toEqual([end, true])
    }
  }, 30_000)

  test('refuses screens beyond a quarter of its sockets, in words and with a time to come back', async () => {
    const most = LIMIT / 4
    expect(await opened(most + 5, LIVE, person)).toBe(most)
    const answer = await refusal(LIVE, person())
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10'])
    expect(await answer.json()).toMatchObject({ error: { code: 'too_many_sockets' } })
  }, 30_000)

  test('shows a person who comes late why no screen opens, in their language, and tries again by itself', async () => {
    const page = await fetch(`${tower.url}/r/NCR`, {
      headers: { ...person(), accept: 'text/html', cookie: 'lang=fil' },
    })
    expect([page.status, page.headers.get('retry-after'), page.headers.get('refresh')]).toEqual([503, '10', '10'])
    expect(await page.text()).toContain('Kusang susubok muli')
  })

  test('gives phones their lines up to all it can hold, and takes presses of those that got none', async () => {
    expect(await opened(LIMIT, LIFELINE, device)).toBe(LIMIT - LIMIT / 4)
    const answer = await refusal(LIFELINE, device(9_001))
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10'])
    expect((await press(9_001)).status).toBe(201)
  }, 60_000)

  test('opens no position socket then, takes positions by HTTP, and says how many it holds and has refused', async () => {
    expect((await refusal('/api/drivers/positions', device(9_002))).status).toBe(503)
    const report = await fetch(`${tower.url}/api/positions`, {
      method: 'POST',
      headers: device(9_002),
      body: '{"lat":14.6,"lng":121}',
    })
    expect(report.status).toBe(200)
    const load = (await (await fetch(`${tower.internalUrl}/load`)).json()) as { sockets: Record<string, unknown> }
    expect(load.sockets).toMatchObject({
      limit: LIMIT,
      held: { screen: LIMIT / 4, lifeline: LIMIT - LIMIT / 4, map: 0, position: 0 },
      refused: { screen: 7, position: 1 },
    })
  })

  test('that is driven to its end by connections alone is back within seconds, with every press that was answered', async () => {
    const answered = await Promise.all(Array.from({ length: 10 }, (_, n) => press(9_100 + n)))
    const ids = await Promise.all(answered.map(async (each) => ((await each.json()) as { sosId: string }).sosId))
    const lines = await flood(DESCRIPTORS)
    expect(await gone(tower.workerd, 15_000)).toBe(true)
    for (const line of lines) line.end()
    const until = Date.now() + 15_000
    while (!(await press(9_200).catch(() => null))?.ok) {
      if (Date.now() > until) throw new Error('it did not come back')
      await Bun.sleep(50)
    }
    const list = await fetch(`${tower.url}/api/incidents?region=NCR&limit=200`, { headers: person() })
    const { incidents } = (await list.json()) as { incidents: { id: string }[] }
    const there = new Set(incidents.map(({ id }) => id))
    expect(ids.filter((id) => !there.has(id))).toEqual([])
  }, 60_000)
})

async function flood(count: number): Promise<Socket[]> {
  const { hostname, port } = new URL(tower.url)
  const open = Array.from({ length: count }, () =>
    Bun.connect({ hostname, port: Number(port), socket: { data: () => {}, error: () => {} } }).catch(() => null),
  )
  return (await Promise.all(open)).filter((each) => each !== null)
}
