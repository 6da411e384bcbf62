// Vehicles on the way to the map and into Postgres, through the real runtime: each protocol, our own door, sockets, and an
// SOS among positions.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import { type Dot, decodeFrame, type ToMap } from '../../src/domain/map-frame'
import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import { startTestTower } from '../support/tower'
import { call } from './people'

let tower: Awaited<ReturnType<typeof startTestTower>>
let sql: postgres.Sql
let cookie = ''
const token = (deviceId: string) =>
  signDeviceToken(parseKeys(tower.secrets.DEVICE_KEYS), {
    deviceId,
    home: 'NCR',
    generation: 1,
    expiresAt: 4_000_000_000,
  })
const now = () => Math.floor(Date.now() / 1000)

beforeAll(async () => {
  tower = await startTestTower()
  sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
  const admin = tower.demo?.operators.find(({ role }) => role === 'admin')
  const answer = await fetch(`${tower.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: tower.url },
    body: JSON.stringify({ email: admin?.email, password: admin?.password }),
  })
  cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
}, 120_000)

afterAll(async () => {
  await sql?.end()
  await tower?.stop()
})

/** Resolves when `look` finds something; throws after ten seconds. */
async function found<T>(look: () => Promise<T | null | undefined> | T | null | undefined): Promise<T> {
  for (let n = 0; n < 200; n++) {
    const value = await look()
    if (value !== null && value !== undefined) return value
    await Bun.sleep(50)
  }
  throw new Error('it did not come within ten seconds')
}

const rowsOf = (device: string) =>
  sql<{ lat: number; lng: number; protocol: string; doubts: string[] }[]>`
    SELECT lat, lng, protocol, doubts FROM position WHERE device_id = ${device} ORDER BY at`

describe('a vehicle’s position', () => {
  test.each<[string, string, () => [string, RequestInit]]>([
    [
      'osmand',
      'osmand-query',
      () => [`?id=1&lat=14.55&lon=121.02&timestamp=${now()}&speed=10&bearing=90`, { method: 'POST' }],
    ],
    [
      'form',
      'traccar-form',
      () => ['', { method: 'POST', body: `id=1&lat=14.55&lon=121.02&timestamp=${now()}&speed=10` }],
    ],
    [
      'owntracks',
      'owntracks',
      () => [
        '',
        { method: 'POST', body: JSON.stringify({ _type: 'location', lat: 14.55, lon: 121.02, tst: now(), vel: 36 }) },
      ],
    ],
    [
      'overland',
      'overland',
      () => [
        '',
        {
          method: 'POST',
          body: JSON.stringify({
            locations: [
              {
                type: 'Feature',
                geometry: { type: 'Point', coordinates: [121.02, 14.55] },
                properties: { timestamp: new Date().toISOString(), speed: 10 },
              },
            ],
          }),
        },
      ],
    ],
  ])('said as %s is in Postgres within moments', async (name, protocol, say) => {
    const [query, init] = say()
    const answer = await fetch(`${tower.url}/i/${token(`sys-${name}`)}${query}`, init)
    expect(answer.status).toBe(200)
    await answer.body?.cancel()
    const [row] = await found(async () => {
      const rows = await rowsOf(`sys-${name}`)
      return rows.length > 0 ? rows : null
    })
    expect(row).toMatchObject({ lat: 14.55, lng: 121.02, protocol })
  })

  test('sent twice is there once', async () => {
    const at = Date.now()
    const body = JSON.stringify({ lat: 14.6, lng: 121.01, fixedAt: at })
    for (let n = 0; n < 2; n++)
      await call(`${tower.url}/api/positions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token('sys-twice')}` },
        body,
      })
    await call(`${tower.url}/api/positions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token('sys-twice')}` },
      body: JSON.stringify({ lat: 14.6003, lng: 121.01, fixedAt: at + 5_000 }),
    })
    await found(async () => ((await rowsOf('sys-twice')).length >= 2 ? true : null))
    expect(await rowsOf('sys-twice')).toHaveLength(2)
  })

  test('by socket is acknowledged and kept', async () => {
    const socket = new WebSocket(`${tower.url.replace('http', 'ws')}/api/drivers/positions`, {
      headers: { authorization: `Bearer ${token('sys-socket')}` },
    } as unknown as string[])
    const heard: string[] = []
    socket.onmessage = ({ data }) => void heard.push(String(data))
    await new Promise((resolve) => {
      socket.onopen = resolve
    })
    socket.send(
      JSON.stringify({
        positions: [
          { lat: 14.5, lng: 121, fixedAt: Date.now() },
          { lat: 200, lng: 0 },
        ],
      }),
    )
    const reply = JSON.parse(await found(() => heard[0])) as { taken: number; malformed: unknown[] }
    socket.close()
    expect([reply.taken, reply.malformed.length]).toEqual([1, 1])
    await found(async () => ((await rowsOf('sys-socket')).length === 1 ? true : null))
  })
})

describe('the map', () => {
  test('shows a moving dot without saying whose it is', async () => {
    const socket = new WebSocket(`${tower.url.replace('http', 'ws')}/api/regions/NCR/map?shard=0`, {
      headers: { cookie, origin: tower.url },
    } as unknown as string[])
    socket.binaryType = 'arraybuffer'
    const dots = new Map<number, Dot>()
    const said: ToMap[] = []
    let bytes = ''
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') said.push(JSON.parse(data) as ToMap)
      else {
        bytes += new TextDecoder('latin1').decode(data as ArrayBuffer)
        const frame = decodeFrame(data as ArrayBuffer)
        if (frame && frame.t !== 'gone') for (const dot of frame.dots) dots.set(dot.index, dot)
      }
    }
    await new Promise((resolve) => {
      socket.onopen = resolve
    })
    socket.send(JSON.stringify({ t: 'view', box: [14.7, 120.9, 14.8, 121.1] }))
    const drive = (lat: number) =>
      call(`${tower.url}/api/positions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token('sys-dot')}` },
        body: JSON.stringify({ lat, lng: 121.0, fixedAt: Date.now(), speedMps: 9, headingDeg: 0, batteryPct: 71 }),
      })
    await drive(14.75)
    const dot = await found(() => [...dots.values()].find(({ lat }) => Math.abs(lat - 14.75) < 1e-4))
    expect(dot).toMatchObject({ speedMps: 9, headingDeg: 0, status: 'moving' })
    await drive(14.7503)
    await found(() => (Math.abs((dots.get(dot.index)?.lat ?? 0) - 14.7503) < 1e-4 ? true : null))
    socket.send(JSON.stringify({ t: 'select', index: dot.index }))
    const vehicle = await found(() => said.find((each) => each.t === 'vehicle'))
    expect(vehicle).toMatchObject({ index: dot.index, batteryPct: 71 })
    expect(JSON.stringify(said) + bytes).not.toContain('sys-dot')
    socket.close()
  })

  test.each([
    ['without a session', '/api/regions/NCR/map', {}, 401],
    ['from a foreign page', '/api/regions/NCR/map', { origin: 'https://elsewhere.example' }, 403],
    ['of a shard that is not', '/api/regions/NCR/map?shard=99', {}, 404],
  ])('is closed to whoever comes %s', async (_, path, headers, status) => {
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': btoa('0123456789abcdef'),
    }
    const answer = await fetch(tower.url + path, { headers: { origin: tower.url, ...upgrade, ...headers } })
    await answer.body?.cancel()
    expect(answer.status).toBe(status)
  })
})

test('500 old fixes and then an SOS: the press is durable by the answer to its own request', async () => {
  const backlog = Array.from({ length: 500 }, (_, n) => ({
    timestamp: new Date(Date.now() - (600 - n) * 1000).toISOString(),
    coords: { latitude: 14.6 + n / 10_000, longitude: 121.03 },
  }))
  const address = `${tower.url}/i/${token('sys-backlog')}`
  await fetch(address, { method: 'POST', body: JSON.stringify({ location: backlog }) })
  const answer = await fetch(address, {
    method: 'POST',
    body: JSON.stringify({
      location: { ...backlog[499], timestamp: new Date().toISOString(), extras: { alarm: 'sos' } },
    }),
  })
  expect(answer.status).toBe(200)
  const listed = await found(async () => {
    const incidents = await fetch(`${tower.url}/api/incidents?region=NCR&q=sys-backlog`, { headers: { cookie } })
    const { incidents: rows } = (await incidents.json()) as { incidents: { deviceId: string }[] }
    return rows.find(({ deviceId }) => deviceId === 'sys-backlog')
  })
  expect(listed).toBeDefined()
  await found(async () => ((await rowsOf('sys-backlog')).length >= 500 ? true : null))
})

test('the vehicle of an open incident is followed: every screen hears where it is now', async () => {
  const bearer = { authorization: `Bearer ${token('sys-moving')}` }
  const press = await fetch(`${tower.url}/api/sos`, {
    method: 'POST',
    headers: bearer,
    body: JSON.stringify({ kind: 'panic', position: { lat: 14.51, lng: 121.0 } }),
  })
  const { sosId } = (await press.json()) as { sosId: string }
  const socket = new WebSocket(`${tower.url.replace('http', 'ws')}/api/regions/NCR/live`, {
    headers: { cookie, origin: tower.url },
  } as unknown as string[])
  const moved: { id: string; position: { lat: number } }[] = []
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as { t: string; moved?: typeof moved }
    if (message.t === 'hello') socket.send(JSON.stringify({ t: 'since', epoch: null, seq: 0 }))
    if (message.t === 'moved') moved.push(...(message.moved ?? []))
  }
  let step = 0
  const seen = await found(async () => {
    step++
    await call(`${tower.url}/api/positions`, {
      method: 'POST',
      headers: bearer,
      body: JSON.stringify({ lat: 14.51 + step / 2_000, lng: 121.0, fixedAt: Date.now(), speedMps: 11 }),
    })
    await Bun.sleep(450)
    return moved.find(({ id }) => id === sosId)
  })
  expect(seen.position.lat).toBeGreaterThan(14.51)
  socket.close()
})
