// The whole way of one SOS on the real runtime: phone, intake, room, screen, people, Postgres.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import type { LogEvent } from '../../src/domain/event'
import { verifyChain } from '../../src/room/chain'
import { startTestTower } from '../support/tower'
import { archivedLog, call, type Device, devicesOf, Person, type Pressed, press, Screen, until } from './people'

let tower: Tower
let ana: Person
let ben: Person
let next: () => Device

beforeAll(async () => {
  tower = await startTestTower()
  next = devicesOf(tower, 'NCR')
  ana = await Person.logIn(tower, { role: 'operator', nth: 0 })
  ben = await Person.logIn(tower, { role: 'operator', nth: 1 })
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const form = (fields: Record<string, string>) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
  body: new URLSearchParams(fields),
})

describe('apps that are on phones already', () => {
  const seconds = (at: Date) => String(Math.floor(at.getTime() / 1_000))
  const CLIENTS: [name: string, send: (device: Device, at: Date) => Promise<Response>][] = [
    [
      'Traccar Client 8',
      (device, at) =>
        fetch(
          `${device.ingestUrl}/?id=1&timestamp=${seconds(at)}&lat=14.5547&lon=121.0244&speed=12.5&bearing=90.0&altitude=15.0&accuracy=8.0&batt=41.0&alarm=sos`,
          { method: 'POST' },
        ),
    ],
    [
      'Traccar Client 9',
      (device, at) =>
        fetch(device.ingestUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            location: {
              timestamp: at.toISOString(),
              coords: { latitude: 14.5547, longitude: 121.0244, accuracy: 5, speed: 3, heading: 271, altitude: 5 },
              battery: { level: 0.5 },
              extras: { alarm: 'sos' },
            },
            device_id: '1',
          }),
        }),
    ],
    [
      'Traccar Client 10',
      (device, at) =>
        fetch(
          device.ingestUrl,
          form({
            id: '1',
            lat: '14.5547',
            lon: '121.0244',
            timestamp: seconds(at),
            accuracy: '8.0',
            speed: '12.5',
            batt: '41.0',
            alarm: 'sos',
          }),
        ),
    ],
  ]
  for (const [name, send] of CLIENTS) {
    test(`${name} presses, and an operator's queue shows who and where, once however often it is sent`, async () => {
      const device = next()
      const at = new Date()
      expect((await send(device, at)).status).toBe(200)
      const card = await until(async () => (await ana.queue()).find((each) => each.deviceId === device.id))
      expect(card).toMatchObject({
        state: 'new',
        priority: 'P1',
        kind: 'panic',
        door: 'traccar',
        contactPolicy: 'quiet',
        pressCount: 1,
      })
      expect(card.position?.lat).toBeCloseTo(14.5547, 4)
      expect(card.driver?.name).toBeTruthy()
      expect(card.vehicle?.plate ?? card.vehicle?.conduction).toBeTruthy()
      // The phone sends the same again after a lost reply; a later cry then shows that the repeat has been through.
      expect((await send(device, at)).status).toBe(200)
      expect((await send(device, new Date(at.getTime() - 60_000))).status).toBe(200)
      await until(async () => (await ana.incident(card.id)).pressCount > 1)
      expect((await ana.incident(card.id)).pressCount).toBe(2)
    })
  }
})

describe('a voice-ok SOS', () => {
  test('goes from the phone to the screen, is taken, helped, safe and closed, and stands in Postgres', async () => {
    const device = next()
    const screen = await Screen.open(ana)
    const id = crypto.randomUUID()
    const pressed = await press(tower, device, {
      id,
      kind: 'crash',
      position: { lat: 14.6, lng: 121.03 },
      note: 'Banggaan',
    })
    expect(pressed.status).toBe(201)
    const again = await press(tower, device, {
      id,
      kind: 'crash',
      position: { lat: 14.6, lng: 121.03 },
      note: 'Banggaan',
    })
    expect([again.status, again.body.sosId]).toEqual([200, pressed.body.sosId])

    const { sosId, statusUrl } = pressed.body
    const card = await until(() => screen.cards.get(sosId), 5_000, 'the card')
    expect(card.ring).toMatchObject({ to: 'all' })
    const status = async () =>
      (
        await call<{ state: string; desk?: string; helpOnTheWayAt?: string; shownAt?: string }>(statusUrl, {
          headers: { authorization: `Bearer ${device.token}` },
        })
      ).body
    await until(async () => (await status()).shownAt, 5_000, 'the render receipt')

    const taken = await ana.act(sosId, 'take')
    expect([taken.status, taken.body.incident.state]).toEqual([200, 'taken'])
    const second = await ben.act(sosId, 'take')
    expect([second.status, second.body.error?.code]).toEqual([409, 'already_taken'])
    const seen = await until(
      async () => ((await status()).state === 'taken' ? status() : null),
      5_000,
      'taken at the phone',
    )
    expect(JSON.stringify(seen)).not.toContain(taken.body.incident.owner?.name ?? 'nobody')
    expect(seen.desk).toBe(taken.body.incident.owner?.alias as string)

    const asked = await ana.act(sosId, 'legs', { kind: 'rover', name: 'Rover 2' })
    expect(asked.body.incident.state).toBe('help_asked')
    const legId = asked.body.incident.legs[0]?.id
    expect((await status()).helpOnTheWayAt).toBeUndefined()
    await ana.act(sosId, 'legs', { legId, state: 'accepted' })
    await until(async () => (await status()).helpOnTheWayAt, 5_000, 'help on the way at the phone')
    for (const state of ['on_the_way', 'there', 'done'])
      expect((await ana.act(sosId, 'legs', { legId, state })).status).toBe(200)
    expect((await ana.act(sosId, 'safe', {})).status).toBe(422)
    expect((await ana.act(sosId, 'safe', { confirmedBy: 'own_voice' })).body.incident.state).toBe('safe')
    expect((await ana.act(sosId, 'close')).body.incident.state).toBe('closed')
    screen.close()

    const sql = postgres(tower.databaseUrl, { max: 1 })
    try {
      const row = await until(
        async () => (await sql`SELECT state, press_count FROM incident WHERE id = ${sosId} AND state = 'closed'`)[0],
        15_000,
        'the row in Postgres',
      )
      expect(row).toMatchObject({ state: 'closed' })
      const events = await sql`SELECT type FROM incident_event WHERE incident = ${sosId} ORDER BY seq`
      expect(events.map((event) => event.type)).toEqual(
        expect.arrayContaining(['created', 'shown', 'taken', 'leg_asked', 'leg_moved', 'safe', 'closed']),
      )
    } finally {
      await sql.end()
    }
  }, 60_000)
})

describe('the log', () => {
  test('verifies link by link as the room and as Postgres have it', async () => {
    const supervisor = await Person.logIn(tower, { role: 'supervisor' })
    const { body, status } = await supervisor.get<{ events: LogEvent[] }>('/api/regions/NCR/log?from=1&limit=1000')
    expect(status).toBe(200)
    expect(body.events.length).toBeGreaterThan(5)
    expect(verifyChain(body.events)).toMatchObject({ ok: true, count: body.events.length })
    expect((await ana.get('/api/regions/NCR/log?from=1')).status).toBe(403)
    const last = body.events.at(-1)?.seq ?? 0
    const sql = postgres(tower.databaseUrl, { max: 1 })
    try {
      await until(
        async () => (await sql`SELECT 1 FROM incident_event WHERE room = 'NCR' AND seq >= ${last}`).length > 0,
        15_000,
        'the last link in Postgres',
      )
      expect(verifyChain(await archivedLog(sql, 'NCR'))).toMatchObject({ ok: true })
    } finally {
      await sql.end()
    }
  })
})

describe('the lifeline', () => {
  test('presses, answers the same, hears its status, and stays silent when the incident is quiet', async () => {
    const device = next()
    const socket = new WebSocket(`${tower.url.replace('http', 'ws')}/api/drivers/lifeline`, {
      headers: { authorization: `Bearer ${device.token}` },
    } as unknown as string[])
    const got: Record<string, unknown>[] = []
    socket.addEventListener(
      'message',
      (event) => void (event.data !== 'pong' && got.push(JSON.parse(String(event.data)))),
    )
    await new Promise((resolve) => socket.addEventListener('open', resolve))
    socket.send(JSON.stringify({ id: crypto.randomUUID(), kind: 'medical' }))
    const first = (await until(() => got.find((each) => each.statusUrl), 5_000, 'the answer')) as unknown as Pressed
    await until(async () => (await ana.act(first.sosId, 'take')).status === 200)
    await until(
      () => got.find((each) => each.sosId === first.sosId && each.state === 'taken'),
      5_000,
      'the status push',
    )

    const quiet = next()
    const silent = new WebSocket(`${tower.url.replace('http', 'ws')}/api/drivers/lifeline`, {
      headers: { authorization: `Bearer ${quiet.token}` },
    } as unknown as string[])
    const heard: Record<string, unknown>[] = []
    silent.addEventListener('message', (event) => void heard.push(JSON.parse(String(event.data))))
    await new Promise((resolve) => silent.addEventListener('open', resolve))
    silent.send(JSON.stringify({ id: crypto.randomUUID(), kind: 'panic' }))
    const { sosId } = (await until(
      () => heard.find((each) => each.statusUrl),
      5_000,
      'the answer',
    )) as unknown as Pressed
    await until(async () => (await ana.act(sosId, 'take')).status === 200)
    await ana.act(sosId, 'legs', { kind: 'police', name: 'PS-7', state: 'accepted' })
    await Bun.sleep(1_500)
    expect(heard).toHaveLength(1)
    socket.close()
    silent.close()
  }, 30_000)

  test('is refused compression: its answer negotiates no extension', async () => {
    const device = next()
    const response = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(tower.url)
      void Bun.connect({
        hostname,
        port: Number(port),
        socket: {
          open: (socket) =>
            void socket.write(
              `GET /api/drivers/lifeline HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${device.token}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n`,
            ),
          data: (socket, data) => {
            resolve(data.toString())
            socket.end()
          },
          error: (_, error) => reject(error),
        },
      })
    })
    expect(response).toStartWith('HTTP/1.1 101')
    expect(response.toLowerCase()).not.toContain('sec-websocket-extensions')
  })
})
