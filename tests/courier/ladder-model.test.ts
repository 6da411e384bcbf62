import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { type Climber, climb, type ProvidersOf, type Try } from '../../src/courier/ladder'
import type { Word } from '../../src/courier/states'
import type { Address, AttemptState, Channel } from '../../src/domain/page'

const START = 1_800_000_000_000
const SILENCE_MS = 30_000
/** No group holds longer than a line's wait for a P1, silence, an answer that does not come, and two deadlines. */
const GROUP_HOLDS_MS = 2 * 4_300 + 2 * SILENCE_MS + 60_000 + 10_000

/** What becomes of an attempt, one thing after the other; the last for good. */
type Fate = readonly { afterMs: number; state: AttemptState; word: Word | null }[]

const ACCEPTED = { afterMs: 200, state: 'accepted', word: null } as const
const FATES: Record<string, Fate> = {
  refused: [{ afterMs: 200, state: 'failed', word: 'refused' }],
  trouble: [{ afterMs: 200, state: 'failed', word: 'provider' }],
  unknown: [{ afterMs: 4_300, state: 'failed', word: 'unknown' }],
  lost: [{ afterMs: 5_500, state: 'failed', word: 'lost' }],
  silent: [ACCEPTED],
  undelivered: [ACCEPTED, { afterMs: 900, state: 'undelivered', word: 'person' }],
  busy: [ACCEPTED, { afterMs: 3_000, state: 'failed', word: 'person' }],
  delivered: [ACCEPTED, { afterMs: 2_000, state: 'delivered', word: null }],
  parked: [{ afterMs: 10, state: 'parked', word: 'ours' }],
  budget: [{ afterMs: 0, state: 'stopped', word: 'ours' }],
  queued: [],
}

const address = fc.record<Address>({
  channel: fc.constantFrom<Channel>('voice', 'sms', 'email'),
  to: fc.constantFrom('a', 'b'),
})
const cases = fc.record({
  ladder: fc.array(fc.array(address, { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
  providers: fc.record({
    voice: fc.integer({ min: 0, max: 2 }),
    sms: fc.integer({ min: 0, max: 2 }),
    email: fc.integer({ min: 0, max: 2 }),
  }),
  fates: fc.array(fc.constantFrom(...Object.keys(FATES)), { minLength: 1, maxLength: 20 }),
  /** Circuits that are open at first, and until when. */
  opensAt: fc.constantFrom(0, START + 5_000, START + 90_000),
})

type Run = { tries: (Try & { beganAt: number })[]; grpAt: number[]; exhaustedAt: number | null; climbs: number }

/** An hour of one page that nobody answers. */
function run({ ladder, providers, fates, opensAt }: typeof cases extends fc.Arbitrary<infer T> ? T : never): Run {
  const page: Climber = { ladder, reason: 'escalation', priority: 'P1', until: null, decidedAt: START, grp: 0 }
  const done: Run = { tries: [], grpAt: [START], exhaustedAt: null, climbs: 0 }
  let events: { at: number; of: Try; state: AttemptState; word: Word | null }[] = []
  const providersOf: ProvidersOf = (channel) =>
    Array.from({ length: providers[channel as keyof typeof providers] }, (_, n) => ({
      name: `p${n}`,
      silenceMs: SILENCE_MS,
      opensAt: n === 0 && opensAt > now ? opensAt : 0,
    }))
  let now = START
  let dueAt: number | null = START
  for (;;) {
    const next: number = Math.min(dueAt ?? Number.POSITIVE_INFINITY, ...events.map(({ at }) => at))
    if (next > START + 3_600_000) return done
    now = Math.max(now, next)
    for (const { of, state, word } of events.filter(({ at }) => at <= now))
      Object.assign(of, { state, word, movedAt: now, ...(state === 'accepted' && { acceptedAt: now }) })
    events = events.filter(({ at }) => at > now)
    for (let again = true; again; ) {
      if (++done.climbs > 2_000) throw new Error('it climbs for ever')
      const step = climb(page, done.tries, now, providersOf)
      for (const id of step.silent)
        Object.assign(done.tries.find((each) => each.id === id) as Try, { state: 'failed', word: 'silent' })
      if (step.grp > page.grp) for (let grp = page.grp; grp < step.grp; grp++) done.grpAt.push(now)
      page.grp = step.grp
      if (step.verdict === 'exhausted') done.exhaustedAt ??= now
      for (const { grp, address, pass, provider, refused } of step.begin) {
        const fate = FATES[fates[done.tries.length % fates.length] as string] as Fate
        const made: Run['tries'][number] = {
          id: String(done.tries.length),
          grp,
          ...address,
          pass,
          provider,
          state: refused ? 'failed' : 'queued',
          word: refused === 'circuit_open' ? 'open' : refused ? 'ours' : null,
          stumbled: false,
          ready: true,
          acceptedAt: null,
          movedAt: now,
          beganAt: now,
        }
        done.tries.push(made)
        let at = now
        if (!refused)
          events.push(
            ...fate.map(({ afterMs, state, word }) => {
              at += afterMs
              return { at, of: made, state, word }
            }),
          )
      }
      again = step.begin.length + step.silent.length > 0
      dueAt = step.dueAt
      const waits = done.tries.some(({ state }) => ['queued', 'sending', 'accepted', 'sent'].includes(state))
      if (!again && step.verdict === 'going' && dueAt === null && !waits)
        throw new Error('nothing will happen any more')
    }
  }
}

test('whatever becomes of attempts, every group of a ladder is tried, each within the time that one may hold', () => {
  fc.assert(
    fc.property(cases, (each) => {
      const { grpAt, exhaustedAt, tries } = run(each)
      expect(grpAt).toHaveLength(each.ladder.length + 1)
      expect(exhaustedAt).not.toBeNull()
      grpAt.forEach((at, n) => {
        if (n > 0) expect(at - (grpAt[n - 1] as number)).toBeLessThanOrEqual(GROUP_HOLDS_MS)
      })
      for (const [grp, addresses] of each.ladder.entries())
        for (const { channel, to } of addresses)
          expect(tries.some((t) => t.grp === grp && t.channel === channel && t.to === to)).toBe(true)
    }),
    { numRuns: 400 },
  )
})

test('the next group begins in the very turn in which the last hope of the one before it ended', () => {
  fc.assert(
    fc.property(cases, (each) => {
      const { grpAt, tries } = run(each)
      for (const grp of each.ladder.keys())
        expect(Math.min(...tries.filter((t) => t.grp === grp).map(({ beganAt }) => beganAt))).toBe(grpAt[grp] as number)
    }),
    { numRuns: 400 },
  )
})

test('after a text that may have gone through at most one more of it goes', () => {
  fc.assert(
    fc.property(cases, (each) => {
      const { tries } = run(each)
      const ways = Map.groupBy(tries, ({ grp, channel, to }) => `${grp} ${channel} ${to}`)
      for (const way of ways.values()) {
        const unknown = way.findIndex(({ word }) => word === 'unknown')
        if (unknown < 0) continue
        const went = way
          .slice(unknown + 1)
          .filter(({ word }) => !['provider', 'open', 'refused', 'ours'].includes(word ?? ''))
        expect(went.length).toBeLessThanOrEqual(1)
      }
    }),
    { numRuns: 400 },
  )
})
