// Which providers are worth asking, kept over restarts: a provider that is down is not learned anew with every death of ours.

import type { Channel } from '../domain/page'
import { type Circuit, closedCircuit, itAnswered, itFailed, mayAsk, type Pauses } from '../durable/circuit'
import type { Storage } from '../durable/storage'
import type { ChannelPort } from './channel'
import type { CourierHealth } from './contract'

/** A ladder waits for nobody's recovery, so a provider is looked at again soon. */
const PAUSES: Pauses = { firstMs: 5_000, longestMs: 120_000, trialMs: 5_000 }

/** Behind one address each, which says nothing of the others'. */
const WITHOUT: readonly Channel[] = ['webhook', 'lifeline']

type Way = Pick<ChannelPort, 'provider' | 'channel'>

type Row = { provider: string; failures: number; open_until: number; last_failure: string | null }

export class Circuits {
  private readonly circuits = new Map<string, Circuit>()
  /** When each that is open was first found so, in this life of the shard. */
  private readonly openSince = new Map<string, number>()

  constructor(
    private readonly storage: Storage,
    private readonly now: () => number,
  ) {
    const rows = storage.sql.exec<Row>('SELECT provider, failures, open_until, last_failure FROM circuit').toArray()
    for (const { provider, failures, open_until, last_failure } of rows)
      this.circuits.set(provider, { failures, openUntil: open_until, lastFailure: last_failure })
  }

  /** 0 where it may be asked now, else when, epoch ms. */
  opensAt(way: Way): number {
    const until = this.of(way).openUntil
    // Set back, the clock makes nobody wait longer than the longest pause.
    if (until - this.now() > PAUSES.longestMs) return 0
    return until <= this.now() ? 0 : until
  }

  /** As `opensAt` 0; and after a pause the one that asks is the trial, which others wait for. */
  mayAsk(way: Way): boolean {
    const circuit = this.of(way)
    if (circuit.openUntil !== 0 && this.opensAt(way) === 0) circuit.openUntil = Math.min(circuit.openUntil, this.now())
    const asked = mayAsk(circuit, this.now(), PAUSES)
    if (asked && circuit.openUntil !== 0) this.keep(way, circuit)
    return asked
  }

  answered(way: Way): void {
    const circuit = this.of(way)
    if (circuit.failures === 0 && circuit.openUntil === 0) return
    itAnswered(circuit)
    this.keep(way, circuit)
  }

  failed(way: Way, why: string): void {
    if (WITHOUT.includes(way.channel)) return
    const circuit = this.of(way)
    itFailed(circuit, why, this.now(), PAUSES)
    this.keep(way, circuit)
  }

  /** It asked for a pause by itself: a quota is no failure, and nobody asks before it is over. */
  paused(way: Way, why: string, ms: number): void {
    if (WITHOUT.includes(way.channel)) return
    const circuit = this.of(way)
    circuit.openUntil = Math.max(circuit.openUntil, this.now() + Math.min(ms, PAUSES.longestMs))
    circuit.lastFailure = why
    this.keep(way, circuit)
  }

  state(ways: readonly ChannelPort[]): CourierHealth['circuits'] {
    return ways.map((way) => {
      const until = this.opensAt(way)
      return {
        provider: nameOf(way),
        open: until > 0,
        failures: this.of(way).failures,
        since: until > 0 ? (this.openSince.get(nameOf(way)) ?? null) : null,
        until: until > 0 ? until : null,
      }
    })
  }

  private of(way: Way): Circuit {
    const known = this.circuits.get(nameOf(way))
    if (known) return known
    const fresh = closedCircuit()
    this.circuits.set(nameOf(way), fresh)
    return fresh
  }

  private keep(way: Way, { failures, openUntil, lastFailure }: Circuit): void {
    if (openUntil === 0) this.openSince.delete(nameOf(way))
    else if (!this.openSince.has(nameOf(way))) this.openSince.set(nameOf(way), this.now())
    this.storage.sql.exec(
      `INSERT INTO circuit (provider, failures, open_until, last_failure) VALUES (?, ?, ?, ?)
       ON CONFLICT (provider) DO UPDATE SET (failures, open_until, last_failure) =
         (excluded.failures, excluded.open_until, excluded.last_failure)`,
      nameOf(way),
      failures,
      openUntil,
      lastFailure,
    )
  }
}

/** A provider's texts may be down while its calls are not: `twilio sms`, `twilio voice`. */
export const nameOf = ({ provider, channel }: { provider: string; channel: Channel }): string =>
  provider === channel ? provider : `${provider} ${channel}`
