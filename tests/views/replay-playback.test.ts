// The clock of a replay, the keys of its slider, the times that can be chosen, and what is marked on it.

import { describe, expect, test } from 'bun:test'
import { advance, begin, press, seek, stepOf, toggle } from '../../views/client/map/replay/playback'
import { fromManila, spanOf, toManila } from '../../views/client/map/replay/span'
import { neighbour, shownOf, type TrackAnswer } from '../../views/client/map/replay/track'
import { t } from '../../views/words'

const HOUR = 3_600_000
const NOON = Date.UTC(2026, 10, 22, 4)

describe('the clock', () => {
  test('runs as fast as it was told, and stops at the end', () => {
    const playing = toggle({ ...begin(0, HOUR), pace: 60 })
    expect(advance(playing, 1_000).at).toBe(60_000)
    expect(advance(playing, 60_000)).toMatchObject({ at: HOUR, playing: false })
    expect(advance(begin(0, HOUR), 1_000).at).toBe(0)
  })

  test('begins anew from its end, and goes on from where it stood', () => {
    expect(toggle(seek(begin(0, HOUR), HOUR))).toMatchObject({ at: 0, playing: true })
    expect(toggle(seek(begin(0, HOUR), 5))).toMatchObject({ at: 5, playing: true })
    expect(toggle(toggle(begin(0, HOUR)))).toMatchObject({ playing: false })
  })

  test('an arrow is a round time that suits the whole, Shift a second', () => {
    expect([HOUR, 4 * HOUR, 24 * HOUR, 32 * 24 * HOUR].map((to) => stepOf({ from: 0, to }) / 1_000)).toEqual([
      15, 60, 600, 3_600,
    ])
    const middle = seek(begin(0, HOUR), HOUR / 2)
    const at = (key: string, fine = false) => press(middle, key, fine)?.at
    expect(
      [at('ArrowRight'), at('ArrowLeft'), at('ArrowRight', true)].map((each) => (each as number) - HOUR / 2),
    ).toEqual([15_000, -15_000, 1_000])
    expect([at('Home'), at('End'), at('PageUp')]).toEqual([0, HOUR, HOUR / 2 + 150_000])
    expect(press(middle, ' ')?.playing).toBe(true)
    expect(press(middle, 'a')).toBeNull()
    expect(press(begin(0, HOUR), 'ArrowLeft')?.at).toBe(0)
  })
})

describe('the time that is shown', () => {
  const own = { from: '2026-11-22T10:00', to: '2026-11-22T12:30' }

  test('is hours until now, or what was chosen in Manila', () => {
    expect(spanOf('four', NOON, null, own)).toEqual({ from: NOON - 4 * HOUR, to: NOON })
    expect(spanOf('own', NOON, null, own)).toEqual({ from: NOON - 2 * HOUR, to: NOON + HOUR / 2 })
    expect(toManila(fromManila(own.from) as number)).toBe(own.from)
  })

  test('of an incident begins half an hour before it and ends after it, or now', () => {
    const since = NOON - HOUR
    expect(spanOf('incident', NOON, { since, until: null }, own)).toEqual({ from: since - HOUR / 2, to: NOON })
    expect(spanOf('incident', NOON, { since, until: since + 60_000 }, own)).toEqual({
      from: since - HOUR / 2,
      to: since + 60_000 + HOUR / 2,
    })
  })

  test('that is none says why', () => {
    expect(spanOf('own', NOON, null, { from: '', to: own.to })).toBe('replay.wrong_time')
    expect(spanOf('own', NOON, null, { from: own.to, to: own.from })).toBe('replay.wrong_order')
    expect(spanOf('own', NOON, null, { from: '2026-10-01T00:00', to: own.to })).toBe('replay.too_long')
    expect(fromManila('2026-13-40T99:00')).toBeNull()
  })
})

describe('what is marked', () => {
  const iso = (s: number) => new Date(NOON + s * 1_000).toISOString()
  const point = (s: number, changes: Partial<TrackAnswer['points'][number]> = {}): TrackAnswer['points'][number] => ({
    ...{ at: iso(s), lat: 14.5 + s / 1e4, lng: 121, speedMps: 8, headingDeg: 0, event: null, doubts: [] },
    ...changes,
  })
  const page = (changes: Partial<TrackAnswer>): TrackAnswer => ({
    ...{ from: iso(0), to: iso(3_600), points: [], sos: [], events: [], next: null },
    ...changes,
  })
  const say = t('en')

  test('is every press, act and news of the device, in order, each where it was', () => {
    const pages = [
      page({
        points: [point(0), point(10, { event: 'crash' })],
        sos: [{ incidentId: 'i', code: 'NCR-1', kind: 'panic', at: iso(5), lat: null, lng: null }],
        events: [{ incidentId: 'i', code: 'NCR-1', type: 'taken', at: iso(8), by: 'Desk 3' }],
        next: iso(20),
      }),
      page({ points: [point(20, { event: 'heartbeat' }), point(30, { doubts: ['jump'] })] }),
    ]
    const { fixes, marks } = shownOf(pages, say)
    expect(fixes.map(({ at }) => at)).toEqual([0, 10, 20].map((s) => NOON + s * 1_000))
    expect(marks.map(({ kind }) => kind)).toEqual(['sos', 'event', 'device'])
    expect(marks[0]?.words).toContain('SOS NCR-1')
    expect(marks[0]?.place?.lat).toBeCloseTo(14.5005, 6)
    expect(marks[1]?.words).toBe('NCR-1 · Taken by Desk 3')
    expect(marks[2]?.words).toBe('crash hint')
    expect(neighbour(marks, NOON, 1)).toBe(marks[0] as (typeof marks)[number])
    expect(neighbour(marks, NOON + 8_000, 1)).toBe(marks[2] as (typeof marks)[number])
    expect(neighbour(marks, NOON + 8_000, -1)).toBe(marks[0] as (typeof marks)[number])
    expect(neighbour(marks, NOON, -1)).toBeNull()
  })

  test('has no place where nobody knew it', () => {
    const event = { incidentId: 'i', code: 'NCR-1', type: 'safe', at: iso(3_000), by: null } as const
    expect(shownOf([page({ points: [point(0)], events: [event] })], say).marks[0]?.place).toBeNull()
  })
})
