// Drivers' phones and operators' programs as the tests play them: plain HTTP and WebSocket clients of a running tower.

import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import type { LogEvent } from '../../src/domain/event'
import type { IncidentSummary } from '../../src/domain/incident'
import type { RegionId } from '../../src/domain/region'
import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import { pinMac } from '../../src/intake/pin'
import type { RoomHealth } from '../../src/room/contract'
import type { FromScreen, ToScreen } from '../../src/room/live'
import type { TickReport } from '../../src/sentinel/contract'

export type Device = NonNullable<Tower['demo']>['devices'][number]
export type Answer<T = Record<string, unknown>> = { status: number; body: T; headers: Headers }

export async function call<T = Record<string, unknown>>(url: string, init: RequestInit = {}): Promise<Answer<T>> {
  const { status, text, headers } = await answered(url, init)
  return { status, body: (isJson(headers) && text ? JSON.parse(text) : text) as T, headers }
}

/** A tower that is behind passes over positions and says so; a phone reports again, and so does this. A test machine is often behind. */
export async function answered(
  url: string,
  init: RequestInit,
): Promise<{ status: number; text: string; headers: Headers }> {
  for (let tries = 1; ; tries++) {
    const response = await fetch(url, init)
    const { status, headers } = response
    const text = await response.text()
    if (tries === TRIES || !isJson(headers) || !/"shed":\s*true/.test(text)) return { status, text, headers }
    await Bun.sleep(SHED_FOR_MS)
  }
}
const TRIES = 30
const SHED_FOR_MS = 300

const isJson = (headers: Headers): boolean => headers.get('content-type')?.includes('json') ?? false

/** Devices of a region that no other test of this file has used. */
export function devicesOf(tower: Tower, region: string): () => Device {
  const left = (tower.demo?.devices ?? []).filter((device) => device.region === region)
  return () => {
    const device = left.shift()
    if (!device) throw new Error(`the demo has no further device in ${region}`)
    return device
  }
}

/** With a genuine token, and in no directory: its presses are accepted like any other's. */
export function strangerCalled(tower: Tower, id: string): Device {
  const expiresAt = Math.floor(Date.now() / 1_000) + 3_600
  const claims = { deviceId: id, home: 'NCR' as const, generation: 1, expiresAt }
  const token = signDeviceToken(parseKeys(tower.secrets.DEVICE_KEYS), claims)
  return { id, region: 'NCR', token, ingestUrl: `${tower.url}/i/${token}`, pin: '', duressPin: '' }
}

/**
 * Enrols devices of our own beside the demo's, each with its driver and vehicle, and waits until room and intakes know
 * them. Their PINs are 1234 and, under duress, 8765.
 */
export async function enrol(tower: Tower, count: number, region: RegionId = 'NCR'): Promise<Device[]> {
  const keys = parseKeys(tower.secrets.DEVICE_KEYS)
  const pepper = Buffer.from(tower.secrets.PEPPER, 'base64url')
  const expiresAt = Math.floor(Date.now() / 1_000) + 3_600
  const devices = Array.from({ length: count }, () => {
    const id = `test-${++enrolled}`
    const token = signDeviceToken(keys, { deviceId: id, home: region, generation: 1, expiresAt })
    return { id, region, token, ingestUrl: `${tower.url}/i/${token}`, pin: '1234', duressPin: '8765' }
  })
  const sql = postgres(tower.databaseUrls.owner, { max: 1 })
  try {
    await sql.begin(async (tx) => {
      for (const { id, pin, duressPin } of devices) {
        const [driver, vehicle] = [`drv-${id}`, `veh-${id}`]
        await tx`INSERT INTO driver (id, region, name, phone)
          VALUES (${driver}, ${region}, ${`Driver of ${id}`}, '+639005550000')`
        await tx`INSERT INTO vehicle (id, region, plate, make, model, colour)
          VALUES (${vehicle}, ${region}, 'ZZZ 9999', 'Toyota', 'Vios', 'White')`
        await tx`INSERT INTO device (id, region, driver_id, vehicle_id, pin_mac, duress_pin_mac)
          VALUES (${id}, ${region}, ${driver}, ${vehicle}, ${pinMac(pepper, id, pin)}, ${pinMac(pepper, id, duressPin)})`
      }
    })
    const [newest] = await sql`SELECT max(version)::int AS version FROM device`
    await until(() => isKnown(tower, region, newest?.version), 40_000, 'the new devices in room and intakes')
  } finally {
    await sql.end()
  }
  return devices
}
let enrolled = 0

async function isKnown(tower: Tower, region: RegionId, version: number): Promise<boolean> {
  const { rooms, intakes } = (await tower.tick()) as TickReport
  const all = [
    ...rooms.filter((room) => room.region === region),
    ...intakes.filter((intake) => new RegExp(`^${region}:\\d`).test(intake.name)),
  ]
  return all.every((each) => 'directoryVersion' in each && each.directoryVersion >= version)
}

/** What the tower's own minute's tick says of a region's room. */
export async function roomHealth(tower: Tower, region: RegionId = 'NCR'): Promise<RoomHealth> {
  const room = ((await tower.tick()) as TickReport).rooms.find((each) => each.region === region)
  if (!room || !('seq' in room)) throw new Error(`the room of ${region} does not answer`)
  return room
}

/** A driver's phone on its lifeline: what it heard, without the runtime's pongs. */
export class Lifeline {
  readonly heard: ({ t: string; sosId?: string } & Record<string, unknown>)[] = []
  private constructor(readonly socket: WebSocket) {}

  static async open(tower: Tower, device: Device): Promise<Lifeline> {
    const url = `${tower.url.replace('http', 'ws')}/api/drivers/lifeline`
    const headers = { authorization: `Bearer ${device.token}` }
    const socket = new WebSocket(url, { headers } as unknown as string[])
    const line = new Lifeline(socket)
    socket.addEventListener('message', ({ data }) => {
      if (data !== 'pong') line.heard.push(JSON.parse(String(data)))
    })
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve())
      socket.addEventListener('error', () => reject(new Error('the lifeline was refused')))
    })
    return line
  }

  /** Sends a frame and gives the next frame that comes. */
  async ask(frame: unknown, ms = 10_000): Promise<Record<string, unknown>> {
    const before = this.heard.length
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
    return until(() => this.heard[before], ms, 'an answer on the lifeline')
  }
}

export type Pressed = { sosId: string; receivedAt: string; statusUrl: string }

export const press = (tower: Tower, device: Device, body: unknown = {}): Promise<Answer<Pressed>> =>
  call<Pressed>(`${tower.url}/api/sos`, {
    method: 'POST',
    headers: { authorization: `Bearer ${device.token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

export class Person {
  private constructor(
    readonly tower: Tower,
    readonly token: string,
    readonly region: RegionId,
  ) {}

  static async logIn(tower: Tower, wanted: { role: string; region?: RegionId; nth?: number }): Promise<Person> {
    const region = wanted.region ?? 'NCR'
    const found = (tower.demo?.operators ?? []).filter(
      (each) => each.role === wanted.role && each.regions.includes(region),
    )[wanted.nth ?? 0]
    if (!found) throw new Error(`the demo has no ${wanted.role} ${wanted.nth ?? 0} in ${region}`)
    for (let tries = 0; tries < 20; tries++) {
      const { status, body } = await call<{ token: string }>(`${tower.url}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: found.email, password: found.password }),
      })
      if (status === 200) return new Person(tower, body.token, region)
      // One hash a second is the rule of the door; several tests log in at once.
      if (status !== 429) throw new Error(`log-in answered ${status}: ${JSON.stringify(body)}`)
      await Bun.sleep(1_000)
    }
    throw new Error('never logged in')
  }

  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return call<T>(this.tower.url + path, { headers: { authorization: `Bearer ${this.token}` } })
  }

  post<T = { incident: IncidentSummary; error?: { code: string; message: string; field?: string } }>(
    path: string,
    body: unknown = {},
  ): Promise<Answer<T>> {
    return call<T>(this.tower.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  }

  act(id: string, act: string, body: unknown = {}) {
    return this.post(`/api/incidents/${id}/${act}`, body)
  }

  async incident(id: string): Promise<IncidentSummary> {
    const { status, body } = await this.get<{ incident: IncidentSummary }>(`/api/incidents/${id}`)
    if (status !== 200) throw new Error(`incident ${id} answered ${status}`)
    return body.incident
  }

  async queue(status = 'open'): Promise<IncidentSummary[]> {
    return (
      await this.get<{ incidents: IncidentSummary[] }>(
        `/api/incidents?region=${this.region}&status=${status}&limit=500`,
      )
    ).body.incidents
  }
}

/** An operator's screen without a browser: it paints what it gets and says that it is there. */
export class Screen {
  readonly got: ToScreen[] = []
  readonly cards = new Map<string, IncidentSummary>()
  closed: number | null = null
  private constructor(readonly socket: WebSocket) {}

  static async open(person: Person, options: { region?: string; receipts?: boolean } = {}): Promise<Screen> {
    const url = `${person.tower.url.replace('http', 'ws')}/api/regions/${options.region ?? person.region}/live`
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${person.token}` } } as unknown as string[])
    const screen = new Screen(socket)
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve())
      socket.addEventListener('error', () => reject(new Error('the live socket was refused')))
    })
    socket.addEventListener('close', (event) => {
      screen.closed = event.code
    })
    socket.addEventListener('message', (event) =>
      screen.hear(JSON.parse(String(event.data)) as ToScreen, options.receipts ?? true),
    )
    screen.say({ t: 'since', epoch: null, seq: 0 })
    screen.here()
    await until(() => screen.got.some((message) => message.t === 'live'))
    return screen
  }

  say(message: FromScreen): void {
    this.socket.send(JSON.stringify(message))
  }

  here(changes: Partial<Extract<FromScreen, { t: 'here' }>> = {}): void {
    this.say({ t: 'here', seq: 0, visible: true, paintedMs: 20, sound: true, inputMs: 500, onCall: false, ...changes })
  }

  close(): void {
    this.socket.close()
  }

  private hear(message: ToScreen, receipts: boolean): void {
    this.got.push(message)
    if (message.t === 'tick') this.here()
    if (message.t !== 'incidents' && message.t !== 'snapshot') return
    for (const incident of message.incidents) this.cards.set(incident.id, incident)
    const unseen = message.incidents.filter((incident) => incident.shownAt === null).map((incident) => incident.seq)
    if (receipts && unseen.length > 0) this.say({ t: 'shown', seqs: unseen })
  }
}

/** A room's log as Postgres has it, in order. */
export async function archivedLog(sql: postgres.Sql, room: string): Promise<LogEvent[]> {
  const rows = await sql`SELECT room, epoch, seq::float8 AS seq, extract(epoch FROM at) * 1000 AS at, type, incident,
    actor, body, salt, body_hash AS "bodyHash", prev_hash AS "prevHash", hash
    FROM incident_event WHERE room = ${room} ORDER BY at, seq`
  return rows.map((row) => ({ ...row, at: Math.round(Number(row.at)) }) as unknown as LogEvent)
}

/** Waits until it holds, looking often. Fails by name after `ms`. */
export async function until<T>(
  holds: () => T | Promise<T>,
  ms = 10_000,
  what = 'what the test waits for',
): Promise<NonNullable<T>> {
  const end = Date.now() + ms
  for (;;) {
    const value = await holds()
    if (value) return value as NonNullable<T>
    if (Date.now() > end) throw new Error(`${what} did not happen within ${ms} ms`)
    await Bun.sleep(20)
  }
}
