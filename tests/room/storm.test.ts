import { describe, expect, test } from 'bun:test'
import type { CourierReport } from '../../src/courier/contract'
import type { RegionId } from '../../src/domain/region'
import { CALM_ENDS_MS } from '../../src/domain/storm'
import type { RoomPorts } from '../../src/room/ledger'
import { aPress, crew, NOON, viewer } from '../support/made-up'
import { contactRow, shiftRow } from '../support/paging'
import { openRoom, type TestRoom } from '../support/room'

const ana = viewer('ana')
const boss = viewer('boss', { role: 'supervisor' })

function tower(ports: Partial<RoomPorts> = {}) {
  const told: number[] = []
  const opened = openRoom({ ports: { noticed: () => told.push(opened.clock.now), ...ports } })
  opened.room.learn([
    contactRow('lea'),
    contactRow('lou'),
    contactRow('max'),
    shiftRow('lea', 'lead'),
    shiftRow('lou', 'second_lead'),
    shiftRow('max', 'management'),
  ])
  return Object.assign(opened, { told })
}

let n = 0
/** So many presses at once, each of another person. */
const flood = (at: TestRoom, count: number, changes: Parameters<typeof aPress>[0] = { kind: 'flood' }) => {
  const presses = Array.from({ length: count }, () =>
    aPress({ deviceId: `dev-${++n}`, receivedAt: at.clock.now, ...changes }),
  )
  at.send(presses)
  return presses
}
const events = ({ room }: TestRoom, type: string) => room.log.from(1, 100_000).filter((event) => event.type === type)
const pages = ({ room }: TestRoom, reason: string) =>
  room.pages.waiting(0, 10_000).filter((page) => page.reason === reason)
const incidentOf = ({ room }: TestRoom, id: string) => {
  const found = room.incidents.find(id)
  if (!found) throw new Error('no such incident')
  return found
}

describe('a storm of a region', () => {
  test('begins by itself with the press that makes it one, says so in the log, and pages each lead once with its counts', () => {
    const at = tower({ attention: () => 6, free: () => 1 })
    flood(at, 30)
    expect(at.room.storm.on).toBe(false)
    flood(at, 1)
    expect(at.room.storm.on).toBe(true)
    expect(events(at, 'storm_began')).toMatchObject([
      { actor: { kind: 'system' }, body: { waiting: 31, p1: 0, free: 1 } },
    ])
    at.pass(2_000)
    const storm = pages(at, 'storm')
    expect(storm.map(({ contact }) => contact.id).sort()).toEqual(['lea', 'lou'])
    expect(storm[0]?.facts.counts).toEqual({ waiting: 31, p1: 0, oldestMs: 0, operators: 6 })
    expect(events(at, 'escalated').filter(({ body }) => body?.step === 'storm')).toHaveLength(1)
  })

  test('is offered to screens before that, and switched on and off by a supervisor alone, once', () => {
    const at = tower()
    flood(at, 11)
    at.pass(1_100)
    expect(at.room.stormSeen().storm).toMatchObject({ on: false, offered: true, waiting: 11 })
    expect(at.told.length).toBeGreaterThan(0)
    expect(at.room.storm.set(true, null, ana)).toMatchObject({ ok: false, refusal: { code: 'forbidden' } })
    expect(at.room.storm.set(true, 'typhoon', viewer('x', { role: 'supervisor', regions: ['CEB'] }))).toMatchObject({
      ok: false,
    })
    expect(at.room.storm.set(true, 'typhoon', boss)).toMatchObject({
      ok: true,
      storm: { on: true, by: 'Desk boss', reason: 'typhoon' },
    })
    at.room.storm.set(true, 'again', boss)
    expect(events(at, 'storm_began')).toMatchObject([{ actor: { uid: 'boss' }, body: { reason: 'typhoon' } }])
    at.room.storm.set(false, null, boss)
    expect(at.room.storm.on).toBe(false)
    expect(events(at, 'storm_ended')).toHaveLength(1)
  })

  test('ends by itself when few have waited for five minutes', () => {
    const at = tower()
    const presses = flood(at, 40)
    at.pass(1_000)
    for (const { sosId } of presses.slice(4)) at.room.act(sosId, { type: 'safe', confirmedBy: 'own_voice' }, ana)
    at.pass(CALM_ENDS_MS - 2_000)
    expect(at.room.storm.on).toBe(true)
    at.pass(20_000)
    expect(at.room.storm.on).toBe(false)
    expect(events(at, 'storm_ended')).toMatchObject([{ actor: { kind: 'system' }, body: { waiting: 4 } }])
  })

  test('goes on over a restart, and pages nobody anew for it', () => {
    const at = tower()
    flood(at, 40)
    at.pass(5_000)
    const before = pages(at, 'storm').length
    const again = at.reborn()
    expect(again.room.storm.on).toBe(true)
    expect(again.room.stormSeen().storm).toMatchObject({ waiting: 40, untaken: 40 })
    again.pass(60_000)
    expect(pages(again, 'storm')).toHaveLength(before)
  })

  test('does not begin where a transaction fails', () => {
    const at = tower()
    flood(at, 30)
    const press = aPress({ deviceId: 'last', kind: 'flood' })
    const broken = {
      ...aPress({ deviceId: 'after it', kind: 'flood' }),
      get note(): string {
        throw new Error('disk full')
      },
    }
    expect(() => at.send([press, broken])).toThrow('disk full')
    expect(at.room.storm.on).toBe(false)
    expect(at.room.stormSeen().storm.waiting).toBe(30)
    flood(at, 1)
    expect(at.room.storm.on).toBe(true)
  })
})

describe('the question to those in line', () => {
  test('goes once to each that may talk, by lifeline and then by text, and never to one that must stay silent', () => {
    const at = tower()
    at.room.learn(crew('known', 1))
    const [known] = flood(at, 1, { kind: 'flood', deviceId: 'known' })
    const quiet = flood(at, 5, { kind: 'panic' })
    const loud = flood(at, 35)
    at.pass(3_000)
    const asked = pages(at, 'queue_question')
    expect(new Set(asked.map(({ incidentId }) => incidentId))).toEqual(
      new Set([known, ...loud].map((press) => press?.sosId ?? '')),
    )
    for (const { sosId } of quiet) expect(incidentOf(at, sosId).inLine).toBeUndefined()
    expect(asked.find(({ incidentId }) => incidentId === known?.sosId)?.ladder).toEqual([
      [{ channel: 'lifeline', to: 'known' }],
      [{ channel: 'sms', to: '+639170000001' }],
    ])
    const before = asked.length
    at.pass(120_000)
    at.reborn().pass(10_000)
    expect(pages(at, 'queue_question')).toHaveLength(before)
    expect(events(at, 'queue_asked')).toHaveLength(before)
  })

  test('is asked of whoever comes later, too, and of nobody without a storm', () => {
    const at = tower()
    flood(at, 5)
    at.pass(5_000)
    expect(pages(at, 'queue_question')).toEqual([])
    flood(at, 40)
    at.pass(2_000)
    const [late] = flood(at, 1)
    at.pass(2_000)
    expect(pages(at, 'queue_question').some(({ incidentId }) => incidentId === late?.sosId)).toBe(true)
  })

  test('is called back when the policy turns quiet, somebody takes it, or it was answered', () => {
    const at = tower()
    const [hush, taken, answered] = flood(at, 40)
    at.pass(2_000)
    const stateOf = (id: string | undefined) =>
      at.room.pages.ofIncident(id ?? '').find(({ reason }) => reason === 'queue_question')
    at.room.act(hush?.sosId ?? '', { type: 'contact-policy', policy: 'quiet', reason: 'whispers' }, ana)
    at.room.act(taken?.sosId ?? '', { type: 'take' }, ana)
    at.room.storm.answered(answered?.sosId ?? '', 'stuck', 'sms')
    expect([hush, taken, answered].map((press) => stateOf(press?.sosId))).toMatchObject([
      { state: 'stopping', why: 'quiet' },
      { state: 'stopping', why: 'taken' },
      { state: 'stopping', why: 'answered' },
    ])
  })

  test('sorts the queue by its answer, which is in the log and on the card', () => {
    const at = tower()
    const presses = flood(at, 40)
    at.pass(2_000)
    const last = presses.at(-1)?.sosId ?? ''
    expect(at.room.storm.answered(last, 'trapped', 'sms')).toBe('heard')
    expect(at.room.queue(1)[0]).toMatchObject({ id: last, priority: 'P1', said: 'trapped' })
    const first = presses[0]?.sosId ?? ''
    at.room.storm.answered(first, 'ok', 'lifeline')
    expect(at.room.queue(40).at(-1)).toMatchObject({ id: first, priority: 'P4', said: 'ok' })
    expect(events(at, 'queue_answered')).toMatchObject([
      { incident: last, actor: { kind: 'presser' }, body: { answer: 'trapped', via: 'sms', from: 'P2', to: 'P1' } },
      { incident: first, body: { answer: 'ok', from: 'P2', to: 'P4' } },
    ])
    expect(at.room.storm.answered('nobody', 'ok', 'sms')).toBe('unknown')
  })

  test('is heard as the courier reports it, once', () => {
    const at = tower()
    const [first] = flood(at, 40)
    at.pass(2_000)
    const question = pages(at, 'queue_question').find(({ incidentId }) => incidentId === first?.sosId)
    const report: CourierReport = {
      n: 1,
      pageId: question?.id ?? '',
      incidentId: first?.sosId ?? '',
      at: at.clock.now,
      attempt: null,
      what: 'answered',
      answer: 'hurt',
    }
    expect(at.room.reports.take([report, report])).toEqual([1, 1])
    expect(incidentOf(at, first?.sosId ?? '').inLine).toMatchObject({ answer: 'hurt' })
    expect(events(at, 'queue_answered')).toMatchObject([{ body: { answer: 'hurt', via: 'sms' } }])
  })

  test('does not lower what a person has raised', () => {
    const at = tower()
    const [first] = flood(at, 40)
    at.pass(2_000)
    at.room.act(first?.sosId ?? '', { type: 'priority', priority: 'P1', reason: 'children' }, ana)
    at.room.storm.answered(first?.sosId ?? '', 'ok', 'sms')
    expect(incidentOf(at, first?.sosId ?? '').priority).toBe('P1')
  })

  test('is answered by the phone that pressed alone, by its press or by the question, and says nothing where silence is kept', () => {
    const at = tower()
    const [one] = flood(at, 1)
    const [quiet] = flood(at, 1, { kind: 'panic' })
    flood(at, 40)
    at.pass(2_000)
    const { questions } = at.room.storm
    const question = pages(at, 'queue_question').find(({ incidentId }) => incidentId === one?.sosId)
    expect(questions.answeredByPhone(one?.sosId ?? '', 'dev-other', 'ok', 'http')).toBe('unknown')
    expect(questions.answeredByPhone(one?.sosId ?? '', one?.deviceId ?? '', 'stuck', 'http')).toBe('heard')
    expect(questions.answeredByPhone(question?.id ?? '', 'dev-other', 'ok', 'lifeline')).toBe('unknown')
    expect(questions.answeredByPhone(question?.id ?? '', one?.deviceId ?? '', 'trapped', 'lifeline')).toBe('heard')
    expect(incidentOf(at, one?.sosId ?? '')).toMatchObject({ priority: 'P1', inLine: { answer: 'trapped' } })
    for (const uid of ['ana', 'ben'])
      at.room.act(quiet?.sosId ?? '', { type: 'false-alarm', reason: 'accidental' }, viewer(uid))
    expect(incidentOf(at, quiet?.sosId ?? '').state).toBe('false_alarm')
    expect(questions.answeredByPhone(quiet?.sosId ?? '', quiet?.deviceId ?? '', 'trapped', 'http')).toBe('heard')
  })
})

describe('a phone in line', () => {
  const ahead = ({ room }: TestRoom, sosId: string) => room.statuses([sosId])[0]?.view.inLine?.ahead

  test('reads how many wait before it, from the answer to its press on, and only in a storm', () => {
    const at = tower()
    const [early] = flood(at, 1)
    expect(ahead(at, early?.sosId ?? '')).toBeUndefined()
    flood(at, 40)
    expect(ahead(at, early?.sosId ?? '')).toBe(0)
    const [late] = flood(at, 1)
    expect(ahead(at, late?.sosId ?? '')).toBe(41)
    const [grave] = flood(at, 1, { kind: 'crash' })
    expect(ahead(at, grave?.sosId ?? '')).toBe(0)
    at.room.storm.set(false, null, boss)
    expect(ahead(at, late?.sosId ?? '')).toBeUndefined()
  })

  test('reads nothing of it where the incident is quiet, or somebody has it', () => {
    const at = tower()
    const [quiet] = flood(at, 1, { kind: 'panic' })
    const [taken] = flood(at, 1)
    flood(at, 40)
    at.room.act(taken?.sosId ?? '', { type: 'take' }, ana)
    expect(at.room.statuses([quiet?.sosId ?? ''])[0]?.view).toEqual({ state: 'received', receivedAt: NOON })
    expect(ahead(at, taken?.sosId ?? '')).toBeUndefined()
  })

  test('is told when it has moved up, and when the storm is over', () => {
    const at = tower()
    const presses = flood(at, 60)
    const last = presses.at(-1)?.sosId ?? ''
    at.pass(2_000)
    const drained = () => {
      const told = [...at.room.pushes.waiting(1_000).entries()]
      for (const [intake, ids] of told)
        at.room.pushes.told(
          intake,
          ids.map((sosId) => ({ sosId, view: at.room.pushes.viewOf(sosId) })),
        )
      return told.flatMap(([, ids]) => ids)
    }
    expect(ahead(at, last)).toBe(59)
    drained()
    for (const { sosId } of presses.slice(0, 20)) at.room.act(sosId, { type: 'take' }, ana)
    drained()
    at.pass(31_000)
    expect(drained()).toContain(last)
    expect(ahead(at, last)).toBe(39)
    at.room.storm.set(false, null, boss)
    expect(drained()).toContain(last)
  })
})

const REGION: RegionId = 'NCR'
test('what screens get has storm, situations and suggestions; what the API lists beside the queue has not', () => {
  const at = tower()
  expect(Object.keys(at.room.noticesShown())).toEqual(
    expect.arrayContaining(['notices', 'checks', 'asking', 'storm', 'situations', 'suggestions']),
  )
  const beside = at.room.notices(viewer('ana', { regions: [REGION] }))
  expect(beside).toMatchObject({ notices: [], checks: [], asking: 0 })
  expect(Object.keys(beside)).not.toContain('storm')
})
