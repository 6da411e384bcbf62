// A room that is dead while somebody presses: the duty card's phones are told past it, once, and the room takes that over.

import { describe, expect, test } from 'bun:test'
import { sendPages } from '../../src/room/departures'
import { bench, cardRows, deviceRow, macOf, PIN } from '../intake/bench'
import { aPress, viewer } from '../support/made-up'
import { anAttempt, contactRow, openDesk, shiftRow } from '../support/paging'
import { openRoom } from '../support/room'

const PHONE = 'phone:+639170000009'

async function apart() {
  const at = openRoom({ ports: { attention: () => 0, free: () => 0 } })
  const state = { dead: false, loses: false }
  const b = bench('NCR:0', () => ({
    receive: async (batch) => {
      if (state.dead) throw new Error('the room is dead')
      at.clock.now = b.clock.now()
      const reply = at.room.receive(batch)
      if (state.loses) throw new Error('the answer is lost')
      return reply
    },
  }))
  at.clock.now = b.clock.now()
  at.room.learn([...cardRows(), deviceRow(), deviceRow({ id: 'bus-2', driverId: null, vehicleId: null })])
  await b.intake.tick()
  await b.clock.advance(50)
  const lines = (id: string, type: string) => at.room.log.ofIncident(id).filter((event) => event.type === type)
  return { at, b, state, lines }
}

describe('a press while its room is dead', () => {
  test('reaches the duty card after 5 s; the room takes it over and does not tell the same phone at once again', async () => {
    const { at, b, state, lines } = await apart()
    state.dead = true
    const { sosId } = await b.press()
    await b.pass(5_100)
    expect(b.paged).toMatchObject([{ incidentId: sosId, reason: 'room_away', contact: { id: PHONE } }])
    state.dead = false
    await b.pass(3_000)
    expect(at.room.pages.waiting(0, 10)).toEqual([])
    expect(at.room.pages.ofIncident(sosId)).toMatchObject([{ id: b.paged[0]?.id, reason: 'room_away', state: 'with' }])
    const told = lines(sosId, 'escalated').map(({ body }) => [body?.step, body?.to, body?.telling])
    expect(told).toMatchObject([
      ['unwatched', [], [{ id: PHONE }]],
      ['room_away', [{ id: PHONE, page: b.paged[0]?.id }], undefined],
    ])
  })

  test('is told again by the ladder when that page has gone by unanswered', async () => {
    const { at, b, state } = await apart()
    state.dead = true
    const { sosId } = await b.press()
    await b.pass(5_100)
    state.dead = false
    await b.pass(2_000)
    at.pass(130_000)
    expect(at.room.pages.ofIncident(sosId).map(({ reason }) => reason)).toContain('escalation')
  })

  test('is called back when a desk takes it', async () => {
    const { at, b, state } = await apart()
    state.dead = true
    const { sosId } = await b.press()
    await b.pass(5_100)
    state.dead = false
    await b.pass(2_000)
    at.room.act(sosId, { type: 'take' }, viewer('u1'))
    const stops: string[] = []
    await sendPages(at.room, 0, {
      send: async () => [],
      stop: async ({ pageIds }) => void stops.push(...pageIds),
    })
    expect(stops).toEqual([b.paged[0]?.id ?? ''])
  })

  test('answered by phone before the room is back is held by that phone', async () => {
    const { at, b, state, lines } = await apart()
    state.dead = true
    const { sosId } = await b.press()
    await b.pass(5_100)
    const [page] = b.paged
    if (!page) throw new Error('nobody was told')
    const report = { n: 1, pageId: page.id, incidentId: sosId, at: b.clock.now() }
    at.room.reports.take([{ ...report, attempt: anAttempt(page), what: 'answered', answer: 'take' }])
    state.dead = false
    await b.pass(3_000)
    expect(at.room.incidents.summary(sosId)?.phoneAck?.name).toBe('Duty')
    expect(lines(sosId, 'escalated')).toMatchObject([{ body: { step: 'room_away', to: [{ id: PHONE }] } }])
    expect(at.room.pages.waiting(0, 10)).toEqual([])
  })

  test('that joins an incident which is there already takes its page along', async () => {
    const { at, b, state } = await apart()
    const first = await b.press()
    await b.pass(1_000)
    state.dead = true
    const second = await b.press()
    await b.pass(6_000)
    state.dead = false
    await b.pass(3_000)
    expect(at.room.incidents.find(second.sosId)).toBeNull()
    expect(at.room.pages.ofIncident(first.sosId).map(({ reason }) => reason)).toContain('room_away')
  })

  test('repeated after a lost answer is taken over once', async () => {
    const { b, state, lines } = await apart()
    state.dead = true
    const { sosId } = await b.press()
    await b.pass(5_100)
    Object.assign(state, { dead: false, loses: true })
    await b.pass(4_000)
    state.loses = false
    await b.pass(4_000)
    expect(lines(sosId, 'escalated').filter(({ body }) => body?.step === 'room_away')).toHaveLength(1)
  })
})

describe('pages past a dead room', () => {
  test('wait for a courier that is away, over a crash of the intake, and go once it is back', async () => {
    const { b, state } = await apart()
    state.dead = true
    const { push } = b.paged
    b.paged.push = () => {
      throw new Error('the courier is away')
    }
    await b.press()
    await b.pass(8_000)
    b.crash()
    b.paged.push = push
    await b.intake.tick()
    await b.pass(3_000)
    expect(b.paged).toHaveLength(1)
  })

  test('of fifty presses are five, and one that counts the rest', async () => {
    const { b, state } = await apart()
    state.dead = true
    for (let n = 0; n < 50; n++) await b.press({ deviceId: `bus-${n}`, kind: n === 49 ? 'panic' : 'flood' })
    await b.pass(9_000)
    const singles = b.paged.filter(({ reason }) => reason === 'room_away')
    const counts = b.paged.filter(({ reason }) => reason === 'storm')
    expect(singles).toHaveLength(5)
    expect(counts.length).toBeGreaterThan(0)
    expect(counts.length).toBeLessThanOrEqual(2)
    expect(counts[0]?.facts.counts).toMatchObject({ operators: 0 })
    expect(counts.at(-1)?.facts.counts?.waiting).toBe(50)
  })

  test('are not made for a press that a true PIN took back', async () => {
    const { b, state } = await apart()
    state.dead = true
    const { sosId } = await b.press()
    expect(await b.done(b.intake.cancel(sosId, 'bus-1', macOf(PIN)))).toMatchObject({ ok: true })
    await b.pass(20_000)
    expect(b.paged).toEqual([])
  })
})

test('whoever has that phone in the directory is not told at once again', async () => {
  const at = openDesk({
    attention: { watching: 0, free: 0 },
    people: [contactRow('ana', { addresses: [{ channel: 'voice', to: '+639170000009' }] }), shiftRow('ana', 'lead')],
  })
  const press = aPress()
  at.send([press], { paged: [{ sosId: press.sosId, contactIds: [PHONE], at: at.clock.now }] })
  expect(await at.told()).toEqual([])
  expect(at.lines(press.sosId, 'escalated')[0]?.body?.telling).toMatchObject([{ id: 'ana' }])
})
