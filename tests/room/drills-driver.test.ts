// A driver's phone in a drill: the press that was asked for alarms nobody, everything else is real at once.

import { describe, expect, test } from 'bun:test'
import { AreasDesk } from '../../src/room/areas-desk'
import { inManila } from '../support/made-up'
import { boss, drillRoom, MINUTE, parked, reported } from './drills-support'

describe('a phone that is asked', () => {
  test('reads DRILL first, in the driver’s language, until when, by its lifeline and then by text', async () => {
    const at = drillRoom()
    await at.asked()
    const [page] = at.pages()
    expect(page).toMatchObject({
      reason: 'drill',
      step: 'device_ask',
      drill: true,
      incidentId: null,
      contact: { id: 'dev-1', lang: 'fil' },
      ladder: [[{ channel: 'lifeline', to: 'dev-1' }], [{ channel: 'sms', to: '+639170000001' }]],
      facts: { code: 'NCR-D01', ref: 'D01' },
    })
    expect(page?.facts.text).toContain('12:10')
  })

  test('and pressed once where it stands passes: nobody is alarmed, and it is told so', async () => {
    const at = drillRoom()
    const drill = await at.asked()
    at.clock.now += 20_000
    const reply = at.send([at.press({ app: 'TraccarClient 9.6' })])
    expect(reply.confirmed).toHaveLength(1)
    expect(at.incidents()).toEqual([])
    expect(at.heard).toEqual([])
    expect(at.trials(drill.id)).toMatchObject([
      { subject: 'device:dev-1', outcome: 'passed', tookMs: 20_000, app: 'TraccarClient 9.6', fix: true },
    ])
    const pages = at.pages()
    expect(pages.map(({ step }) => step)).toEqual(['drill_passed'])
    expect(pages[0]).toMatchObject({ drill: true, reason: 'driver' })
    expect(pages[0]?.facts.text).toContain('walang inalarma')
    expect(at.room.escalation.rearm()).toBe(0)
  })

  test('and pressed without a fix passes as well', async () => {
    const at = drillRoom()
    const drill = await at.asked()
    at.send([at.press({ position: null, labels: ['no_fix'] })])
    expect(at.incidents()).toEqual([])
    expect(at.trials(drill.id)[0]).toMatchObject({ outcome: 'passed', fix: false })
  })

  test('a retry of the press that counted is the same press, also after a restart and when the drill is over', async () => {
    const at = drillRoom()
    await at.asked()
    const press = at.press()
    at.send([press])
    at.send([press], { intake: 'NCR:1' })
    const again = at.reborn()
    again.send([press])
    again.pass(11 * MINUTE)
    again.send([press])
    expect(again.room.queue(10)).toEqual([])
  })
})

describe('what is real', () => {
  test('a second press: both are one incident with sound, which says that there was a drill', async () => {
    const at = drillRoom()
    const drill = await at.asked()
    const first = at.press()
    at.send([first])
    at.clock.now += 5_000
    at.send([at.press()])
    const [incident] = at.incidents()
    expect(incident).toMatchObject({
      id: first.sosId,
      state: 'new',
      priority: 'P1',
      pressCount: 2,
      ring: { to: 'all', reason: 'new' },
    })
    expect(incident?.flags).toContain('drill_window')
    expect(at.room.timers.get('escalate', first.sosId)).not.toBeNull()
    expect(at.trials(drill.id)).toMatchObject([{ outcome: 'became_real', why: 'second_press' }])
  })

  const odd: [string, Parameters<ReturnType<typeof drillRoom>['press']>[0]][] = [
    ['of another kind', { kind: 'medical' }],
    ['while driving', { position: { ...parked, speedMps: 8 } }],
    ['far from where it stood', { position: { ...parked, lat: parked.lat + 0.003 } }],
    ['by a passenger', { reporter: 'passenger' }],
    ['by text', { door: 'text' }],
    ['with words', { note: 'they have a gun' }],
    ['that says whether one may talk', { safeToTalk: false }],
    ['of a mocked place', { labels: ['mocked'] }],
    ['with a revoked token', { labels: ['revoked_token'] }],
    ['that was held up on its way', { labels: ['delayed'] }],
    ['in answer to a message of ours', { answers: 'page-1' }],
  ]
  for (const [what, changes] of odd) {
    test(`a press ${what}`, async () => {
      const at = drillRoom()
      const drill = await at.asked()
      at.send([at.press(changes)])
      expect(at.incidents()).toHaveLength(1)
      expect(at.incidents()[0]?.ring.to).toBe('all')
      expect(at.incidents()[0]?.flags).toContain('drill_window')
      expect(at.trials(drill.id)).toMatchObject([{ outcome: 'became_real' }])
      // What asked it to press is called back.
      expect(at.pages().filter(({ reason }) => reason === 'drill')).toEqual([])
    })
  }

  test('a press that reached its room so late that people may have been told already', async () => {
    const at = drillRoom()
    await at.asked()
    at.send([at.press({ receivedAt: at.clock.now + 1 })])
    expect(at.incidents()).toHaveLength(0)
    const late = drillRoom()
    await late.asked()
    const receivedAt = late.clock.now
    late.clock.now += 6_000
    late.send([late.press({ receivedAt })])
    expect(late.incidents()).toHaveLength(1)
  })

  test('a press whose PIN came before it, and one whose PIN comes after it: the true one, the wrong one, the one under duress', async () => {
    for (const verdict of ['true', 'wrong', 'duress'] as const) {
      const at = drillRoom()
      await at.asked()
      const press = at.press()
      const cancel = { sosId: press.sosId, deviceId: 'dev-1', verdict, at: at.clock.now, n: 1 }
      at.send([press])
      expect(at.incidents()).toHaveLength(0)
      at.send([], { cancels: [cancel] })
      expect(at.incidents().map(({ id }) => id)).toEqual([press.sosId])
      if (verdict === 'duress') expect(at.incidents()[0]).toMatchObject({ priority: 'P1', contactPolicy: 'quiet' })

      const before = drillRoom()
      await before.asked()
      before.send([], { cancels: [cancel] })
      before.send([before.press({ sosId: press.sosId })])
      expect(before.incidents()).toHaveLength(1)
    }
  })

  test('moving off after the press that counted', async () => {
    const at = drillRoom()
    const drill = await at.asked()
    const press = at.press()
    at.send([press])
    at.reports['dev-1'] = [reported(at.clock.now + 10_000, { position: { ...inManila, speedMps: 12 } })]
    at.pass(21_000)
    await at.errands()
    expect(at.incidents().map(({ id }) => id)).toEqual([press.sosId])
    expect(at.incidents()[0]?.ring.to).toBe('all')
    expect(at.trials(drill.id)[0]).toMatchObject({ outcome: 'became_real', why: 'moving' })
  })

  test('standing still after it stays a drill, and two minutes later driving on is nobody’s business', async () => {
    const at = drillRoom()
    const drill = await at.asked()
    at.send([at.press()])
    for (let n = 0; n < 10; n++) {
      at.reports['dev-1'] = [reported(at.clock.now, { protocol: 'osmand' })]
      at.pass(20_000)
      await at.errands()
    }
    at.reports['dev-1'] = [reported(at.clock.now, { position: { ...inManila, speedMps: 12 } })]
    at.pass(60_000)
    await at.errands()
    expect(at.incidents()).toEqual([])
    expect(at.trials(drill.id)[0]).toMatchObject({ outcome: 'passed', client: 'osmand' })
  })

  test('another phone of the same driver: what had counted is real too, and the drill is over', async () => {
    const at = drillRoom()
    const [driver] = at.room.directory.all('driver')
    at.room.learn([
      {
        kind: 'device',
        id: 'dev-9',
        version: 40,
        body: {
          id: 'dev-9',
          home: 'NCR',
          driverId: driver?.id ?? '',
          vehicleId: null,
          minGeneration: 1,
          pinMac: null,
          duressPinMac: null,
        },
      },
    ])
    const mine = at.room.directory.get('device', 'dev-1')?.driverId === driver?.id ? 'dev-1' : 'dev-2'
    const drill = await at.asked({ devices: [mine] })
    at.send([at.press({ deviceId: mine })])
    at.send([at.press({ deviceId: 'dev-9' })])
    expect(at.incidents()).toHaveLength(1)
    expect(at.incidents()[0]?.pressCount).toBe(2)
    expect(at.trials(drill.id)[0]).toMatchObject({ outcome: 'became_real' })
  })

  test('a press when the window is over', async () => {
    const at = drillRoom()
    await at.asked()
    at.pass(10 * MINUTE + 1)
    at.send([at.press()])
    expect(at.incidents()).toHaveLength(1)
  })
})

describe('who is not asked', () => {
  test('whose incident is open: neither before nor while a drill waits; and a drill ends at once when one opens', async () => {
    const at = drillRoom()
    at.send([at.press({ deviceId: 'dev-2' })])
    const plan = at.desk.plan({ kind: 'driver', devices: ['dev-1', 'dev-2'], requestId: 'x' }, boss)
    expect(plan).toMatchObject({
      ok: true,
      plan: {
        subjects: [{ subject: 'device:dev-1' }],
        leftOut: [{ subject: 'device:dev-2', why: 'open_incident' }],
      },
    })
    const drill = await at.asked()
    at.room.create(
      {
        reporter: 'contact',
        kind: 'panic',
        note: null,
        phone: null,
        plate: null,
        lat: null,
        lng: null,
        deviceId: 'dev-1',
        region: 'NCR',
        safeToTalk: null,
        requestId: 'q',
      },
      boss,
    )
    expect(at.trials(drill.id)).toMatchObject([{ outcome: 'called_off', why: 'incident', state: 'over' }])
    expect(at.pages().filter(({ reason }) => reason === 'drill')).toEqual([])
  })

  test('whose quiet incident ended today', () => {
    const at = drillRoom()
    const press = at.press()
    at.send([press])
    at.room.act(press.sosId, { type: 'take' }, boss)
    at.room.act(press.sosId, { type: 'safe', confirmedBy: 'own_voice' }, boss)
    at.room.act(press.sosId, { type: 'close' }, boss)
    expect(at.desk.plan({ kind: 'driver', devices: ['dev-1'], requestId: 'x' }, boss)).toMatchObject({
      plan: { subjects: [], leftOut: [{ why: 'open_incident' }] },
    })
  })

  test('who drives, as far as one knows', async () => {
    const at = drillRoom()
    at.places['dev-1'] = { ...inManila, fixedAt: at.clock.now, speedMps: 9 }
    const drill = await at.asked()
    expect(at.pages()).toEqual([])
    expect(at.trials(drill.id)).toMatchObject([{ outcome: 'moving', state: 'over' }])
  })
})

describe('a window that is over without a press', () => {
  test('tells an app that reports and sends no alarm from a phone that is silent, and lists it by what it calls itself', async () => {
    const at = drillRoom()
    const drill = await at.asked({ devices: ['dev-1', 'dev-2'] })
    at.reports['dev-1'] = [reported(at.clock.now + MINUTE, { app: 'TraccarClient 10.0' })]
    at.pass(10 * MINUTE)
    await at.errands()
    expect(at.trials(drill.id)).toMatchObject([
      { subject: 'device:dev-1', outcome: 'no_alarm', app: 'TraccarClient 10.0', client: 'osmand' },
      { subject: 'device:dev-2', outcome: 'silent' },
    ])
    const board = at.desk.board(boss)
    if (!board.ok) throw new Error('no board')
    expect(board.board.report.apps).toContainEqual(
      expect.objectContaining({ name: 'TraccarClient 10.0', tried: 1, passed: 0, fails: { no_alarm: 1 } }),
    )
    expect(board.board.drills[0]).toMatchObject({ passed: false, drill: { endedAt: at.clock.now } })
  })

  test('believes a shard that has forgotten what came and knows that something did', async () => {
    const at = drillRoom()
    const drill = await at.asked()
    at.places['dev-1'] = { ...parked, fixedAt: at.clock.now + MINUTE }
    at.pass(10 * MINUTE)
    await at.errands()
    expect(at.trials(drill.id)).toMatchObject([{ outcome: 'no_alarm', app: null }])
  })

  test('says that nobody knows where the fleet shard does not answer', async () => {
    const at = drillRoom()
    const drill = await at.asked()
    at.pass(12 * MINUTE)
    expect(at.trials(drill.id)).toMatchObject([{ outcome: 'unknown', state: 'over' }])
  })

  test('a phone that nothing could reach has neither passed nor failed, and one that says no has declined', async () => {
    const at = drillRoom()
    const drill = await at.asked({ devices: ['dev-1', 'dev-2'] })
    const [one, two] = at.pages()
    if (!one || !two) throw new Error('no pages')
    at.report(one, 'exhausted', { state: 'failed', error: 'no_lifeline' })
    at.report(two, 'answered', { state: 'answered', answer: 'cannot', channel: 'sms' })
    const outcomes = Object.fromEntries(at.trials(drill.id).map(({ subject, outcome }) => [subject, outcome]))
    expect(outcomes).toEqual({
      [`device:${one.contact.id}`]: 'not_reached',
      [`device:${two.contact.id}`]: 'declined',
    })
  })
})

describe('what a driver says to the message that asked', () => {
  const desk = (at: ReturnType<typeof drillRoom>) =>
    new AreasDesk(at.room, { inside: async () => [], lifelines: async () => [] })
  async function askedPage() {
    const at = drillRoom()
    const drill = await at.asked()
    const [page] = at.pages()
    if (!page) throw new Error('nothing asked')
    const says = (answer: string | null, text: string | null = null, device = 'dev-1') =>
      desk(at).said(page.id, device, { answer, text }, 'lifeline')
    return { ...at, at, drill, page, says }
  }

  test('“cannot” over the lifeline skips it: declined, nobody is asked any more, and said twice it is the same', async () => {
    const { at, drill, says } = await askedPage()
    expect(await says('cannot')).toBe('heard')
    expect(await says('cannot')).toBe('heard')
    expect(at.trials(drill.id)).toMatchObject([{ outcome: 'declined', state: 'over', channel: 'lifeline' }])
    expect(at.pages()).toEqual([])
    expect(at.desk.file(drill.id, boss)).toMatchObject({ drill: { passed: false } })
    // Whoever skipped it and presses is in danger.
    at.send([at.press()])
    expect(at.incidents()).toHaveLength(1)
  })

  test('with words beside it, or as words alone, it skips as well; by text it is the number', async () => {
    for (const [answer, text] of [
      ['skip', 'I am on the road'],
      [null, ' Cannot '],
      ['2', null],
    ] as const) {
      const { at, drill, says } = await askedPage()
      expect(await says(answer, text)).toBe('heard')
      expect(at.trials(drill.id)).toMatchObject([{ outcome: 'declined', why: answer && text }])
    }
  })

  test('“OK” changes nothing, and the press that follows passes', async () => {
    const { at, drill, says } = await askedPage()
    expect(await says('ok')).toBe('heard')
    at.send([at.press()])
    expect(await says('cannot')).toBe('heard')
    expect(at.trials(drill.id)).toMatchObject([{ outcome: 'passed' }])
    expect(at.incidents()).toEqual([])
  })

  test('whatever else they say is a cry for help', async () => {
    const { at, drill, says } = await askedPage()
    expect(await says(null, 'may humahabol sa akin')).toBe('press')
    expect(await says('hurt')).toBe('press')
    expect(at.trials(drill.id)).toMatchObject([{ outcome: null }])
    at.send([at.press({ answers: 'x', door: 'lifeline' })])
    expect(at.incidents()).toHaveLength(1)
    expect(at.trials(drill.id)).toMatchObject([{ outcome: 'became_real' }])
  })

  test('another phone skips nothing, and one that is late is told that it is over', async () => {
    const { at, drill, says } = await askedPage()
    expect(await says('ok', null, 'dev-2')).toBe('unknown')
    // A word for drills, of somebody who is in none, is no word to us.
    expect(await says('cannot', null, 'dev-2')).toBe('press')
    at.pass(12 * MINUTE)
    expect(at.trials(drill.id)).toMatchObject([{ state: 'over' }])
    expect(await says('cannot')).toBe('over')
    at.pass(2 * 86_400_000)
    expect(await says('ok')).toBe('unknown')
  })
})
