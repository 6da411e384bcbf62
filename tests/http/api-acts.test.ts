// POST /api/incidents/{id}/{act}: every act through the app and a real room, and every way to be refused.

import { describe, expect, test } from 'bun:test'
import { aPress, viewer } from '../support/made-up'
import { tower } from './api-support'

/** A tower with one press in NCR; quiet unless `safeToTalk`. */
function pressed(safeToTalk: boolean | null = true) {
  const world = tower()
  const press = aPress({ safeToTalk })
  world.roomOf('NCR').send([press])
  const { sosId: id } = press
  const act = (name: string, body?: unknown, who = world.ana) => who.post(`/api/incidents/${id}/${name}`, body)
  return { ...world, id, act, ben: world.as(viewer('ben')), sup: world.as(viewer('sup', { role: 'supervisor' })) }
}

/** Each act with a body that does it on a taken, voice-ok incident, and a sign that it was done. */
const USUAL: [name: string, body: unknown, done: Record<string, unknown>][] = [
  ['help', undefined, { ring: expect.objectContaining({ reason: 'help', to: 'all' }) }],
  ['note', { text: 'Seen on EDSA' }, {}],
  ['note', { note: 'By its other name' }, {}],
  ['priority', { priority: 'P3', reason: 'nobody hurt' }, { priority: 'P3' }],
  ['contact-policy', { policy: 'quiet', reason: 'somebody is beside the driver' }, { contactPolicy: 'quiet' }],
  ['contact-policy', { contactPolicy: 'quiet', reason: 'by its other name' }, { contactPolicy: 'quiet' }],
  ['contact-attempts', { to: 'driver', channel: 'call', outcome: 'answered' }, { state: 'taken' }],
  ['contact-attempts', { to: 'agency', outcome: 'answered', ref: '911-1' }, { state: 'help_asked' }],
  ['legs', { kind: 'rover', name: 'Rover 12', etaMinutes: 6 }, { state: 'help_asked', furthestLeg: 'asked' }],
  ['safe', { confirmedBy: 'own_voice' }, { state: 'safe' }],
  ['false-alarm', { reason: 'accidental', note: null }, { state: 'false_alarm' }],
  ['pass', {}, { state: 'new', owner: null }],
]

describe('an act answers 200 with the incident as it then is', () => {
  for (const [name, body, done] of USUAL) {
    test(`${name} ${JSON.stringify(body) ?? 'without a body'}`, async () => {
      const { act, id } = pressed()
      expect((await act('take')).body.incident).toMatchObject({ id, state: 'taken', owner: { uid: 'ana' } })
      const answer = await act(name, body)
      expect(answer.status).toBe(200)
      expect(answer.body.incident).toMatchObject({ id, ...done })
    })
  }

  test('a leg is asked, moved on by its id, and then help is on the way', async () => {
    const { act } = pressed()
    const asked = await act('legs', { kind: 'police', name: 'PNP Mandaluyong' })
    const legId = asked.body.incident.legs[0].id
    expect(asked.body.incident.helpOnTheWayAt).toBeNull()
    const moved = await act('legs', { legId, state: 'accepted', etaMinutes: 4 })
    expect(moved.body.incident).toMatchObject({ furthestLeg: 'accepted', helpOnTheWayAt: expect.any(String) })
    expect((await act('legs', { legId, state: 'asked' })).body.error.code).toBe('leg_state')
    expect((await act('legs', { legId: 'no-such-leg', state: 'there' })).status).toBe(404)
  })

  test('safe, closed and open again', async () => {
    const { act } = pressed()
    await act('safe', { confirmedBy: 'police_there' })
    expect((await act('close')).body.incident.state).toBe('closed')
    expect((await act('reopen', { reason: 'pressed again by phone' })).body.incident.state).toBe('new')
  })

  test('another person’s incident is linked and unlinked, and merging with it is refused', async () => {
    const { act, roomOf, id } = pressed()
    const other = aPress({ deviceId: 'dev-2' })
    roomOf('NCR').send([other])
    expect((await act('link', { otherId: other.sosId.toUpperCase() })).body.incident.links).toEqual([other.sosId])
    expect((await act('unlink', { incidentId: other.sosId })).body.incident.links).toEqual([])
    const refused = await act('merge', { intoId: other.sosId })
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({ error: { code: 'another_person' }, incident: { id, state: 'new' } })
    expect((await act('unmerge')).body.error.code).toBe('not_merged')
  })

  test('a second press of the same person is taken out by unmerge with its sosId', async () => {
    const { act, roomOf, id } = pressed()
    const again = aPress()
    roomOf('NCR').send([again])
    const split = await act('unmerge', { sosId: again.sosId })
    expect(split.body.incident).toMatchObject({ id, pressCount: 1, links: [again.sosId] })
  })

  test('an empty body with a JSON content type is no body', async () => {
    const { act } = pressed()
    expect((await act('take', '')).status).toBe(200)
    expect((await act('pass', ' \n')).status).toBe(200)
  })
})

describe('of two people', () => {
  test('the second taker gets 409 and sees who has it', async () => {
    const { act, ben } = pressed()
    await act('take')
    const second = await act('take', undefined, ben)
    expect(second.status).toBe(409)
    expect(second.body).toMatchObject({
      error: { code: 'already_taken', message: expect.stringContaining('ana Santos') },
      incident: { state: 'taken', owner: { uid: 'ana', alias: 'Desk ana' } },
    })
  })

  test('a quiet incident is called false only when the second asks for it too', async () => {
    const { act, ben } = pressed(null)
    const first = await act('false-alarm', { reason: 'prank' })
    expect(first.body.incident).toMatchObject({ state: 'new', pending: { act: 'false_alarm', by: 'ana' } })
    expect((await act('false-alarm', { reason: 'prank' })).body.error.code).toBe('second_person')
    expect((await act('false-alarm', { reason: 'prank' }, ben)).body.incident.state).toBe('false_alarm')
  })
})

describe('refused because of how things stand', () => {
  test('a call to a quiet driver', async () => {
    const { act } = pressed(null)
    const refused = await act('contact-attempts', { to: 'driver', channel: 'call', outcome: 'no_answer' })
    expect(refused.status).toBe(409)
    expect(refused.body.error.code).toBe('quiet')
  })

  test('closing what is not over, and lifting a duress that is none', async () => {
    const { act, sup } = pressed()
    expect((await act('close')).body.error.code).toBe('wrong_state')
    const lifted = await act('lift-duress', { reason: 'met in person' }, sup)
    expect([lifted.status, lifted.body.error.code]).toEqual([409, 'no_duress'])
  })
})

const ALL_ACTS: [name: string, body: unknown][] = [
  ['take', undefined],
  ['pass', undefined],
  ['help', undefined],
  ['note', { text: 'x' }],
  ['priority', { priority: 'P2' }],
  ['contact-policy', { policy: 'quiet', reason: 'x' }],
  ['contact-attempts', { to: 'agency', outcome: 'called' }],
  ['legs', { kind: 'rover', name: 'x' }],
  ['safe', { confirmedBy: 'other' }],
  ['false-alarm', { reason: 'test' }],
  ['link', { otherId: '0142b7d0-19ce-8f03-a5e8-77c1f3d9b260' }],
  ['unlink', { otherId: '0142b7d0-19ce-8f03-a5e8-77c1f3d9b260' }],
  ['merge', { intoId: '0142b7d0-19ce-8f03-a5e8-77c1f3d9b260' }],
  ['unmerge', undefined],
  ['reopen', undefined],
  ['close', undefined],
  ['lift-duress', { reason: 'x' }],
]

describe('whoever asks, every act', () => {
  for (const [name, body] of ALL_ACTS) {
    test(`${name} is 403 abroad and for a trainee, and 404 for what does not exist`, async () => {
      const { act, as, sup } = pressed()
      const abroad = await act(name, body, as(viewer('cy', { role: 'supervisor', regions: ['CEB'] })))
      expect([abroad.status, abroad.body.error.code]).toEqual([403, 'foreign_region'])
      expect(abroad.body.incident).toBeUndefined()
      expect((await act(name, body, as(viewer('tim', { role: 'trainee' })))).status).toBe(403)
      for (const id of ['01ffffff-0000-8000-8000-000000000000', 'ff000000-0000-8000-8000-000000000000', 'NCR-1']) {
        const unknown = await sup.post(`/api/incidents/${id}/${name}`, body)
        expect([unknown.status, unknown.body.error.code]).toEqual([404, 'unknown_incident'])
      }
    })
  }
})

describe('a wrong body is 422 and names its first wrong field in words', () => {
  const WRONG: [name: string, body: unknown, field: string, message: string][] = [
    ['note', {}, 'text', 'text is missing.'],
    ['note', undefined, 'text', 'text is missing.'],
    ['note', { text: '  ' }, 'text', 'text is empty.'],
    ['note', { text: 7 }, 'text', 'text must be a text.'],
    ['note', { text: 'x'.repeat(2_001) }, 'text', 'text is longer than 2000 characters.'],
    ['priority', { priority: 'P5' }, 'priority', 'priority must be one of P1, P2, P3, P4.'],
    ['contact-policy', { policy: 'voice_ok' }, 'reason', 'reason is missing.'],
    ['contact-policy', { policy: 'voice_ok', reason: null }, 'reason', 'reason is missing.'],
    [
      'contact-attempts',
      { to: 'agency', outcome: 'maybe' },
      'outcome',
      'outcome must be one of answered, no_answer, busy, called.',
    ],
    ['legs', { kind: 'rover' }, 'name', 'name is missing: a new leg needs its kind and name.'],
    [
      'legs',
      { legId: 'x' },
      'state',
      'state is missing: a leg that exists is moved on by its state, etaMinutes or both.',
    ],
    ['legs', { kind: 'rover', name: 'x', etaMinutes: 1.5 }, 'etaMinutes', 'etaMinutes must be a whole number.'],
    ['legs', { kind: 'rover', name: 'x', etaMinutes: -1 }, 'etaMinutes', 'etaMinutes must be at least 0.'],
    ['safe', {}, 'confirmedBy', 'confirmedBy is missing.'],
    [
      'false-alarm',
      { reason: 'because' },
      'reason',
      'reason must be one of accidental, device_fault, test, unfounded, prank, other.',
    ],
    ['link', { otherId: 'NCR-4' }, 'otherId', 'otherId must be an id like 018f2c1e-7a40-8b6e-9c11-5d2f0a77c3e1.'],
    ['merge', { incidentId: '0142b7d0-19ce-8f03-a5e8-77c1f3d9b260' }, 'intoId', 'intoId is missing.'],
  ]
  for (const [name, body, field, message] of WRONG) {
    test(`${name} ${(JSON.stringify(body) ?? 'without a body').slice(0, 60)}`, async () => {
      const { act, roomOf } = pressed()
      const before = roomOf('NCR').room.log.seq
      const refused = await act(name, body)
      expect(refused.status).toBe(422)
      expect(refused.body).toEqual({ error: { code: 'invalid_body', message, field } })
      expect(roomOf('NCR').room.log.seq).toBe(before)
    })
  }

  test('a list, a text or null is no body of ours', async () => {
    const { act } = pressed()
    for (const body of [[], '"x"', 'null']) {
      expect((await act('note', body)).body.error).toMatchObject({ code: 'invalid_body' })
    }
    expect((await act('note', [])).body.error.message).toBe('The body must be a JSON object.')
  })

  test('what is no JSON is 400, and another content type 415', async () => {
    const { act, ana, id } = pressed()
    const malformed = await act('note', '{"text": "x"')
    expect([malformed.status, malformed.body.error.code]).toEqual([400, 'malformed_json'])
    const form = await ana.post(`/api/incidents/${id}/note`, 'text=x', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect([form.status, form.body.error.code]).toEqual([415, 'wrong_content_type'])
  })
})

test('text is cleaned of what PostgreSQL cannot store, and unknown fields are ignored', async () => {
  const { act, ana, id } = pressed()
  expect((await act('note', { text: ' a\u0000b\ud800c ', colour: 'blue' })).status).toBe(200)
  const { body } = await ana.get(`/api/incidents/${id}`)
  expect(body.events.findLast((event: { type: string }) => event.type === 'noted').body).toEqual({
    text: 'a\ufffdb\ufffdc',
  })
})

test('a room that cannot be reached is 503, with the word to try again', async () => {
  const { act, away } = pressed()
  away.add('NCR')
  const answer = await act('take')
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(answer.body.error.code).toBe('away')
  away.clear()
  expect((await act('take')).status).toBe(200)
})
