// Which ways out this tower has, what is missing for those that are off (names of settings, never a value), and what the
// couriers said of their providers in the sentinel's last round.

import { nameOf } from '../courier/circuits'
import type { CourierHealth } from '../courier/contract'
import type { Channel } from '../domain/page'
import type { RegionId } from '../domain/region'
import type { TickReport } from '../sentinel/contract'
import type { Env } from './env'

type Setting = Extract<keyof Env, string>

type Way = { provider: string; channel: Channel; settings: readonly Setting[] }

/** In the order in which they are tried. A lifeline needs nothing: it is the driver's own phone. */
const WAYS: readonly Way[] = [
  { provider: 'twilio', channel: 'sms', settings: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_SMS_FROM'] },
  { provider: 'sim', channel: 'sms', settings: ['SIM_GATEWAY_URL', 'SIM_GATEWAY_TOKEN', 'SIM_GATEWAY_SECRET'] },
  { provider: 'twilio', channel: 'voice', settings: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_VOICE_FROM'] },
  { provider: 'sendgrid', channel: 'email', settings: ['SENDGRID_API_KEY', 'SENDGRID_FROM', 'SENDGRID_WEBHOOK_KEY'] },
  { provider: 'webhook', channel: 'webhook', settings: ['WEBHOOK_SECRET'] },
  { provider: 'lifeline', channel: 'lifeline', settings: [] },
]

/** Providers that many people are behind: each has a circuit. */
const WITH_CIRCUIT = ['twilio', 'sim', 'sendgrid']

/** A round is due once a minute. */
export const REPORT_OLD_MS = 180_000

export type WayOut = {
  name: string
  provider: string
  channel: Channel
  on: boolean
  /** Names of settings. */
  missing: string[]
  /** Null for what is behind one address each, and where no courier of the region has said anything. Times are epoch ms. */
  circuit: { open: number; of: number; failures: number; since: number | null; until: number | null } | null
}

export type WaysOut = {
  ways: WayOut[]
  /** Of the report; null where there is none, or one that is too old to be believed. */
  at: number | null
  queued: number
  underWay: number
  parked: number
  /** Courier shards that did not answer the sentinel. */
  away: number
  /** Receipts and answers that changed nothing. */
  ignored: CourierHealth['ignored']
}

export function waysOut(env: Partial<Env>, region: RegionId, report: TickReport | null, now: number): WaysOut {
  const believed = report && Math.abs(now - report.at) < REPORT_OLD_MS ? report : null
  const ofRegion = (believed?.couriers ?? []).filter(({ name }) => name.startsWith(`${region}:`))
  const shards = ofRegion.filter((each): each is CourierHealth => 'circuits' in each)
  const sum = (count: (shard: CourierHealth) => number) => shards.reduce((all, shard) => all + count(shard), 0)
  return {
    ways: WAYS.map(({ provider, channel, settings }) => {
      const name = nameOf({ provider, channel })
      const missing = settings.filter((setting) => !env[setting])
      return {
        name,
        provider,
        channel,
        on: missing.length === 0,
        missing,
        circuit: WITH_CIRCUIT.includes(provider) ? circuitOf(name, shards) : null,
      }
    }),
    at: believed?.at ?? null,
    queued: sum(({ queued }) => queued),
    underWay: sum(({ underWay }) => underWay),
    parked: sum(({ parked }) => parked),
    away: ofRegion.length - shards.length,
    ignored: {
      late: sum(({ ignored }) => ignored.late),
      repeated: sum(({ ignored }) => ignored.repeated),
      unknown: sum(({ ignored }) => ignored.unknown),
      forged: sum(({ ignored }) => ignored.forged),
    },
  }
}

function circuitOf(name: string, shards: readonly CourierHealth[]): WayOut['circuit'] {
  const found = shards.flatMap(({ circuits }) => circuits.filter(({ provider }) => provider === name))
  if (found.length === 0) return null
  const open = found.filter((each) => each.open)
  const times = (of: 'since' | 'until') => open.map((each) => each[of] ?? null).filter((at) => at !== null)
  return {
    open: open.length,
    of: found.length,
    failures: Math.max(...found.map(({ failures }) => failures)),
    since: times('since').length > 0 ? Math.min(...times('since')) : null,
    until: times('until').length > 0 ? Math.max(...times('until')) : null,
  }
}

export type Lamp = { is: 'ok' | 'none' | 'unseen' | 'all_down' } | { is: 'down'; names: string[] }

/** What a desk has to know of all of it at a glance. */
export function lampOf({ ways, at }: Pick<WaysOut, 'ways' | 'at'>): Lamp {
  const people = ways.filter(({ on, provider }) => on && WITH_CIRCUIT.includes(provider))
  if (people.length === 0) return { is: 'none' }
  if (at === null) return { is: 'unseen' }
  const down = people.filter(({ circuit }) => (circuit?.open ?? 0) > 0)
  if (down.length === 0) return { is: 'ok' }
  return down.length === people.length ? { is: 'all_down' } : { is: 'down', names: down.map(({ name }) => name) }
}
