// "Are you OK?", from what a fleet shard notices to what becomes of it: shard and room as they run, on a clock that tests turn.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { checkIncident, HINT_REASONS, raisedPerHour, WELFARE_RULES } from '../../src/domain/welfare'
import { aWatchedFence } from '../support/fences'
import { openRegion, type Region } from '../support/fleet-and-room'
import { aPress, crew, inManila, viewer } from '../support/made-up'

const S = 1_000
const MINUTE = 60 * S
const ana = viewer('ana')

/** Each hints at a crash, and lives on without a word of its driver. */
async function crash(region: Region, ...ids: string[]) {
  for (const id of ids) await region.say(id, {}, { event: 'crash' })
  await region.pass(5 * S)
}
const ids = (count: number) => Array.from({ length: count }, (_, n) => `d${n}`)
const ends = (region: Region) => region.linesOf('check_ended').map(({ body }) => body?.end)

describe('a hint', () => {
  test('asks the phone over its lifeline, once, and an OK ends it without an incident', async () => {
    const region = openRegion()
    region.lines.add('d0')
    await crash(region, 'd0')
    await region.say('d0', {}, { event: 'crash', protocol: 'again' })
    await region.pass(10 * S)
    expect(region.asked).toMatchObject([{ deviceId: 'd0', reason: 'crash' }])
    const id = region.asked[0]?.id ?? ''
    expect(region.room.welfare.ok(id, 'another')).toBe(false)
    expect(region.room.welfare.ok(id, 'd0')).toBe(true)
    expect(region.room.welfare.ok(id, 'd0')).toBe(true)
    await region.pass(5 * MINUTE)
    expect(region.incidents()).toEqual([])
    expect(region.log().map(({ type, body }) => [type, body?.end])).toEqual([
      ['check_began', undefined],
      ['check_ended', 'ok'],
    ])
  })

  test('that nobody answers for a minute is a P2 incident, marked as a check, with the contact policy of the table', async () => {
    const region = openRegion()
    region.room.learn(crew('d0', 1))
    region.lines.add('d0')
    await crash(region, 'd0')
    await region.pass(50 * S)
    expect(region.incidents()).toEqual([])
    await region.pass(15 * S)
    expect(region.incidents()).toMatchObject([
      {
        priority: 'P2',
        kind: 'crash',
        door: 'check',
        reporter: 'device',
        contactPolicy: 'voice_ok',
        state: 'new',
        flags: ['check', 'hint_crash'],
        pressCount: 0,
        driver: { name: 'Made-up Reyes' },
        vehicle: { plate: 'NAB 1234' },
      },
    ])
    expect(ends(region)).toEqual(['raised'])
  })

  test.each(HINT_REASONS)('of %s is never P1, whatever its kind', (reason) => {
    const check = {
      ...{
        id: 'c',
        deviceId: 'd',
        reason,
        at: 0,
        position: inManila,
        onShift: true,
        state: 'asked' as const,
        begunAt: 0,
      },
      ...{ askedAt: 0, wordAt: null, raisedAt: null, incidentId: null, end: null, endedAt: null, by: null },
    }
    const incident = checkIncident(check, { id: 'i', home: 'NCR', code: 'x', now: 0, driver: null, vehicle: null })
    expect([incident.priority, incident.flags]).toEqual(['P2', ['check', WELFARE_RULES[reason].flag]])
    expect(incident.contactPolicy).toBe(reason === 'crash' ? 'voice_ok' : 'quiet')
  })

  test('of a tracker without a lifeline is judged all the same', async () => {
    const region = openRegion()
    await region.say('d0', {}, { event: 'power_cut' })
    await region.pass(70 * S)
    expect(region.asked).toEqual([])
    expect(region.incidents()).toMatchObject([{ priority: 'P2', kind: 'security', contactPolicy: 'quiet' }])
  })

  test('at a known place is none, but for a crash', async () => {
    const region = openRegion({ knownPlace: () => true })
    for (const event of ['power_cut', 'tow', 'crash'] as const) await region.say(`of-${event}`, {}, { event })
    await region.pass(70 * S)
    expect(region.incidents().map(({ deviceId }) => deviceId)).toEqual(['of-crash'])
  })

  test('is kept by the room through a crash of its own', async () => {
    const region = openRegion()
    await crash(region, 'd0')
    region.rebear()
    await region.pass(65 * S)
    expect(region.incidents()).toMatchObject([{ priority: 'P2' }])
  })

  test('of somebody with an open incident asks nothing', async () => {
    const region = openRegion()
    region.lines.add('d0')
    const batch = { intake: 'NCR:0', cancels: [], unverified: null, canary: null, directoryVersion: 0 }
    region.room.receive({ ...batch, presses: [aPress({ deviceId: 'd0' })] })
    await crash(region, 'd0')
    await region.pass(2 * MINUTE)
    expect([region.asked, region.incidents().length, region.linesOf('check_began')]).toEqual([[], 1, []])
  })
})

describe('a press', () => {
  const pressed = (region: Region, kind: 'panic' | 'flood' = 'panic') =>
    region.room.receive({
      intake: 'NCR:0',
      presses: [aPress({ deviceId: 'd0', kind, receivedAt: region.clock.now() })],
      cancels: [],
      unverified: null,
      canary: null,
      directoryVersion: 0,
    })

  test('ends the question and is an SOS of its own', async () => {
    const region = openRegion()
    await crash(region, 'd0')
    pressed(region)
    await region.pass(2 * MINUTE)
    expect(region.incidents()).toMatchObject([{ priority: 'P1', door: 'api', flags: [] }])
    expect(ends(region)).toEqual(['sos'])
  })

  test.each(['panic', 'flood'] as const)('of kind %s makes a raised check an SOS that sounds to all', async (kind) => {
    const region = openRegion()
    await crash(region, 'd0')
    await region.pass(65 * S)
    const before = region.incidents()[0]
    expect(before?.flags).toContain('check')
    pressed(region, kind)
    const [after, ...others] = region.incidents()
    expect(others).toEqual([])
    expect(after).toMatchObject({ id: before?.id, kind, pressCount: 1, ring: { to: 'all', reason: 'raised' } })
    expect(after?.priority).toBe(kind === 'panic' ? 'P1' : 'P2')
    expect(after?.flags).not.toContain('check')
  })
})

describe('what an hour can take', () => {
  test('of seven unanswered with one operator six are raised and one is listed', async () => {
    const region = openRegion({ watching: 1 })
    await crash(region, ...ids(7))
    await region.pass(70 * S)
    expect(region.incidents()).toHaveLength(6)
    expect(region.checks()).toMatchObject([{ state: 'listed', reason: 'crash' }])
  })

  test('two operators take twice as many, and nobody watching is counted as one who is paged', async () => {
    for (const [watching, raised] of [
      [2, 12],
      [0, 6],
    ] as const) {
      const region = openRegion({ watching })
      await crash(region, ...ids(14))
      await region.pass(70 * S)
      expect([region.incidents().length, region.checks().length]).toEqual([raised, 14 - raised])
    }
  })

  test('is full again an hour later', async () => {
    const region = openRegion({ watching: 1 })
    await crash(region, ...ids(6))
    await region.pass(58 * MINUTE)
    await crash(region, 'late')
    await region.pass(65 * S)
    expect(region.checks()).toHaveLength(1)
    await region.pass(2 * MINUTE)
    await crash(region, 'later')
    await region.pass(65 * S)
    expect(region.incidents()).toHaveLength(7)
  })

  test('is never exceeded in any hour, however hints come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 5 })), { maxLength: 12 }),
        fc.integer({ min: 0, max: 3 }),
        async (waves, watching) => {
          const region = openRegion({ watching })
          const raisedAt: number[] = []
          let [n, known] = [0, 0]
          for (const [minutes, count] of waves) {
            await crash(region, ...Array.from({ length: count }, () => `w${n++}`))
            for (let minute = 0; minute <= minutes; minute++) {
              await region.pass(MINUTE)
              const now = region.incidents().length
              for (; known < now; known++) raisedAt.push(region.clock.now())
            }
          }
          for (const at of raisedAt) {
            const inHour = raisedAt.filter((other) => other >= at && other < at + 58 * MINUTE).length
            expect(inHour).toBeLessThanOrEqual(raisedPerHour(watching))
          }
        },
      ),
      { numRuns: 20 },
    )
  }, 30_000)
})

describe('a listed check', () => {
  const listed = async () => {
    const region = openRegion()
    await crash(region, ...ids(7))
    await region.pass(70 * S)
    return { region, id: region.checks()[0]?.id ?? '' }
  }

  test('is put aside by a person, who can take that back', async () => {
    const { region, id } = await listed()
    expect(region.room.welfare.act(id, 'aside', ana)).toMatchObject({ ok: true, check: { state: 'put_aside' } })
    expect(region.checks()).toMatchObject([{ state: 'put_aside', by: 'Desk ana' }])
    expect(region.room.welfare.act(id, 'undo', ana)).toMatchObject({ ok: true, check: { state: 'listed' } })
    expect(region.room.welfare.act(id, 'aside', ana).ok).toBe(true)
    await region.pass(2 * MINUTE)
    expect(region.checks()).toEqual([])
    await region.pass(10 * MINUTE)
    expect(region.room.welfare.act(id, 'undo', ana)).toMatchObject({ ok: false, refusal: { reason: 'check_over' } })
  })

  test('is raised by a person whatever the hour has had, once', async () => {
    const { region, id } = await listed()
    const raised = region.room.welfare.act(id, 'raise', ana)
    expect(raised).toMatchObject({ ok: true })
    expect(region.room.welfare.act(id, 'raise', ana)).toEqual(raised)
    expect(region.incidents()).toHaveLength(7)
  })

  test('is nobody’s business without the right, in another region, or under a made-up id', async () => {
    const { region, id } = await listed()
    for (const who of [viewer('tess', { role: 'trainee' }), viewer('ben', { regions: ['CEB'] })])
      expect(region.room.welfare.act(id, 'raise', who)).toMatchObject({ ok: false, refusal: { code: 'forbidden' } })
    expect(region.room.notices(viewer('ben', { regions: ['CEB'] }))).toEqual({ notices: [], checks: [], asking: 0 })
    expect(region.room.welfare.act('none', 'raise', ana)).toMatchObject({ refusal: { code: 'not_found' } })
  })

  test('says nothing of whose it is, and lapses when nobody touched it for two hours', async () => {
    const { region } = await listed()
    expect(Object.keys(region.checks()[0] ?? {}).sort()).toEqual(['at', 'by', 'id', 'lat', 'lng', 'reason', 'state'])
    await region.pass(2 * 60 * MINUTE + MINUTE)
    expect(region.checks()).toEqual([])
    expect(ends(region).at(-1)).toBe('lapsed')
  })

  test('an OK that comes late is a line of the incident, which only a person ends', async () => {
    const region = openRegion()
    region.lines.add('d0')
    await crash(region, 'd0')
    await region.pass(70 * S)
    const [incident] = region.incidents()
    expect(region.room.welfare.ok(region.asked[0]?.id ?? '', 'd0')).toBe(true)
    expect(region.incidents()).toMatchObject([{ id: incident?.id, state: 'new' }])
    expect(region.linesOf('check_answered')).toMatchObject([{ incident: incident?.id }])
  })
})

describe('a long stop', () => {
  const standing =
    (region: Region, ignition: boolean | null, id = 'd0') =>
    async (elapsed: number) => {
      if (elapsed % (60 * S) === 0) await region.say(id, { speedMps: 0 }, { ignition })
    }
  const raised = (region: Region) => region.incidents().map(({ flags }) => flags)

  test('with the engine on is asked about after half an hour, and raised unanswered', async () => {
    const region = openRegion()
    await region.pass(29 * MINUTE, standing(region, true))
    expect(region.linesOf('check_began')).toEqual([])
    await region.pass(5 * MINUTE, standing(region, true))
    expect(raised(region)).toEqual([['check', 'hint_long_stop']])
  })

  test('of a phone is asked about where its lifeline is open, for then its driver is at work', async () => {
    const region = openRegion()
    region.lines.add('on')
    await region.pass(40 * MINUTE, async (elapsed) => {
      await standing(region, null, 'on')(elapsed)
      await standing(region, null, 'off')(elapsed)
    })
    expect(region.asked.map(({ deviceId }) => deviceId)).toEqual(['on'])
    expect(region.incidents().map(({ deviceId }) => deviceId)).toEqual(['on'])
    expect(ends(region)).toContain('off_shift')
  })

  test('with the engine off, or at a known place, is parking', async () => {
    const parked = openRegion()
    await parked.pass(60 * MINUTE, standing(parked, false))
    const depot = openRegion({ knownPlace: () => true })
    await depot.pass(60 * MINUTE, standing(depot, true))
    expect([parked.log(), depot.log()]).toEqual([[], []])
  })

  test('in a fence that is drawn as a depot is parking; a cut cable there is asked about all the same', async () => {
    const region = openRegion({ fences: [aWatchedFence({ name: 'Garahe Makati' }, inManila)] })
    await region.pass(60 * MINUTE, standing(region, true))
    expect(region.log()).toEqual([])
    await region.say('d0', { speedMps: 0 }, { event: 'power_cut' })
    await region.pass(5 * S)
    expect(region.linesOf('check_began')).toMatchObject([{ body: { reason: 'power_cut' } }])
  })

  test.each([
    ['around another place', aWatchedFence({ name: 'Depot' }, { lat: 14.6, lng: 121.1 })],
    ['that is a place to keep out of', aWatchedFence({ name: 'Old depot', kind: 'keep_out' }, inManila)],
    ['of another name', aWatchedFence({ name: 'Graveyard shift area', kind: 'keep_in' }, inManila)],
  ])('in a fence %s is asked about', async (_, fence) => {
    const region = openRegion({ fences: [fence] })
    await region.pass(34 * MINUTE, standing(region, true))
    expect(raised(region)).toEqual([['check', 'hint_long_stop']])
  })

  test('begins anew with the engine after a night', async () => {
    const region = openRegion()
    await region.pass(10 * MINUTE, standing(region, true))
    await region.pass(60 * MINUTE, standing(region, false))
    await region.pass(25 * MINUTE, standing(region, true))
    expect(region.log()).toEqual([])
  })

  test('that ends with driving on is over without anybody', async () => {
    const region = openRegion()
    region.lines.add('d0')
    await region.pass(30 * MINUTE + 30 * S, standing(region, true))
    expect(region.asked).toHaveLength(1)
    await region.say('d0', { lat: inManila.lat + 0.003, speedMps: 9 }, { ignition: true })
    await region.pass(3 * MINUTE)
    expect([region.incidents(), ends(region)]).toEqual([[], ['moving']])
  })

  test('told by a backlog of old fixes is past, and asks nobody', async () => {
    const region = openRegion()
    const now = region.clock.now()
    for (let minute = 50; minute > 10; minute--)
      await region.say('d0', { speedMps: 0, fixedAt: now - minute * MINUTE, doubts: ['stale'] }, { ignition: true })
    await region.say('d0', { lat: inManila.lat + 0.02, speedMps: 12 }, { ignition: true })
    await region.pass(5 * MINUTE)
    expect(region.log()).toEqual([])
  })
})
