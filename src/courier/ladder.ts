// What a page does next: which ways begin now, which attempt has been silent for too long, whether every way has failed,
// and when to look again. Pure, and asked again after everything that happens, as often as one likes.

import type { Address, AttemptState, Channel, Page, PageReason } from '../domain/page'
import type { Word } from './states'

/** One attempt as the ladder sees it. Times are by our own clock, epoch ms, whatever a provider says. */
export type Try = {
  id: string
  grp: number
  channel: Channel
  to: string
  /** A pass goes once through the providers of a channel. */
  pass: number
  provider: string | null
  state: AttemptState
  word: Word | null
  /** It could not be made: rendering or sending threw so many times. It is tried again, and nobody waits for that. */
  stumbled: boolean
  /** False while it waits to be told of by the next text. */
  ready: boolean
  acceptedAt: number | null
  movedAt: number
}

/** A provider of a channel, in the order in which they are asked. `opensAt`: 0 where it may be asked now. */
export type Provider = { name: string; silenceMs: number; opensAt: number }

export type Begin = { grp: number; address: Address; pass: number } & (
  | { provider: string; refused: null }
  | { provider: string | null; refused: 'not_configured' | 'circuit_open' }
)

export type Verdict = 'going' | 'told' | 'answered' | 'exhausted' | 'expired'

export type Climb = {
  verdict: Verdict
  /** The group that is being tried from now on; the ladder's length where every group has failed. */
  grp: number
  begin: Begin[]
  /** Attempts that were accepted and have been silent for too long. */
  silent: string[]
  /** When to ask again if nothing happens, epoch ms; null where nothing more will happen by itself. */
  dueAt: number | null
}

export type Climber = Pick<Page, 'ladder' | 'reason' | 'priority' | 'until' | 'decidedAt'> & { grp: number }

/** Reasons of which a person must say something; "delivered" is not enough for them, and the next way is tried. */
const ASKING: readonly PageReason[] = ['escalation', 'storm', 'tower_down', 'room_away', 'drill']

export const asks = (reason: PageReason): boolean => ASKING.includes(reason)

/** A person who was reached has so long to answer before the next way is tried. */
const ANSWER_MS: Record<Channel, number> = {
  voice: 45_000,
  sms: 60_000,
  email: 60_000,
  webhook: 60_000,
  lifeline: 60_000,
}
/** A P1 that waits so long for a free line tries the next way, too. */
const P1_WAITS_MS = 10_000
/** After all providers of a channel were in trouble: the pauses before they are asked again, the last one repeated. */
const AGAIN_MS: Record<Channel, readonly number[]> = {
  voice: [5_000, 15_000, 45_000, 120_000, 300_000],
  sms: [5_000, 15_000, 45_000, 120_000, 300_000],
  email: [10_000, 60_000, 300_000, 900_000],
  webhook: [5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000],
  lifeline: [2_000, 5_000, 15_000, 60_000],
}
/** For so long a way is tried again, where the page itself does not say until when. */
const AGAIN_FOR_MS: Record<Channel, number> = {
  voice: 3_600_000,
  sms: 3_600_000,
  email: 86_400_000,
  webhook: 86_400_000,
  lifeline: 3_600_000,
}
/** A text that may have gone through is followed by one more at most. */
const EXTRA_AFTER_UNKNOWN = 1
/** Deaths in the middle of sending one and the same attempt: it may be what kills us. */
const MOST_LOST = 5

export function climb(page: Climber, tries: readonly Try[], now: number, providersOf: ProvidersOf): Climb {
  const rest = (verdict: Verdict): Climb => ({ verdict, grp: page.grp, begin: [], silent: [], dueAt: null })
  if (tries.some(({ state }) => state === 'answered')) return rest('answered')
  if (!asks(page.reason) && tries.some(({ state }) => state === 'delivered')) return rest('told')
  if (page.until !== null && now >= page.until) return rest('expired')

  const look = new Look(page, now, providersOf)
  const silent = new Set(tries.filter((each) => look.isSilent(each)).map(({ id }) => id))
  // What has just been given up counts as such in the same turn: the next way is not a timer away.
  const known = tries.map((each) => (silent.has(each.id) ? { ...each, state: 'failed', word: 'silent' } : each) as Try)
  let grp = page.grp
  for (; grp < page.ladder.length; grp++) {
    const ways = waysOf(page, grp, known)
    if (!ways.every((way) => look.isOver(way))) break
  }
  for (let at = 0; at <= Math.min(grp, page.ladder.length - 1); at++)
    for (const way of waysOf(page, at, known)) look.proceed(way)
  if (page.until !== null) look.again(page.until)
  return {
    verdict: grp < page.ladder.length ? 'going' : 'exhausted',
    grp,
    begin: look.begin,
    silent: [...silent],
    dueAt: look.dueAt,
  }
}

export type ProvidersOf = (channel: Channel) => readonly Provider[]

/** One address of one group, and what was tried of it, oldest first. */
type Way = { grp: number; address: Address; tries: Try[] }

function waysOf(page: Climber, grp: number, tries: readonly Try[]): Way[] {
  const ways = new Map<string, Way>()
  for (const address of page.ladder[grp] ?? []) {
    const { channel, to } = address
    const own = tries.filter((each) => each.grp === grp && each.channel === channel && each.to === to)
    ways.set(`${channel} ${to}`, { grp, address, tries: own })
  }
  return [...ways.values()]
}

class Look {
  readonly begin: Begin[] = []
  dueAt: number | null = null

  constructor(
    private readonly page: Climber,
    private readonly now: number,
    private readonly providersOf: ProvidersOf,
  ) {}

  again(at: number): void {
    this.dueAt = Math.min(this.dueAt ?? at, at)
  }

  isSilent({ state, acceptedAt, movedAt, channel, provider }: Try): boolean {
    if (state !== 'accepted' && state !== 'sent') return false
    const due = this.since(acceptedAt ?? movedAt) + this.silenceMs(channel, provider)
    if (due <= this.now) return true
    this.again(due)
    return false
  }

  /** Nothing of this way is worth waiting for any more: the next group may begin. */
  isOver({ address, tries }: Way): boolean {
    const last = tries.at(-1)
    if (!last) return false
    const reached = tries.filter(({ state }) => state === 'delivered')
    if (reached.length > 0) {
      const until = Math.max(...reached.map(({ movedAt }) => this.since(movedAt))) + ANSWER_MS[address.channel]
      if (this.now >= until) return true
      this.again(until)
      return false
    }
    // The network has said no, or the first pass is over: what is still tried goes on beside the next group.
    if (last.pass > 0 || tries.some((each) => each.stumbled || wasRejected(each))) return true
    if (last.state === 'queued' && last.ready && this.page.priority === 'P1') {
      const until = this.since(last.movedAt) + P1_WAITS_MS
      if (this.now >= until) return true
      this.again(until)
      return false
    }
    return !isAlive(last) && this.next(address.channel, tries)?.pass !== 0
  }

  /** Begins what is to begin of this way now, or notes when that is. */
  proceed(way: Way): void {
    const next = this.next(way.address.channel, way.tries)
    if (!next) return
    if (next.at > this.now) {
      this.again(next.at)
      return
    }
    const { grp, address } = way
    const { pass, provider } = next
    if (provider) this.begin.push({ grp, address, pass, provider: provider.name, refused: null })
    else {
      const first = this.providersOf(address.channel)[0]
      const refused = first ? 'circuit_open' : 'not_configured'
      this.begin.push({ grp, address, pass, provider: first?.name ?? null, refused })
    }
  }

  /** The next attempt of this way; null where there is none. `provider` undefined: none can be asked, which is noted. */
  private next(channel: Channel, tries: readonly Try[]): Next | null {
    const free = this.providersOf(channel).filter(({ opensAt }) => opensAt <= this.now)
    const last = tries.at(-1)
    if (!last) return { at: this.now, pass: 0, provider: free[0] }
    if (isAlive(last) || tries.some(({ state }) => state === 'delivered') || !this.mayFollow(channel, tries, last))
      return null
    const asked = tries.filter(({ pass }) => pass === last.pass).map(({ provider }) => provider)
    const other = free.find(({ name }) => !asked.includes(name))
    // What died with us is tried again by the same provider where there is no other.
    const provider = other ?? (last.word === 'lost' ? free[0] : undefined)
    if (provider) return { at: this.now, pass: last.pass, provider }
    return this.later(channel, tries, last)
  }

  private mayFollow(channel: Channel, tries: readonly Try[], last: Try): boolean {
    if (tries.filter(({ word }) => word === 'lost').length >= MOST_LOST) return false
    const unknown = tries.findIndex(({ word }) => word === 'unknown')
    const wentSince = unknown < 0 ? 0 : tries.slice(unknown + 1).filter(mayHaveGone).length
    if (wentSince >= EXTRA_AFTER_UNKNOWN) return false
    // A text that one network path did not carry may go by another; a person who does not pick up is the same to all.
    if (wasRejected(last)) return channel !== 'voice'
    return last.word !== null && NOT_THE_PERSON.includes(last.word)
  }

  /** A new pass, where trouble was only the providers' and not with what was sent. */
  private later(channel: Channel, tries: readonly Try[], last: Try): Next | null {
    const pass = tries.filter((each) => each.pass === last.pass)
    if (!pass.some(({ word }) => word === 'provider' || word === 'open' || word === 'lost')) return null
    const pauses = AGAIN_MS[channel]
    const pause = pauses[Math.min(last.pass, pauses.length - 1)] as number
    const opens = Math.min(...this.providersOf(channel).map(({ opensAt }) => opensAt))
    const at = Math.max(this.since(last.movedAt) + pause, opens)
    const end = this.page.until ?? this.page.decidedAt + AGAIN_FOR_MS[channel]
    if (at >= end) return null
    const provider = this.providersOf(channel).find(({ opensAt }) => opensAt <= this.now)
    return { at: Math.max(at, this.now), pass: last.pass + 1, provider }
  }

  private silenceMs(channel: Channel, provider: string | null): number {
    return this.providersOf(channel).find(({ name }) => name === provider)?.silenceMs ?? ANSWER_MS[channel]
  }

  /** A clock that was set back makes nobody wait for the difference. */
  private since(at: number): number {
    return Math.min(at, this.now)
  }
}

type Next = { at: number; pass: number; provider: Provider | undefined }

const NOT_THE_PERSON: readonly Word[] = ['provider', 'open', 'unknown', 'lost', 'refused']

/** The network or the person said no, as a receipt told. */
const wasRejected = ({ state, word }: Try): boolean =>
  state === 'undelivered' || (state === 'failed' && word === 'person')

/** The person may have it, or have had it. */
const mayHaveGone = ({ state, word }: Try): boolean =>
  !(state === 'failed' && (word === 'provider' || word === 'open' || word === 'refused' || word === 'ours'))

const ALIVE: readonly AttemptState[] = ['queued', 'sending', 'accepted', 'sent']
const isAlive = ({ state }: Try): boolean => ALIVE.includes(state)
