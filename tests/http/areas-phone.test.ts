// What phones without a lifeline say and read over HTTP.

import { describe, expect, test } from 'bun:test'
import { aPress, viewer } from '../support/made-up'
import { areaTower } from './areas-support'

const ana = viewer('ana')
const ID = '01abcdef-0000-4000-8000-00000000000'

function pressed(kind: 'crash' | 'panic' = 'crash', n = 1) {
  const at = areaTower({ inside: ['dev-1', 'dev-2'], lines: ['dev-1'] })
  at.clock.now = Date.now()
  const press = aPress({
    deviceId: 'dev-1',
    kind,
    sosId: `${ID.replace('-4000-', '-8000-')}${n}`,
    receivedAt: at.clock.now,
  })
  at.room.receive({
    intake: 'NCR:0',
    presses: [press],
    cancels: [],
    unverified: null,
    canary: null,
    directoryVersion: 0,
  })
  at.room.act(press.sosId, { type: 'take' }, ana)
  return { ...at, id: press.sosId, own: at.phone('dev-1'), other: at.phone('dev-2') }
}

describe('a driver’s phone', () => {
  test('writes to the desk and reads what the desk wrote, by its token or the address of its press', async () => {
    const at = pressed()
    at.room.outward.message(at.id, 'Are you near the gate?', ana)
    expect(await at.own.post(`/api/sos/${at.id}/answer`, { text: 'Yes, by the guard' })).toMatchObject({
      status: 200,
      body: { received: true },
    })
    const byAddress = await at.anybody(at.own.pathOf(at.id, 'messages'))
    expect(byAddress.body.messages).toMatchObject([
      { from: 'tower', text: 'Are you near the gate?' },
      { from: 'driver', text: 'Yes, by the guard', at: expect.stringMatching(/Z$/) },
    ])
    expect(at.room.incidents.find(at.id)).toMatchObject({
      flags: ['driver_wrote'],
      ring: { to: 'owner', reason: 'message' },
    })
  })

  test('reads the same bytes whatever was written where silence is kept', async () => {
    const at = pressed('panic')
    const empty = await at.own.get(`/api/sos/${at.id}/messages`)
    await at.own.post(`/api/sos/${at.id}/answer`, { text: 'he is armed' })
    const after = await at.own.get(`/api/sos/${at.id}/messages`)
    expect([empty.status, empty.text]).toEqual([200, '{"messages":[]}'])
    expect([after.status, after.text]).toEqual([empty.status, empty.text])
  })

  test('of another is told nothing', async () => {
    const at = pressed()
    expect((await at.other.get(`/api/sos/${at.id}/messages`)).status).toBe(404)
    expect((await at.other.post(`/api/sos/${at.id}/answer`, { text: 'hello' })).status).toBe(404)
    expect((await at.anybody(`/api/sos/${at.id}/messages`)).status).toBe(401)
    expect((await at.own.post(`/api/sos/${at.id}/answer`, {})).status).toBe(422)
  })

  test('answers a broadcast: safe is heard, need_help is a press with its receipt', async () => {
    const at = pressed()
    const { id } = await at.send({ until: at.clock.now + 3_600_000 })
    const page = at.texts()[0]?.id ?? ''
    expect(at.texts()[0]?.contact.id).toBe('drv-dev-2')
    const safe = await at.other.post(`/api/sos/${at.id}/answer`, { id: page, answer: 'safe' })
    expect(safe).toMatchObject({ status: 200, body: { received: true } })
    expect((await at.shown(id)).roll.safe).toBe(1)
    const cry = await at.other.post(`/api/sos/${at.id}/answer`, { id: page, answer: 'need_help' })
    expect(cry.status).toBe(201)
    expect(cry.body.statusUrl).toContain(`/api/sos/${cry.body.sosId}?`)
    expect(at.room.incidents.find(cry.body.sosId)).toMatchObject({ kind: 'flood', driver: { id: 'drv-dev-2' } })
    // By its number, too: the room knows what it answers.
    const byNumber = await at.other.post(`/api/sos/${at.id}/answer`, { id: page, answer: '2' })
    expect(byNumber.body.sosId).toBe(cry.body.sosId)
  })
})
