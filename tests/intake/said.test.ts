// What phones say on a lifeline to messages of ours.

import { describe, expect, test } from 'bun:test'
import type { PhoneSaid, SaidHeard } from '../../src/domain/phone-said'
import { hearPhone, type LifelineDevice } from '../../src/intake/lifeline'
import { bench, PEPPER } from './bench'

const device: LifelineDevice = { deviceId: 'bus-1', home: 'NCR', generation: 1, expired: false }
const MESSAGE = '0f2b6c1d-1111-8222-8333-444455556666'

function line(hears: (said: PhoneSaid) => SaidHeard = () => 'heard') {
  const b = bench()
  const heard: [id: string, said: PhoneSaid][] = []
  const say = (message: unknown) =>
    b.done(
      hearPhone(JSON.stringify(message), device, {
        intake: b.intake,
        pepper: PEPPER,
        now: () => b.clock.now(),
        statusUrl: (sosId) => `https://x.test/${sosId}`,
        said: async (id, deviceId, said) => {
          expect(deviceId).toBe('bus-1')
          heard.push([id, said])
          return hears(said)
        },
      }),
    )
  return Object.assign(b, { say, heard })
}

describe('an answer to a message', () => {
  test('goes to the room: a word of a question, or words of their own', async () => {
    const b = line()
    expect(await b.say({ t: 'answer', id: MESSAGE, answer: 'safe' })).toEqual({ t: 'answer', id: MESSAGE, ok: true })
    await b.say({ t: 'answer', id: MESSAGE, answer: 3 })
    await b.say({ t: 'answer', id: MESSAGE, answer: 'cannot' })
    await b.say({ t: 'answer', id: MESSAGE, text: '  at the\u0000 gate ' })
    expect(b.heard).toEqual([
      [MESSAGE, { answer: 'safe', text: null }],
      [MESSAGE, { answer: '3', text: null }],
      [MESSAGE, { answer: 'cannot', text: null }],
      [MESSAGE, { answer: null, text: 'at the\ufffd gate' }],
    ])
    expect(b.rows('press')).toBe(0)
  })

  test('that nobody asked for, or that comes too late, is said so', async () => {
    expect(await line(() => 'unknown').say({ t: 'answer', id: MESSAGE, answer: 'ok' })).toEqual({
      t: 'error',
      code: 'not_found',
    })
    expect(await line(() => 'over').say({ t: 'answer', id: MESSAGE, text: 'hello' })).toEqual({
      t: 'answer',
      id: MESSAGE,
      ok: false,
      code: 'over',
    })
  })

  test('is to be sent again where the room does not answer', async () => {
    const b = line(() => {
      throw new Error('away')
    })
    expect(await b.say({ t: 'answer', id: MESSAGE, text: 'hello', ref: 4 })).toEqual({
      t: 'error',
      code: 'try_again',
      ref: 4,
    })
  })
})

describe('“need help”', () => {
  test('is durable as a press before it is answered, without the room', async () => {
    const b = line(() => {
      throw new Error('away')
    })
    for (const answer of ['need_help', 'tulong']) {
      expect(await b.say({ t: 'answer', id: MESSAGE, answer })).toMatchObject({ t: 'received' })
    }
    expect(b.heard).toEqual([])
    expect(b.rows('press')).toBe(1)
    await b.pass(50)
    expect([...b.room.presses.values()][0]?.press).toMatchObject({ door: 'lifeline', answers: MESSAGE })
  })

  test('by a number is one where the room says so', async () => {
    const b = line(({ answer }) => (answer === '2' ? 'press' : 'heard'))
    expect(await b.say({ t: 'answer', id: MESSAGE, answer: 2 })).toMatchObject({ t: 'received' })
    expect(b.rows('press')).toBe(1)
  })

  test('of half an hour later is another press: what the first began may have ended', async () => {
    const b = line()
    await b.say({ t: 'answer', id: MESSAGE, answer: 'need_help' })
    await b.pass(30 * 60_000)
    await b.say({ t: 'answer', id: MESSAGE, answer: 'need_help' })
    expect(b.rows('press')).toBe(2)
  })

  test('what nobody can read is a cry, as any frame that is nothing else', async () => {
    const b = line()
    for (const frame of [
      { t: 'answer', id: MESSAGE, answer: 'banana' },
      { t: 'answer', id: MESSAGE, answer: 'no' },
      { t: 'answer', id: MESSAGE },
      { t: 'answer' },
    ]) {
      expect(await b.say(frame)).toMatchObject({ t: 'received' })
      await b.pass(11_000)
    }
    expect(b.heard).toEqual([])
  })
})
