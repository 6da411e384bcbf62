// A provider of texts or calls, and the people at its other end. It may be in trouble in all the ways that providers are; what
// it once accepted it delivers, if at all, when it likes, and says so when, how often and in what order it likes.

import type { ChannelPort, Outgoing, Sent } from '../../../src/courier/channel'
import type { Receipt } from '../../../src/courier/contract'
import type { Channel } from '../../../src/domain/page'
import type { World } from '../world/world'
import type { CourierActor } from './courier'

export const PROVIDER_MOODS = [
  'well',
  'fails',
  'hangs',
  'accepts and falls silent',
  'busy',
  'takes it and hangs',
] as const
export type ProviderMood = (typeof PROVIDER_MOODS)[number]

/** What people do who are reached: answer by this key, or nothing. */
export type Answering = { key: '1' | '2' | '9'; chance: number }[]

/** Told before anything is sent. */
export type Called = (outgoing: Outgoing) => void

export class Provider implements ChannelPort {
  mood: ProviderMood = 'well'
  /** Receipts come late, twice, out of order, and some are forged. */
  muddles = false
  readonly got: { attemptId: string; pageId: string; at: number }[] = []

  constructor(
    private readonly world: World,
    readonly provider: string,
    readonly channel: Channel,
    readonly silenceMs: number,
    private readonly courier: () => CourierActor,
    private readonly answering: Answering,
    private readonly called: Called,
  ) {}

  send(outgoing: Outgoing, signal: AbortSignal): Promise<Sent> {
    this.called(outgoing)
    const { random, time } = this.world
    const { attemptId, page } = outgoing
    this.world.say(this.provider, `${this.channel} to ${page.contact.id} of ${page.id.slice(0, 8)} (${this.mood})`)
    const providerId = `P${attemptId.slice(-12)}`
    if (this.mood === 'hangs') return this.whenAborted(signal)
    const answer = (sent: Sent) =>
      new Promise<Sent>((resolve) => {
        const landed = time.after(random.between(20, 900), () => resolve(sent))
        signal.addEventListener('abort', () => {
          landed()
          resolve({ is: 'unknown', error: 'timeout' })
        })
      })
    if (this.mood === 'fails') return answer({ is: 'failed', error: 'http_500' })
    if (this.mood === 'busy') return answer({ is: 'busy', error: 'http_429', retryAfterMs: 5_000 })
    this.got.push({ attemptId, pageId: page.id, at: time.now })
    if (this.mood === 'accepts and falls silent') return answer({ is: 'accepted', providerId })
    this.carry(outgoing, providerId)
    if (this.mood === 'takes it and hangs') return this.whenAborted(signal)
    return answer({ is: 'accepted', providerId })
  }

  private whenAborted(signal: AbortSignal): Promise<Sent> {
    return new Promise((resolve) =>
      signal.addEventListener('abort', () => resolve({ is: 'unknown', error: 'timeout' }), { once: true }),
    )
  }

  private carry({ attemptId }: Outgoing, providerId: string): void {
    const { random, time } = this.world
    const ends = random.chance(0.85) ? ('delivered' as const) : ('undelivered' as const)
    const receipt = (state: Receipt['state'], ms: number, change: Partial<Receipt> = {}) => {
      const error = state === 'undelivered' ? '30008' : null
      const said = { attemptId, provider: this.provider, providerId, state, error, network: null, at: time.now + ms }
      time.after(ms, () => this.tell({ ...said, ...change }))
    }
    const first = random.between(100, 3_000)
    const last = first + random.between(200, 4_000)
    receipt('sent', this.muddles && random.chance(0.3) ? last + random.between(1, 20_000) : first)
    receipt(ends, last)
    if (this.muddles) {
      for (let n = random.between(0, 3); n > 0; n--)
        receipt(random.of(['sent', ends] as const), random.between(1, 40_000))
      if (random.chance(0.4)) receipt('delivered', random.between(1, 2_000), { providerId: 'P-forged' })
      if (random.chance(0.2)) receipt('delivered', random.between(1, 2_000), { attemptId: 'NCR.0.unknown' })
    }
    if (ends !== 'delivered') return
    for (const { key, chance } of this.answering) {
      if (!random.chance(chance)) continue
      time.after(last + random.between(2_000, 25_000), () => {
        this.world.say(this.provider, `somebody answers ${key} to ${attemptId.slice(-8)}`)
        this.deliver('an answer', (core) => core.heard({ attemptId, key, at: time.now }), 5)
      })
      break
    }
  }

  private tell(receipt: Receipt): void {
    this.deliver(`receipt ${receipt.state}`, (core) => core.receipt(receipt), 5)
  }

  /** Webhooks are repeated until they are answered, for a while. */
  private deliver<T>(
    what: string,
    run: Parameters<typeof this.world.network.call<NonNullable<CourierActor['living']>, T>>[3],
    left: number,
  ): void {
    const { world } = this
    let over = false
    const again = () => {
      if (over) return
      over = true
      if (left > 1) this.deliver(what, run, left - 1)
    }
    world.time.after(10_000, again)
    world.network.call({ name: this.provider, life: null }, this.courier(), what, run).then(
      () => {
        over = true
      },
      () => world.time.after(world.random.between(500, 3_000), again),
    )
  }
}
