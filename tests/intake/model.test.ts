import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { bench, DURESS, deviceRow, macOf, PIN, pressOf } from './bench'

const DEVICES = ['bus-0', 'bus-1'] as const
const idOf = (device: number, n: number) => `0100000${device}-0000-8000-8000-00000000000${n}`

type Step =
  | { do: 'press'; device: number; n: number }
  | { do: 'cancel'; device: number; of: number; n: number; pin: string }
  | { do: 'push'; device: number; n: number; stale: boolean }
  | { do: 'mood'; mood: 'well' | 'away' | 'silent' | 'forgetful' }
  | { do: 'pass'; ms: number }
  | { do: 'crash' }

const device = fc.integer({ min: 0, max: 1 })
const number = fc.integer({ min: 0, max: 5 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('press' as const), device, n: number }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('cancel' as const),
      device,
      of: device,
      n: number,
      pin: fc.constantFrom(PIN, DURESS, '0000'),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('push' as const), device, n: number, stale: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('mood' as const),
      mood: fc.constantFrom('well' as const, 'away' as const, 'silent' as const, 'forgetful' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 400, 3_000, 11_000) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'crash' as const }) },
)

describe('an intake, whatever happens', () => {
  test('brings every answered press to the room once, lets nobody cancel another’s, and never reads backwards', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60 }), async (steps) => {
        const b = bench()
        await b.learn(DEVICES.map((id) => deviceRow({ id })))
        const answered = new Map<string, string>()
        /** By press: whether its own device typed an accepted PIN for it; and who is under duress. */
        const cancelled = new Set<string>()
        const forced = new Set<string>()
        const heard = new Map<string, number>()
        for (const each of steps) {
          if (each.do === 'press') {
            const [sosId, deviceId] = [idOf(each.device, each.n), DEVICES[each.device] as string]
            const receipt = await b.press({ ...pressOf(b.clock.now()), sosId, deviceId })
            expect(receipt.sosId).toBe(sosId)
            if (answered.has(sosId)) expect(receipt.known).toBe(true)
            answered.set(sosId, deviceId)
          } else if (each.do === 'cancel') {
            const [sosId, deviceId] = [idOf(each.of, each.n), DEVICES[each.device] as string]
            const answer = await b.done(b.intake.cancel(sosId, deviceId, macOf(each.pin, deviceId)))
            if (each.device !== each.of && b.room.presses.has(sosId)) expect(answer.ok).toBe(false)
            if (each.pin === '0000') expect(answer.ok).toBe(false)
            if (answer.ok && each.pin === DURESS) forced.add(deviceId)
            if (answer.ok && each.device === each.of) cancelled.add(sosId)
          } else if (each.do === 'push') {
            const [sosId, deviceId] = [idOf(each.device, each.n), DEVICES[each.device] as string]
            const version = each.stale ? Math.max(0, b.room.version - 1) : ++b.room.version
            const view = { state: 'taken' as const, receivedAt: 0, desk: `Desk ${version}` }
            await b.intake.update([{ sosId, deviceId, view, version, duress: false }])
          } else if (each.do === 'mood') b.room.mood = each.mood
          else if (each.do === 'pass') await b.pass(each.ms)
          else b.crash()
          for (const [sosId, deviceId] of answered) {
            const view = await b.intake.status(sosId, deviceId)
            expect(view).not.toBeNull()
            const version = Number(view?.desk?.slice(5) ?? 0)
            // A folded press reads as the one it was folded into, which changes when it becomes known under its own name.
            if (version > 0) {
              expect(version).toBeGreaterThanOrEqual(heard.get(sosId) ?? 0)
              heard.set(sosId, version)
            }
            const own = [...cancelled].some((id) => answered.get(id) === deviceId)
            if (view?.state === 'cancelled') expect(own || forced.has(deviceId)).toBe(true)
            for (const other of DEVICES) if (other !== deviceId) expect(await b.intake.status(sosId, other)).toBeNull()
          }
        }
        b.room.mood = 'well'
        await b.pass(20_000)
        for (const deviceId of DEVICES) {
          const ids = [...answered].filter(([, owner]) => owner === deviceId).map(([sosId]) => sosId)
          const placed = ids.filter((sosId) => b.room.presses.has(sosId)).length
          const folded = [...b.room.folds.values()]
            .filter((fold) => fold.deviceId === deviceId)
            .reduce((sum, { count }) => sum + count, 0)
          expect(placed + folded).toBe(ids.length)
        }
        expect((await b.intake.tick()).unconfirmed).toBe(0)
      }),
      { numRuns: 150 },
    )
  }, 60_000)
})
