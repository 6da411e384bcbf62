// The whole app before real rooms in memory, one per region, and people with sessions. What stands between them and the
// platform is a binding.

import type { Viewer } from '../../src/domain/access'
import type { RegionId } from '../../src/domain/region'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import type { Env } from '../../src/http/env'
import type { RoomRpc } from '../../src/room/contract'
import type { DrillsRpc } from '../../src/room/drills-contract'
import type { RoomPorts } from '../../src/room/ledger'
import type { OutwardRpc } from '../../src/room/outward-contract'
import type { StormRpc } from '../../src/room/storm-contract'
import { viewer } from '../support/made-up'
import { openRoom, type TestRoom } from '../support/room'
import { workerEnv } from '../support/worker-env'

const app = createApp()

export function tower(options: { settings?: Partial<Env>; ports?: Partial<RoomPorts> } = {}) {
  const rooms = new Map<RegionId, TestRoom>()
  /** Regions whose object cannot be reached, as the platform says it. */
  const away = new Set<RegionId>()
  const roomOf = (region: RegionId): TestRoom => {
    const room = rooms.get(region) ?? openRoom({ region, ...(options.ports && { ports: options.ports }) })
    rooms.set(region, room)
    return room
  }
  const env = workerEnv(
    {
      room: (region) =>
        rpc(
          () => roomOf(region).room,
          () => away.has(region),
        ),
    },
    options.settings,
  )

  const as = (person: Viewer) => {
    const { token } = openSession(env, person, Date.now())
    const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
      const answer = await app.request(
        path,
        {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            ...(text === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(text === undefined ? {} : { body: text }),
        },
        env,
      )
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body }
    }
    return {
      get: (path: string) => send('GET', path),
      post: (path: string, body?: unknown, headers?: Record<string, string>) => send('POST', path, body, headers),
      put: (path: string, body?: unknown) => send('PUT', path, body),
      del: (path: string) => send('DELETE', path),
    }
  }
  return { env, roomOf, away, as, ana: as(viewer('ana')), anonymous: (path: string) => app.request(path, {}, env) }
}

/** Answers are read as whatever the test says they are. */
// biome-ignore lint/suspicious/noExplicitAny: a test names the fields that it expects, and fails where they are missing.
export type Body = any

function rpc(room: () => TestRoom['room'], isAway: () => boolean): Partial<RoomRpc> {
  const reach = () => {
    if (isAway()) throw Object.assign(new Error('network connection lost'), { retryable: true })
    return room()
  }
  return {
    act: async (...given) => reach().act(...given),
    create: async (...given) => reach().create(...given),
    list: async (...given) => reach().list(...given),
    file: async (...given) => reach().file(...given),
    log: async (from, limit) => reach().log.from(from, limit),
    unverified: async () => ({ count: reach().unverified.count(), latest: reach().unverified.latest() }),
    promote: async (...given) => reach().promote(...given),
    outward: calls(() => reach().outward) as unknown as OutwardRpc,
    paging: {
      reports: async (reports) => reach().reports.take(reports),
      ladder: async (id, viewer) => reach().ladder(id, viewer),
      takeOver: async (...given) => reach().takeOver.takeOver(...given),
      giveBack: async (viewer) => reach().takeOver.giveBack(viewer),
      lookAfter: async (...given) => reach().takeOver.heard(...given),
      attentionThere: async (...given) => reach().lookedAfter.heard(...given),
      saysGoodbye: async (uid) => reach().towerDown.saysGoodbye(uid),
    },
    sessionHolds: async () => true,
    storm: stormRpc(reach),
    drills: calls(() => reach().drillsDesk) as unknown as DrillsRpc,
  }
}

/** As the object of the room answers it. */
export const stormRpc = (room: () => TestRoom['room']): StormRpc => ({
  seen: async () => ({ ok: true, seen: room().stormSeen() }),
  set: async (...given) => room().storm.set(...given),
  next: async (who) => room().storm.leases.next(who),
  lease: async (...given) => room().storm.leases.leaseTo(...given),
  unlease: async (...given) => room().storm.leases.unlease(...given),
  situation: async (...given) => room().situations.act(...given),
  situationFile: async (id) => room().situations.file(id),
  answered: async (...given) => room().storm.questions.answeredByPhone(...given),
})

/** A part of a room as its stub: every method is a call, and one to a room that is away fails. */
const calls = (part: () => object): object =>
  new Proxy(
    {},
    {
      get:
        (_, name) =>
        async (...given: unknown[]): Promise<unknown> => {
          const target = part()
          return (Reflect.get(target, name) as (...given: unknown[]) => unknown).apply(target, given)
        },
    },
  )
