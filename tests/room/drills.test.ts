// People on duty, channels and a whole region in a drill; schedules; and what a room keeps and tells of all of it.

import { describe, expect, test } from 'bun:test'
import { hasErrands } from '../../src/room/drills-errands'
import { crew, viewer } from '../support/made-up'
import { boss, drillRoom, MINUTE } from './drills-support'

describe('a person on duty', () => {
  test('is rung as usual, and the key that they press passes, by which way and after how long', () => {
    const at = drillRoom()
    const drill = at.start({ kind: 'duty', contacts: ['lead-1'] })
    const [page] = at.pages()
    expect(page).toMatchObject({
      reason: 'drill',
      drill: true,
      facts: { code: 'NCR-D01', text: null },
      ladder: [
        [
          { channel: 'voice', to: '+639170000009' },
          { channel: 'sms', to: '+639170000009' },
        ],
        [{ channel: 'email', to: 'liza@example.com' }],
      ],
    })
    if (!page) throw new Error('no page')
    at.clock.now += 31_000
    at.report(page, 'answered', { state: 'answered', answer: 'take', channel: 'voice' })
    expect(at.trials(drill.id)).toMatchObject([
      { subject: 'contact:lead-1', outcome: 'passed', channel: 'voice', tookMs: 31_000 },
    ])
    expect(at.desk.file(drill.id, boss)).toMatchObject({ drill: { passed: true, drill: { endedAt: at.clock.now } } })
  })

  test('whom no way reached has failed, and so has whoever says nothing until it is over', () => {
    const at = drillRoom()
    const failed = at.start({ kind: 'duty', contacts: ['lead-1'] })
    const [page] = at.pages()
    if (!page) throw new Error('no page')
    at.report(page, 'exhausted', { state: 'failed', error: 'no_answer', channel: 'email' })
    expect(at.trials(failed.id)).toMatchObject([{ outcome: 'no_answer', why: 'no_answer' }])
    const silent = at.start({ kind: 'duty', contacts: ['lead-1'] })
    at.pass(10 * MINUTE)
    expect(at.trials(silent.id)).toMatchObject([{ outcome: 'no_answer' }])
    expect(at.desk.file(silent.id, boss)).toMatchObject({ drill: { passed: false } })
  })

  test('is in one drill at a time', () => {
    const at = drillRoom()
    at.start({ kind: 'duty', contacts: ['lead-1'] })
    expect(at.desk.start({ kind: 'duty', contacts: ['lead-1'], requestId: 'again' }, boss)).toMatchObject({
      ok: false,
      refusal: { reason: 'nobody' },
    })
  })
})

test('a drill of channels: each is tried alone, a receipt passes it, and a provider that failed is told beside the next one', () => {
  const at = drillRoom()
  const drill = at.start({ kind: 'channel', contacts: ['lead-1'], channels: ['sms', 'email'] })
  const pages = at.pages()
  expect(pages.map(({ ladder }) => ladder)).toEqual([
    [[{ channel: 'sms', to: '+639170000009' }]],
    [[{ channel: 'email', to: 'liza@example.com' }]],
  ])
  const [sms, email] = pages
  if (!sms || !email) throw new Error('no pages')
  at.report(sms, 'attempt', { state: 'failed', error: '30008', provider: 'twilio' })
  at.clock.now += 4_000
  at.report(sms, 'attempt', { state: 'delivered', provider: 'sim' })
  at.report(email, 'exhausted', { state: 'failed', error: '550', provider: 'sendgrid' })
  const said = at.trials(drill.id).map(({ subject, outcome, provider }) => [subject, outcome, provider])
  expect(said).toEqual([
    ['channel:email', 'failed', 'sendgrid'],
    ['channel:sms', 'passed', 'sim'],
    ['channel:sms twilio', 'failed', 'twilio'],
  ])
})

describe('a drill of the region', () => {
  const begun = () => {
    const at = drillRoom({ attention: () => 0, free: () => 0 })
    const drill = at.start({ kind: 'region' })
    return { at, drill, id: drill.incidentId ?? '' }
  }

  test('is an incident that says so, rings, and is told to people on duty as a drill, but counts for nothing', () => {
    const { at, id } = begun()
    expect(at.incidents()).toMatchObject([
      { id, code: 'NCR-D01', flags: ['drill'], state: 'new', priority: 'P1', ring: { to: 'all' } },
    ])
    expect(at.room.counts()).toEqual({ open: 0, untaken: 0, queued: 0 })
    expect(at.reborn().room.counts()).toEqual({ open: 0, untaken: 0, queued: 0 })
    at.pass(60_000)
    const pages = at.pages()
    expect(pages.length).toBeGreaterThan(0)
    for (const page of pages) expect(page).toMatchObject({ reason: 'escalation', drill: true, incidentId: id })
    // The neighbour's desks hear nothing of it.
    expect(at.incidents()[0]?.alsoIn).toBeUndefined()
    expect(at.room.storm.shown()).toMatchObject({ on: false })
  })

  test('is passed by the hand that takes it, and over when that hand ends it', () => {
    const { at, drill, id } = begun()
    at.clock.now += 9_000
    expect(at.room.act(id, { type: 'take' }, viewer('ana')).ok).toBe(true)
    expect(at.trials(drill.id)).toMatchObject([{ subject: 'region:NCR', outcome: 'passed', tookMs: 9_000 }])
    expect(at.room.act(id, { type: 'safe', confirmedBy: 'other' }, viewer('ana')).ok).toBe(true)
    expect(at.desk.file(drill.id, boss)).toMatchObject({ drill: { passed: true, drill: { endedAt: at.clock.now } } })
    expect(at.room.incidents.find(id)?.state).toBe('closed')
  })

  test('that nobody takes has failed, and leaves the queue when its time is up', () => {
    const { at, drill } = begun()
    at.pass(10 * MINUTE)
    expect(at.trials(drill.id)).toMatchObject([{ outcome: 'not_taken' }])
    expect(at.incidents()).toEqual([])
    expect(at.pages()).toEqual([])
  })

  test('a lead who answers is told beside it', () => {
    const { at, drill, id } = begun()
    at.pass(1_000)
    const page = at.pages().find(({ incidentId }) => incidentId === id)
    if (!page) throw new Error('no page')
    at.report(page, 'answered', { state: 'answered', answer: 'take', channel: 'voice' })
    expect(at.trials(drill.id)).toContainEqual(
      expect.objectContaining({ subject: 'contact:lead-1', outcome: 'passed', channel: 'voice' }),
    )
  })

  test('is handed to nobody outside the tower', () => {
    const { at, id } = begun()
    at.room.act(id, { type: 'take' }, viewer('ana'))
    expect(at.room.outward.message(id, 'hello', viewer('ana'))).toMatchObject({ refusal: { reason: 'drill' } })
    const page = { ...at.pages()[0], id: 'p', reason: 'agency', incidentId: id } as never
    expect(at.room.pages.send(page)).toBe('refused')
  })

  test('gives way at once when a real SOS comes, and does not begin while somebody real waits', () => {
    const { at, drill } = begun()
    const press = at.press()
    at.send([press])
    expect(at.incidents().map(({ id }) => id)).toEqual([press.sosId])
    expect(at.trials(drill.id)).toMatchObject([{ outcome: 'called_off', why: 'incident' }])
    expect(at.desk.start({ kind: 'region', requestId: 'x' }, boss)).toMatchObject({ refusal: { reason: 'busy' } })
  })
})

describe('people', () => {
  test('without the right neither look nor begin', () => {
    const at = drillRoom()
    const wish = { kind: 'duty' as const, contacts: ['lead-1'], requestId: 'x' }
    expect(at.desk.start(wish, viewer('ana'))).toMatchObject({ refusal: { code: 'forbidden' } })
    expect(at.desk.plan(wish, viewer('ana'))).toMatchObject({ refusal: { code: 'forbidden' } })
    expect(at.desk.board(viewer('tim', { role: 'trainee' }))).toMatchObject({ refusal: { code: 'forbidden' } })
    expect(at.desk.board(viewer('eva', { role: 'supervisor', regions: ['CEB'] }))).toMatchObject({ ok: false })
    expect(at.desk.board(viewer('ana')).ok).toBe(true)
  })

  test('begin a drill once, however often the request comes', () => {
    const at = drillRoom()
    const one = at.start({ kind: 'duty', contacts: ['lead-1'], requestId: 'same' })
    const two = at.desk.start({ kind: 'duty', contacts: ['lead-1'], requestId: 'same' }, boss)
    expect(two).toMatchObject({ ok: true, repeated: true, drill: { drill: { id: one.id } } })
    expect(at.pages()).toHaveLength(1)
  })

  test('call a drill off, or one of it: what asked is called back, and it says nothing of anybody', async () => {
    const at = drillRoom()
    const drill = await at.asked({ devices: ['dev-1', 'dev-2'] })
    at.desk.end(drill.id, { subject: 'device:dev-1', declined: true }, boss)
    expect(at.pages()).toHaveLength(1)
    at.desk.end(drill.id, { reason: 'rain' }, boss)
    expect(at.pages()).toEqual([])
    expect(at.trials(drill.id)).toMatchObject([
      { subject: 'device:dev-1', outcome: 'declined' },
      { subject: 'device:dev-2', outcome: 'called_off', why: 'rain' },
    ])
    at.send([at.press()])
    expect(at.incidents()).toHaveLength(1)
  })
})

describe('a schedule', () => {
  const weekly = {
    id: 'w1',
    kind: 'driver' as const,
    day: 1,
    time: '09:30',
    share: 0.05,
    everybody: true,
    contactId: null,
    windowMs: 10 * MINUTE,
    active: true,
  }

  test('begins a drill each week at its time in Manila, and reaches every phone within 30 days', async () => {
    const at = drillRoom()
    for (let n = 3; n <= 9; n++) at.room.learn(crew(`dev-${n}`, 100 + n * 10))
    expect(at.desk.schedule(weekly, boss).ok).toBe(true)
    const DAY = 86_400_000
    for (let day = 0; day < 60; day++) {
      for (let part = 0; part < DAY / (5 * MINUTE); part++) {
        at.pass(5 * MINUTE)
        if (hasErrands(at.room.drills)) await at.errands()
      }
      if (day < 30) continue
      const board = at.desk.board(boss)
      if (!board.ok) throw new Error('no board')
      expect(board.board.report.untested.filter(({ kind }) => kind === 'driver')).toEqual([])
    }
    const board = at.desk.board(boss)
    if (!board.ok) throw new Error('no board')
    const { drills } = board.board
    expect(drills.length).toBeGreaterThanOrEqual(8)
    for (const { drill } of drills) expect(new Date(drill.at + 8 * 3_600_000).toISOString()).toContain('T09:30:00')
    expect(drills.every(({ trials }) => trials.length <= 3)).toBe(true)
    expect(drills[0]?.drill.at).toBeGreaterThan(at.clock.now - 8 * DAY)
  })

  test('does not begin in a storm, nor long after its time, and the log says why', () => {
    const at = drillRoom()
    at.desk.schedule({ ...weekly, kind: 'duty', share: 1 }, boss)
    at.clock.now += 6 * 86_400_000
    at.room.fire()
    expect(at.pages()).toEqual([])
    const skipped = at.room.log.from(1, 500).filter(({ type, body }) => type === 'drill' && body?.what === 'skipped')
    expect(skipped.map(({ body }) => body?.why)).toEqual(['late'])
    at.room.storm.set(true, 'flood', boss)
    expect(at.desk.start({ kind: 'duty', contacts: ['lead-1'], requestId: 'x' }, boss)).toMatchObject({
      refusal: { reason: 'storm' },
    })
  })

  test('with a wrong day or time, or for channels without a contact, is refused', () => {
    const at = drillRoom()
    expect(at.desk.schedule({ ...weekly, day: 8 }, boss)).toMatchObject({ refusal: { reason: 'day' } })
    expect(at.desk.schedule({ ...weekly, time: '9:30' }, boss)).toMatchObject({ refusal: { reason: 'time' } })
    expect(at.desk.schedule({ ...weekly, kind: 'channel' }, boss)).toMatchObject({ refusal: { reason: 'contact' } })
    expect(at.desk.unschedule('none', boss)).toMatchObject({ ok: false })
  })
})

test('Postgres gets each drill before what came of it, its end last', () => {
  const at = drillRoom()
  const drill = at.start({ kind: 'duty', contacts: ['lead-1'] })
  const [page] = at.pages()
  if (!page) throw new Error('no page')
  at.report(page, 'answered', { state: 'answered', answer: 'take', channel: 'voice' })
  const kept = at.room.outward.records.waiting(10)
  expect(kept.map(({ kind }) => kind)).toEqual(['drill', 'drill_result', 'drill'])
  expect(kept[0]).toMatchObject({ body: { id: drill.id, subject: 'contact:lead-1', passed: null, endedAt: null } })
  expect(kept[1]).toMatchObject({ body: { drillId: drill.id, passed: true, subject: 'contact:lead-1' } })
  expect(kept[2]).toMatchObject({ body: { passed: true, endedAt: at.clock.now } })
})
