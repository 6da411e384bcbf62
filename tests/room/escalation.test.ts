import { describe, expect, test } from 'bun:test'
import { defaultPolicy, type EscalationPolicy } from '../../src/domain/escalation-policy'
import type { Page } from '../../src/domain/page'
import type { Press } from '../../src/domain/press'
import { aPress, viewer } from '../support/made-up'
import { anAttempt, contactRow, openDesk, shiftRow } from '../support/paging'

type Desk = ReturnType<typeof openDesk>

const press = (at: Desk, changes: Partial<Press> = {}): string => {
  const one = aPress({ receivedAt: at.clock.now, pressedAt: at.clock.now, ...changes })
  at.send([one])
  return one.sosId
}
const pageTo = (at: Desk, contact: string): Page => {
  const page = at.ear.pages.findLast((each) => each.contact.id === contact)
  if (!page) throw new Error(`nobody told ${contact}`)
  return page
}
const policy = (at: Desk, changes: Partial<EscalationPolicy>) =>
  at.room.learn([{ kind: 'policy', id: 'NCR', version: 90_000, body: { ...defaultPolicy('NCR'), ...changes } }])

describe('an incident that nobody takes', () => {
  test('while somebody is free: consoles louder at 10 s, lead at 20, all leads and the neighbour at 45, management at 120', async () => {
    const at = openDesk()
    const id = press(at)
    expect(await at.told()).toEqual([])
    at.pass(10_000)
    expect(at.room.incidents.summary(id)?.ring).toMatchObject({ n: 2, to: 'all', reason: 'louder' })
    expect(await at.told()).toEqual([])
    at.pass(10_000)
    expect(await at.told()).toEqual(['lead ana'])
    at.pass(25_000)
    expect(await at.told()).toEqual(['all_leads ben', 'all_leads cora'])
    expect(at.room.incidents.find(id)?.alsoIn).toEqual(['CEB'])
    expect(at.room.mirrors.waiting(10)).toEqual([{ incident: id, region: 'CEB' }])
    at.pass(75_000)
    expect(await at.told()).toEqual(['management dina'])
  })

  test('and nobody watches: the lead is told in the same moment', async () => {
    const at = openDesk({ attention: { watching: 0, free: 0 } })
    press(at)
    expect(await at.told()).toEqual(['unwatched ana'])
  })

  test('and the last who watched has gone: the lead is told then', async () => {
    const at = openDesk()
    press(at)
    at.pass(3_000)
    at.attend(0, 0)
    at.pass(0)
    expect(await at.told()).toEqual(['unwatched ana'])
  })

  test('and nobody is free: the lead is told at 5 s', async () => {
    const at = openDesk({ attention: { watching: 2, free: 0 } })
    press(at)
    at.pass(4_999)
    expect(await at.told()).toEqual([])
    at.pass(1)
    expect(await at.told()).toEqual(['none_free ana'])
  })

  test('is told of until a person takes it, and what is under way is then called back', async () => {
    const at = openDesk()
    const id = press(at)
    at.pass(20_000)
    await at.told()
    at.room.act(id, { type: 'take' }, viewer('u1'))
    await at.told()
    expect(at.ear.stops).toEqual([{ pageIds: [pageTo(at, 'ana').id], why: 'taken' }])
    at.room.act(id, { type: 'note', text: 'on it' }, viewer('u1'))
    at.pass(600_000)
    expect(await at.told()).toEqual([])
    expect(at.room.timers.get('escalate', id)).toBeNull()
  })

  test('that is given back climbs again from the first step', async () => {
    const at = openDesk()
    const id = press(at)
    at.screens.add('u1')
    at.room.act(id, { type: 'take' }, viewer('u1'))
    at.pass(60_000)
    expect(at.room.incidents.find(id)?.state).toBe('new')
    expect(await at.told()).toEqual([])
    at.pass(20_000)
    expect(await at.told()).toEqual(['lead ana'])
  })

  test('goes on over a restart of the room, once', async () => {
    const at = openDesk()
    const id = press(at)
    at.pass(20_000)
    await at.told()
    const again = at.reborn()
    again.pass(25_000)
    expect(again.room.pages.ofIncident(id).map(({ step, contact }) => `${step} ${contact.id}`)).toEqual([
      'lead ana',
      'all_leads ben',
      'all_leads cora',
    ])
  })

  test('that has lost its timer gets it back by the round of the minute', async () => {
    const at = openDesk()
    const id = press(at)
    at.room.timers.cancel('escalate', id)
    expect(at.room.escalation.rearm()).toBe(1)
    at.pass(20_000)
    expect(await at.told()).toEqual(['lead ana'])
    expect(at.room.escalation.rearm()).toBe(0)
  })

  test('says in its timeline who is told, and that nobody is on duty', () => {
    const at = openDesk({ people: [contactRow('ana'), shiftRow('ana', 'lead')] })
    const id = press(at)
    at.pass(120_000)
    const steps = at.lines(id, 'escalated').map(({ body }) => [body?.step, body?.to, body?.nobody])
    expect(steps[1]).toMatchObject(['lead', [{ id: 'ana' }], undefined])
    expect(steps.at(-1)?.[0]).toBe('management')
    expect(steps.at(-1)?.[2]).toContain('nobody on duty as management')
  })

  test('without anybody in the directory rings the phones of the duty card', async () => {
    const at = openDesk({
      attention: { watching: 0, free: 0 },
      people: [
        {
          kind: 'duty',
          id: 'NCR',
          version: 5,
          body: { id: 'NCR', phones: [{ name: 'Duty phone', phone: '+639170000009' }] },
        },
      ],
    })
    press(at)
    expect(await at.told()).toEqual(['unwatched phone:+639170000009'])
    expect(at.ear.pages[0]?.ladder[0]).toEqual([
      { channel: 'voice', to: '+639170000009' },
      { channel: 'sms', to: '+639170000009' },
    ])
  })

  test('and is told of by nothing at all when its directory is empty: that is an event', () => {
    const at = openDesk({ people: [], attention: { watching: 0, free: 0 } })
    const id = press(at)
    expect(at.lines(id, 'escalated')[0]?.body?.nobody).toContain('nobody in the directory can be told')
  })

  test('of whom nobody could be told is told as soon as somebody is in the directory', async () => {
    const at = openDesk({ people: [], attention: { watching: 0, free: 0 } })
    press(at)
    at.pass(1_000)
    at.room.learn([contactRow('ana'), shiftRow('ana', 'lead')])
    expect((await at.told()).map((each) => each.split(' ').at(-1))).toEqual(['ana'])
  })

  test('cancelled by the true PIN pages nobody any more', async () => {
    const at = openDesk()
    const id = press(at)
    at.send([], { cancels: [{ sosId: id, deviceId: 'dev-1', verdict: 'true', at: at.clock.now, n: 1 }] })
    at.pass(300_000)
    expect(await at.told()).toEqual([])
  })
})

describe('what the courier reports', () => {
  test('is one line for each change, and a repeat is none', async () => {
    const at = openDesk()
    const id = press(at)
    at.pass(20_000)
    await at.told()
    const page = pageTo(at, 'ana')
    expect(at.report(page, { attempt: anAttempt(page) }, 1)).toEqual([1])
    expect(at.report(page, { attempt: anAttempt(page) }, 1)).toEqual([1])
    at.report(page, { attempt: anAttempt(page, { state: 'sent' }) }, 2)
    at.report(page, { attempt: anAttempt(page, { state: 'undelivered', error: '30008' }) }, 3)
    expect(at.lines(id, 'paged').map(({ body }) => [body?.state, body?.error, body?.to])).toEqual([
      ['accepted', null, '+63917•••0101'],
      ['undelivered', '30008', '+63917•••0101'],
    ])
  })

  test('a delivered page is no answer: the ladder goes on', async () => {
    const at = openDesk()
    press(at)
    at.pass(20_000)
    await at.told()
    const page = pageTo(at, 'ana')
    at.report(page, { attempt: anAttempt(page, { state: 'delivered' }) })
    at.pass(25_000)
    expect(await at.told()).toEqual(['all_leads ben', 'all_leads cora'])
  })

  test('every way to somebody has failed: the next people are told at once', async () => {
    const at = openDesk()
    const id = press(at)
    at.pass(20_000)
    await at.told()
    at.report(pageTo(at, 'ana'), { what: 'exhausted' })
    expect(await at.told()).toEqual(['all_leads ben', 'all_leads cora'])
    expect(at.lines(id, 'page_exhausted')).toHaveLength(1)
  })

  test('a page whose every way has failed is called back all the same when somebody takes the incident: its provider may come back', async () => {
    const at = openDesk()
    const { sosId: id } = aPress()
    at.send([aPress({ sosId: id, kind: 'panic' })])
    at.pass(20_000)
    await at.told()
    const page = pageTo(at, 'ana')
    at.report(page, { what: 'exhausted' })
    at.room.act(id, { type: 'take' }, viewer('u1'))
    await at.told()
    expect(at.ear.stops.flatMap(({ pageIds }) => pageIds)).toContain(page.id)
  })

  test('taken by phone: others are not told for 120 s, the card says by whom; without a desk it goes on', async () => {
    const at = openDesk()
    const id = press(at)
    at.pass(45_000)
    await at.told()
    at.report(pageTo(at, 'ben'), { what: 'answered', answer: 'take' })
    await at.told()
    expect(at.ear.stops.flatMap(({ pageIds }) => pageIds)).toEqual([pageTo(at, 'ana').id, pageTo(at, 'cora').id])
    expect(at.room.incidents.summary(id)?.phoneAck?.name).toBe('ben')
    at.pass(119_000)
    expect(await at.told()).toEqual([])
    at.pass(1_000)
    expect(at.lines(id, 'ack_expired')).toHaveLength(1)
    expect(at.room.incidents.summary(id)?.phoneAck).toBeUndefined()
    expect((await at.told()).length).toBeGreaterThan(0)
  })

  test('taken by phone and then by a desk: the card no longer says by phone', () => {
    const at = openDesk({ attention: { watching: 0, free: 0 } })
    const id = press(at)
    const [page] = at.room.pages.waiting(0, 1)
    if (!page) throw new Error('nobody told')
    at.report(page, { what: 'answered', answer: 'take' })
    expect(at.room.incidents.find(id)?.phoneAck).not.toBeNull()
    at.room.act(id, { type: 'take' }, viewer('u1'))
    expect(at.room.incidents.summary(id)?.phoneAck).toBeUndefined()
    at.pass(300_000)
    expect(at.lines(id, 'ack_expired')).toEqual([])
  })

  test('they cannot: the next people now; and "call everyone": all leads now', async () => {
    const at = openDesk({ attention: { watching: 0, free: 0 } })
    press(at)
    await at.told()
    at.report(pageTo(at, 'ana'), { what: 'answered', answer: 'cannot' })
    expect((await at.told()).length).toBeGreaterThan(0)
    const other = openDesk({ attention: { watching: 0, free: 0 } })
    press(other)
    await other.told()
    other.report(pageTo(other, 'ana'), { what: 'answered', answer: 'everyone' })
    expect(await other.told()).toEqual(['all_leads ben', 'all_leads cora'])
  })

  test('an answer that came while the room was away holds the incident as soon as it is known', async () => {
    const at = openDesk({ attention: { watching: 0, free: 0 } })
    const late = aPress({ receivedAt: at.clock.now })
    const contact = { id: 'ana', name: 'ana' }
    const page = {
      id: 'p-away',
      incidentId: late.sosId,
      region: 'NCR',
      reason: 'room_away',
      step: 'room_away',
      contact,
    }
    const attempt = anAttempt(page as Page, { state: 'answered' })
    at.report(page as Page, { attempt, what: 'answered', answer: 'take' })
    at.send([late])
    expect(at.room.incidents.summary(late.sosId)?.phoneAck?.name).toBe('ana')
    expect(await at.told()).toEqual([])
  })
})

describe('what one contact is told', () => {
  test('stays within an hourly budget, but for P1', async () => {
    const at = openDesk({ attention: { watching: 0, free: 0 } })
    policy(at, { hourlyBudget: 2 })
    for (let n = 0; n < 4; n++) press(at, { deviceId: `p2-${n}`, kind: 'flood' })
    expect(await at.told()).toEqual(['unwatched ana', 'unwatched ana'])
    const last = press(at, { deviceId: 'p2-last', kind: 'flood' })
    expect(at.lines(last, 'escalated')[0]?.body?.kept).toEqual([{ id: 'ana', name: 'ana', why: 'budget' }])
    press(at, { deviceId: 'p1', kind: 'panic' })
    expect(await at.told()).toEqual(['unwatched ana'])
  })

  test('of a crowd of P1 in the same moment, calls to one phone stop at a dozen; half a minute later it rings again', async () => {
    const at = openDesk({ attention: { watching: 0, free: 0 } })
    policy(at, { storm: { offeredAt: 100, ownAt: 10, withinS: 600, repeatS: 300 } })
    const crowd = Array.from({ length: 20 }, (_, n) => aPress({ deviceId: `p1-${n}`, receivedAt: at.clock.now }))
    at.send(crowd)
    expect((await at.told()).filter((each) => each === 'unwatched ana')).toHaveLength(12)
    expect(at.lines(crowd[19]?.sosId ?? '', 'escalated')[0]?.body?.kept).toEqual([
      { id: 'ana', name: 'ana', why: 'storm' },
    ])
    at.pass(31_000)
    await at.told()
    press(at, { deviceId: 'later' })
    expect(await at.told()).toContain('unwatched ana')
  })

  test('what is over rings for nobody: in a row of P1 that each end soon, every one is told', async () => {
    const at = openDesk({ attention: { watching: 0, free: 0 } })
    policy(at, { storm: { offeredAt: 100, ownAt: 10, withinS: 600, repeatS: 300 } })
    for (let n = 0; n < 30; n++) {
      const id = press(at, { deviceId: `soon-${n}` })
      expect(await at.told()).toContain('unwatched ana')
      at.room.act(id, { type: 'take' }, viewer('u1'))
      at.pass(500)
    }
  })

  test('a further incident while a page is young is a page of its own: the courier decides whether one text tells of both', async () => {
    const at = openDesk({ attention: { watching: 0, free: 0 } })
    press(at, { deviceId: 'one' })
    press(at, { deviceId: 'two' })
    await at.told()
    expect(at.ear.pages.map(({ contact }) => contact.id)).toEqual(['ana', 'ana'])
    expect(new Set(at.ear.pages.map(({ incidentId }) => incidentId)).size).toBe(2)
  })
})

describe('the ladder as a desk reads it', () => {
  test('says what was told, what comes next, and who holds it', async () => {
    const at = openDesk()
    const id = press(at)
    at.pass(20_000)
    await at.told()
    const climbing = at.room.ladder(id, viewer('u1'))
    expect(climbing).toMatchObject({ state: 'climbing', round: 1, held: null })
    expect(climbing?.decided.map(({ step }) => step)).toEqual(['louder', 'lead'])
    expect(climbing?.pages).toMatchObject([{ step: 'lead', contact: { id: 'ana' }, state: 'with' }])
    expect(climbing?.next[0]).toEqual({ step: 'all_leads', at: climbing ? climbing.since + 45_000 : 0 })
    at.report(pageTo(at, 'ana'), { what: 'answered', answer: 'take' })
    expect(at.room.ladder(id, viewer('u1'))).toMatchObject({ state: 'held', held: { name: 'ana' } })
    expect(at.room.ladder(id, viewer('u2', { regions: ['DVO'] }))).toBeNull()
  })
})
