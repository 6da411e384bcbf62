// Who the mixed load is: people at desks, phones on shift, and what they hold in hand.

import { randomUUID } from 'node:crypto'
import type { RegionId } from '../../../src/domain/region'
import { parseKeys, signDeviceToken } from '../../../src/ingest/device-token'
import type { Caller, Method, Sent } from './call'

export type Crew = { id: string; region: RegionId; driverId: string; pin: string; duressPin: string }
/** Tokens of sessions; all of them may act everywhere. */
export type People = { operators: string[]; supervisors: string[]; admin: string; account: Account }
export type Account = { email: string; password: string }
export type WorldPlan = { url: string; deviceKeys: string; crews: Crew[]; people: People; operatorIds: string[] }

type Incident = { id: string; state: string }

export class World {
  #crew = 0
  #desk = 0

  constructor(
    readonly api: Caller,
    readonly plan: WorldPlan,
  ) {}

  /** A phone with papers that has not pressed for a while; they take turns. */
  crew(region?: RegionId): Crew {
    for (;;) {
      const crew = this.plan.crews[this.#crew++ % this.plan.crews.length] as Crew
      if (region === undefined || crew.region === region) return crew
    }
  }

  operator(): string {
    return this.plan.people.operators[this.#desk++ % this.plan.people.operators.length] as string
  }

  supervisor(): string {
    return this.plan.people.supervisors[this.#desk++ % this.plan.people.supervisors.length] as string
  }

  deviceToken({ id, region }: Pick<Crew, 'id' | 'region'>, expiresInS = 86_400): string {
    const expiresAt = Math.floor(Date.now() / 1000) + expiresInS
    return signDeviceToken(parseKeys(this.plan.deviceKeys), { deviceId: id, home: region, generation: 1, expiresAt })
  }

  /** The id of the incident, and the address at which the phone asks what became of it; null where it was not taken. */
  async press(crew: Crew, kind = 'panic'): Promise<{ sosId: string; query: string } | null> {
    const { status, body } = await this.api.call<{ sosId: string; statusUrl: string }>(
      'POST',
      '/api/sos',
      {},
      {
        token: this.deviceToken(crew),
        json: { id: randomUUID(), kind, position: placeOf(crew), pressedAt: new Date().toISOString() },
      },
    )
    return status >= 300 || !body ? null : { sosId: body.sosId, query: new URL(body.statusUrl).search.slice(1) }
  }

  /** An act on an incident; the incident as it is afterwards, null where it was refused. */
  async act(token: string, id: string, act: string, json: unknown = {}): Promise<Incident | null> {
    const path = `/api/incidents/{id}/${act}`
    const { status, body } = await this.api.call<{ incident?: Incident }>('POST', path, { id }, { token, json })
    return status < 300 ? (body.incident ?? null) : null
  }

  get = <T = unknown>(token: string, path: string, filled: Record<string, string> = {}, query = '') =>
    this.api.call<T>('GET', path, filled, { token, query })

  send = <T = unknown>(
    method: Method,
    token: string,
    path: string,
    filled: Record<string, string>,
    json?: unknown,
    more: Sent = {},
  ) => this.api.call<T>(method, path, filled, { token, ...(json === undefined ? {} : { json }), ...more })
}

const MIDDLE: Record<RegionId, readonly [number, number]> = {
  NCR: [14.5995, 121.0],
  CEB: [10.3157, 123.8854],
  DVO: [7.1907, 125.4553],
  ILO: [10.7202, 122.5621],
}

/** Somewhere in its region, another place each time. */
export function placeOf({ region }: Pick<Crew, 'region'>) {
  const [lat, lng] = MIDDLE[region]
  const spread = () => (Math.random() - 0.5) / 10
  return { lat: lat + spread(), lng: lng + spread(), accuracyM: 8, speedMps: 8, fixedAt: new Date().toISOString() }
}

/** A person reads, thinks, types: between two requests of theirs, ms. */
const THINK_MS = { least: 150, more: 350 }
export const think = (): Promise<void> => Bun.sleep(THINK_MS.least + Math.random() * THINK_MS.more)
