// An agency's command centre that takes hand-offs by machine: it believes only signatures, reads the newest message of each
// hand-off, judges its CAP documents by the standard, and says under the hand-off's own secret what its unit does.

import { createHmac } from 'node:crypto'
import { faultsOf } from '../support/cap'
import { Plans, type Reply } from './plans'
import { type Answered, serve } from './serve'
import { WEBHOOK_SECRET } from './webhook-receiver'

type Position = { lat: number; lng: number }
type Message = {
  type: `handoff.${'initial' | 'trace' | 'update' | 'cancel'}`
  version: number
  id: string
  n: number
  at: string
  doNotCallDriver?: boolean
  vehicle?: { plate: string | null } | null
  location: Position | null
  note?: string
  callback?: { url: string; secret: string }
  cap?: string
  pidfLo?: string | null
}
/** What the centre knows of one hand-off. `way`: where it was said to be, in the order in which it was there. */
export type Case = {
  id: string
  n: number
  over: string | null
  plate: string | null
  doNotCall: boolean
  way: Position[]
  caps: string[]
  callback: { url: string; secret: string } | null
}

/** `deliver`: how its call-backs reach the tower. */
export async function startAgency(deliver: (url: string, init: RequestInit) => Promise<Response>) {
  const plans = new Plans<Reply>({ does: 'accept' })
  const cases = new Map<string, Case>()
  const faults: string[] = []
  const received: { message: Message; id: string; at: number }[] = []
  const seen = new Set<string>()
  let said = 0

  const served = await serve(async ({ path, headers, body, at }): Promise<Answered> => {
    const plan = plans.take(path)
    if (plan.does === 'reset') return 'reset'
    if (plan.does === 'hang' || plan.does === 'accept_and_hang') return 'hang'
    if (plan.does === 'fail') return { status: plan.status ?? 500 }
    const id = headers.get('webhook-id') ?? ''
    if (!isGenuine(WEBHOOK_SECRET, headers, body)) {
      faults.push(`${id}: the signature does not hold`)
      return { status: 401 }
    }
    // At least once: a repeat changes nothing.
    if (seen.has(id)) return { status: 204 }
    seen.add(id)
    const message = JSON.parse(body) as Message
    received.push({ message, id, at })
    take(message)
    return { status: 204 }
  })

  function take(message: Message): void {
    const known: Case = cases.get(message.id) ?? {
      ...{ id: message.id, n: 0, over: null, plate: null, doNotCall: false, way: [], caps: [], callback: null },
    }
    cases.set(message.id, known)
    if (message.version !== 1) faults.push(`version ${message.version}`)
    if (message.cap !== undefined) {
      faults.push(...faultsOf(message.cap))
      if (known.caps.includes(identifierOf(message.cap))) faults.push(`${identifierOf(message.cap)} came twice`)
      known.caps.push(identifierOf(message.cap))
    } else if (message.type !== 'handoff.trace') faults.push(`${message.type} without a CAP document`)
    // What comes late is older than what is known.
    if (message.n <= known.n) return
    known.n = message.n
    if (message.location) known.way.push({ lat: message.location.lat, lng: message.location.lng })
    if (message.vehicle) known.plate = message.vehicle.plate
    if (message.doNotCallDriver !== undefined) known.doNotCall = message.doNotCallDriver
    if (message.callback) known.callback = message.callback
    if (message.type === 'handoff.cancel') known.over = message.note ?? 'over'
  }

  /** Its unit accepts, is on its way, is there, is done. `forged`: signed with another key. */
  async function say(handOffId: string, state: string, more: { etaMinutes?: number; forged?: boolean } = {}) {
    const callback = cases.get(handOffId)?.callback
    if (!callback) throw new Error(`no hand-off ${handOffId} has come`)
    said++
    const body = JSON.stringify({
      ...{ type: 'handoff.status', id: handOffId, state, unit: 'Mobile 7', ref: 'R-0815' },
      ...(more.etaMinutes === undefined ? {} : { etaMinutes: more.etaMinutes }),
      at: new Date().toISOString(),
    })
    const secret = more.forged ? WEBHOOK_SECRET : callback.secret
    return deliver(callback.url, { method: 'POST', headers: signed(secret, `agency-${said}`, body), body })
  }

  return { url: `${served.origin}/handoff`, plans, cases, received, faults, say, close: served.close }
}

const signature = (secret: string, id: string, timestamp: string, body: string): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64')}`

function isGenuine(secret: string, headers: Headers, body: string): boolean {
  const [id, timestamp] = [headers.get('webhook-id') ?? '', headers.get('webhook-timestamp') ?? '']
  return (headers.get('webhook-signature') ?? '').split(' ').includes(signature(secret, id, timestamp, body))
}

function signed(secret: string, id: string, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000))
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature(secret, id, timestamp, body),
  }
}

const identifierOf = (cap: string): string => /<identifier>([^<]+)</.exec(cap)?.[1] ?? ''
