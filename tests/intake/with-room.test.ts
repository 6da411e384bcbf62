// An intake and a real room, from the press to what the phone reads.

import { describe, expect, test } from 'bun:test'
import type { Act } from '../../src/domain/command'
import { pushStatuses } from '../../src/room/departures'
import { viewer } from '../support/made-up'
import { openRoom } from '../support/room'
import { bench, cardRows, DURESS, deviceRow, macOf, nextSosId, PIN } from './bench'

const ana = viewer('ana')
const sue = viewer('sue', { role: 'supervisor' })

async function together() {
  const at = openRoom()
  const { room } = at
  const b = bench('NCR:0', () => ({
    receive: async (batch) => {
      at.clock.now = b.clock.now()
      return room.receive(batch)
    },
  }))
  at.clock.now = b.clock.now()
  room.learn([...cardRows(), deviceRow()])
  await b.intake.tick()
  await b.clock.advance(50)
  /** Statuses go out until there are none. */
  const news = async () => {
    await b.pass(50)
    at.clock.now = b.clock.now()
    for (let n = 0; n < 10; n++)
      if ((await pushStatuses(room, (_, pushes) => b.intake.update(pushes))) === 'idle') return
    throw new Error('statuses never end')
  }
  const act = async (id: string, what: Act, who = ana) => {
    at.clock.now = b.clock.now()
    const answer = room.act(id, what, who)
    if (!answer.ok) throw new Error(JSON.stringify(answer.refusal))
    await news()
  }
  const state = async (sosId: string) => (await b.intake.status(sosId, 'bus-1'))?.state
  const cancel = (sosId: string, pin: string) => b.done(b.intake.cancel(sosId, 'bus-1', macOf(pin)))
  return Object.assign(b, { at, real: room, news, act, state, cancel })
}

describe('an intake and its room', () => {
  test('a phone that may talk reads and hears who took it; a quiet one reads the same and hears nothing', async () => {
    const b = await together()
    const open = await b.press({ kind: 'crash' })
    await b.news()
    await b.act(open.sosId, { type: 'take' })
    expect(await b.intake.status(open.sosId, 'bus-1')).toMatchObject({ state: 'taken', desk: 'Desk ana' })
    expect(b.told.map(({ view }) => view.state)).toEqual(['taken'])

    const q = await together()
    const quiet = await q.press({ kind: 'panic' })
    await q.news()
    await q.act(quiet.sosId, { type: 'take' })
    expect(await q.intake.status(quiet.sosId, 'bus-1')).toEqual({ state: 'received', receivedAt: quiet.receivedAt })
    expect(q.told).toEqual([])
  })

  test('the true PIN cancels the incident; the phone never reads anything else in between', async () => {
    const b = await together()
    const { sosId } = await b.press({ kind: 'crash' })
    await b.news()
    await b.cancel(sosId, PIN)
    expect(await b.state(sosId)).toBe('cancelled')
    await b.news()
    expect(b.real.incidents.summary(sosId)?.state).toBe('cancelled')
    expect(await b.state(sosId)).toBe('cancelled')
  })

  test('under duress the phone reads cancelled, also for later presses, until a supervisor lifts it', async () => {
    const b = await together()
    const { sosId } = await b.press({ kind: 'crash' })
    await b.news()
    await b.cancel(sosId, DURESS)
    await b.news()
    expect(b.real.incidents.summary(sosId)).toMatchObject({ state: 'new', contactPolicy: 'quiet', priority: 'P1' })
    const later = await b.press({ kind: 'crash' })
    await b.news()
    expect([await b.state(sosId), await b.state(later.sosId)]).toEqual(['cancelled', 'cancelled'])
    expect(b.told).toEqual([])
    await b.act(sosId, { type: 'lift-duress', reason: 'spoke with the driver' }, sue)
    expect([await b.state(sosId), await b.state(later.sosId)]).toEqual(['received', 'received'])
    const after = await b.press({ kind: 'crash' })
    expect(await b.state(after.sosId)).toBe('received')
  })

  test('a cancel that overtook its press cancels the incident, whether its note waited or went ahead', async () => {
    for (const wait of [0, 5_000]) {
      const b = await together()
      const sosId = nextSosId()
      const answer = b.intake.cancel(sosId, 'bus-1', macOf(PIN))
      if (wait > 0) await b.done(answer)
      await b.pass(wait)
      await b.press({ sosId, kind: 'crash' })
      await answer
      await b.news()
      expect(b.real.incidents.summary(sosId)?.state).toBe('cancelled')
      expect(await b.state(sosId)).toBe('cancelled')
    }
  })

  test('five wrong PINs flag guessing, and make the incident quiet', async () => {
    const b = await together()
    const { sosId } = await b.press({ kind: 'crash' })
    for (let n = 0; n < 5; n++) await b.cancel(sosId, '0000')
    await b.news()
    expect(b.real.incidents.summary(sosId)).toMatchObject({ state: 'new', contactPolicy: 'quiet' })
    expect(b.real.incidents.summary(sosId)?.flags).toContain('pin_guessing')
  })

  test('a button held down is one incident with all its presses counted', async () => {
    const b = await together()
    const ids: string[] = []
    for (let n = 0; n < 25; n++) ids.push((await b.press()).sosId)
    await b.pass(3_000)
    expect(b.real.counts().open).toBe(1)
    expect(b.real.incidents.summary(ids[0] as string)?.pressCount).toBe(25)
  })
})
