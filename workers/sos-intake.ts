// The Durable Object of one intake shard. Platform glue only: storage, alarm, RPC and the drivers' lifelines, which
// hibernate. What happens to a press is decided in src/intake.

import { DurableObject } from 'cloudflare:workers'
import type { Page } from '../src/domain/page'
import type { PhoneView } from '../src/domain/phone-view'
import type { Press, UnverifiedPress } from '../src/domain/press'
import { findRegion, type RegionId } from '../src/domain/region'
import type { PutBack } from '../src/durable/moved'
import type { Storage } from '../src/durable/storage'
import { DEVICE_HEADER } from '../src/http/doors/lifeline'
import { statusUrl } from '../src/http/doors/status-url'
import type { Env } from '../src/http/env'
import { courierOf, courierShardCount, courierShardOf, roomOf } from '../src/http/objects'
import { Chatter } from '../src/intake/chatter'
import type {
  CancelAnswer,
  IntakeHealth,
  IntakeRpc,
  LifelineFrame,
  PressReceipt,
  Question,
  UnplacedCard,
} from '../src/intake/contract'
import { Intake } from '../src/intake/intake'
import {
  hearPhone,
  type LifelineDevice,
  type LifelinePorts,
  LONGEST_FRAME,
  questionFrame,
  statusFrame,
  type ToPhone,
} from '../src/intake/lifeline'
import type { Told } from '../src/intake/statuses'
import type { StatusPush } from '../src/room/contract'
import { logFailure } from './failure-log'
import { unlessParted } from './faults'
import { moveIn } from './moved'
import { ownName } from './own-name'
import { pagingPorts } from './room-paging'
import { holds, refuseBeyondLimit } from './sockets'

/** What a socket remembers through hibernation. */
type Attachment = LifelineDevice & { shard: string; since: number }

/** Half-open sockets of a bad network linger; more than these are nobody's. */
const LIFELINES_PER_DEVICE = 4
/** Of a line that has said nothing for so long nobody knows whether there is a phone at its end. */
const LINE_QUIET_MS = 10 * 60_000
/** The runtime's own words for "no close frame came". They may not be sent. */
const UNSENDABLE = new Set([1005, 1006, 1015])

export class SosIntake extends DurableObject<Env> implements IntakeRpc {
  private readonly name: string
  private readonly intake: Intake
  private readonly ports: LifelinePorts
  private open = 0
  private readonly awakeSince = Date.now()
  /** What sockets remember, parsed once for each and not per frame. Empty again after hibernation. */
  private readonly attachments = new WeakMap<WebSocket, Attachment>()
  private readonly heardAt = new WeakMap<WebSocket, number>()
  private readonly gone = new WeakSet<WebSocket>()
  private readonly chatter = new WeakMap<WebSocket, Chatter>()

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const name = ownName(ctx)
    const region = findRegion(name.split(':')[0] ?? '')?.id
    if (!region) throw new Error('an intake is named after its region and number')
    const shard = Number(name.split(':')[1])
    this.name = name
    this.intake = new Intake(name, ctx.storage as unknown as Storage, {
      room: () => unlessParted(region, roomOf(env, region)),
      tell: (told) => this.tell(told),
      lifelines: () => ctx.getWebSockets().length,
      page: (pages) => giveToCourier(env, region, pages),
      places: pagingPorts(env, region),
      wakeAt: (at) => ctx.waitUntil(ctx.storage.setAlarm(at)),
      onFailure: (failure, failures) => logFailure('intake to room failed', { intake: name }, failure, failures),
    })
    this.ports = {
      intake: this.intake,
      isOk: (checkId, deviceId) => roomOf(env, region).checkOk(checkId, deviceId),
      said: (id, deviceId, said) => roomOf(env, region).areas.said(id, deviceId, said, 'lifeline'),
      pepper: Buffer.from(env.PEPPER, 'base64url'),
      now: () => Date.now(),
      statusUrl: (sosId, deviceId) => statusUrl(env, sosId, { region, shard, deviceId }),
    }
    // After hibernation they are still here.
    this.count(ctx.getWebSockets().length)
    // Answered by the runtime: a phone that asks whether the line is open wakes nobody.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  press(press: Press): Promise<PressReceipt> {
    return this.intake.press(press)
  }

  pressUnverified(press: UnverifiedPress): Promise<void> {
    return this.intake.pressUnverified(press)
  }

  status(sosId: string, deviceId: string): Promise<PhoneView | null> {
    return this.intake.status(sosId, deviceId)
  }

  cancel(sosId: string, deviceId: string, pinMac: string): Promise<CancelAnswer> {
    return this.intake.cancel(sosId, deviceId, pinMac)
  }

  knock(deviceId: string, name: string, at: number): Promise<boolean> {
    return this.intake.knock(deviceId, name, at)
  }

  update(pushes: StatusPush[]): Promise<void> {
    return this.intake.update(pushes)
  }

  unplaced(): Promise<UnplacedCard[]> {
    return this.intake.unplaced()
  }

  async ask(questions: Question[]): Promise<string[]> {
    return questions
      .filter((question) => {
        const sockets = this.linesOf(question.deviceId)
        for (const socket of sockets) send(socket, questionFrame(question))
        return sockets.length > 0
      })
      .map(({ id }) => id)
  }

  async say(frames: LifelineFrame[]): Promise<string[]> {
    const since = Date.now() - LINE_QUIET_MS
    const took = frames.filter(({ deviceId, frame, id }) => {
      const text = JSON.stringify(id === undefined ? frame : { ...(frame as object), id })
      return this.linesOf(deviceId).filter((line) => sendText(line, text) && this.lastWordOf(line) > since).length > 0
    })
    return [...new Set(took.map(({ deviceId }) => deviceId))]
  }

  async lifelinesHeard(deviceIds: string[]): Promise<Record<string, number>> {
    const heard = deviceIds.flatMap((id): [string, number][] => {
      const sockets = this.ctx.getWebSockets(tagOf(id)).filter((socket) => this.attachmentOf(socket).deviceId === id)
      return sockets.length === 0 ? [] : [[id, Math.max(...sockets.map((socket) => this.lastWordOf(socket)))]]
    })
    return Object.fromEntries(heard)
  }

  canary(id: string): Promise<{ ok: boolean; ms: number; failed: string | null }> {
    return this.intake.canary(id)
  }

  async tick(): Promise<IntakeHealth> {
    // Each minute anew from what is there: a close that nobody told us of must not count for ever.
    this.count(this.ctx.getWebSockets().length - this.open)
    return { ...(await this.intake.tick()), awakeSince: this.awakeSince }
  }

  moveIn(text: ReadableStream): Promise<PutBack> {
    return moveIn(this.ctx, text)
  }

  override async alarm(): Promise<void> {
    this.intake.alarm()
  }

  /** The upgrade of a lifeline. The Worker has checked the token; nobody else can reach this object. */
  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') return new Response(null, { status: 426 })
    const device = deviceOf(request.headers.get(DEVICE_HEADER))
    if (!device) return new Response('no device', { status: 403 })
    const { 0: client, 1: server } = new WebSocketPair()
    const tag = tagOf(device.deviceId)
    const full = refuseBeyondLimit(this.env, 'lifeline')
    if (full) return full
    this.closeOldest(tag)
    this.ctx.acceptWebSocket(server, [tag])
    this.count(1)
    server.serializeAttachment({ ...device, shard: this.name, since: Date.now() } satisfies Attachment)
    return new Response(null, { status: 101, webSocket: client })
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const device = this.attachmentOf(socket)
    this.heardAt.set(socket, Date.now())
    const text = typeof message === 'string' ? message : new TextDecoder().decode(message)
    const chatter = this.chatter.get(socket) ?? new Chatter()
    this.chatter.set(socket, chatter)
    if (chatter.isTooMuch(text, Date.now())) return
    send(socket, await hearPhone(text, device, this.ports))
    if (text.length > LONGEST_FRAME) socket.close(1009, 'frames have at most 16 kB')
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.left(socket)
    try {
      // Also where no close frame came: until it is closed from here, or collected as garbage, it keeps its descriptors.
      socket.close(UNSENDABLE.has(code) ? 1000 : code)
    } catch {
      // The runtime, or the other side, was quicker.
    }
  }

  override webSocketError(socket: WebSocket): void {
    this.left(socket)
    try {
      socket.close(1011)
    } catch {
      // It was gone already.
    }
  }

  /** Once, however many events tell of it. */
  private left(socket: WebSocket): void {
    if (this.gone.has(socket)) return
    this.gone.add(socket)
    this.count(-1)
  }

  private count(change: number): void {
    this.open = Math.max(0, this.open + change)
    holds(this.name, 'lifeline', this.open)
  }

  private tell(told: Told): void {
    for (const socket of this.linesOf(told.deviceId)) send(socket, statusFrame(told))
  }

  /** Pings are answered by the runtime, which remembers when. */
  private lastWordOf(socket: WebSocket): number {
    const pinged = this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0
    return Math.max(pinged, this.heardAt.get(socket) ?? 0, this.attachmentOf(socket).since)
  }

  /** Tags are cut at 256 characters, so two long names may share one. */
  private linesOf(deviceId: string): WebSocket[] {
    return this.ctx.getWebSockets(tagOf(deviceId)).filter((socket) => this.attachmentOf(socket).deviceId === deviceId)
  }

  private attachmentOf(socket: WebSocket): Attachment {
    const known = this.attachments.get(socket)
    if (known) return known
    const attachment = socket.deserializeAttachment() as Attachment
    this.attachments.set(socket, attachment)
    return attachment
  }

  private closeOldest(tag: string): void {
    const sockets = this.ctx.getWebSockets(tag)
    if (sockets.length < LIFELINES_PER_DEVICE) return
    const since = (socket: WebSocket) => this.attachmentOf(socket).since
    sockets.sort((a, b) => since(a) - since(b))
    for (const socket of sockets.slice(0, sockets.length - LIFELINES_PER_DEVICE + 1)) socket.close(1008, 'replaced')
  }
}

/** Each page to its own shard of the courier; one that is away keeps the others' from nobody. */
async function giveToCourier(env: Env, region: RegionId, pages: Page[]): Promise<string[]> {
  const shards = courierShardCount(env)
  const given = await Promise.allSettled(
    [...Map.groupBy(pages, (page) => courierShardOf(page, shards))].map(([shard, own]) =>
      courierOf(env, region, shard).send(own),
    ),
  )
  return given.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
}

function send(socket: WebSocket, frame: ToPhone): void {
  sendText(socket, JSON.stringify(frame))
}

/** False where it was closed meanwhile: the phone asks again on its next line. */
function sendText(socket: WebSocket, text: string): boolean {
  try {
    socket.send(text)
    return true
  } catch {
    return false
  }
}

function deviceOf(header: string | null): LifelineDevice | null {
  if (!header) return null
  const { deviceId, home, generation, expired } = JSON.parse(header) as LifelineDevice
  return { deviceId, home, generation, expired }
}

/** A tag has at most 256 characters. */
const tagOf = (deviceId: string): string => `d:${deviceId}`.slice(0, 256)
