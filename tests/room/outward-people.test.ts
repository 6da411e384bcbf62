// The driver's contacts, live-location links and messages: released by a person, and through the one gate.

import { describe, expect, test } from 'bun:test'
import type { ShareWish } from '../../src/domain/share'
import { CODE_LETTERS } from '../../src/domain/share'
import { newCode } from '../../src/room/outward/kept-shares'
import { deliverRecords, type OutwardRecord } from '../../src/room/outward/records'
import { aPress, inManila, viewer } from '../support/made-up'
import { ana, desk } from './outward-support'

const MIN = 60_000
const why = (answer: { ok: true } | { ok: false; refusal: { reason: string } }) =>
  answer.ok ? null : answer.refusal.reason

describe('the driver’s contacts', () => {
  const tell = (at: ReturnType<typeof desk>, contactIds: string[], stage: 'pressed' | 'safe' = 'pressed', by = ana) =>
    at.room.outward.tellKin(at.id, { contactIds, stage }, by)

  test('are told by nobody but a person: an incident runs its whole way, and no page goes to them', () => {
    const at = desk()
    at.pass(30 * MIN)
    at.room.act(at.id, { type: 'safe', confirmedBy: 'own_voice' }, ana)
    at.pass(30 * MIN)
    expect(at.pages().filter(({ reason }) => reason === 'kin')).toEqual([])
  })

  test('one text each, in their language, without place or plate; repeating it sends nothing', () => {
    const at = desk()
    expect(why(tell(at, ['k-wife', 'k-mate']))).toBeNull()
    expect(why(tell(at, ['k-wife']))).toBeNull()
    expect(at.pages().map(({ contact, ladder }) => [contact.lang, ladder])).toEqual([
      ['fil', [[{ channel: 'sms', to: '+639170000011' }]]],
      ['en', [[{ channel: 'sms', to: '+639170000002' }]]],
    ])
    expect(at.pages()[0]?.facts).toMatchObject({
      place: null,
      plate: null,
      vehicle: null,
      driver: 'Made-up R.',
      stage: 'pressed',
    })
    expect(at.events('kin_told').map(({ body }) => body?.contactId)).toEqual(['k-wife', 'k-mate'])
    expect(at.records()).toHaveLength(2)
  })

  test('are told with other words while it is quiet, and not at all whose phone may lie in the vehicle', () => {
    const at = desk({ kind: 'panic' })
    expect(why(tell(at, ['k-mate']))).toBe('phone_beside')
    expect(why(tell(at, ['k-wife', 'k-mate']))).toBe('phone_beside')
    expect(at.pages()).toEqual([])
    expect(why(tell(at, ['k-wife']))).toBeNull()
    expect(at.pages()[0]?.facts.contactPolicy).toBe('quiet')
    expect(at.events('kin_told')[0]?.body).toMatchObject({ quiet: true })
  })

  test('never on the driver’s own phone, and never on a short code', () => {
    const at = desk()
    expect(why(tell(at, ['k-self']))).toBe('drivers_phone')
    expect(why(tell(at, ['k-911']))).toBe('never_dialled')
    expect(why(tell(at, ['nobody']))).toBe('unknown_contact')
    expect(at.pages()).toEqual([])
  })

  test('hear that the driver is safe after somebody has confirmed it, and not while it is still quiet', () => {
    const at = desk()
    expect(why(tell(at, ['k-wife'], 'safe'))).toBe('kin_not_safe')
    at.room.act(at.id, { type: 'safe', confirmedBy: 'own_voice' }, ana)
    expect(why(tell(at, ['k-wife']))).toBe('kin_over')
    expect(why(tell(at, ['k-wife'], 'safe'))).toBeNull()
    expect(at.pages()[0]).toMatchObject({ step: 'safe', facts: { stage: 'safe' } })
    const quiet = desk({ kind: 'panic' })
    quiet.room.act(quiet.id, { type: 'safe', confirmedBy: 'police_there' }, ana)
    expect(why(tell(quiet, ['k-wife'], 'safe'))).toBe('quiet')
    quiet.room.act(quiet.id, { type: 'contact-policy', policy: 'voice_ok', reason: 'police are with him' }, ana)
    expect(why(tell(quiet, ['k-wife'], 'safe'))).toBeNull()
  })

  test('a text that waits is stopped when it turns quiet, and may go out again in the other words', () => {
    const at = desk()
    tell(at, ['k-wife'])
    at.room.act(at.id, { type: 'contact-policy', policy: 'quiet', reason: 'a voice in the background' }, ana)
    expect(at.room.pages.get(at.pages()[0]?.id ?? '')?.state).toBe('stopping')
    expect(why(tell(at, ['k-wife']))).toBeNull()
    expect(at.pages()[1]?.facts.contactPolicy).toBe('quiet')
  })

  test('their names and numbers are shown to those alone who may tell them', () => {
    const at = desk()
    expect(at.room.outward.desk(at.id, ana)?.kin?.map(({ id, mayTell }) => [id, mayTell?.reason ?? null])).toEqual([
      ['k-wife', null],
      ['k-mate', null],
      ['k-self', 'drivers_phone'],
      ['k-911', 'never_dialled'],
    ])
    expect(at.room.outward.desk(at.id, viewer('tom', { role: 'trainee' }))?.kin).toBeNull()
    expect(at.room.outward.desk(at.id, viewer('cee', { regions: ['CEB'] }))).toBeNull()
    expect(why(tell(at, ['k-wife'], 'pressed', viewer('tom', { role: 'trainee' })))).toBe('role')
  })
})

const wish = (changes: Partial<ShareWish> = {}): ShareWish => ({
  kind: 'kin',
  recipient: 'Made-up Wife',
  granted: ['position'],
  minutes: 60,
  phone: null,
  ...changes,
})
const seen = { prefix: '203.0.113.0/24', agent: 'a phone' }

describe('a live-location link', () => {
  const share = (at: ReturnType<typeof desk>, changes: Partial<ShareWish> = {}) => {
    const answer = at.room.outward.share(at.id, wish(changes), ana)
    if (!answer.ok) throw new Error(answer.refusal.reason)
    return answer.share
  }
  const view = (at: ReturnType<typeof desk>, token: string) => at.room.outward.shareView(token, seen)

  test('shows what was granted and nothing else', () => {
    const at = desk()
    const one = view(at, share(at).token)
    expect(one).toMatchObject({ is: 'open', view: { position: { lat: inManila.lat }, vehicle: null, state: null } })
    const other = view(at, share(at, { granted: ['vehicle', 'state'] }).token)
    expect(other).toMatchObject({
      is: 'open',
      view: { position: null, vehicle: { plate: 'NAB 1234' }, state: 'taken' },
    })
    for (const each of [one, other]) {
      const text = JSON.stringify(each)
      for (const hidden of ['Made-up R', '+6391700', 'NCR-1', at.id]) expect(text).not.toContain(hidden)
    }
  })

  test('follows the vehicle', () => {
    const at = desk()
    const { token } = share(at)
    at.clock.now += 10_000
    const position = { ...inManila, lat: 14.6, fixedAt: at.clock.now }
    const rest = { event: null, charging: null, ignition: null }
    at.room.heard([{ deviceId: 'dev-1', home: 'NCR', protocol: 'own', receivedAt: at.clock.now, position, ...rest }])
    expect(view(at, token)).toMatchObject({ view: { position: { lat: 14.6, fixedAt: at.clock.now } } })
  })

  test('is open from its first to its last minute, and kept nowhere in clear', () => {
    const at = desk()
    const { token, code } = share(at, { minutes: 15 })
    at.clock.now += 15 * MIN - 1
    expect(view(at, token).is).toBe('open')
    at.clock.now += 1
    expect(view(at, token).is).toBe('gone')
    expect(at.room.outward.openByCode(code, seen)).toBeNull()
    expect(view(at, `1${'A'.repeat(22)}`).is).toBe('none')
    expect(view(at, 'nonsense').is).toBe('none')
    const disk = JSON.stringify(at.storage.sql.exec('SELECT * FROM share').toArray())
    expect(disk).not.toContain(token)
    expect(disk).not.toContain(code.replace('-', ''))
    expect(JSON.stringify(at.room.log.from(1, 1_000))).not.toContain(token)
  })

  test('lasts a quarter of an hour to twelve hours, and grants something', () => {
    const at = desk()
    const no = (changes: Partial<ShareWish>) => why(at.room.outward.share(at.id, wish(changes), ana))
    expect(no({ minutes: 14 })).toBe('share_minutes')
    expect(no({ minutes: 721 })).toBe('share_minutes')
    expect(no({ minutes: Number.NaN })).toBe('share_minutes')
    expect(no({ granted: [] })).toBe('nothing_granted')
    expect(no({ recipient: ' ' })).toBe('no_recipient')
    expect(no({ phone: '0917 000 0001' })).toBe('drivers_phone')
    expect(no({ phone: '911' })).toBe('never_dialled')
  })

  test('is revoked by a person, and by the end of its incident; safe, it stops saying where', () => {
    const at = desk()
    const [one, two] = [share(at), share(at, { granted: ['position', 'state'] })]
    expect(why(at.room.outward.revokeShare(at.id, one.id, ana))).toBeNull()
    expect(view(at, one.token).is).toBe('gone')
    at.room.act(at.id, { type: 'safe', confirmedBy: 'own_voice' }, ana)
    expect(view(at, two.token)).toMatchObject({ is: 'open', view: { position: null, state: 'safe' } })
    at.room.act(at.id, { type: 'close' }, ana)
    expect(view(at, two.token).is).toBe('gone')
    expect(at.events('shared').map(({ body }) => [body?.what, body?.why])).toEqual([
      ['made', undefined],
      ['made', undefined],
      ['revoked', 'person'],
      ['seen', undefined],
      ['revoked', 'over'],
    ])
  })

  test('is given to no one of the driver’s side while it is quiet, and closes when it turns so; police keep theirs', () => {
    const quiet = desk({ kind: 'panic' })
    expect(why(quiet.room.outward.share(quiet.id, wish(), ana))).toBe('quiet')
    expect(why(quiet.room.outward.share(quiet.id, wish({ kind: 'agency' }), ana))).toBeNull()
    const at = desk()
    const [kin, police] = [share(at), share(at, { kind: 'agency', recipient: 'Makati police' })]
    at.room.act(at.id, { type: 'contact-policy', policy: 'quiet', reason: 'a voice' }, ana)
    expect(view(at, kin.token).is).toBe('gone')
    expect(view(at, police.token)).toMatchObject({ is: 'open', view: { doNotCall: true } })
    expect(at.events('shared').at(-2)?.body).toMatchObject({ what: 'revoked', why: 'quiet' })
  })

  test('by text travels the code alone, which opens it on five phones at most', () => {
    const at = desk()
    const { token, code } = share(at, { phone: '+639170000011' })
    const [page] = at.pages()
    expect(page).toMatchObject({
      reason: 'share',
      ladder: [[{ channel: 'sms', to: '+639170000011' }]],
      facts: { ref: code },
    })
    expect(JSON.stringify(page)).not.toContain(token)
    expect(code).toMatch(/^[A-Z2-9]{3}-[A-Z2-9]{3}$/)
    const opened = at.room.outward.openByCode(` ${code.toLowerCase().replace('-', ' ')} `, seen)
    expect(opened).not.toBeNull()
    expect(view(at, opened ?? '').is).toBe('open')
    for (let more = 0; more < 4; more++) expect(at.room.outward.openByCode(code, seen)).not.toBeNull()
    expect(at.room.outward.openByCode(code, seen)).toBeNull()
  })

  test('guessing: after sixty wrong codes in a minute none is looked up until the next', () => {
    const at = desk()
    const { code } = share(at)
    for (let n = 0; n < 60; n++) expect(at.room.outward.openByCode('222222', seen)).toBeNull()
    expect(at.room.outward.openByCode(code, seen)).toBeNull()
    at.clock.now += MIN
    expect(at.room.outward.openByCode(code, seen)).not.toBeNull()
  })

  test('whoever opens it is written down, once in ten minutes, without an address', () => {
    const at = desk()
    const made = share(at)
    for (let n = 0; n < 20; n++) {
      view(at, made.token)
      at.clock.now += MIN
    }
    at.room.outward.shareView(made.token, { prefix: '198.51.100.0/24', agent: null })
    expect(at.room.outward.desk(at.id, ana)?.shares[0]).toMatchObject({ seen: { count: 3 } })
    expect(at.events('shared').filter(({ body }) => body?.what === 'seen')).toHaveLength(2)
    expect(JSON.stringify(at.records())).not.toContain('203.0.113')
  })

  test('opens in a room that was born anew, and stays closed where it was revoked', () => {
    const at = desk()
    const [one, two] = [share(at), share(at)]
    at.room.outward.revokeShare(at.id, two.id, ana)
    const again = at.reborn()
    expect(again.room.outward.shareView(one.token, seen).is).toBe('open')
    expect(again.room.outward.shareView(two.token, seen).is).toBe('gone')
    again.room.act(at.id, { type: 'contact-policy', policy: 'quiet', reason: 'x' }, ana)
    expect(again.room.outward.shareView(one.token, seen).is).toBe('gone')
  })
})

describe('a message to the driver', () => {
  const send = (at: ReturnType<typeof desk>, text = 'Pull over at the next station') =>
    at.room.outward.message(at.id, text, ana)

  test('goes to the open page first, then by text', () => {
    const at = desk()
    expect(why(send(at))).toBeNull()
    expect(at.pages()[0]).toMatchObject({
      reason: 'driver',
      ladder: [[{ channel: 'lifeline', to: 'dev-1' }], [{ channel: 'sms', to: '+639170000001' }]],
      facts: { text: 'Pull over at the next station' },
    })
    expect(at.events('message')[0]?.body).toMatchObject({ to: 'driver', text: 'Pull over at the next station' })
  })

  test('never while it is quiet or under duress, and one that waits is stopped', () => {
    const quiet = desk({ kind: 'panic' })
    expect(why(send(quiet))).toBe('quiet')
    expect(quiet.pages()).toEqual([])
    const at = desk()
    send(at)
    at.send([aPress({ kind: 'panic' })])
    const [page] = at.pages()
    expect(at.incident().contactPolicy).toBe('quiet')
    expect(at.room.pages.get(page?.id ?? '')?.state).toBe('stopping')
    expect(why(send(at))).toBe('quiet')
  })

  test('is short, and has no link in it', () => {
    const at = desk()
    expect(why(send(at, 'x'.repeat(101)))).toBe('message_length')
    expect(why(send(at, '  '))).toBe('message_length')
    expect(why(send(at, 'see https://tower.example'))).toBe('message_link')
    expect(why(send(at, 'see bit.ly/x'))).toBe('message_link')
  })
})

describe('what Postgres must know of it', () => {
  const filled = () => {
    const at = desk()
    const made = at.room.outward.share(at.id, wish(), ana)
    if (!made.ok) throw new Error('no share')
    at.room.outward.shareView(made.share.token, seen)
    at.room.outward.revokeShare(at.id, made.share.id, ana)
    return at
  }

  test('leaves in the order in which it happened, and once', async () => {
    const at = filled()
    const got: string[] = []
    const keep = async ({ kind }: OutwardRecord) => void got.push(kind)
    await deliverRecords(at.room.outward.records, keep, () => false)
    expect(got).toEqual(['share', 'disclosure', 'seen', 'revoked'])
    expect(at.room.outward.records.waits).toBe(false)
  })

  test('waits while Postgres is away; a row that it will never take is put aside, and the others go on', async () => {
    const at = filled()
    const away = deliverRecords(
      at.room.outward.records,
      () => Promise.reject(new Error('away')),
      () => false,
    )
    expect(away).rejects.toThrow('away')
    await away.catch(() => {})
    const got: string[] = []
    const picky = async ({ kind }: OutwardRecord) => {
      if (kind === 'disclosure') throw new Error('22P05')
      got.push(kind)
    }
    await deliverRecords(at.room.outward.records, picky, () => true)
    expect(got).toEqual(['share', 'seen', 'revoked'])
    expect(at.room.outward.records.waits).toBe(false)
    expect(at.room.outward.records.unpark()).toBe(1)
    expect(at.room.outward.records.waits).toBe(true)
  })
})

test('a code that a network would take for a link is drawn again', () => {
  const w = CODE_LETTERS.indexOf('W')
  const draws = [new Uint8Array([w, w, w, 0, 1, 2]), new Uint8Array([w, w, 0, w, 1, 2])]
  expect(newCode(() => draws.shift() ?? new Uint8Array(6))).toBe('WWAWBC')
  expect(newCode()).toMatch(/^[A-Z2-9]{6}$/)
})
