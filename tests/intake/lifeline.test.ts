import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { hearPhone, type LifelineDevice, questionFrame, statusFrame } from '../../src/intake/lifeline'
import { bench, deviceRow, PEPPER, PIN } from './bench'

const device: LifelineDevice = { deviceId: 'bus-1', home: 'NCR', generation: 1, expired: false }

function line(of: LifelineDevice = device) {
  const b = bench()
  const say = (message: unknown) =>
    b.done(
      hearPhone(typeof message === 'string' ? message : JSON.stringify(message), of, {
        intake: b.intake,
        pepper: PEPPER,
        now: () => b.clock.now(),
        statusUrl: (sosId, deviceId) => `https://x.test/${deviceId}/${sosId}`,
      }),
    )
  return Object.assign(b, { say })
}

describe('a lifeline', () => {
  test('takes the press of POST /api/sos and answers when it is stored', async () => {
    const b = line()
    const answer = await b.say({
      id: '8d7b8c6e-1111-4222-8333-444455556666',
      kind: 'crash',
      note: 'hit a post',
      ref: 7,
    })
    expect(answer).toMatchObject({ t: 'received', ref: 7 })
    if (answer.t !== 'received') throw new Error('not received')
    expect(answer.receivedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(answer.statusUrl).toBe(`https://x.test/bus-1/${answer.sosId}`)
    await b.pass(50)
    expect(b.room.presses.get(answer.sosId)?.press).toMatchObject({
      deviceId: 'bus-1',
      door: 'lifeline',
      kind: 'crash',
      note: 'hit a post',
      labels: ['no_fix'],
    })
  })

  test('a retry with the same id is the same press', async () => {
    const b = line()
    const press = { id: '8d7b8c6e-1111-4222-8333-444455556666', kind: 'panic' }
    const [first, again] = [await b.say(press), await b.say(press)]
    expect(again).toEqual(first)
    expect(b.rows('press')).toBe(1)
  })

  test('takes what it cannot read for a cry, labelled', async () => {
    const b = line()
    for (const text of ['{', 'help', '[1,2]', 'null', '"x"', `{"note":"${'a'.repeat(20_000)}"}`]) {
      expect(await b.say(text)).toMatchObject({ t: 'received' })
      await b.pass(11_000)
    }
    expect(b.room.presses.size).toBe(6)
    for (const { press } of b.room.presses.values()) expect(press.labels).toContain('garbled')
  })

  test('takes the press of an expired token, labelled', async () => {
    const b = line({ ...device, expired: true })
    await b.say({ kind: 'panic' })
    await b.pass(50)
    expect([...b.room.presses.values()][0]?.press.labels).toContain('expired_token')
  })

  test('answers cancel and status, and keeps other devices’ presses to themselves', async () => {
    const b = line()
    await b.learn([deviceRow()])
    const pressed = await b.say({ kind: 'panic' })
    if (pressed.t !== 'received') throw new Error('not received')
    const { sosId } = pressed
    expect(await b.say({ status: sosId })).toEqual({
      t: 'status',
      sosId,
      state: 'received',
      receivedAt: pressed.receivedAt,
    })
    expect(await b.say({ cancel: sosId, pin: '1' })).toEqual({ t: 'cancel', sosId, ok: false, code: 'wrong_pin' })
    expect(await b.say({ cancel: sosId, pin: PIN })).toMatchObject({ t: 'cancel', ok: true, state: 'cancelled' })
    const foreign = await b.press({ deviceId: 'bus-2' })
    expect(await b.say({ status: foreign.sosId })).toMatchObject({ t: 'error', code: 'not_found' })
    expect(await b.say({ cancel: foreign.sosId, pin: PIN })).toMatchObject({ ok: false, code: 'not_yours' })
  })

  test('says try again where the storage fails, and never that it was received', async () => {
    const b = line()
    b.storage.transactionSync = () => {
      throw new Error('disk full')
    }
    expect(await b.say({ kind: 'panic', ref: 'a' })).toEqual({ t: 'error', code: 'try_again', ref: 'a' })
  })

  test('a ping is no cry', async () => {
    const b = line()
    expect(await b.say({ t: 'ping' })).toEqual({ t: 'pong' })
    expect(b.rows('press')).toBe(0)
  })

  test('whatever is said is answered, and never by an exception', async () => {
    const b = line()
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), async (text) => {
        const answer = await b.say(text)
        return ['received', 'status', 'cancel', 'error', 'pong'].includes(answer.t)
      }),
      { numRuns: 60 },
    )
  })

  test('a push carries times as ISO 8601 and nothing else of the incident', () => {
    const view = { state: 'taken' as const, receivedAt: 0, takenAt: 1_000, desk: 'Desk 3' }
    expect(statusFrame({ sosId: 's', deviceId: 'bus-1', view })).toEqual({
      t: 'status',
      sosId: 's',
      state: 'taken',
      receivedAt: '1970-01-01T00:00:00.000Z',
      takenAt: '1970-01-01T00:00:01.000Z',
      desk: 'Desk 3',
    })
  })
})

describe('a question after somebody’s welfare', () => {
  const id = '01c75a7c-2d6c-876a-990c-e8433284b56f'

  test('goes out as a frame that can be answered by its id', () => {
    expect(questionFrame({ id, deviceId: 'bus-1', reason: 'crash', answerBy: 60_000 })).toEqual({
      t: 'welfare',
      welfare: id,
      question: 'are_you_ok',
      reason: 'crash',
      answerBy: '1970-01-01T00:01:00.000Z',
    })
  })

  test('is over with “ok” when the room has heard it, for its own device only', async () => {
    const b = line()
    const heard: string[][] = []
    const isOk = async (...said: string[]) => heard.push(said) > 0 && said[0] === id
    const say = (message: unknown) =>
      hearPhone(JSON.stringify(message), device, {
        intake: b.intake,
        isOk,
        pepper: PEPPER,
        now: () => b.clock.now(),
        statusUrl: () => '',
      })
    expect(await say({ welfare: id, answer: 'ok' })).toEqual({ t: 'welfare', welfare: id, ok: true })
    expect(await say({ welfare: 'other', answer: 'ok' })).toEqual({ t: 'error', code: 'not_found' })
    expect(heard).toEqual([
      [id, 'bus-1'],
      ['other', 'bus-1'],
    ])
    expect(b.rows('press')).toBe(0)
  })

  test.each(['help', 'no', 7, undefined])('answered by %p is a press, and the same press again', async (answer) => {
    const b = line()
    const first = await b.say({ welfare: id, answer })
    expect(first).toMatchObject({ t: 'received' })
    await b.pass(20_000)
    expect(await b.say({ welfare: id, answer })).toEqual(first)
    expect(b.rows('press')).toBe(1)
  })
})

describe('what a presser in line says of themself', () => {
  const id = '01c75a7c-2d6c-876a-990c-e8433284b56f'

  test('reaches the room by a word or a number, and is no press; anything else is one', async () => {
    const b = line()
    const heard: string[][] = []
    const say = (message: unknown) =>
      b.done(
        hearPhone(JSON.stringify(message), device, {
          intake: b.intake,
          answered: async (...said) => {
            heard.push(said)
            return said[0] === id ? 'heard' : said[0] === 'old' ? 'over' : 'unknown'
          },
          pepper: PEPPER,
          now: () => b.clock.now(),
          statusUrl: () => '',
        }),
      )
    expect(await say({ t: 'answer', id, answer: 'trapped' })).toEqual({ t: 'answer', id, ok: true })
    expect(await say({ t: 'answer', id, answer: '3' })).toEqual({ t: 'answer', id, ok: true })
    expect(await say({ t: 'answer', id: 'old', answer: 4 })).toEqual({
      t: 'answer',
      id: 'old',
      ok: false,
      code: 'over',
    })
    expect(await say({ t: 'answer', id: 'none', answer: 'ok' })).toEqual({ t: 'error', code: 'not_found' })
    expect(heard.slice(0, 2)).toEqual([
      [id, 'bus-1', 'trapped'],
      [id, 'bus-1', 'stuck'],
    ])
    expect(b.rows('press')).toBe(0)
    expect(await say({ t: 'answer', id, answer: 'help me' })).toMatchObject({ t: 'received' })
    expect(b.rows('press')).toBe(1)
  })

  test('is sent again where the room does not answer', async () => {
    const b = line()
    const answer = await hearPhone(JSON.stringify({ t: 'answer', id, answer: 'hurt', ref: 3 }), device, {
      intake: b.intake,
      answered: async () => {
        throw new Error('away')
      },
      pepper: PEPPER,
      now: () => b.clock.now(),
      statusUrl: () => '',
    })
    expect(answer).toEqual({ t: 'error', code: 'try_again', ref: 3 })
  })
})
