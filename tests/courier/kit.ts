// A courier shard on real SQLite, under a clock that is turned by hand, with providers that do as they are told.

import type { ChannelPort, Outgoing, Polled, Sent } from '../../src/courier/channel'
import type { CourierReport, Receipt } from '../../src/courier/contract'
import { Courier } from '../../src/courier/courier'
import type { CourierPorts } from '../../src/courier/ports'
import type { Address, Attempt, Channel, Page } from '../../src/domain/page'
import type { Storage } from '../../src/durable/storage'
import { memoryStorage } from '../support/storage'

export const START = 1_800_000_000_000
export const LEAD = '+639171234567'

/** What a provider does with the next thing that it gets. `hang`: nothing, until its deadline. `throw`: a bug of ours. */
export type Behaviour = Sent | 'hang' | 'throw'

export class Provider implements ChannelPort {
  readonly got: Outgoing[] = []
  /** Done one after the other; when they are used up, `always` is. */
  script: Behaviour[] = []
  always: Behaviour | ((outgoing: Outgoing) => Behaviour)
  polled: Polled | undefined
  polls: string[] = []
  poll?: (providerId: string, signal: AbortSignal) => Promise<Polled>

  constructor(
    readonly provider: string,
    readonly channel: Channel,
    readonly silenceMs = 30_000,
  ) {
    this.always = ({ attemptId }) => ({ is: 'accepted', providerId: idOf(attemptId) })
  }

  send(outgoing: Outgoing, signal: AbortSignal): Promise<Sent> {
    this.got.push(outgoing)
    const what = this.script.shift() ?? (typeof this.always === 'function' ? this.always(outgoing) : this.always)
    if (what === 'throw') throw new Error('cannot be rendered')
    if (what !== 'hang') return Promise.resolve(what)
    return new Promise((resolve) =>
      signal.addEventListener('abort', () => resolve({ is: 'unknown', error: 'timeout' }), { once: true }),
    )
  }

  /** From now on it can be asked, and says this. */
  says(polled: Polled): void {
    this.polled = polled
    this.poll = async (providerId) => {
      this.polls.push(providerId)
      return this.polled ?? null
    }
  }

  get last(): Outgoing {
    const last = this.got.at(-1)
    if (!last) throw new Error(`${this.provider} was not asked`)
    return last
  }
}

export const idOf = (attemptId: string): string => `P-${attemptId.slice(-12)}`

export class Clock {
  now = START
  alarmAt: number | null = null
  private waiting: { at: number; run: () => void }[] = []

  after(ms: number, run: () => void): () => void {
    const entry = { at: this.now + ms, run }
    this.waiting.push(entry)
    return () => {
      this.waiting = this.waiting.filter((each) => each !== entry)
    }
  }

  /** All that was to run in this life is forgotten with it. */
  die(): void {
    this.waiting = []
    this.alarmAt = null
  }

  /** Moves on, stopping wherever something is due, and lets promises settle on the way. */
  async turn(ms: number, alarm: () => void): Promise<void> {
    const end = this.now + ms
    for (;;) {
      await settled()
      const next = Math.min(...this.waiting.map(({ at }) => at), this.alarmAt ?? Number.POSITIVE_INFINITY)
      if (next > end) break
      this.now = Math.max(this.now, next)
      const due = this.waiting.filter(({ at }) => at <= this.now)
      this.waiting = this.waiting.filter(({ at }) => at > this.now)
      for (const { run } of due) run()
      if (this.alarmAt !== null && this.alarmAt <= this.now) {
        this.alarmAt = null
        alarm()
      }
    }
    this.now = end
    await settled()
  }
}

/** Long enough for a provider's answer to have become another provider's request. */
const settled = async (): Promise<void> => {
  for (let each = 0; each < 40; each++) await Promise.resolve()
}

export type Kit = Awaited<ReturnType<typeof courierWith>>

export async function courierWith(channels: ChannelPort[], change: Partial<CourierPorts> = {}) {
  const clock = new Clock()
  const storage: Storage = memoryStorage()
  const seen = { reports: [] as CourierReport[], archived: [] as Attempt[], failures: [] as string[], ids: 0 }
  const ports: CourierPorts = {
    region: 'NCR',
    shard: 0,
    now: () => clock.now,
    newId: () => `00000000-0000-4000-8000-${String(++seen.ids).padStart(12, '0')}`,
    channels,
    after: (ms, run) => clock.after(ms, run),
    wakeAt: (at) => {
      clock.alarmAt = at
    },
    report: async (reports) => {
      seen.reports.push(...reports)
      return reports.map(({ n }) => n)
    },
    archive: async (attempts) => void seen.archived.push(...attempts),
    isRowFault: () => false,
    onFailure: (what, failure) => void seen.failures.push(`${what}: ${failure}`),
    ...change,
  }
  let courier = new Courier(storage, ports)
  const kit = {
    clock,
    seen,
    storage,
    ports,
    get courier() {
      return courier
    },
    turn: (ms = 0) => clock.turn(ms, () => courier.fire()),
    /** The process dies and another begins with what is on the disk. */
    rebirth: async (afterMs = 0) => {
      clock.die()
      clock.now += afterMs
      courier = new Courier(storage, ports)
      await kit.turn()
    },
    send: async (...pages: Page[]) => {
      const taken = await courier.send(pages)
      await kit.turn(1)
      return taken
    },
    attempts: (limit = 1_000) => courier.attempts({ limit }).then((rows) => rows.toReversed()),
    /** "sms twilio delivered", oldest first. */
    story: async () =>
      (await kit.attempts()).map(({ channel, provider, state, error }) =>
        [channel, provider ?? '-', state, error].filter((each) => each !== null).join(' '),
      ),
    receipt: async (attemptId: string, state: Receipt['state'], more: Partial<Receipt> = {}) => {
      const outcome = await courier.receipt({
        attemptId,
        provider: 'twilio',
        providerId: idOf(attemptId),
        state,
        error: null,
        network: null,
        at: clock.now,
        ...more,
      })
      await kit.turn()
      return outcome
    },
  }
  await kit.turn()
  return kit
}

export const voice = (to = LEAD): Address => ({ channel: 'voice', to })
export const sms = (to = LEAD): Address => ({ channel: 'sms', to })
export const email = (to = 'lead@fleet.example'): Address => ({ channel: 'email', to })

let pages = 0

export function pageOf(change: Partial<Page> = {}): Page {
  const id = change.id ?? `page-${++pages}`
  return {
    id,
    region: 'NCR',
    incidentId: `incident-${id}`,
    reason: 'escalation',
    step: 'lead',
    contact: { id: 'ana', name: 'Ana', lang: 'en' },
    ladder: [[sms()]],
    priority: 'P1',
    facts: {
      code: 'NCR-47',
      region: 'NCR',
      priority: 'P1',
      kind: 'panic',
      contactPolicy: 'quiet',
      plate: 'NAB 1234',
      vehicle: 'white Vios',
      place: 'EDSA NB nr Ortigas, Mandaluyong',
      moving: true,
      silentS: null,
      driver: 'Juan D.',
      pressedAt: START,
      towerPhone: '0286540000',
      counts: null,
      text: null,
      ref: null,
      until: null,
      stage: null,
    },
    decidedAt: START,
    until: null,
    drill: false,
    ...change,
  }
}
